"""What notices refuse; every message says what to do."""

from casework.errors import CaseworkError


def _named(line: int | None, sanction: int | None) -> str:
    return f"line {line} of the points ledger" if line is not None else f"sanction {sanction}"


class NoNotice(CaseworkError):
    """A notice tells of nothing that stands as it says."""

    def __init__(self, kind: str, line: int | None, sanction: int | None) -> None:
        self.kind = kind
        self.line = line
        self.sanction = sanction
        super().__init__(
            f"There can be no notice of {kind} about {_named(line, sanction)} now: a notice in advance "
            "comes before the approval, every other after it."
        )


class NotServed(CaseworkError):
    """The notice of a decision was not served yet, so nobody could object to it."""

    def __init__(self, line: int | None, sanction: int | None) -> None:
        self.line = line
        self.sanction = sanction
        super().__init__(
            f"No notice of {_named(line, sanction)} was served by then: record when it was served first."
        )
