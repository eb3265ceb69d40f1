"""People's decisions to ignore: recorded, dated, ended, and honoured by the scan on its day."""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from graph.errors import BrokenLedger, NoIgnore, NoSnapshot, NotIgnorable
from graph.scan.ignored import (
    FILE,
    Ignorable,
    Ignore,
    end_ignore,
    list_ignores,
    load_ignores,
    record_ignores,
)
from graph.snapshot import current_snapshot
from tests.factory import add_scan, small_world
from tests.graph.found import NOW, Scanned, best, scan_of, scanned
from tests.graph.scan.test_run import POOL, busy_town

TODAY = NOW.date()
UNTIL = TODAY + timedelta(days=30)
ACCOUNT, MILL = list(range(200, 208)), list(range(300, 309))
LATER = NOW + timedelta(hours=1)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """Scanned once; nobody writes to it."""
    return scanned(busy_town().builder, tmp_path_factory.mktemp("busy"))


@pytest.fixture
def town(busy: Scanned, tmp_path: Path) -> Path:
    """The workspace of `busy`, to write to."""
    return Path(shutil.copytree(busy.workspace, tmp_path / "workspace"))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    made = small_world(tmp_path)
    add_scan(made)
    return made


def ids(workspace: Path, table: str, key: str, where: str = "true") -> dict[int, str]:
    with current_snapshot(workspace).connect() as con:
        return dict(con.execute(f"SELECT {key}, id FROM {table} WHERE {where}").fetchall())


def ignore(
    workspace: Path, kind: Ignorable, *named: str, until: date = UNTIL, since: date | None = None
) -> Ignore:
    return record_ignores(
        workspace, kind, [named], reason="看过现场", author="王", until=until, now=NOW, since=since
    )[0]


def test_an_ignored_account_joins_nobody(busy: Scanned, town: Path) -> None:
    assert best(busy.of("shared_token"), ACCOUNT) >= 0.8
    (account,) = ids(town, "tokens", "token", "kind = 'account'").values()
    ignore(town, Ignorable.TOKEN, account)
    found = scan_of(town, LATER)
    assert best(found.of("shared_token", "ABC"), ACCOUNT) == 0.0
    assert best(found.of("receipts", "ABC"), MILL) == best(busy.of("receipts", "ABC"), MILL) >= 0.8
    assert found.scan.run.counts["ignored_tokens"] == 1
    assert found.scan.run.parameters["ignores"] == [1]
    assert busy.scan.run.counts["ignored_tokens"] == 0


def test_an_ignored_agent_joins_no_receipts(busy: Scanned, town: Path) -> None:
    assert best(busy.of("receipts", "ABC"), MILL) >= 0.8
    (agent,) = ids(town, "tokens", "token", "kind = 'certno'").values()
    ignore(town, Ignorable.TOKEN, agent)
    found = scan_of(town, LATER)
    assert best(found.of("receipts", "ABC"), MILL) == 0.0
    assert best(found.of("shared_token"), ACCOUNT) >= 0.8


def test_ignored_pairs_start_no_ring(busy: Scanned, town: Path) -> None:
    assert best(busy.of("covisit"), POOL) >= 0.8
    people = ids(town, "patients", "patient")
    pairs = [[people[a], people[b]] for a, b in combinations(POOL, 2)]
    record_ignores(town, Ignorable.PAIR, pairs, reason="车队", author="王", until=UNTIL, now=NOW)
    found = scan_of(town, LATER)
    assert best(found.of("covisit", "ABC"), POOL) == 0.0
    assert 10 <= found.scan.run.counts["ignored_pairs"] <= len(pairs)
    assert found.scan.run.counts["dissolved"] >= 1


def test_one_ignored_pair_leaves_the_others(busy: Scanned, town: Path) -> None:
    people = ids(town, "patients", "patient")
    ignore(town, Ignorable.PAIR, people[POOL[1]], people[POOL[0]])
    found = scan_of(town, LATER)
    assert best(found.of("covisit"), POOL) >= 0.8
    assert found.scan.run.counts["ignored_pairs"] == 1


