"""The import files, taken by the real neo4j-admin: the same graph as a load over Bolt makes."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graph.errors import NotEmptyFolder, NotLoaded
from graph.model import EdgeKind
from graph.schema import TABLES
from graph.snapshot import current_snapshot
from graph.store.embedded import EmbeddedStore
from graph.store.neo4j_ import Connection, Server
from graph.store.neo4j_bulk import write_import
from graph.store.neo4j_load import load_graph
from graph.store.neo4j_schema import AFTER_NODES, BEFORE_LOAD, HEAVIEST
from graph.store.neo4j_store import Neo4jStore
from tests.factory import add_scan, publish, small_world
from tests.graph.conftest import emptied
from tests.graph.hub import alike, marks
from tools.neo4j.server import QUICK
from tools.neo4j.server import Server as OwnServer

pytestmark = pytest.mark.neo4j

AWKWARD = ['三院, "东"区', "一行\n两行", "", "ÀÉ ß\\", "'", " 空格 "]


def awkward_world(folder):
    """A world whose places' names hold what breaks a careless CSV file."""
    workspace = small_world(folder, places=len(AWKWARD) + 2)
    snapshot = current_snapshot(workspace)
    tables = {
        name: pa.concat_tables(map(pq.read_table, snapshot.files(name))) for name in snapshot.tables
    }
    places = tables["places"].to_pylist()
    for row, name in zip(places, AWKWARD, strict=False):
        row["name"] = name
    tables["places"] = pa.Table.from_pylist(places, schema=TABLES["places"].arrow)
    kin = tables["psn_kin_d"].to_pylist()
    kin[0]["relation"] = '配偶; "前"'
    tables["psn_kin_d"] = pa.Table.from_pylist(kin, schema=TABLES["psn_kin_d"].arrow)
    publish(workspace, tables, "t0002")
    return workspace


def everything(server):
    """Every node and edge of a server, the marker left out: labels or type, ends, properties."""
    connection = Connection(server)
    try:
        nodes = connection.read(
            lambda tx: tx.rows("MATCH (n:Entity) RETURN n.id, labels(n), properties(n)")
        )
        edges = connection.read(
            lambda tx: tx.rows("MATCH (a)-[r]->(b) RETURN type(r), a.id, b.id, properties(r)")
        )
        names = connection.read(
            lambda tx: tx.rows("SHOW INDEXES YIELD name, state RETURN name, state")
        )
    finally:
        connection.close()
    by_id = {id_: (sorted(labels), there) for id_, labels, there in nodes}
    by_key = {tuple(key): there for *key, there in edges}
    assert len(by_id) == len(nodes)
    assert len(by_key) == len(edges)
    return by_id, by_key, {tuple(row) for row in names}


def forget_indexes(server):
    """Take away what tests before left: constraints and the indexes somebody made."""
    connection = Connection(server)
    try:
        for what, such in (("CONSTRAINT", ""), ("INDEX", "WHERE type <> 'LOOKUP'")):
            names = connection.read(
                lambda tx, what=what, such=such: tx.rows(f"SHOW {what} YIELD * {such} RETURN name")
            )
            for (name,) in names:
                connection.write(lambda tx, what=what, name=name: tx.rows(f"DROP {what} {name}"))
    finally:
        connection.close()


@pytest.fixture(scope="module")
def imported(neo4j_jars, small_hubs, tmp_path_factory):
    """A workspace, and a server of its own that was filled by the import alone."""
    del neo4j_jars
    folder = tmp_path_factory.mktemp("import")
    workspace = awkward_world(folder)
    told = []
    written = write_import(
        current_snapshot(workspace), folder / "files", progress=lambda *step: told.append(step)
    )
    own = OwnServer(folder / "home", options=QUICK)
    try:
        said = own.import_folder(folder / "files")
        own.start()
        yield workspace, Server(own.uri, *own.auth), written, told, said
    finally:
        own.remove()


def test_what_is_imported_is_what_bolt_sends(imported, neo4j_server):
    workspace, server, written, told, said = imported
    assert f"{written.nodes + 1} nodes" in said
    assert f"{written.edges} relationships" in said
    assert sum(rows for _, rows, _ in told) == written.nodes + written.edges
    store = Neo4jStore(workspace, server)
    with pytest.raises(NotLoaded, match="half of snapshot t0002"):
        store.view()
    load = load_graph(current_snapshot(workspace), server)
    assert (load.sent, load.nodes, load.edges) == (0, written.nodes, written.edges)
    assert load_graph(current_snapshot(workspace), server).sent == 0
    over_bolt = emptied(neo4j_server)
    forget_indexes(over_bolt)
    assert load_graph(current_snapshot(workspace), over_bolt).sent == written.nodes + written.edges
    nodes, edges, indexes = everything(server)
    assert (nodes, edges, indexes) == everything(over_bolt)
    named = {statement.split(" IF ")[0].split()[-1] for statement in (*BEFORE_LOAD, *AFTER_NODES)}
    assert {(name, "ONLINE") for name in named} <= indexes
    names = {there["label"] for _, there in nodes.values()}
    assert {name for name in AWKWARD if name} <= names
    assert any(there.get("relations") == ['配偶; "前"'] for there in edges.values())
    embedded, ours = EmbeddedStore(workspace).view(), store.view()
    assert ours.counts() == embedded.counts()
    ids = sorted(nodes)
    assert ours.nodes(ids) == embedded.nodes(ids)
    assert {e.key: e for e in ours.neighbours(ids, limit=100_000)} == {
        e.key: e for e in embedded.neighbours(ids, limit=100_000)
    }
    assert alike(store, EmbeddedStore(workspace), (1, 3, 4)) > 5
    assert {name for _, name in marks(store)} == set(HEAVIEST.values())
    store.close()


def test_people_can_write_to_what_was_imported(imported):
    workspace, server, *_ = imported
    load_graph(current_snapshot(workspace), server)
    scan = add_scan(workspace)
    store = Neo4jStore(workspace, server)
    with store.writer() as writer:
        writer.rings(scan)
    assert store.view().counts().edges[EdgeKind.CO_VISITED] > 0
    store.close()


def test_files_are_written_into_a_folder_of_their_own(tmp_path):
    snapshot = current_snapshot(small_world(tmp_path, visits=20))
    folder = tmp_path / "files"
    written = write_import(snapshot, folder)
    assert "import full neo4j @import.args" in written.command
    assert written.bytes == sum(file.stat().st_size for file in folder.iterdir())
    assert "multiline" not in (folder / "import.args").read_text("utf-8")
    with pytest.raises(NotEmptyFolder, match="not empty"):
        write_import(snapshot, folder)
