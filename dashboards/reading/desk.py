"""What lies on an investigator's desk, step by step, and the way back. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from dashboards.canvas.strict import a_count, a_list, a_text, an_object

MOST_NODES = 2_000
"""A desk that holds more cannot be read; a step that would pass it is cut and says so."""


class StepKind(StrEnum):
    """How nodes came onto the desk."""

    RING = "ring"
    ENTITY = "entity"
    EXPAND = "expand"
    PATH = "path"


@dataclass(frozen=True)
class Step:
    """One step: the nodes it brought, what it was about, and how many there were in all."""

    kind: StepKind
    about: tuple[str, ...]
    ids: tuple[str, ...]
    total: int


@dataclass(frozen=True)
class Desk:
    """The steps so far. `subject` (a ring, a case, or empty) is what views are saved under."""

    subject: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Every node on the desk, each once, in the order they came."""
        return tuple(dict.fromkeys(id_ for step in self.steps for id_ in step.ids))

    @property
    def start(self) -> tuple[str, ...]:
        """What the desk was opened with."""
        return self.steps[0].ids if self.steps else ()

    @property
    def parents(self) -> dict[str, str]:
        """For nodes that came with another one, which."""
        found: dict[str, str] = {}
        for step in self.steps[1:]:
            if step.about:
                found |= {id_: step.about[0] for id_ in step.ids if id_ not in found}
        return {id_: parent for id_, parent in found.items() if id_ not in self.start}

    def take(self, step: Step) -> "Desk":
        """The desk after `step`; nodes that are there already are left out, room is kept.

        A step that brings nothing new leaves the desk as it is.
        """
        there = set(self.ids)
        new = tuple(id_ for id_ in step.ids if id_ not in there)[: MOST_NODES - len(there)]
        return replace(self, steps=(*self.steps, replace(step, ids=new))) if new else self

    def back(self) -> "Desk":
        """The desk before the last step; what it was opened with stays."""
        return replace(self, steps=self.steps[:-1]) if len(self.steps) > 1 else self

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        steps = [
            {"kind": str(s.kind), "about": list(s.about), "ids": list(s.ids), "total": s.total}
            for s in self.steps
        ]
        return {"subject": self.subject, "steps": steps}

    @classmethod
    def from_json(cls, value: object) -> "Desk":
        """Read what `to_json` wrote. Raises `CanvasError`, and ValueError for an unknown kind."""
        given = an_object(value, "desk", frozenset({"subject", "steps"}))
        steps = a_list(given.get("steps", []), "desk.steps", lambda step, _: _step(step))
        return cls(a_text(given.get("subject", ""), "desk.subject"), steps)


def _step(value: object) -> Step:
    given: Mapping[str, Any] = an_object(
        value, "desk.steps", frozenset({"kind", "about", "ids", "total"})
    )
    return Step(
        StepKind(a_text(given.get("kind"), "desk.kind")),
        a_list(given.get("about", []), "desk.about", a_text),
        a_list(given.get("ids", []), "desk.ids", a_text),
        a_count(given.get("total", 0), "desk.total"),
    )
