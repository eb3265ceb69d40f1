"""Communities on planted groups, against the planted partition and against graspologic-native."""

from typing import Any, cast

import graspologic_native
import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from graph.communities import overview, rings_by_cpm, stability, stayed

Longs = npt.NDArray[np.int64]


def planted(groups: int, size: int, dense: float, noise: int, seed: int) -> tuple[Longs, Longs]:
    """Edges of `groups` groups of `size` nodes, each pair joined with probability `dense`, and noise."""
    rng = np.random.default_rng(seed)
    u, v = np.triu_indices(size, 1)
    chosen = rng.random((groups, len(u))) < dense
    base = np.arange(groups)[:, None] * size
    a, b = (base + u)[chosen], (base + v)[chosen]
    x, y = rng.integers(0, groups * size, (2, noise))
    keep = x != y
    return np.concatenate([a, x[keep]]), np.concatenate([b, y[keep]])


def labels(rings: list[npt.NDArray[np.int32]], n: int) -> Longs:
    label = np.arange(n) + len(rings)
    for k, ring in enumerate(rings):
        label[ring] = k
    return np.unique(label, return_inverse=True)[1]


def entropy(counts: Longs) -> float:
    p = counts / counts.sum()
    return float(-(p * np.log(p)).sum())


def mutual_information(one: Longs, other: Longs) -> float:
    """Normalised mutual information of two labelings."""
    h, g = entropy(np.bincount(one)), entropy(np.bincount(other))
    joint = np.unique(one * (other.max() + 1) + other, return_counts=True)[1]
    return 2 * (h + g - entropy(joint)) / (h + g)


def worth(a: Longs, b: Longs, label: Longs, resolution: float) -> float:
    """CPM quality of a labeling, repeated edges counted once."""
    edges = np.unique(np.sort(np.stack([a, b]), axis=0), axis=1)
    size = np.bincount(label).astype(float)
    inside = int((label[edges[0]] == label[edges[1]]).sum())
    return inside - resolution * float((size * (size - 1) / 2).sum())


@pytest.mark.parametrize("resolution", [0.05, 0.1, 0.2])
def test_planted_groups_are_found(resolution: float) -> None:
    a, b = planted(1_000, 20, 0.5, 20_000, seed=1)
    found = labels(rings_by_cpm(a, b, resolution=resolution, seed=7), 20_000)
    truth = np.arange(20_000) // 20
    assert mutual_information(found, truth) > 0.998
    assert worth(a, b, found, resolution) >= worth(a, b, truth, resolution)


def test_better_than_graspologic_native() -> None:
    """Why the rings have their own CPM: the native one stops below the planted partition."""
    a, b = planted(300, 20, 0.5, 6_000, seed=2)
    n, resolution = 6_000, 0.3
    matrix = csr_array(
        (np.ones(2 * len(a)), (np.concatenate([a, b]), np.concatenate([b, a]))), shape=(n, n)
    )
    matrix.sum_duplicates()
    _, native = cast(Any, graspologic_native).leiden_csr(
        matrix.indptr.astype(np.int64),
        matrix.indices.astype(np.int32),
        np.ones(matrix.nnz),
        n,
        resolution=resolution,
        iterations=5,
        use_modularity=False,
        seed=7,
    )
    theirs = worth(a, b, np.array([native[k] for k in range(n)]), resolution)
    ours = worth(a, b, labels(rings_by_cpm(a, b, resolution=resolution, seed=7), n), resolution)
    at_planting = worth(a, b, np.arange(n) // 20, resolution)
    assert theirs < at_planting < ours


def test_chained_cliques_stay_apart() -> None:
    """Two hundred cliques of four in a chain: modularity merges them, CPM does not."""
    cliques = [np.arange(4) + 4 * k for k in range(200)]
    a = np.concatenate([c[[0, 0, 0, 1, 1, 2]] for c in cliques] + [4 * np.arange(199) + 3])
    b = np.concatenate([c[[1, 2, 3, 2, 3, 3]] for c in cliques] + [4 * np.arange(199) + 4])
    rings = rings_by_cpm(a, b, resolution=0.3, seed=1)
    assert [r.tolist() for r in rings] == [c.tolist() for c in cliques]
    graph = nx.Graph(list(zip(a.tolist(), b.tolist(), strict=True)))
    for method in ("louvain", "leiden"):
        assert len(set(overview(graph, 1, method).values())) < 100


def test_exact_optimum_of_a_small_graph() -> None:
    """Two triangles and a bridge: split while the bridge is worth less than the empty pairs."""
    a, b = [5, 5, 6, 20, 20, 21, 6], [6, 7, 7, 21, 22, 22, 20]
    apart = [[5, 6, 7], [20, 21, 22]]
    assert [r.tolist() for r in rings_by_cpm(a, b, resolution=0.3, seed=3)] == apart
    together = rings_by_cpm(a, b, resolution=0.1, seed=3)
    assert [r.tolist() for r in together] == [[5, 6, 7, 20, 21, 22]]
    heavy = [1.0] * 6 + [5.0]
    bridged = rings_by_cpm(a, b, heavy, resolution=0.9, seed=3)
    assert [6, 20] in [r.tolist() for r in bridged]
    assert rings_by_cpm(a, b, resolution=1.5, seed=3) == []


edges = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), max_size=80).map(
    lambda pairs: [(u, v) for u, v in pairs if u != v]
)


