"""Two scans beside each other: sums by change, filters, ring by ring with links to both, CSV."""

from collections.abc import Sequence

import streamlit as st

from dashboards import opened as reads
from dashboards import state
from dashboards.access.permissions import Action
from dashboards.access.recorded import exported
from dashboards.formats import count, minute, percent, plain, pseudonym, wan
from dashboards.navigation import open_ring
from dashboards.opened import Key, open_settings
from dashboards.person import actor, can
from dashboards.reading.compared import STATES, Pair, Sum, compared_csv, filtered, sums
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import t, term
from graph.results import RingRow, Run

MOST = 100
TONES = {"new": "red", "grown": "orange", "split": "violet", "merged": "violet", "dissolved": ""}
APART = "|"


def scan_compare(key: Key, runs: Sequence[Run]) -> None:
    """Choose two of `runs` (newest first) and see what became of each ring."""
    if len(runs) < 2:
        st.text(t("scans.compare.one"))
        return
    one, other = _chosen(runs)
    if one.scan == other.scan:
        st.text(t("scans.compare.same"))
        return
    earlier, later = sorted((one, other), key=lambda run: (run.started, run.scan))
    found = reads.compared_scans(key, earlier.scan, later.scan)
    st.caption(t("scans.compare.carried" if found.carried else "scans.compare.computed"))
    _sums(sums(found.pairs))
    wanted = _wanted(found.pairs)
    _pairs(wanted, len(found.pairs), earlier.scan, later.scan)


def _chosen(runs: Sequence[Run]) -> tuple[Run, Run]:
    by_id = {run.scan: run for run in runs}
    latest = runs[0]
    parent = latest.parent if latest.parent in by_id else runs[1].scan
    left, right = st.columns(2)
    chosen = []
    for column, name, usual in ((left, "older", parent), (right, "newer", latest.scan)):
        with column:
            scan = st.selectbox(
                t(f"scans.compare.{name}"),
                list(by_id),
                index=list(by_id).index(str(usual)),
                format_func=lambda scan: _option(by_id[scan]),
                key=f"compare_{name}",
            )
            chosen.append(by_id[scan])
    return chosen[0], chosen[1]


def _option(run: Run) -> str:
    rings = count(run.counts.get("rings", 0))
    return t("scans.compare.option", started=minute(run.started), rings=rings, seed=run.seed)


def _sums(found: Sequence[Sum]) -> None:
    wan_unit = t("unit.wan")
    columns = [
        Column(t("scans.compare.state")),
        Column(t("scans.compare.count"), "right"),
        Column(t("scans.compare.fund.before"), "right", unit=wan_unit),
        Column(t("scans.compare.fund.after"), "right", unit=wan_unit),
        Column(t("scans.compare.change"), "right", unit=wan_unit),
        Column(t("scans.compare.recoverable.before"), "right", unit=wan_unit),
        Column(t("scans.compare.recoverable.after"), "right", unit=wan_unit),
    ]
    rows = [
        Row(
            [
                Cell(tags=[_tag(one.state)]),
                count(one.pairs),
                wan(one.fund_before),
                wan(one.fund_after),
                wan(one.fund_after - one.fund_before),
                wan(one.recoverable_before),
                wan(one.recoverable_after),
            ]
        )
        for one in found
    ]
    show_table(Table(t("scans.compare.states"), columns, rows), "compare_sums")


def _wanted(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    left, right = st.columns([2, 1])
    here = {pair.state for pair in pairs}
    with left:
        states = st.multiselect(
            t("scans.compare.filter"),
            [one for one in STATES if one in here],
            format_func=lambda one: term("change", one),
            placeholder=t("scans.compare.any"),
            key="compare_states",
        )
    with right:
        grades = st.multiselect(
            t("scans.compare.grade"),
            sorted({pair.grade for pair in pairs}),
            format_func=lambda one: term("grade", one),
            placeholder=t("scans.compare.any"),
            key="compare_grades",
        )
    return filtered(pairs, states, grades)


def _pairs(pairs: Sequence[Pair], total: int, earlier: str, later: str) -> None:
    shown = pairs[:MOST]
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        line = t("scans.compare.shown", n=count(len(shown)), total=count(total))
        st.markdown(plain(line), width="content")
        if can(Action.EXPORT):
            st.download_button(
                t("scans.export"),
                data=exported(
                    open_settings().path,
                    actor(),
                    f"{earlier} {later}",
                    "compared.csv",
                    lambda: compared_csv(pairs),
                ),
                file_name=f"huancha-{earlier}-{later}.csv",
                mime="text/csv",
                help=t("scans.export.help"),
                icon=":material/download:",
                on_click="ignore",
                key="compare_csv",
            )
    if not shown:
        st.text(t("scans.compare.none"))
        return
    columns = [
        Column(t("scans.compare.state")),
        Column(t("scans.compare.before"), kind="nowrap"),
        Column(t("scans.compare.after"), kind="nowrap"),
        Column(t("scans.compare.overlap"), "right"),
        Column(t("scans.compare.people"), "right"),
        Column(t("scans.compare.fund.before"), "right", unit=t("unit.wan")),
        Column(t("scans.compare.fund.after"), "right", unit=t("unit.wan")),
        Column(t("scans.compare.change"), "right", unit=t("unit.wan")),
    ]
    rows = [_row(pair, earlier, later) for pair in shown]
    table = Table(t("scans.compare.rings"), columns, rows, height=620)
    opened = show_table(table, f"compare_rings_{earlier}_{later}")
    if opened:
        scan, _, ring = opened.partition(APART)
        open_ring(ring, scan)


def _row(pair: Pair, earlier: str, later: str) -> Row:
    before, after = pair.before, pair.after
    people = " → ".join(
        count(ring.patients) if ring else "–" for ring in (before[0] if before else None, after)
    )
    return Row(
        [
            Cell(tags=[_tag(pair.state)], sub=term("grade", pair.grade)),
            _ring(before[0], earlier, len(before) - 1) if before else "–",
            _ring(after, later) if after else "–",
            percent(pair.overlap, 1) if before and after else "–",
            people,
            wan(pair.fund_before) if before else "–",
            wan(pair.fund_after) if after else "–",
            wan(pair.fund_after - pair.fund_before),
        ]
    )


def _ring(ring: RingRow, scan: str, more: int = 0) -> Cell:
    rest = t("scans.compare.more", n=more) if more > 0 else ""
    href = f"ring?ring={ring.ring}&scan={scan}&lang={state.language()}"
    opens = f"{scan}{APART}{ring.ring}"
    return Cell(pseudonym(ring.ring), sub=rest, hint=ring.ring, href=href, opens=opens)


def _tag(what: str) -> Tag:
    return Tag(term("change", what), TONES.get(what, ""))
