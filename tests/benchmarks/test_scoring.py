"""The yardstick itself: matching, counting and pooling on lists small enough to check by hand."""

import itertools

import numpy as np
import pytest

from benchmarks.baselines import (
    Seen,
    blocks_of_patients,
    fraudar,
    hours,
    naive,
    shared_tokens,
    tokens,
)
from benchmarks.quality import Judged, of_groups, report
from benchmarks.scoring import Found, Planted, interval, lines, pooled, rows_to_found, score


def people(*numbers: int) -> frozenset[str]:
    return frozenset(f"pt_{n}" for n in numbers)


def found(rank: int, patients: frozenset[str], grade: str = "A", *others: str) -> Found:
    return Found(f"rg_{rank}", rank, grade, ("covisit",), patients, frozenset(others))


def planted(
    name: str, patients: frozenset[str], kind: str = "card_pool", amount: int = 100
) -> Planted:
    return Planted(name, kind, patients, frozenset({f"pr_{name}"}), amount)


FIRST, SECOND = people(1, 2, 3, 4), people(11, 12, 13, 14)
TRUTH = [planted("a", FIRST), planted("b", SECOND, "relay", 300)]


def test_a_perfect_list_scores_one_everywhere() -> None:
    s = score([found(1, FIRST), found(2, SECOND, "B")], TRUTH)
    assert (s.precision, s.recall, s.ap, s.at_planted, s.money_recall) == (1, 1, 1, 1, 1)
    assert (s.listed_a, s.hits_a, s.listed_ab, s.false_in_a) == (1, 1, 2, 0)
    assert s.by_kind == {"card_pool": (1, 1, 1), "relay": (1, 1, 1)}


def test_a_false_alarm_in_front_costs_ap_but_one_behind_does_not() -> None:
    stranger = people(90, 91, 92)
    front = score([found(1, stranger), found(2, FIRST), found(3, SECOND)], TRUTH)
    behind = score([found(1, FIRST), found(2, SECOND), found(3, stranger)], TRUTH)
    assert front.ap == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert behind.ap == 1
    assert front.precision == behind.precision == pytest.approx(2 / 3)
    assert (front.at_planted, behind.at_planted) == (0.5, 1)
    assert front.false_in_a == 1


def test_a_second_finding_of_a_ring_is_a_repeat_and_counts_against_precision() -> None:
    s = score([found(1, FIRST), found(2, FIRST), found(3, SECOND)], TRUTH)
    assert (s.hits, s.repeats_ab, s.fragments_ab, s.false_in_a) == (2, 1, 0, 0)
    assert s.precision == pytest.approx(2 / 3)
    assert s.ap == pytest.approx((1 + 2 / 3) / 2)


def test_a_fragment_is_no_hit_and_no_false_alarm_of_its_own() -> None:
    whole = people(*range(10))
    pieces = [found(1, people(0, 1, 2)), found(2, people(3, 4, 5, 6))]
    s = score(pieces, [planted("a", whole)])
    assert (s.hits, s.fragments_ab, s.false_in_a, s.precision) == (0, 2, 0, 0)
    half = score([found(1, people(0, 1, 2, 3, 4))], [planted("a", whole)])
    assert half.hits == 1
    assert score([found(1, people(0, 1, 2, 3, 4))], [planted("a", whole)], least=0.6).hits == 0


def test_nothing_planted_leaves_only_alarms_to_count() -> None:
    twins = [Planted("", "dialysis", people(1, 2, 3), frozenset())]
    s = score([found(1, people(1, 2, 3)), found(2, people(7, 8, 9), "C")], [], twins)
    assert (s.recall, s.ap, s.money_recall, s.precision) == (1, 1, 1, 0)
    assert (s.twins_in_a, s.twins_in_ab, s.false_in_a) == (1, 1, 1)
    assert s.false_by == {"A:covisit:dialysis": 1}
    empty = score([], [])
    assert (empty.precision, empty.recall, empty.listed) == (1, 1, 0)


