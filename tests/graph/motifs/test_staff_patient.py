"""Staff as in-patients: beds filled with those at work; real illness and day surgery are not."""

from datetime import timedelta
from pathlib import Path

from tests.graph.found import Scanned, scanned
from tests.graph.town import Town, town


def nurses(t: Town, count: int, hospital: int = 0) -> list[tuple[int, int]]:
    """Staff of the first hospital who are insured too: (patient, practitioner) by one identity number."""
    people = t.builder.add_patients(count)
    codes = t.builder.add_practitioners(count, t.hospitals[hospital], "nurse")
    for patient, code in zip(people, codes, strict=True):
        token = t.builder.token("certno", [patient], "certno")
        t.builder.hold(token, [code], "certno", "practitioner")
    return list(zip(people, codes, strict=True))


def admit(t: Town, patient: int, day: int, nights: int = 8, hospital: int = 0) -> None:
    admitted = t.builder.day(day, 10)
    left = admitted + timedelta(days=nights)
    t.builder.visit(patient, t.hospitals[hospital], admitted, stay_until=left, fund=700_000)


def bill(t: Town, practitioner: int, days: list[int], hospital: int = 0) -> None:
    for d in days:
        at = t.builder.day(d, 14, t.builder.chance.randrange(60))
        t.builder.visit(
            t.builder.chance.choice(t.patients), t.hospitals[hospital], at, practitioner
        )


def leads(found: Scanned, people: list[tuple[int, int]]) -> list[frozenset[int]]:
    patients = {patient for patient, _ in people}
    return [r.patients for r in found.of("staff_patient") if r.patients & patients]


def test_staff_who_work_on_inside_their_own_stays_are_found(tmp_path: Path) -> None:
    t = town(1, stays=200)
    people = nurses(t, 5)
    for number, (patient, code) in enumerate(people):
        admit(t, patient, 30 + 20 * number)
        bill(t, code, [31 + 20 * number + k for k in range(5)])
    found = scanned(t.builder, tmp_path)
    assert leads(found, people) == [frozenset(patient for patient, _ in people)]
    ring = found.of("staff_patient")[0]
    assert ring.practitioners == {code for _, code in people}


def test_work_on_the_first_and_last_day_is_none(tmp_path: Path) -> None:
    t = town(2, stays=200)
    people = nurses(t, 5)
    for number, (patient, code) in enumerate(people):
        admit(t, patient, 30 + 20 * number)
        bill(t, code, [30 + 20 * number, 38 + 20 * number])
    assert not leads(scanned(t.builder, tmp_path), people)


def test_staff_really_ill_are_none(tmp_path: Path) -> None:
    t = town(3, stays=200)
    people = nurses(t, 8)
    for number, (patient, code) in enumerate(people):
        admit(t, patient, 30 + 20 * number)
        bill(t, code, [10 + 20 * number, 20 + 20 * number, 45 + 20 * number])
    assert not leads(scanned(t.builder, tmp_path), people)


def test_day_surgery_is_none(tmp_path: Path) -> None:
    t = town(4, stays=200)
    people = nurses(t, 8)
    for number, (patient, code) in enumerate(people):
        admit(t, patient, 30 + 20 * number, nights=1)
        bill(t, code, [30 + 20 * number, 31 + 20 * number])
    assert not leads(scanned(t.builder, tmp_path), people)


def test_two_who_billed_from_their_beds_are_no_grade_a(tmp_path: Path) -> None:
    t = town(7, stays=200)
    people = nurses(t, 2)
    for number, (patient, code) in enumerate(people):
        admit(t, patient, 30 + 20 * number, nights=10)
        bill(t, code, [31 + 20 * number + k for k in range(8)])
    found = scanned(t.builder, tmp_path)
    assert leads(found, people)
    assert not found.of("staff_patient", "A")


def three_with_a_few_days(t: Town) -> list[tuple[int, int]]:
    people = nurses(t, 3)
    for number, (patient, code) in enumerate(people):
        admit(t, patient, 30 + 20 * number)
        bill(t, code, [32 + 20 * number, 34 + 20 * number])
    return people


def test_a_few_days_at_a_hospital_full_of_others_are_none(tmp_path: Path) -> None:
    t = town(8, stays=400)
    people = three_with_a_few_days(t)
    assert not leads(scanned(t.builder, tmp_path), people)


def test_a_few_days_where_staff_fill_the_beds_are_a_lead(tmp_path: Path) -> None:
    t = town(9)
    people = three_with_a_few_days(t)
    found = scanned(t.builder, tmp_path)
    assert leads(found, people)
    assert not found.of("staff_patient", "A")


def test_codes_used_as_often_as_at_every_other_hospital_make_no_ring(tmp_path: Path) -> None:
    t = town(10, stays=400)
    here: list[tuple[int, int]] = []
    for hospital in range(4):
        people = nurses(t, 6, hospital)
        here = here or people
        for number, (patient, code) in enumerate(people):
            admit(t, patient, 30 + 20 * number, nights=10, hospital=hospital)
            bill(t, code, [32 + 20 * number + 2 * k for k in range(1 + number % 3)], hospital)
    assert not leads(scanned(t.builder, tmp_path), here)


def test_one_lent_code_and_a_slip_of_a_colleague_make_no_ring(tmp_path: Path) -> None:
    t = town(11, stays=400)
    people = nurses(t, 2)
    for number, (patient, _) in enumerate(people):
        admit(t, patient, 30 + 40 * number, nights=16)
    bill(t, people[0][1], [31 + k for k in range(13)])
    bill(t, people[1][1], [75])
    assert not leads(scanned(t.builder, tmp_path), people)
