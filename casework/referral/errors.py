"""What referrals refuse; every message says what to do."""

from collections.abc import Sequence

from casework.errors import CaseworkError


class NoReferral(CaseworkError):
    """There is no such referral, or it is not at the step asked for."""

    def __init__(self, no: int) -> None:
        self.no = no
        super().__init__(f"Referral {no} is not open to this: see `huancha referral show {no}`.")


class Unfinished(CaseworkError):
    """A referral lacks something it needs; `missing` names each."""

    def __init__(self, no: int, missing: Sequence[str]) -> None:
        self.no = no
        self.missing = tuple(missing)
        super().__init__(f"Referral {no} is not whole: {'; '.join(missing)}. Add what is missing.")


class OneOfThem(CaseworkError):
    """The head who is to decide looked into the case or wrote the referral."""

    def __init__(self, name: str, no: int) -> None:
        self.name = name
        self.no = no
        super().__init__(
            f"{name} is one of the officers of referral {no} or wrote it and may not decide on it: "
            "ask the head who did not."
        )
