"""One line of the points ledger: what it gave or took back and by which document, its notices and the appeal."""

import streamlit as st

from casework.notices import About
from casework.points import Kind, Points
from dashboards.blocks.sanction_appeal import sanction_appeal
from dashboards.blocks.sanction_notices import sanction_notices
from dashboards.blocks.sanction_words import reviewed
from dashboards.formats import day, minute, plain, pseudonym
from dashboards.frame import card
from dashboards.navigation import open_sanctions
from dashboards.opened import Opened
from dashboards.reading.objecting import objecting
from dashboards.reading.sanctioning import place_names
from dashboards.table import show_tag
from dashboards.texts import t, term


def sanction_line(opened: Opened, line: Points) -> None:
    """The card; an appeal can only be against points that were given."""
    kind = term("points_kind", line.kind)
    with card("sanction_line", t("pointing.one", no=line.no, kind=kind, points=line.points)):
        show_tag(reviewed(line))
        place = place_names(opened.snapshot, [line.place]).get(line.place, "") if line.place else ""
        document = t("pointing.document", document=line.document, day=day(line.decided_on))
        st.text(" · ".join(filter(None, (pseudonym(line.practitioner), place, document))))
        facts = {"maker": line.maker, "at": minute(line.made_at), "law": line.law}
        st.caption(plain(t("pointing.facts", **facts)))
        if line.grounds:
            duty = term("responsibility", line.responsibility or "")
            st.caption(plain(t("pointing.grounds", grounds=line.grounds, duty=duty)))
        if line.reviewed_at is not None:
            said = {"reviewer": line.reviewer, "at": minute(line.reviewed_at), "why": line.review}
            st.caption(plain(t("sanctioning.decided", **said)))
        if st.button(t("pointing.person"), key="line_person", icon=":material/person:"):
            open_sanctions(who=line.practitioner)
        kept = objecting(opened.workspace, About(line=line.no))
        if line.kind is not Kind.ACT:
            sanction_notices(opened, kept)
            return
        told, against = st.tabs([t("objecting.notices"), t("objecting.appeal")])
        with told:
            sanction_notices(opened, kept)
        with against:
            sanction_appeal(opened, kept)