def test_grade_c_counts_for_ap_but_not_for_recall_nor_money() -> None:
    s = score([found(1, FIRST, "A"), found(2, SECOND, "C")], TRUTH)
    assert (s.precision, s.recall, s.ap) == (1, 0.5, 1)
    assert (s.money_recall, s.money_anywhere) == (0.25, 1)
    assert s.by_kind["relay"] == (0, 1, 1)
    assert score([found(1, FIRST, "")], TRUTH).listed_ab == 0


def test_rings_of_practitioners_match_by_practitioners_and_places() -> None:
    doctor = Planted("a", "two_places", FIRST, frozenset({"pr_1", "fa_1", "fa_2"}))
    assert score([found(1, frozenset(), "A", "pr_1", "fa_1", "fa_2")], [doctor]).hits == 1
    assert score([found(1, FIRST, "A", "pr_9")], [doctor]).hits == 0
    funnel = Planted("a", "funnel", FIRST, frozenset({"pr_1", "ph_1"}))
    assert score([found(1, frozenset(), "A", "pr_1", "ph_1")], [funnel]).hits == 1
    assert score([found(1, FIRST)], [funnel]).hits == 1


def test_pooling_adds_counts_and_leaves_worlds_without_rings_out_of_ap() -> None:
    good = score([found(1, FIRST), found(2, SECOND)], TRUTH)
    bad = score([found(1, people(90, 91)), found(2, FIRST)], TRUTH)
    quiet = score([found(1, people(90, 91))], [])
    s = pooled([good, bad, quiet])
    assert (s.hits_ab, s.listed_ab, s.planted) == (3, 5, 4)
    assert (s.precision, s.recall) == (0.6, 0.75)
    assert s.ap == pytest.approx((1 + 1 / 4) / 2)
    assert s.money_recall == pytest.approx(500 / 800)
    assert s.by_kind == {"card_pool": (2, 2, 2), "relay": (1, 1, 2)}
    with pytest.raises(ValueError, match="at least one"):
        pooled([])


def test_the_interval_is_wilsons() -> None:
    assert interval(9, 10) == pytest.approx((0.5958, 0.9821), abs=1e-4)
    assert interval(0, 0) == (0, 1)
    low, high = interval(10, 10)
    assert low < 0.75
    assert high == pytest.approx(1)


def test_rows_of_the_command_line_become_rings_in_rank_order() -> None:
    row = {"grade": "A", "motifs": "covisit;costay"}
    rows = [
        row | {"ring": "y", "rank": "2", "kind": "patient", "entity": "P1"},
        row | {"ring": "x", "rank": "1", "kind": "patient", "entity": "P2"},
        row | {"ring": "x", "rank": "1", "kind": "doctor", "entity": "D1"},
    ]
    first, second = rows_to_found(rows)
    assert first == Found("x", 1, "A", ("covisit", "costay"), frozenset({"P2"}), frozenset({"D1"}))
    assert (second.rank, second.motifs) == (2, ("covisit", "costay"))
    assert "precision" in lines("toy", score([first], []))[0]


def toy(seed: int = 5) -> Seen:
    """300 ordinary patients at ten places over 60 days; patients 0–5 go together twelve times; 10–13 share a phone."""
    rng = np.random.default_rng(seed)
    n = 3000
    patient, place = rng.integers(0, 300, n), rng.integers(0, 10, n)
    minute = rng.integers(0, 60, n) * 1440 + rng.integers(480, 1080, n)
    days = np.arange(12) * 5 * 1440 + 600
    together = np.repeat(np.arange(6), 12)
    return Seen(
        np.r_[patient, together].astype(np.int32),
        np.r_[place, np.full(72, 3)].astype(np.int32),
        np.r_[minute, np.tile(days, 6) + np.repeat(np.arange(6), 12)].astype(np.int32),
        np.array([10, 11, 12, 13, 20, 21, 12, 30, 31], np.int32),
        np.array([0, 0, 0, 0, 1, 1, 2, 2, 2], np.int32),
        np.array([0] * 4 + [2] * 2 + [1] * 3, np.int32),
        300,
        10,
    )  # fmt: skip