def test_an_ignored_ring_is_listed_as_grade_c_with_the_reason(busy: Scanned, town: Path) -> None:
    strong = next(ring for ring in busy.rings if ring.grade == "A")
    ignore(town, Ignorable.RING, strong.ring)
    scan = scan_of(town, LATER).scan
    row = scan.ring(strong.ring)
    assert row is not None
    assert (row.grade, row.state) == ("C", "same")
    (note,) = [e for e in scan.evidence(row.ring) if e.kind == "ignored"]
    assert "看过现场" in note.note_zh
    assert "王" in note.note_en
    assert str(UNTIL) in note.note_en
    grades = [ring.grade for ring in scan.rings(limit=None)]
    assert grades == sorted(grades)
    assert scan.run.counts["ignored_rings"] == 1
    others = {ring.ring: ring.grade for ring in busy.rings if ring.ring != row.ring}
    assert {r.ring: r.grade for r in scan.rings(limit=None) if r.ring != row.ring} == others


def test_a_decision_holds_from_its_first_day_to_its_last(workspace: Path) -> None:
    token = ids(workspace, "tokens", "token")[0]
    ignore(workspace, Ignorable.TOKEN, token, since=TODAY + timedelta(days=2))
    days = [TODAY + timedelta(days=n) for n in (1, 2, 30, 31)]
    held = [token in load_ignores(workspace, day).tokens for day in days]
    assert held == [False, True, True, False]


def test_the_three_kinds_are_told_apart_and_pairs_have_one_order(workspace: Path) -> None:
    people = ids(workspace, "patients", "patient")
    token, ring = ids(workspace, "tokens", "token")[3], add_scan(workspace, "s2").rings().items[0]
    ignore(workspace, Ignorable.TOKEN, token)
    first, second = sorted((people[1], people[2]))
    ignore(workspace, Ignorable.PAIR, second, first)
    ignore(workspace, Ignorable.RING, ring.ring)
    held = load_ignores(workspace, TODAY)
    assert held.tokens == {token}
    assert held.pairs == {(first, second)}
    assert set(held.rings) == {ring.ring}
    assert [one.no for one in held.listed] == [1, 2, 3]


def test_ended_early_is_a_new_line_and_the_old_one_stays(workspace: Path) -> None:
    token = ids(workspace, "tokens", "token")[0]
    made = ignore(workspace, Ignorable.TOKEN, token)
    before = (workspace / FILE).read_bytes()
    end_ignore(workspace, made.no, reason="看错了", author="李", now=LATER)
    assert (workspace / FILE).read_bytes().startswith(before)
    (listed,) = list_ignores(workspace)
    assert listed.ended is not None
    assert (listed.ended.author, listed.ended.reason, listed.ended.at) == ("李", "看错了", LATER)
    assert not load_ignores(workspace, TODAY).tokens
    with pytest.raises(NoIgnore, match="number 1"):
        end_ignore(workspace, 1, reason="再", author="李", now=LATER)
    assert ignore(workspace, Ignorable.TOKEN, token).no == 2
    assert load_ignores(workspace, TODAY).tokens == {token}


def test_what_is_read_is_what_was_recorded(workspace: Path) -> None:
    token = ids(workspace, "tokens", "token")[0]
    made = ignore(workspace, Ignorable.TOKEN, token)
    assert list_ignores(workspace) == (made,)
    assert made.author == "王"
    assert (made.since, made.until, made.at) == (TODAY, UNTIL, NOW)


