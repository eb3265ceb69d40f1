"""What a view stands on: DuckDB over a snapshot's tables, the derived edges and what was added by hand.

Relations: the snapshot's tables under their names; `scan_pairs`, `scan_rings`, `scan_members`,
`scan_evidence`; `by_number` (every node: number, id, kind, name, code, token_kind); and per
kind of edge present `"<KIND>_out"` and `"<KIND>_in"` (src, dst, weight, properties).
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from graph.duck import Connection, parquet
from graph.model import Counts, Edge, EdgeKey, EdgeKind, Node, NodeKind
from graph.results import Scan
from graph.schema import SCAN_TABLES
from graph.snapshot import Snapshot
from graph.store.by_hand import ByHand
from graph.store.decisions import Decision, shown_of
from graph.store.derive import BY_HAND, NODE_COLUMNS, PROPERTIES, base
from graph.store.edges import EdgeFolder, scan_edges, snapshot_edges
from graph.store.index import Array, Spans, spread
from graph.store.memo import Memo

_HAND_NODES = pa.schema(
    [("number", pa.int64())]
    + [(name, pa.string()) for name in ("id", "kind", "name", "code", "token_kind")]
)
_HAND_EDGES = pa.schema(
    [("kind", pa.string())] + [(name, pa.int64()) for name in ("src", "dst", "weight")]
)


class Ground:
    """The relations of one snapshot, one scan or none, and one revision of what was added by hand."""

    def __init__(
        self, snapshot: Snapshot, scan: Scan | None, by_hand: ByHand, *, memory: str = "1GB"
    ) -> None:
        self.snapshot = snapshot
        self.scan = scan
        self.by_hand = by_hand
        self.folders = [snapshot_edges(snapshot)] + ([scan_edges(scan)] if scan else [])
        self.connection = snapshot.connect(memory=memory)
        self.names = [folder.index.names for folder in self.folders]
        self.ways = {
            way: adjacency
            for folder in self.folders
            for way, adjacency in folder.index.ways.items()
        }
        self.read_nodes: Memo[str, dict[str, Any]] = Memo()
        self.read_edges: Memo[tuple[str, str, int], Sequence[Any]] = Memo()
        self._layouts: dict[Path, tuple[pq.FileMetaData, Array]] = {}
        self.hand_numbers: dict[str, int] = {}
        self.hand_ids: dict[int, str] = {}
        self.fresh: dict[tuple[EdgeKind, int, int], int] = {}
        self._lay_nodes()
        self.kinds: tuple[EdgeKind, ...] = ()
        self._lay_edges(())
        self.fresh = self._fresh_edges()
        self._lay_edges([(*key, weight) for key, weight in self.fresh.items()])

    @property
    def spans(self) -> Spans:
        """Every number a node or an edge's end may have, end to end."""
        sizes = {BY_HAND: len(self.hand_numbers)}
        for spans in [
            *(names.spans for names in self.names),
            *(adjacency.near for adjacency in self.ways.values()),
        ]:
            for family, size in spans.sizes.items():
                sizes[family] = max(sizes.get(family, 0), size)
        return Spans.of(sizes)

    def ranks(self, numbers: Array) -> Array:
        """Places in the order of ids, to compare nodes of one folder with each other."""
        ranks = np.zeros(len(numbers), np.int64)
        for names in self.names:
            codes = names.spans.codes(numbers)
            known = codes >= 0
            ranks[known] = names.ranks[codes[known]]
        return ranks

    def rows_of(self, kind: EdgeKind, way: str) -> tuple[Path, pq.FileMetaData, Array]:
        """The Parquet file of a kind and way, its metadata and the first row of each row group."""
        [folder] = [folder for folder in self.folders if kind in folder.edges]
        file = folder.outgoing(kind) if way == "out" else folder.incoming(kind)
        if file not in self._layouts:
            metadata = pq.read_metadata(file)
            rows = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
            self._layouts[file] = metadata, np.cumsum([0, *rows])[:-1]
        return file, *self._layouts[file]

    def footing(self) -> "Footing":
        """A connection of its own to the same relations, for one thread."""
        return Footing(self, self.connection.cursor())

    def counts(self) -> Counts:
        """Nodes and edges by kind, derived and by hand."""
        nodes: dict[NodeKind, int] = {}
        edges: dict[EdgeKind, int] = {}
        for folder in self.folders:
            nodes |= folder.nodes
            edges |= folder.edges
        for node in self._fresh_nodes:
            nodes[node.kind] = nodes.get(node.kind, 0) + 1
        for kind, *_ in self.fresh:
            edges[kind] = edges.get(kind, 0) + 1
        some = {kind: edges[kind] for kind in EdgeKind if edges.get(kind)}
        return Counts({kind: nodes[kind] for kind in NodeKind if nodes.get(kind)}, some)

    def _lay_nodes(self) -> None:
        if self.scan:
            for table in [name for name in SCAN_TABLES if self.scan.file(name).exists()]:
                files = parquet([self.scan.file(table)])
                self.connection.execute(f"CREATE VIEW scan_{table} AS FROM {files}")
        known = Footing(self, self.connection).numbers(self.by_hand.nodes)
        self._fresh_nodes = [node for node in self.by_hand.nodes.values() if node.id not in known]
        rows = [
            (base(BY_HAND) + number, *_searched(node))
            for number, node in enumerate(self._fresh_nodes)
        ]
        self.hand_numbers = {
            node.id: row[0] for node, row in zip(self._fresh_nodes, rows, strict=True)
        }
        self.hand_ids = {number: id_ for id_, number in self.hand_numbers.items()}
        self._table("hand_nodes", _HAND_NODES, rows)
        files = parquet([folder.by_number for folder in self.folders])
        added = " UNION ALL FROM hand_nodes" if rows else ""
        sql = f"SELECT {NODE_COLUMNS} FROM {files}{added}"
        self.connection.execute(f"CREATE OR REPLACE VIEW by_number AS {sql}")

    def _lay_edges(self, fresh: Sequence[tuple[EdgeKind, int, int, int]]) -> None:
        self._table("hand_edges", _HAND_EDGES, fresh)
        by_hand = self.kinds_by_hand = frozenset(kind for kind, *_ in fresh)
        derived = {kind: folder for folder in self.folders for kind in folder.edges}
        self.kinds = tuple(kind for kind in EdgeKind if kind in derived or kind in by_hand)
        for kind in self.kinds:
            for way in ("out", "in"):
                parts = [_derived(kind, way, derived[kind])] if kind in derived else []
                if kind in by_hand:
                    hand = f"SELECT src, dst, weight FROM hand_edges WHERE kind = '{kind}'"
                    parts.append(hand if parts else f"SELECT *, {_nothing(kind)} FROM ({hand})")
                view = " UNION ALL BY NAME ".join(parts)
                self.connection.execute(f'CREATE OR REPLACE VIEW "{kind}_{way}" AS {view}')

    def _fresh_edges(self) -> dict[tuple[EdgeKind, int, int], int]:
        """Weights of the edges by hand that nothing derives and whose ends are both known."""
        edges = self.by_hand.edges.values()
        footing = Footing(self, self.connection)
        numbers = footing.numbers({end for edge in edges for end in (edge.source, edge.target)})
        joined = [e for e in edges if e.source in numbers and e.target in numbers]
        derived: set[tuple[EdgeKind, int, int]] = set()
        for kind in {edge.kind for edge in joined} & set(self.kinds):
            mine = [numbers[edge.source] for edge in joined if edge.kind == kind]
            derived |= {(kind, src, dst) for src, dst in footing.pairs(kind, mine)}
        keyed = {(e.kind, numbers[e.source], numbers[e.target]): e.weight for e in joined}
        return {key: weight for key, weight in keyed.items() if key not in derived}

    def _table(self, name: str, schema: pa.Schema, rows: Sequence[tuple[Any, ...]]) -> None:
        columns = list(zip(*rows, strict=True)) or [()] * len(schema)
        arrays = [pa.array(c, field.type) for c, field in zip(columns, schema, strict=True)]
        self.connection.execute(f"DROP TABLE IF EXISTS {name}")
        self.connection.from_arrow(pa.Table.from_arrays(arrays, schema=schema)).create(name)


