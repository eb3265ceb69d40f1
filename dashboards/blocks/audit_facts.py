"""What an audit entry keeps beside its reason, in words: codes by their names, lists by their length."""

import re
from collections.abc import Mapping
from typing import Any

from dashboards import state
from dashboards.formats import count, money
from dashboards.texts import region, t, term

TERMS: Mapping[str, tuple[str, ...]] = {
    "kind": ("sanction_kind", "notice_kind", "points_kind"),
    "from": ("case_status",),
    "to": ("case_status",),
    "outcome": ("case_outcome",),
    "origin": ("case_origin",),
    "effect": ("sanction_kind",),
    "field": ("identity",),
    "responsibility": ("responsibility",),
    "measure": ("points_measure",),
    "subject": ("export_subject",),
    "profile": ("export_profile",),
}
"""The lists of words a fact's code may stand in."""
AREAS = ("area", "issuer")
MONEY = "fund"
SKIPPED = ("target", "practitioner")
"""What stands in the entry's other columns."""
HASH = re.compile(r"[0-9a-f]{64}")
HEAD = 12
"""How much of a hash is shown."""


def facts_said(facts: Mapping[str, Any]) -> str:
    """One line of `facts`; what is not set is left out, the file to take along holds everything."""
    told = (
        f"{term('audit_fact', name)} {_said(name, value)}"
        for name, value in facts.items()
        if name not in SKIPPED and value not in (None, "", [], {})
    )
    return " · ".join(told)


def _said(name: str, value: object) -> str:
    if isinstance(value, bool):
        return t("yes" if value else "no")
    if isinstance(value, list) and not all(isinstance(one, str | int) for one in value):
        return t("audit.items", n=count(len(value)))
    if isinstance(value, list):
        return t("separator").join(_said(name, one) for one in value)
    if isinstance(value, dict):
        return t("audit.items", n=count(len(value)))
    code = str(value)
    if HASH.fullmatch(code):
        return f"{code[:HEAD]}…"
    if name == MONEY:
        return money(int(code), state.language())
    if name in AREAS:
        return region(code)
    words = (term(group, code) for group in TERMS.get(name, ()))
    return next((word for word in words if word != code), code)
