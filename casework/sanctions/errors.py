"""What the proposal and approval of a reach refuse; every message says what to do."""

from collections.abc import Sequence

from casework.errors import CaseworkError


class NoCode(CaseworkError):
    """An order could not be addressed: the platform's code of a practitioner or a place is not known."""

    def __init__(self, id_: str) -> None:
        self.id = id_
        super().__init__(
            f"{id_} has no code of the platform, no order could name it: load the tables that hold it."
        )


class ReachChanged(CaseworkError):
    """The live data reach other registrations than those proposed; `gone` and `added` say which."""

    def __init__(self, no: int, gone: Sequence[str], added: Sequence[str]) -> None:
        self.no = no
        self.gone = tuple(gone)
        self.added = tuple(added)
        parts = (("no longer there", gone), ("not in the proposal", added))
        differs = "; ".join(f"{said}: {', '.join(lines)}" for said, lines in parts if lines)
        super().__init__(
            f"Sanction {no} reaches other registrations now than were proposed ({differs}): "
            "refuse it, look at a new preview and propose it again."
        )
