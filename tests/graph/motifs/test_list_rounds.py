"""A list worked off in rounds: one facility's patients at another in one order, by days or within them; own rhythms and moves are not."""

from pathlib import Path

from tests.graph.found import best, scanned
from tests.graph.town import Town, town

LISTED = list(range(100, 122))


def opened(seed: int, last: int = 330) -> tuple[Town, int, int]:
    """A town, a clinic whose patients `LISTED` are until day `last`, and another one, where ordinary people go and they never were."""
    t = town(seed)
    ours, theirs = t.builder.add_places(2)
    for place in (ours, theirs):
        t.builder.add_practitioners(3, place)
    others = [p for p in t.patients if p not in LISTED]
    t.builder.background(0.4, others, [ours, theirs] if last > 300 else [theirs])
    for patient in LISTED:
        for day in t.builder.dates(t.builder.chance.randint(1, 4), most=last):
            come(t, patient, ours, day)
    return t, ours, theirs


def come(t: Town, patient: int, place: int, day: int, code: int | None = None) -> None:
    hour, minute = t.builder.chance.randint(8, 17), t.builder.chance.randrange(60)
    t.builder.visit(patient, place, t.builder.day(day, hour, minute), code)


def worked_off(t: Town, place: int, people: list[int], days: tuple[int, ...], length: int) -> None:
    """Most of the `people` at `place` from each of `days` on, in the order given, over `length` days."""
    code = t.builder.staff[place][0]
    for day in days:
        for k, patient in enumerate(people):
            if t.builder.chance.random() < 0.9:
                come(t, patient, place, day + k * length // len(people), code)


def test_a_list_worked_off_in_rounds_is_found_and_never_graded_a(tmp_path: Path) -> None:
    t, ours, theirs = opened(1)
    worked_off(t, theirs, LISTED, (150, 180, 206), 7)
    found = scanned(t.builder, tmp_path).of("list_sharing")
    assert best(found, LISTED) >= 0.9
    assert found[0].grade == "B"
    assert found[0].places == {ours, theirs}
    assert found[0].practitioners == {t.builder.staff[theirs][0]}


def test_a_list_that_is_kept_loosely_is_found(tmp_path: Path) -> None:
    t, _, theirs = opened(8)
    for day in (150, 180):
        mixed = sorted(LISTED, key=lambda patient: patient + t.builder.chance.uniform(0, 13))
        worked_off(t, theirs, mixed, (day,), 7)
    assert best(scanned(t.builder, tmp_path).of("list_sharing"), LISTED) >= 0.75


def test_rounds_without_an_order_are_none(tmp_path: Path) -> None:
    t, _, theirs = opened(2)
    for day in (150, 180, 206):
        worked_off(t, theirs, t.builder.chance.sample(LISTED, len(LISTED)), (day,), 7)
    assert not scanned(t.builder, tmp_path).of("list_sharing")


def test_a_bus_load_on_single_days_is_none(tmp_path: Path) -> None:
    t, _, theirs = opened(3)
    worked_off(t, theirs, LISTED, (150, 180, 206), 1)
    assert not scanned(t.builder, tmp_path).of("list_sharing")


def queue(t: Town, place: int, people: list[int], day: int, at: int = 500) -> None:
    """Most of the `people` at `place` on one day, one after another in the order given, from minute `at` of it."""
    for patient in people:
        if t.builder.chance.random() < 0.9:
            at += t.builder.chance.randint(1, 5)
            t.builder.visit(
                patient, place, t.builder.day(day, at // 60, at % 60), t.builder.staff[place][0]
            )


def test_a_list_worked_off_within_a_day_a_round_is_found(tmp_path: Path) -> None:
    t, ours, theirs = opened(9)
    for day, at in ((150, 500), (187, 610), (206, 540), (290, 800)):
        queue(t, theirs, LISTED, day, at)
    found = scanned(t.builder, tmp_path)
    assert best(found.of("list_sharing"), LISTED) >= 0.9
    assert found.of("list_sharing")[0].places == {ours, theirs}


def test_a_class_list_for_two_doses_is_none(tmp_path: Path) -> None:
    t, _, theirs = opened(10)
    for day in (150, 187):
        queue(t, theirs, LISTED, day)
    assert not scanned(t.builder, tmp_path).of("list_sharing")


def test_patients_who_keep_their_hour_on_the_doctors_day_of_the_month_are_none(
    tmp_path: Path,
) -> None:
    t, _, theirs = opened(11)
    for day in range(60, 340, 28):
        for k, patient in enumerate(LISTED):
            minute = 490 + 8 * k + t.builder.chance.randint(0, 6)
            t.builder.visit(patient, theirs, t.builder.day(day, minute // 60, minute % 60))
    assert not scanned(t.builder, tmp_path).of("list_sharing")


def test_one_round_is_none(tmp_path: Path) -> None:
    t, _, theirs = opened(4)
    worked_off(t, theirs, LISTED, (150,), 7)
    assert not scanned(t.builder, tmp_path).of("list_sharing")


def test_patients_who_come_monthly_each_on_a_day_of_their_own_are_none(tmp_path: Path) -> None:
    t, _, theirs = opened(5)
    worked_off(t, theirs, LISTED, (150, 178, 206, 234, 262, 290), 28)
    assert not scanned(t.builder, tmp_path).of("list_sharing")


def test_the_list_of_a_clinic_that_closed_is_none(tmp_path: Path) -> None:
    t, _, theirs = opened(6, last=150)
    worked_off(t, theirs, LISTED, (150, 180, 206), 7)
    found = scanned(t.builder, tmp_path)
    assert best(found.of("list_sharing", "C"), LISTED) >= 0.9
    assert not found.of("list_sharing")


def test_patients_who_follow_their_doctor_are_none(tmp_path: Path) -> None:
    t, ours, theirs = opened(7)
    for patient in LISTED[:18]:
        come(t, patient, ours, 20 + patient, t.builder.staff[theirs][0])
    worked_off(t, theirs, LISTED, (150, 180, 206), 7)
    found = scanned(t.builder, tmp_path)
    assert best(found.of("list_sharing", "C"), LISTED) >= 0.9
    assert not found.of("list_sharing")
