"""What the pages read of the whole snapshot and the latest scan, read before anybody opens them, and again when either changes."""

import threading
import time
from contextlib import suppress

from streamlit import runtime
from streamlit.runtime.runtime import RuntimeState

from dashboards import opened as reads
from dashboards.blocks.overview import TOP
from dashboards.blocks.space_clash import MOST
from dashboards.opened import Key
from dashboards.reading.happenings import CLASHES
from dashboards.reading.ranked import Filter
from graph.duck import Failed
from graph.errors import GraphError
from huancha.workspace import Workspace

LOOK = 20.0
"""Seconds between two looks at what is live."""
SOON = 0.1
"""Seconds between two looks at whether the server is there, whose start nothing shall delay."""


def keep_read() -> None:
    """Read ahead from the server's start to its end, in a thread of its own, one thing after the other.

    A page that wants what is being read waits for it, so the thread is no less urgent than the page.
    """
    threading.Thread(target=_keep_read, name="read ahead", daemon=True).start()


def _keep_read() -> None:
    while not _answers():
        time.sleep(SOON)
    known = None
    while True:
        with suppress(GraphError, Failed, OSError):  # the page that asks says why
            live = key_of_all(reads.open_settings())
            if live is not None and live != known:
                read(live)
            known = live
        time.sleep(LOOK)


def _answers() -> bool:
    return runtime.exists() and runtime.get_instance().state is not RuntimeState.INITIAL


def key_of_all(workspace: Workspace) -> Key | None:
    """The key of what is live for whoever may see all of it; None before the first load."""
    snapshot = workspace.snapshot()
    return None if snapshot is None else reads.whole_key(workspace.path, snapshot, workspace.scan())


def read(key: Key) -> None:
    """What the overview shows first, then what takes longest."""
    reads.figures(key)
    if key.scan:
        reads.totals(key)
        reads.rings(key, Filter(), 0, TOP)
        reads.rings(key, Filter(), 0, None)
        reads.choices(key)
    reads.months(key)
    reads.flows(key)
    reads.lay_graph(key)
    if key.scan:
        reads.bills(key)
        reads.crossings(key)
        reads.clashes(key, CLASHES, MOST)
        reads.gatherings(key)
        reads.linked(key)
