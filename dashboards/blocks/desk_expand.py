"""Expanding a node with a choice of links, days and number; finding ways between two nodes."""

from datetime import date

import streamlit as st

from dashboards.blocks.called import name_of
from dashboards.blocks.desk_steps import expand, find_ways
from dashboards.canvas.contract import FLOOD
from dashboards.canvas.events import MOST_EXPANDED
from dashboards.desk_reads import OnDesk
from dashboards.formats import DAY_FORMAT, count, plain
from dashboards.reading.walks import BIG_HOSPITAL, Wanted
from dashboards.texts import t, term
from graph.model import EdgeKind


def expand_form(on_desk: OnDesk, node: str) -> None:
    """How many links of each kind there are; one press brings them in, many ask first."""
    degrees = on_desk.degrees.get(node, {})
    total = sum(degrees.values())
    if not total:
        st.caption(t("desk.links.none"))
        return
    words = t("separator").join(f"{term('edge', kind)} {count(n)}" for kind, n in degrees.items())
    st.caption(t("desk.links", n=count(total), kinds=words))
    if total <= FLOOD:
        st.button(
            t("desk.expand.all", n=count(total)),
            key="desk_expand_all",
            width="stretch",
            on_click=expand,
            args=(on_desk.key, node, Wanted(limit=FLOOD)),
        )
    else:
        st.caption(t("desk.flood", n=count(total)))
    choose = st.expander(
        t("desk.expand.choose"),
        expanded=total > FLOOD,
        on_change="rerun",
        key=f"desk_expand_choose_{node}",
    )
    if choose.open:
        with choose:
            _choices(on_desk, node, list(degrees))


def _choices(on_desk: OnDesk, node: str, kinds: list[EdgeKind]) -> None:
    with st.form("desk_expand", border=False):
        chosen = st.multiselect(
            t("desk.expand.kinds"),
            kinds,
            format_func=lambda kind: term("edge", kind),
            placeholder=t("desk.expand.every"),
            key="desk_expand_kinds",
        )
        limit = st.number_input(
            t("desk.expand.limit"), 1, MOST_EXPANDED, FLOOD, key="desk_expand_limit"
        )
        first = st.date_input(t("desk.from"), None, key="desk_expand_first", format=DAY_FORMAT)
        last = st.date_input(t("desk.to"), None, key="desk_expand_last", format=DAY_FORMAT)
        by_fund = st.checkbox(t("desk.by_fund"), key="desk_expand_fund")
        if st.form_submit_button(t("desk.expand"), width="stretch"):
            wanted = Wanted(
                tuple(EdgeKind(kind) for kind in chosen),
                int(limit),
                _day(first),
                _day(last),
                by_fund,
            )
            expand(on_desk.key, node, wanted)
            st.rerun()


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def path_form(on_desk: OnDesk, a: str, b: str) -> None:
    """The ways between two chosen nodes, with or without big hospitals."""
    names = [name_of(id_, on_desk.graph.nodes[id_]) for id_ in (a, b)]
    st.caption(plain(t("desk.ways.between", a=names[0], b=names[1])))
    avoid = st.checkbox(
        t("desk.ways.avoid"),
        value=True,
        help=t("desk.ways.avoid.help", n=count(BIG_HOSPITAL)),
        key="desk_ways_avoid",
    )
    if st.button(t("desk.ways"), key="desk_ways", width="stretch"):
        find_ways(on_desk.key, a, b, avoid_hubs=avoid)
        st.rerun()
