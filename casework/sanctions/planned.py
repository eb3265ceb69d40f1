"""The reach that a proposed sanction carries: what its approver sees is what is ordered, line by line."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework.approval import Proposal
from casework.people import Actor
from casework.sanctions.errors import NoCode, ReachChanged
from casework.sanctions.reach import Codes, Reach, Reached, Registry
from casework.sanctions.rules import Sanction


@dataclass(frozen=True)
class Plan:
    """The registrations a drafted sanction reaches, and the platform's codes in them."""

    snapshot: str
    lines: tuple[Reached, ...]
    codes: Codes

    @property
    def content(self) -> Mapping[str, Any]:
        """What the proposal says of them."""
        return {"snapshot": self.snapshot, "reach": [vars(line) for line in self.lines]}

    def rows(self, no: int, actor: Actor, now: datetime) -> list[dict[str, Any]]:
        """What the store makes orders of once proposal `no` is approved; each with an id nobody else gives."""
        said = f"{no} {actor.name} {now.isoformat()}"
        return [
            {
                "no": no,
                "practitioner": line.practitioner,
                "place": line.place,
                "id": _id(f"{said} {line.practitioner} {line.place}"),
                "area": line.area,
                "practitioner_code": practitioner_code,
                "place_code": place_code,
            }
            for line in self.lines
            for practitioner_code, place_code in [self.codes[line.practitioner, line.place]]
        ]


def planned(draft: Sanction, registry: Registry, today: date) -> Plan:
    """The reach of a drafted sanction as it is today; raises `NoCode` for a registration without its codes."""
    lines = registry.reach(draft, today).registrations
    codes = registry.codes([(line.practitioner, line.place) for line in lines])
    for registration, found in codes.items():
        for id_, code in zip(registration, found, strict=True):
            if not code.strip():
                raise NoCode(id_)
    return Plan(registry.snapshot, lines, codes)


def reach_in(proposal: Proposal, sanction: Sanction) -> Reach:
    """The reach as it was proposed."""
    lines = tuple(Reached(**line) for line in proposal.content["reach"])
    untouched = tuple(p for p in sanction.persons if p.practitioner not in sanction.effects)
    return Reach(lines, untouched)


def unchanged(sanction: Sanction, proposal: Proposal, registry: Registry, today: date) -> None:
    """Let pass what still reaches the registrations proposed; raises `ReachChanged`.

    Registrations, their state and their department are compared; counts of patients and money are as of a day.
    """
    if proposal.content["snapshot"] == registry.snapshot:
        return
    before = set(map(_said, reach_in(proposal, sanction).registrations))
    after = set(map(_said, registry.reach(sanction, today).registrations))
    if before != after:
        raise ReachChanged(sanction.no, sorted(before - after), sorted(after - before))


def _said(line: Reached) -> str:
    return f"{line.practitioner} at {line.place} ({line.department or '-'}, {line.before or '-'})"


def _id(named: str) -> str:
    return f"od_{hashlib.sha256(named.encode()).hexdigest()[:24]}"
