"""The compiled co-visit join against two oracles: DuckDB's equi-join and plain Python."""

from collections import defaultdict
from collections.abc import Callable

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.scan.covisits import Pairs, VisitColumns, covisits, covisits_sql
from graph.scan.kernels import compiled

PATIENTS, PLACES = 9, 4
Visit = tuple[int, int, int]

visits = st.lists(
    st.tuples(
        st.integers(0, PATIENTS - 1),
        st.integers(0, PLACES - 1),
        st.one_of(st.integers(-20, 100), st.sampled_from([0, 5, 10, 15, 30, 31, 1440])),
    ),
    max_size=120,
)
worlds = st.one_of(
    visits,
    visits.map(lambda rows: rows + rows[::2]),
    visits.map(lambda rows: [(i, 0, t) for i, _, t in rows]),
    visits.map(lambda rows: [(i % 2, f % 2, t % 12) for i, f, t in rows]),
)


def columns_of(rows: list[Visit], patients: int = PATIENTS, places: int = PLACES) -> VisitColumns:
    table = np.array(rows, np.int64).reshape(-1, 3)
    return VisitColumns.build(
        table[:, 0], table[:, 1], table[:, 2], patients=patients, places=places
    )


def by_hand(rows: list[Visit], window: int, least: int) -> tuple[list[tuple[int, ...]], list[int]]:
    """Pairs (a, b, observed, places) and window pairs by place, straight from the definition."""
    near: dict[tuple[int, int], set[Visit]] = defaultdict(set)
    crowd = [0] * PLACES
    for e in set(rows):
        for o in set(rows):
            if e[0] != o[0] and e[1] == o[1] and abs(e[2] - o[2]) <= window:
                near[e[0], o[0]].add(e)
                crowd[e[1]] += e[0] < o[0]
    found: list[tuple[int, ...]] = []
    for (a, b), met in sorted(near.items()):
        observed = min(len(met), len(near[b, a]))
        if a < b and observed >= least:
            found.append((a, b, observed, len({f for _, f, _ in met})))
    return found, crowd


def as_tuples(pairs: Pairs) -> list[tuple[int, ...]]:
    columns = (pairs.a, pairs.b, pairs.observed, pairs.places)
    return [tuple(int(v) for v in row) for row in zip(*columns, strict=True)]


def assert_same(one: Pairs, other: Pairs) -> None:
    for name in ("a", "b", "observed", "places"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    n = len(other.window_pairs)
    np.testing.assert_array_equal(one.window_pairs[:n], other.window_pairs)
    assert not one.window_pairs[n:].any()


@settings(max_examples=150, deadline=None)
@given(rows=worlds, window=st.sampled_from([0, 5, 10, 30]), least=st.integers(1, 4))
def test_kernel_equals_definition(rows: list[Visit], window: int, least: int) -> None:
    pairs = covisits(columns_of(rows), window=window, least=least)
    found, crowd = by_hand(rows, window, least)
    assert as_tuples(pairs) == found
    assert pairs.window_pairs.tolist() == crowd


@settings(max_examples=60, deadline=None)
@given(rows=worlds, window=st.sampled_from([0, 5, 10, 30]), least=st.integers(1, 4))
def test_kernel_equals_duckdb(rows: list[Visit], window: int, least: int) -> None:
    world = pd.DataFrame(rows, columns=["patient", "place", "minute"]).astype("int32")
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        connection.register("world", world)
        oracle = covisits_sql(connection, "world", window, least)
    assert_same(covisits(columns_of(rows), window=window, least=least), oracle)


def crowd(n: int, patients: int, places: int, minutes: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "patient": (patients * rng.random(n) ** 2).astype(np.int32),
            "place": (places * rng.random(n) ** 3).astype(np.int32),
            "minute": rng.integers(0, minutes, n, dtype=np.int32),
        }
    )


@pytest.mark.parametrize(
    ("patients", "places", "minutes", "window"),
    [(400, 1, 4_000, 10), (300, 40, 20_000, 30), (3_000, 5, 3_000, 5), (40, 3, 300_000, 0)],
)
def test_large_worlds(patients: int, places: int, minutes: int, window: int) -> None:
    """One huge place, roaming, sparse and simultaneous; also whatever the number of threads."""
    world = crowd(20_000, patients, places, minutes, seed=patients)
    columns = VisitColumns.build(
        world["patient"], world["place"], world["minute"], patients=patients, places=places
    )
    with duckdb.connect() as connection:
        connection.register("world", world)
        oracle = covisits_sql(connection, "world", window, 3)
    one = covisits(columns, window=window, least=3, threads=1)
    assert_same(one, oracle)
    assert_same(covisits(columns, window=window, least=3, threads=3), one)
    assert len(one) > 0


