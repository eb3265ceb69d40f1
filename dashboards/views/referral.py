"""移送与报告: referrals of cases to public security, what can be taken along of one lead, and what left."""

import streamlit as st

from casework.errors import CaseworkError
from dashboards.blocks.exports_list import exports
from dashboards.blocks.referral import choose_lead, papers
from dashboards.blocks.referral_list import begin, listed
from dashboards.blocks.referral_one import one
from dashboards.formats import plain
from dashboards.frame import header, render_with_scan
from dashboards.opened import Key, Opened
from dashboards.refusals import refusal
from dashboards.texts import t


def show(opened: Opened, key: Key) -> None:
    """The referral the address names, the list, the lead and its papers, the exports."""
    header(t("nav.referral"), t("referral.lead"))
    workspace = opened.workspace.path
    try:
        one(workspace)
        listed(workspace)
    except CaseworkError as error:
        st.error(plain(t("cases.away", why=refusal(error))))
    found = choose_lead(key)
    if found is not None:
        try:
            begin(workspace, key.scan, found.ring.ring)
        except CaseworkError as error:
            st.error(plain(t("cases.away", why=refusal(error))))
        papers(key, found)
    exports(workspace)


render_with_scan("nav.referral", show)