def members(groups: list[np.ndarray]) -> list[list[int]]:
    return [g.tolist() for g in groups]


def test_naive_finds_the_group_and_the_shared_phone() -> None:
    groups = members(naive(toy(), seed=1))
    assert [10, 11, 12, 13] in groups
    assert any(len(set(g) & set(range(6))) == 6 and len(g) <= 8 for g in groups)
    assert groups == members(naive(toy(), seed=1))
    assert [len(g) for g in groups] == sorted((len(g) for g in groups), reverse=True)


def test_components_join_over_every_kind_of_token_and_leave_pairs_out() -> None:
    assert members(shared_tokens(toy())) == [[10, 11, 12, 13, 30, 31]]
    assert members(shared_tokens(toy(), ("phone",))) == [[10, 11, 12, 13]]
    assert shared_tokens(toy(), ("address",)) == []


def test_fraudar_puts_the_planted_block_first() -> None:
    first = fraudar(*hours(toy()))[0]
    assert set(range(6)) <= set(first.rows.tolist())
    assert len(first.rows) <= 8
    assert 12 <= len(first.columns) <= 16


def test_fraudar_is_not_drawn_to_crowded_columns() -> None:
    """Ten people in four rare columns against eleven, denser unweighted, in the four columns of everybody."""
    rare = [(p, c) for p in range(10) for c in range(4)]
    crowd = [(p, c) for p in range(10, 400) for c in range(4, 8) if p < 21 or p % 4 == c % 4]
    row, column = np.array(rare + crowd, np.int32).T
    assert fraudar(row, column)[0].rows.tolist() == list(range(10))


@pytest.mark.parametrize("seed", range(4))
def test_the_first_block_is_at_least_half_as_dense_as_the_densest(seed: int) -> None:
    rng = np.random.default_rng(seed)
    row, column = np.nonzero(rng.random((6, 6)) < 0.4)
    weight = 1 / np.log(np.bincount(column)[column] + 5)
    best = 0.0
    for size in range(1, 7):
        for rows in itertools.combinations(range(6), size):
            gain = np.sort(np.bincount(column, weight * np.isin(row, rows), minlength=6))[::-1]
            best = max(best, *(gain[:k].sum() / (size + k) for k in range(1, 7)))
    first = fraudar(row.astype(np.int32), column.astype(np.int32))[0]
    inside = np.isin(row, first.rows) & np.isin(column, first.columns)
    density = weight[inside].sum() / (len(first.rows) + len(first.columns))
    assert first.score == pytest.approx(density)
    assert best / 2 <= first.score <= best + 1e-9


def test_fraudar_uses_every_edge_once_and_lists_patients_of_real_groups_only() -> None:
    row, column = tokens(toy())
    blocks = fraudar(row, column)
    assert sum(len(b.rows) for b in blocks) >= len(set(row.tolist()))
    assert all(len(rows) >= 3 for rows in blocks_of_patients(blocks))
    assert fraudar(row[:0], column[:0]) == []


def test_the_report_names_every_contender_and_every_kind() -> None:
    ours = score([found(1, FIRST), found(2, people(90, 91, 92), "B")], TRUTH)
    theirs = score(
        of_groups("naive", [np.array([1, 2, 3, 4])], [f"pt_{n}" for n in range(9)]), TRUTH
    )
    world = Judged(
        "default", 7, 1234, {"huancha": ours, "naive": theirs}, {0.5: ours}, {"scan": 1.5}
    )
    quiet = Judged("quiet", 7, 99, {"huancha": score([], [])}, {}, {"scan": 0.5})
    text = report([world, quiet], 1234, "command", 3.0)
    assert "| huancha, grades A and B | 2 | 0.50" in text
    assert "| naive | 1 | 1.00" in text
    assert "| relay | 1 | 0 | 0 | 0 |" in text
    assert "| quiet | 7 | 99 | 0 | 0 | – | – | – | – | – | 0 | 0 | 0 | 0.5 |" in text
    assert "default: 1 × `B:covisit:none`" in text
