"""The Cypher script, run as it stands by a real server, holds the network to the last property."""

import json
import tempfile
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings

from casework.exports import cypher
from graph.store.neo4j_ import Connection
from tests.casework.exports.networks import assert_same, contents, stripped
from tests.graph.conftest import emptied


@pytest.fixture(scope="module")
def connection(neo4j_server):
    opened = Connection(emptied(neo4j_server))
    yield opened
    opened.write(lambda tx: tx.rows("MATCH (n) DETACH DELETE n"))
    opened.close()


def statements(content):
    """Those of the script, written twice to the same bytes."""
    with tempfile.TemporaryDirectory() as folder:
        (file,) = cypher.write(content, Path(folder))
        before = file.read_bytes()
        assert cypher.write(content, Path(folder)) == (file,)
        assert file.read_bytes() == before
    lines = before.decode("utf-8").split("\n")
    script = "\n".join(line for line in lines if not line.startswith("//"))
    return [statement for statement in script.split(";\n") if statement.strip()]


def run(connection, content):
    for statement in statements(content):
        connection.write(lambda tx, statement=statement: tx.rows(statement))


def read_back(connection):
    found = nx.MultiDiGraph()
    nodes = connection.read(lambda tx: tx.rows("MATCH (n) RETURN properties(n), labels(n)"))
    labels = {}
    for properties, held in nodes:
        facts = values(properties)
        id_ = facts.pop("id")
        labels[id_] = set(held)
        found.add_node(id_)
        found.nodes[id_].update({stripped(name): value for name, value in facts.items()})
    edges = "MATCH (a)-[r]->(b) RETURN a.id, b.id, type(r), properties(r)"
    for a, b, kind, properties in connection.read(lambda tx: tx.rows(edges)):
        found.add_edge(a, b, kind)
        found.edges[a, b, kind].update(values(properties))
    return found, labels


def values(properties):
    return {name: value_of(value) for name, value in properties.items()}


def value_of(value):
    """A value as the driver gives it; text behind a backslash is JSON, all other text is text."""
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, str) and value.startswith("\\"):
        return json.loads(value[1:])
    return value


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=contents())
def test_a_real_server_holds_all_of_it(connection, content):
    connection.write(lambda tx: tx.rows("MATCH (n) DETACH DELETE n"))
    run(connection, content)
    found, labels = read_back(connection)
    assert_same(content.network.graph, found)
    assert all("Entity" in held for held in labels.values())
    assert {id_: held for id_, held in labels.items() if id_.startswith("pt_")} == {
        id_: {"Entity", "Patient"} for id_ in found if id_.startswith("pt_")
    }


def test_a_ring_is_as_our_own_store_would_lay_it(connection, world):
    connection.write(lambda tx: tx.rows("MATCH (n) DETACH DELETE n"))
    run(connection, world.content)
    found, labels = read_back(connection)
    assert_same(world.content.network.graph, found)
    assert {"Doctor", "Practitioner", "Entity"} in labels.values()
    constraints = connection.read(lambda tx: tx.rows("SHOW CONSTRAINTS YIELD name RETURN name"))
    assert {"entity_id", "patient_id", "ring_id"} <= {name for (name,) in constraints}
