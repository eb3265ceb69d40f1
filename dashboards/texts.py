"""Every sentence on screen, in Chinese and English. `t` says one in the language of the tab."""

from typing import Final

from dashboards import state
from dashboards.catalogue import (
    access,
    audit,
    audit_facts,
    bureaux,
    canvas,
    cases,
    desk,
    draws,
    exports,
    intake,
    jobs,
    joint,
    measuring,
    methods,
    objecting,
    overview,
    parameters,
    profile,
    referral,
    refusals,
    ring,
    rings,
    sanctioning,
    sanctions,
    scans,
    shell,
    space,
    terms,
    tips,
)
from dashboards.catalogue.regions import DIVISIONS, PROVINCES
from dashboards.formats import DASH, Language
from graph.motifs import MOTIFS

Pair = tuple[str, str]

TEXTS: Final[dict[str, Pair]] = {
    **shell.TEXTS,
    **access.TEXTS,
    **audit.TEXTS,
    **audit_facts.TEXTS,
    **terms.TEXTS,
    **canvas.TEXTS,
    **desk.TEXTS,
    **profile.TEXTS,
    **overview.TEXTS,
    **rings.TEXTS,
    **ring.TEXTS,
    **intake.TEXTS,
    **scans.TEXTS,
    **jobs.TEXTS,
    **parameters.TEXTS,
    **methods.TEXTS,
    **space.TEXTS,
    **joint.TEXTS,
    **bureaux.TEXTS,
    **referral.TEXTS,
    **refusals.TEXTS,
    **exports.TEXTS,
    **cases.TEXTS,
    **sanctioning.TEXTS,
    **objecting.TEXTS,
    **measuring.TEXTS,
    **sanctions.TEXTS,
    **tips.TEXTS,
    **draws.TEXTS,
}


def say(language: Language, key: str, **facts: object) -> str:
    """The sentence `key` in `language`, its `{facts}` filled in. KeyError for an unknown key."""
    zh, en = TEXTS[key]
    sentence = zh if language is Language.ZH else en
    return sentence.format(**facts) if facts else sentence


def t(key: str, **facts: object) -> str:
    """The sentence `key` in the language of this tab."""
    return say(state.language(), key, **facts)


def term(group: str, code: str) -> str:
    """The word for a code of a closed list (`grade`, `role`, `warning` …); the code itself if new."""
    key = f"{group}.{code}"
    return t(key) if key in TEXTS else code


WHOLE = "000000"
"""The code of the whole country."""


def region(code: str) -> str:
    """The name of a division with its province, as far as known; the code itself if not."""
    if code == WHOLE:
        return t("region.whole")
    place = 0 if state.language() is Language.ZH else 1
    province = PROVINCES.get(code[:2])
    if province is None:
        return code or DASH
    division = DIVISIONS.get(code) or DIVISIONS.get(code[:4])
    if division is None:
        return province[place] if code[2:] in ("", "0000", "00") else f"{province[place]} {code}"
    if state.language() is Language.ZH:
        return province[0] + division[0]
    return f"{division[1]}, {province[1]}"


def motif_title(name: str) -> str:
    """What a motif is called on screen; its name in files if this version does not know it."""
    side = "title_zh" if state.language() is Language.ZH else "title_en"
    return next((motif.text[side] for motif in MOTIFS if motif.name == name), name)


def both(zh: str | None, en: str | None) -> str:
    """Of a sentence stored in both languages, the one for this tab; the other if it is missing."""
    first, second = (zh, en) if state.language() is Language.ZH else (en, zh)
    return first or second or ""


_SECTIONS = {
    "meaning": ("含义", "Meaning"),
    "misleads": ("误判", "Misleads"),
    "source": ("Source", "Source"),
}


def motif_section(name: str, section: str) -> str:
    """The `meaning`, `misleads` or `source` of a motif, from its documentation; empty if new."""
    if section == "source" and f"motif_source.{name}" in TEXTS:
        return t(f"motif_source.{name}")
    zh, en = _SECTIONS[section]
    heading = zh if state.language() is Language.ZH else en
    return next((motif.text.get(heading, "") for motif in MOTIFS if motif.name == name), "")
