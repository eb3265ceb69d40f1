"""Shared identifiers: accounts and phones of strangers are found; families, homes, staff and hubs are not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.graph.found import Scanned, best, scanned
from tests.graph.town import Town, town

STRANGERS = list(range(100, 108))


def leads(found: Scanned, patients: list[int]) -> float:
    return best(found.of("shared_token"), patients)


def test_strangers_with_one_bank_account_are_found(tmp_path: Path) -> None:
    t = town(1)
    t.builder.token("account", STRANGERS, "bankacct")
    assert leads(scanned(t.builder, tmp_path), STRANGERS) >= 0.8


def test_strangers_with_one_phone_are_found(tmp_path: Path) -> None:
    t = town(2)
    t.builder.token("phone", STRANGERS, "tel")
    assert leads(scanned(t.builder, tmp_path), STRANGERS) >= 0.8


def test_two_holders_of_an_account_are_none(tmp_path: Path) -> None:
    t = town(3)
    t.builder.token("account", STRANGERS[:2], "bankacct")
    assert not scanned(t.builder, tmp_path).of("shared_token", "ABC")


def test_three_grown_strangers_with_one_account_are_found(tmp_path: Path) -> None:
    t = town(3)
    t.builder.token("account", STRANGERS[:3], "bankacct")
    assert leads(scanned(t.builder, tmp_path), STRANGERS[:3]) >= 0.9


def test_children_do_not_hide_the_grown_strangers_whose_account_they_have(tmp_path: Path) -> None:
    t = town(3)
    t.builder.token("account", STRANGERS, "bankacct")
    born(t, STRANGERS[4:], 2018)
    assert leads(scanned(t.builder, tmp_path), STRANGERS) >= 0.9


def born(t: Town, patients: list[int], year: int) -> None:
    for patient in patients:
        t.builder.tables["patients"][patient]["birth_year"] = year


def children_registered_elsewhere(t: Town) -> list[int]:
    """A parent's account and phone stand for the children, whose address nobody filled in."""
    born(t, STRANGERS[1:3], 2018)
    t.builder.token("account", STRANGERS[:3], "bankacct")
    t.builder.token("phone", STRANGERS[:3], "tel")
    return STRANGERS[:3]


def clinics_own_number(t: Town) -> list[int]:
    """A busy clinic types its own telephone for those of its patients who have none."""
    some = list(range(600, 612))
    clinic = t.builder.add_places(1)[0]
    phone = t.builder.token("phone", some, "tel")
    t.builder.hold(phone, [clinic], "tel", "facility")
    for patient in range(600, 900):
        d = t.builder.chance.randrange(330)
        t.builder.visit(patient, clinic, t.builder.day(d, t.builder.chance.randint(8, 17), 5))
    return some


def family(t: Town) -> list[int]:
    for other in STRANGERS[1:4]:
        t.builder.kin(STRANGERS[0], other)
    t.builder.token("account", STRANGERS[:4], "bankacct")
    t.builder.token("phone", STRANGERS[:4], "tel")
    return STRANGERS[:4]


def care_home(t: Town) -> list[int]:
    home = list(range(200, 220))
    t.builder.token("address", home, "live_addr")
    t.builder.token("phone", home, "tel")
    return home


def employer(t: Town) -> list[int]:
    staff = list(range(300, 325))
    t.builder.token("employer", staff, "emp_no")
    t.builder.token("phone", staff, "tel")
    return staff


def default_number(t: Town) -> list[int]:
    some = list(range(400, 520))
    t.builder.token("phone", some, "tel")
    return some


def village_clinic(t: Town) -> list[int]:
    villagers = list(range(600, 630))
    clinic = t.builder.add_places(1)[0]
    t.builder.token("phone", villagers, "tel")
    for patient in range(600, 660):
        for d in t.builder.dates(4):
            hour, minute = t.builder.chance.randint(8, 17), t.builder.chance.randint(0, 59)
            t.builder.visit(patient, clinic, t.builder.day(d, hour, minute))
    return villagers


def filing_agent(t: Town) -> list[int]:
    """Somebody who files for many: routine, and no ring by itself."""
    agent = t.builder.token("certno", [], "agnter_certno")
    for patient in range(700, 715):
        t.builder.filing(patient, t.builder.day(30).date(), agent)
    return list(range(700, 715))


