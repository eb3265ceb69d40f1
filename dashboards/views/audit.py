"""审计与用户: who looked at, took along and changed what; whether the audit is whole; people, roles, limits."""

import streamlit as st

from casework.errors import CaseworkError
from dashboards.blocks.audit_entries import chain, entries
from dashboards.blocks.audit_people import limits, people, rights
from dashboards.formats import plain
from dashboards.frame import card, header
from dashboards.opened import open_settings
from dashboards.texts import t

header(t("nav.audit"), t("audit.lead"))
kept, known, bounds = st.tabs([t(f"audit.tab.{name}") for name in ("entries", "people", "limits")])
with kept:
    try:
        with open_settings().casework() as store:
            with card("chain", t("audit.chain")):
                chain(store)
            with card("entries"):
                entries(store)
    except CaseworkError as error:
        st.error(plain(t("audit.broken", why=error)))
with known:
    people()
    rights()
with bounds:
    limits()
