"""What left and what is to leave, as whoever asks may see it."""

from pathlib import Path

from casework.cases import Attachment, attachments
from casework.errors import NoProposal
from casework.people import Actor, inside
from casework.register import Entry, register
from casework.releases import NoRelease, Release, release
from dashboards.reading.numbers import number_of
from huancha.workspace import open_workspace


def left(workspace: Path, who: Actor) -> tuple[Entry, ...]:
    """The register in the person's regions, the newest first; raises `CaseworkError`."""
    with open_workspace(workspace).casework() as store, store.read() as tx:
        return register(tx, who)


def export(workspace: Path, who: Actor, named: str) -> Release | None:
    """One export; None where there is none the person may see. Raises `CaseworkError`."""
    no = number_of(named)
    if no is None:
        return None
    with open_workspace(workspace).casework() as store, store.read() as tx:
        try:
            found = release(tx, no)
        except (NoProposal, NoRelease):
            return None
    return found if inside(who.regions, found.draft.area) else None


def attached_to(workspace: Path, case_id: str) -> tuple[Attachment, ...]:
    """What lies in a case and might go along; raises `CaseworkError`."""
    with open_workspace(workspace).casework() as store, store.read() as tx:
        return attachments(tx, case_id)
