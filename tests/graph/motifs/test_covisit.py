"""Cards used together: pooled cards are found; courses, families, homes, staff and crowds explain themselves."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.graph.found import best, scanned
from tests.graph.town import Town, town

RING = list(range(100, 109))


def pool(seed: int = 1, gatherings: int = 12) -> Town:
    """Nine cards, most of them used within minutes of each other on days without rhythm."""
    t = town(seed)
    b = t.builder
    for d in b.dates(gatherings):
        at = b.day(d, b.chance.randint(8, 18), b.chance.randint(0, 59))
        b.gathering(b.chance.sample(RING, 7), t.shops[3], at)
    return t


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_pool_of_cards_is_a_ring_of_grade_a(tmp_path: Path, seed: int) -> None:
    t = pool(seed)
    rings = scanned(t.builder, tmp_path).of("covisit", "A")
    assert best(rings, RING) >= 0.8
    assert t.shops[3] in rings[0].places


def test_a_pool_that_moves_between_places_is_found(tmp_path: Path) -> None:
    t = town(4)
    b = t.builder
    for d in b.dates(15):
        at = b.day(d, b.chance.randint(8, 18), b.chance.randint(0, 59))
        b.gathering(b.chance.sample(RING, 7), b.chance.choice(t.shops[:3]), at)
    assert best(scanned(b, tmp_path).of("covisit"), RING) >= 0.8


def twice_a_week(t: Town, apart: int, at: int) -> None:
    """The cards of the ring at one place on two weekdays over ten weeks, the later each `apart` minutes after the one before."""
    b = t.builder
    for week in range(3, 13):
        for weekday in (1, 4):
            start = b.day(7 * week + weekday, 12, b.chance.randint(0, 20))
            for k, patient in enumerate(b.chance.sample(RING, 8)):
                b.visit(patient, at, start + timedelta(minutes=apart * k))


def test_a_pool_that_keeps_its_weekdays_at_a_pharmacy_counter_is_a_ring(tmp_path: Path) -> None:
    t = town(16)
    twice_a_week(t, 1, t.shops[3])
    assert best(scanned(t.builder, tmp_path).of("covisit"), RING) >= 0.8


def test_customers_who_keep_their_weekdays_each_at_an_hour_of_his_own_are_no_ring(
    tmp_path: Path,
) -> None:
    t = town(16)
    twice_a_week(t, 55, t.shops[3])
    assert not scanned(t.builder, tmp_path).touching(set(RING))


def test_the_same_weekdays_at_a_clinic_are_a_course(tmp_path: Path) -> None:
    t = town(16)
    twice_a_week(t, 1, t.clinics[3])
    assert not scanned(t.builder, tmp_path).touching(set(RING))


def test_a_monthly_drug_day_at_a_pharmacy_is_no_ring(tmp_path: Path) -> None:
    """Forty people fetch a month's medicine on the same date, spread over the hours."""
    t = town(17)
    b = t.builder
    for month in range(11):
        for patient in b.chance.sample(range(100, 140), 30):
            at = b.day(28 * month + 8, b.chance.randint(8, 18), b.chance.randint(0, 59))
            b.visit(patient, t.shops[2], at)
    assert not scanned(b, tmp_path).touching(set(range(100, 140)))


def test_the_same_days_hours_apart_are_no_ring(tmp_path: Path) -> None:
    t = town(5)
    b = t.builder
    for d in b.dates(12):
        for k, patient in enumerate(b.chance.sample(RING, 7)):
            b.visit(patient, t.shops[3], b.day(d, 8 + 2 * k % 13, b.chance.randint(0, 59)))
    assert best(scanned(b, tmp_path).of("covisit"), RING) < 0.5


def test_one_crowded_hour_is_no_ring(tmp_path: Path) -> None:
    t = town(6)
    t.builder.gathering(range(100, 130), t.shops[3], t.builder.day(77, 10, 15), spread=10)
    assert not scanned(t.builder, tmp_path).of("covisit")


def test_a_town_without_rings_has_none(tmp_path: Path) -> None:
    assert not scanned(town(7).builder, tmp_path).rings


def test_dialysis_on_fixed_weekdays_is_no_ring(tmp_path: Path) -> None:
    t = town(8)
    b = t.builder
    centre = b.add_places(1)[0]
    for week in range(45):
        for weekday in (0, 2, 4):
            b.gathering(range(200, 212), centre, b.day(7 * week + weekday, 7, 20), spread=25)
    assert not scanned(b, tmp_path).touching(set(range(200, 212)))


def test_a_family_that_shops_together_is_no_ring(tmp_path: Path) -> None:
    t = town(9)
    b = t.builder
    for other in (301, 302, 303):
        b.kin(300, other)
    for d in b.dates(14):
        b.gathering(range(300, 304), t.shops[1], b.day(d, b.chance.randint(9, 18)), spread=4)
    assert not scanned(b, tmp_path).touching({300, 301, 302, 303})


