"""What is said of a ring, against a plain reading of the same tables."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from casework.exports.content import Settlement
from casework.exports.networks import network
from casework.exports.rings import money, of_ring, of_rings, ring_content
from graph.errors import NoRing
from graph.model import EdgeKind


@pytest.fixture(scope="module")
def rows(world):
    with world.snapshot.connect() as con:
        found = con.execute("FROM setl_d")
        names = [column[0] for column in found.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in found.fetchall()}


def test_every_fact_and_row_of_the_scan_is_there(world):
    (ring,) = world.content.rings
    evidence = [e for e in world.scan.evidence(world.ring) if e.kind == "gathering"]
    assert [finding.no for finding in ring.gatherings] == [entry.no for entry in evidence]
    patients = world.workspace.ids("patients", {k for e in evidence for k in e.members})
    for finding, entry in zip(ring.gatherings, evidence, strict=True):
        assert finding.members == tuple(patients[key] for key in entry.members)
        assert [source.row for source in finding.sources] == list(entry.rows)
        assert (finding.at, finding.until, finding.fund) == (entry.at, entry.until, entry.fund)
    assert [m.id for m in ring.members] == [m.id for m in world.scan.members(world.ring)]
    assert all(member.label for member in ring.members)


def test_a_settlement_stands_once_with_its_file_and_line(world, rows):
    (ring,) = world.content.rings
    named = {row for f in ring.findings for row in (s.row for s in f.sources)}
    assert {one.row for one in ring.settlements} == named
    assert len(ring.settlements) == len(named)
    for one in ring.settlements:
        row = rows[one.setl_id]
        assert (one.file, one.line) == ("setl_d.csv", row["line"])
        assert (one.medfee, one.fund) == (row["medfee"], row["fund"])
        assert one.net_fund == (row["net_fund"] if row["counts"] else 0)
        assert list(one.findings) == [
            f.no for f in ring.findings if one.row in [s.row for s in f.sources]
        ]


def test_money_is_counted_once(world, rows):
    (ring,) = world.content.rings
    counted = [rows[one.setl_id] for one in ring.settlements if rows[one.setl_id]["counts"]]
    assert ring.money.fund == sum(row["net_fund"] for row in counted) > 0
    for parts in (ring.money.by_place, ring.money.by_patient, ring.money.by_month):
        assert sum(parts.values()) == ring.money.fund
    assert money([*ring.settlements, *ring.settlements]) == ring.money


def test_where_an_identifier_was_given_nothing_was_paid_for_the_ring(world):
    first, *rest = world.scan.evidence(world.ring)
    given = SimpleNamespace(
        ring=world.scan.ring,
        members=world.scan.members,
        evidence=lambda _: (replace(first, kind="token"), *rest),
    )
    found = ring_content(given, world.snapshot, world.workspace.view(), world.ring)
    (before,) = world.content.rings
    assert [source.row for source in found.findings[0].sources] == list(first.rows)
    assert {one.row for one in before.settlements} - {one.row for one in found.settlements} == set(
        first.rows
    )
    assert found.money.fund == before.money.fund - first.fund < before.money.fund


def test_a_row_that_does_not_count_is_listed_and_not_summed():
    def one(row, fund, counts):
        return Settlement(
            row, row, "pt_a", None, None, None, None, None, None, None, None, fund, fund,
            fund if counts else 0, fund if counts else 0, counts, None, None, (1,),
        )  # fmt: skip

    assert money([one("a", 100, True), one("b", 70, False)]).fund == 100


def test_the_network_is_the_graph_among_members_and_what_they_share(world):
    graph = world.content.network.graph
    members = {member.id for member in world.scan.members(world.ring)}
    assert members | {world.ring} <= set(graph)
    assert {node.partition("_")[0] for node in set(graph) - members} <= {"tk", "rg"}
    kinds = {key for _, _, key in graph.edges(keys=True)}
    assert {EdgeKind.CO_VISITED, EdgeKind.MEMBER_OF, EdgeKind.VISITED} <= kinds
    assert world.content.network.total == len(graph)
    assert world.content.network.provenance == {
        "snapshot": world.snapshot.id,
        "scan": world.scan.id,
        "ring": world.ring,
        "seed": "1",
        "parameters": '{"window": 10}',
        "version": "0.1.0",
    }


def test_too_many_nodes_are_cut_and_counted(world, monkeypatch):
    monkeypatch.setattr("casework.exports.networks.MOST_NODES", 5)
    cut = of_ring(world.scan, world.snapshot, world.workspace.view(), world.ring).network
    assert (len(cut.graph), cut.total) == (5, world.content.network.total)
    assert world.ring in cut.graph


def test_several_rings_are_one_network(world):
    rings = [ring.ring for ring in world.scan.rings()]
    content = of_rings(world.scan, world.snapshot, world.workspace.view(), rings, "案件")
    assert [ring.ring.ring for ring in content.rings] == rings
    assert set(world.content.network.graph) < set(content.network.graph)


def test_a_selection_is_the_nodes_asked_for(world):
    ids = [member.id for member in world.scan.members(world.ring)][:3]
    found = network(world.workspace.view(), [*ids, "pt_unknown"], "画布", None)
    assert (set(found.graph), found.total, dict(found.provenance)) == (set(ids), 3, {})


def test_an_unknown_ring_is_refused(world):
    with pytest.raises(NoRing):
        of_ring(world.scan, world.snapshot, world.workspace.view(), "rg_none")
