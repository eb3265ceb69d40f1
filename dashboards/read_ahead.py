"""What the pages read of the whole snapshot and the latest scan, read before anybody opens them, and again when either changes."""

import threading
import time
from contextlib import suppress

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


def keep_read() -> None:
    """Read ahead now, and then until the server's end in a thread of its own whenever something else is live.

    A page that wants what the thread is reading waits for it, so the thread is no less urgent than the page.
    """
    known = _read_unless(None)
    threading.Thread(target=_keep_read, args=(known,), name="read ahead", daemon=True).start()


def _keep_read(known: Key | None) -> None:
    while True:
        time.sleep(LOOK)
        known = _read_unless(known)


def _read_unless(known: Key | None) -> Key | None:
    """Read what is live unless that is `known`; what is live."""
    with suppress(GraphError, Failed, OSError):  # the page that asks says why
        live = key_of_all(reads.open_settings())
        if live is not None and live != known:
            read(live)
        return live
    return known


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
