"""A clinic that bills people who lie in hospitals, or are in other cities: found wherever they are; relatives and wrong maps are not."""

from datetime import timedelta
from pathlib import Path

from tests.graph.found import best, scanned
from tests.graph.town import Town, town

CARDS = list(range(100, 112))


def lie(t: Town, place: int, inside: tuple[int, ...], people: list[int]) -> None:
    """Each of `people` in another hospital for ten days, and on these days of the stay at `place`."""
    for k, patient in enumerate(people):
        first = 12 + 26 * k
        t.builder.visit(
            patient, t.hospitals[k % 4], t.builder.day(first, 9), fund=500_000,
            stay_until=t.builder.day(first + 10, 10),
        )  # fmt: skip
        for day in inside:
            at = t.builder.day(first + day, t.builder.chance.randint(8, 17))
            t.builder.visit(patient, place, at)


def fly(t: Town, clinic: int, districts: tuple[str, ...], people: list[int]) -> None:
    """Each of `people` twice at the clinic and 25 minutes later at one of the districts, 120 km away; others take three hours."""
    far = [t.builder.add_places(1, admdvs=code, lnt=121.4)[0] for code in districts]
    for k, patient in enumerate(range(400, 440)):
        for d in t.builder.dates(2):
            t.builder.visit(patient, t.clinics[k % 14], t.builder.day(d, 8))
            t.builder.visit(patient, far[k % len(far)], t.builder.day(d, 11))
    for k, patient in enumerate(people):
        for turn, d in enumerate(t.builder.dates(2)):
            at = t.builder.day(d, t.builder.chance.randint(8, 15))
            t.builder.visit(patient, clinic, at)
            away = far[(k + turn) % len(far)]
            t.builder.visit(patient, away, at + timedelta(minutes=25))


def apart(seed: int, kind: str = "facility", lnt: float = 120.25) -> tuple[Town, int]:
    """A town with ordinary stays, and a place ten kilometres from its hospitals unless told otherwise."""
    t = town(seed, stays=250)
    return t, t.builder.add_places(1, kind, lnt=lnt)[0]


def test_in_patients_of_many_hospitals_at_one_clinic_are_found(tmp_path: Path) -> None:
    t, clinic = apart(1)
    lie(t, clinic, (3, 7), CARDS)
    found = scanned(t.builder, tmp_path)
    assert best(found.of("impossible_patient", "B"), CARDS) >= 0.9
    assert clinic in found.of("impossible_patient")[0].places


def test_the_days_of_admission_and_discharge_are_none(tmp_path: Path) -> None:
    t, clinic = apart(2)
    lie(t, clinic, (0, 10), CARDS)
    assert not scanned(t.builder, tmp_path).of("impossible_patient", "ABC")


def test_collecting_at_a_pharmacy_is_none(tmp_path: Path) -> None:
    t, shop = apart(3, "pharmacy")
    lie(t, shop, (4,), CARDS)
    assert not scanned(t.builder, tmp_path).of("impossible_patient")


def test_the_clinic_next_door_is_none(tmp_path: Path) -> None:
    t, clinic = apart(4, lnt=120.151)
    lie(t, clinic, (4, 7), CARDS)
    assert not scanned(t.builder, tmp_path).of("impossible_patient")


def test_a_care_home_in_hospital_is_none(tmp_path: Path) -> None:
    t, clinic = apart(5)
    t.builder.token("address", CARDS, "live_addr")
    lie(t, clinic, (3, 7), CARDS)
    assert not scanned(t.builder, tmp_path).of("impossible_patient")


def test_one_leave_each_of_a_few_is_none(tmp_path: Path) -> None:
    t, clinic = apart(6)
    t.builder.background(1.0, t.patients[:400], [clinic])
    lie(t, clinic, (5,), CARDS[:4])
    assert not scanned(t.builder, tmp_path).of("impossible_patient")


def test_one_wrong_date_each_is_none(tmp_path: Path) -> None:
    t, clinic = apart(9)
    lie(t, clinic, (5,), CARDS)
    assert best(scanned(t.builder, tmp_path).of("impossible_patient", "ABC"), CARDS) < 0.5


def test_people_who_fly_to_several_cities_from_one_clinic_are_found(tmp_path: Path) -> None:
    t, clinic = apart(7)
    fly(t, clinic, ("330402", "330502", "330602", "330702"), CARDS[:8])
    found = scanned(t.builder, tmp_path)
    assert best(found.of("impossible_patient", "B"), CARDS[:8]) >= 0.9


def test_a_clinic_wrong_on_the_map_is_none(tmp_path: Path) -> None:
    t, clinic = apart(8)
    fly(t, clinic, ("330102",) * 4, CARDS[:8])
    found = scanned(t.builder, tmp_path).of("impossible_patient", "ABC")
    assert all(ring.places != {clinic} for ring in found)


def test_dialysis_that_goes_on_during_stays_is_none(tmp_path: Path) -> None:
    t, centre = apart(10)
    elsewhere = t.builder.add_places(1, lnt=120.25)[0]
    for patient in range(400, 600):  # who stay away from their clinic while they lie in
        t.builder.visit(
            patient, t.hospitals[patient % 4], t.builder.day(100, 9), stay_until=t.builder.day(110, 10)
        )  # fmt: skip
        for day in range(10):
            t.builder.visit(
                patient, elsewhere, t.builder.day(120 + 20 * day + patient % 17, 9, patient % 60)
            )
    lie(t, centre, (), CARDS)
    for patient in CARDS:
        for day in range(0, 340, 7):
            for session in (0, 2, 4):
                t.builder.visit(
                    patient, centre, t.builder.day(day + session, 13, 3 * (patient % 12))
                )
    assert not scanned(t.builder, tmp_path).of("impossible_patient")
