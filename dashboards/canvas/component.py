"""The canvas inside Streamlit: `draw` shows a `Canvas` and says what the user did."""

import os
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

from dashboards import state
from dashboards.canvas import bundle
from dashboards.canvas.contract import FLOOD, Canvas, CanvasView
from dashboards.canvas.events import Events, events_of
from dashboards.canvas.look import DARK, LIGHT, Theme, looks
from dashboards.catalogue import canvas as words
from dashboards.document import TAGS
from dashboards.formats import Language
from dashboards.texts import say, t

PACKAGE = "huancha"
NAME = "canvas"
HEIGHT = 640
HANDLE = "HUANCHA_CANVAS_HANDLE"
"""Set to 1, the browser tests find the engine as `window.huanchaCanvas`."""

TRIGGERS = ("expand", "menu", "path", "saved", "view")
STATES = ("selected",)


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component(
        f"{PACKAGE}.{NAME}", css=bundle.STYLE, js=bundle.SCRIPT, html='<div class="canvas"></div>'
    )


def _announce() -> None:
    """Tell Streamlit where the bundle lies, so that browsers fetch it once and keep it.

    Streamlit looks for such folders in an installed package of the distribution's own name; ours
    has another, and so it is told here.
    """
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(f"{PACKAGE}.{NAME}") is None:
        config = ComponentConfig(NAME, bundle.DIST.name)
        manager.register_from_manifest(
            ComponentManifest(PACKAGE, "0", [config]), bundle.DIST.parent
        )


def draw(
    canvas: Canvas,
    key: str,
    *,
    height: int = HEIGHT,
    theme: Theme | None = None,
    on_event: Callable[[Events], None] | None = None,
) -> Events:
    """Show `canvas`, `height` px high, in the language of the tab; return what the user did.

    `key` names this canvas within the session: under it the view is kept and put back when the user
    leaves the page and returns. `on_event` is called before the page runs again, with the one event
    that happened, so that the page can change what it draws without a second run. `theme` is that of
    the page unless given. Without a built bundle a sentence says so and nothing can happen.
    """
    if not bundle.built():
        st.warning(f"{t('canvas.missing')} {t('canvas.missing.why')}")
        if canvas.said:
            st.text(canvas.said)
        return Events()
    _announce()
    opened = _opened(canvas, key)
    told = payload(canvas, state.language(), theme or page_theme())
    told |= {"view": opened.to_json() if opened else None, "height": height}
    told["handle"] = os.environ.get(HANDLE) == "1"
    calls: dict[str, Any] = {
        f"on_{name}_change": partial(_happened, canvas, key, name, on_event)
        for name in (*TRIGGERS, *STATES)
    }
    result = _component()(key=key, data=told, **calls)
    return events_of(canvas, **{name: result.get(name) for name in (*TRIGGERS, *STATES)})


def payload(canvas: Canvas, language: Language, theme: Theme) -> dict[str, Any]:
    """What the engine needs to draw `canvas` anywhere: content, words, looks, limits."""
    told = canvas.to_json()
    told["strings"] = {
        name.partition(".")[2]: say(language, name)
        for name in words.TEXTS
        if name.startswith("canvas.")
    }
    told["looks"] = looks(theme, partial(say, language))
    told["lang"] = TAGS[language]
    told["flood"] = FLOOD
    return told


def page_theme() -> Theme:
    """Light or dark as the page is; light when the browser has not said."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def _opened(canvas: Canvas, key: str) -> CanvasView | None:
    """The view to open with: as the user left it in this tab, else the canvas's own.

    The same answer until the canvas opens anew, so that nothing is sent twice.
    """
    memory, latest = f"{key}_opened", f"{key}_left"
    before = st.session_state.get(memory)
    fresh = key not in st.session_state
    if before is None or before[0] != canvas.restore:
        st.session_state[memory] = (canvas.restore, canvas.view)
        st.session_state.pop(latest, None)
    elif fresh:
        left = st.session_state.get(latest)
        st.session_state[memory] = (canvas.restore, left or canvas.view)
    found: CanvasView | None = st.session_state[memory][1]
    return found


def _happened(
    canvas: Canvas, key: str, name: str, on_event: Callable[[Events], None] | None
) -> None:
    sent = st.session_state.get(key) or {}
    events = events_of(canvas, **{name: sent.get(name)})
    if events.view is not None:
        st.session_state[f"{key}_left"] = events.view
    if on_event is not None:
        on_event(events)
