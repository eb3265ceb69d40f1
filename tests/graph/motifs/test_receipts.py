"""Receipt mills: strangers' receipts through one agent, account or number; clerks and families are not."""

from pathlib import Path
from typing import Any

import pytest

from tests.graph.found import best, scanned
from tests.graph.town import Town, town
from tests.graph.worlds import TOWN

CUSTOMERS = list(range(100, 109))


def ordinary_receipts(t: Town, count: int = 60) -> None:
    """People who bring in their own receipts of two hospitals, paid to their own accounts."""
    for n, patient in enumerate(t.builder.chance.sample(t.patients[400:], count)):
        own = t.builder.token("account", [patient], "bankacct")
        day = t.builder.day(t.builder.chance.randrange(300)).date()
        place = ("外地医院", "另一家医院")[n % 2]
        t.builder.receipt(patient, day, account=own, place_name=place)


def bring(t: Town, patients: list[int], each: int = 2, **columns: Any) -> None:
    for patient in patients:
        for _ in range(each):
            day = t.builder.day(t.builder.chance.randrange(300)).date()
            t.builder.receipt(patient, day, **columns)


def bring_paid_apart(t: Town, patients: list[int], **columns: Any) -> None:
    """One hand, each patient's money to the patient's own account."""
    for patient in patients:
        bring(t, [patient], account=t.builder.token("account", [patient], "bankacct"), **columns)


@pytest.mark.parametrize(("kind", "field"), [("certno", "agnter_certno"), ("phone", "agnter_tel")])
def test_one_hand_alone_is_listed_as_no_more_than_c(tmp_path: Path, kind: str, field: str) -> None:
    t = town(1)
    ordinary_receipts(t)
    name = {"certno": "agent", "phone": "agent_phone"}[kind]
    bring_paid_apart(t, CUSTOMERS, **{name: t.builder.token(kind, [], field)})
    found = scanned(t.builder, tmp_path)
    assert best(found.of("receipts", "C"), CUSTOMERS) >= 0.8
    assert not found.touching(set(CUSTOMERS))


def one_clinic_one_phone(t: Town, district: str) -> None:
    """The customers, insured in `district`, gave one phone and go to one busy clinic; somebody brings their receipts."""
    for patient in CUSTOMERS:
        t.builder.tables["patients"][patient]["insu_admdvs"] = district
    clinic = t.builder.add_places(1)[0]
    t.builder.token("phone", CUSTOMERS, "tel")
    for patient in [*CUSTOMERS, *range(200, 400)]:
        d = t.builder.chance.randrange(330)
        t.builder.visit(patient, clinic, t.builder.day(d, t.builder.chance.randint(8, 17), 5))
    bring_paid_apart(t, CUSTOMERS, agent=t.builder.token("certno", [], "agnter_certno"))


@pytest.mark.parametrize(("district", "grade"), [(TOWN, "C"), ("330103", "B")])
def test_the_village_doctor_whose_phone_they_gave_and_who_brings_their_receipts_is_one_fact(
    tmp_path: Path, district: str, grade: str
) -> None:
    """People from elsewhere have another doctor at home: there the phone speaks for itself."""
    t = town(1)
    ordinary_receipts(t)
    one_clinic_one_phone(t, district)
    assert best(scanned(t.builder, tmp_path).of("receipts", grade), CUSTOMERS) >= 0.9


def test_strangers_paid_to_one_account_are_found(tmp_path: Path) -> None:
    t = town(1)
    ordinary_receipts(t)
    bring(t, CUSTOMERS, account=t.builder.token("account", [], "bankacct"))
    assert best(scanned(t.builder, tmp_path).of("receipts"), CUSTOMERS) >= 0.8


def test_one_hand_with_receipts_of_one_remote_hospital_is_found_but_never_graded_a(
    tmp_path: Path,
) -> None:
    t = town(7)
    ordinary_receipts(t)
    agent = t.builder.token("certno", [], "agnter_certno")
    bring_paid_apart(t, CUSTOMERS, agent=agent, place_name="边远医院")
    assert best(scanned(t.builder, tmp_path).of("receipts", "B"), CUSTOMERS) >= 0.8


def at_once(t: Town, occasions: list[int]) -> None:
    """One hand; six of the customers are treated in the same days each time, of two hospitals, each paid for himself."""
    phone = t.builder.token("phone", [], "agnter_tel")
    for day in occasions:
        for n, patient in enumerate(t.builder.chance.sample(CUSTOMERS, 6)):
            begun = t.builder.day(day + t.builder.chance.randint(0, 3)).date()
            place = ("外地医院", "另一家医院")[n % 2]
            t.builder.receipt(patient, begun, agent_phone=phone, place_name=place)


def test_people_who_are_treated_together_time_and_again_through_one_hand_are_grade_b(
    tmp_path: Path,
) -> None:
    t = town(13)
    ordinary_receipts(t)
    at_once(t, [30, 120, 200, 290])
    assert best(scanned(t.builder, tmp_path).of("receipts", "B"), CUSTOMERS) >= 0.8


def test_one_accident_among_a_cadres_villagers_is_no_ring(tmp_path: Path) -> None:
    t = town(14)
    ordinary_receipts(t)
    at_once(t, [120])
    hand = t.builder.token("certno", [], "agnter_certno")
    bring_paid_apart(t, CUSTOMERS, agent=hand)
    assert not scanned(t.builder, tmp_path).touching(set(CUSTOMERS))


