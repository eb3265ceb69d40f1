"""The parts of a dossier: places, uses, visits, shared values. Money in fen."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Place:
    """A place by its public name."""

    key: int
    id: str
    kind: str
    code: str
    name: str
    admdvs: str


@dataclass(frozen=True)
class Use:
    """Visits, distinct patients and fund (fen) of the ring at one place or with one practitioner."""

    visits: int
    people: int
    fund: int


@dataclass(frozen=True)
class PlaceUse:
    """What the ring did at one place. `share` of the place's whole fund, 0 to 1, None if unknown."""

    place: Place
    use: Use
    share: float | None
    in_ring: bool


@dataclass(frozen=True)
class Visit:
    """A visit of the ring. `named` when its evidence names it; fund in fen."""

    setl_id: str
    patient: str
    place: str
    at: datetime
    fund: int
    named: bool
    in_ring: bool