def test_a_care_home_seen_together_is_no_ring(tmp_path: Path) -> None:
    t = town(10)
    b = t.builder
    home = range(400, 414)
    b.token("address", home, "live_addr")
    for d in b.dates(12):
        b.gathering(b.chance.sample(home, 10), t.clinics[4], b.day(d, 9, 10), spread=25)
    assert not scanned(b, tmp_path).touching(set(home))


def test_colleagues_at_the_company_clinic_are_no_ring(tmp_path: Path) -> None:
    t = town(11)
    b = t.builder
    staff = range(500, 512)
    b.token("employer", staff, "emp_no")
    for d in b.dates(12):
        at = b.day(d, b.chance.randint(12, 13), b.chance.randint(0, 59))
        b.gathering(b.chance.sample(staff, 8), t.clinics[5], at, spread=20)
    assert not scanned(b, tmp_path).touching(set(staff))


@pytest.mark.parametrize(("at", "days", "grades"), [(5, 12, "B"), (5, 4, ""), (6, 12, "")])
def test_own_staff_who_are_patients_together_are_a_lead_unless_seldom_or_elsewhere(
    tmp_path: Path, at: int, days: int, grades: str
) -> None:
    t = town(11)
    b = t.builder
    staff = range(500, 512)
    b.token("employer", staff, "emp_no")
    for patient, code in zip(staff, b.add_practitioners(12, t.clinics[at], "nurse"), strict=True):
        b.hold(b.token("certno", [patient], "certno"), [code], "certno", "practitioner")
    for d in b.dates(days):
        when = b.day(d, b.chance.randint(8, 17), b.chance.randint(0, 59))
        b.gathering(b.chance.sample(staff, 8), t.clinics[5], when, spread=20)
    rings = scanned(b, tmp_path).touching(set(staff))
    assert "".join(r.grade for r in rings) == grades


@pytest.mark.parametrize(("fixed", "grades"), [(False, "B"), (True, "")])
def test_own_staff_who_fill_the_end_of_the_month_are_a_lead_unless_at_a_fixed_hour_of_the_week(
    tmp_path: Path, fixed: bool, grades: str
) -> None:
    t = town(11)
    b = t.builder
    staff = range(500, 512)
    b.token("employer", staff, "emp_no")
    for patient, code in zip(staff, b.add_practitioners(12, t.clinics[5], "nurse"), strict=True):
        b.hold(b.token("certno", [patient], "certno"), [code], "certno", "practitioner")
    for month in range(12):
        hour = 15 if fixed else b.chance.randint(8, 17)
        day = 28 * month + 5 if fixed else 30 * month + b.chance.randint(24, 27)
        when = b.day(day, hour, b.chance.randint(0, 9 if fixed else 59))
        b.gathering(b.chance.sample(staff, 8), t.clinics[5], when, spread=20)
    rings = scanned(b, tmp_path).touching(set(staff))
    assert "".join(r.grade for r in rings) == grades


def test_monthly_programme_days_are_no_ring(tmp_path: Path) -> None:
    t = town(12)
    b = t.builder
    enrolled = range(600, 640)
    for month in range(11):
        for patient in b.chance.sample(enrolled, 32):
            at = b.day(28 * month + 8, b.chance.choice((8, 9)), b.chance.randint(0, 59))
            b.visit(patient, t.clinics[6], at)
    assert not scanned(b, tmp_path).touching(set(enrolled))


def test_a_place_that_uploads_each_day_at_once_makes_no_ring(tmp_path: Path) -> None:
    t = town(13)
    b = t.builder
    village = b.add_places(1)[0]
    villagers = range(700, 760)
    for d in range(340):
        for patient in b.chance.sample(villagers, 8):
            at = b.day(d, b.chance.randint(8, 17), b.chance.randint(0, 59))
            b.visit(patient, village, at, settled=b.day(d, 23, 30))
    assert not scanned(b, tmp_path).touching(set(villagers))


def test_one_address_of_two_members_does_not_hide_a_pool(tmp_path: Path) -> None:
    t = pool(14, gatherings=14)
    t.builder.token("address", RING[:2], "live_addr")
    t.builder.token("employer", RING[2:4], "emp_no")
    assert best(scanned(t.builder, tmp_path).of("covisit"), RING) >= 0.7


def journey(seed: int, days: list[int]) -> Town:
    """Twelve people who are together on a few days, at another place each day."""
    t = town(seed)
    for k, day in enumerate(days):
        at = t.builder.day(day, 9 + 2 * k % 8, 10 * k % 60)
        t.builder.gathering(t.builder.chance.sample(range(100, 112), 10), t.shops[k % 3], at)
    return t


def test_a_journey_of_four_days_is_explained(tmp_path: Path) -> None:
    rings = scanned(journey(21, [150, 151, 152, 153]).builder, tmp_path).rings
    assert {r.grade for r in rings if len(r.patients & set(range(100, 112))) > 5} == {"C"}


def test_the_same_four_days_over_the_year_are_not(tmp_path: Path) -> None:
    rings = scanned(journey(21, [30, 101, 187, 290]).builder, tmp_path).rings
    assert {r.grade for r in rings if len(r.patients & set(range(100, 112))) > 5} == {"A"}
