"""What releases refuse; every message says what to do."""

from casework.errors import CaseworkError


class SaysTooLittle(CaseworkError):
    """A proposal to let something leave lacks what it must say, or says what is not known."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        self.why = why
        super().__init__(f"The export cannot be proposed ({field}: {why}): say it.")


class NoRelease(CaseworkError):
    """There is no such release, or it does not stand where this could follow."""

    def __init__(self, no: int, why: str) -> None:
        self.no = no
        self.why = why
        super().__init__(f"Release {no} is not open to this ({why}): see `huancha export list`.")


class SourceGone(CaseworkError):
    """What a release is built from is no longer here."""

    def __init__(self, no: int, what: str) -> None:
        self.no = no
        self.what = what
        super().__init__(
            f"Release {no} cannot be built, {what} is not here any more: put it back from the backup, "
            "or propose the export anew."
        )


class OtherBytes(CaseworkError):
    """A release was built again and came out different; nothing was written."""

    def __init__(self, no: int, sha256: str, why: str) -> None:
        self.no = no
        self.sha256 = sha256
        self.why = why
        super().__init__(
            f"Release {no} was built before as {sha256[:16]}… and would be another now ({why}): "
            "hand out the bundle that was built, or propose the export anew."
        )
