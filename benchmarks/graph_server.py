"""The graph on a Neo4j server beside the embedded one: how fast it is filled, how fast both answer.

    python benchmarks/graph_server.py [WORKSPACE …] [--hub PATIENTS] [--ways bulk bolt] [--heap 2g] [--result FILE]

Each workspace holds a snapshot (and for paths among ring members a scan). A server of our own is filled
with it by import files and over Bolt; the edges' Parquet, which both need, is made before. Expand: the
100 heaviest neighbours of the 20 patients, practitioners and facilities with the most edges, and of the
largest facility alone. `--hub` adds a made-up hospital with so many patients, nearly all of whom came once. Path: the
shortest of at most 6 hops between random patients, and between members of the same ring. The first five
calls of each are not counted. The workspace's `edges/` is written if it is not there.
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from graph.errors import NoScan, TooWide  # noqa: E402
from graph.results import latest_scan  # noqa: E402
from graph.snapshot import Snapshot, current_snapshot  # noqa: E402
from graph.store.base import View  # noqa: E402
from graph.store.edges import snapshot_edges  # noqa: E402
from graph.store.embedded import EmbeddedStore  # noqa: E402
from graph.store.neo4j_ import Server  # noqa: E402
from graph.store.neo4j_bulk import write_import  # noqa: E402
from graph.store.neo4j_load import load_graph  # noqa: E402
from graph.store.neo4j_store import Neo4jStore  # noqa: E402
from tests.graph.hub import hub_world  # noqa: E402
from tools.neo4j.server import Server as OwnServer  # noqa: E402

WARM = 5
CALLS = 200
LARGEST = "largest facility"
WAYS = {
    "patient": ("VISITED", "src"),
    "practitioner": ("TREATED_BY", "dst"),
    "facility": ("VISITED", "dst"),
}


@dataclass
class Found:
    """What was measured of one workspace; times in seconds."""

    visits: int
    nodes: int = 0
    edges: int = 0
    largest: dict[str, int] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)
    answers: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    wide: dict[tuple[str, str], int] = field(default_factory=dict)

    def rate(self, way: str) -> float:
        """Nodes and relationships per second."""
        return (self.nodes + self.edges) / self.took[way]


def quantile(times: list[float], share: float) -> float:
    """The value below which `share` of the times lie, in milliseconds."""
    ordered = sorted(times)
    return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def asked(snapshot: Snapshot, count: int = 20) -> dict[str, list[tuple[str, int]]]:
    """The `count` nodes of each kind with the most edges of one sort: (id, edges)."""
    folder = snapshot_edges(snapshot)
    found = {}
    with snapshot.connect() as connection:
        for kind, (edge, end) in WAYS.items():
            rows = connection.execute(
                f"SELECT id, count(*) AS edges FROM '{folder.path / edge}.out.parquet' edge"
                f" JOIN '{folder.by_number}' node ON node.number = edge.{end}"
                f" WHERE node.kind = '{kind}' GROUP BY id ORDER BY edges DESC, id LIMIT {count}"
            ).fetchall()
            found[kind] = [(id_, number) for id_, number in rows]
    return found


def ends(workspace: Path, snapshot: Snapshot) -> Iterator[tuple[str, str, str]]:
    """(what, from, to) for the paths to look for."""
    chance = Random(1)
    with snapshot.connect() as connection:
        ids = [
            id_
            for (id_,) in connection.execute("SELECT id FROM patients ORDER BY patient").fetchall()
        ]
    for _ in range(CALLS):
        yield "path, random patients", *chance.sample(ids, 2)
    try:
        members = latest_scan(workspace).all_members()
    except NoScan:
        return
    patients = [[row.id for row in rows if row.kind == "patient"] for rows in members.values()]
    rings = [some for some in patients if len(some) > 1]
    for _ in range(CALLS if rings else 0):
        yield "path, ring members", *chance.sample(chance.choice(rings), 2)


def answers(store: str, view: View, workspace: Path, found: Found) -> None:
    """Time the calls on one store."""
    snapshot = current_snapshot(workspace)
    nodes = asked(snapshot)
    nodes[LARGEST] = nodes["facility"][:1]
    found.largest = {kind: some[0][1] for kind, some in nodes.items()}
    for kind, some in nodes.items():
        for turn in range(CALLS + WARM):
            id_ = some[turn % len(some)][0]
            timed(found, (store, f"expand, {kind}"), turn, lambda id_=id_: view.neighbours([id_]))
    turns: dict[str, int] = {}
    for what, a, b in ends(workspace, snapshot):
        turns[what] = turns.get(what, -1) + 1
        timed(found, (store, what), turns[what], lambda a=a, b=b: view.paths(a, b, 6))


def timed(found: Found, key: tuple[str, str], turn: int, call: Callable[[], object]) -> None:
    began = time.perf_counter()
    try:
        call()
    except TooWide:
        found.wide[key] = found.wide.get(key, 0) + 1
    if turn >= WARM:
        found.answers.setdefault(key, []).append(time.perf_counter() - began)


def fill(way: str, snapshot: Snapshot, own: OwnServer, folder: Path, found: Found) -> None:
    """Fill an empty server, leaving it running; what each part took."""
    began = time.perf_counter()
    if way == "bulk":
        write_import(snapshot, folder)
        found.took["bulk: files"] = time.perf_counter() - began
        own.import_folder(folder)
        found.took["bulk"] = time.perf_counter() - began
        shutil.rmtree(folder)
    own.start()
    began = time.perf_counter()
    loaded = load_graph(snapshot, Server(own.uri, *own.auth))
    took = time.perf_counter() - began
    found.took["bulk: indexes and check" if way == "bulk" else way] = took
    found.nodes, found.edges = loaded.nodes, loaded.edges


def measure(workspace: Path, ways: list[str], heap: str, scratch: Path) -> Found:
    """Everything about one workspace."""
    snapshot = current_snapshot(workspace)
    snapshot_edges(snapshot)
    found = Found(snapshot.counts().get("setl_d", 0))
    answers("embedded", EmbeddedStore(workspace).view(), workspace, found)
    for way in ways:
        own = OwnServer(scratch / "home", heap=heap, page_cache=heap)
        try:
            fill(way, snapshot, own, scratch / "files", found)
            if way == ways[-1]:
                store = Neo4jStore(workspace, Server(own.uri, *own.auth))
                answers("neo4j", store.view(), workspace, found)
                store.close()
        finally:
            own.remove()
    return found


def page(results: list[Found]) -> str:
    """What was found, as Markdown."""
    lines = [
        "| visits | nodes | edges | way | s | nodes and edges / s |",
        "|---|---|---|---|---|---|",
    ]
    for one in results:
        for way, took in one.took.items():
            rate = f"{one.rate(way):,.0f}" if ":" not in way else ""
            lines.append(
                f"| {one.visits:,} | {one.nodes:,} | {one.edges:,} | {way} | {took:.1f} | {rate} |"
            )
    lines += ["", "| visits | store | question | calls | p50 ms | p95 ms | too wide |"]
    lines.append("|---|---|---|---|---|---|---|")
    for one in results:
        for (store, what), times in one.answers.items():
            half, most = quantile(times, 0.5), quantile(times, 0.95)
            kind = what.partition(", ")[2]
            edges = f" (up to {one.largest[kind]:,} edges)" if kind in one.largest else ""
            wide = one.wide.get((store, what), 0)
            lines.append(
                f"| {one.visits:,} | {store} | {what}{edges} | {len(times)} | {half:.0f} | {most:.0f}"
                f" | {wide} |"
            )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and print; into a file if one is named."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("workspaces", nargs="*", type=Path)
    options.add_argument("--hub", type=int, metavar="PATIENTS")
    options.add_argument("--ways", nargs="*", choices=("bulk", "bolt"), default=["bolt", "bulk"])
    options.add_argument("--heap", default="2g")
    options.add_argument("--result", type=Path)
    chosen = options.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    results = []
    with tempfile.TemporaryDirectory() as made:
        workspaces = list(chosen.workspaces)
        if chosen.hub:
            workspaces.append(hub_world(Path(made), chosen.hub)[0])
        for workspace in workspaces:
            with tempfile.TemporaryDirectory() as scratch:
                results.append(measure(workspace, chosen.ways, chosen.heap, Path(scratch)))
            print(page(results), flush=True)
    if chosen.result:
        chosen.result.write_text(page(results), "utf-8")


if __name__ == "__main__":
    main()
