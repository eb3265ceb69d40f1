"""What every page stands in: the one place that opens the workspace, and the cards of a page."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import streamlit as st

from dashboards import opened as reads
from dashboards import state
from dashboards.formats import minute, plain
from dashboards.opened import Key, Opened, key_of
from dashboards.texts import t
from graph.errors import (
    GraphError,
    GraphReplaced,
    NotLoaded,
    OtherGraph,
    ServerAway,
    ServerBroken,
    ServerTimeout,
    WrongPassword,
    WrongServerVersion,
)
from huancha.errors import BadSetting

DAY = len("2025-01-01")
WHY: Mapping[type[Exception], str] = {
    ServerAway: "graph.away",
    ServerBroken: "graph.broken",
    ServerTimeout: "graph.late",
    WrongPassword: "graph.password",
    WrongServerVersion: "graph.version",
    NotLoaded: "graph.unloaded",
    GraphReplaced: "graph.other",
    OtherGraph: "graph.other",
    BadSetting: "graph.settings",
}
"""The words for each fault of the office's graph server."""


def open_or_explain() -> Opened | GraphError | None:
    """What is live now; None before the first load, the error if the workspace is broken."""
    workspace = reads.open_settings()
    try:
        snapshot = workspace.snapshot()
        return Opened(workspace, snapshot, workspace.scan()) if snapshot else None
    except GraphError as error:
        return error


def render_with_snapshot(
    title: str, show: Callable[[Opened], None], otherwise: Callable[[], None] | None = None
) -> None:
    """Call `show` with what is open; say what to do when there is no data yet, and then call `otherwise`."""
    found = open_or_explain()
    if isinstance(found, Opened):
        show(found)
        return
    st.title(t(title), anchor=False)
    if found is None:
        _no_snapshot()
        if otherwise:
            otherwise()
    else:
        with card("broken", t("broken")):
            st.text(t("broken.why", why=found))


def render_with_scan(title: str, show: Callable[[Opened, Key], None]) -> None:
    """Call `show` with what is open and scanned; say what to do when it is not."""

    def scanned(found: Opened) -> None:
        if found.scan is not None:
            asked = reads.as_asked(found, state.asked_scan())
            if asked.scan is not None and asked.scan.id != found.scan.id:
                started = minute(asked.scan.run.started)
                st.info(plain(t("scans.older", started=started, scan=asked.scan.id)))
            show(asked, key_of(asked))
            return
        st.title(t(title), anchor=False)
        no_scan()

    render_with_snapshot(title, scanned)


def header(title: str, lead: str) -> None:
    """The page's title and one line on what it shows."""
    st.title(plain(title), anchor=False)
    st.caption(plain(lead))


@contextmanager
def card(key: str, title: str = "") -> Iterator[None]:
    """A framed section of the page."""
    with st.container(border=True, key=f"card_{key}"):
        if title:
            st.subheader(plain(title), anchor=False)
        yield


def _no_snapshot() -> None:
    with card("empty", t("empty.snapshot")):
        st.text(t("empty.snapshot.why"))
        _command(f"huancha load {t('command.folder')}\nhuancha scan")
        st.text(t("empty.snapshot.demo"))
        _command("huancha synth exports --visits 200000\nhuancha load exports\nhuancha scan")


def no_scan() -> None:
    """Say that nothing was scanned yet and which command scans."""
    with card("noscan", t("empty.scan")):
        st.text(t("empty.scan.why"))
        _command("huancha scan")


def why_away(fault: Exception) -> str:
    """Why the office's graph server is not asked, in a few words."""
    return t(WHY.get(type(fault), "graph.refused"))


def _command(lines: str) -> None:
    st.code(lines, language=None)


def side_facts() -> None:
    """At the side of every page: what is live, and what this system is not."""
    found = open_or_explain()
    none = t("side.none")
    snapshot = scan = dates = none
    if isinstance(found, Opened):
        manifest = found.snapshot.manifest
        snapshot = found.snapshot.id
        dates = " – ".join(str(manifest.get(end) or "")[:DAY] for end in ("date_from", "date_to"))
        scan = minute(found.scan.run.started) if found.scan else none
    facts = {"snapshot": snapshot, "dates": dates, "scan": scan}
    if isinstance(found, Opened) and reads.names_server():
        fault = reads.server_fault(key_of(found))
        facts["graph"] = why_away(fault) if fault else t("graph.answers")
    for label, value in facts.items():
        st.caption(f"{t(f'side.{label}')}  \n{plain(value)}")
    st.caption(t("side.note"))
