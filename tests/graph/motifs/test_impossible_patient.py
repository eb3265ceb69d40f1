"""In hospital and elsewhere, or in two cities at once: concentrated conflicts are found; relatives and late uploads are not."""

from datetime import timedelta
from pathlib import Path

from tests.graph.found import best, scanned
from tests.graph.town import Town, town
from tests.graph.worlds import DAYS

LYING = list(range(100, 112))


def with_far_city(seed: int) -> tuple[Town, int]:
    """A town with ordinary stays, and a clinic of another city, some seventy kilometres away."""
    t = town(seed, stays=250)
    far = t.builder.add_places(1, admdvs="330502", lnt=120.85, lat=30.25)[0]
    t.builder.background(10, patients=t.patients[:60], places=[far])
    return t, far


def lie_in(
    t: Town, hospital: int, visits: list[tuple[int, int]], place: int, **visit: object
) -> None:
    """Twelve stays of twelve days; `visits` are (day of the stay, how many of the twelve) spent at `place`."""
    for k, patient in enumerate(LYING):
        day = 10 + 25 * k
        t.builder.visit(
            patient, hospital, t.builder.day(day, 9), fund=500_000,
            stay_until=t.builder.day(day + 12, 10),
        )  # fmt: skip
        for inside, many in visits:
            if k < many:
                at = t.builder.day(day + inside, t.builder.chance.randint(8, 17))
                t.builder.visit(patient, place, at, **visit)  # type: ignore[arg-type]


def test_stays_of_people_seen_elsewhere_are_found(tmp_path: Path) -> None:
    t, _ = with_far_city(1)
    lie_in(t, t.hospitals[2], [(3, 10), (5, 9), (8, 10)], t.clinics[4])
    found = scanned(t.builder, tmp_path).of("impossible_patient")
    assert best(found, LYING[:10]) >= 0.6
    assert t.hospitals[2] in found[0].places


def test_the_day_of_admission_and_discharge_is_none(tmp_path: Path) -> None:
    t, _ = with_far_city(2)
    lie_in(t, t.hospitals[2], [(0, 12), (12, 12)], t.clinics[4])
    assert not scanned(t.builder, tmp_path).of("impossible_patient", "ABC")


def test_two_people_are_none(tmp_path: Path) -> None:
    t, _ = with_far_city(3)
    lie_in(t, t.hospitals[2], [(3, 2)], t.clinics[4])
    assert not scanned(t.builder, tmp_path).of("impossible_patient", "ABC")


def test_a_relative_who_collects_is_none(tmp_path: Path) -> None:
    t, _ = with_far_city(4)
    for k, patient in enumerate(LYING):
        t.builder.kin(patient, 300 + k)
        for inside in (3, 5, 8):
            day = 10 + 25 * k + inside
            t.builder.visit(300 + k, t.clinics[4], t.builder.day(day, 9, 30))
    lie_in(t, t.hospitals[2], [(3, 12), (5, 12), (8, 12)], t.clinics[4])
    assert not scanned(t.builder, tmp_path).of("impossible_patient", "ABC")


def test_medicine_from_a_pharmacy_only_supports(tmp_path: Path) -> None:
    t, _ = with_far_city(5)
    lie_in(t, t.hospitals[2], [(3, 9), (5, 9), (8, 9)], t.shops[4])
    assert not scanned(t.builder, tmp_path).of("impossible_patient")


def test_bills_posted_late_are_none(tmp_path: Path) -> None:
    t, _ = with_far_city(6)
    for k, patient in enumerate(LYING):
        day = 10 + 25 * k
        t.builder.visit(
            patient, t.hospitals[2], t.builder.day(day, 9), stay_until=t.builder.day(day + 12, 10)
        )
        seen = t.builder.day(day, 8) - timedelta(days=2)
        t.builder.visit(patient, t.clinics[4], seen, settled=t.builder.day(day + 5, 18))
    assert not scanned(t.builder, tmp_path).of("impossible_patient", "ABC")


def test_internet_visits_from_the_ward_are_none(tmp_path: Path) -> None:
    t, _ = with_far_city(7)
    lie_in(t, t.hospitals[2], [(3, 12), (5, 12), (8, 12)], t.clinics[4], pay_loc="5")
    assert not scanned(t.builder, tmp_path).of("impossible_patient", "ABC")


