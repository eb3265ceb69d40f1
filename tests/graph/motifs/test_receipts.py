"""Receipt mills: strangers' receipts through one agent, account or number; clerks and families are not."""

from pathlib import Path
from typing import Any

import pytest

from tests.graph.found import best, scanned
from tests.graph.town import Town, town

CUSTOMERS = list(range(100, 109))


def ordinary_receipts(t: Town, count: int = 60) -> None:
    """People who bring in their own receipts, paid to their own accounts."""
    for patient in t.builder.chance.sample(t.patients[400:], count):
        own = t.builder.token("account", [patient], "bankacct")
        t.builder.receipt(
            patient, t.builder.day(t.builder.chance.randrange(300)).date(), account=own
        )


def bring(t: Town, patients: list[int], each: int = 2, **tokens: Any) -> None:
    for patient in patients:
        for _ in range(each):
            day = t.builder.day(t.builder.chance.randrange(300)).date()
            t.builder.receipt(patient, day, **tokens)


@pytest.mark.parametrize(
    ("kind", "field", "name"),
    [
        ("certno", "agnter_certno", "agent"),
        ("phone", "agnter_tel", "agent_phone"),
        ("account", "bankacct", "account"),
    ],
)
def test_strangers_through_one_hand_are_found(
    tmp_path: Path, kind: str, field: str, name: str
) -> None:
    t = town(1)
    ordinary_receipts(t)
    bring(t, CUSTOMERS, **{name: t.builder.token(kind, [], field)})
    assert best(scanned(t.builder, tmp_path).of("receipts"), CUSTOMERS) >= 0.8


def test_one_invoice_under_several_names_is_found(tmp_path: Path) -> None:
    t = town(2)
    ordinary_receipts(t)
    for number in range(2):
        for patient in CUSTOMERS:
            day = t.builder.day(number * 30).date()
            t.builder.receipt(patient, day, invono=f"8888000{number}")
    assert best(scanned(t.builder, tmp_path).of("receipts"), CUSTOMERS) >= 0.8


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