def village_doctor(t: Town) -> list[int]:
    """The doctor of the only clinic that these villagers use files for them all."""
    agent = t.builder.token("certno", [], "agnter_certno")
    clinic = t.builder.add_places(1)[0]
    for patient in range(700, 715):
        t.builder.filing(patient, t.builder.day(30).date(), agent)
        for d in t.builder.dates(3):
            t.builder.visit(patient, clinic, t.builder.day(d, t.builder.chance.randint(8, 17)))
    return list(range(700, 715))


def number_for_want_of_one(t: Town) -> list[int]:
    """Typed in for people of all parts of the town; too few for a hub."""
    some = list(range(400, 436))
    t.builder.token("phone", some, "tel")
    return some


@pytest.mark.parametrize(
    "innocent",
    [
        family,
        care_home,
        employer,
        default_number,
        village_clinic,
        filing_agent,
        village_doctor,
        number_for_want_of_one,
        children_registered_elsewhere,
        clinics_own_number,
    ],
)
def test_an_innocent_reason_keeps_it_below_grade_b(
    tmp_path: Path, innocent: Callable[[Town], list[int]]
) -> None:
    t = town(4)
    holders = innocent(t)
    assert not scanned(t.builder, tmp_path).touching(set(holders))


def test_people_led_to_another_city_by_one_agent_are_found(tmp_path: Path) -> None:
    t = town(10)
    others = t.builder.add_patients(300, "310101")
    far, *elsewhere = t.builder.add_places(4, admdvs="310101")
    t.builder.background(4.0, others, elsewhere)
    agent = t.builder.token("certno", [], "agnter_certno")
    for patient in STRANGERS:
        t.builder.filing(patient, t.builder.day(30).date(), agent)
    for patient in [*STRANGERS, *others[:20]]:
        for d in t.builder.dates(2):
            t.builder.visit(patient, far, t.builder.day(d, t.builder.chance.randint(8, 17)))
    assert leads(scanned(t.builder, tmp_path), STRANGERS) >= 0.8


def test_one_phone_of_many_who_are_led_to_one_shop_is_found(tmp_path: Path) -> None:
    t = town(9)
    led = list(range(600, 620))
    shop = t.builder.add_places(1, "pharmacy")[0]
    t.builder.token("phone", led, "tel")
    for patient in [*led, *range(700, 780)]:
        at = t.builder.day(t.builder.chance.randrange(330), t.builder.chance.randint(8, 17), 5)
        t.builder.visit(patient, shop, at)
    assert leads(scanned(t.builder, tmp_path), led) >= 0.9


NEXT_DISTRICT = "330103"


@pytest.mark.parametrize(
    ("holders", "led", "grade"),
    [(12, True, "B"), (12, False, "C"), (18, True, "C"), (18, False, "C")],
)
def test_one_phone_and_one_busy_clinic_are_a_finding_where_few_came_from_another_district(
    tmp_path: Path, holders: int, led: bool, grade: str
) -> None:
    """Of many, or of neighbours, it is the clinic's way to note a number."""
    t = town(7)
    some = list(range(600, 600 + holders))
    for patient in some if led else []:
        t.builder.tables["patients"][patient]["insu_admdvs"] = NEXT_DISTRICT
    clinic = t.builder.add_places(1)[0]
    t.builder.token("phone", some, "tel")
    for patient in range(600, 900):
        d = t.builder.chance.randrange(330)
        t.builder.visit(patient, clinic, t.builder.day(d, t.builder.chance.randint(8, 17), 5))
    assert best(scanned(t.builder, tmp_path).of("shared_token", grade), some) >= 0.9


def test_one_phone_of_many_who_share_the_hospital_of_their_county_stays_a_lead(
    tmp_path: Path,
) -> None:
    """Everybody of a county goes to its hospital: that is no place to which they were led."""
    t = town(11)
    others = t.builder.add_patients(1500, "330109")
    hospital = t.builder.add_places(1, admdvs="330109")[0]
    some = others[:40]
    t.builder.token("phone", some, "tel")
    for patient in others:
        d = t.builder.chance.randrange(330)
        t.builder.visit(patient, hospital, t.builder.day(d, t.builder.chance.randint(8, 17), 5))
    found = scanned(t.builder, tmp_path)
    assert best(found.of("shared_token", "C"), some) >= 0.9


def test_a_couple_of_which_one_lives_in_a_home_is_no_ring(tmp_path: Path) -> None:
    t = town(8)
    residents = list(range(600, 620))
    t.builder.token("address", residents, "live_addr")
    t.builder.token("account", [600, 601, 700], "bankacct")
    assert not scanned(t.builder, tmp_path).touching({600, 601, 700})
