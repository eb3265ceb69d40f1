"""Measures against a place: what was decided on it, and one to propose with those of it who are responsible."""

from collections.abc import Mapping

import streamlit as st

from casework import sanctions
from casework.credit import Credit
from casework.errors import CaseworkError
from casework.sanctions import Kind, Person, Sanction
from casework.sanctions.rules import CASCADES, PERSONAL
from dashboards.access.permissions import Action
from dashboards.blocks.sanction_reach import sanction_reach
from dashboards.blocks.sanction_words import state_word
from dashboards.blocks.sanctions_named import sanctions_named
from dashboards.blocks.step import offered, taken
from dashboards.clock import now
from dashboards.formats import DAY_FORMAT, count, plain, pseudonym
from dashboards.frame import card
from dashboards.navigation import open_entity, open_sanctions
from dashboards.opened import Opened
from dashboards.reading.entity import Registration
from dashboards.reading.sanctioning import Place, registered
from dashboards.refusals import refusal
from dashboards.texts import both, region, t, term

MEASURES = tuple(kind for kind in Kind if kind not in PERSONAL)


def sanction_place(
    opened: Opened,
    place: Place,
    staff: Mapping[str, Registration],
    named: tuple[Sanction, ...],
    credit: Credit,
) -> None:
    """The card; `staff` are the practitioners registered there by id, each with the latest registration."""
    with card("sanction_place", t("measure.place", name=place.name)):
        facts = {"code": place.code, "area": region(place.area), "staff": count(len(staff))}
        facts |= {"grade": credit.grade, "score": str(credit.score)}
        facts |= {"scheme": both(credit.scheme.name, credit.scheme.en)}
        st.text(t("measure.facts", **facts))
        if st.button(t("sanctions.profile"), key="measure_profile", icon=":material/badge:"):
            open_entity(place.id)
        if named:
            sanctions_named(named)
        else:
            st.text(t("measure.none"))
        if offered(Action.SANCTION):
            with st.expander(t("measure.propose")):
                _propose(opened, place, staff)


def _propose(opened: Opened, place: Place, staff: Mapping[str, Registration]) -> None:
    words = {kind: term("sanction_kind", kind) for kind in MEASURES}
    chosen = st.selectbox(
        t("measure.kind"), list(words), format_func=lambda one: words[one], key="measure_kind"
    )
    kind = Kind(str(chosen))
    law = st.text_input(
        t("measure.law"), key=f"measure_law_{place.id}", placeholder=t("measure.law.hint")
    )
    left, right = st.columns(2)
    begins = left.date_input(
        t("sanctioning.begins"), value=now().date(), key="measure_begins", format=DAY_FORMAT
    )
    ends = right.date_input(t("measure.ends"), value=None, key="measure_ends", format=DAY_FORMAT)
    cascade = CASCADES.get(kind)
    persons: tuple[Person, ...] = ()
    if cascade is None:
        st.caption(t("measure.place_only"))
    else:
        st.caption(t("measure.cascade", kind=term("sanction_kind", cascade)))
        persons = _persons(staff)
    missing = not law.strip() or not all(one.reason.strip() for one in persons)
    if missing or (ends is not None and ends < begins):
        st.info(t("measure.missing" if missing else "measure.ends.before"))
        return
    try:
        draft = sanctions.draft_measure(kind, place.id, place.area, begins, ends, law, persons)
        if cascade is not None:
            _preview(opened, draft, len(staff))
    except CaseworkError as error:
        st.error(plain(t("cases.refused", why=refusal(error))))
        return
    _submit(opened, draft)


def _persons(staff: Mapping[str, Registration]) -> tuple[Person, ...]:
    """Those registered there who are judged: responsible or not, each with the reason given so far."""
    called = {
        who: " · ".join(filter(None, (pseudonym(who), one.dept, state_word(one.state))))
        for who, one in staff.items()
    }
    guilty = st.multiselect(
        t("measure.responsible"), list(staff), format_func=lambda who: called[who],
        key="measure_responsible", placeholder=t("measure.choose"),
    )  # fmt: skip
    others = [who for who in staff if who not in guilty]
    clear = st.multiselect(
        t("measure.clear"), others, format_func=lambda who: called[who], key="measure_clear",
        help=t("measure.clear.help"), placeholder=t("measure.choose"),
    )  # fmt: skip
    judged = [(who, True) for who in guilty] + [(who, False) for who in clear]
    return tuple(
        Person(
            who,
            responsible,
            st.text_input(
                t(
                    "measure.why_responsible" if responsible else "measure.why_clear",
                    who=called[who],
                ),
                key=f"measure_why_{who}",
            ),
        )
        for who, responsible in judged
    )


def _preview(opened: Opened, draft: Sanction, staff: int) -> None:
    st.markdown(f"**{t('sanctioning.reach')}**")
    st.caption(t("sanctioning.reach.draft"))
    reach = sanctions.preview(opened.snapshot, draft, now().date())
    sanction_reach(opened.snapshot, reach, "measure_reach")
    st.caption(t("measure.rest", n=count(staff - len(draft.persons))))


def _submit(opened: Opened, draft: Sanction) -> None:
    with st.form("measure_propose", border=False):
        why = st.text_input(t("sanctioning.why"), key=f"measure_reason_{draft.target}")
        if not st.form_submit_button(t("measure.propose.do"), type="primary"):
            return
    made = taken(
        opened.workspace.path, Action.SANCTION,
        lambda tx, who: sanctions.propose(
            tx, who, draft, registered(opened.workspace, opened.snapshot), why, now()
        ),
    )  # fmt: skip
    if made is not None:
        open_sanctions(sanction=str(made.no))
