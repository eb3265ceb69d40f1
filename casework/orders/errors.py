"""What goes wrong between an order and its place; every message says what to do."""

from casework.errors import CaseworkError


class BadWire(CaseworkError):
    """Bytes are no order or acknowledgement of ours."""

    def __init__(self, what: str, why: str) -> None:
        self.what = what
        self.why = why
        super().__init__(f"This is no {what} ({why}): compare it with docs/receiver.md.")
