"""How long a sign-in by OIDC lasts: some hours from when the provider made it, or until its person ends it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import streamlit as st

from casework.beijing import BEIJING
from dashboards.clock import now

Key = tuple[str, ...]
_NAMED_BY = ("iss", "sub", "iat", "nonce")


@st.cache_resource
def _ended() -> dict[Key, datetime]:
    """The sign-ins that were ended in this process, and when: a browser's other tabs and copies of its cookie end with them."""
    return {}


def lasts(user: Mapping[str, object], hours: int) -> bool:
    """Whether a sign-in with these claims of its id token still counts, up to `hours` after its `iat`."""
    made = user.get("iat")
    if not isinstance(made, int | float):
        return False
    began = datetime.fromtimestamp(made, BEIJING).replace(tzinfo=None)
    return now() - began < timedelta(hours=hours) and _key(user) not in _ended()


def end(user: Mapping[str, object], hours: int) -> None:
    """Let the sign-in with these claims count no more; those that are over by themselves after `hours` are forgotten."""
    ended, moment = _ended(), now()
    for key, when in list(ended.items()):
        if moment - when > timedelta(hours=hours):
            ended.pop(key, None)
    ended[_key(user)] = moment


def _key(user: Mapping[str, object]) -> Key:
    return tuple(str(user.get(name)) for name in _NAMED_BY)
