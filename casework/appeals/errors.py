"""What appeals refuse; every message says what to do."""

from casework.errors import CaseworkError


class NoAppeal(CaseworkError):
    """There is no such appeal, or it is not where this could be done."""

    def __init__(self, appeal: str) -> None:
        self.appeal = appeal
        super().__init__(f"Appeal {appeal} is not open to this: list the appeals and their states.")


class NotAppealable(CaseworkError):
    """Points or a sanction that nobody can appeal against, or not on that day."""

    def __init__(self, line: int | None, sanction: int | None) -> None:
        self.line = line
        self.sanction = sanction
        what = f"line {line} of the points ledger" if line is not None else f"sanction {sanction}"
        super().__init__(
            f"Nobody can appeal against {what} like this: it must be approved and give points or be "
            "a sanction, not appealed against before, and the day not be later than today."
        )


class DecidedBefore(CaseworkError):
    """Somebody who decided what an appeal is against wants to take part in deciding the appeal."""

    def __init__(self, name: str, appeal: int) -> None:
        self.name = name
        self.appeal = appeal
        super().__init__(
            f"{name} took part in what appeal {appeal} is against and may not decide on it: "
            "ask somebody who did not."
        )


class WrongEffects(CaseworkError):
    """A decision would do what its outcome does not allow."""

    def __init__(self, appeal: int, outcome: str) -> None:
        self.appeal = appeal
        self.outcome = outcome
        super().__init__(
            f"The decision on appeal {appeal} cannot be {outcome} and do that: upheld undoes what the "
            "appeal is against, partly leaves fewer points or a shorter sanction, rejected does "
            "nothing; all of it about the one who appeals."
        )
