"""A practitioner's points and sanctions: the ledger, what follows by the law, and what can be proposed."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from casework import points, sanctions
from casework.errors import CaseworkError
from casework.law import Band, law_on
from casework.points import Act, Measure, Responsibility
from casework.sanctions import Sanction
from dashboards import state
from dashboards.access.permissions import Action
from dashboards.blocks.sanction_reach import sanction_reach
from dashboards.blocks.sanction_repair import sanction_repair
from dashboards.blocks.sanction_words import reviewed
from dashboards.blocks.sanctions_named import sanctions_named
from dashboards.blocks.step import done
from dashboards.clock import now
from dashboards.formats import DAY_FORMAT, day, plain, pseudonym
from dashboards.frame import card
from dashboards.navigation import open_entity, open_sanctions
from dashboards.opened import Opened
from dashboards.person import can
from dashboards.reading.entity import Registration
from dashboards.reading.sanctioning import Record, registered
from dashboards.refusals import refusal
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import both, t, term

HEIGHT = 300


def sanction_person(
    opened: Opened, practitioner: str, places: Mapping[str, Registration], found: Record
) -> None:
    """The card; `places` are the registrations by place, the main one first."""
    with card("sanction_person", t("sanctioning.person", who=pseudonym(practitioner))):
        facts = {"grade": found.credit.grade, "score": found.credit.score}
        facts |= {"year": found.standing.year, "points": found.standing.points}
        scheme = both(found.credit.scheme.name, found.credit.scheme.en)
        st.text(t("sanctioning.standing", **facts, scheme=scheme))
        area = next(iter(places.values())).admdvs if places else ""
        st.caption(plain(_follows(found, area)))
        if st.button(t("sanctions.profile"), key="person_profile", icon=":material/badge:"):
            open_entity(practitioner)
        if found.lines:
            line = show_table(_ledger(found), "sanction_ledger")
            if line:
                open_sanctions(line=line)
        else:
            st.text(t("sanctioning.lines.none"))
        _review(opened, found)
        if found.sanctions:
            sanctions_named(found.sanctions)
        if not can(Action.SANCTION) or not places:
            return
        at = f"{practitioner}_{len(found.lines)}"
        if found.follows.effect in sanctions.EFFECTS:
            _propose(opened, practitioner, area, found)
        with st.expander(t("sanctioning.score")):
            _score(opened, practitioner, places, at)
        if found.standing.points:
            with st.expander(t("repair")):
                sanction_repair(opened, practitioner, area, at)


def _follows(found: Record, area: str) -> str:
    effect, months = found.follows.effect, found.follows.months
    if months is None:
        return t(f"sanctioning.follows.{effect}")
    law = law_on(now().date(), area)
    length = f"{months.least}" if months.fixed else f"{months.least}–{months.most}"
    unverified = t("sanctioning.unverified") if months.unverified else ""
    facts = {"months": length, "law": law.cite(months), "unverified": unverified}
    return t(f"sanctioning.follows.{effect}", **facts)


def _ledger(found: Record) -> Table:
    columns = [
        Column(t("sanctioning.document"), kind="name"),
        Column(t("sanctioning.document.on"), kind="nowrap"),
        Column(t("sanctions.points"), "right"),
        Column(t("sanctioning.state"), kind="nowrap"),
        Column(t("sanctioning.law"), kind="name"),
    ]
    rows = [
        Row(
            [
                Cell(one.document, sub=term("points_kind", one.kind)),
                day(one.decided_on),
                f"{one.points}",
                Cell(tags=[reviewed(one)], sub=one.reviewer or one.maker),
                one.law,
            ],
            id=str(one.no),
            href=f"sanctions?line={one.no}&lang={state.language()}",
        )
        for one in found.lines
    ]
    return Table(t("sanctioning.lines"), columns, rows, height=HEIGHT)


def _review(opened: Opened, found: Record) -> None:
    pending = {one.no: one for one in found.lines if one.approved is None}
    if not pending or not can(Action.DECIDE):
        return
    with st.form("points_review", clear_on_submit=True, border=False):
        st.markdown(f"**{t('sanctioning.review')}**")
        no = st.selectbox(
            t("sanctioning.document"), list(pending), format_func=lambda no: pending[no].document
        )
        why = st.text_input(t("sanctioning.why"), key="points_review_why")
        yes, not_ = st.columns([1, 5])
        approve = yes.form_submit_button(t("sanctioning.approve"), type="primary")
        refuse = not_.form_submit_button(t("sanctioning.refuse"))
        if (approve or refuse) and done(
            opened.workspace.path, Action.DECIDE,
            lambda tx, who: points.review(tx, who, no, why, now(), approve=approve),
        ):  # fmt: skip
            st.rerun()


def _propose(opened: Opened, practitioner: str, area: str, found: Record) -> None:
    length = found.follows.months
    if length is None or any(_follows_already(one, found) for one in found.sanctions):
        return
    st.markdown(f"**{t('sanctioning.propose')}**")
    begins = st.date_input(
        t("sanctioning.begins"), value=now().date(), key="sanction_begins", format=DAY_FORMAT
    )
    months = length.least
    if not length.fixed:
        months = st.slider(t("sanctioning.months"), length.least, length.most)
    try:
        draft = _draft(opened, practitioner, area, begins, months)
    except CaseworkError as error:
        st.error(plain(t("cases.refused", why=refusal(error))))
        return
    st.caption(t("sanctioning.reach.draft"))
    reach = sanctions.preview(opened.snapshot, draft, now().date())
    sanction_reach(opened.snapshot, reach, "sanction_draft")
    with st.form("sanction_propose", clear_on_submit=True, border=False):
        why = st.text_input(t("sanctioning.why"), key="sanction_why")
        if st.form_submit_button(t("sanctioning.propose.do"), type="primary") and done(
            opened.workspace.path, Action.SANCTION,
            lambda tx, who: sanctions.propose(
                tx, who, draft, registered(opened.workspace, opened.snapshot), why, now()
            ),
        ):  # fmt: skip
            st.rerun()


def _follows_already(one: Sanction, found: Record) -> bool:
    """Whether a sanction for these points is proposed or was approved."""
    same = one.kind is sanctions.EFFECTS[found.follows.effect]
    return same and one.approved is not False and one.begins.year == found.standing.year


def _draft(opened: Opened, practitioner: str, area: str, begins: date, months: int) -> Sanction:
    year = now().date().year
    with opened.workspace.casework() as store, store.read() as tx:
        return sanctions.draft_by_points(tx, practitioner, area, year, begins, months)


def _score(opened: Opened, practitioner: str, places: Mapping[str, Registration], at: str) -> None:
    """The form; `at` says whose it is and after how many lines, so that what was typed for one is not there for the next."""
    st.caption(t("sanctioning.score.lead"))
    place = st.selectbox(
        t("sanctioning.place"), list(places), format_func=lambda id_: places[id_].name
    )
    area = places[place].admdvs
    bands = {band.least: band for band in law_on(now().date(), area).bands}
    band = st.selectbox(
        t("sanctioning.band"), list(bands), format_func=lambda least: _band(bands[least])
    )
    with st.form("points_propose", border=False):
        left, middle, right = st.columns(3)
        given = left.number_input(t("sanctions.points"), bands[band].least, bands[band].most)
        answers = middle.selectbox(
            t("sanctioning.responsibility"), list(Responsibility),
            format_func=lambda one: term("responsibility", one),
        )  # fmt: skip
        measure = right.selectbox(
            t("sanctioning.measure"),
            list(Measure),
            format_func=lambda one: term("points_measure", one),
        )
        left, right = st.columns([2, 1])
        document = left.text_input(t("sanctioning.document"), key=f"points_document_{at}")
        on = right.date_input(t("sanctioning.document.on"), value=now().date(), format=DAY_FORMAT)
        grounds = st.text_input(t("sanctioning.grounds"), key=f"points_grounds_{at}")
        if st.form_submit_button(t("sanctioning.score.do")):
            act = Act(
                practitioner, place, area, band, given, Responsibility(str(answers)), Measure(str(measure)),
                document, on, grounds,
            )  # fmt: skip
            if done(
                opened.workspace.path, Action.SANCTION,
                lambda tx, who: points.propose_act(tx, who, act, now()),
            ):  # fmt: skip
                st.rerun()


def _band(band: Band) -> str:
    said = band.zh if state.language() == "zh" else band.en
    return f"{band.least}–{band.most}: {said}"
