"""What nodes and edges are called on screen: masked, in the tab's language. Nothing else names them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from dashboards import state
from dashboards.formats import count, day, days, minute, money, pseudonym
from dashboards.reading.walks import day_of
from dashboards.texts import TEXTS, region, t, term
from graph.model import EdgeKind, NodeKind

PLACES = (NodeKind.FACILITY, NodeKind.PHARMACY)
Facts = Mapping[str, Any]


def name_of(id_: str, facts: Facts) -> str:
    """A place by its public name, a token by its kind, everybody else by the end of the id."""
    kind = facts.get("kind")
    if kind in PLACES:
        return str(facts.get("label") or pseudonym(id_))
    if kind == NodeKind.TOKEN:
        return term("token", str(facts.get("token_kind") or "")) or term("kind", str(kind))
    return pseudonym(id_)


def kind_word(facts: Facts) -> str:
    """The kind of a node; a practitioner's profession where it is known."""
    if facts.get("kind") == NodeKind.PRACTITIONER and facts.get("profession"):
        return term("role", str(facts["profession"]))
    return term("kind", str(facts.get("kind")))


def letter_of(facts: Facts) -> str:
    """The letter inside the shape."""
    kind = str(facts.get("kind"))
    finer = {NodeKind.PRACTITIONER: "profession", NodeKind.TOKEN: "token_kind"}
    code = facts.get(finer.get(NodeKind(kind), ""))
    return term("letter", str(code)) if code else term("letter", kind)


def sub_of(id_: str, facts: Facts) -> str:
    """The smaller line: what tells two of the same name apart."""
    kind = facts.get("kind")
    parts = []
    if kind in PLACES:
        parts = [facts.get("code"), region(str(facts.get("admdvs") or ""))]
    elif kind == NodeKind.TOKEN:
        parts = [pseudonym(id_), t("desk.holders", n=count(facts.get("holders")))]
    elif kind == NodeKind.PATIENT:
        year = facts.get("birth_year")
        parts = [t("desk.born", year=year) if year else "", _gender(facts)]
    elif kind == NodeKind.RING:
        parts = [term("grade", str(facts.get("grade")))] if facts.get("grade") else []
    return " · ".join(str(part) for part in parts if part)


def _gender(facts: Facts) -> str:
    return term("gender", str(facts["gend"])) if facts.get("gend") in ("1", "2") else ""


def hint_of(id_: str, facts: Facts) -> str:
    """What shows on hovering."""
    lines = [f"{kind_word(facts)} {name_of(id_, facts)}", sub_of(id_, facts), id_]
    if facts.get("decided"):
        lines.insert(2, t("desk.decided", state=facts["decided"]))
    return "\n".join(line for line in lines if line)


def count_of(kind: str, facts: Facts) -> int:
    """Visits, prescriptions or meetings of an edge; 0 where it counts nothing."""
    name = {EdgeKind.CO_VISITED: "observed", EdgeKind.PRESCRIBED_TO: "prescriptions"}
    value = facts.get(name.get(EdgeKind(kind), "visits"))
    return value if isinstance(value, int) else 0


def money_of(facts: Facts) -> int | None:
    """The money of an edge (fen), where it has any."""
    value = facts.get("fund", facts.get("amount"))
    return value if isinstance(value, int) else None


def span_of(facts: Facts) -> str:
    """The days of an edge."""
    first, last = (
        day_of(facts.get("first", facts.get("from"))),
        day_of(facts.get("last", facts.get("to"))),
    )
    return days(first, last, state.language()) if first or last else ""


def said_of(kind: str, facts: Facts) -> str:
    """An edge's facts in one line: how often, how much, in which state, by which fields."""
    parts = []
    number = count_of(kind, facts)
    if number:
        parts.append(t("desk.times", n=count(number)))
    if kind == EdgeKind.CO_VISITED and facts.get("expected") is not None:
        parts.append(t("desk.expected", n=f"{float(facts['expected']):.2g}"))
    if money_of(facts) is not None:
        parts.append(money(money_of(facts), state.language()))
    if facts.get("state"):
        parts.append(str(facts["state"]))
    if facts.get("role"):
        parts.append(term("role", str(facts["role"])))
    parts += [term("field", str(name)) for name in facts.get("fields") or ()]
    parts += [str(name) for name in facts.get("relations") or ()]
    return " · ".join(parts)


_GROUPS = {"profession": "role", "token_kind": "token", "gend": "gender"}
"""Facts whose words stand under another name."""


def facts_in(facts: Facts) -> list[tuple[str, str]]:
    """(word, value) of every fact there is a word for; the rest is for machines."""
    return [
        (t(f"fact.{name}"), _value(name, value))
        for name, value in facts.items()
        if f"fact.{name}" in TEXTS
    ]


def _value(name: str, value: object) -> str:
    if isinstance(value, bool):
        return t("yes" if value else "no")
    if isinstance(value, datetime):
        return minute(value)
    if isinstance(value, date):
        return day(value)
    if name.endswith("admdvs"):
        return region(str(value))
    if name in ("visits", "patients", "practitioners", "places", "holders", "beds"):
        return count(int(str(value)))
    if name == "confidence":
        return f"{float(str(value)):.0%}"
    return term(_GROUPS.get(name, name), str(value))
