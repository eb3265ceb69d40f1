"""What a file holds is what was put in, read by others than those who wrote it."""

import csv
import json
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import networkx as nx
from hypothesis import HealthCheck, given, settings

from casework.exports import csv_lists, gexf, graphml, node_link
from casework.exports.columns import decided_rows
from tests.casework.exports.networks import (
    assert_equal,
    assert_same,
    contents,
    decided_cases,
    decoded,
    stripped,
)

ROUNDS = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@contextmanager
def written(write, content):
    """The files of `content`; the same again for the same content."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        files = write(content, Path(one))
        again = write(content, Path(other))
        assert [f.name for f in files] == [f.name for f in again]
        assert [f.read_bytes() for f in files] == [f.read_bytes() for f in again]
        yield files


def read_back(graph, own=()):
    """The graph as a library gives it, names and values decoded, without the names in `own`; an edge's key is its kind."""
    found = nx.MultiDiGraph()
    for id_, properties in graph.nodes(data=True):
        found.add_node(id_)
        found.nodes[id_].update(values(properties, own))
    for a, b, properties in graph.edges(data=True):
        facts = values(properties, own)
        found.add_edge(a, b, facts["kind"])
        found.edges[a, b, facts["kind"]].update(facts)
    return found


def values(properties, own):
    return {stripped(n): decoded(v) for n, v in properties.items() if n not in own}


def about(content):
    network = content.network
    shown = f"{len(network.graph)} of {network.total}"
    return {"title": network.title, "shown": shown, **network.provenance}


@ROUNDS
@given(contents())
def test_json(content):
    with written(node_link.write, content) as (file,):
        whole = json.loads(file.read_text("utf-8"))
    for part in (*whole["nodes"], *whole["links"]):
        part.update({n: tuple(v) for n, v in part.items() if isinstance(v, list)})
    graph = nx.node_link_graph(whole, edges="links")
    assert_same(content.network.graph, read_back(graph))
    assert {n: decoded(v) for n, v in graph.graph.items()} == about(content)


@ROUNDS
@given(contents())
def test_graphml(content):
    with written(graphml.write, content) as (file,):
        graph = nx.read_graphml(file, force_multigraph=True)
    assert_same(content.network.graph, read_back(graph))
    said = {n: v for n, v in graph.graph.items() if n not in ("node_default", "edge_default")}
    assert {n: decoded(v) for n, v in said.items()} == about(content)


GEPHI = ("id", "start", "end", "viz", "label", "weight", "networkx_key")
"""What Gephi has of its own beside our properties."""


@ROUNDS
@given(contents())
def test_gexf(content):
    with written(gexf.write, content) as (file,):
        graph = nx.MultiDiGraph(nx.read_gexf(file, version="1.3"))
        text = file.read_text("utf-8")
    labels = {id_: decoded(label) for id_, label in graph.nodes(data="label")}
    found = read_back(graph, GEPHI)
    nx.set_node_attributes(found, labels, "label")
    for _, _, properties in graph.edges(data=True):
        assert properties["weight"] == properties["\\weight"]
    assert_same(content.network.graph, found)
    assert text.count("<viz:color") == len(graph) + len(graph.edges)
    assert f"shown: {len(graph)} of {content.network.total}" in text


READ = {"string": str, "long": int, "double": float, "boolean": lambda text: text == "true"}


def title_of(cell):
    return decoded(cell) if cell.startswith('\\"') else cell


def read_list(file):
    """The rows of a CSV list by heading, typed as the heading says; empty cells are not there."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        heading, *rows = csv.reader(lines)
    found = []
    for row in rows:
        own, properties = {}, {}
        for name, cell in zip(map(title_of, heading), row, strict=True):
            title, _, kind = name.rpartition(":")
            if kind in READ and cell:
                properties[title] = READ[kind](cell)
            elif kind not in READ:
                own[name] = decoded(cell)
        found.append((own, properties))
    return found


@ROUNDS
@given(contents())
def test_csv(content):
    graph = nx.MultiDiGraph()
    with written(csv_lists.write, content) as (nodes, edges, _about):
        for file in (nodes, edges):
            assert file.read_bytes().startswith(b"\xef\xbb\xbf")
        for own, properties in read_list(nodes):
            graph.add_node(own["id:ID"])
            graph.nodes[own["id:ID"]].update(properties)
        for own, properties in read_list(edges):
            ends = own[":START_ID"], own[":END_ID"], own[":TYPE"]
            graph.add_edge(*ends)
            graph.edges[ends].update(properties)
        with _about.open(encoding="utf-8-sig", newline="") as lines:
            said = dict(list(csv.reader(lines))[1:])
        cells = [cell for file in (nodes, edges, _about) for cell in raw_cells(file)]
    assert_same(content.network.graph, read_back(graph))
    assert {name: decoded(cell) for name, cell in said.items()} == about(content)
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell and not is_number(cell)]


@settings(ROUNDS, max_examples=10)
@given(contents(), decided_cases)
def test_what_was_decided(content, decided):
    whole = replace(content, decided=decided)
    wanted = decided_rows(whole)
    assert len(wanted) == 1 + len(decided.decisions)
    with written(csv_lists.write, whole) as (*_, file):
        listed = [properties for _, properties in read_list(file)]
        cells = raw_cells(file)
    with written(node_link.write, whole) as (file,):
        held = json.loads(file.read_text("utf-8"))["decided"]
    assert not [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell and not is_number(cell)]
    for found in (
        listed,
        [{n: tuple(v) if isinstance(v, list) else v for n, v in row.items()} for row in held],
    ):
        for expected, row in zip(wanted, found, strict=True):
            assert_equal(expected, values(row, ()))


def raw_cells(file):
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [cell for row in csv.reader(lines) for cell in row]


def is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True
