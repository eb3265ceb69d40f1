"""Cards taken round the shops for one drug; an empty shelf, a month's drug nearby and what a doctor wrote are not."""

from pathlib import Path

import numpy as np

from graph.motifs.drug_rounds import count_days_out
from graph.scan.covisits import VisitColumns
from tests.graph.found import best, scanned
from tests.graph.town import Town, town

CARDS = list(range(100, 112))
DRUG = "XA10BFA137A001010100269"
SERVICE = "001102000010000"


def buy(t: Town, patient: int, shop: int, day: int, hour: int, **fee: object) -> None:
    """A drug bought at a minute of its own."""
    at = t.builder.day(day, hour, t.builder.chance.randrange(60))
    t.builder.sale("", patient, shop, at)
    t.builder.tables["fee_list_d"][-1] |= {"item": DRUG, "trace_codes": None, "fee_time": at} | fee


def rounds(t: Town, days: list[int], shops: list[int], **fee: object) -> None:
    """On each day each card at two of the shops, in the morning and in the afternoon, each at hours of its own."""
    for day in days:
        for card in t.builder.chance.sample(CARDS, 9):
            for shop, hours in zip(
                t.builder.chance.sample(shops, 2), ((8, 11), (13, 17)), strict=True
            ):
                buy(t, card, shop, day, t.builder.chance.randint(*hours), **fee)


def test_cards_taken_round_the_shops_are_found_though_they_never_meet(tmp_path: Path) -> None:
    t = town(1)
    rounds(t, t.builder.dates(10), t.shops)
    found = scanned(t.builder, tmp_path).of("drug_rounds", "A")
    assert best(found, CARDS) == 1.0
    assert len(found) == 1


def test_a_few_empty_shelves_are_none(tmp_path: Path) -> None:
    t = town(2)
    rounds(t, t.builder.dates(2), t.shops)
    assert not scanned(t.builder, tmp_path).of("drug_rounds", "ABC")


def test_the_same_two_counters_are_one_shop_that_reports_twice(tmp_path: Path) -> None:
    t = town(3)
    rounds(t, t.builder.dates(10), t.shops[:2])
    assert not scanned(t.builder, tmp_path).of("drug_rounds", "ABC")


def test_everybody_on_days_of_their_own_is_no_group(tmp_path: Path) -> None:
    t = town(4)
    for number, card in enumerate(CARDS):
        for k in range(5):
            for shop, hour in zip(t.builder.chance.sample(t.shops, 2), (9, 15), strict=True):
                buy(t, card, shop, 5 + number * 25 + k * 4, hour)
    assert not scanned(t.builder, tmp_path).of("drug_rounds", "ABC")


def test_what_a_doctor_prescribed_and_services_and_returns_are_none(tmp_path: Path) -> None:
    fees: list[dict[str, object]] = [{"rx_circ": True}, {"item": SERVICE}, {"trdn": True}]
    for number, fee in enumerate(fees):
        t = town(5 + number)
        rounds(t, t.builder.dates(10), t.shops, **fee)
        found = scanned(t.builder, tmp_path / str(number))
        assert not found.of("drug_rounds", "ABC")


def test_brought_back_and_bought_elsewhere_is_none(tmp_path: Path) -> None:
    t = town(8)
    for day in t.builder.dates(10):
        for card in CARDS:
            first, second = t.builder.chance.sample(t.shops, 2)
            buy(t, card, first, day, t.builder.chance.randint(8, 10))
            buy(t, card, first, day, 11, cnt=-1.0)
            buy(t, card, second, day, t.builder.chance.randint(12, 17))
    assert not scanned(t.builder, tmp_path).of("drug_rounds", "ABC")


def test_written_at_a_clinic_and_fetched_at_a_shop_is_none(tmp_path: Path) -> None:
    t = town(9)
    for day in t.builder.dates(10):
        for card in t.builder.chance.sample(CARDS, 9):
            buy(t, card, t.builder.chance.choice(t.clinics), day, 9)
            buy(t, card, t.builder.chance.choice(t.shops), day, 15)
    assert not scanned(t.builder, tmp_path).of("drug_rounds", "ABC")


def test_one_family_makes_no_ring(tmp_path: Path) -> None:
    t = town(10)
    for card in CARDS[1:]:
        t.builder.kin(CARDS[0], card)
    rounds(t, t.builder.dates(10), t.shops)
    assert not scanned(t.builder, tmp_path).of("drug_rounds")


def test_a_monthly_drug_at_the_nearest_shop_is_none(tmp_path: Path) -> None:
    t = town(11)
    for month in range(11):
        for number, card in enumerate(CARDS):
            day = 3 + 30 * month + t.builder.chance.randrange(3)
            buy(t, card, t.shops[(number + month) % 2], day, 9)
    assert not scanned(t.builder, tmp_path).of("drug_rounds", "ABC")


def test_days_out_equal_those_written_out() -> None:
    rng = np.random.default_rng(3)
    who, where, day = (rng.integers(0, n, 900) for n in (40, 6, 12))
    facility = np.array([True, False] * 3)
    c = VisitColumns.build(
        who, where, day * 1440 + rng.integers(0, 1440, 900), patients=40, places=6
    )
    seen: dict[tuple[int, int, bool], set[int]] = {}
    for p, f, d in zip(who.tolist(), where.tolist(), day.tolist(), strict=True):
        seen.setdefault((p, d, bool(facility[f])), set()).add(f)
    out = {(p, d) for (p, d, _), places in seen.items() if len(places) > 1}
    got = count_days_out(c.patient_offsets, c.order, c.place, c.minute, facility)
    assert got.tolist() == [sum(p == q for q, _ in out) for p in range(40)]
