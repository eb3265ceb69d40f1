"""One export: what is to leave and why, who released it, its bundle, and where that was."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from casework.errors import CaseworkError
from casework.exports.profiles import profile
from casework.people import Role
from casework.releases import Event, Release, build, decide, happened
from dashboards.access.permissions import Action
from dashboards.blocks.exports_along import goes_along
from dashboards.blocks.step import done
from dashboards.clock import now
from dashboards.formats import minute, plain
from dashboards.frame import card
from dashboards.person import actor, can, must
from dashboards.refusals import refusal
from dashboards.table import Column, Row, Table, show_table
from dashboards.texts import both, t, term
from huancha.exporting import maker
from huancha.workspace import open_workspace
from loaders.errors import LoadError

BUNDLE = "huancha_export_bundle"
"""The bundle this tab sealed last: the release's number and the bytes."""
LATER = (Event.SENT, Event.OPENED, Event.RECEIVED, Event.RETURNED)


def export_one(workspace: Path, one: Release) -> None:
    """The card of a release, with what the person may do next."""
    draft = one.draft
    with card("export_one", t("exports.one", no=one.no)):
        st.badge(term("export_state", one.state), color="gray")
        st.text(f"{term('export_subject', draft.subject)} {draft.id} → {draft.body} {draft.person}")
        worn = profile(draft.profile, one.made_at.date())
        st.text(f"{t('exports.profile')}  {both(worn.zh, worn.en)}")
        facts = {
            "maker": one.maker, "at": minute(one.made_at), "why": one.why, "law": draft.law,
            "formats": ", ".join(draft.formats), "snapshot": draft.snapshot, "scan": draft.scan,
        }  # fmt: skip
        st.caption(plain(t("exports.facts", **facts)))
        if one.reviewed_at is not None:
            said = {"reviewer": one.reviewer, "at": minute(one.reviewed_at), "why": one.review}
            st.caption(plain(t("exports.decided", **said)))
        goes_along(workspace, one)
        _custody(one)
        if not can(Action.RELEASE):
            return
        if one.approved is None:
            _decide(workspace, one)
        elif one.approved and actor().roles & {Role.INVESTIGATOR, Role.LIAISON}:
            _bundle(workspace, one)
            if one.built is not None:
                _keep(workspace, one)


def _custody(one: Release) -> None:
    st.markdown(f"**{t('exports.custody')}**")
    if one.built is None:
        st.text(t("exports.custody.none"))
        return
    st.caption(t("exports.hash", hash=one.built.sha256))
    columns = [
        Column(t(f"exports.{name}"), kind="nowrap") for name in ("step", "at", "actor", "who")
    ]
    columns.append(Column(t("exports.note"), kind="wide"))
    rows = [
        Row(
            [
                term("export_state", step.event), minute(step.at), step.actor, step.who or "",
                " ".join(filter(None, (step.how, step.note))),
            ]
        )
        for step in one.custody
    ]  # fmt: skip
    show_table(Table(t("exports.custody"), columns, rows), "export_custody")


def _decide(workspace: Path, one: Release) -> None:
    if Role.APPROVER not in actor().roles or one.maker == actor().name:
        st.caption(t("exports.second"))
        return
    with st.form("export_decide", clear_on_submit=True, border=False):
        why = st.text_input(t("exports.why"), key="export_decide_why")
        yes, no = st.columns([1, 5])
        approve = yes.form_submit_button(t("exports.approve"), type="primary")
        refuse = no.form_submit_button(t("exports.refuse"))
        if (approve or refuse) and done(
            workspace, Action.RELEASE,
            lambda tx, who: decide(tx, who, one.no, why, now(), approve=approve),
        ):  # fmt: skip
            st.rerun()


def _bundle(workspace: Path, one: Release) -> None:
    """Seal it, then give it: what is given was kept as built before."""
    if st.button(t("exports.build"), key="export_build", help=t("exports.build.help")):
        try:
            st.session_state[BUNDLE] = one.no, _sealed(workspace, one, now())
        except (CaseworkError, LoadError) as error:
            st.error(plain(t("cases.refused", why=refusal(error))))
            return
        st.rerun()
    no, sealed = st.session_state.get(BUNDLE, (0, b""))
    if no == one.no:
        st.download_button(
            t("exports.get"),
            data=sealed,
            file_name=f"huancha_export_{one.no}.zip",
            mime="application/zip",
            key="export_get",
            icon=":material/download:",
            on_click="ignore",
        )


def _sealed(workspace: Path, one: Release, at: datetime) -> bytes:
    who = must(Action.RELEASE)
    with TemporaryDirectory() as folder, open_workspace(workspace).casework() as store:
        out = Path(folder) / "bundle.zip"
        build(store, who, one.no, maker(workspace), out, at)
        return out.read_bytes()


def _keep(workspace: Path, one: Release) -> None:
    with st.form("export_keep", clear_on_submit=True, border=False):
        event = st.selectbox(
            t("exports.event"), LATER, format_func=lambda each: term("export_state", each)
        )
        who_at, how_at = st.columns(2)
        whom = who_at.text_input(
            t("exports.who"), value=one.draft.person, key=f"export_keep_who_{one.no}"
        )
        note = how_at.text_input(t("exports.note"), key=f"export_keep_note_{one.no}")
        how, told = (note, "") if event is Event.SENT else ("", note)
        if st.form_submit_button(t("exports.keep")) and done(
            workspace, Action.RELEASE,
            lambda tx, who: happened(tx, who, one.no, event, now(), who=whom, how=how, note=told),
        ):  # fmt: skip
            st.rerun()
