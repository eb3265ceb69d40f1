"""Compiled Leiden for the Constant Potts Model; numba itself stays behind `kernels`.

Quality of a partition: sum over communities of w_c - resolution * n_c (n_c - 1) / 2, with w_c the
weight inside and n_c the nodes. Sources: Traag, Van Dooren & Nesterov 2011 (the model); Traag,
Waltman & van Eck 2019 (local moving, refinement, aggregation).
"""

from typing import Any

import numpy as np

from graph.scan.kernels import compiled

THETA = 0.01
ROUNDS = 20
TINY = 1e-9
WORTHWHILE = 1e-4


@compiled
def _draw(state: Any) -> Any:
    """The next of a splitmix64 stream, uint64; `state` uint64[1] moves on."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@compiled
def _shuffled(n: int, state: Any) -> Any:
    order = np.arange(n)
    for k in range(n - 1, 0, -1):
        other = np.int64(_draw(state) % np.uint64(k + 1))
        order[k], order[other] = order[other], order[k]
    return order


@compiled
def _move_nodes(
    indptr: Any, indices: Any, weight: Any, size: Any, label: Any, resolution: float, state: Any
) -> None:
    """Move nodes to better communities, in place, until no single move improves the quality."""
    n = len(size)
    total, held = np.zeros(n), np.zeros(n, np.int64)
    for v in range(n):
        total[label[v]] += size[v]
        held[label[v]] += 1
    free = np.flatnonzero(held == 0)
    spare, free = len(free), np.concatenate((free, np.empty(n, np.int64)))
    queue, waiting = _shuffled(n, state), np.ones(n, np.bool_)
    head, length = 0, n
    near, touched = np.zeros(n), np.empty(n, np.int64)
    while length:
        v = queue[head]
        head, length = (head + 1) % n, length - 1
        waiting[v] = False
        old, found = label[v], 0
        for e in range(indptr[v], indptr[v + 1]):
            c = label[indices[e]]
            if near[c] == 0.0:
                touched[found] = c
                found += 1
            near[c] += weight[e]
        total[old] -= size[v]
        held[old] -= 1
        best, gain = old, near[old] - resolution * size[v] * total[old]
        for k in range(found):
            c = touched[k]
            other = near[c] - resolution * size[v] * total[c]
            if other > gain + TINY:
                best, gain = c, other
            near[c] = 0.0
        if gain < -TINY and held[old] > 0:
            spare -= 1
            best = free[spare]
        elif best != old and held[old] == 0:
            free[spare] = old
            spare += 1
        total[best] += size[v]
        held[best] += 1
        label[v] = best
        if best != old:
            for e in range(indptr[v], indptr[v + 1]):
                u = indices[e]
                if label[u] != best and not waiting[u]:
                    waiting[u] = True
                    queue[(head + length) % n] = u
                    length += 1


@compiled
def _refined(
    indptr: Any, indices: Any, weight: Any, size: Any, label: Any, resolution: float, state: Any
) -> Any:
    """Communities inside the communities: single nodes merged where both are well connected."""
    n = len(size)
    whole = np.zeros(n)
    for v in range(n):
        whole[label[v]] += size[v]
    part, total, outward = np.arange(n), size.copy(), np.zeros(n)
    for v in range(n):
        for e in range(indptr[v], indptr[v + 1]):
            if label[indices[e]] == label[v]:
                outward[v] += weight[e]
    alone = np.ones(n, np.bool_)
    near, touched = np.zeros(n), np.empty(n, np.int64)
    for v in _shuffled(n, state):
        rest = whole[label[v]] - size[v]
        if not alone[v] or outward[v] + TINY < resolution * size[v] * rest:
            continue
        found = 0
        for e in range(indptr[v], indptr[v + 1]):
            u = indices[e]
            if label[u] == label[v]:
                if near[part[u]] == 0.0:
                    touched[found] = part[u]
                    found += 1
                near[part[u]] += weight[e]
        best, highest, link = v, -np.inf, 0.0
        for k in range(found):
            c = touched[k]
            gain = near[c] - resolution * size[v] * total[c]
            open_to = resolution * total[c] * (whole[label[v]] - total[c])
            if gain >= 0.0 and outward[c] + TINY >= open_to:
                uniform = (np.float64(_draw(state) >> np.uint64(11)) + 0.5) / 9007199254740992.0
                noisy = gain / THETA - np.log(-np.log(uniform))
                if noisy > highest:
                    best, highest, link = c, noisy, near[c]
            near[c] = 0.0
        if best != v:
            part[v] = best
            alone[best] = alone[v] = False
            total[best] += size[v]
            outward[best] += outward[v] - 2.0 * link
    return part


@compiled
def _numbered(label: Any) -> Any:
    """Labels renamed 0, 1, … in order of first appearance, and how many there are."""
    name, count = np.full(len(label), -1, np.int64), 0
    renamed = np.empty(len(label), np.int64)
    for v in range(len(label)):
        if name[label[v]] == -1:
            name[label[v]] = count
            count += 1
        renamed[v] = name[label[v]]
    return renamed, count


@compiled
def _aggregated(indptr: Any, indices: Any, weight: Any, size: Any, part: Any, parts: int) -> Any:
    """The graph whose nodes are the parts; weight inside a part no longer matters and is left out."""
    starts = np.zeros(parts + 1, np.int64)
    for v in range(len(size)):
        starts[part[v] + 1] += 1
    for p in range(parts):
        starts[p + 1] += starts[p]
    cursor, members = starts[:-1].copy(), np.empty(len(size), np.int64)
    for v in range(len(size)):
        members[cursor[part[v]]] = v
        cursor[part[v]] += 1
    new_indptr, new_size = np.zeros(parts + 1, np.int64), np.zeros(parts)
    new_indices, new_weight = np.empty(len(indices), np.int64), np.empty(len(indices))
    seat = np.full(parts, -1, np.int64)
    filled = 0
    for p in range(parts):
        begin = filled
        for v in members[starts[p] : starts[p + 1]]:
            new_size[p] += size[v]
            for e in range(indptr[v], indptr[v + 1]):
                q = part[indices[e]]
                if q == p:
                    continue
                if seat[q] < begin:
                    seat[q] = filled
                    new_indices[filled] = q
                    new_weight[filled] = 0.0
                    filled += 1
                new_weight[seat[q]] += weight[e]
        new_indptr[p + 1] = filled
    return new_indptr, new_indices[:filled].copy(), new_weight[:filled].copy(), new_size


@compiled
def quality(indptr: Any, indices: Any, weight: Any, label: Any, resolution: float) -> Any:
    """CPM quality of labels int64[n] in [0, n), every node of size one."""
    held, inside = np.zeros(len(label)), 0.0
    for v in range(len(label)):
        held[label[v]] += 1.0
        for e in range(indptr[v], indptr[v + 1]):
            if label[indices[e]] == label[v]:
                inside += weight[e]
    return inside / 2.0 - resolution * np.sum(held * (held - 1.0)) / 2.0


@compiled
def _leiden(
    indptr: Any, indices: Any, weight: Any, label: Any, resolution: float, state: Any
) -> Any:
    """One round of Leiden from the partition `label`: labels int64[n]."""
    home, label = np.arange(len(label)), label.copy()
    size = np.ones(len(label))
    while True:
        _move_nodes(indptr, indices, weight, size, label, resolution, state)
        part, parts = _numbered(_refined(indptr, indices, weight, size, label, resolution, state))
        if parts == len(size):
            return label[home]
        named, above = _numbered(label)[0], np.empty(parts, np.int64)
        for v in range(len(size)):
            above[part[v]] = named[v]
        indptr, indices, weight, size = _aggregated(indptr, indices, weight, size, part, parts)
        label = above
        home = part[home]


@compiled
def cpm_components(
    indptr: Any, indices: Any, weight: Any, starts: Any, seeds: Any, resolution: float
) -> Any:
    """Labels int64[n] of a graph whose connected components are the ranges of nodes `starts`.

    Each component has its own stream of random numbers, begun from its seed, and is improved
    round by round until a round brings less than a ten-thousandth.
    """
    labels = np.empty(len(indptr) - 1, np.int64)
    for c in range(len(starts) - 1):
        a, b = starts[c], starts[c + 1]
        own = indptr[a : b + 1] - indptr[a]
        ends = indices[indptr[a] : indptr[b]] - a
        load = weight[indptr[a] : indptr[b]].copy()
        state = np.full(1, seeds[c], np.uint64)
        label = np.arange(b - a)
        reached = quality(own, ends, load, label, resolution)
        for _ in range(ROUNDS):
            tried = _numbered(_leiden(own, ends, load, label, resolution, state))[0]
            now = quality(own, ends, load, tried, resolution)
            gain = now - reached
            if gain > TINY:
                label, reached = tried, now
            if gain <= max(TINY, WORTHWHILE * abs(reached)):
                break
        labels[a:b] = label + a
    return labels
