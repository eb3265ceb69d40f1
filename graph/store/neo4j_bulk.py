"""A first load without Bolt: CSV files that `neo4j-admin database import` takes, and how to call it.

The files hold what `load_graph` sends, and the marker of a load that has all but its indexes and its
check: `load_graph` makes those, and sends nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from graph.duck import Connection, quoted
from graph.errors import NotEmptyFolder
from graph.model import EdgeKind
from graph.snapshot import Snapshot
from graph.store.by_hand import ByHand
from graph.store.derive import BY_HAND, base
from graph.store.ground import Ground
from graph.store.neo4j_heaviest import lay_heaviest
from graph.store.neo4j_schema import IMPORTED, LAYOUT
from graph.store.neo4j_tables import edge_types, node_tables, wired

ARGUMENTS = "import.args"
BETWEEN_ITEMS = 0x1F
"""The character between the items of a list, which no text of ours holds."""

_OPTIONS = ("--id-type=integer", f"--array-delimiter=U+{BETWEEN_ITEMS:04X}")
_LINES = "--multiline-fields=true"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class ImportFiles:
    """What was written: the folder, of which snapshot, how many nodes and edges, bytes in all."""

    folder: Path
    snapshot: str
    nodes: int
    edges: int
    bytes: int

    @property
    def command(self) -> str:
        """What to run in the folder, on the server's machine, while the server is stopped."""
        return f"neo4j-admin database import full neo4j @{ARGUMENTS}"


def write_import(
    snapshot: Snapshot, folder: Path, *, progress: Progress | None = None, memory: str = "1GB"
) -> ImportFiles:
    """Write the import files of `snapshot` into `folder`, which must be new or empty.

    For each set of labels and each kind of edge `<name>.header.csv` and `<name>.csv`; last of all
    `import.args`, without which the folder is unfinished. `progress` hears of each name and its rows.
    Raises `NotEmptyFolder`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise NotEmptyFolder(folder)
    ground = Ground(snapshot, None, ByHand(), memory=memory)
    lay_heaviest(ground.connection, ground.kinds)
    return _Writing(ground, folder, progress).run()


class _Writing:
    """One set of files; `arguments` grows with each."""

    def __init__(self, ground: Ground, folder: Path, progress: Progress | None) -> None:
        self._ground = ground
        self._connection: Connection = ground.footing().connection
        self._folder = folder
        self._progress = progress
        self._arguments = list(_OPTIONS)
        self._lines = False

    def run(self) -> ImportFiles:
        nodes = self._nodes()
        edges = sum(self._edges(kind) for kind in self._ground.folders[0].edges)
        self._marker()
        if self._lines:
            self._arguments.append(_LINES)
        text = "".join(f"{argument}\n" for argument in self._arguments)
        (self._folder / ARGUMENTS).write_text(text, "utf-8")
        size = sum(file.stat().st_size for file in self._folder.iterdir())
        return ImportFiles(self._folder, self._ground.snapshot.id, nodes, edges, size)

    def _nodes(self) -> int:
        """The nodes, a file for each set of labels there is."""
        rows = 0
        for family in node_tables(frozenset(self._ground.snapshot.tables)):
            types = family.types(self._connection)
            found = self._connection.execute(
                f"SELECT DISTINCT labels FROM ({family.sql}) ORDER BY 1"
            )
            for (labels,) in found.fetchall():
                sql = f"SELECT number, {_columns(types)} FROM ({family.sql}) WHERE labels = {quoted(labels)}"
                name = labels.split(":")[-1]
                self._arguments.append(f"--nodes={labels}={name}.header.csv,{name}.csv")
                rows += self._file(name, {":ID": "", **types}, sql)
        return rows

    def _edges(self, kind: EdgeKind) -> int:
        types = edge_types(self._connection, kind)
        sql = f'SELECT src, dst, {_columns(types)} FROM "{kind}_out"'
        self._arguments.append(f"--relationships={kind}={kind}.header.csv,{kind}.csv")
        return self._file(str(kind), {":START_ID": "", ":END_ID": "", **types}, sql)

    def _marker(self) -> None:
        """What `load_graph` finds: all is there, nothing is indexed or checked."""
        facts = {
            "id": "graph",
            "snapshot": self._ground.snapshot.id,
            "whole": "false",
            "layout": LAYOUT,
            "step": IMPORTED,
            "position": "0",
            "batches": 0,
            "generation": 0,
            "revision": 0,
            "loader": "import",
        }
        types = {
            name: "long" if isinstance(value, int) else "string" for name, value in facts.items()
        }
        types |= {"whole": "boolean", "position": "long[]"}
        head = _header({":ID": "", **types})
        line = ",".join(map(str, [base(BY_HAND), *facts.values()]))
        (self._folder / "HuanchaGraph.csv").write_text(f"{head}\n{line}\n", "utf-8")
        self._arguments.append("--nodes=HuanchaGraph=HuanchaGraph.csv")

    def _file(self, name: str, types: Mapping[str, str], sql: str) -> int:
        """Write `name`'s header and rows; how many rows."""
        (self._folder / f"{name}.header.csv").write_text(_header(types) + "\n", "utf-8")
        target = quoted(self._folder / f"{name}.csv")
        [(rows,)] = self._connection.execute(
            f"COPY ({sql}) TO {target} (FORMAT csv, HEADER false, NULLSTR '')"
        ).fetchall()
        self._lines = self._lines or self._has_lines(types, sql)
        if self._progress:
            self._progress(name, rows, rows)
        return int(rows)

    def _has_lines(self, types: Mapping[str, str], sql: str) -> bool:
        """Whether a text spreads over lines, which the import must be told."""
        texts = [f'"{name}"' for name, kind in types.items() if kind.startswith("string")]
        tests = [f"contains({text}, chr({end}))" for text in texts for end in (10, 13)]
        if not tests:
            return False
        found = self._connection.execute(
            f"SELECT 1 FROM ({sql}) WHERE {' OR '.join(tests)} LIMIT 1"
        ).fetchall()
        return bool(found)


def _columns(types: Mapping[str, str]) -> str:
    """The properties as the files hold them; the items of a list in one text."""
    plain = {name: kind for name, kind in types.items() if kind != "string[]"}
    by_name = dict(zip(plain, wired(plain), strict=True))
    for name in types.keys() - plain.keys():
        by_name[name] = f'array_to_string("{name}", chr({BETWEEN_ITEMS}))'
    return ", ".join(f'{by_name[name]} AS "{name}"' for name in types)


def _header(types: Mapping[str, str]) -> str:
    return ",".join(f"{name}:{kind}" if kind else name for name, kind in types.items())
