"""What left and what is to leave, as whoever asks may see it."""

from pathlib import Path

from casework.people import Actor
from casework.releases import Release, releases
from huancha.workspace import open_workspace


def left(workspace: Path, who: Actor) -> tuple[Release, ...]:
    """Every release in the person's regions, the newest first; raises `CaseworkError`."""
    with open_workspace(workspace).casework() as store, store.read() as tx:
        return releases(tx, who)
