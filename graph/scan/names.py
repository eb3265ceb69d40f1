"""Blind ids of people and places by key: scans work with keys, files carry ids."""

from dataclasses import dataclass
from typing import Self

from graph.scan.world import World


@dataclass(frozen=True)
class Names:
    """Lists indexed by key: blind ids, professions, place kinds, provinces (two digits)."""

    patient: list[str]
    practitioner: list[str]
    profession: list[str]
    place: list[str]
    place_kind: list[str]
    province: list[str]

    @classmethod
    def of(cls, world: World) -> Self:
        """Those of a snapshot; without practitioners their lists are empty."""

        def column(sql: str) -> list[str]:
            return [row[0] or "" for row in world.con.execute(sql).fetchall()]

        staffed = world.has("practitioners")
        return cls(
            column("SELECT id FROM patients ORDER BY patient"),
            column("SELECT id FROM practitioners ORDER BY practitioner") if staffed else [],
            column("SELECT profession FROM practitioners ORDER BY practitioner") if staffed else [],
            column("SELECT id FROM places ORDER BY place"),
            column("SELECT kind FROM places ORDER BY place"),
            column("SELECT left(coalesce(admdvs, ''), 2) FROM places ORDER BY place"),
        )
