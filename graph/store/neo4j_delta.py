"""From one snapshot to another on a Neo4j server: only what changed, in batches.

Edges go first, so that nodes leave without any; then nodes come and change, then edges do. Steps are
named `removed VISITED`, `added nodes` …; positions are numbers as `graph.store.difference` has them.
"""

from collections.abc import Iterator, Mapping

from graph.model import EdgeKind
from graph.store.difference import Change, Difference
from graph.store.neo4j_batches import Batch, Rows, by_labels, by_source, rows_until
from graph.store.neo4j_rows import BATCH, NODES, Position
from graph.store.neo4j_tables import all_labels, edge_types, given, node_tables, wired

_EDGES = [*map(str, EdgeKind)]
_ORDER = (
    *((Change.REMOVED, what) for what in (*_EDGES, NODES)),
    *((change, what) for what in (NODES, *_EDGES) for change in (Change.ADDED, Change.CHANGED)),
)


class Delta:
    """What a server that holds the snapshot before lacks; a step is a change and what changed."""

    def __init__(self, difference: Difference) -> None:
        self.difference = difference
        self._ground = difference.ground
        rows = difference.rows
        self.totals: Mapping[str, int] = {
            f"{key[0]} {key[1]}": rows[key] for key in _ORDER if key in rows
        }

    @property
    def before(self) -> str:
        """The id of the snapshot the server must hold."""
        return self.difference.before.id

    @property
    def share(self) -> float:
        """How much changed, as a share of all there will be."""
        folder = self._ground.folders[0]
        whole = sum(folder.nodes.values()) + sum(folder.edges.values())
        return self.difference.size / max(whole, 1)

    def batches(self, step: str, after: Position = ()) -> Iterator[Batch]:
        """All batches of `step`, from after `after` on."""
        change, what = _parts(step)
        if what == NODES:
            number = after[0] if after else -1
            found = self._gone(number) if change is Change.REMOVED else self._nodes(change, number)
        elif change is Change.REMOVED:
            found = self._removed(EdgeKind(what), after)
        else:
            found = self._edges(change, EdgeKind(what), after)
        for position, size, parts in found:
            yield Batch(step, position, size, parts, change)

    def done(self, step: str, position: Position) -> int:
        """How many rows of `step` lie up to and with `position`."""
        change, what = _parts(step)
        return rows_until(
            self._ground.footing(), f'changes."{what}"', position, f"change = '{change}'"
        )

    def _gone(self, after: int) -> Iterator["_Found"]:
        sql = "SELECT number, id FROM changes.nodes JOIN changes.ids USING (number)"
        cursor = self._ground.footing().connection
        cursor.execute(f"{sql} WHERE change = ? AND number > ? ORDER BY number", ["removed", after])
        while rows := cursor.fetchmany(BATCH):
            ids: Rows = [[id_] for _, id_ in rows]
            yield (rows[-1][0],), len(rows), ((_REMOVE_NODES, ids),)

    def _nodes(self, change: Change, after: int) -> Iterator["_Found"]:
        cursor = self._ground.footing().connection
        families = node_tables(frozenset(self._ground.snapshot.tables))
        for family in families:
            types = family.types(cursor)
            cursor.execute(
                f"SELECT number, labels, {', '.join(wired(types))} FROM ({family.sql})"
                " JOIN changes.nodes USING (number)"
                " WHERE change = ? AND number > ? ORDER BY number",
                [str(change), after],
            )
            possible = all_labels(families, family.family)
            while rows := cursor.fetchmany(BATCH):
                parts = tuple(
                    (_node_query(change, labels, possible, given(types, "row", 0)), some)
                    for labels, some in by_labels(rows).items()
                )
                yield (rows[-1][0],), len(rows), parts

    def _removed(self, kind: EdgeKind, after: Position) -> Iterator["_Found"]:
        return self._in_order(
            f'SELECT src, dst, source.id, target.id FROM changes."{kind}"'
            " JOIN changes.ids source ON source.number = src"
            " JOIN changes.ids target ON target.number = dst",
            (Change.REMOVED, after),
            _REMOVE_EDGES.format(kind=kind),
        )

    def _edges(self, change: Change, kind: EdgeKind, after: Position) -> Iterator["_Found"]:
        types = edge_types(self._ground.footing().connection, kind)
        verb = "MERGE" if change is Change.ADDED else "MATCH"
        return self._in_order(
            f"SELECT src, dst, source.id, target.id, {', '.join(wired(types, 'edge.'))}"
            f' FROM changes."{kind}" JOIN "{kind}_out" edge USING (src, dst)'
            " JOIN by_number source ON source.number = src"
            " JOIN by_number target ON target.number = dst",
            (change, after),
            _PUT_EDGES.format(verb=verb, kind=kind, given=given(types, "edge", 1)),
        )

    def _in_order(self, sql: str, what: tuple[Change, Position], query: str) -> Iterator["_Found"]:
        change, after = what
        src, dst = after or (-1, -1)
        cursor = self._ground.footing().connection
        where = "change = ? AND (src > ? OR (src = ? AND dst > ?)) ORDER BY src, dst"
        cursor.execute(f"{sql} WHERE {where}", [str(change), src, src, dst])
        while rows := cursor.fetchmany(BATCH):
            yield tuple(rows[-1][:2]), len(rows), ((query, by_source(rows)),)


_Found = tuple[Position, int, tuple[tuple[str, Rows], ...]]

_REMOVE_NODES = "UNWIND $rows AS row MATCH (n:Entity {id: row[0]}) DETACH DELETE n RETURN count(*)"
_REMOVE_EDGES = """
    UNWIND $rows AS row MATCH (a:Entity {{id: row[0]}})
    UNWIND row[1] AS edge MATCH (b:Entity {{id: edge[0]}})
    MATCH (a)-[r:{kind}]->(b) DELETE r RETURN count(*)
"""
_PUT_EDGES = """
    UNWIND $rows AS row MATCH (a:Entity {{id: row[0]}})
    UNWIND row[1] AS edge MATCH (b:Entity {{id: edge[0]}})
    {verb} (a)-[r:{kind}]->(b) SET r = {{{given}}} RETURN count(r)
"""


def _node_query(change: Change, labels: str, possible: frozenset[str], values: str) -> str:
    """Rows whose first value is the id: what is there by hand goes too, and is put back later."""
    if change is Change.ADDED:
        found = "MERGE (n:Entity {id: row[0]})"
    else:
        others = sorted(possible - set(labels.split(":")))
        found = "MATCH (n:Entity {id: row[0]})" + (
            f" REMOVE n:{':'.join(others)}" if others else ""
        )
    return f"UNWIND $rows AS row {found} SET n:{labels} SET n = {{{values}}} RETURN count(n)"


def _parts(step: str) -> tuple[Change, str]:
    change, _, what = step.partition(" ")
    return Change(change), what
