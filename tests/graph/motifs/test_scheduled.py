"""People on a schedule: listed as explained; in doubt only where sessions conflict with settlements elsewhere."""

from datetime import timedelta
from pathlib import Path

from tests.graph.found import Scanned, scanned
from tests.graph.town import Town, town

SHIFT = list(range(100, 110))
WEEKS = 40


def shift(t: Town, seed_days: int = 0) -> list[tuple[int, int]]:
    """Ten people three mornings a week at one clinic; the (patient, day) of every session."""
    sessions = []
    for week in range(WEEKS):
        for weekday in (2, 4, 6):
            day = seed_days + 7 * week + weekday
            for patient in SHIFT:
                if t.builder.chance.random() < 0.9:
                    at = t.builder.day(day, 8, t.builder.chance.randrange(25))
                    t.builder.visit(patient, t.clinics[7], at, med_type="14")
                    sessions.append((patient, day))
    return sessions


def grades(found: Scanned) -> set[str]:
    return {r.grade for r in found.rings if len(r.patients & set(SHIFT)) >= 5}


def test_a_schedule_on_paper_is_in_doubt(tmp_path: Path) -> None:
    """In every fourth session the person settles at a far place twenty minutes later."""
    t = town(1)
    far = t.builder.add_places(1, "pharmacy", admdvs="120101", lnt=117.2, lat=39.1)[0]
    for i, (patient, day) in enumerate(shift(t)):
        if i % 4 == 0:
            t.builder.visit(patient, far, t.builder.day(day, 8, 45))
    found = scanned(t.builder, tmp_path)
    assert any(len(r.patients & set(SHIFT)) >= 8 for r in found.of("scheduled"))


def test_a_stray_conflict_is_none(tmp_path: Path) -> None:
    """Three settlements elsewhere in a whole year are a relative collecting medicine."""
    t = town(2)
    far = t.builder.add_places(1, "pharmacy", admdvs="120101", lnt=117.2, lat=39.1)[0]
    for patient, day in shift(t)[:900:300]:
        t.builder.visit(patient, far, t.builder.day(day, 8, 45))
    assert not scanned(t.builder, tmp_path).of("scheduled")


def test_an_honest_shift_is_listed_as_explained(tmp_path: Path) -> None:
    t = town(3)
    shift(t)
    found = scanned(t.builder, tmp_path)
    assert grades(found) == {"C"}
    assert any("scheduled" in r.motifs for r in found.rings if r.grade == "C")


COURSE = list(range(40, 44))


def course(t: Town, elsewhere: int, every: int) -> None:
    """Four people, twenty four-hour sessions each; in one session of `every`, well inside it, all of them settle elsewhere."""
    for n in range(20):
        for patient in COURSE:
            begin = t.builder.day(10 + 3 * n + n % 2, 8, patient - COURSE[0])
            end = begin + timedelta(hours=4)
            t.builder.visit(patient, t.clinics[7], begin, med_type="14", stay_until=end)
            if n % every == 0:
                t.builder.visit(patient, elsewhere, begin + timedelta(minutes=100 + n))


def doubted(found: Scanned) -> list[frozenset[int]]:
    return [frozenset(r.patients) for r in found.of("scheduled") if r.grade in "AB"]


def pharmacy(t: Town, east: float) -> int:
    t.builder.tables["places"][t.clinics[7]] |= {"lnt": 117.0, "lat": 39.0}
    return t.builder.add_places(1, "pharmacy", lnt=117.0 + east, lat=39.0)[0]


def test_people_who_shop_far_away_during_their_sessions_are_found(tmp_path: Path) -> None:
    t = town(4)
    course(t, pharmacy(t, 0.4), 3)
    assert frozenset(COURSE) in doubted(scanned(t.builder, tmp_path))


def test_one_errand_in_twenty_sessions_is_a_relatives(tmp_path: Path) -> None:
    t = town(5)
    course(t, pharmacy(t, 0.4), 10)
    assert not doubted(scanned(t.builder, tmp_path))


def test_the_pharmacy_next_door_is_within_reach(tmp_path: Path) -> None:
    t = town(6)
    course(t, pharmacy(t, 0.002), 3)
    assert not doubted(scanned(t.builder, tmp_path))


def test_people_of_a_shift_who_are_elsewhere_at_once_are_in_doubt(tmp_path: Path) -> None:
    """One session in forty, at a place of each one's own: far more often than another shift."""
    t = town(7)
    far = t.builder.add_places(5, "pharmacy", admdvs="120101", lnt=117.2, lat=39.1)
    for i, (patient, day) in enumerate(shift(t)):
        if i % 40 == 0:
            t.builder.visit(patient, far[i % 5], t.builder.day(day, 8, 45))
    assert any(
        len(r.patients & set(SHIFT)) >= 8 for r in scanned(t.builder, tmp_path).of("scheduled")
    )


def test_conflicts_of_one_patient_are_a_relatives(tmp_path: Path) -> None:
    t = town(8)
    far = t.builder.add_places(1, "pharmacy", admdvs="120101", lnt=117.2, lat=39.1)[0]
    for patient, day in shift(t):
        if patient == SHIFT[0] and day % 3 == 0:
            t.builder.visit(patient, far, t.builder.day(day, 8, 45))
    assert not scanned(t.builder, tmp_path).of("scheduled")


def test_a_care_homes_shift_explains_itself(tmp_path: Path) -> None:
    """As the shift on paper above, but all of them live at one address: a carer runs their errands."""
    t = town(7)
    far = t.builder.add_places(5, "pharmacy", admdvs="120101", lnt=117.2, lat=39.1)
    t.builder.token("address", SHIFT, "live_addr")
    for i, (patient, day) in enumerate(shift(t)):
        if i % 40 == 0:
            t.builder.visit(patient, far[i % 5], t.builder.day(day, 8, 45))
    assert grades(scanned(t.builder, tmp_path)) == {"C"}
