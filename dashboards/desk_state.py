"""What one tab remembers of its desk: what lies on it, what is chosen, which view is open."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dashboards.canvas.contract import CanvasView
from dashboards.kept.views import SavedView
from dashboards.reading.desk import Desk

DESK = "huancha_desk"
SERIAL = "huancha_desk_serial"
CHOSEN = "huancha_desk_chosen"
FOCUS = "huancha_desk_focus"
PATHS = "huancha_desk_paths"
SAID = "huancha_desk_said"
SAVED = "huancha_desk_saved"
VIEW = "huancha_desk_view"
OPENED_WITH = "huancha_desk_opened_with"
TAKEN = "huancha_desk_taken"
DRAWN = "huancha_desk_drawn"


@dataclass(frozen=True)
class Said:
    """What to tell the user: a key of the catalogue and its facts."""

    key: str
    facts: tuple[tuple[str, object], ...] = ()


def desk() -> Desk:
    """The desk of this tab; empty before anything was put on it."""
    found = st.session_state.get(DESK)
    return found if isinstance(found, Desk) else Desk()


def start(made: Desk, view: CanvasView | None = None, saved: SavedView | None = None) -> None:
    """A new desk, with the view it was left in and the saved version it came from, if any."""
    st.session_state[DESK] = made
    st.session_state[SERIAL] = int(st.session_state.get(SERIAL, 0)) + 1
    st.session_state[OPENED_WITH] = view
    st.session_state[VIEW] = view
    st.session_state[SAVED] = saved
    st.session_state.pop(SAID, None)
    choose(())
    st.session_state[PATHS] = ()


def change(made: Desk) -> None:
    """The same desk after a step or without its last one."""
    st.session_state[DESK] = made
    there = set(made.ids)
    choose([id_ for id_ in chosen() if id_ in there])
    ways = [way for way in paths() if there.issuperset(way)]
    st.session_state[PATHS] = tuple(ways)


def canvas_key() -> str:
    """The name of this desk's canvas in the session: another desk, another canvas."""
    return f"desk_canvas_{st.session_state.get(SERIAL, 0)}"


def opened_with() -> CanvasView | None:
    """The view this desk was opened with."""
    found = st.session_state.get(OPENED_WITH)
    return found if isinstance(found, CanvasView) else None


def view() -> CanvasView:
    """How the canvas stands, as far as the browser has told."""
    found = st.session_state.get(VIEW)
    return found if isinstance(found, CanvasView) else CanvasView()


def take_view(found: CanvasView) -> None:
    """Remember how the canvas stands."""
    st.session_state[VIEW] = found


def chosen() -> tuple[str, ...]:
    """Ids of the nodes and edges chosen on the canvas or in a table."""
    return tuple(st.session_state.get(CHOSEN, ()))


def choose(ids: Sequence[str], *, focus: bool = False) -> None:
    """Choose these; with `focus` the canvas brings them to its middle."""
    st.session_state[CHOSEN] = tuple(ids)
    st.session_state[FOCUS] = tuple(ids) if focus else ()


def focused() -> tuple[str, ...]:
    """What the canvas brings to its middle."""
    return tuple(st.session_state.get(FOCUS, ()))


def paths() -> tuple[tuple[str, ...], ...]:
    """The ways highlighted on the canvas."""
    return tuple(st.session_state.get(PATHS, ()))


def show_paths(ways: Sequence[Sequence[str]]) -> None:
    """Highlight these ways."""
    st.session_state[PATHS] = tuple(tuple(way) for way in ways)


def saved() -> SavedView | None:
    """The saved version this desk came from or was last saved as."""
    found = st.session_state.get(SAVED)
    return found if isinstance(found, SavedView) else None


def take_saved(found: SavedView | None) -> None:
    """Remember the saved version."""
    st.session_state[SAVED] = found


def say(key: str, **facts: object) -> None:
    """Tell the user something, until there is something else to tell."""
    st.session_state[SAID] = Said(key, tuple(facts.items()))


def said(about: str) -> Said | None:
    """What is to be told, if its key begins with `about`."""
    found = st.session_state.get(SAID)
    return found if isinstance(found, Said) and found.key.startswith(about) else None


def newly_drawn() -> bool:
    """Whether the canvas is to show something else than when this was asked last."""
    now = (canvas_key(), desk().ids, paths(), focused())
    before = st.session_state.get(DRAWN)
    st.session_state[DRAWN] = now
    return before != now


def newly_asked(asked: str) -> bool:
    """Whether the address asks for something it did not ask for before in this tab.

    The browser's Back leads to addresses asked for before: they leave the desk as it is.
    """
    taken = _taken()
    if asked in taken:
        return False
    st.session_state[TAKEN] = taken | {asked}
    return True


def ask_anew(asked: str) -> None:
    """Let the desk begin with `asked` although it did so before."""
    st.session_state[TAKEN] = _taken() - {asked}


def leave_for(named: str) -> None:
    """Go to the page of `named`: the browser's way back goes through an address of the page left that names it."""
    st.session_state[TAKEN] = _taken() | {named}


def _taken() -> frozenset[str]:
    return frozenset(st.session_state.get(TAKEN, ()))
