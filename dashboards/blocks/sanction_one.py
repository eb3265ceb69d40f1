"""One sanction: its proposal, the reach that was approved, its orders, what can be done next, notices and the appeal."""

import streamlit as st

from casework.notices import About
from casework.orders.ledger import State, reopen
from casework.sanctions import decide_lift, decide_sanction, propose_lift
from dashboards.access.permissions import Action
from dashboards.blocks.sanction_appeal import sanction_appeal
from dashboards.blocks.sanction_notices import sanction_notices
from dashboards.blocks.sanction_reach import sanction_reach
from dashboards.blocks.sanction_words import order_table, standing_of, term_of
from dashboards.blocks.step import done
from dashboards.clock import now
from dashboards.formats import DAY_FORMAT, minute, plain, pseudonym
from dashboards.frame import card
from dashboards.navigation import open_sanctions, whose
from dashboards.opened import Opened
from dashboards.person import actor, can
from dashboards.reading.objecting import objecting
from dashboards.reading.sanctioning import Decision, place_names, registered
from dashboards.table import show_table, show_tag
from dashboards.texts import t, term


def sanction_one(opened: Opened, found: Decision) -> None:
    """The card of a sanction."""
    one, proposal = found.sanction, found.proposal
    kind = term("sanction_kind", one.kind)
    with card("sanction_one", t("sanctioning.one", no=one.no, kind=kind)):
        show_tag(standing_of(one, now().date()))
        name = place_names(opened.snapshot, [one.target]).get(one.target, pseudonym(one.target))
        st.text(f"{name} · {term_of(one)}")
        facts = {"maker": proposal.maker, "at": minute(proposal.made_at), "law": one.law}
        st.caption(plain(t("sanctioning.facts", **facts, why=proposal.why)))
        if proposal.reviewed_at is not None:
            said = {"reviewer": proposal.reviewer, "at": minute(proposal.reviewed_at)}
            st.caption(plain(t("sanctioning.decided", **said, why=proposal.review)))
        if st.button(t("sanctioning.whose"), key="sanction_whose", icon=":material/person_search:"):
            open_sanctions(**{whose(one.target): one.target})
        st.markdown(f"**{t('sanctioning.reach')}**")
        sanction_reach(opened.snapshot, found.reach, "sanction_reach")
        _orders(opened, found)
        _next(opened, found)
        told, against = st.tabs([t("objecting.notices"), t("objecting.appeal")])
        kept = objecting(opened.workspace, About(sanction=one.no))
        with told:
            sanction_notices(opened, kept)
        with against:
            sanction_appeal(opened, kept)


def _orders(opened: Opened, found: Decision) -> None:
    st.markdown(f"**{t('sanctioning.orders')}**")
    if not found.orders:
        st.text(t("sanctioning.orders.none"))
        return
    done_ = sum(one.state is State.ACKNOWLEDGED for one in found.orders)
    st.caption(t("sanctioning.orders.n", done=done_, total=len(found.orders)))
    names = place_names(opened.snapshot, [one.place for one in found.orders])
    show_table(order_table(found.orders, names), "sanction_orders")
    rejected = {one.order.order: names.get(one.place, one.place) for one in found.orders
                if one.state is State.REJECTED}  # fmt: skip
    if not rejected or not can(Action.ORDER):
        return
    with st.form("sanction_reopen", clear_on_submit=True, border=False):
        id_ = st.selectbox(
            t("sanctioning.reopen"), list(rejected), format_func=lambda one: rejected[one]
        )
        why = st.text_input(t("sanctioning.why"), key="sanction_reopen_why")
        if st.form_submit_button(t("sanctioning.reopen.do")) and done(
            opened.workspace.path, Action.ORDER, lambda tx, who: reopen(tx, who, id_, why, now())
        ):
            st.rerun()


def _next(opened: Opened, found: Decision) -> None:
    one = found.sanction
    if one.approved is None:
        _decide(opened, found, "sanction")
    elif found.lift is not None:
        _decide(opened, found, "lift")
    elif one.approved and one.lifted is None and can(Action.SANCTION):
        with st.form("sanction_lift", clear_on_submit=True, border=False):
            st.markdown(f"**{t('sanctioning.lift')}**")
            begins = st.date_input(
                t("sanctioning.lift.from"), value=now().date(), format=DAY_FORMAT
            )
            why = st.text_input(t("sanctioning.why"), key="sanction_lift_why")
            if st.form_submit_button(t("sanctioning.lift.do")) and done(
                opened.workspace.path, Action.SANCTION,
                lambda tx, who: propose_lift(tx, who, one.no, begins, why, now()),
            ):  # fmt: skip
                st.rerun()


def _decide(opened: Opened, found: Decision, what: str) -> None:
    proposal = found.lift if what == "lift" and found.lift else found.proposal
    if not can(Action.DECIDE) or proposal.maker == actor().name:
        st.caption(t("sanctioning.second"))
        return
    with st.form(f"decide_{what}", clear_on_submit=True, border=False):
        st.markdown(
            f"**{t('sanctioning.lift.decide' if what == 'lift' else 'sanctioning.decide')}**"
        )
        if what == "lift":
            st.caption(plain(proposal.why))
        why = st.text_input(t("sanctioning.why"), key=f"decide_{what}_why")
        yes, no = st.columns([1, 5])
        approve = yes.form_submit_button(t("sanctioning.approve"), type="primary")
        refuse = no.form_submit_button(t("sanctioning.refuse"))
        if (approve or refuse) and done(
            opened.workspace.path, Action.DECIDE,
            lambda tx, who: decide_lift(tx, who, proposal.no, why, now(), approve=approve)
            if what == "lift"
            else decide_sanction(
                tx, who, proposal.no, registered(opened.workspace, opened.snapshot), why, now(),
                approve=approve,
            ),
        ):  # fmt: skip
            st.rerun()
