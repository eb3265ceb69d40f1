"""Trace-code loops: boxes sold again and again; split packs, returns and default codes are not."""

from pathlib import Path

import pytest

from graph.motifs import trace_loop
from tests.graph.found import best, scanned
from tests.graph.town import Town, town

BUYERS = list(range(100, 110))


def ordinary_sales(t: Town, count: int = 300) -> None:
    for number in range(count):
        at = t.builder.day(t.builder.chance.randrange(330), 10, number % 60)
        t.builder.sale(f"8100000{number:06d}", t.builder.chance.choice(t.patients), t.shops[0], at)


def test_boxes_sold_again_to_others_are_found(tmp_path: Path) -> None:
    t = town(1)
    ordinary_sales(t)
    for code in range(12):
        buyers = t.builder.chance.sample(BUYERS, 4)
        for patient, d in zip(buyers, t.builder.dates(4), strict=True):
            shop = t.builder.chance.choice(t.shops[2:4])
            t.builder.sale(f"8355500{code:06d}", patient, shop, t.builder.day(d, 15, code))
    assert best(scanned(t.builder, tmp_path).of("trace_loop"), BUYERS) >= 0.8


def test_one_box_sold_twice_is_no_ring(tmp_path: Path) -> None:
    t = town(2)
    ordinary_sales(t)
    for patient, d in ((100, 20), (101, 60)):
        t.builder.sale("8355500000001", patient, t.shops[2], t.builder.day(d))
    assert not scanned(t.builder, tmp_path).of("trace_loop", "ABC")


def test_split_packs_are_none(tmp_path: Path) -> None:
    t = town(3)
    ordinary_sales(t)
    for code in range(12):
        for patient, d in zip(t.builder.chance.sample(BUYERS, 4), range(4), strict=True):
            at = t.builder.day(20 + d + code, 15, code)
            t.builder.sale(f"8355500{code:06d}", patient, t.shops[2], at, cnt=0.25, split=True)
    assert not scanned(t.builder, tmp_path).of("trace_loop", "ABC")


def test_returned_within_the_day_and_sold_to_another_is_none(tmp_path: Path) -> None:
    t = town(4)
    ordinary_sales(t)
    for code in range(12):
        first, second = t.builder.chance.sample(BUYERS, 2)
        name, d = f"8355500{code:06d}", 20 + 7 * code
        t.builder.sale(name, first, t.shops[2], t.builder.day(d, 10))
        t.builder.sale(name, first, t.shops[2], t.builder.day(d, 11), cnt=-1.0)
        t.builder.sale(name, second, t.shops[2], t.builder.day(d, 15))
    assert not scanned(t.builder, tmp_path).of("trace_loop", "ABC")


def test_sent_again_for_one_patient_is_none(tmp_path: Path) -> None:
    t = town(5)
    ordinary_sales(t)
    for code in range(12):
        for minute in (0, 1, 2):
            at = t.builder.day(20 + code, 10, minute)
            t.builder.sale(f"8355500{code:06d}", BUYERS[code % 10], t.shops[2], at)
    assert not scanned(t.builder, tmp_path).of("trace_loop", "ABC")


def test_default_codes_are_none(tmp_path: Path) -> None:
    t = town(6)
    ordinary_sales(t)
    for code in range(4):
        for patient in range(300, 340):
            at = t.builder.day(t.builder.chance.randrange(330), 11, code)
            t.builder.sale(f"8000000{code:06d}", patient, t.shops[3], at)
    assert not scanned(t.builder, tmp_path).of("trace_loop", "ABC")


def bought(t: Town, patient: int, code: str, number: int) -> int:
    """The day on which `patient` buys a box at one of two shops."""
    d = 20 + 7 * (number % 30)
    t.builder.sale(code, patient, t.shops[number % 2], t.builder.day(d, 10, number))
    return d


def test_sellers_of_boxes_sold_again_at_one_outlet_are_one_group_without_its_customers(
    tmp_path: Path,
) -> None:
    t = town(7)
    ordinary_sales(t)
    for number in range(24):
        code = f"8355500{number:06d}"
        d = bought(t, BUYERS[number % 6], code, number)
        customer = 200 + number % 15
        t.builder.sale(code, customer, t.shops[3], t.builder.day(d + 20, 15, number))
    found = scanned(t.builder, tmp_path).of("trace_loop")
    assert len(found) == 1
    assert best(found, BUYERS[:6]) == 1.0


def test_those_who_take_most_boxes_sold_again_belong_to_the_sellers(tmp_path: Path) -> None:
    t = town(8)
    ordinary_sales(t)
    for number in range(24):
        code = f"8355500{number:06d}"
        d = bought(t, BUYERS[number % 6], code, number)
        t.builder.sale(code, BUYERS[6 + number % 2], t.shops[3], t.builder.day(d + 20, 15, number))
    assert best(scanned(t.builder, tmp_path).of("trace_loop"), BUYERS[:8]) == 1.0


