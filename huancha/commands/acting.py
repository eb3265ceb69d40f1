"""Who acts from the command line, when, and in which store: the login name, with the roles the office gives it."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from casework.beijing import beijing_now as now
from casework.errors import UnknownActor
from casework.people import Actor
from huancha.people import read_people
from huancha.settings import read_settings
from huancha.workspace import open_workspace

__all__ = ["acting", "now", "writing"]

if TYPE_CHECKING:
    from casework.store import Tx


def acting() -> Actor:
    """Whoever runs the command; raises `UnknownActor` for somebody without a role, `BadSetting`."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = ""
    found = read_people(read_settings().people).actor(name, ())
    if found is None:
        raise UnknownActor(name)
    return found


@contextmanager
def writing(workspace: Path) -> Iterator["Tx"]:
    """One transaction in the store of decisions of `workspace`."""
    with open_workspace(workspace).casework() as store, store.write() as tx:
        yield tx
