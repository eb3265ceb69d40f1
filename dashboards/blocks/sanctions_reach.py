"""What a suspension of one practitioner would reach: every place, with source and date; penalties known."""

from collections.abc import Sequence

import streamlit as st

from dashboards import opened as reads
from dashboards import state
from dashboards.formats import DASH, count, day, days, plain, pseudonym, yuan
from dashboards.frame import card
from dashboards.navigation import open_entity
from dashboards.opened import Key
from dashboards.reading.entity import Registration
from dashboards.reading.reach import RECENT, Activity, Linked, Penalty
from dashboards.table import Cell, Column, Row, Table, Tag, show_table
from dashboards.texts import region, t, term

HEIGHT = 420


def sanctions_reach(key: Key, found: Linked, ended: str) -> None:
    """Head, places, penalties."""
    entity = reads.entity(key, found.id)
    filed = entity.registrations if entity else ()
    worked = {one.place: one for one in reads.activity(key, found.id)}
    others = [one for place, one in worked.items() if place not in {r.place for r in filed}]
    kind = term("role", found.profession or "practitioner")
    with card("sanctions_one", t("sanctions.one", kind=kind, name=pseudonym(found.id))):
        codes = {row.admdvs[:2] for row in filed} | {one.admdvs[:2] for one in others}
        areas = t("separator").join(region(code) for code in sorted(codes) if code)
        patients = sum(one.recent for one in worked.values())
        facts = {"filed": count(found.places), "other": count(len(others)), "areas": areas}
        st.text(t("sanctions.reach", **facts, days=RECENT, patients=count(patients)))
        if st.button(t("sanctions.profile"), key="sanctions_profile", icon=":material/badge:"):
            open_entity(found.id)
        rows = [_registered(row, worked.get(row.place)) for row in filed]
        rows += [_unfiled(one) for one in others]
        _places(rows)
        st.caption(plain(t("sanctions.source", snapshot=key.snapshot, ended=ended)))
        st.markdown(f"**{t('sanctions.known')}**")
        _penalties(reads.penalties(key, found.id))


def _places(rows: Sequence[Row]) -> None:
    columns = [
        Column(t("profile.place"), kind="name"),
        Column(t("profile.state"), kind="nowrap"),
        Column(t("sanctions.filed"), kind="nowrap"),
        Column(t("sanctions.last"), kind="nowrap"),
        Column(t("profile.visits"), "right"),
        Column(t("sanctions.recent"), "right"),
        Column(t("profile.fund"), "right", unit=t("unit.yuan")),
        Column(t("desk.column.source"), kind="cite"),
    ]
    table = Table(t("sanctions.places"), columns, rows, height=HEIGHT)
    open_entity(show_table(table, "sanctions_places"))


def _registered(row: Registration, worked: Activity | None) -> Row:
    state_word = term("reg_state", row.state) if row.state else t("profile.state.unknown")
    tags = [Tag(state_word)] + ([Tag(t("profile.main"), "blue")] if row.main else [])
    source = t("profile.source.none")
    if row.source:
        source = t("desk.source", file=row.source, line=row.line)
    sub = " · ".join(part for part in (row.code, region(row.admdvs), row.dept) if part)
    cells: list[Cell | str] = [
        Cell(row.name, sub=sub),
        Cell(tags=tags),
        Cell(day(row.begin), sub=day(row.end)),
    ]
    return _row(row.place, [*cells, *_work(worked), source])


def _unfiled(worked: Activity) -> Row:
    sub = " · ".join(part for part in (worked.code, region(worked.admdvs)) if part)
    tag = Tag(t("sanctions.unfiled"), "orange")
    cells: list[Cell | str] = [Cell(worked.name, sub=sub), Cell(tags=[tag]), DASH]
    return _row(worked.place, [*cells, *_work(worked), t("table.setl_d")])


def _work(worked: Activity | None) -> list[Cell | str]:
    if worked is None:
        return [DASH, "0", "0", yuan(0)]
    return [day(worked.last), count(worked.visits), count(worked.recent), yuan(worked.fund)]


def _row(place: str, cells: list[Cell | str]) -> Row:
    return Row(cells, id=place, href=f"profile?entity={place}&lang={state.language()}")


def _penalties(found: Sequence[Penalty]) -> None:
    if not found:
        st.text(t("sanctions.known.none"))
        return
    columns = [
        Column(t("sanctions.document"), kind="name"),
        Column(t("sanctions.day"), kind="nowrap"),
        Column(t("profile.place"), kind="name"),
        Column(t("sanctions.measure"), kind="name"),
        Column(t("sanctions.term"), kind="nowrap"),
        Column(t("sanctions.duty"), kind="nowrap"),
        Column(t("sanctions.points"), "right"),
    ]
    rows = [
        Row(
            [
                Cell(one.document, sub=one.kind),
                day(one.day),
                one.place or DASH,
                one.measure or DASH,
                days(one.begin, one.end, state.language()),
                one.duty or DASH,
                DASH if one.points is None else f"{one.points:g}",
            ]
        )
        for one in found
    ]
    show_table(Table(t("sanctions.known"), columns, rows), "sanctions_penalties")