class Footing:
    """One connection to a `Ground`: from ids to numbers, from rows to edges."""

    def __init__(self, ground: Ground, connection: Connection) -> None:
        self.ground = ground
        self.connection = connection
        self._numbers: dict[str, int] = {}

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query, `values` bound in order."""
        return self.connection.execute(sql, list(values)).fetchall()

    def numbers(self, ids: Iterable[str]) -> dict[str, int]:
        """The numbers of the ids that are known."""
        asked = set(ids)
        new = sorted(asked - self._numbers.keys())
        for names in self.ground.names if new else ():
            codes = names.codes(new)
            numbers = names.spans.numbers(codes[codes >= 0]).tolist()
            known = [id_ for id_, code in zip(new, codes.tolist(), strict=True) if code >= 0]
            self._numbers |= zip(known, numbers, strict=True)
        by_hand = self.ground.hand_numbers
        self._numbers |= {id_: by_hand[id_] for id_ in new if id_ in by_hand}
        return {id_: self._numbers[id_] for id_ in sorted(asked & self._numbers.keys())}

    def ids(self, numbers: Iterable[int]) -> dict[int, str]:
        """The ids behind numbers."""
        asked = np.unique(np.fromiter(numbers, np.int64))
        found: dict[int, str] = {}
        for names in self.ground.names:
            codes = names.spans.codes(asked)
            known = codes >= 0
            ids = names.ids[codes[known]].tolist()
            found |= zip(asked[known].tolist(), (id_.decode("utf-8") for id_ in ids), strict=True)
        by_hand = self.ground.hand_ids
        return found | {number: by_hand[number] for number in by_hand.keys() & set(asked.tolist())}

    def kinds(self, numbers: Mapping[str, int]) -> dict[str, NodeKind]:
        """What each of these nodes, numbers by id, is."""
        asked = np.array(list(numbers.values()), np.int64)
        found = {id_: node.kind for id_, node in self.ground.by_hand.nodes.items()}
        for names in self.ground.names:
            codes = names.spans.codes(asked).tolist()
            found |= {id_: names.kind(c) for id_, c in zip(numbers, codes, strict=True) if c >= 0}
        return found

    def pairs(self, kind: EdgeKind, sources: Sequence[int]) -> list[tuple[int, int]]:
        """(src, dst) of every edge of `kind` from `sources`."""
        asked = np.unique(np.array(sources, np.int64))
        found: list[tuple[int, int]] = []
        adjacency = self.ground.ways.get((kind, "out"))
        if adjacency:
            which, rows = spread(*adjacency.rows(asked))
            found += zip(asked[which].tolist(), adjacency.ends(rows).tolist(), strict=True)
        wanted = set(asked.tolist())
        return found + [
            (src, dst) for of, src, dst in self.ground.fresh if of == kind and src in wanted
        ]

    def edges(self, kind: EdgeKind, rows: Iterable[Sequence[Any]]) -> list[Edge]:
        """Edges from rows of (source id, target id, properties in the order of the kind)."""
        names = PROPERTIES[kind]
        return [
            self._edge((kind, source, target), dict(zip(names, values, strict=True)))
            for source, target, *values in rows
        ]

    def _edge(self, key: EdgeKey, derived: Mapping[str, Any]) -> Edge:
        by_hand = self.ground.by_hand
        added = by_hand.edges.get(key)
        more = {**(added.properties if added else {}), **shown_of(by_hand.states.get(key))}
        return Edge(*key, {**settled(derived), **more})


def settled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Properties without those that are missing, lists as tuples."""
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values.items()
        if value is not None
    }


def columns(kind: EdgeKind) -> str:
    """The properties of `kind` as a list of columns, each after a comma."""
    return "".join(f', "{name}"' for name in PROPERTIES[kind])


def _searched(node: Node) -> tuple[Any, ...]:
    return node.id, str(node.kind), node.label, None, node.properties.get("token_kind")


def _nothing(kind: EdgeKind) -> str:
    return ", ".join(f'NULL AS "{name}"' for name in PROPERTIES[kind])


def _derived(kind: EdgeKind, way: str, folder: EdgeFolder) -> str:
    file = folder.outgoing(kind) if way == "out" else folder.incoming(kind)
    return f"SELECT src, dst, weight{columns(kind)} FROM {parquet([file])}"


def labelled(node: Node, decision: Decision | None, added: Node | None) -> Node:
    """`node` with what people added and decided."""
    more = {**(added.properties if added else {}), **shown_of(decision)}
    return Node(node.id, node.kind, node.label, {**node.properties, **more}) if more else node