def test_a_hand_whose_village_uses_one_hospital_is_no_ring(tmp_path: Path) -> None:
    t = town(8)
    ordinary_receipts(t)
    for patient in range(450, 480):
        own = t.builder.token("account", [patient], "bankacct")
        bring(t, [patient], 1, account=own, place_name="县医院", office="130881")
    agent = t.builder.token("certno", [], "agnter_certno")
    bring_paid_apart(t, CUSTOMERS, agent=agent, place_name="县医院", office="130881")
    assert not scanned(t.builder, tmp_path).touching(set(CUSTOMERS))


def test_one_couple_among_a_cadres_villagers_is_no_ring(tmp_path: Path) -> None:
    t = town(9)
    ordinary_receipts(t)
    agent = t.builder.token("certno", [], "agnter_certno")
    bring_paid_apart(t, CUSTOMERS[2:], agent=agent)
    couple = t.builder.token("account", CUSTOMERS[:2], "bankacct")
    bring(t, CUSTOMERS[:2], agent=agent, account=couple)
    assert not scanned(t.builder, tmp_path).touching(set(CUSTOMERS))


def test_one_invoice_under_several_names_is_found(tmp_path: Path) -> None:
    t = town(2)
    ordinary_receipts(t)
    for number in range(2):
        for patient in CUSTOMERS:
            day = t.builder.day(number * 30).date()
            t.builder.receipt(patient, day, invono=f"8888000{number}")
    assert best(scanned(t.builder, tmp_path).of("receipts"), CUSTOMERS) >= 0.8


def claimed_twice(t: Town, patients: list[int], between: int | None, **second: Any) -> None:
    """Every receipt of these is handed in again, by one hand; taken back `between` the two if that is an amount."""
    phone = t.builder.token("phone", [], "agnter_tel")
    for n, patient in enumerate(patients):
        own = t.builder.token("account", [patient], "bankacct")
        same: dict[str, Any] = {"agent_phone": phone, "account": own, "invono": f"999000{n:02d}"}
        t.builder.receipt(patient, t.builder.day(20 + n).date(), office="130881", **same)
        if between is not None:
            day = t.builder.day(30 + n).date()
            t.builder.receipt(patient, day, fund=between, office="130881", **same)
        t.builder.receipt(
            patient, t.builder.day(40 + n).date(), **{"office": "130881"} | same | second
        )


def test_receipts_paid_by_two_offices_are_found(tmp_path: Path) -> None:
    t = town(10)
    ordinary_receipts(t)
    claimed_twice(t, CUSTOMERS, None, office="130802")
    assert best(scanned(t.builder, tmp_path).of("receipts"), CUSTOMERS) >= 0.8


@pytest.mark.parametrize(
    ("between", "second"),
    [(None, {}), (-300_000, {"office": "130802"}), (None, {"place_name": "另一家医院"})],
    ids=["entered again", "reversed first", "another issuer"],
)
def test_a_claim_handed_in_again_is_no_ring(
    tmp_path: Path, between: int | None, second: dict[str, Any]
) -> None:
    t = town(11)
    ordinary_receipts(t)
    claimed_twice(t, CUSTOMERS, between, **second)
    assert not scanned(t.builder, tmp_path).touching(set(CUSTOMERS))


def test_a_care_home_paid_for_its_residents_is_no_ring(tmp_path: Path) -> None:
    t = town(12)
    ordinary_receipts(t)
    t.builder.token("address", [*CUSTOMERS, 120, 121], "live_addr")
    home = t.builder.token("account", [], "bankacct")
    bring(t, CUSTOMERS, account=home, agent=t.builder.token("certno", [], "agnter_certno"))
    assert not scanned(t.builder, tmp_path).touching(set(CUSTOMERS))


def test_receipts_of_two_people_are_no_ring(tmp_path: Path) -> None:
    t = town(3)
    ordinary_receipts(t)
    bring(t, CUSTOMERS[:2], each=6, agent=t.builder.token("certno", [], "agnter_certno"))
    assert not scanned(t.builder, tmp_path).of("receipts", "ABC")


def test_a_companys_clerk_is_no_ring(tmp_path: Path) -> None:
    t = town(4)
    ordinary_receipts(t)
    t.builder.token("employer", range(200, 230), "emp_no")
    bring(t, list(range(200, 216)), agent=t.builder.token("certno", [], "agnter_certno"))
    assert not scanned(t.builder, tmp_path).touching(set(range(200, 216)))


def test_a_family_is_no_ring(tmp_path: Path) -> None:
    t = town(5)
    ordinary_receipts(t)
    for other in range(301, 305):
        t.builder.kin(300, other)
    bring(t, list(range(300, 305)), account=t.builder.token("account", [300], "bankacct"))
    assert not scanned(t.builder, tmp_path).touching(set(range(300, 305)))


def test_a_default_number_joins_nobody(tmp_path: Path) -> None:
    t = town(6)
    phone = t.builder.token("phone", [], "agnter_tel")
    bring(t, list(range(300, 560)), each=1, agent_phone=phone)
    assert not scanned(t.builder, tmp_path).of("receipts")


def test_one_receipt_each_of_a_few_neighbours_is_kindness(tmp_path: Path) -> None:
    t = town(7)
    ordinary_receipts(t)
    bring(t, CUSTOMERS[:8], each=1, agent=t.builder.token("certno", [], "agnter_certno"))
    assert not scanned(t.builder, tmp_path).touching(set(CUSTOMERS))
