"""What the scan is held against: three plain ways to look for groups in the same snapshot.

(a) naive: patients seen together three times within half an hour, or sharing a phone, and python-louvain;
(b) WCC: connected components over shared phones, accounts and addresses;
(c) FRAUDAR (Hooi et al., KDD 2016): greedy peeling, columns weighted 1 / log(degree + 5), block after block.

Each lists groups of at least three patients by their own score, best first, and knows nothing of
households, schedules or chance. Tokens count with 2 to 50 patients in all three, which spares the
baselines the hubs. Receipts and filings lend their tokens to the patient they are for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt

from graph.communities import overview
from graph.duck import Connection
from graph.scan.covisits import VisitColumns, covisits
from graph.scan.kernels import compiled
from graph.scan.world import components
from graph.snapshot import Snapshot

Ints = npt.NDArray[np.int32]
Reals = npt.NDArray[np.float64]

WINDOW = 30
LEAST_COVISITS = 3
LEAST_GROUP = 3
MOST_HOLDERS = 50
BLOCKS = 100
"""FRAUDAR stops after so many blocks; each may fall into several pieces."""
PAPERS = (("mnl_reim_d", "reim", "receipt"), ("out_appy_evt_c", "filing", "filing"))
"""Papers in a patient's name: table, its key, the kind of owner in `holds`."""
KINDS = ("phone", "account", "address")


@dataclass(frozen=True)
class Seen:
    """What the baselines read: visits that count, and patients' tokens, as keys from 0.

    patient, place, minute int32[N], minutes since 2000; owner, token, kind int32[H], distinct, tokens
    with 2 to 50 patients; kind is the token's in `KINDS`.
    """

    patient: Ints
    place: Ints
    minute: Ints
    owner: Ints
    token: Ints
    kind: Ints
    patients: int
    places: int


def read(snapshot: Snapshot) -> Seen:
    """The columns of a snapshot with patients, places and settlements."""
    with snapshot.connect() as con:
        visits = _columns(
            con,
            """SELECT patient, place, CAST(date_diff('minute', TIMESTAMP '2000-01-01', setl_time)
                 AS INTEGER) AS minute
               FROM setl_d WHERE counts AND patient IS NOT NULL AND place IS NOT NULL
                 AND setl_time IS NOT NULL ORDER BY ALL""",
        )
        papers = "".join(
            f" UNION SELECT p.patient, h.token FROM holds h JOIN {table} p ON p.{key} = h.owner"
            f" WHERE h.owner_kind = '{kind}'"
            for table, key, kind in PAPERS
            if snapshot.has(table)
        )
        holds = _columns(
            con,
            f"""WITH held AS (SELECT owner, token FROM holds WHERE owner_kind = 'patient'{papers}),
                known AS (SELECT DISTINCT owner, token, kind FROM held JOIN tokens USING (token)
                  WHERE kind IN {KINDS} AND owner IS NOT NULL)
                SELECT owner, token, CAST(list_position({list(KINDS)}, kind) - 1 AS INTEGER) AS kind FROM known
                QUALIFY count(*) OVER (PARTITION BY token) BETWEEN 2 AND {MOST_HOLDERS}
                ORDER BY ALL""",
        )
        sizes = con.execute(
            "SELECT (SELECT max(patient) FROM patients) + 1, (SELECT max(place) FROM places) + 1"
        ).fetchall()[0]
    return Seen(
        visits["patient"], visits["place"], visits["minute"],
        holds["owner"], holds["token"], holds["kind"], int(sizes[0]), int(sizes[1]),
    )  # fmt: skip


def _columns(con: Connection, sql: str) -> dict[str, npt.NDArray[Any]]:
    found = con.execute(sql).fetchnumpy()
    return {name: np.ma.getdata(column) for name, column in found.items()}


def naive(seen: Seen, *, seed: int) -> list[Ints]:
    """Louvain communities of co-visits and shared phones, largest first; each edge weighs 1."""
    columns = VisitColumns.build(
        seen.patient, seen.place, seen.minute, patients=seen.patients, places=seen.places
    )
    pairs = covisits(columns, window=WINDOW, least=LEAST_COVISITS)
    graph: nx.Graph[int] = nx.Graph()
    graph.add_edges_from(zip(pairs.a.tolist(), pairs.b.tolist(), strict=True))
    phone = seen.kind == KINDS.index("phone")
    for holders in _grouped(seen.owner[phone], seen.token[phone]):
        members = holders.tolist()
        graph.add_edges_from((a, b) for k, a in enumerate(members) for b in members[k + 1 :])
    label = overview(graph, seed)
    nodes = np.array(sorted(label), dtype=np.int32)
    return _largest(_grouped(nodes, np.array([label[int(k)] for k in nodes], dtype=np.int32)))


def shared_tokens(seen: Seen, kinds: Sequence[str] = KINDS) -> list[Ints]:
    """Connected components of patients over shared tokens of `kinds`, largest first."""
    wanted = np.isin(seen.kind, [KINDS.index(kind) for kind in kinds])
    owner, token = seen.owner[wanted], seen.token[wanted]
    if not len(owner):
        return []
    first, place = np.unique(token, return_index=True)
    anchor = owner[place][np.searchsorted(first, token)]
    label = components(owner, anchor, seen.patients)
    held = np.unique(owner)
    return _largest(_grouped(held, label[held]))


