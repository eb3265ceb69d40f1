"""What every store must show, on random small worlds, judged by a naive oracle."""

from collections import Counter
from itertools import islice

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model import Edge, EdgeKind, NodeKind
from graph.results import latest_scan
from graph.schema import TokenKind

some_kinds = st.sets(st.sampled_from(list(EdgeKind)), min_size=1)
few = settings(max_examples=15, deadline=None, derandomize=True, database=None)


def test_nodes_carry_what_the_tables_say(world):
    view, oracle = world
    ids = list(oracle.nodes)
    assert view.nodes(ids) == tuple(oracle.nodes.values())
    assert view.nodes([*ids[:2], "pt_unknown", "", ids[0]]) == view.nodes(ids[:2])
    assert view.nodes([]) == ()


def test_no_label_is_a_persons_name(world):
    view, oracle = world
    for node in view.nodes(oracle.nodes):
        if node.kind not in (NodeKind.FACILITY, NodeKind.PHARMACY):
            assert node.label == node.id[-6:]


def test_counts(world):
    view, oracle = world
    counts = view.counts()
    assert counts.nodes == Counter(node.kind for node in oracle.nodes.values())
    assert counts.edges == Counter(kind for kind, _, _ in oracle.edges)


def search_order(oracle, text):
    hits = []
    for node in oracle.nodes.values():
        public = node.kind in (NodeKind.FACILITY, NodeKind.PHARMACY)
        names = [node.label, node.properties["code"]] if public else []
        ids = [node.id] if len(text) >= 6 else []
        wanted, words = text.lower(), [name.lower() for name in [*names, *ids]]
        if wanted in (*words, node.id):
            hits.append((0, node.id))
        elif any(word.startswith(wanted) for word in words):
            hits.append((1, node.id))
        elif any(wanted in name.lower() for name in names) or any(
            id_.endswith(wanted) for id_ in ids
        ):
            hits.append((2, node.id))
    return [id_ for _, id_ in sorted(hits)]


