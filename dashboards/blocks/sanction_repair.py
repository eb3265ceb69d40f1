"""Points taken back for study or activities: what the law of the place leaves room for, proposed with its document."""

import streamlit as st

from casework import points
from casework.law import law_on
from casework.points import Kind, Repair
from casework.points.ledger import REPAIRS
from dashboards.access.permissions import Action
from dashboards.blocks.step import done
from dashboards.clock import now
from dashboards.formats import DAY_FORMAT, plain
from dashboards.opened import Opened
from dashboards.texts import t, term


def sanction_repair(opened: Opened, practitioner: str, area: str, at: str) -> None:
    """The form, with the caps of the law of `area`; another person reviews what is proposed.

    `at` says whose it is and after how many lines: what was typed for one is not there for the next.
    """
    law = law_on(now().date(), area)
    caps = {kind: cap for kind, rule in REPAIRS.items() if (cap := law.find(rule))}
    if not caps:
        st.text(t("repair.none"))
        return
    words = {kind: term("points_kind", kind) for kind in caps}
    for kind, cap in caps.items():
        unverified = t("sanctioning.unverified") if cap.unverified else ""
        facts = {"kind": words[kind], "most": cap.most, "law": law.cite(cap)}
        st.caption(plain(t("repair.cap", **facts, unverified=unverified)))
    with st.form("points_repair", border=False):
        left, middle, right = st.columns(3)
        chosen = left.selectbox(t("repair.kind"), list(words), format_func=lambda one: words[one])
        given = middle.number_input(t("repair.points"), 1, max(cap.most for cap in caps.values()))
        on = right.date_input(
            t("sanctioning.document.on"), value=now().date(), key="repair_on", format=DAY_FORMAT
        )
        document = st.text_input(t("repair.document"), key=f"repair_document_{at}")
        why = st.text_input(t("sanctioning.why"), key=f"repair_why_{at}")
        if st.form_submit_button(t("repair.do")):
            made = Repair(practitioner, area, Kind(str(chosen)), given, document, on)
            if done(
                opened.workspace.path, Action.SANCTION,
                lambda tx, who: points.propose_repair(tx, who, made, why, now()),
            ):  # fmt: skip
                st.rerun()
