"""CSV lists of nodes and edges, with headings as Neo4j's import reads them and cells that no spreadsheet runs."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from casework.exports.columns import (
    Columns,
    Plain,
    about,
    columns,
    decided_rows,
    edge_columns,
    node_columns,
)
from casework.exports.content import Content
from casework.exports.values import quoted
from graph.model import NodeKind
from graph.store.neo4j_labels import labels_of

RUNS = tuple("=+-@\t\r\n|%＝＋－＠")
"""What a spreadsheet takes for the start of a formula."""


def write(content: Content, folder: Path) -> tuple[Path, ...]:
    """`nodes.csv`, `edges.csv`, `about.csv`, of a case `decided.csv`; a missing property is an empty cell.

    UTF-8 with the mark Excel needs.
    """
    network, decided = content.network, decided_rows(content)
    nodes, edges = node_columns(network, ("id",)), edge_columns(network)
    ids = [
        {"id:ID": node, ":LABEL": labels_of(NodeKind(facts["kind"]), facts).replace(":", ";")}
        for node, facts in network.graph.nodes(data=True)
    ]
    ends = [
        {":START_ID": a, ":END_ID": b, ":TYPE": str(k)}
        for a, b, k in network.graph.edges(keys=True)
    ]
    said = [["name", "value"], *map(list, _safe(about(network)).items())]
    files = (
        _write(folder / "nodes.csv", ids, nodes),
        _write(folder / "edges.csv", ends, edges),
        _lines(folder / "about.csv", said),
    )
    if not decided:
        return files
    return *files, _write(folder / "decided.csv", [{} for _ in decided], columns(decided))


def _write(file: Path, ids: Sequence[Mapping[str, str]], columns: Columns) -> Path:
    names = list(columns.kinds)
    keys = list(ids[0]) if ids else []
    heading = [*keys, *(_text(f"{name}:{kind}") for name, kind in columns.kinds.items())]
    rows = (
        [*(_text(id_[key]) for key in keys), *(_cell(row.get(name)) for name in names)]
        for id_, row in zip(ids, columns.rows, strict=True)
    )
    return _lines(file, [heading, *rows])


def _lines(file: Path, rows: Iterable[Sequence[str]]) -> Path:
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
    return file


def _safe(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: _text(value) for name, value in texts.items()}


def _cell(value: Plain | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(value) if isinstance(value, str) else repr(value)


def _text(written: str) -> str:
    """A text cell; what would run, and what would look like a missing cell, is quoted as JSON."""
    return quoted(written) if not written or written.startswith(RUNS) else written