def test_one_persons_boxes_sold_again_are_no_ring(tmp_path: Path) -> None:
    t = town(9)
    ordinary_sales(t)
    for number in range(12):
        code = f"8355500{number:06d}"
        d = bought(t, BUYERS[0], code, number)
        t.builder.sale(code, 200 + number, t.shops[3], t.builder.day(d + 20, 15, number))
    assert not scanned(t.builder, tmp_path).of("trace_loop", "ABC")


def test_slips_of_many_at_different_shops_are_none(tmp_path: Path) -> None:
    t = town(10)
    ordinary_sales(t)
    for number in range(12):
        code = f"8355500{number:06d}"
        d = bought(t, 100 + number, code, number)
        t.builder.sale(
            code, 200 + number, t.shops[2 + number % 2], t.builder.day(d + 20, 15, number)
        )
    found = scanned(t.builder, tmp_path).of("trace_loop", "ABC")
    assert not found


def test_codes_that_join_half_a_city_are_not_the_boxes_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    t = town(11)
    ordinary_sales(t)
    for code in range(12):
        buyers = t.builder.chance.sample(BUYERS, 4)
        for patient, d in zip(buyers, t.builder.dates(4), strict=True):
            t.builder.sale(f"8355500{code:06d}", patient, t.shops[2], t.builder.day(d, 15, code))
    monkeypatch.setattr(trace_loop, "MOST_PEOPLE", len(BUYERS))
    assert scanned(t.builder, tmp_path / "few").of("trace_loop")
    monkeypatch.setattr(trace_loop, "MOST_PEOPLE", len(BUYERS) - 1)
    assert not scanned(t.builder, tmp_path / "many").of("trace_loop", "ABC")


def fenced(t: Town, sellers: list[int], shop: int, outlet: int, boxes: int, customers: int) -> None:
    """The sellers' boxes are sold again at one outlet: half to the sellers themselves, half to customers of the outlet."""
    for number in range(boxes):
        code = f"83{shop:02d}{outlet:03d}{number:06d}"
        d = 20 + 7 * (number % 30)
        seller = sellers[number % len(sellers)]
        t.builder.sale(code, seller, shop, t.builder.day(d, 10, number % 60))
        taker = sellers[number * 5 % len(sellers) - 1] if number % 2 else customers + number % 26
        if taker == seller:
            taker = sellers[sellers.index(seller) - 1]
        t.builder.sale(code, taker, outlet, t.builder.day(d + 20, 15, number % 60))


def test_sellers_who_take_some_boxes_themselves_are_the_ring_and_customers_are_not(
    tmp_path: Path,
) -> None:
    t = town(12)
    ordinary_sales(t)
    fenced(t, BUYERS[:7], t.shops[1], t.shops[3], 52, 200)
    assert best(scanned(t.builder, tmp_path).of("trace_loop"), BUYERS[:7]) == 1.0


def test_two_outlets_with_common_customers_are_two_rings(tmp_path: Path) -> None:
    t = town(13)
    ordinary_sales(t)
    others = list(range(120, 128))
    fenced(t, BUYERS[:7], t.shops[1], t.shops[3], 52, 200)
    fenced(t, others, t.shops[4], t.shops[5], 60, 210)
    found = scanned(t.builder, tmp_path).of("trace_loop")
    assert best(found, BUYERS[:7]) == 1.0
    assert best(found, others) == 1.0


def test_few_who_take_many_boxes_each_belong_to_the_ring(tmp_path: Path) -> None:
    t = town(14)
    ordinary_sales(t)
    straws = list(range(110, 116))
    for number in range(36):
        code = f"8355500{number:06d}"
        d = bought(t, BUYERS[number % 8], code, number)
        t.builder.sale(code, straws[number % 6], t.shops[3], t.builder.day(d + 20, 15, number))
    found = scanned(t.builder, tmp_path).of("trace_loop")
    assert best(found, BUYERS[:8] + straws) == 1.0


def test_a_carton_read_twice_is_one_slip_however_many_boxes(tmp_path: Path) -> None:
    """Two pairs of bills with five codes in common each: two slips, not ten boxes."""
    t = town(15)
    ordinary_sales(t)
    for number in range(2):
        for box in range(5):
            code = f"83555{number:03d}{box:06d}"
            t.builder.sale(code, BUYERS[number], t.shops[2], t.builder.day(20 + number, 10))
            t.builder.sale(code, BUYERS[2], t.shops[3], t.builder.day(80 + number, 15))
    together_on_one_bill(t)
    assert not scanned(t.builder, tmp_path).of("trace_loop", "ABC")


def together_on_one_bill(t: Town) -> None:
    """Sales of one patient, place and moment are lines of one bill."""
    bill: dict[tuple[object, ...], str] = {}
    for row in t.builder.tables["fee_list_d"]:
        key = (row["patient"], row["place"], row["fee_time"])
        row["setl_id"] = bill.setdefault(key, row["setl_id"])