REFUSED: dict[str, tuple[Callable[[dict[int, str]], tuple[Ignorable, list[str]]], str]] = {
    "unknown": (lambda p: (Ignorable.TOKEN, ["tk_unknown"]), "does not hold"),
    "unknown ring": (lambda p: (Ignorable.RING, ["rg_unknown"]), "does not hold"),
    "other prefix": (lambda p: (Ignorable.TOKEN, [p[0]]), "begin with tk_"),
    "oneself": (lambda p: (Ignorable.PAIR, [p[0], p[0]]), "two different"),
    "three": (lambda p: (Ignorable.PAIR, [p[0], p[1], p[2]]), "two different"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_names_nothing_is_refused(workspace: Path, case: str) -> None:
    make, said = REFUSED[case]
    kind, named = make(ids(workspace, "patients", "patient"))
    with pytest.raises(NotIgnorable, match=said):
        ignore(workspace, kind, *named)
    assert list_ignores(workspace) == ()


@pytest.mark.parametrize(
    ("reason", "author", "until"),
    [(" ", "王", UNTIL), ("看过", "", UNTIL), ("看过", "王", TODAY - timedelta(days=1))],
)
def test_a_decision_needs_a_reason_an_author_and_time(
    workspace: Path, reason: str, author: str, until: date
) -> None:
    tokens = list(ids(workspace, "tokens", "token").values())[:2]
    with pytest.raises(NotIgnorable):
        record_ignores(
            workspace, Ignorable.TOKEN, [[t] for t in tokens],
            reason=reason, author=author, until=until, now=NOW,
        )  # fmt: skip
    assert list_ignores(workspace) == ()


def test_of_several_all_or_none_are_recorded(workspace: Path) -> None:
    token = ids(workspace, "tokens", "token")[0]
    with pytest.raises(NotIgnorable, match="tk_unknown"):
        record_ignores(
            workspace, Ignorable.TOKEN, [[token], ["tk_unknown"]],
            reason="看过", author="王", until=UNTIL, now=NOW,
        )  # fmt: skip
    assert list_ignores(workspace) == ()


def test_before_the_first_load_nothing_can_be_ignored(tmp_path: Path) -> None:
    with pytest.raises(NoSnapshot):
        ignore(tmp_path, Ignorable.TOKEN, "tk_x")
    assert load_ignores(tmp_path, TODAY).listed == ()


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"ends": 7, "reason": "a", "author": "b", "at": "2026-01-01"}',
        '{"no": 1, "kind": "place"}',
        json.dumps(
            {"no": 1, "kind": "pair", "ids": ["pt_a"], "reason": "a", "author": "b"}
            | {"from": "2026-01-01", "until": "2026-02-01", "at": "2026-01-01T00:00:00"}
        ),
    ],
)
def test_a_broken_line_is_named_and_nothing_is_scanned_past_it(workspace: Path, line: str) -> None:
    token = ids(workspace, "tokens", "token")[0]
    ignore(workspace, Ignorable.TOKEN, token)
    with (workspace / FILE).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(BrokenLedger, match="line 2"):
        scan_of(workspace)
    before = (workspace / FILE).read_bytes()
    with pytest.raises(BrokenLedger):
        ignore(workspace, Ignorable.TOKEN, token)
    assert (workspace / FILE).read_bytes() == before


def test_a_last_line_left_open_by_an_editor_is_closed(workspace: Path) -> None:
    tokens = ids(workspace, "tokens", "token")
    ignore(workspace, Ignorable.TOKEN, tokens[0])
    path = workspace / FILE
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    ignore(workspace, Ignorable.TOKEN, tokens[1])
    assert load_ignores(workspace, TODAY).tokens == {tokens[0], tokens[1]}


def test_people_deciding_at_once_get_numbers_of_their_own(workspace: Path) -> None:
    tokens = list(ids(workspace, "tokens", "token").values())
    with ThreadPoolExecutor(8) as people:
        made = list(people.map(lambda t: ignore(workspace, Ignorable.TOKEN, t), tokens))
    assert sorted(one.no for one in made) == list(range(1, len(tokens) + 1))
    assert {one.no: one for one in list_ignores(workspace)} == {one.no: one for one in made}
    assert datetime.fromisoformat(made[0].at.isoformat()) == NOW