def test_search_finds_places_by_name_and_code_and_anything_by_id(world):
    view, oracle = world
    some = list(oracle.nodes)[:: max(1, len(oracle.nodes) // 12)]
    texts = [
        "医院",
        "大药房2",
        "康健医院0",
        "h110",
        "H11010500000",
        "10500",
        "%",
        "_",
        "没有",
        "pt_",
    ]
    texts += [*some, *(id_[-6:] for id_ in some), *(id_[:6] for id_ in some)]
    for text in texts:
        expected = search_order(oracle, text)
        for limit in (1, 3, 1000):
            answer = view.search(text, limit)
            assert [node.id for node in answer] == expected[:limit], (text, limit)
            assert answer.total == len(expected)
    assert view.search(f"  {some[0].upper()} ").items == view.nodes(some[:1])
    assert view.search("   ").total == 0


def expected_neighbours(oracle, ids, kinds, limit):
    by_kind = oracle.touching(ids, kinds)
    turns = [
        edges[turn] for turn in range(limit) for edges in by_kind.values() if turn < len(edges)
    ]
    return turns[:limit], sum(map(len, by_kind.values()))


@few
@given(data=st.data())
def test_neighbours_are_the_heaviest_and_say_n_of_n(world, data):
    view, oracle = world
    ids = data.draw(st.lists(st.sampled_from([*oracle.nodes, "fa_unknown"]), max_size=5))
    kinds = data.draw(some_kinds)
    limit = data.draw(st.sampled_from([0, 1, 2, 7, 1000]))
    answer = view.neighbours(ids, kinds, limit)
    edges, total = expected_neighbours(oracle, ids, kinds, limit)
    assert list(answer) == edges
    assert answer.total == total
    assert answer.cut == (len(edges) < total)


def test_the_heaviest_of_those_with_most_edges(world):
    view, oracle = world
    ends = Counter(end for _, *both in oracle.edges for end in both)
    for node, _ in ends.most_common(12):
        for limit in (1, 3, 4):
            answer = view.neighbours([node], limit=limit)
            assert (list(answer), answer.total) == expected_neighbours(
                oracle, [node], EdgeKind, limit
            )


def test_every_kind_of_edge_is_judged(world):
    view, oracle = world
    answer = view.neighbours(oracle.nodes, limit=100_000)
    assert Counter(edge.key for edge in answer) == Counter(list(oracle.edges))
    for edge in answer:
        assert edge.properties == oracle.edges[edge.key]
        assert edge.weight >= 0


@few
@given(data=st.data())
def test_degrees(world, data):
    view, oracle = world
    ids = data.draw(st.lists(st.sampled_from([*oracle.nodes, "fa_unknown"]), max_size=6))
    kinds = data.draw(some_kinds)
    expected = {}
    for id_ in set(ids) & oracle.nodes.keys():
        by_kind = oracle.touching([id_], kinds)
        expected[id_] = {kind: len(edges) for kind, edges in by_kind.items() if edges}
    assert view.degrees(ids, kinds) == expected


@few
@given(data=st.data())
def test_paths_are_all_shortest_ways_around_hubs(world, data):
    view, oracle = world
    a, b = (data.draw(st.sampled_from(list(oracle.nodes))) for _ in "ab")
    kinds = data.draw(st.one_of(st.just(set(EdgeKind)), some_kinds))
    hops, hub = data.draw(st.integers(0, 6)), data.draw(st.sampled_from([2, 4, 8, 15, 1000]))
    limit = data.draw(st.sampled_from([1, 3, 10_000]))
    hubs = [n for n in oracle.nodes if n not in (a, b) and oracle.degree(n, kinds) > hub]
    graph = oracle.plain(kinds, hubs)
    ways = []
    if nx.has_path(graph, a, b) and nx.shortest_path_length(graph, a, b) <= hops:
        ways = sorted(map(tuple, nx.all_shortest_paths(graph, a, b)))
    answer = view.paths(a, b, hops, kinds=kinds, hub=hub, limit=limit)
    assert [path.nodes for path in answer] == ways[:limit]
    assert answer.total == len(ways)
    assert all(path.hops == len(path.nodes) - 1 for path in answer)


def test_paths_from_or_to_the_unknown(world):
    view, oracle = world
    one = next(iter(oracle.nodes))
    assert view.paths(one, "pt_unknown").total == 0
    assert view.paths("pt_unknown", "pt_unknown").total == 0
    assert [path.nodes for path in view.paths(one, one)] == [(one,)]


@pytest.mark.parametrize("kind", [None, *TokenKind])
def test_shared_tokens(world, kind):
    view, oracle = world
    holders = {}
    for name, source, token in oracle.edges:
        if name == EdgeKind.HOLDS:
            holders.setdefault(token, Counter())[oracle.nodes[source].kind] += 1
    for least in (1, 2, 5):
        ranked = sorted(
            (-total, token)
            for token, by_kind in holders.items()
            if (total := sum(by_kind.values())) >= least
            and kind in (None, oracle.nodes[token].properties["token_kind"])
        )
        for limit in (2, 1000):
            answer = view.shared(kind, limit, least)
            assert [shared.token for shared in answer] == [
                oracle.nodes[token] for _, token in ranked[:limit]
            ]
            assert answer.total == len(ranked)
            for shared in answer:
                assert shared.holders == holders[shared.token.id]
                assert shared.total >= least


@few
@given(data=st.data())
def test_subgraph(world, data):
    view, oracle = world
    ids = data.draw(st.sets(st.sampled_from([*oracle.nodes, "fa_unknown"])))
    kinds = data.draw(st.one_of(st.just(set(EdgeKind)), some_kinds))
    graph = view.subgraph(ids, kinds)
    known = ids & oracle.nodes.keys()
    assert dict(graph.nodes(data=True)) == {
        id_: {**oracle.nodes[id_].properties, "kind": oracle.nodes[id_].kind}
        | {"label": oracle.nodes[id_].label}
        for id_ in known
    }
    assert {(key, a, b): values for a, b, key, values in graph.edges(keys=True, data=True)} == {
        edge.key: {**edge.properties, "kind": edge.kind, "weight": edge.weight}
        for edge in oracle.all_edges(kinds)
        if edge.source in known and edge.target in known
    }


def test_two_nodes_may_be_joined_in_several_ways(own):
    store, oracle, _ = own
    both = Counter(frozenset(key[1:]) for key in oracle.edges)
    ends, ways = both.most_common(1)[0]
    assert ways > 1
    assert store.view().subgraph(ends).number_of_edges() == ways


def test_records_of_visits_sum_to_the_edge(world):
    view, oracle = world
    for edge in islice(oracle.all_edges([EdgeKind.VISITED, EdgeKind.TREATED_BY]), 0, None, 9):
        answer = view.records(edge)
        assert sorted(record.row for record in answer) == sorted(oracle.rows[edge.key])
        assert len(answer) == answer.total == edge.properties["visits"]
        assert sum(record.values["net_fund"] for record in answer) == edge.properties["fund"]
        times = [record.values["begntime"] for record in answer]
        assert times == sorted(times)
        assert (times[0], times[-1]) == (edge.properties["first"], edge.properties["last"])
        assert {record.values["patient"] for record in answer} == {edge.source}
        assert {(record.table, record.source) for record in answer} == {("setl_d", "setl_d.csv")}
        assert all(record.line >= 2 for record in answer)
        cut = view.records(edge, limit=1)
        assert (cut.items, cut.total) == (answer.items[:1], answer.total)


def test_records_of_other_derived_edges(world):
    view, oracle = world
    kinds = [EdgeKind.REGISTERED_AT, EdgeKind.PRESCRIBED_TO, EdgeKind.KIN_OF, EdgeKind.HOLDS]
    for edge in oracle.all_edges(kinds):
        answer = view.records(edge)
        assert answer.total == len(answer) == len(oracle.rows[edge.key]), edge
        if edge.kind == EdgeKind.HOLDS:
            assert {r.values["field"] for r in answer} == set(edge.properties["fields"])
        elif edge.kind == EdgeKind.PRESCRIBED_TO:
            assert sorted(r.row for r in answer) == sorted(oracle.rows[edge.key])
            times = [record.values["fee_time"] for record in answer]
            assert times == sorted(times)
            amounts = [record.values["amount"] for record in answer]
            assert sum(amounts) == edge.properties["amount"]
        else:
            assert [f"{r.table}:{r.line}" for r in answer] == oracle.rows[edge.key]


def test_records_never_show_keys(world):
    view, oracle = world
    for edge in islice(oracle.all_edges(), 0, None, 7):
        for record in view.records(edge, limit=3):
            for column in ("patient", "place", "practitioner", "kin", "account", "agent_phone"):
                value = record.values.get(column)
                assert value is None or value in oracle.nodes


def test_records_of_a_covisit_are_visits_near_each_other(own):
    store, oracle, _ = own
    view = store.view()
    gap = 10 * 60
    met = 0
    for edge in oracle.all_edges([EdgeKind.CO_VISITED]):
        visits = [
            row
            for row in oracle.tables["setl_d"]
            if row["counts"] and oracle._ids["patient", row["patient"]] in edge.key
        ]
        near = [
            one["setl_id"]
            for one in visits
            if any(
                one["patient"] != other["patient"]
                and one["place"] == other["place"]
                and abs((one["begntime"] - other["begntime"]).total_seconds()) <= gap
                for other in visits
            )
        ]
        answer = view.records(edge)
        assert sorted(record.row for record in answer) == sorted(f"setl_d:{id_}" for id_ in near)
        met += len(near)
    assert met > 0


def test_records_of_membership_are_the_rings_evidence(own):
    store, oracle, workspace = own
    view = store.view()
    scan = latest_scan(workspace)
    for edge in oracle.all_edges([EdgeKind.MEMBER_OF]):
        member = next(m for m in scan.members(edge.target) if m.id == edge.source)
        evidence = scan.evidence(edge.target)
        named = [
            f"evidence:{edge.target}:{entry.no}"
            for entry in evidence
            if member.kind == "practitioner"
            or (member.kind == "patient" and member.key in entry.members)
            or (member.role == "place" and entry.place == member.key)
        ]
        answer = view.records(edge)
        assert [record.row for record in answer] == named
        for record in answer:
            assert set(record.values["members"]) <= oracle.nodes.keys()


def test_records_of_what_is_not_there(own):
    store, oracle, _ = own
    view = store.view()
    visit = oracle.all_edges([EdgeKind.VISITED])[0]
    for edge in (
        Edge(EdgeKind.VISITED, visit.target, visit.source),
        Edge(EdgeKind.HOLDS, visit.source, visit.target),
        Edge(EdgeKind.VISITED, "pt_unknown", visit.target),
    ):
        assert view.records(edge).total == 0
