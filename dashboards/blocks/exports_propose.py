"""Proposing that the ring, the case or the view on the screen leave; another person decides."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from casework.exports.formats import FORMATS
from casework.exports.profiles import Profile, profiles
from casework.people import Role
from casework.releases import Subject, propose
from dashboards import desk_state as memory
from dashboards.access.permissions import Action
from dashboards.blocks.step import taken
from dashboards.catalogue.regions import PROVINCES
from dashboards.clock import now
from dashboards.desk_reads import OnDesk
from dashboards.formats import pseudonym
from dashboards.person import actor, can
from dashboards.reading.exporting import attached_to
from dashboards.reading.flows import AREAS
from dashboards.texts import both, region, t
from huancha.exporting import Recipient, drafted

HEAD = 16
"""How much of a hash is shown."""


def propose_button(workspace: Path, subject: Subject, id_: str, areas: Sequence[str]) -> None:
    """The form behind a button, for whoever may propose."""
    if _may():
        with st.popover(t("exports.propose"), icon=":material/outbox:"):
            _form(workspace, subject, id_, areas)


def propose_view(on_desk: OnDesk) -> None:
    """The form for what lies on the desk, for whoever may propose."""
    if not _may():
        st.text(t("exports.second"))
        return
    saved = memory.saved()
    name = saved.name if saved else pseudonym(memory.desk().subject)
    workspace = Path(on_desk.key.workspace)
    _form(workspace, Subject.VIEW, name, (), tuple(on_desk.graph))


def _may() -> bool:
    return can(Action.RELEASE) and Role.INVESTIGATOR in actor().roles


def _form(
    workspace: Path, subject: Subject, id_: str, areas: Sequence[str], nodes: Sequence[str] = ()
) -> None:
    st.caption(t("exports.propose.lead"))
    begun = {one.name: one for one in profiles() if one.since <= now().date()}
    names = [one.name for one in FORMATS]
    with st.form(f"export_propose_{subject}", border=False):
        left, right = st.columns(2)
        body = left.text_input(t("exports.body"), key="export_body")
        person = right.text_input(t("exports.person"), key="export_person")
        worn = left.selectbox(
            t("exports.profile"), list(begun), format_func=lambda name: _profile_word(begun[name])
        )
        area = right.selectbox(t("exports.area"), _areas(areas), format_func=region)
        law = left.text_input(t("exports.law"), key="export_law")
        formats = right.multiselect(t("exports.formats"), names, default=names)
        papers = _attachments(workspace, id_) if subject is Subject.CASE else ()
        why = st.text_input(t("exports.why"), key="export_why")
        if not st.form_submit_button(t("exports.propose.do"), type="primary"):
            return
        at = now()
        made = taken(
            workspace, Action.RELEASE,
            lambda tx, who: propose(
                tx, who,
                drafted(
                    tx, workspace, subject, id_, area, Recipient(body, person, worn), law, at,
                    formats=formats, nodes=nodes, attachments=papers,
                ),
                why, at,
            ),
        )  # fmt: skip
        if made is not None:
            st.success(t("exports.proposed", no=made.no))


def _attachments(workspace: Path, case_id: str) -> Sequence[int]:
    """The numbers of the case's attachments that are to go along; none unless chosen."""
    held = {one.no: one for one in attached_to(workspace, case_id)}
    if not held:
        return ()
    return st.multiselect(
        t("exports.attachments"),
        list(held),
        format_func=lambda no: f"{held[no].name} · SHA-256 {held[no].sha256[:HEAD]}…",
        help=t("exports.attachments.help"),
        placeholder=t("exports.attachments.none"),
        key="export_attachments",
    )


def _profile_word(found: Profile) -> str:
    return both(found.zh, found.en)


def _areas(areas: Sequence[str]) -> list[str]:
    known = [f"{code}0000" for code in PROVINCES if code in AREAS]
    return list(areas) or sorted(actor().regions) or known
