"""Refunds are netted into what they refund, in one load or over several."""

import random
from datetime import timedelta

import pytest

from tests.loaders.exports import NOW, fates, load, query, visit, write_csv

NET = "SELECT setl_id, net_medfee, net_fund, counts, refund FROM setl_d ORDER BY setl_id"


def refund(number, of, medfee="-100.00", fund="-70.00", **changes):
    return visit(
        number,
        init_setl_id=f"S{of}",
        refd_setl_flag="1",
        medfee_sumamt=medfee,
        fund_pay_sumamt=fund,
        **changes,
    )


def test_full_and_partial_refunds(tmp_path):
    rows = [
        visit(1),
        refund(2, 1),
        visit(3),
        refund(4, 3, "-30.00", "-20.00"),
        visit(5, medfee_sumamt="0", fund_pay_sumamt="0"),
    ]
    write_csv(tmp_path / "in/setl_d.csv", rows)
    report = load(tmp_path / "in", tmp_path / "ws")
    assert not +report.warnings
    assert query(tmp_path / "ws", NET) == [
        ("S1", 0, 0, False, False),
        ("S2", 0, 0, False, True),
        ("S3", 7000, 5000, True, False),
        ("S4", 0, 0, False, True),
        ("S5", 0, 0, True, False),
    ]


def test_odd_refunds(tmp_path):
    rows = [
        visit(1),
        refund(2, 1, "100.00", "70.00"),  # a refund written without its sign
        visit(3),
        refund(4, 3, "-60.00", "-40.00"),
        refund(5, 3, "-60.00", "-40.00"),  # more than there was
        refund(6, 99),  # of nothing
        visit(7, medfee_sumamt="-5.00", fund_pay_sumamt="0"),  # no flag
    ]
    write_csv(tmp_path / "in/setl_d.csv", rows)
    report = load(tmp_path / "in", tmp_path / "ws")
    found = {row[0]: row[1:] for row in query(tmp_path / "ws", NET)}
    assert found["S1"] == (0, 0, False, False)
    assert found["S3"] == (-2000, -1000, False, False)
    assert found["S6"] == (0, 0, False, True)
    assert found["S7"] == (0, 0, False, True)
    assert +report.warnings == {
        "refund_over_origin": 1, "refund_without_origin": 2, "negative_amount": 1,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_any_split_over_loads_nets_the_same(tmp_path, seed):
    chance = random.Random(seed)
    rows = [visit(n) for n in range(10)]
    rows += [refund(100 + n, n, f"-{10 * n}.00", f"-{7 * n}.00") for n in (1, 3, 5)]
    rows += [refund(200, 3, "-5.00", "-1.00")]
    rows += [visit(4, medfee_sumamt="500.00", updt_time="2025-04-01 00:00:00")]
    rows += [refund(105, 5, "-99.00", "-70.00", updt_time="2025-04-01 00:00:00")]
    write_csv(tmp_path / "whole/setl_d.csv", rows)
    load(tmp_path / "whole", tmp_path / "once")
    chance.shuffle(rows)
    read = 0
    for number in range(3):
        write_csv(tmp_path / f"{number}/setl_d.csv", rows[number::3])
        report = load(tmp_path / str(number), tmp_path / "ws", NOW + timedelta(days=number))
        read += fates(report)[0]
    assert read == len(rows)
    assert query(tmp_path / "ws", NET) == query(tmp_path / "once", NET)
