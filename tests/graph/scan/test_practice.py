"""Visits dealt out by practitioner: against the same counted from the rows of small random worlds."""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graph.scan.parameters import Parameters
from graph.scan.practice import SUMS, UNKNOWN, Practice, practice
from graph.scan.world import World
from graph.snapshot import current_snapshot
from tests.graph.worlds import WorldBuilder

OPENING = datetime(2000, 1, 1)
SECOND = timedelta(seconds=1)
GAP = 90


def busy(seed: int) -> WorldBuilder:
    """Five doctors at three clinics and a pharmacy: visits on and after the minute, stays, internet visits, things unknown."""
    b = WorldBuilder(seed)
    b.add_patients(12)
    places = [*b.add_places(3), *b.add_places(1, "pharmacy")]
    doctors = b.add_practitioners(5, places[0])
    for number in range(260):
        at = b.day(b.chance.randrange(9), b.chance.randint(8, 12), b.chance.randrange(60))
        at += SECOND * b.chance.choice([0, 0, 7, 59])
        b.visit(
            b.chance.randrange(12), b.chance.choice(places), at, b.chance.choice([*doctors, None]),
            fund=b.chance.randint(1, 900), pay_loc="5" if number % 11 == 0 else "2",
            stay_until=at + timedelta(days=2) if number % 13 == 0 else None,
        )  # fmt: skip
    for name, step in (
        ("patient", 17),
        ("place", 19),
        ("setl_time", 23),
        ("med_type", 29),
        ("net_medfee", 31),
    ):
        for row in b.tables["setl_d"][::step]:
            row[name] = None
    return b


@pytest.fixture(params=range(3))
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    b = busy(request.param)
    world = World.open(current_snapshot(b.write(tmp_path)), Parameters())
    yield world, [row for row in b.tables["setl_d"] if row["practitioner"] is not None]
    world.con.close()


