"""Who sits before the screen, as the sign-in says it."""

import streamlit as st


def person() -> str:
    """The name of whoever is signed in; empty where nobody signs in."""
    user = st.user.to_dict()
    return str(user.get("email") or user.get("name") or user.get("sub") or "")
