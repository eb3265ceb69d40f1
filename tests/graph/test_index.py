"""The arrays beside the edges' Parquet, and the search for ways over them."""

from random import Random

import numpy as np
import pyarrow.parquet as pq
import pytest

from graph.errors import TooWide
from graph.model import EdgeKind
from graph.results import latest_scan
from graph.snapshot import current_snapshot
from graph.store import walk as walking
from graph.store.derive import BY_HAND, PATIENT, PLACE, TOKEN, base
from graph.store.edges import scan_edges, snapshot_edges
from graph.store.embedded import EmbeddedStore
from graph.store.index import WAYS, Adjacency, Spans, spread
from graph.store.paths import shortest_paths
from graph.store.walk import Network, walk
from tests.factory import add_scan, small_world
from tests.graph.hub import OFTEN, hub_world


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    workspace = small_world(tmp_path_factory.mktemp("world"))
    add_scan(workspace)
    return snapshot_edges(current_snapshot(workspace)), scan_edges(latest_scan(workspace))


def test_numbers_and_codes_are_each_others_reverse():
    spans = Spans.of({TOKEN: 3, PATIENT: 2})
    numbers = np.array([0, 1, base(TOKEN), base(TOKEN) + 2])
    assert spans.codes(numbers).tolist() == [0, 1, 2, 4]
    assert spans.numbers(np.array([0, 1, 2, 4])).tolist() == numbers.tolist()
    outside = np.array([2, base(PLACE), base(TOKEN) + 3, base(BY_HAND)])
    assert spans.codes(outside).tolist() == [-1] * 4
    assert Spans.of({}).codes(numbers).tolist() == [-1] * 4


def test_every_row_of_parquet_is_found_from_its_end(folders):
    for folder in folders:
        for kind in folder.edges:
            for way, (near, far) in WAYS.items():
                rows = pq.read_table(folder.path / f"{kind}.{way}.parquet").to_pydict()
                adjacency = folder.index.ways[kind, way]
                ends = np.unique(rows[near])
                which, places = spread(*adjacency.rows(ends))
                assert places.tolist() == list(range(len(rows[near])))
                assert ends[which].tolist() == rows[near]
                assert adjacency.ends(places).tolist() == rows[far]
                assert adjacency.weights[places].tolist() == [w or 0 for w in rows["weight"]]
                unknown = np.array([base(BY_HAND), base(PATIENT) + 10**6])
                first, last = adjacency.rows(unknown)
                assert (first == last).all()


def test_every_id_is_found_and_no_other(folders):
    for folder in folders:
        nodes = pq.read_table(folder.by_number).to_pydict()
        names = folder.index.names
        codes = names.codes(nodes["id"])
        assert names.spans.numbers(codes).tolist() == nodes["number"]
        assert [names.kind(code) for code in codes] == nodes["kind"]
        assert [name.decode() for name in names.ids[codes]] == nodes["id"]
        assert np.argsort(nodes["id"]).tolist() == np.argsort(names.ranks[codes]).tolist()
        one = nodes["id"][0]
        asked = ["", "没有", "zz", "pt_", one[:-1], one + "a", one[:-1] + "!", "\0"]
        assert names.codes(asked).tolist() == [-1] * len(asked)
        assert names.codes([]).tolist() == []


def test_the_arrays_are_mapped_and_not_read(folders):
    adjacency = folders[0].index.ways[EdgeKind.VISITED, "in"]
    for array in (adjacency.offsets, adjacency.others, adjacency.weights):
        assert isinstance(array.base, np.memmap)
        assert not array.flags.writeable


def lists_of(pairs, size):
    """The edges (a, b) of one family as an `Adjacency` from a to b."""
    spans = Spans.of({PATIENT: size})
    near = np.array([a for a, _ in pairs], np.int64)
    order = np.argsort(near, kind="stable")
    offsets = np.cumsum([0, *np.bincount(near, minlength=size)])
    far = np.array([b for _, b in pairs], np.int32)[order]
    return Adjacency(spans, spans, offsets, far, np.ones(len(far), np.int32))


def random_network(chance, size, edges, by_hand):
    """A network and its neighbours as sets; some pairs are joined twice, some by hand."""
    pairs = [tuple(chance.sample(range(size), 2)) for _ in range(edges)]
    some = [tuple(chance.sample(range(size), 2)) for _ in range(by_hand)]
    both = [lists_of(pairs, size), lists_of([(b, a) for a, b in pairs], size)]
    spans = Spans.of({PATIENT: size})
    hand = np.array(some, np.int64).reshape(-1, 2)
    near = {node: [] for node in range(size)}
    for a, b in pairs + some:
        near[a].append(b)
        near[b].append(a)
    return Network(spans, both, hand), near


def name(node):
    return f"n{node * 7 % 1000:03d}"


@pytest.mark.parametrize("seed", range(12))
def test_ways_are_those_the_plain_search_finds(seed, monkeypatch):
    monkeypatch.setattr(walking, "MOST_EDGES", 5)
    chance = Random(seed)
    size = chance.choice([8, 60, 300])
    network, near = random_network(chance, size, 2 * size, chance.choice([0, 9]))
    node_of = {name(node): node for node in near}
    for _ in range(25):
        a, b = chance.randrange(size), chance.randrange(size)
        hops, hub, limit = (
            chance.randint(0, 8),
            chance.choice([3, 5, 9, 99]),
            chance.choice([0, 2, 999]),
        )
        expected = shortest_paths(
            name(a),
            name(b),
            hops,
            limit,
            lambda ids: [(id_, name(far)) for id_ in ids for far in near[node_of[id_]]],
            lambda ids: {id_: len(near[node_of[id_]]) for id_ in ids},
            hub,
        )
        found = walk(network, a, b, hops, limit, hub, lambda codes: list(map(name, codes.tolist())))
        assert found == expected


def test_a_search_that_grows_too_wide_says_so(monkeypatch):
    monkeypatch.setattr(walking, "MOST_NODES", 20)
    network, _ = random_network(Random(1), 300, 900, 0)
    with pytest.raises(TooWide):
        walk(network, 0, 299, 8, 1, 99, lambda codes: list(map(name, codes.tolist())))


def test_a_hospital_with_a_hundred_thousand_patients(tmp_path):
    workspace, patients, place = hub_world(tmp_path / "hub", 100_000)
    view = EmbeddedStore(workspace).view()
    answer = view.neighbours([place], limit=100)
    assert answer.total == 100_000
    often, once = patients[:OFTEN], sorted(patients[OFTEN:])
    assert [edge.source for edge in answer] == [*often, *once[: 100 - OFTEN]]
    assert [edge.weight for edge in answer][: OFTEN + 1] == list(range(OFTEN + 1, 0, -1))
    assert view.degrees([place]) == {place: {EdgeKind.VISITED: 100_000}}
    one, other = once[0], once[-1]
    assert view.paths(one, other, kinds=[EdgeKind.VISITED]).total == 0
    assert view.paths(one, other, kinds=[EdgeKind.VISITED], hub=100_000).items[0].nodes == (
        one,
        place,
        other,
    )