def hurry(t: Town, far: int, gap: int, people: list[int]) -> None:
    """Everybody at a clinic of the town and `gap` minutes later in the other city, twice."""
    for patient in people:
        for d in t.builder.dates(2, 3, DAYS - 20):
            at = t.builder.day(d, t.builder.chance.randint(8, 14), t.builder.chance.randrange(60))
            t.builder.visit(patient, t.clinics[4], at)
            t.builder.visit(patient, far, at + timedelta(minutes=gap))


def test_two_cities_within_minutes_are_found(tmp_path: Path) -> None:
    t, far = with_far_city(8)
    elsewhere = t.builder.add_places(2, admdvs="330502", lnt=120.85, lat=30.25)
    for k, patient in enumerate(range(400, 440)):
        for d in t.builder.dates(3):
            t.builder.visit(patient, t.clinics[k % 14], t.builder.day(d, 8))
            t.builder.visit(patient, elsewhere[k % 2], t.builder.day(d, 11))
    hurry(t, far, 20, LYING)
    found = scanned(t.builder, tmp_path).of("impossible_patient")
    assert best(found, LYING) >= 0.8
    assert {far, t.clinics[4]} <= found[0].places


def test_time_enough_for_the_way_is_none(tmp_path: Path) -> None:
    t, far = with_far_city(9)
    hurry(t, far, 110, LYING)
    assert not scanned(t.builder, tmp_path).of("impossible_patient", "ABC")


def flights(t: Town, people: range, minutes: int = 15) -> None:
    """Each of `people` five times at a clinic and a quarter of an hour later 250 km away, where nobody else goes."""
    place = t.builder.add_places(1, lnt=123.0)[0]
    for patient in people:
        for d in t.builder.dates(5):
            at = t.builder.day(d, t.builder.chance.randint(8, 14), t.builder.chance.randrange(60))
            t.builder.visit(patient, t.clinics[4], at)
            t.builder.visit(patient, place, at + timedelta(minutes=minutes))


def test_four_people_again_and_again_much_too_far_apart_are_found(tmp_path: Path) -> None:
    """The way takes so long that no trip of the day could ever be honest: no share of fast trips is needed."""
    t = town(30)
    flights(t, range(500, 504))
    found = scanned(t.builder, tmp_path).of("impossible_patient")
    assert best(found, list(range(500, 504))) >= 0.8


def test_where_everybody_flies_the_map_is_wrong(tmp_path: Path) -> None:
    t = town(31)
    flights(t, range(500, 530))
    assert not scanned(t.builder, tmp_path).of("impossible_patient")


def test_in_patients_at_one_far_pharmacy_again_and_again_are_found(tmp_path: Path) -> None:
    t, _ = with_far_city(20)
    shop = t.builder.add_places(1, "pharmacy", lnt=120.25)[0]
    lie_in(t, t.hospitals[2], [(3, 6), (6, 6), (8, 6)], shop)
    found = scanned(t.builder, tmp_path)
    assert best(found.of("impossible_patient", "B"), LYING[:6]) >= 0.8


def test_purchases_at_the_familys_own_pharmacies_only_support(tmp_path: Path) -> None:
    """Each relative goes to the shop at home: no two patients have the same one."""
    t, _ = with_far_city(21)
    shops = t.builder.add_places(len(LYING), "pharmacy", lnt=120.25)
    for k, patient in enumerate(LYING):
        day = 10 + 25 * k
        t.builder.visit(
            patient, t.hospitals[2], t.builder.day(day, 9), fund=500_000,
            stay_until=t.builder.day(day + 12, 10),
        )  # fmt: skip
        for inside in (3, 6, 8):
            t.builder.visit(patient, shops[k], t.builder.day(day + inside, 10))
    assert not scanned(t.builder, tmp_path).touching(set(LYING))


def test_a_care_home_in_hospital_whose_carer_collects_is_none(tmp_path: Path) -> None:
    t, _ = with_far_city(22)
    shop = t.builder.add_places(1, "pharmacy", lnt=120.25)[0]
    t.builder.token("address", LYING, "live_addr")
    lie_in(t, t.hospitals[2], [(3, 6), (6, 6), (8, 6)], shop)
    assert not scanned(t.builder, tmp_path).touching(set(LYING))
