"""Use after death: several dead people's cards at one place; late reports and last bills are not."""

from datetime import timedelta
from pathlib import Path

from tests.graph.found import best, scanned
from tests.graph.town import Town, town

DEAD = list(range(100, 106))


def bury(t: Town, patients: list[int], day: int) -> None:
    for patient in patients:
        t.builder.death(patient, t.builder.day(day).date())


def test_dead_peoples_cards_at_one_pharmacy_are_found(tmp_path: Path) -> None:
    t = town(1, visits=6)
    fresh = t.builder.add_patients(6)
    bury(t, fresh, 60)
    for patient in fresh:
        for d in t.builder.dates(5, 80, 330):
            t.builder.visit(patient, t.shops[7], t.builder.day(d, 15))
    found = scanned(t.builder, tmp_path).of("after_death")
    assert best(found, fresh) >= 0.8
    assert t.shops[7] in found[0].places


def test_a_single_use_is_none(tmp_path: Path) -> None:
    t = town(2, visits=6)
    fresh = t.builder.add_patients(1)
    bury(t, fresh, 60)
    t.builder.visit(fresh[0], t.shops[7], t.builder.day(75, 15))
    assert not scanned(t.builder, tmp_path).of("after_death")


def test_uses_in_the_first_days_are_none(tmp_path: Path) -> None:
    t = town(3, visits=6)
    fresh = t.builder.add_patients(6)
    bury(t, fresh, 60)
    for patient in fresh:
        for d in (61, 63, 65):
            t.builder.visit(patient, t.shops[7], t.builder.day(d, 15))
    assert not scanned(t.builder, tmp_path).of("after_death", "ABC")


def test_deaths_registered_late_and_scattered_are_none(tmp_path: Path) -> None:
    """Thirty people whose ordinary visits simply run on past a wrong date of death."""
    t = town(4)
    for patient in range(200, 230):
        t.builder.death(patient, t.builder.day(t.builder.chance.randint(250, 320)).date())
    assert not scanned(t.builder, tmp_path).touching(set(range(200, 230)))


def test_a_hospital_bill_settled_after_the_death_is_none(tmp_path: Path) -> None:
    t = town(5, visits=6)
    fresh = t.builder.add_patients(8)
    for number, patient in enumerate(fresh):
        admitted = t.builder.day(40 + 9 * number, 10)
        bury(t, [patient], 50 + 9 * number)
        left = admitted + timedelta(days=10)
        late = left + timedelta(days=20)
        t.builder.visit(patient, t.hospitals[0], admitted, stay_until=left, settled=late)
    assert not scanned(t.builder, tmp_path).of("after_death", "ABC")


def test_one_late_use_of_each_is_a_clerks_mistake(tmp_path: Path) -> None:
    t = town(6, visits=6)
    fresh = t.builder.add_patients(6)
    bury(t, fresh, 60)
    for number, patient in enumerate(fresh):
        t.builder.visit(patient, t.shops[7], t.builder.day(110 + 20 * number, 15))
    assert not scanned(t.builder, tmp_path).of("after_death")


def test_a_few_late_uses_again_are_a_lead(tmp_path: Path) -> None:
    t = town(7, visits=6)
    fresh = t.builder.add_patients(3)
    bury(t, fresh, 60)
    for number, patient in enumerate([*fresh, *fresh[:2]]):
        t.builder.visit(patient, t.shops[7], t.builder.day(110 + 20 * number, 15))
    assert best(scanned(t.builder, tmp_path).of("after_death"), fresh) >= 0.8
