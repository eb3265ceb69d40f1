"""What goes wrong between an order and its place; every message says what to do."""

from pathlib import Path

from casework.errors import CaseworkError


class BadWire(CaseworkError):
    """Bytes are no order or acknowledgement of ours."""

    def __init__(self, what: str, why: str) -> None:
        self.what = what
        self.why = why
        super().__init__(f"This is no {what} ({why}): compare it with docs/receiver.md.")


class BadKeys(CaseworkError):
    """A file of keys cannot be used."""

    def __init__(self, file: Path, why: str) -> None:
        self.file = file
        self.why = why
        super().__init__(f"The keys in {file} cannot be used ({why}): see docs/receiver.md.")


class BadEndpoint(CaseworkError):
    """The address of a place is not one orders may go to."""

    def __init__(self, url: str, why: str) -> None:
        self.url = url
        self.why = why
        super().__init__(f"No order goes to {url} ({why}): correct the place's address.")


class PlaceDown(CaseworkError):
    """A place did not answer, or asked for time; `retry_after` is in seconds where it said so."""

    def __init__(self, url: str, why: str, retry_after: float | None = None) -> None:
        self.url = url
        self.why = why
        self.retry_after = retry_after
        super().__init__(f"{url} does not take orders now ({why}): the same order is sent again.")


class PlaceRefused(CaseworkError):
    """A place took the request for wrong with HTTP `status`, and `said` why; to send it again would not help."""

    def __init__(self, url: str, status: int, said: str) -> None:
        self.url = url
        self.status = status
        self.said = said
        super().__init__(
            f"{url} refused the request ({status} {said}): put that right with the place, then send again."
        )


class NotBelieved(CaseworkError):
    """An answer came that the place cannot be shown to have given."""

    def __init__(self, url: str, why: str) -> None:
        self.url = url
        self.why = why
        super().__init__(
            f"The answer of {url} is not believed ({why}): check address and key with the place."
        )


class BadBatch(CaseworkError):
    """A batch or acknowledgement file is not as it was signed; nothing of it was taken."""

    def __init__(self, what: str, why: str) -> None:
        self.what = what
        self.why = why
        super().__init__(f"The file of {what} is not taken ({why}): ask for it again, whole.")


class NoOrder(CaseworkError):
    """There is no such order."""

    def __init__(self, order: str) -> None:
        self.order = order
        super().__init__(f"There is no order {order}: see `huancha push status`.")


class NotReopened(CaseworkError):
    """An order is not one a person may have sent again."""

    def __init__(self, order: str, state: str) -> None:
        self.order = order
        self.state = state
        super().__init__(
            f"Order {order} is {state} or followed by another: only a rejected order that is the last "
            "of its registration is sent again."
        )


class BadChannels(CaseworkError):
    """The file of channels does not say what it must."""

    def __init__(self, file: Path, why: str) -> None:
        self.file = file
        self.why = why
        super().__init__(f"The channels in {file} cannot be used ({why}): see docs/operations.md.")
