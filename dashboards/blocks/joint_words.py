"""How sides and members of joint reviews read on every block that shows them."""

from casework.joint import Member
from dashboards import state
from dashboards.formats import DASH, Language, pseudonym
from dashboards.reading.bureaux import Between
from dashboards.texts import t


def body(found: Between, code: str) -> str:
    """What a body is called in the language of the tab."""
    return found.name(code, chinese=state.language() is Language.ZH) if code else DASH


def bodies(found: Between, codes: tuple[str, ...]) -> str:
    """Several bodies in one line."""
    return " · ".join(body(found, code) for code in codes)


def member(found: Between, one: Member) -> str:
    """Somebody of a joint ring: ours by the end of their id, others by side and number."""
    if one.own:
        return pseudonym(one.blind)
    return t("room.member.other", side=body(found, one.side), n=one.number)