def test_parquet_is_an_input(tmp_path: object) -> None:
    path = f"{tmp_path}/visits.parquet"
    world = crowd(2_000, 50, 3, 5_000, seed=4)
    with duckdb.connect() as connection:
        connection.register("world", world)
        connection.execute(f"COPY world TO '{path}'")
        from_table = covisits_sql(connection, "world", 10, 2)
        assert_same(covisits_sql(connection, path, 10, 2), from_table)


def test_heavy_patient_does_not_overflow() -> None:
    """Tables grow: one patient meets 30,000 others three times, far beyond every starting size."""
    others, gap = 30_000, 10_000
    hub = [(0, 0, day * gap) for day in range(3)]
    world = hub + [(1 + k, 0, day * gap) for day in range(3) for k in range(others)]
    table = np.array(world)
    rng = np.random.default_rng(3)
    rng.shuffle(table)
    columns = VisitColumns.build(
        table[:, 0], table[:, 1], table[:, 2], patients=others + 1, places=1
    )
    excluded = (columns.patient > 0) & (columns.patient % 10 != 0)
    pairs = covisits(columns, window=10, least=3, excluded=excluded)
    met = others // 10
    assert len(pairs) == (met + 1) * met // 2
    assert (pairs.observed == 3).all()
    assert pairs.window_pairs.tolist() == [3 * (met + 1) * met // 2]


def test_staying_all_morning_earns_nothing() -> None:
    """X is the lesser of the two counts: ten swipes beside one visit are one co-visit."""
    rows = [(0, 0, minute) for minute in range(10)] + [(1, 0, 5)]
    pairs = covisits(columns_of(rows), window=10, least=1)
    assert as_tuples(pairs) == [(0, 1, 1, 1)]
    assert pairs.window_pairs.tolist() == [10, 0, 0, 0]


def test_excluded_and_repeated_visits_do_not_count() -> None:
    rows = [(0, 0, 0), (1, 0, 0), (1, 0, 0), (0, 1, 50), (1, 1, 60), (0, 2, 90), (1, 2, 101)]
    columns = columns_of(rows)
    assert as_tuples(covisits(columns, window=10, least=1)) == [(0, 1, 2, 2)]
    excluded = columns.place == 1
    left = covisits(columns, window=10, least=1, excluded=excluded)
    assert as_tuples(left) == [(0, 1, 1, 1)]
    assert left.window_pairs.tolist() == [1, 0, 0, 0]
    assert len(columns) - len(columns.distinct()) == 1
    first_of_two = np.arange(len(columns)) == 1
    assert columns.distinct(first_of_two).source.tolist() == [0, 2, 3, 4, 5, 6]


@settings(max_examples=60, deadline=None)
@given(rows=worlds)
def test_columns_are_sorted_and_lead_back(rows: list[Visit]) -> None:
    columns = columns_of(rows)
    table = np.array(rows, np.int32).reshape(-1, 3)
    expected = np.lexsort((table[:, 0], table[:, 2], table[:, 1]))
    np.testing.assert_array_equal(columns.source, expected)
    np.testing.assert_array_equal(columns.patient, table[expected, 0])
    np.testing.assert_array_equal(columns.place, table[expected, 1])
    np.testing.assert_array_equal(columns.minute, table[expected, 2])
    for i in range(PATIENTS):
        start, end = columns.patient_offsets[i], columns.patient_offsets[i + 1]
        np.testing.assert_array_equal(
            columns.order[start:end], np.flatnonzero(columns.patient == i)
        )
    kept = columns.only(columns.minute % 2 == 0)
    np.testing.assert_array_equal(table[kept.source, 2], kept.minute)
    assert kept.place_offsets[-1] == kept.patient_offsets[-1] == len(kept)


def test_large_places_sort_by_radix() -> None:
    world = crowd(60_000, 500, 3, 2_000, seed=8)
    columns = VisitColumns.build(
        world["patient"], world["place"], world["minute"], patients=500, places=3
    )
    expected = np.lexsort((world["patient"], world["minute"], world["place"]))
    np.testing.assert_array_equal(columns.source, expected)


def test_compiles_where_nothing_can_be_kept() -> None:
    """A function without a file of its own, as in a read-only install, is compiled all the same."""
    scope: dict[str, Callable[[int], int]] = {}
    exec("def doubled(x):\n    return 2 * x", scope)
    assert compiled(scope["doubled"])(21) == 42


def test_wrong_input_is_refused() -> None:
    with pytest.raises(ValueError, match="patient keys"):
        columns_of([(PATIENTS, 0, 0)])
    with pytest.raises(ValueError, match="place keys"):
        columns_of([(0, -1, 0)])
    with pytest.raises(ValueError, match="32-bit"):
        columns_of([(0, 0, 2**31)])
    with pytest.raises(ValueError, match="equal columns"):
        VisitColumns.build([0, 1], [0], [0], patients=2, places=1)
    with pytest.raises(ValueError, match="least"):
        covisits(columns_of([]), window=10, least=0)
