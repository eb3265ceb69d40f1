"""What assistance between bureaux refuses; every message says what to do."""

from datetime import date

from casework.errors import CaseworkError


class BadDirectory(CaseworkError):
    """The directory of bodies does not say what it must."""

    def __init__(self, file: str, why: str) -> None:
        self.file = file
        self.why = why
        super().__init__(f"The directory {file} is wrong ({why}): correct it.")


class NoBody(CaseworkError):
    """The directory has no such body on a day."""

    def __init__(self, code: str, day: date) -> None:
        self.code = code
        self.day = day
        super().__init__(
            f"The directory has no body {code} on {day}: list the bodies, or add it to bodies.csv of "
            "the workspace's directory folder."
        )


class NoSuperior(CaseworkError):
    """Bodies have nobody above them in common."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        self.codes = codes
        super().__init__(
            f"{', '.join(codes)} have no common superior in the directory: correct its superiors."
        )


class NoRequest(CaseworkError):
    """There is no such request, or it is not where this could be done."""

    def __init__(self, request: str) -> None:
        self.request = request
        super().__init__(f"Request {request} is not open to this: list the requests first.")


class NotWhole(CaseworkError):
    """A request leaves out what a letter asking for assistance must say."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__(
            f"The request is not whole ({', '.join(missing)}): it names case number, legal ground, "
            "subject, what to check, a period that is over, a day to reply by, and contacts."
        )


class NoBill(CaseworkError):
    """There is no such bill in a batch, or it is not where this could be done."""

    def __init__(self, bill: str) -> None:
        self.bill = bill
        super().__init__(f"Bill {bill} is not open to this: list the batches first.")


class NotForTheBatch(CaseworkError):
    """A bill does not belong into a monthly batch."""

    def __init__(self, stay: str, why: str) -> None:
        self.stay = stay
        self.why = why
        super().__init__(f"The stay {stay} does not go into the batch ({why}): leave it out.")


class NotABatchDay(CaseworkError):
    """A batch is taken on the day of the month that the law gives, not before."""

    def __init__(self, batch: date, day: int) -> None:
        self.batch = batch
        self.day = day
        super().__init__(
            f"{batch} is no day of a batch, or not reached yet: batches are of the {day}th of a month."
        )


class StrangeLetter(CaseworkError):
    """What came from another bureau cannot be taken in; nothing of it was."""

    def __init__(self, sender: str, why: str) -> None:
        self.sender = sender
        self.why = why
        super().__init__(
            f"What came from {sender} was not taken in ({why}): ask its liaison to send it again."
        )
