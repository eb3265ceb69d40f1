"""What people decided on a node or on a registration, each with the case it was decided in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.model import EdgeKey, EdgeKind, Properties

Target = str | EdgeKey
"""A node's id, or a registration: (REGISTERED_AT, practitioner, place)."""


@dataclass(frozen=True)
class Decision:
    """A state (e.g. 暂停) and the case behind it; None where it was set outside any case."""

    state: str
    case: str | None = None


@dataclass(frozen=True)
class Decisions:
    """What a writer was told: cases withdrawn first, then the state of each target per case.

    A state of None lifts what the case decided on the target. Later entries stand above earlier ones.
    """

    withdrawn: tuple[str, ...] = ()
    states: Mapping[tuple[Target, str | None], str | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.withdrawn or self.states)

    def given(self) -> set[Target]:
        """The targets that get a state and therefore must be there."""
        return {target for (target, _), state in self.states.items() if state is not None}

    def ends(self) -> set[str]:
        """The nodes that must be there: those decided on, and both ends of registrations."""
        found: set[str] = set()
        for target in self.given():
            found |= {target} if isinstance(target, str) else set(target[1:])
        return found

    def registrations(self) -> set[tuple[str, str]]:
        """(practitioner, place) of the registrations that must be there."""
        return {target[1:] for target in self.given() if not isinstance(target, str)}


def columns_of(target: Target) -> tuple[str, str, str]:
    """A target as (kind, source, target); a node has no kind and no target."""
    return ("", target, "") if isinstance(target, str) else (str(target[0]), *target[1:])


def target_of(kind: str, source: str, target: str) -> Target:
    """The target behind what `columns_of` gave."""
    return (EdgeKind(kind), source, target) if kind else source


def shown_of(decision: Decision | None) -> Properties:
    """`decided` and `decided_case`, as properties of a node or an edge."""
    if decision is None:
        return {}
    return {"decided": decision.state} | (
        {"decided_case": decision.case} if decision.case is not None else {}
    )
