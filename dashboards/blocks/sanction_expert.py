"""Third parties in an appeal: whom the office asked what, what they answered, the forms for both."""

import streamlit as st

from casework import appeals
from casework.appeals import Appeal, Opinion
from dashboards.access.permissions import Action
from dashboards.blocks.step import done, sent
from dashboards.clock import now
from dashboards.formats import minute, plain
from dashboards.opened import Opened
from dashboards.texts import t

MOST_MEGABYTES = 50


def opinions_told(one: Appeal) -> None:
    """Every question with its answer; what is still awaited says so."""
    for opinion in one.opinions:
        asked = {"no": opinion.no, "expert": opinion.expert, "body": opinion.body}
        when = {"who": opinion.asker, "at": minute(opinion.asked_at)}
        with st.container(border=True, key=f"opinion_{opinion.no}"):
            st.caption(plain(t("objecting.opinion", **asked, **when)))
            st.text(t("objecting.opinion.question", question=opinion.question))
            if opinion.opinion is None or opinion.given_at is None:
                st.badge(t("objecting.opinion.awaited"), color="orange")
                continue
            st.text(t("objecting.opinion.said", said=opinion.opinion))
            st.caption(plain(t("objecting.opinion.recusal", said=opinion.recusal)))
            facts = {"who": opinion.author, "at": minute(opinion.given_at)}
            st.caption(plain(t("objecting.opinion.paper", **facts, sha256=opinion.sha256)))


def ask_and_answer(opened: Opened, one: Appeal) -> None:
    """The form that asks a third party, and the one that enters what came back."""
    waiting = {opinion.no: opinion for opinion in one.opinions if opinion.opinion is None}
    if waiting:
        with st.expander(t("objecting.opinion.give"), expanded=True):
            _answer(opened, waiting)
    with st.expander(t("objecting.ask")):
        _ask(opened, one)


def _ask(opened: Opened, one: Appeal) -> None:
    """What is typed stays until it was asked; then the form is that of the next question."""
    at = f"{one.no}_{len(one.opinions)}"
    with st.form("appeal_ask", border=False):
        left, right = st.columns(2)
        expert = left.text_input(t("objecting.expert"), key=f"appeal_expert_{at}")
        body = right.text_input(t("objecting.expert.body"), key=f"appeal_body_{at}")
        question = st.text_area(t("objecting.question"), key=f"appeal_question_{at}", height=90)
        if st.form_submit_button(t("objecting.ask.do")) and done(
            opened.workspace.path, Action.SANCTION,
            lambda tx, who: appeals.ask_expert(tx, who, one.no, expert, body, question, now()),
        ):  # fmt: skip
            st.rerun()


def _answer(opened: Opened, waiting: dict[int, Opinion]) -> None:
    """What is typed stays until it was entered; then the form is that of those still awaited."""
    at = "_".join(map(str, waiting))
    with st.form("appeal_opinion", border=False):
        no = st.selectbox(
            t("objecting.opinion.whose"), list(waiting),
            format_func=lambda no: f"{waiting[no].expert} · {waiting[no].body}",
        )  # fmt: skip
        recusal = st.text_input(
            t("objecting.recusal"), key=f"appeal_recusal_{at}",
            placeholder=t("objecting.recusal.hint"),
        )  # fmt: skip
        said = st.text_area(t("objecting.opinion.short"), key=f"appeal_opinion_{at}", height=90)
        paper = st.file_uploader(
            t("objecting.opinion.file"), max_upload_size=MOST_MEGABYTES, key=f"appeal_paper_{at}"
        )
        asked = st.form_submit_button(t("objecting.opinion.do"))
    content = sent(asked, paper)
    if content is not None and done(
        opened.workspace.path, Action.SANCTION,
        lambda tx, who: appeals.give_opinion(tx, who, no, recusal, said, content, now()),
    ):  # fmt: skip
        st.rerun()
