"""A Cypher script that lays the network into an empty Neo4j as our own store would: labels, types, properties."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby, islice
from pathlib import Path

from casework.exports.columns import about
from casework.exports.content import Content, Network
from casework.exports.values import column, native, quoted
from graph.model import NodeKind, Value
from graph.store.neo4j_labels import LABELS, labels_of

AT_ONCE = 200
"""Nodes or edges per statement."""
_ESCAPED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")


def write(content: Content, folder: Path) -> tuple[Path, ...]:
    """`network.cypher`, for `cypher-shell -f` or Neo4j Browser; a statement ends with `;` and a newline."""
    network = content.network
    said = "".join(f"// {name}: {_one_line(text)}\n" for name, text in about(network).items())
    file = folder / "network.cypher"
    statements = (*_constraints(network), *_nodes(network), *_edges(network))
    file.write_text(said + "".join(f"{statement};\n" for statement in statements), "utf-8")
    return (file,)


def _constraints(network: Network) -> Iterator[str]:
    yield "CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE"
    for kind in sorted({str(kind) for _, kind in network.graph.nodes(data="kind")}):
        label = LABELS[NodeKind(kind)]
        yield f"CREATE CONSTRAINT {kind}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"


def _nodes(network: Network) -> Iterator[str]:
    rows = sorted(
        (labels_of(NodeKind(properties["kind"]), properties), node, properties)
        for node, properties in network.graph.nodes(data=True)
    )
    for labels, group in groupby(rows, key=lambda row: row[0]):
        for some in _batches(
            _map({"id": node, **_renamed(properties)}) for _, node, properties in group
        ):
            yield f"UNWIND [\n{some}\n] AS row\nCREATE (n:{labels}) SET n = row"


def _edges(network: Network) -> Iterator[str]:
    rows = sorted(
        (
            (str(key), a, b, properties)
            for a, b, key, properties in network.graph.edges(keys=True, data=True)
        ),
        key=lambda row: row[:3],
    )
    for kind, group in groupby(rows, key=lambda row: row[0]):
        maps = (
            f"[{_literal(a)}, {_literal(b)}, {_map(properties)}]" for _, a, b, properties in group
        )
        for some in _batches(maps):
            yield (
                f"UNWIND [\n{some}\n] AS row\n"
                "MATCH (a:Entity {id: row[0]}) MATCH (b:Entity {id: row[1]})\n"
                f"CREATE (a)-[r:{_name(kind)}]->(b) SET r = row[2]"
            )


def _batches(maps: Iterable[str]) -> Iterator[str]:
    left = iter(maps)
    while some := list(islice(left, AT_ONCE)):
        yield ",\n".join(some)


def _renamed(properties: Mapping[str, Value]) -> dict[str, Value]:
    return {column(name, ("id",)): value for name, value in properties.items()}


def _map(properties: Mapping[str, Value]) -> str:
    return "{" + ", ".join(f"{_name(n)}: {_value(v)}" for n, v in properties.items()) + "}"


def _name(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _value(value: Value) -> str:
    """Neo4j has days, moments and lists of its own; what it lacks is written as text."""
    if isinstance(value, datetime):
        return f"localdatetime('{value.isoformat()}')"
    if isinstance(value, date):
        return f"date('{value.isoformat()}')"
    if isinstance(value, tuple):
        return _list(value)
    if isinstance(value, str):
        return _literal(quoted(value) if value.startswith("\\") else value)
    plain = native(value)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    return _literal(plain) if isinstance(plain, str) else repr(plain)


def _list(texts: Sequence[str]) -> str:
    return "[" + ", ".join(map(_literal, texts)) + "]"


def _literal(written: str) -> str:
    plain = json.dumps(written, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", plain)


def _one_line(written: str) -> str:
    return " ".join(written.split())
