"""Whether a server holds a world to the last property, and that it never shows half of one."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from graph.errors import NotLoaded
from graph.snapshot import current_snapshot
from graph.store.base import View
from graph.store.embedded import EmbeddedStore
from graph.store.neo4j_ import Connection, Server
from graph.store.neo4j_store import Neo4jStore

ENTITIES = ("patients", "places", "practitioners", "tokens")
ALL = 1_000_000


@dataclass(frozen=True)
class Held:
    """A workspace, and everything the embedded store knows of it."""

    workspace: Path

    @cached_property
    def ids(self) -> list[str]:
        tables = " UNION ALL ".join(f"SELECT id FROM {name}" for name in ENTITIES)
        with current_snapshot(self.workspace).connect() as con:
            return sorted(id_ for (id_,) in con.execute(tables).fetchall())

    @cached_property
    def whole(self) -> dict[str, object]:
        return everything(EmbeddedStore(self.workspace).view(), self.ids)

    def seen_on(self, server: Server) -> bool:
        """Whether readers see this world; then it is whole. False where they are refused."""
        store = Neo4jStore(self.workspace, server)
        try:
            view = store.view()
            return view.shown[0] == current_snapshot(self.workspace).id and self._same(view)
        except NotLoaded:
            return False
        finally:
            store.close()

    def _same(self, view: View) -> bool:
        found = everything(view, self.ids)
        for what, expected in self.whole.items():
            assert found[what] == expected, what
        return True

    def fills(self, server: Server) -> bool:
        """Whether the server holds this world, all of it and nothing else."""
        assert self.seen_on(server)
        counts = EmbeddedStore(self.workspace).view().counts()
        connection = Connection(server)
        try:
            nodes, edges = connection.read(
                lambda tx: (
                    tx.one("MATCH (n) WHERE NOT n:HuanchaGraph RETURN count(n)"),
                    tx.one("MATCH ()-[r]->() RETURN count(r)"),
                )
            )
            states = connection.read(lambda tx: tx.rows("SHOW INDEXES YIELD state RETURN state"))
        finally:
            connection.close()
        assert {state for (state,) in states} == {"ONLINE"}
        return (nodes, edges) == (sum(counts.nodes.values()), sum(counts.edges.values()))


def everything(view: View, ids: list[str]) -> dict[str, object]:
    """Counts, nodes and edges with every property."""
    edges = view.neighbours(ids, limit=ALL)
    return {
        "counts": view.counts(),
        "nodes": {node.id: node for node in view.nodes(ids)},
        "edges": {edge.key: edge for edge in edges},
        "edges in all": edges.total,
    }
