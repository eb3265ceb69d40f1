"""Which inpatient bills a monthly batch would ask about, against a slow count over the same tables."""

from collections import defaultdict
from datetime import date

import pytest

from casework.assistance.suspicious import suspicious
from graph.results import latest_scan
from graph.scan.world import INPATIENT_TYPES
from graph.snapshot import current_snapshot
from tests.factory import add_scan, small_world

FIRST, LAST = date(2025, 3, 26), date(2025, 6, 26)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    workspace = small_world(tmp_path_factory.mktemp("suspicious"))
    add_scan(workspace, size=6)
    return current_snapshot(workspace), latest_scan(workspace)


def counted(snapshot, scan, home, floor):
    """By stay, patient and place the sum of its settlements, where one of them is evidence."""
    named = {
        row
        for ring in scan.rings(limit=None)
        for one in scan.evidence(ring.ring)
        for row in one.rows
    }
    with snapshot.connect() as con:
        rows = con.execute(
            "SELECT v.setl_id, coalesce(v.mdtrt_id, v.setl_id), p.id, l.id, p.insu_admdvs, l.admdvs, v.net_medfee, "
            "v.setl_time, v.med_type, v.counts FROM setl_d v JOIN patients p USING (patient) JOIN places l USING (place)"
        ).fetchall()
    sums, last, seen = defaultdict(int), {}, set()
    for setl, stay, patient, place, insured, there, fee, at, kind, counts in rows:
        if counts and kind in INPATIENT_TYPES and insured[:2] == home and there[:2] != home:
            key = (stay, patient, place)
            sums[key] += fee
            last[key] = max(last.get(key, at), at)
            if f"setl_d:{setl}" in named:
                seen.add(key)
    return {
        key: total for key, total in sums.items()
        if key in seen and total >= floor and FIRST <= last[key].date() < LAST
    }  # fmt: skip


@pytest.mark.parametrize("home", ["11", "12", "13"])
@pytest.mark.parametrize("floor", [1, 50_000])
def test_stays_elsewhere_above_the_amount_and_in_evidence(world, home, floor):
    found = suspicious(*world, f"{home}0000", FIRST, LAST, floor)
    expected = counted(*world, home, floor)
    assert {(one.stay, one.patient, one.place): one.total for one in found} == expected
    assert [one.total for one in found] == sorted(expected.values(), reverse=True)
    assert all(one.ring and one.name for one in found)


def test_there_is_something_to_find_and_the_days_bound_it(world):
    assert any(suspicious(*world, f"{home}0000", FIRST, LAST, 1) for home in ("11", "12", "13"))
    assert suspicious(*world, "130000", date(2024, 1, 1), date(2024, 2, 1), 1) == ()
