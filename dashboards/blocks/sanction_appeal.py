"""The appeal against a sanction or a line of points: entered, admitted where it came late, decided on by two people who did not decide before."""

from datetime import timedelta

import streamlit as st

from casework import appeals
from casework.appeals import NOTHING, Appeal, Effects, Outcome, State, suggested
from casework.law import read_calendar
from casework.people import Actor
from casework.points import Points
from casework.sanctions import Sanction
from casework.store import Tx
from dashboards.access.permissions import Action
from dashboards.blocks.sanction_expert import ask_and_answer, opinions_told
from dashboards.blocks.step import done, sent
from dashboards.clock import now
from dashboards.formats import DAY_FORMAT, day, minute, plain
from dashboards.opened import Opened
from dashboards.person import can
from dashboards.reading.objecting import Objecting
from dashboards.texts import t, term

MOST_MEGABYTES = 50
OPEN = (State.FILED, State.ASKED, State.ANSWERED)


def sanction_appeal(opened: Opened, found: Objecting) -> None:
    """Where the appeal is, and the step that is next for whoever is signed in."""
    one = found.appeal
    if one is None:
        st.text(t("objecting.appeal.none"))
        if found.due is None:
            st.caption(t("objecting.appeal.first_serve"))
        elif can(Action.SANCTION):
            with st.expander(t("objecting.file")):
                _file(opened, found)
        return
    _told(one)
    if one.state is State.LATE and can(Action.DECIDE):
        _decide(opened, one, "admit")
    elif one.state in OPEN and can(Action.SANCTION):
        ask_and_answer(opened, one)
        if one.state is not State.ASKED:
            _propose(opened, found.what, one)
    elif one.state is State.PROPOSED and can(Action.DECIDE):
        _decide(opened, one, "decide")


def _told(one: Appeal) -> None:
    st.badge(term("appeal_state", one.state), color="gray")
    facts = {"no": one.no, "on": day(one.filed_on), "due": day(one.due), "law": one.law}
    st.caption(plain(t("objecting.appeal.facts", **facts)))
    st.text(one.grounds)
    st.caption(plain(t("objecting.appeal.by", who=one.filer, at=minute(one.filed_at))))
    opinions_told(one)
    for made in one.decisions:
        outcome = term("appeal_outcome", made.outcome)
        facts = {"maker": made.maker, "outcome": outcome, "why": made.why}
        st.caption(plain(t("objecting.decision", **facts, effects=_effects(made.effects))))


def _effects(effects: Effects) -> str:
    """What a decision does, in words."""
    said = [t("objecting.effect.line", no=no) for no in effects.lines]
    if effects.instead is not None:
        said.append(t("objecting.effect.instead", points=effects.instead))
    since = day(effects.begins)
    said += [t("objecting.effect.lift", no=no, day=since) for no in effects.lifts]
    return t("separator").join(said) or t("objecting.effect.none")


def _file(opened: Opened, found: Objecting) -> None:
    """What is typed stays until it was entered; against something else the form is another one."""
    no = found.what.no
    with st.form("appeal_file", border=False):
        filed_on = st.date_input(
            t("objecting.filed_on"), value=now().date(), key="appeal_on", format=DAY_FORMAT
        )
        grounds = st.text_area(t("objecting.grounds"), key=f"appeal_grounds_{no}", height=90)
        letter = st.file_uploader(
            t("objecting.letter"), max_upload_size=MOST_MEGABYTES, key=f"appeal_letter_{no}"
        )
        asked = st.form_submit_button(t("objecting.file.do"))
    content = sent(asked, letter)
    if content is not None and done(
        opened.workspace.path, Action.SANCTION,
        lambda tx, who: appeals.file_appeal(
            tx, who, found.about, filed_on, grounds, content, read_calendar(opened.workspace.path),
            now(),
        ),
    ):  # fmt: skip
        st.rerun()


def _propose(opened: Opened, what: Points | Sanction, one: Appeal) -> None:
    st.markdown(f"**{t('objecting.propose')}**")
    words = {outcome: term("appeal_outcome", outcome) for outcome in Outcome}
    given = what.points if isinstance(what, Points) else 0
    if given == 1:
        del words[Outcome.PARTLY]
    chosen = st.selectbox(
        t("objecting.outcome"), list(words), format_func=lambda one: words[one], key="appeal_out"
    )
    outcome = Outcome(str(chosen))
    with st.form("appeal_propose", clear_on_submit=True, border=False):
        begins, instead = one.filed_on, None
        if outcome is Outcome.PARTLY and given:
            instead = st.number_input(
                t("objecting.instead"), 1, given - 1, value=given - 1, key="appeal_instead"
            )
        if outcome is not Outcome.REJECTED:
            begins = st.date_input(
                t("objecting.follow_lifted_from" if given else "objecting.lifted_from"),
                value=begins + timedelta(outcome is Outcome.PARTLY and not given),
                key=f"appeal_from_{outcome}",
                format=DAY_FORMAT,
            )
        why = st.text_input(t("cases.why"), key="appeal_why")

        def step(tx: Tx, who: Actor) -> object:
            effects = NOTHING
            if outcome is not Outcome.REJECTED:
                effects = suggested(tx, one, begins, instead)
            return appeals.propose_decision(tx, who, one.no, outcome, effects, why, now())

        if st.form_submit_button(t("objecting.propose.do"), type="primary") and done(
            opened.workspace.path, Action.SANCTION, step
        ):
            st.rerun()


def _decide(opened: Opened, one: Appeal, what: str) -> None:
    """Whether a late appeal is admitted (`admit`), or its proposed decision holds (`decide`)."""
    with st.form(f"appeal_{what}", clear_on_submit=True, border=False):
        st.markdown(f"**{t(f'objecting.{what}')}**")
        why = st.text_input(t("cases.why"), key=f"appeal_{what}_why")
        yes, no = st.columns([1, 5])
        agreed = yes.form_submit_button(t(f"objecting.{what}.yes"), type="primary")
        refused = no.form_submit_button(t(f"objecting.{what}.no"))

        def step(tx: Tx, who: Actor) -> object:
            if what == "admit":
                return appeals.admit(tx, who, one.no, why, now(), admitted=agreed)
            return appeals.decide(tx, who, one.no, why, now(), approve=agreed)

        if (agreed or refused) and done(opened.workspace.path, Action.DECIDE, step):
            st.rerun()
