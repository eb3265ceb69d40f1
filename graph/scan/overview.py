"""The analyst's overview: communities of patients seen together, whole and unweighed by suspicion."""

from pathlib import Path

import networkx as nx
import numpy as np

from graph.communities import overview
from graph.results import latest_scan
from graph.snapshot import Snapshot


def overview_scan(workspace: Path, *, seed: int) -> list[dict[str, object]]:
    """Communities of the latest scan's pairs by python-louvain, largest first.

    Each is {community, patients, pairs, places, members: blind ids}. `places` is the most places any pair shares.
    Raises `NoScan` before the first scan.
    """
    scan = latest_scan(workspace)
    pairs = scan.pairs
    a, b = pairs["a"].to_numpy(), pairs["b"].to_numpy()
    graph: nx.Graph[int] = nx.Graph()
    graph.add_weighted_edges_from(
        zip(a.tolist(), b.tolist(), pairs["observed"].to_pylist(), strict=True)
    )
    label = overview(graph, seed)
    with Snapshot(workspace / "tables" / scan.run.snapshot).connect() as con:
        ids = dict(con.execute("SELECT patient, id FROM patients").fetchall())
    of_pair = np.array([label[int(k)] for k in a], dtype=np.int64)
    together = of_pair == np.array([label[int(k)] for k in b], dtype=np.int64)
    places = pairs["places"].to_numpy()
    found: list[dict[str, object]] = []
    for number in sorted(set(label.values())):
        mine = (of_pair == number) & together
        members = sorted(ids[k] for k, n in label.items() if n == number)
        most = int(places[mine].max()) if mine.any() else 0
        found.append({
            "community": number, "patients": len(members), "pairs": int(mine.sum()), "places": most,
            "members": members,
        })  # fmt: skip
    found.sort(key=lambda row: (-int(str(row["patients"])), str(row["members"])))
    return found
