"""The graph of a small world worked out naively from its tables, to judge the stores by."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import networkx as nx
import pyarrow as pa
import pyarrow.parquet as pq

from graph.model import Edge, EdgeKey, EdgeKind, Node, NodeKind
from graph.results import Scan
from graph.snapshot import current_snapshot

Rows = list[dict[str, Any]]


class Oracle:
    """All nodes and edges of a workspace's snapshot and of `scan`, in plain dictionaries."""

    def __init__(self, workspace: Path, scan: Scan | None = None) -> None:
        snapshot = current_snapshot(workspace)
        self.tables: dict[str, Rows] = defaultdict(list)
        for name in snapshot.tables:
            files = [pq.read_table(file) for file in snapshot.files(name)]
            self.tables[name] = pa.concat_tables(files).to_pylist()
        self.nodes: dict[str, Node] = {}
        self.edges: dict[EdgeKey, dict[str, Any]] = {}
        self.rows: dict[EdgeKey, list[str]] = defaultdict(list)
        self._ids: dict[tuple[str, int], str] = {}
        self._nodes_from_tables()
        self._visits("place", EdgeKind.VISITED)
        self._visits("practitioner", EdgeKind.TREATED_BY)
        self._registrations()
        self._prescriptions()
        self._holdings()
        self._kin()
        if scan:
            self._scan(scan)
        self._settle()

    def add(self, nodes: Iterable[Node] = (), edges: Iterable[Edge] = ()) -> None:
        """Write by hand what the stores are told to write."""
        for node in nodes:
            old = self.nodes.get(node.id)
            properties = {**(old.properties if old else {}), **node.properties}
            self.nodes[node.id] = Node(
                node.id,
                old.kind if old else node.kind,
                old.label if old else node.label,
                properties,
            )
        for edge in edges:
            self.edges[edge.key] = {**self.edges.get(edge.key, {}), **edge.properties}

    def all_edges(self, kinds: Iterable[EdgeKind] = tuple(EdgeKind)) -> list[Edge]:
        wanted = set(kinds)
        return [Edge(*key, props) for key, props in self.edges.items() if key[0] in wanted]

    def touching(self, ids: Iterable[str], kinds: Iterable[EdgeKind]) -> dict[EdgeKind, list[Edge]]:
        """Edges touching `ids` by kind, heaviest first."""
        asked = set(ids)
        found: dict[EdgeKind, list[Edge]] = {kind: [] for kind in EdgeKind}
        for edge in self.all_edges(kinds):
            if edge.source in asked or edge.target in asked:
                found[edge.kind].append(edge)
        for edges in found.values():
            edges.sort(key=lambda edge: (-edge.weight, edge.source, edge.target))
        return found

    def plain(self, kinds: Iterable[EdgeKind], without: Iterable[str] = ()) -> "nx.Graph[str]":
        """The undirected graph of `kinds`, for shortest paths."""
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(self.nodes)
        graph.add_edges_from((edge.source, edge.target) for edge in self.all_edges(kinds))
        graph.remove_nodes_from(list(without))
        return graph

    def degree(self, node: str, kinds: Iterable[EdgeKind]) -> int:
        return sum(node in (edge.source, edge.target) for edge in self.all_edges(kinds))

    def _node(self, key: tuple[str, int], node: Node) -> None:
        self._ids[key] = node.id
        self.nodes[node.id] = node

    def _nodes_from_tables(self) -> None:
        for row in self.tables["patients"]:
            names = ("known", "gend", "birth_year", "insu_admdvs", "surv_stas", "die_date")
            self._node(("patient", row["patient"]), _person(row, NodeKind.PATIENT, names))
        for row in self.tables["practitioners"]:
            names = ("profession", "multi_site", "known", "codes", "basis", "confidence")
            node = _person(row, NodeKind.PRACTITIONER, names)
            self._node(("practitioner", row["practitioner"]), node)
        for row in self.tables["places"]:
            names = ("code", "level", "admdvs", "lnt", "lat", "beds", "uscc", "known")
            properties = {name: row[name] for name in names}
            node = Node(row["id"], NodeKind(row["kind"]), row["name"], properties)
            self._node(("place", row["place"]), node)
        for row in self.tables["tokens"]:
            properties = {"token_kind": row["kind"], "holders": row["holders"]}
            node = Node(row["id"], NodeKind.TOKEN, row["id"][-6:], properties)
            self._node(("token", row["token"]), node)

    def _edge(self, kind: EdgeKind, source: str, target: str, row: str) -> dict[str, Any]:
        self.rows[kind, source, target].append(row)
        return self.edges.setdefault((kind, source, target), {})

    def _visits(self, column: str, kind: EdgeKind) -> None:
        for row in self.tables["setl_d"]:
            if not row["counts"] or row[column] is None:
                continue
            ends = self._ids["patient", row["patient"]], self._ids[column, row[column]]
            edge = self._edge(kind, *ends, f"setl_d:{row['setl_id']}")
            edge["visits"] = edge.get("visits", 0) + 1
            edge["fund"] = edge.get("fund", 0) + row["net_fund"]
            _span(edge, row["begntime"])

    def _registrations(self) -> None:
        by_ends: dict[tuple[str, str], Rows] = defaultdict(list)
        for row in self.tables["prac_reg_d"]:
            ends = self._ids["practitioner", row["practitioner"]], self._ids["place", row["place"]]
            by_ends[ends].append(row)
        for ends, rows in by_ends.items():
            rows.sort(key=lambda row: (row["begntime"], row["src"], row["line"]))
            for row in rows:
                edge = self._edge(EdgeKind.REGISTERED_AT, *ends, f"prac_reg_d:{row['line']}")
            still = any(row["endtime"] is None for row in rows)
            edge |= {
                "state": rows[-1]["reg_stas"],
                "main": any(row["main"] for row in rows),
                "from": rows[0]["begntime"],
                "to": None if still else max(row["endtime"] for row in rows),
                "registrations": len(rows),
            }

    def _prescriptions(self) -> None:
        shops = {row["place"] for row in self.tables["places"] if row["kind"] == "pharmacy"}
        seen: dict[EdgeKey, tuple[set[str], set[int]]] = defaultdict(lambda: (set(), set()))
        for row in self.tables["fee_list_d"]:
            if not row["rx_circ"] or row["place"] not in shops or row["practitioner"] is None:
                continue
            ends = self._ids["practitioner", row["practitioner"]], self._ids["place", row["place"]]
            edge = self._edge(EdgeKind.PRESCRIBED_TO, *ends, f"fee_list_d:{row['feedetl_sn']}")
            scripts, people = seen[EdgeKind.PRESCRIBED_TO, *ends]
            scripts.add(row["rxno"] or row["setl_id"])
            people.add(row["patient"])
            edge |= {"prescriptions": len(scripts), "patients": len(people)}
            edge["lines"] = edge.get("lines", 0) + 1
            edge["amount"] = edge.get("amount", 0) + row["amount"]
            _span(edge, row["fee_time"])

    def _holdings(self) -> None:
        receipts = {row["reim"]: row for row in self.tables["mnl_reim_d"]}
        filings = {row["filing"]: row for row in self.tables["out_appy_evt_c"]}
        for row in self.tables["holds"]:
            kind, owner = row["owner_kind"], row["owner"]
            if kind in ("receipt", "filing"):
                papers = receipts if kind == "receipt" else filings
                if owner not in papers:
                    continue
                kind, owner = "patient", papers[owner]["patient"]
            family = "place" if kind in ("facility", "pharmacy") else kind
            ends = self._ids[family, owner], self._ids["token", row["token"]]
            edge = self._edge(EdgeKind.HOLDS, *ends, f"{row['owner_kind']} {row['field']}")
            edge["fields"] = tuple(sorted({*edge.get("fields", ()), row["field"]}))
            edge["through"] = tuple(sorted({*edge.get("through", ()), row["owner_kind"]}))

    def _kin(self) -> None:
        for row in self.tables["psn_kin_d"]:
            ends = self._ids["patient", row["patient"]], self._ids["patient", row["kin"]]
            edge = self._edge(EdgeKind.KIN_OF, *ends, f"psn_kin_d:{row['line']}")
            edge["relations"] = tuple(sorted({*edge.get("relations", ()), row["relation"]}))

    def _scan(self, scan: Scan) -> None:
        for pair in scan.pairs.to_pylist():
            ends = self._ids["patient", pair.pop("a")], self._ids["patient", pair.pop("b")]
            self.edges[EdgeKind.CO_VISITED, *ends] = pair
        for row in pq.read_table(scan.file("rings")).to_pylist():
            ring = row.pop("ring")
            lists = {name: tuple(row[name]) for name in ("motifs", "regions")}
            self.nodes[ring] = Node(ring, NodeKind.RING, ring[-6:], {**row, **lists})
            for member in scan.members(ring):
                names = ("role", "core", "visits", "fund", "note")
                properties = {name: getattr(member, name) for name in names}
                self.edges[EdgeKind.MEMBER_OF, member.id, ring] = properties

    def _settle(self) -> None:
        for id_, node in self.nodes.items():
            self.nodes[id_] = Node(id_, node.kind, node.label, _present(node.properties))
        for key, properties in self.edges.items():
            self.edges[key] = _present(properties)


def _present(properties: Any) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value is not None}


def _person(row: dict[str, Any], kind: NodeKind, names: Iterable[str]) -> Node:
    return Node(row["id"], kind, row["id"][-6:], {name: row[name] for name in names})


def _span(edge: dict[str, Any], at: Any) -> None:
    edge["first"] = min(edge.get("first", at), at)
    edge["last"] = max(edge.get("last", at), at)
