"""Substitution after suspension: a code that takes over from one day to the next; locums and seasons are not."""

from pathlib import Path

from tests.graph.found import Found, Scanned, scanned
from tests.graph.town import Town, town

PANEL = list(range(100, 140))
DAY = 180


def suspended(seed: int) -> tuple[Town, int, int]:
    """A clinic whose busiest doctor is suspended on day 180, and another code of the same clinic."""
    t = town(seed)
    doctor, other = t.builder.add_practitioners(2, t.clinics[3])
    see(t, doctor, 90, PANEL, 10, DAY - 1)
    t.builder.suspension(doctor, t.clinics[3], t.builder.day(DAY).date())
    return t, doctor, other


def see(t: Town, doctor: int, visits: int, patients: list[int], least: int, most: int) -> None:
    for _ in range(visits):
        at = t.builder.day(
            t.builder.chance.randint(least, most),
            t.builder.chance.randint(8, 17),
            t.builder.chance.randrange(60),
        )
        t.builder.visit(t.builder.chance.choice(patients), t.clinics[3], at, doctor)


def about(found: Scanned, practitioner: int) -> list[Found]:
    return [r for r in found.of("substitution") if practitioner in r.practitioners]


def test_a_code_that_takes_over_the_panel_is_found(tmp_path: Path) -> None:
    t, doctor, other = suspended(1)
    see(t, other, 2, t.patients[300:], 10, DAY - 1)
    see(t, other, 85, PANEL, DAY, 330)
    ring = about(scanned(t.builder, tmp_path), other)[0]
    assert ring.practitioners == {doctor, other}
    assert t.clinics[3] in ring.places


def test_a_few_visits_are_none(tmp_path: Path) -> None:
    t, _, other = suspended(2)
    see(t, other, 6, PANEL, DAY, 330)
    assert not about(scanned(t.builder, tmp_path), other)


def test_a_locum_with_patients_before_is_none(tmp_path: Path) -> None:
    t, _, other = suspended(3)
    see(t, other, 70, t.patients[300:600], 10, DAY - 1)
    see(t, other, 70, t.patients[300:600], DAY, 330)
    see(t, other, 60, PANEL, DAY, 330)
    assert not about(scanned(t.builder, tmp_path), other)


def test_a_newcomer_with_patients_of_the_own_is_none(tmp_path: Path) -> None:
    t, _, other = suspended(4)
    see(t, other, 80, t.patients[300:600], DAY, 330)
    assert not about(scanned(t.builder, tmp_path), other)


def test_the_same_rise_without_a_suspension_is_none(tmp_path: Path) -> None:
    t = town(5)
    doctor, other = t.builder.add_practitioners(2, t.clinics[3])
    see(t, doctor, 90, PANEL, 10, DAY - 1)
    see(t, other, 85, PANEL, DAY, 330)
    assert not about(scanned(t.builder, tmp_path), other)


def test_colleagues_who_share_the_panel_are_none(tmp_path: Path) -> None:
    """The suspended doctor's patients are dealt out among five colleagues, newcomers to the place among them."""
    t, _, other = suspended(6)
    colleagues = [other, *t.builder.add_practitioners(4, t.clinics[3])]
    for number, colleague in enumerate(colleagues):
        see(t, colleague, 25, PANEL[number::5], DAY, 330)
    found = scanned(t.builder, tmp_path)
    assert not any(about(found, colleague) for colleague in colleagues)


def test_one_code_that_takes_most_of_the_panel_is_found_beside_cover(tmp_path: Path) -> None:
    t, doctor, other = suspended(7)
    colleague = t.builder.add_practitioners(1, t.clinics[3])[0]
    see(t, other, 70, PANEL[:30], DAY, 330)
    see(t, colleague, 20, PANEL[28:], DAY, 330)
    assert about(scanned(t.builder, tmp_path), other)[0].practitioners == {doctor, other}


def test_a_busy_code_that_inherits_the_regulars_is_a_lead_but_no_grade_a(tmp_path: Path) -> None:
    t, doctor, other = suspended(6)
    see(t, doctor, 120, PANEL, 10, DAY - 1)
    see(t, other, 50, t.patients[300:600], 10, 330)
    see(t, other, 85, PANEL, DAY, 330)
    rings = about(scanned(t.builder, tmp_path), other)
    assert [r.grade for r in rings] == ["B"]


def test_regulars_who_spread_over_the_colleagues_are_none(tmp_path: Path) -> None:
    t, doctor, other = suspended(7)
    see(t, doctor, 120, PANEL, 10, DAY - 1)
    for code in (other, *t.builder.add_practitioners(3, t.clinics[3])):
        see(t, code, 40, t.patients[300:600], 10, 330)
        see(t, code, 22, PANEL, DAY, 330)
    assert not about(scanned(t.builder, tmp_path), other)


def test_a_new_code_for_the_panel_alone_needs_fewer(tmp_path: Path) -> None:
    t, doctor, other = suspended(8)
    see(t, doctor, 120, PANEL, 10, DAY - 1)
    see(t, other, 8, PANEL, DAY, 330)
    assert [r.grade for r in about(scanned(t.builder, tmp_path), other)] == ["B"]


def test_a_busy_code_with_twice_the_regulars_of_any_colleague_is_listed_low(tmp_path: Path) -> None:
    t, doctor, other = suspended(9)
    see(t, doctor, 60, PANEL, 10, DAY - 1)
    see(t, other, 70, t.patients[300:600], 10, 330)
    see(t, other, 50, PANEL, DAY, 330)
    for colleague in t.builder.add_practitioners(3, t.clinics[3]):
        see(t, colleague, 60, t.patients[300:600], 10, 330)
        see(t, colleague, 15, PANEL, DAY, 330)
    found = scanned(t.builder, tmp_path)
    rings = [r for r in found.of("substitution", "ABC") if other in r.practitioners]
    assert [(r.grade, r.practitioners) for r in rings] == [("C", {doctor, other})]


def test_a_code_that_lives_on_them_is_more(tmp_path: Path) -> None:
    """As above, with few patients of its own after that day."""
    t, doctor, other = suspended(9)
    see(t, doctor, 60, PANEL, 10, DAY - 1)
    see(t, other, 20, t.patients[300:600], 10, DAY - 1)
    see(t, other, 70, PANEL, DAY, 330)
    for colleague in t.builder.add_practitioners(3, t.clinics[3]):
        see(t, colleague, 60, t.patients[300:600], 10, 330)
        see(t, colleague, 15, PANEL, DAY, 330)
    assert [r.practitioners for r in about(scanned(t.builder, tmp_path), other)] == [
        {doctor, other}
    ]


def test_a_successor_after_a_retirement_is_none(tmp_path: Path) -> None:
    """The registration was ended, nobody decided anything: the successor takes the patients over openly."""
    t, doctor, other = suspended(9)
    see(t, other, 85, PANEL, DAY, 330)
    for row in t.builder.tables["prac_reg_d"]:
        if row["practitioner"] == doctor and row["reg_stas"] == "暂停":
            row["reg_stas"] = "终止"
    assert not about(scanned(t.builder, tmp_path), other)
