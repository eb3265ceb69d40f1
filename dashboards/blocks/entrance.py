"""The door: who may come in, what those read who may not, and who sits there, at the side."""

from functools import cache

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer
from streamlit.navigation.page import StreamlitPage

from casework.people import Actor, Role
from dashboards import state
from dashboards.access.sign_in import DEMO_ROLE, REGION, ROLE, Away, Seat, sign_out
from dashboards.blocks.unmasking import forget_unless
from dashboards.formats import Language, plain
from dashboards.frame import card
from dashboards.navigation import entry_of
from dashboards.table import ASSETS
from dashboards.texts import region, t
from huancha.settings import Settings, SignIn

PICKED = "huancha_demo_role_picker"
PICKED_REGION = "huancha_demo_region_picker"
ASKED = (Away.SIGN_IN, Away.OVER)
"""Who may go on once signed in."""
DEMO_REGIONS = ("", "110000", "120000", "130000")


def enter(seat: Seat, page: StreamlitPage) -> None:
    """Run the page for somebody who may open it; else say why not, and show nothing of it."""
    entry = entry_of(page)
    if seat.away in ASKED or (seat.actor and Settings().sign_in is SignIn.OIDC):
        _keep_wanted(seat)
    forget_unless(entry.name)
    if seat.actor is None:
        _away(seat)
    elif not entry.open_to(seat.actor):
        st.title(t(f"nav.{entry.name}"), anchor=False)
        with card("refused"):
            words = t("separator").join(sorted(t(f"role_of.{role}") for role in entry.roles))
            st.text(t("access.page", roles=words))
    else:
        page.run()


@cache
def _component() -> ComponentRenderer:
    js = (ASSETS / "entrance.js").read_text("utf-8")
    return st.components.v2.component("huancha.entrance", html="<i hidden></i>", js=js)


def _keep_wanted(seat: Seat) -> None:
    """The provider leads back to the first page: the browser goes on from there to the one first asked for."""
    asked = {"signed": seat.actor is not None, "english": state.language() is Language.EN}
    with st.container(key="entrance"):
        _component()(data=asked, key="entrance_wanted")


def _away(seat: Seat) -> None:
    assert seat.away is not None
    st.title(t("access.sign_in"), anchor=False)
    with card("away"):
        st.text(t(f"access.away.{seat.away}", name=seat.name))
        if seat.away in ASKED:
            st.button(t("access.sign_in"), key="sign_in", type="primary", on_click=st.login)
        elif seat.away is Away.UNKNOWN and Settings().sign_in is SignIn.OIDC:
            st.button(t("access.sign_out"), key="sign_out", on_click=sign_out)


def who_sits_here(actor: Actor) -> None:
    """Name, roles and regions; in a demo a picker for them, with OIDC a way out."""
    sign_in = Settings().sign_in
    if sign_in is SignIn.DEMO:
        _pickers()
        return
    words = t("separator").join(sorted(t(f"role_of.{role}") for role in actor.roles))
    regions = t("separator").join(region(code) for code in sorted(actor.regions))
    st.caption(plain(actor.name) + f"  \n{words}" + (f"  \n{regions}" if regions else ""))
    if sign_in is SignIn.OIDC:
        st.button(t("access.sign_out"), key="sign_out", on_click=sign_out, width="stretch")


def _pickers() -> None:
    """A widget of its own for each language: the browser sends the word that was picked, not what it stands for."""
    language = state.language()
    words = {role: t(f"role_of.{role}") for role in Role}
    st.selectbox(
        t("access.demo"),
        list(Role),
        index=list(Role).index(Role(st.session_state.get(ROLE, DEMO_ROLE))),
        format_func=lambda role: words[role],
        help=t("access.demo.help"),
        key=f"{PICKED}_{language}",
        on_change=_take,
        args=(ROLE, f"{PICKED}_{language}"),
    )
    places = {code: region(code) if code else t("access.anywhere") for code in DEMO_REGIONS}
    st.selectbox(
        t("access.demo.region"),
        DEMO_REGIONS,
        index=DEMO_REGIONS.index(st.session_state.get(REGION, "")),
        format_func=lambda code: places[code],
        key=f"{PICKED_REGION}_{language}",
        on_change=_take,
        args=(REGION, f"{PICKED_REGION}_{language}"),
    )


def _take(name: str, widget: str) -> None:
    st.session_state[name] = st.session_state[widget]
