"""中止协同: what waits, one sanction or line of points, one practitioner or place, and what is seen afterwards."""

import streamlit as st

from casework.errors import CaseworkError
from casework.watch import Watched
from dashboards import opened as reads
from dashboards.blocks.called import PLACES
from dashboards.blocks.entity_search import search_entities
from dashboards.blocks.sanction_line import sanction_line
from dashboards.blocks.sanction_one import sanction_one
from dashboards.blocks.sanction_person import sanction_person
from dashboards.blocks.sanction_place import sanction_place
from dashboards.blocks.sanctions_list import sanctions_list
from dashboards.blocks.sanctions_reach import sanctions_reach
from dashboards.blocks.sanctions_waiting import sanctions_waiting, sanctions_watch
from dashboards.clock import now
from dashboards.formats import plain, pseudonym, stamp
from dashboards.frame import card, header, render_with_scan
from dashboards.navigation import open_sanctions
from dashboards.opened import Key, Opened
from dashboards.person import actor, looked_at
from dashboards.reading import sanctioning
from dashboards.reading.entity import latest
from dashboards.reading.numbers import number_of
from dashboards.refusals import refusal
from dashboards.texts import t
from graph.errors import NoTable
from graph.model import NodeKind


def show(opened: Opened, key: Key) -> None:
    """What the address names; the lists."""
    header(t("nav.sanctions"), t("sanctions.lead"))
    found = reads.linked(key)
    try:
        _one(opened)
        _line(opened)
        _person(opened, key)
        _place(opened, key)
        sanctions_waiting(opened.snapshot, sanctioning.desk(opened.workspace, actor()))
        sanctions_watch(opened.snapshot, _watched(opened))
        _find_place(key)
    except CaseworkError as error:
        st.error(plain(t("cases.away", why=refusal(error))))
    if found:
        sanctions_list(found)
        return
    with card("sanctions_none"):
        st.text(t("sanctions.none"))


def _one(opened: Opened) -> None:
    named = st.query_params.get("sanction", "")
    if not named:
        return
    no = number_of(named)
    found = sanctioning.decision(opened.workspace, actor(), no) if no is not None else None
    if found is None:
        st.warning(plain(t("sanctioning.unknown", no=named)))
        return
    looked_at(opened.workspace.path, "sanctions", found.sanction.target)
    sanction_one(opened, found)


def _line(opened: Opened) -> None:
    named = st.query_params.get("line", "")
    if not named:
        return
    no = number_of(named)
    found = sanctioning.line(opened.workspace, actor(), no) if no is not None else None
    if found is None:
        st.warning(plain(t("pointing.unknown", no=named)))
        return
    looked_at(opened.workspace.path, "sanctions", found.practitioner)
    sanction_line(opened, found)


def _place(opened: Opened, key: Key) -> None:
    named = st.query_params.get("place", "")
    entity = reads.entity(key, named) if NodeKind.of(named) in PLACES else None
    found = sanctioning.place(opened.snapshot, named) if entity else None
    if entity is not None and found is not None:
        looked_at(opened.workspace.path, "sanctions", named)
        today = now().date()
        decided, credit = sanctioning.against_place(opened.workspace, named, today)
        sanction_place(opened, found, latest(entity.registrations), decided, credit)
    elif named:
        st.warning(plain(t("measure.unknown", id=pseudonym(named))))


def _find_place(key: Key) -> None:
    with card("sanction_find", t("measure.find")):
        chosen = search_entities(key, "sanctions", "place", PLACES, t("measure.find.hint"))
        if chosen:
            open_sanctions(place=chosen)


def _person(opened: Opened, key: Key) -> None:
    named = st.query_params.get("who", "")
    entity = reads.entity(key, named) if named.startswith("pr_") else None
    if entity is None:
        return
    looked_at(opened.workspace.path, "sanctions", named)
    linked = next((one for one in reads.linked(key) if one.id == named), None)
    if linked is not None:
        sanctions_reach(key, linked, stamp(opened.snapshot.manifest.get("date_to")))
    filed = sorted(entity.registrations, key=lambda one: not one.main)
    places = {one.place: one for one in reversed(filed)}
    places = dict(reversed(places.items()))
    area = next((one.admdvs for one in places.values()), "")
    record = sanctioning.record(opened.workspace, named, area, now().date())
    sanction_person(opened, named, places, record)


def _watched(opened: Opened) -> tuple[Watched, ...]:
    try:
        return sanctioning.watched(opened.workspace, opened.snapshot, actor(), now().date())
    except NoTable:
        return ()


render_with_scan("nav.sanctions", show)
