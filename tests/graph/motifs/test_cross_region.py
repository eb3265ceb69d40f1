"""People from afar filed by one agent: common days at few places are found; labour, students and families are not."""

from pathlib import Path

import pytest

from tests.graph.found import Scanned, best, scanned
from tests.graph.town import Town, town
from tests.graph.worlds import FAR_TOWN

LEAST, MOST = 40, 300


def with_guests(seed: int, homes: tuple[str, ...] = (FAR_TOWN, "340102")) -> tuple[Town, list[int]]:
    """A town, and ten people from other provinces who were filed by one agent; others travel too."""
    t = town(seed)
    guests = [t.builder.add_patients(1, homes[k % len(homes)])[0] for k in range(10)]
    others = t.builder.add_patients(120, FAR_TOWN)
    t.builder.background(2, patients=others, places=[*t.clinics, *t.shops])
    agent = t.builder.token("certno", [], "agnter_certno")
    for guest in guests:
        t.builder.filing(guest, t.builder.day(LEAST - 5).date(), agent)
    return t, guests


def come(t: Town, guests: list[int], days: list[int], places: list[int], size: int = 6) -> None:
    """On each day some of the guests at one of the places, hours apart."""
    for d in days:
        place = t.builder.chance.choice(places)
        for guest in t.builder.chance.sample(guests, size):
            at = t.builder.day(d, t.builder.chance.randint(8, 17), t.builder.chance.randrange(60))
            t.builder.visit(guest, place, at)


def scatter(t: Town, guests: list[int], visits: int, places: list[int]) -> None:
    """Everybody goes where and when they please."""
    for guest in guests:
        for d in t.builder.dates(visits, LEAST, MOST):
            at = t.builder.day(d, t.builder.chance.randint(8, 17), t.builder.chance.randrange(60))
            t.builder.visit(guest, t.builder.chance.choice(places), at)


def leads(found: Scanned, people: list[int]) -> float:
    return best(found.of("cross_region"), people)


def test_guests_who_share_days_at_two_clinics_are_found(tmp_path: Path) -> None:
    t, guests = with_guests(1)
    come(t, guests, t.builder.dates(6, LEAST, MOST), [t.clinics[10], t.clinics[12]])
    found = scanned(t.builder, tmp_path)
    assert leads(found, guests) >= 0.8
    assert found.of("cross_region")[0].places <= {t.clinics[10], t.clinics[12]}


def test_locals_among_them_belong_to_it(tmp_path: Path) -> None:
    t, guests = with_guests(2, (FAR_TOWN, "330102"))
    come(t, guests, t.builder.dates(6, LEAST, MOST), [t.clinics[10]])
    assert leads(scanned(t.builder, tmp_path), guests) >= 0.8


def test_one_common_day_is_none(tmp_path: Path) -> None:
    t, guests = with_guests(3)
    come(t, guests, [100], [t.clinics[10]])
    assert not scanned(t.builder, tmp_path).of("cross_region", "ABC")


def test_workers_filed_by_their_agency_go_where_they_please(tmp_path: Path) -> None:
    t, guests = with_guests(4)
    scatter(t, guests, 5, t.clinics + t.shops)
    assert not scanned(t.builder, tmp_path).of("cross_region", "ABC")


def test_workers_near_one_clinic_on_their_own_days_are_none(tmp_path: Path) -> None:
    t, guests = with_guests(5)
    scatter(t, guests, 3, [t.clinics[10]])
    assert not scanned(t.builder, tmp_path).of("cross_region")


@pytest.mark.parametrize("reason", ["employer", "school"])
def test_what_binds_them_explains_the_common_days(tmp_path: Path, reason: str) -> None:
    t, guests = with_guests(6)
    if reason == "employer":
        t.builder.token("employer", guests, "emp_no")
    else:
        for guest in guests:
            t.builder.tables["patients"][guest]["birth_year"] = 2009
    come(t, guests, t.builder.dates(6, LEAST, MOST), [t.clinics[10]])
    found = scanned(t.builder, tmp_path)
    said = [
        e.note_en.split("|")[:2]
        for ring in found.of("cross_region", "ABC")
        for e in found.scan.evidence(ring.ring)
        if e.motif == "cross_region" and e.kind == "explanation"
    ]
    assert [reason, "explains"] in said


def test_a_family_on_its_travels_is_none(tmp_path: Path) -> None:
    t, guests = with_guests(9)
    for other in guests[1:]:
        t.builder.kin(guests[0], other)
    come(t, guests, t.builder.dates(6, LEAST, MOST), [t.clinics[10]])
    assert not scanned(t.builder, tmp_path).of("cross_region", "ABC")


def test_dialysis_away_from_home_is_none(tmp_path: Path) -> None:
    t, guests = with_guests(7)
    for week in range(20):
        for weekday in (0, 2, 4):
            for guest in guests[:5]:
                at = t.builder.day(7 * (week + 8) + weekday, 7, 20 + t.builder.chance.randrange(30))
                t.builder.visit(guest, t.clinics[10], at)
    assert not scanned(t.builder, tmp_path).touching(set(guests))


def test_at_home_it_is_none(tmp_path: Path) -> None:
    t, guests = with_guests(8, ("330102", "330106"))
    come(t, guests, t.builder.dates(6, LEAST, MOST), [t.clinics[10]])
    assert not scanned(t.builder, tmp_path).of("cross_region", "ABC")
