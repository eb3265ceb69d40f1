"""How long a ring of five hundred nodes takes in each format, beside networkx's own GraphML writer.

    python -m benchmarks.export

The ring is made up: 440 patients, 30 practitioners, 30 places, ten thousand edges, six hundred gatherings and five
thousand settlements. networkx's writer gets the same graph with days and lists as plain text, which it needs.
"""

import json
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import networkx as nx

from casework.exports.content import (
    Content,
    Finding,
    Member,
    Network,
    RingContent,
    Settlement,
    Source,
)
from casework.exports.formats import FORMATS
from casework.exports.rings import money
from graph.model import EdgeKind, NodeKind
from graph.results import RingRow

SIZES = {"pt": 440, "pr": 30, "fa": 29, "rg": 1}
EDGES, GATHERINGS, SETTLED = 10_000, 600, 5_000
FIRST = datetime(2025, 1, 1, 8)


def made_up(links: int = EDGES, settled: int = SETTLED) -> Content:
    """The ring, with so many edges and settlements."""
    chance = Random(1)
    ids = [f"{prefix}_{n:020d}" for prefix, size in SIZES.items() for n in range(size)]
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for id_ in ids:
        facts = {
            "known": True,
            "admdvs": "110105",
            "visits": chance.randint(1, 99),
            "regions": ("110105",),
        }
        graph.add_node(id_, kind=NodeKind.of(id_), label=f"第{id_[-4:]}号", **facts)
    kinds = (EdgeKind.CO_VISITED, EdgeKind.VISITED, EdgeKind.TREATED_BY)
    while len(graph.edges) < links:
        (a, b), kind = chance.sample(ids, 2), chance.choice(kinds)
        first = FIRST + timedelta(minutes=chance.randrange(200_000))
        facts = {
            "fund": chance.randint(1, 10**6),
            "first": first,
            "last": first + timedelta(days=9),
        }
        graph.add_edge(
            a, b, kind, kind=kind, weight=chance.randint(1, 30), p=chance.random(), **facts
        )
    return Content(
        Network(graph, "环", len(graph), {"scan": "s0001"}), (_ring(chance, ids, settled),)
    )


def _ring(chance: Random, ids: list[str], settled: int) -> RingContent:
    people, place = ids[: SIZES["pt"]], ids[SIZES["pt"] + SIZES["pr"]]
    rows = [f"setl_d:S{n:06d}" for n in range(settled)]
    settlements = tuple(_settled(chance, row, people, place, n) for n, row in enumerate(rows))
    findings = tuple(
        Finding(
            n, "covisit", "gathering", FIRST, FIRST, place, "某医院", tuple(chance.sample(people, 8)),
            tuple(Source(row, "setl_d.csv", 1) for row in chance.sample(rows, 8)), 100, "聚集", "met",
        )
        for n in range(settled * GATHERINGS // SETTLED)
    )  # fmt: skip
    row = RingRow(
        "rg_x", 1, 9.0, "A", ("covisit",), SIZES["pt"], SIZES["pr"], SIZES["fa"], SETTLED, 1, 1, 1,
        FIRST, FIRST, "线索", "lead", ("110105",), "new",
    )  # fmt: skip
    members = tuple(
        Member(id_, str(NodeKind.of(id_)), id_[-6:], "member", True, 9, 100, None) for id_ in ids
    )
    return RingContent(row, members, findings, (), (), (), (), settlements, money(settlements))


def _settled(chance: Random, row: str, people: list[str], place: str, number: int) -> Settlement:
    at, fund = FIRST + timedelta(minutes=number), chance.randint(1, 10**5)
    return Settlement(
        row, row[7:], chance.choice(people), place, "某医院", None, "11", at, at, at, "I10", fund, fund,
        fund, fund, True, "setl_d.csv", number, (1,),
    )  # fmt: skip


def plain(content: Content) -> "nx.MultiDiGraph[str]":
    """The graph as networkx can write it."""
    graph = content.network.graph.copy()
    parts = [*(p for _, p in graph.nodes(data=True)), *(p for *_, p in graph.edges(data=True))]
    for properties in parts:
        for name, value in properties.items():
            properties[name] = str(value) if isinstance(value, date | tuple | str) else value
    return graph


def main() -> None:
    """Print one line of JSON: processor seconds and bytes of each format, and their ratio to networkx's writer."""
    content = made_up()
    graph = plain(content)
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        used = time.process_time()
        nx.write_graphml(graph, Path(folder) / "networkx.graphml")
        own = time.process_time() - used
        for format in FORMATS:
            used = time.process_time()
            files = format.write(content, Path(folder))
            seconds = time.process_time() - used
            size = sum(file.stat().st_size for file in files)
            found[format.name] = {
                "seconds": round(seconds, 2), "bytes": size, "to_networkx": round(seconds / own, 2),
            }  # fmt: skip
    total = round(sum(one["seconds"] for one in found.values()), 2)
    print(json.dumps({"networkx": round(own, 2), "all": total, "formats": found}))


if __name__ == "__main__":
    main()
