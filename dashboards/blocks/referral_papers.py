"""The papers of a referral on the screen: pages to look at without names, sealing, and the sealed package."""

from pathlib import Path

import streamlit as st

from casework.errors import CaseworkError
from casework.people import Role
from casework.referral import Event, State
from casework.referral.checklist import missing
from casework.referral.fields import Dossier
from casework.referral.papers import Kind
from casework.referral.papers import preview as drawn
from dashboards.access.permissions import Action
from dashboards.access.recorded import exported
from dashboards.clock import now
from dashboards.formats import plain
from dashboards.person import actor, must
from dashboards.reading.referring import Sheet
from dashboards.refusals import refusal
from dashboards.texts import t, term
from huancha.referring import sealed
from huancha.workspace import open_workspace
from loaders.errors import LoadError

FOLDER = "referrals"
SEALABLE = (State.APPROVED, State.SEALED)
MOST_PAGES = 6


def seal(workspace: Path, found: Sheet) -> None:
    """A button that seals the package once nothing is missing, and the download of what was sealed."""
    it = found.matter.found
    if Role.INVESTIGATOR not in actor().roles:
        return
    file = workspace / FOLDER / f"{it.id}.zip"
    may = it.state in SEALABLE and not missing(found.checks)
    if may and st.button(t("referral.seal"), key="referral_seal", type="primary"):
        _seal(workspace, it.no, file)
    if it.last(Event.SEALED) is not None and file.exists():
        st.download_button(
            t("referral.package"),
            data=exported(workspace, actor(), it.id, file.name, file.read_bytes, Action.REFER),
            file_name=file.name,
            mime="application/zip",
            key="referral_package",
            icon=":material/download:",
            on_click="ignore",
        )


def _seal(workspace: Path, no: int, file: Path) -> None:
    who = must(Action.REFER)
    file.parent.mkdir(exist_ok=True)
    try:
        with st.spinner(t("referral.sealing")), open_workspace(workspace).casework() as store:
            made = sealed(store, who, workspace, no, file, now())
    except (CaseworkError, LoadError) as error:
        st.error(plain(t("cases.refused", why=refusal(error))))
        return
    if made.warnings:
        signs = " ".join(f"U+{ord(sign):04X}" for sign in made.warnings)
        st.warning(plain(t("referral.warn", signs=signs)))
        return
    st.rerun()


def preview(found: Sheet) -> None:
    """One paper's pages as pictures, with ids instead of names."""
    with st.expander(t("referral.preview")):
        st.caption(t("referral.preview.lead"))
        kind = st.selectbox(
            t("referral.preview"),
            list(Kind),
            format_func=lambda one: term("referral_paper", one),
            key="referral_preview",
            label_visibility="collapsed",
        )
        if not st.button(t("referral.preview.do"), key="referral_preview_do"):
            return
        matter = found.matter
        dossier = Dossier(matter.found, matter.case, found.content, matter.law, now().date())
        try:
            pages = drawn(dossier, Kind(str(kind)))
        except CaseworkError as error:
            st.error(plain(t("cases.refused", why=refusal(error))))
            return
        for number, page in enumerate(pages[:MOST_PAGES], 1):
            st.image(page, caption=t("referral.preview.page", n=number, total=len(pages)))
