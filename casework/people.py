"""Who acts: a person's name, what they may do, and for which regions."""

from dataclasses import dataclass
from enum import StrEnum

from casework.errors import NotAllowed, UnknownActor


class Role(StrEnum):
    """What a person may do; somebody may hold several."""

    VIEWER = "viewer"
    INVESTIGATOR = "investigator"
    APPROVER = "approver"
    LIAISON = "liaison"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True)
class Actor:
    """A person as the installation knows them. No `regions` (区划 codes) means all regions.

    Raises `UnknownActor` without a name or without a role: nothing is ever done by nobody.
    """

    name: str
    roles: frozenset[Role]
    regions: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.name.strip() or not self.roles:
            raise UnknownActor(self.name)


def require(actor: Actor, role: Role, area: str = "") -> None:
    """Let pass who holds `role` in `area` (a 区划 code; none: anywhere); raises `UnknownActor`, `NotAllowed`."""
    if not isinstance(actor, Actor):
        raise UnknownActor("")
    if role not in actor.roles or not inside(actor.regions, area):
        raise NotAllowed(actor.name, role, area)


def inside(regions: frozenset[str], area: str) -> bool:
    """Whether `area` lies in one of `regions`, or in none that would be known; no `regions`: all."""
    return not regions or not area or area.startswith(tuple(map(prefix_of, regions)))


def prefix_of(region: str) -> str:
    """What every 区划 code below `region` begins with: pairs of zeros at its end stand for all (110000: 11)."""
    while region.endswith("00"):
        region = region[:-2]
    return region