def hours(seen: Seen) -> tuple[Ints, Ints]:
    """(patient, column) edges for FRAUDAR: a column is a place in an hour of a day. Distinct."""
    slot = seen.place.astype(np.int64) << 32 | (seen.minute.astype(np.int64) // 60)
    return _edges(seen.patient, np.unique(slot, return_inverse=True)[1])


def tokens(seen: Seen) -> tuple[Ints, Ints]:
    """(patient, column) edges for FRAUDAR: a column is a token. Distinct."""
    return _edges(seen.owner, np.unique(seen.token, return_inverse=True)[1])


def _edges(row: npt.NDArray[Any], column: npt.NDArray[Any]) -> tuple[Ints, Ints]:
    """Distinct edges to columns of at least two rows: nobody is in step with themselves alone."""
    pairs = np.unique(row.astype(np.int64) << 32 | column.astype(np.int64))
    column = pairs & 0xFFFFFFFF
    crowd = np.bincount(column) if len(column) else np.zeros(0, np.int64)
    kept = pairs[crowd[column] >= 2] if len(column) else pairs
    return (kept >> 32).astype(np.int32), (kept & 0xFFFFFFFF).astype(np.int32)


@dataclass(frozen=True)
class Block:
    """Rows and columns of a dense block, ascending, and its score: edge weight per row or column."""

    rows: Ints
    columns: Ints
    score: float


def fraudar(row: Ints, column: Ints, *, blocks: int = BLOCKS) -> list[Block]:
    """The densest blocks one after another, each block's edges removed before the next, best score first.

    row, column: distinct edges between keys from 0. Weights stay those of the whole graph. A block
    that falls apart into pieces without an edge between them is given as its pieces.
    """
    if not len(row):
        return []
    rows = int(row.max()) + 1
    degree = np.bincount(column)
    weight = (1.0 / np.log(degree[column] + 5.0)).astype(np.float64)
    ends = np.c_[row, column.astype(np.int64) + rows].astype(np.int64)
    found: list[Block] = []
    for _ in range(blocks):
        if not len(ends):
            break
        nodes, local = np.unique(ends, return_inverse=True)
        local = local.reshape(ends.shape)
        inside = _densest(local, weight, len(nodes))
        taken = inside[local[:, 0]] & inside[local[:, 1]]
        found += _pieces(ends[taken], weight[taken], rows)
        ends, weight = ends[~taken], weight[~taken]
    return sorted(found, key=lambda b: (-b.score, b.rows.tolist()))


def _pieces(ends: npt.NDArray[np.int64], weight: Reals, rows: int) -> list[Block]:
    """The connected parts of a block's edges."""
    nodes, local = np.unique(ends, return_inverse=True)
    local = local.reshape(ends.shape)
    label = components(local[:, 0], local[:, 1], len(nodes))
    inner = np.bincount(label[local[:, 0]], weight)
    found = []
    for part, keys in enumerate(_grouped(nodes, label)):
        people, columns = keys[keys < rows], keys[keys >= rows] - rows
        density = round(float(inner[part]) / len(keys), 9)
        found.append(Block(people.astype(np.int32), columns.astype(np.int32), density))
    return found


def _densest(ends: Any, weight: Reals, nodes: int) -> npt.NDArray[np.bool_]:
    """Which of `nodes` are left when the density was highest."""
    both = np.r_[ends[:, 0], ends[:, 1]]
    order = np.argsort(both, kind="stable")
    other = np.r_[ends[:, 1], ends[:, 0]][order]
    offsets = np.r_[0, np.cumsum(np.bincount(both, minlength=nodes))].astype(np.int64)
    removed, best = _peel(offsets, other, np.r_[weight, weight][order])
    inside = np.ones(nodes, dtype=np.bool_)
    inside[removed[:best]] = False
    return inside


@compiled
def _peel(offsets: Any, other: Any, weight: Any) -> Any:
    """Take away the node with the least weight left, the lowest of equals, until none is left.

    Returns the nodes in that order, and after how many of them the density was highest.
    """
    nodes = len(offsets) - 1
    size = 1
    while size < nodes:
        size *= 2
    tree = np.full(2 * size, np.inf)
    total = 0.0
    for node in range(nodes):
        left = 0.0
        for k in range(offsets[node], offsets[node + 1]):
            left += weight[k]
        tree[size + node] = left
        total += left / 2
    for k in range(size - 1, 0, -1):
        tree[k] = min(tree[2 * k], tree[2 * k + 1])
    gone = np.zeros(nodes, np.bool_)
    removed = np.empty(nodes, np.int64)
    best, score = 0, total / nodes
    for step in range(nodes):
        k = 1
        while k < size:
            k = 2 * k if tree[2 * k] <= tree[2 * k + 1] else 2 * k + 1
        node = k - size
        removed[step] = node
        gone[node] = True
        total -= tree[k]
        tree[k] = np.inf
        while k > 1:
            k //= 2
            tree[k] = min(tree[2 * k], tree[2 * k + 1])
        for e in range(offsets[node], offsets[node + 1]):
            if not gone[other[e]]:
                k = size + other[e]
                tree[k] -= weight[e]
                while k > 1:
                    k //= 2
                    tree[k] = min(tree[2 * k], tree[2 * k + 1])
        if step + 1 < nodes and total / (nodes - step - 1) > score:
            best, score = step + 1, total / (nodes - step - 1)
    return removed, best


def blocks_of_patients(blocks: Iterable[Block]) -> list[Ints]:
    """The patients of each block that has enough of them, order kept."""
    return [b.rows for b in blocks if len(b.rows) >= LEAST_GROUP]


def _grouped(keys: npt.NDArray[Any], label: npt.NDArray[Any]) -> list[npt.NDArray[Any]]:
    """Keys with the same label, ascending."""
    if not len(keys):
        return []
    order = np.lexsort((keys, label))
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    return list(np.split(keys[order], cuts))


def _largest(groups: Sequence[Ints]) -> list[Ints]:
    big = [g for g in groups if len(g) >= LEAST_GROUP]
    return sorted(big, key=lambda g: (-len(g), g.tolist()))
