"""Communities: rings by Leiden on the Constant Potts Model, and the analyst's overview by modularity.

Rings come from our own CPM (`graph.scan.kernels_cpm`): on planted groups graspologic-native 1.3.1
stops at partitions worse than the planted one (`tests/graph/test_communities.py` shows it). Its
modularity Leiden and python-louvain serve the overview, where small groups are meant to merge.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

import community as louvain
import graspologic_native
import networkx as nx
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from graph.scan import kernels_cpm

Ints = npt.NDArray[np.int32]
Node = TypeVar("Node", bound=Hashable)

CORE = 0.8


@dataclass(frozen=True)
class Stable:
    """A community, members int32[n] ascending, and the share of other runs each stayed in it."""

    members: Ints
    share: npt.NDArray[np.float64]

    @property
    def core(self) -> npt.NDArray[np.bool_]:
        """bool[n]: stayed in at least 80% of the runs."""
        return np.asarray(self.share >= CORE)


def rings_by_cpm(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    weight: npt.ArrayLike | None = None,
    *,
    resolution: float,
    seed: int,
) -> list[Ints]:
    """Communities of at least two nodes, members ascending, in order of their least member.

    a, b: n edges between integer keys; weight: positive, 1 where None. An edge given twice counts
    once without weights, and adds up with them. A community is worth its weight inside minus
    `resolution` for each pair of members, so it is at least that dense on average. Same seed, same
    answer, whatever the order of the edges; a connected component is not affected by the others.
    Raises ValueError if an edge joins a node with itself or a weight or the resolution is not > 0.
    """
    keys, matrix = _symmetric(a, b, weight)
    if not resolution > 0:
        raise ValueError(f"resolution {resolution} must be above 0")
    if not len(keys):
        return []
    _, component = connected_components(matrix, directed=False)
    order = np.argsort(component, kind="stable")
    matrix = _sorted(matrix[order][:, order])
    starts = np.flatnonzero(np.diff(component[order], prepend=-1))
    with np.errstate(over="ignore"):
        seeds = keys[order][starts].astype(np.uint64) * np.uint64(0xD1342543DE82EF95)
        seeds ^= np.uint64(seed % 2**64)
    label: npt.NDArray[np.int64] = kernels_cpm.cpm_components(
        matrix.indptr.astype(np.int64),
        matrix.indices.astype(np.int64),
        matrix.data,
        np.append(starts, len(keys)).astype(np.int64),
        seeds,
        float(resolution),
    )
    return _as_groups(keys[order], _connected(matrix, label))


def stability(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    weight: npt.ArrayLike | None = None,
    *,
    resolution: float,
    seeds: Sequence[int],
) -> list[Stable]:
    """The rings of the first seed, and how many of the other seeds' runs each member stayed in."""
    runs = [rings_by_cpm(a, b, weight, resolution=resolution, seed=s) for s in seeds]
    return stayed(runs[0], runs[1:])


def stayed(rings: Sequence[Ints], runs: Sequence[Sequence[Ints]]) -> list[Stable]:
    """For each ring the share of `runs` (any partitions of the same keys) each member stayed in.

    A member stays when it is in the community of that run that holds most of the ring; of two that
    hold as many, the one with the lesser member. Without runs everybody stays.
    """
    count = [np.zeros(len(ring)) for ring in rings]
    for run in runs:
        home = {int(key): k for k, group in enumerate(run) for key in group}
        for ring, stays in zip(rings, count, strict=True):
            at = np.array([home.get(int(key), -1) for key in ring])
            if (at >= 0).any():
                stays += at == np.bincount(at[at >= 0]).argmax()
    shares = [stays / len(runs) if runs else np.ones(len(stays)) for stays in count]
    return [Stable(ring, share) for ring, share in zip(rings, shares, strict=True)]


