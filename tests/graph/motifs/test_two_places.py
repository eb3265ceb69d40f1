"""A practitioner in two places: faster than the road and unregistered; multi-site, internet and batches are not."""

from pathlib import Path

from tests.graph.found import Found, Scanned, scanned
from tests.graph.town import Town, town


def with_far_clinic(seed: int) -> tuple[Town, int, int, int]:
    """A town, a doctor registered at one clinic, that clinic, and one some seventy kilometres away."""
    t = town(seed)
    far = t.builder.add_places(1, lnt=120.85, lat=30.25)[0]
    t.builder.background(20, patients=t.patients[:40], places=[far])
    return t, t.builder.add_practitioners(1, t.clinics[2])[0], t.clinics[2], far


def alternate(
    t: Town, doctor: int, a: int, b: int, days: list[int], gap: int, pay_loc: str = "2"
) -> None:
    """On each day visits of the doctor's patients at `a` and `b` in turn, `gap` minutes apart."""
    for d in days:
        minute = 0
        for turn in range(6):
            at = t.builder.day(d, 9 + minute // 60, minute % 60)
            place = a if turn % 2 else b
            t.builder.visit(t.builder.chance.choice(t.patients), place, at, doctor, pay_loc=pay_loc)
            minute += gap


def about(found: Scanned, practitioner: int, grades: str = "AB") -> list[Found]:
    return [r for r in found.of("two_places", grades) if practitioner in r.practitioners]


def test_a_code_used_far_away_unregistered_is_found(tmp_path: Path) -> None:
    t, doctor, near, far = with_far_clinic(1)
    alternate(t, doctor, near, far, t.builder.dates(9), gap=12)
    ring = about(scanned(t.builder, tmp_path), doctor, "A")[0]
    assert {near, far} <= ring.places
    assert ring.practitioners == {doctor}


def test_a_number_that_no_register_knows_may_be_two_people(tmp_path: Path) -> None:
    t, _, near, far = with_far_clinic(1)
    code = t.builder.add_practitioners(1)[0]
    t.builder.tables["practitioners"][code] |= {"known": False, "basis": "code", "confidence": 0.5}
    alternate(t, code, near, far, t.builder.dates(9), gap=12)
    found = scanned(t.builder, tmp_path)
    assert not about(found, code)
    assert about(found, code, "C")


def test_one_day_is_none(tmp_path: Path) -> None:
    t, doctor, near, far = with_far_clinic(2)
    alternate(t, doctor, near, far, [50], gap=12)
    assert not about(scanned(t.builder, tmp_path), doctor)


def test_a_code_typed_wrong_at_one_place_after_another_is_none(tmp_path: Path) -> None:
    """Two impossible moves a day, each day with another place: many colleagues' slips, no lent code."""
    t, doctor, near, _ = with_far_clinic(2)
    others = t.builder.add_places(8, lnt=120.85, lat=30.25)
    t.builder.background(20, patients=t.patients[:40], places=others)
    days = t.builder.dates(8)
    for d, place in zip(days, others, strict=True):
        for at, minute in ((near, 0), (place, 12), (near, 24)):
            t.builder.visit(
                t.builder.chance.choice(t.patients), at, t.builder.day(d, 10, minute), doctor
            )
    assert not about(scanned(t.builder, tmp_path), doctor, "ABC")


def test_three_days_between_the_same_two_places_are_some_and_two_are_none(tmp_path: Path) -> None:
    t, doctor, near, far = with_far_clinic(2)
    days = t.builder.dates(5)
    alternate(t, doctor, near, far, days[:3], gap=12)
    other = t.builder.add_practitioners(1, near)[0]
    alternate(t, other, near, far, days[3:], gap=12)
    found = scanned(t.builder, tmp_path)
    assert about(found, doctor)
    assert not about(found, other, "ABC")


def test_time_enough_for_the_way_is_none(tmp_path: Path) -> None:
    t, doctor, near, far = with_far_clinic(3)
    t.builder.registration(doctor, far, main=False)
    alternate(t, doctor, near, far, t.builder.dates(9), gap=110)
    assert not about(scanned(t.builder, tmp_path), doctor, "ABC")


def test_two_codes_of_one_campus_are_none(tmp_path: Path) -> None:
    t, doctor, near, _ = with_far_clinic(4)
    wing = t.builder.add_places(1)[0]
    alternate(t, doctor, near, wing, t.builder.dates(9), gap=12)
    assert not about(scanned(t.builder, tmp_path), doctor)


def test_registration_at_both_explains_a_hasty_change_a_day(tmp_path: Path) -> None:
    """Mornings here, afternoons there, and bills that cross on the way."""
    t, doctor, near, far = with_far_clinic(5)
    t.builder.registration(doctor, far, main=False)
    for d in t.builder.dates(12):
        for place, hour, minute in ((near, 9, 0), (near, 11, 50), (far, 12, 20), (far, 15, 0)):
            patient = t.builder.chance.choice(t.patients)
            t.builder.visit(patient, place, t.builder.day(d, hour, minute), doctor)
    found = scanned(t.builder, tmp_path)
    assert not about(found, doctor)
    assert about(found, doctor, "C")


def test_nobody_is_registered_to_go_out_and_back_within_the_hour(tmp_path: Path) -> None:
    t, doctor, near, far = with_far_clinic(7)
    t.builder.registration(doctor, far, main=False)
    alternate(t, doctor, near, far, t.builder.dates(9), gap=12)
    found = scanned(t.builder, tmp_path)
    assert {near, far} <= about(found, doctor, "B")[0].places
    assert not about(found, doctor, "A"), "a team at the second place may use the code"


def test_a_team_that_bills_now_and_then_for_the_registered_doctor_is_a_look_and_no_ring(
    tmp_path: Path,
) -> None:
    """Ten restless days among some forty at the lesser place; alone they would be grade A."""
    t, doctor, near, far = with_far_clinic(7)
    t.builder.registration(doctor, far, main=False)
    days = t.builder.dates(60)
    alternate(t, doctor, near, far, days[::6], gap=12)
    for k, d in enumerate(days):
        if k % 6:
            for hour in (9, 11):
                place = (near, far)[k % 2]
                t.builder.visit(
                    t.builder.chance.choice(t.patients), place, t.builder.day(d, hour), doctor
                )
    found = scanned(t.builder, tmp_path)
    assert about(found, doctor, "C")
    assert not about(found, doctor, "AB")


def test_internet_visits_need_no_way(tmp_path: Path) -> None:
    t, doctor, near, far = with_far_clinic(6)
    alternate(t, doctor, near, far, t.builder.dates(9), gap=12, pay_loc="5")
    assert not about(scanned(t.builder, tmp_path), doctor, "ABC")


def surgeries(t: Town, doctor: int, place: int, days: list[int], patients: int = 3) -> None:
    """On each day `patients` people are treated at `place`, an hour apart."""
    for d in days:
        for turn in range(patients):
            patient = t.builder.chance.choice(t.patients)
            t.builder.visit(patient, place, t.builder.day(d, 9 + turn, turn), doctor)


def test_surgeries_where_the_doctor_is_not_registered_are_found(tmp_path: Path) -> None:
    t, doctor, near, far = with_far_clinic(8)
    surgeries(t, doctor, near, list(range(3, 330, 7)))
    surgeries(t, doctor, far, list(range(5, 330, 28)))
    ring = about(scanned(t.builder, tmp_path), doctor)[0]
    assert ring.grade == "B"
    assert ring.places == {far}


def test_surgeries_after_a_registration_ended_are_found(tmp_path: Path) -> None:
    t, doctor, _, far = with_far_clinic(9)
    t.builder.registration(doctor, far, main=False)
    ended = {"endtime": t.builder.day(100), "reg_stas": "终止"}
    t.builder.tables["prac_reg_d"][-1] |= ended
    surgeries(t, doctor, far, list(range(5, 330, 14)))
    assert about(scanned(t.builder, tmp_path), doctor)


def test_surgeries_at_a_second_registered_place_are_none(tmp_path: Path) -> None:
    t, doctor, _, far = with_far_clinic(10)
    t.builder.registration(doctor, far, main=False)
    surgeries(t, doctor, far, list(range(5, 330, 14)))
    assert not about(scanned(t.builder, tmp_path), doctor, "ABC")


def test_a_code_typed_wrong_now_and_then_is_none(tmp_path: Path) -> None:
    t, doctor, _, far = with_far_clinic(11)
    surgeries(t, doctor, far, t.builder.dates(25), patients=1)
    assert not about(scanned(t.builder, tmp_path), doctor, "ABC")


def test_a_branch_of_the_same_hospital_needs_no_registration_of_its_own(tmp_path: Path) -> None:
    t, doctor, near, far = with_far_clinic(12)
    t.builder.tables["places"][far]["parent"] = near
    surgeries(t, doctor, far, list(range(5, 330, 14)))
    assert not about(scanned(t.builder, tmp_path), doctor, "ABC")


def test_a_place_whose_register_was_not_delivered_is_none(tmp_path: Path) -> None:
    t = town(13)
    new = t.builder.add_places(1, lnt=120.85)[0]
    doctors = t.builder.add_practitioners(4, t.clinics[2])
    for doctor in doctors:
        surgeries(t, doctor, new, list(range(5, 330, 14)))
    found = scanned(t.builder, tmp_path)
    assert not any(about(found, doctor, "ABC") for doctor in doctors)
