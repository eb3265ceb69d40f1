"""Notes on the chosen node or edge: written once, read by everybody at the desk."""

from pathlib import Path

import streamlit as st

from dashboards import desk_state as memory
from dashboards.access.permissions import Action
from dashboards.clock import now
from dashboards.desk_reads import OnDesk
from dashboards.formats import minute, plain
from dashboards.kept import notes as kept
from dashboards.person import can, must, person
from dashboards.texts import t


def notes(on_desk: OnDesk, about: str) -> None:
    """What others and oneself wrote about `about`, and a field to write more."""
    workspace = Path(on_desk.key.workspace)
    for note in kept.notes_on(workspace, about):
        with st.container(border=True, key=f"desk_note_{note.id}"):
            st.caption(plain(t("desk.note.by", who=author(note.author), at=minute(note.at))))
            st.text(note.text)
            if note.author == person() and st.button(
                t("desk.note.delete"), key=f"desk_unnote_{note.id}"
            ):
                kept.delete(workspace, note.id, must(Action.NOTE).name)
                st.rerun()
    if not can(Action.NOTE):
        return
    with st.form("desk_note", clear_on_submit=True, border=False):
        text = st.text_area(
            t("desk.note.write"), key="desk_note_text", max_chars=kept.LONGEST, height=110
        )
        if st.form_submit_button(t("desk.note.keep"), width="stretch") and text.strip():
            kept.write(workspace, about, memory.desk().subject, must(Action.NOTE).name, text, now())
            st.rerun()
    st.caption(t("desk.note.help"))


def author(name: str) -> str:
    """Who wrote or saved something; a word for it where nobody signs in."""
    return name or t("desk.somebody")
