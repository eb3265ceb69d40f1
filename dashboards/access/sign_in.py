"""Who sits there: by the role picker of a demo, by OIDC, or by the headers of a proxy that is believed."""

import hmac
import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import streamlit as st

from casework.people import Actor, Role
from dashboards.access.signed_in import end, lasts
from huancha.errors import BadSetting
from huancha.people import read_people
from huancha.settings import Settings, SignIn, read_settings

ROLE = "huancha_demo_role"
REGION = "huancha_demo_region"
DEMO_ROLE = Role.INVESTIGATOR
SECRET_HEADER = "X-Huancha-Secret"  # noqa: S105 the name of a header
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


class Away(StrEnum):
    """Why nobody sits there."""

    SIGN_IN = "sign_in"
    OVER = "over"
    UNKNOWN = "unknown"
    OUTSIDE = "outside"
    PROXY = "proxy"
    SETTINGS = "settings"


@dataclass(frozen=True)
class Seat:
    """The person, or why there is none; `name` is what an unknown one is called."""

    actor: Actor | None
    away: Away | None = None
    name: str = ""


@dataclass(frozen=True)
class Claim:
    """Who a proxy says is there."""

    name: str
    groups: tuple[str, ...]


def seated() -> Seat:
    """Who sits before this tab, as the settings say people sign in."""
    try:
        settings = read_settings()
        if settings.sign_in is SignIn.DEMO:
            return _demo()
        return _oidc(settings) if settings.sign_in is SignIn.OIDC else _proxy(settings)
    except BadSetting:
        return Seat(None, Away.SETTINGS)


def _demo() -> Seat:
    if not loopback_only(st.get_option("server.address")) or any(
        name in st.context.headers for name in FORWARDED
    ):
        return Seat(None, Away.OUTSIDE)
    role = Role(st.session_state.get(ROLE, DEMO_ROLE))
    region = st.session_state.get(REGION)
    return Seat(Actor(f"demo-{role}", frozenset({role}), frozenset({region} if region else ())))


def loopback_only(address: object) -> bool:
    """Whether a server that listens on `address` is reached from its own machine alone."""
    try:
        return ipaddress.ip_address(str(address)).is_loopback
    except ValueError:
        return False


def _oidc(settings: Settings) -> Seat:
    user = st.user.to_dict()
    if not user.get("is_logged_in"):
        return Seat(None, Away.SIGN_IN)
    if not lasts(user, settings.sign_in_hours):
        return Seat(None, Away.OVER)
    name = str(user.get(settings.name_claim) or "")
    if settings.name_claim == "email" and user.get("email_verified") is False:
        return Seat(None, Away.UNKNOWN, name)
    groups: object = user.get(settings.groups_claim)
    listed = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    return _known(settings, Claim(name, tuple(str(group) for group in listed)))


def sign_out() -> None:
    """End an OIDC sign-in: in this tab, in the browser's others, and at the provider."""
    end(st.user.to_dict(), read_settings().sign_in_hours)
    st.logout()


def _proxy(settings: Settings) -> Seat:
    headers = st.context.headers
    peer = st.context.ip_address or "127.0.0.1" if len(headers) else ""
    claim = claimed(headers.get_all, peer, settings)
    return Seat(None, Away.PROXY) if claim is None else _known(settings, claim)


def claimed(header: Callable[[str], Sequence[str]], peer: str, settings: Settings) -> Claim | None:
    """Who the proxy at `peer` says is there; None unless it is ours and its headers are single and whole.

    `header` gives all values of a header. Raises `BadSetting` without addresses or a secret to believe in.
    """
    secret = settings.shared_secret()
    if not _ours(peer, settings):
        return None
    secrets, names = header(SECRET_HEADER), header(settings.proxy_user)
    if len(secrets) != 1 or not hmac.compare_digest(secrets[0].encode(), secret.encode()):
        return None
    if len(names) != 1 or not names[0].strip():
        return None
    groups = header(settings.proxy_groups)
    if len(groups) > 1:
        return None
    listed = (group.strip() for group in "".join(groups).split(","))
    return Claim(names[0].strip(), tuple(group for group in listed if group))


def _ours(peer: str, settings: Settings) -> bool:
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in settings.proxies())


def _known(settings: Settings, claim: Claim) -> Seat:
    actor = read_people(settings.people).actor(claim.name, claim.groups)
    return Seat(None, Away.UNKNOWN, claim.name) if actor is None else Seat(actor)
