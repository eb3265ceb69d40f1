"""Saved views of a ring or an entity: keep this one, open another, delete one's own."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from dashboards import desk_state as memory
from dashboards import state
from dashboards.access.permissions import Action
from dashboards.blocks.desk_notes import author
from dashboards.blocks.desk_start import told
from dashboards.canvas.contract import CanvasView
from dashboards.canvas.strict import CanvasError
from dashboards.clock import now
from dashboards.desk_reads import OnDesk
from dashboards.formats import minute, plain, pseudonym
from dashboards.kept import views as kept
from dashboards.kept.errors import ChangedMeanwhile, Gone, KeptError, NameTaken, NotYours
from dashboards.kept.views import SavedView
from dashboards.person import can, must, person
from dashboards.reading.desk import Desk
from dashboards.table import Cell, Column, Row, Table, show_table
from dashboards.texts import t

LONGEST = 60
MOST_RECENT = 10


def saved_views(on_desk: OnDesk) -> None:
    """Save this desk, and the list of what was saved under its subject."""
    workspace = Path(on_desk.key.workspace)
    subject = memory.desk().subject
    st.caption(t("desk.saved.help", subject=pseudonym(subject)))
    if can(Action.SAVE_VIEW):
        _keep(workspace, subject)
    told("desk.saved")
    found = kept.listed(workspace, subject)
    if not found:
        st.text(t("desk.saved.none"))
        return
    by_id = {str(view.id): view for view in found}
    opened = show_table(_table(found), "desk_saved")
    if opened in by_id:
        open_saved(workspace, by_id[opened])
    _delete(workspace, found)


def recent_views(workspace: Path) -> None:
    """What this person saved last, to go on with from an empty desk."""
    found = kept.latest_of(workspace, person(), MOST_RECENT)
    if not found:
        return
    st.caption(t("desk.saved.recent", n=len(found)))
    opened = show_table(_table(found, about=True), "desk_recent")
    for view in found:
        if opened == str(view.id):
            open_saved(workspace, view)


def _keep(workspace: Path, subject: str) -> None:
    current = memory.saved()
    name_at, new_at, next_at = st.columns([2.2, 1, 1.2], vertical_alignment="bottom")
    name = name_at.text_input(
        t("desk.saved.name"),
        value=current.name if current else "",
        max_chars=LONGEST,
        key=f"desk_saved_name_{memory.canvas_key()}",
    ).strip()
    if new_at.button(t("desk.saved.new"), key="desk_saved_new", width="stretch", disabled=not name):
        _try(
            lambda: kept.create(
                workspace, subject, name, must(Action.SAVE_VIEW).name, _content(), now()
            )
        )
    if current is None:
        return
    label = t("desk.saved.next", name=current.name, version=current.version + 1)
    if next_at.button(plain(label), key="desk_saved_next", width="stretch"):
        _try(lambda: kept.save(workspace, current, must(Action.SAVE_VIEW).name, _content(), now()))


def _content() -> dict[str, object]:
    return {"desk": memory.desk().to_json(), "view": memory.view().to_json()}


def _try(call: Callable[[], SavedView]) -> None:
    try:
        found = call()
    except KeptError as error:
        tell(error)
    else:
        memory.take_saved(found)
        memory.say("desk.saved.done", name=found.name, version=found.version)
    st.rerun()


def tell(error: KeptError) -> None:
    """Say what went wrong in the tab's language."""
    if isinstance(error, ChangedMeanwhile):
        memory.say(
            "desk.saved.changed",
            name=error.name,
            version=error.version,
            who=author(error.author),
            at=minute(error.at),
        )
    elif isinstance(error, NameTaken):
        memory.say("desk.saved.taken", name=error.name)
    elif isinstance(error, NotYours):
        memory.say("desk.saved.foreign", who=author(error.owner))
    elif isinstance(error, Gone):
        memory.say("desk.saved.gone", name=error.name)


def open_saved(workspace: Path, view: SavedView) -> None:
    """Put a saved view on the desk as it was left; say why where that is not possible."""
    try:
        content = kept.body(workspace, view)
        made = Desk.from_json(content.get("desk"))
        left = CanvasView.from_json(content.get("view"))
    except KeptError as error:
        tell(error)
    except (CanvasError, ValueError):
        memory.say("desk.saved.broken", name=view.name)
    else:
        memory.start(made, left, view)
        memory.say("desk.saved.opened", name=view.name, version=view.version)
    st.rerun()


def _table(found: tuple[SavedView, ...], *, about: bool = False) -> Table:
    columns = [
        Column(t("desk.saved.name"), kind="name"),
        Column(t("desk.saved.version"), "right"),
        Column(t("desk.saved.who"), kind="nowrap"),
        Column(t("desk.saved.at"), kind="nowrap"),
    ]
    rows = [
        Row(
            [
                Cell(view.name, sub=_under(view, about=about)),
                str(view.version),
                author(view.author),
                minute(view.at),
            ],
            id=str(view.id),
            href=f"workbench?lang={state.language()}",
        )
        for view in found
    ]
    return Table(t("desk.saved"), columns, rows, height=300)


def _under(view: SavedView, *, about: bool) -> str:
    if about:
        return t("desk.saved.about", subject=pseudonym(view.subject))
    return t("desk.saved.owner", who=author(view.owner))


def _delete(workspace: Path, found: tuple[SavedView, ...]) -> None:
    mine = {view.id: view for view in found if view.owner == person()}
    if not mine or not can(Action.SAVE_VIEW):
        return
    pick, press = st.columns([3, 1], vertical_alignment="bottom")
    chosen = pick.selectbox(
        t("desk.saved.mine"),
        list(mine),
        format_func=lambda id_: mine[id_].name if id_ in mine else "",
        index=None,
        placeholder=t("desk.saved.mine.choose"),
        key="desk_saved_mine",
    )
    if press.button(
        t("desk.saved.delete"), key="desk_saved_delete", width="stretch", disabled=chosen is None
    ):
        view = mine[chosen or 0]
        try:
            kept.delete(workspace, view, must(Action.SAVE_VIEW).name)
        except KeptError as error:
            tell(error)
        else:
            current = memory.saved()
            if current and current.id == view.id:
                memory.take_saved(None)
            memory.say("desk.saved.deleted", name=view.name)
        st.rerun()
