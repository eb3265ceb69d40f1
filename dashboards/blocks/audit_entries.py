"""The audit on screen: whether its chain holds, filters, pages, and the filtered entries as CSV."""

import math
from dataclasses import dataclass
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from casework import audit
from casework.audit import Broken, Entry, Page
from casework.store import Store
from dashboards.access.permissions import Action
from dashboards.access.recorded import exported
from dashboards.blocks.audit_facts import facts_said
from dashboards.catalogue import audit as words
from dashboards.formats import count, plain
from dashboards.opened import open_settings
from dashboards.person import actor, can
from dashboards.reading.audited import as_csv
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import t, term

SIZE = 50
MOST_AT_ONCE = 5_000
"""A chain up to this long is verified whenever the page opens; a longer one when asked."""
DAY = len("2026-03-05")
PAGER = "audit_pager"
WORDS = "audit_action."
ACTIONS = tuple(key.removeprefix(WORDS) for key in words.TEXTS if key.startswith(WORDS))


@dataclass(frozen=True)
class Wanted:
    """What an entry must meet; None for anything."""

    actor: str | None
    action: str | None
    subject: str | None
    first: date | None
    last: date | None

    def page(self, store: Store, offset: int, limit: int) -> Page:
        """The entries that meet it, newest first."""
        return audit.entries(
            store,
            actor=self.actor,
            action=self.action,
            subject=self.subject,
            first=self.first,
            last=self.last,
            offset=offset,
            limit=limit,
        )


def chain(store: Store) -> None:
    """Whether every entry is as it was written."""
    with store.read() as tx:
        n = audit.head(tx).entries
    if n > MOST_AT_ONCE and not st.button(t("audit.verify"), key="audit_verify"):
        st.text(t("audit.unverified", n=count(n)))
        return
    broken = audit.verify(store)
    if isinstance(broken, Broken):
        st.error(plain(t("audit.torn", no=broken.no, why=broken.why)))
    else:
        st.text(t("audit.whole", n=count(n)))


def entries(store: Store) -> None:
    """Filters, n of N, a page of entries, the export."""
    wanted = _filters()
    page = int(st.session_state.get(PAGER) or 1)
    found = wanted.page(store, (page - 1) * SIZE, SIZE)
    if not found.entries and page > 1:
        page, found = 1, wanted.page(store, 0, SIZE)
    first = (page - 1) * SIZE + 1
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        shown = t(
            "audit.shown", first=first, last=first + len(found.entries) - 1, n=count(found.total)
        )
        st.markdown(plain(shown if found.entries else t("audit.none")), width="content")
        _export(wanted, found.total)
    if found.entries:
        show_table(_table(found.entries), f"audit_{page}")
    pages = math.ceil(found.total / SIZE)
    if pages > 1:
        st.pagination(pages, default=page, key=PAGER)


def _filters() -> Wanted:
    who, action, subject, first, last = st.columns([1.4, 1.2, 2, 1, 1], vertical_alignment="bottom")
    said = {code: term("audit_action", code) for code in ACTIONS}
    return Wanted(
        actor=who.text_input(t("audit.who"), key="audit_who").strip() or None,
        action=action.selectbox(
            t("audit.action"),
            ACTIONS,
            index=None,
            placeholder=t("audit.any"),
            format_func=lambda code: said.get(code, code),
            key="audit_action",
        ),
        subject=subject.text_input(
            t("audit.subject"), placeholder=t("audit.subject.hint"), key="audit_subject"
        ).strip()
        or None,
        first=_day(first, "first"),
        last=_day(last, "last"),
    )


def _day(column: DeltaGenerator, name: str) -> date | None:
    text = column.text_input(
        t(f"audit.{name}"), placeholder="2026-03-05", key=f"audit_{name}", max_chars=DAY
    ).strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        column.caption(t("audit.no_day"))
        return None


def _export(wanted: Wanted, total: int) -> None:
    if not can(Action.EXPORT_AUDIT):
        return
    workspace = open_settings()

    def write() -> bytes:
        with workspace.casework() as store:
            return as_csv(wanted.page(store, 0, total + 1).entries)

    st.download_button(
        t("audit.export"),
        data=exported(workspace.path, actor(), "audit", "audit.csv", write, Action.EXPORT_AUDIT),
        file_name="huancha-audit.csv",
        mime="text/csv",
        help=t("audit.export.help"),
        icon=":material/download:",
        on_click="ignore",
    )


def _table(found: tuple[Entry, ...]) -> Table:
    columns = [
        Column(t("audit.no"), "right"),
        Column(t("audit.at"), kind="nowrap"),
        Column(t("audit.who"), kind="nowrap"),
        Column(t("audit.action"), kind="nowrap"),
        Column(t("audit.subject"), kind="mono"),
        Column(t("audit.why"), kind="wide"),
    ]
    rows = [
        Row(
            [
                str(entry.no),
                f"{entry.at:%Y-%m-%d %H:%M:%S}",
                Cell(
                    entry.actor,
                    sub=t("separator").join(t(f"role_of.{role}") for role in entry.roles),
                ),
                term("audit_action", entry.action),
                entry.subject,
                Cell(
                    term("nav", entry.why),
                    sub=facts_said({"law": entry.law, **entry.facts}),
                ),
            ]
        )
        for entry in found
    ]
    return Table(t("audit.tab.entries"), columns, rows, link=-1)
