"""A town in which nothing is planted yet: people, clinics, pharmacies, hospitals, a year of visits."""

from dataclasses import dataclass
from datetime import timedelta

from tests.graph.worlds import DAYS, WorldBuilder


@dataclass(frozen=True)
class Town:
    """A builder and the keys of what it holds."""

    builder: WorldBuilder
    patients: list[int]
    clinics: list[int]
    shops: list[int]
    hospitals: list[int]


def town(seed: int = 1, patients: int = 1200, visits: float = 10.0, stays: int = 0) -> Town:
    """Clinics, with three doctors each, and pharmacies; `stays` ordinary stays at four hospitals."""
    builder = WorldBuilder(seed)
    people = builder.add_patients(patients)
    clinics = builder.add_places(14)
    shops = builder.add_places(8, "pharmacy")
    for clinic in clinics:
        builder.add_practitioners(3, clinic)
    builder.background(visits)
    hospitals = builder.add_places(4)
    for _ in range(stays):
        admitted = builder.day(
            builder.chance.randrange(DAYS - 30),
            builder.chance.randint(8, 17),
            builder.chance.randrange(60),
        )
        builder.visit(
            builder.chance.choice(people),
            builder.chance.choice(hospitals),
            admitted,
            stay_until=admitted + timedelta(days=builder.chance.randint(3, 16), hours=2),
            fund=400_000,
        )
    return Town(builder, people, clinics, shops, hospitals)