def overview(
    graph: "nx.Graph[Node]", seed: int, method: Literal["louvain", "leiden"] = "louvain"
) -> dict[Node, int]:
    """Community of each node by modularity, 0 the largest; edges weigh their `weight`, or 1.

    `louvain` is python-louvain, `leiden` graspologic-native; both seeded, whatever the order of
    nodes and edges. For looking around, not for rings: modularity merges small groups.
    """
    nodes = sorted(graph.nodes, key=lambda node: (str(type(node)), str(node)))
    number = {node: k for k, node in enumerate(nodes)}
    edges = sorted(
        (min(number[u], number[v]), max(number[u], number[v]), float(w))
        for u, v, w in graph.edges(data="weight", default=1.0)
        if u != v
    )
    if method == "louvain":
        plain: nx.Graph[int] = nx.Graph()
        plain.add_nodes_from(range(len(nodes)))
        plain.add_weighted_edges_from(edges)
        untyped = cast(Any, louvain)
        found = untyped.best_partition(plain, random_state=seed) if edges else {}
    else:
        found = _modularity_leiden(edges, len(nodes), seed)
    groups: dict[int, list[int]] = {}
    for k in range(len(nodes)):
        groups.setdefault(found.get(k, len(nodes) + k), []).append(k)
    largest = sorted(groups.values(), key=lambda group: (-len(group), group[0]))
    return {nodes[k]: rank for rank, group in enumerate(largest) for k in group}


def _modularity_leiden(
    edges: Sequence[tuple[int, int, float]], nodes: int, seed: int
) -> dict[int, int]:
    if not edges:
        return {}
    u, v, w = (np.array(column) for column in zip(*edges, strict=True))
    ends, other = np.concatenate([u, v]), np.concatenate([v, u])
    matrix = _sorted(csr_array((np.concatenate([w, w]), (ends, other)), shape=(nodes, nodes)))
    _, found = cast(Any, graspologic_native).leiden_csr(
        matrix.indptr.astype(np.int64),
        matrix.indices.astype(np.int32),
        matrix.data.astype(np.float64),
        nodes,
        use_modularity=True,
        iterations=2,
        seed=seed % 2**63,
    )
    return dict(found)


def _symmetric(
    a: npt.ArrayLike, b: npt.ArrayLike, weight: npt.ArrayLike | None
) -> tuple[npt.NDArray[np.int64], csr_array]:
    """Keys int64[n] ascending and the symmetric matrix of weights between them, in sorted rows."""
    one, other = np.asarray(a, np.int64), np.asarray(b, np.int64)
    load = np.ones(len(one)) if weight is None else np.asarray(weight, np.float64)
    if (one == other).any() or not (load > 0).all():
        raise ValueError("edges must join two different nodes and weigh more than 0")
    keys, ends = np.unique(np.concatenate([one, other]), return_inverse=True)
    u, v = np.sort(ends.reshape(2, -1), axis=0)
    order = np.lexsort((load, v, u))
    u, v, load = u[order], v[order], load[order]
    matrix = csr_array(
        (np.concatenate([load, load]), (np.concatenate([u, v]), np.concatenate([v, u]))),
        shape=(len(keys), len(keys)),
    )
    matrix.sum_duplicates()
    if weight is None:
        matrix.data[:] = 1.0
    return keys, matrix


def _sorted(matrix: csr_array) -> csr_array:
    matrix.sort_indices()
    return matrix


def _connected(matrix: csr_array, label: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Labels cut where a community hangs together by nothing."""
    ends = np.repeat(np.arange(len(label)), np.diff(matrix.indptr))
    inside = label[ends] == label[matrix.indices]
    kept = csr_array(
        (np.ones(int(inside.sum())), (ends[inside], matrix.indices[inside])), shape=matrix.shape
    )
    return connected_components(kept, directed=False)[1].astype(np.int64)


def _as_groups(keys: npt.NDArray[np.int64], label: npt.NDArray[np.int64]) -> list[Ints]:
    order = np.lexsort((keys, label))
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    groups = [g.astype(np.int32) for g in np.split(keys[order], cuts) if len(g) > 1]
    return sorted(groups, key=lambda group: int(group[0]))