@settings(max_examples=80, deadline=None)
@given(pairs=edges, seed=st.integers(0, 2**40), resolution=st.sampled_from([0.05, 0.2, 0.5, 0.9]))
def test_order_and_other_components_do_not_matter(
    pairs: list[tuple[int, int]], seed: int, resolution: float
) -> None:
    table = np.array(pairs, np.int64).reshape(-1, 2)
    weight = 1.0 + (table * [3, 7]).sum(axis=1) % 5
    rings = rings_by_cpm(table[:, 0], table[:, 1], weight, resolution=resolution, seed=seed)
    shuffled = np.random.default_rng(seed).permutation(len(table))
    flipped = np.where(shuffled[:, None] % 2, table[shuffled], table[shuffled][:, ::-1])
    again = rings_by_cpm(
        np.append(flipped[:, 0], [100, 101]),
        np.append(flipped[:, 1], [101, 102]),
        np.append(weight[shuffled], [9.0, 9.0]),
        resolution=resolution,
        seed=seed,
    )
    assert [r.tolist() for r in rings] == [r.tolist() for r in again if r[0] < 100]
    graph = nx.Graph(pairs)
    for ring in rings:
        assert len(ring) > 1
        assert nx.is_connected(graph.subgraph(ring.tolist()))
    members = np.concatenate([np.empty(0, np.int32), *rings])
    assert len(members) == len(set(members.tolist()))


def test_same_seed_same_rings_and_a_large_component() -> None:
    a, b = planted(200, 10, 0.7, 2_000, seed=5)
    one = rings_by_cpm(a, b, resolution=0.25, seed=11)
    two = rings_by_cpm(a, b, resolution=0.25, seed=11)
    assert [r.tolist() for r in one] == [r.tolist() for r in two]
    assert all(r.dtype == np.int32 for r in one)


def test_core_members_are_those_who_stay() -> None:
    """A clique keeps together; a node held by half of two cliques wanders."""
    left, right = list(range(8)), list(range(8, 16))
    pairs = [(u, v) for c in (left, right) for u in c for v in c if u < v]
    pairs += [(16, v) for v in left[:4] + right[:4]]
    a, b = np.array(pairs).T
    found = stability(a, b, resolution=0.3, seeds=range(21))
    assert len(found) == 2
    wanderer = next(s for s in found if 16 in s.members)
    at = wanderer.members.tolist().index(16)
    assert 0.05 < wanderer.share[at] < 0.95
    assert (np.delete(wanderer.share, at) == 1.0).all()
    assert np.delete(wanderer.core, at).all()


def test_stayed_counts_runs() -> None:
    rings = [np.array([1, 2, 3, 4], np.int32)]
    runs = [
        [np.array([1, 2, 3, 4], np.int32)],
        [np.array([1, 2, 3], np.int32), np.array([4, 9], np.int32)],
        [np.array([7, 8], np.int32)],
    ]
    assert stayed(rings, runs)[0].share.tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3, 1 / 3])
    assert stayed(rings, [])[0].core.all()


def test_overview_is_repeatable_and_covers_every_node() -> None:
    a, b = planted(12, 15, 0.6, 40, seed=9)
    pairs = list(zip(a.tolist(), b.tolist(), strict=True))
    graph = nx.Graph([(f"p{u}", f"p{v}") for u, v in pairs])
    graph.add_node("alone")
    turned = nx.Graph([(f"p{v}", f"p{u}") for u, v in reversed(pairs)])
    turned.add_node("alone")
    for method in ("louvain", "leiden"):
        found = overview(graph, 4, method)
        assert found == overview(turned, 4, method)
        assert set(found) == set(graph.nodes)
        sizes = np.bincount(list(found.values()))
        assert (np.diff(sizes) <= 0).all()
        assert sum(1 for c in found.values() if c == found["alone"]) == 1
        truth = np.array([int(node[1:]) // 15 for node in found if node != "alone"])
        label = np.array([c for node, c in found.items() if node != "alone"])
        assert mutual_information(label, truth) > 0.9
    assert overview(nx.empty_graph(3), 1) == {0: 0, 1: 1, 2: 2}


def test_bad_edges_are_refused() -> None:
    with pytest.raises(ValueError, match="two different"):
        rings_by_cpm([1], [1], resolution=0.2, seed=1)
    with pytest.raises(ValueError, match="resolution"):
        rings_by_cpm([1], [2], resolution=0.0, seed=1)
    assert rings_by_cpm([], [], resolution=0.2, seed=1) == []
