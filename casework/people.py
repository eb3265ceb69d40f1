"""Who acts: a person's name, what they may do, and for which regions."""

from dataclasses import dataclass
from enum import StrEnum

from casework.errors import UnknownActor


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