def moment(row: dict[str, Any]) -> int:
    if row["setl_time"] is None:
        return UNKNOWN
    since: timedelta = row["setl_time"] - OPENING
    return 2 * (since // timedelta(minutes=1)) + (since % timedelta(minutes=1) > timedelta())


def stays(row: dict[str, Any]) -> bool | None:
    return None if row["med_type"] is None else row["med_type"] == "21"


def there(row: dict[str, Any]) -> bool:
    return stays(row) is False and row["pay_loc"] != "5"


def own(rows: list[dict[str, Any]], who: int) -> list[dict[str, Any]]:
    return [row for row in rows if row["practitioner"] == who]


def test_every_visit_is_with_its_practitioner(opened: Any) -> None:
    world, rows = opened
    done = practice(world)
    assert practice(world) is done
    for who in range(5):
        part = slice(done.offsets[who], done.offsets[who + 1])
        got = [
            (*v, t)
            for v, t in zip(done.visits[part].tolist(), done.there[part].tolist(), strict=True)
        ]
        want = [
            (
                -1 if row["patient"] is None else row["patient"],
                -1 if row["place"] is None else row["place"],
                moment(row), there(row),
            )
            for row in own(rows, who)
        ]  # fmt: skip
        assert sorted(got) == sorted(want)


def test_sums_are_those_added_one_by_one(opened: Any) -> None:
    world, rows = opened
    done = practice(world)
    times = [row["setl_time"] for row in rows if row["setl_time"] is not None]
    middle = min(times) + (max(times) - min(times)) / 2
    for who in range(5):
        mine = own(rows, who)
        fees = [row for row in mine if row["net_medfee"] is not None]
        seen = [row for row in fees if stays(row) is False]
        dated = [row for row in mine if row["setl_time"] is not None]
        first = [row for row in seen if row in dated and row["setl_time"] < middle]
        second = [row for row in seen if row in dated and row["setl_time"] >= middle]
        early = sum(row["setl_time"] < middle for row in dated)
        want = {
            "stays": sum(stays(row) is True for row in mine),
            "visits_first": early, "visits_second": len(dated) - early,
            "funds": len(mine), "fund": sum(row["net_fund"] for row in mine),
        }  # fmt: skip
        for names, some in (
            (("fees", "total"), fees), (("visit_fees", "visit_total"), seen),
            (("fees_first", "total_first"), first), (("fees_second", "total_second"), second),
        ):  # fmt: skip
            want |= dict(
                zip(names, (len(some), sum(row["net_medfee"] for row in some)), strict=True)
            )
        assert dict(zip(SUMS, done.sums[who].tolist(), strict=True)) == want


def test_posts_are_those_counted_one_by_one(opened: Any) -> None:
    world, rows = opened
    posts = practice(world).posts
    want: dict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["place"] is not None:
            want[row["practitioner"], row["place"]].append(row)
    got = {
        (k, f): facts
        for k, f, *facts in zip(*(c.tolist() for c in vars(posts).values()), strict=True)
    }
    assert len(got) == len(posts.place)
    assert got == {
        post: [len(mine), sum(map(there, mine)), max([moment(r) for r in mine if there(r)], default=UNKNOWN)]
        for post, mine in want.items()
    }  # fmt: skip
    assert (np.diff(posts.practitioner) >= 0).all()


@pytest.mark.parametrize("least", [1, 4])
def test_nobody_who_hurried_is_missed(opened: Any, least: int) -> None:
    """Whatever order the visits of one minute have, whoever made so many moves is among those told."""
    world, rows = opened
    counted = np.array([True, False, True, True])
    got = set(practice(world).hurried(counted, GAP, least).tolist())
    for who in range(5):
        mine = [
            (moment(r) >> 1, r["place"])
            for r in own(rows, who)
            if there(r) and r["setl_time"] and r["place"] is not None
        ]
        mine = sorted(visit for visit in mine if counted[visit[1]])
        ties = any(a[0] == b[0] and a[1] != b[1] for a, b in pairwise(mine))
        moves = sum(a[1] != b[1] and b[0] - a[0] <= GAP for a, b in pairwise(mine))
        assert moves < least or who in got
        assert moves >= least or ties or who not in got


def test_days_billed_within_a_span_are_counted_once(opened: Any) -> None:
    world, rows = opened
    rng = np.random.default_rng(1)
    first = 9000 + 137 + rng.integers(0, 9, 40)
    spans = (
        rng.integers(0, 6, 40), rng.integers(0, 4, 40), rng.integers(0, 12, 40),
        first, first + rng.integers(0, 9, 40),
    )  # fmt: skip
    got = practice(world).billed(*(s.astype(np.int32) for s in spans)).tolist()
    for who, place, but, least, most, n in zip(*(s.tolist() for s in spans), got, strict=True):
        days = {
            (r["setl_time"] - OPENING).days
            for r in own(rows, who)
            if r["setl_time"]
            and there(r)
            and r["place"] == place
            and r["patient"] not in (but, None)
        }
        assert n == sum(least < day < most for day in days)
    assert max(got) > 1


def test_busy_days_are_those_counted_one_by_one(opened: Any) -> None:
    world, rows = opened
    who, place = (n.ravel().astype(np.int32) for n in np.meshgrid(range(5), range(4)))
    got = practice(world).busy_days(who, place, 2).tolist()
    for k, f, n in zip(who.tolist(), place.tolist(), got, strict=True):
        people = defaultdict(set)
        for r in own(rows, k):
            if r["setl_time"] and there(r) and r["place"] == f and r["patient"] is not None:
                people[r["setl_time"].date()].add(r["patient"])
        assert n == sum(len(p) >= 2 for p in people.values())
    assert max(got) > 1


def test_far_off_years_end_at_the_bounds(tmp_path: Path) -> None:
    b = WorldBuilder(1)
    b.add_patients(1)
    place = b.add_places(1)[0]
    doctor = b.add_practitioners(1, place)[0]
    for year in (1900, 9999):
        b.visit(0, place, datetime(year, 3, 1, 8), doctor)
    world = World.open(current_snapshot(b.write(tmp_path)), Parameters())
    moments = Practice.of(world).visits[:, 2].tolist()
    world.con.close()
    assert sorted(moments) == [moment({"setl_time": datetime(1900, 3, 1, 8)}), 2**31 - 1]
