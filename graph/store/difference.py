"""What changed from one snapshot to another in the graph that follows from them, found in DuckDB.

Beside the relations of a `Ground` there are then those of the snapshot before, in the schema `was`, and in
the schema `changes` `nodes` (number, change), `"<KIND>"` (src, dst, change) and `ids` (number, id).
Numbers are those of the new snapshot; what is gone has its old number above `GONE`. Snapshots are
matched by blind ids, so a workspace that numbers anew is no change.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from graph.duck import parquet
from graph.model import EdgeKind
from graph.snapshot import Snapshot
from graph.store.derive import PROPERTIES
from graph.store.edges import snapshot_edges
from graph.store.ground import Ground
from graph.store.neo4j_heaviest import lay_heaviest
from graph.store.neo4j_rows import NODES
from graph.store.neo4j_tables import NodeTable, node_tables

GONE = 1 << 40


class Change(StrEnum):
    """What became of a node or an edge since the snapshot before."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class Difference:
    """The changes from `before` to the snapshot of `ground`; `rows` counts them.

    `rows` is by change and `NODES` or a kind of edge, without those that are none. A row is changed if
    any property of it, or a node's labels, are. Raises `UnreadableSnapshot` if `before` cannot be read.
    """

    def __init__(self, ground: Ground, before: Snapshot, *, memory: str = "1GB") -> None:
        self.ground = ground
        self.before = before
        self._connection = ground.footing().connection
        self._old = frozenset(before.tables)
        self._folder = snapshot_edges(before, memory=memory)
        self._lay_before()
        self._compare_nodes()
        rows = {NODES: self._counted(NODES)}
        for kind in EdgeKind:
            if kind in self._folder.edges or kind in ground.folders[0].edges:
                self._compare_edges(kind)
                rows[str(kind)] = self._counted(kind)
        self.rows: Mapping[tuple[Change, str], int] = {
            (change, what): number for what, some in rows.items() for change, number in some.items()
        }

    @property
    def size(self) -> int:
        """How many nodes and edges changed in any way."""
        return sum(self.rows.values())

    def _lay_before(self) -> None:
        run = self._connection.execute
        run("CREATE SCHEMA was")
        run("CREATE SCHEMA changes")
        for family in node_tables(self._old):
            files = parquet(self.before.files(family.table))
            run(f"CREATE VIEW was.{family.table} AS FROM {files}")
        run(f"CREATE VIEW was.by_number AS FROM {parquet([self._folder.by_number])}")
        for kind in self._folder.edges:
            file = parquet([self._folder.outgoing(kind)])
            run(f'CREATE VIEW was."{kind}_out" AS SELECT src, dst, {_columns(kind)} FROM {file}')
        lay_heaviest(self._connection, self._folder.edges, "was")
        run(f"""
            CREATE TABLE was.numbers AS
            SELECT old.number AS old, coalesce(new.number, old.number + {GONE}) AS number
            FROM was.by_number old LEFT JOIN main.by_number new USING (id)
        """)
        run(f"""
            CREATE VIEW changes.ids AS SELECT number, id FROM main.by_number
            UNION ALL SELECT numbers.number, id FROM was.numbers numbers
            JOIN was.by_number ON by_number.number = old WHERE numbers.number >= {GONE}
        """)

    def _compare_nodes(self) -> None:
        run = self._connection.execute
        run("CREATE TABLE changes.nodes (number BIGINT, change VARCHAR)")
        new = {table.family: table for table in node_tables(frozenset(self.ground.snapshot.tables))}
        old = {table.family: table for table in node_tables(self._old, "was")}
        for family in sorted(new.keys() | old.keys()):
            some = new.get(family) or old[family]
            names = ["labels", *some.types(self._connection)]
            run(f"""
                INSERT INTO changes.nodes
                SELECT coalesce(new.number, old.number + {GONE}), {_change("number")}
                FROM ({_nodes(new.get(family), some)}) new
                FULL JOIN ({_nodes(old.get(family), some)}) old ON new.id = old.id
                WHERE {_differs("number", names)}
            """)

    def _compare_edges(self, kind: EdgeKind) -> None:
        names = ["weight", *PROPERTIES[kind]]
        in_new, in_old = kind in self.ground.folders[0].edges, kind in self._folder.edges
        there = "main" if in_new else "was"
        new = f'SELECT src, dst, {_columns(kind)} FROM {there}."{kind}_out" WHERE {in_new}'
        there = "was" if in_old else "main"
        old = f'SELECT source.number AS src, target.number AS dst, {_columns(kind)} FROM {there}."{kind}_out"'
        self._connection.execute(f"""
            CREATE TABLE changes."{kind}" AS
            SELECT coalesce(new.src, old.src) AS src, coalesce(new.dst, old.dst) AS dst,
                   {_change("src")} AS change
            FROM ({new}) new FULL JOIN (
                {old} JOIN was.numbers source ON source.old = src
                JOIN was.numbers target ON target.old = dst WHERE {in_old}
            ) old ON new.src = old.src AND new.dst = old.dst
            WHERE {_differs("src", names)}
        """)

    def _counted(self, what: str) -> dict[Change, int]:
        sql = f'SELECT change, count(*) FROM changes."{what}" GROUP BY change'
        return {Change(change): n for change, n in self._connection.execute(sql).fetchall()}


def _columns(kind: EdgeKind) -> str:
    return ", ".join(f'"{name}"' for name in ("weight", *PROPERTIES[kind]))


def _nodes(table: NodeTable | None, other: NodeTable) -> str:
    return table.sql if table else f"FROM ({other.sql}) WHERE false"


def _change(key: str) -> str:
    return (
        f"CASE WHEN old.{key} IS NULL THEN '{Change.ADDED}'"
        f" WHEN new.{key} IS NULL THEN '{Change.REMOVED}' ELSE '{Change.CHANGED}' END"
    )


def _differs(key: str, names: Sequence[str]) -> str:
    """Whether a joined row is on one side only, or not the same on both."""
    changed = (f'new."{name}" IS DISTINCT FROM old."{name}"' for name in names)
    return " OR ".join((f"old.{key} IS NULL", f"new.{key} IS NULL", *changed))
