"""What every store must do with what is written by hand, and with the rings of a scan."""

from collections import Counter
from datetime import date, datetime

import pytest

from graph.errors import UnknownNodes, UnknownRegistrations
from graph.model import Edge, EdgeKind, Node, NodeKind
from graph.results import latest_scan
from graph.schema import TokenKind
from tests.factory import add_scan, small_world
from tests.graph.oracle import Oracle


def everything(store):
    """All that a view shows, to compare one state of a store with another."""
    view = store.view()
    counts = view.counts()
    graph = view.subgraph(all_ids(store))
    nodes = {id_: dict(values) for id_, values in graph.nodes(data=True)}
    edges = {(key, a, b): dict(values) for a, b, key, values in graph.edges(keys=True, data=True)}
    return counts, nodes, edges


def all_ids(store):
    """Every node, walked to from the places of the one region all small worlds have."""
    view = store.view()
    seen, waiting = set(), [node.id for node in view.search("10105", limit=1000)]
    while waiting:
        seen |= set(waiting)
        edges = view.neighbours(waiting, limit=100_000)
        assert not edges.cut
        waiting = sorted({end for e in edges for end in (e.source, e.target)} - seen)
    return sorted(seen)


def written(oracle):
    """Nodes and edges to write by hand: new ones, and properties for ones that are there."""
    patients = [id_ for id_, node in oracle.nodes.items() if node.kind == NodeKind.PATIENT]
    place = next(id_ for id_, node in oracle.nodes.items() if node.kind == NodeKind.FACILITY)
    derived = oracle.all_edges([EdgeKind.VISITED])[3]
    facts = {"seen": datetime(2025, 7, 2, 8, 30), "day": date(2025, 7, 2), "tags": ("甲", "乙")}
    nodes = [
        Node("tk_byhand0000000000001", NodeKind.TOKEN, "000001", {"token_kind": "phone"} | facts),
        Node("fa_byhand0000000000002", NodeKind.FACILITY, "新设10105门诊", {"beds": 7}),
        Node(patients[0], NodeKind.PATIENT, patients[0][-6:], {"note": "复核", "score": 0.5}),
    ]
    edges = [
        Edge(EdgeKind.HOLDS, patient, "tk_byhand0000000000001", {"fields": ("tel",)})
        for patient in patients[:6]
    ]
    edges += [
        Edge(EdgeKind.VISITED, patients[1], "fa_byhand0000000000002", {"visits": 40, "fund": 5}),
        Edge(EdgeKind.KIN_OF, patients[2], patients[1], {"relations": ("外公",)}),
        Edge(EdgeKind.REGISTERED_AT, patients[3], place, {"checked": True}),
        Edge(*derived.key, {"note": "见现场照片"}),
    ]
    return nodes, edges


def test_writing_by_hand_shows_everywhere(own):
    store, oracle, _ = own
    nodes, edges = written(oracle)
    with store.writer() as writer:
        writer.edges(edges)
        writer.nodes(nodes)
    oracle.add(nodes, edges)
    view = store.view()
    assert view.nodes(oracle.nodes) == tuple(oracle.nodes.values())
    assert view.counts().nodes == Counter(node.kind for node in oracle.nodes.values())
    assert view.counts().edges == Counter(kind for kind, _, _ in oracle.edges)
    answer = view.neighbours(oracle.nodes, limit=100_000)
    assert {edge.key: edge.properties for edge in answer} == oracle.edges
    assert [n.id for n in view.search("新设")] == ["fa_byhand0000000000002"]
    assert [n.id for n in view.search("hand0000000000001")] == ["tk_byhand0000000000001"]
    shared = {found.token.id: found for found in view.shared(TokenKind.PHONE)}
    assert shared["tk_byhand0000000000001"].holders == {NodeKind.PATIENT: 6}
    visit = edges[6]
    heaviest = view.neighbours([visit.source], [EdgeKind.VISITED], limit=1)
    assert heaviest.items == (visit,)
    path = view.paths(edges[0].source, "fa_byhand0000000000002", kinds=[EdgeKind.HOLDS, visit.kind])
    assert path.items[0].nodes[-2:] == (visit.source, visit.target)
    assert view.records(visit).total == 0
    derived = view.records(edges[-1])
    assert derived.total == oracle.edges[edges[-1].key]["visits"]


def test_writing_twice_changes_nothing(own):
    store, oracle, workspace = own
    nodes, edges = written(oracle)
    states = {nodes[2].id: "暂停"}
    with store.writer() as writer:
        writer.nodes(nodes)
        writer.edges(edges)
        writer.states(states)
    once = everything(store)
    with store.writer() as writer:
        writer.states(states)
        writer.edges(edges)
        writer.nodes(nodes)
        writer.rings(latest_scan(workspace))
    assert everything(store) == once


def test_order_and_size_of_batches_do_not_matter(open_store, tmp_path):
    seen = []
    for number, size in enumerate((1, 3, 100)):
        workspace = small_world(tmp_path / str(number), seed=5, patients=15, visits=120)
        oracle = Oracle(workspace, add_scan(workspace))
        store = open_store(workspace)
        nodes, edges = written(oracle)
        if number % 2:
            nodes, edges = nodes[::-1], edges[::-1]
        with store.writer() as writer:
            writer.nodes(nodes)
        for start in range(0, len(edges), size):
            with store.writer() as writer:
                writer.edges(edges[start : start + size])
        seen.append(everything(store))
    assert seen[0] == seen[1] == seen[2]


def test_properties_add_to_those_already_there(own):
    store, oracle, _ = own
    one = next(iter(oracle.nodes.values()))
    for more in ({"a": 1, "b": 1}, {"b": 2}, {"a": None, "c": ("x",)}):
        with store.writer() as writer:
            writer.nodes([Node(one.id, NodeKind.RING, "another label", more)])
    assert store.view().nodes([one.id]) == (
        Node(one.id, one.kind, one.label, {**one.properties, "b": 2, "c": ("x",)}),
    )


def test_states_are_set_replaced_and_lifted(own):
    store, oracle, _ = own
    first, second, third = list(oracle.nodes)[:3]

    def decided():
        return [
            node.properties.get("decided") for node in store.view().nodes([first, second, third])
        ]

    with store.writer() as writer:
        writer.states({first: "暂停", second: "终止"})
    assert decided() == ["暂停", "终止", None]
    with store.writer() as writer:
        writer.states({second: "暂停", first: None, "pt_unknown": None})
    assert decided() == [None, "暂停", None]


def test_a_view_does_not_change_under_its_reader(own):
    store, _, _ = own
    view, before = store.view(), everything(store)
    with store.writer() as writer:
        writer.nodes([Node("fa_byhand0000000000002", NodeKind.FACILITY, "新设10105门诊")])
    assert view.search("新设").total == 0
    assert view.counts() == before[0]
    assert store.view().search("新设").total == 1


def test_nothing_is_written_when_an_end_is_unknown(own):
    store, oracle, _ = own
    before = everything(store)
    patient = next(iter(oracle.nodes))
    writer = store.writer()
    writer.nodes([Node("fa_byhand0000000000002", NodeKind.FACILITY, "新设10105门诊")])
    writer.edges([Edge(EdgeKind.VISITED, patient, "fa_nowhere")])
    writer.states({"pr_nobody": "暂停"})
    with pytest.raises(UnknownNodes) as caught:
        writer.flush()
    assert caught.value.ids == ("fa_nowhere", "pr_nobody")
    assert everything(store) == before


def test_an_exception_writes_nothing(own):
    store, _, _ = own
    before = everything(store)

    def write_and_fail():
        with store.writer() as writer:
            writer.nodes([Node("fa_byhand0000000000002", NodeKind.FACILITY, "新设10105门诊")])
            raise LookupError("changed my mind")

    with pytest.raises(LookupError):
        write_and_fail()
    assert everything(store) == before


def test_no_edge_leads_back_to_its_node(own):
    store, oracle, _ = own
    one = next(iter(oracle.nodes))
    with pytest.raises(ValueError, match="to itself"):
        store.writer().edges([Edge(EdgeKind.KIN_OF, one, one)])


def rings_shown(store):
    view = store.view()
    counts = view.counts()
    return counts.nodes.get(NodeKind.RING, 0), counts.edges.get(EdgeKind.MEMBER_OF, 0)


def test_rings_come_and_go_with_their_scan(own):
    store, _, workspace = own
    old = latest_scan(workspace)
    ring = old.rings().items[0].ring
    before = everything(store)
    new = add_scan(workspace, "s0002", seed=9, started=datetime(2025, 8, 1), size=6)
    with store.writer() as writer:
        writer.rings(new)
    view, judge = store.view(), Oracle(workspace, new)
    assert view.nodes([ring]) == ()
    assert view.counts().edges == Counter(kind for kind, _, _ in judge.edges)
    answer = view.neighbours(judge.nodes, [EdgeKind.MEMBER_OF, EdgeKind.CO_VISITED], 10_000)
    scanned = {EdgeKind.MEMBER_OF, EdgeKind.CO_VISITED}
    assert {edge.key for edge in answer} == {key for key in judge.edges if key[0] in scanned}
    with store.writer() as writer:
        writer.rings(old)
    assert everything(store) == before
    with store.writer() as writer:
        writer.remove_rings("s0002")
    assert everything(store) == before
    with store.writer() as writer:
        writer.remove_rings(old.id)
        writer.remove_rings(old.id)
    assert rings_shown(store) == (0, 0)
    assert EdgeKind.CO_VISITED not in store.view().counts().edges


def test_what_was_decided_outlives_the_scan(own):
    store, oracle, workspace = own
    ring = latest_scan(workspace).rings().items[0].ring
    patient = next(iter(oracle.nodes))
    with store.writer() as writer:
        writer.states({patient: "暂停"})
        writer.nodes([Node(ring, NodeKind.RING, ring[-6:], {"note": "已核"})])
    new = add_scan(workspace, "s0002", seed=9, started=datetime(2025, 8, 1))
    with store.writer() as writer:
        writer.rings(new)
    assert store.view().nodes([patient])[0].properties["decided"] == "暂停"


def registrations_of(oracle):
    return [key[1:] for key in oracle.edges if key[0] == EdgeKind.REGISTERED_AT]


def decided(view, *targets):
    """(state, case) shown on nodes and on registrations, None where nothing was decided."""
    found = []
    for target in targets:
        if isinstance(target, str):
            [thing] = view.nodes([target])
        else:
            edges = view.neighbours([target[0]], [EdgeKind.REGISTERED_AT], 1000)
            thing = next(e for e in edges if e.key[1:] == target)
        state = thing.properties.get("decided"), thing.properties.get("decided_case")
        found.append(None if state == (None, None) else state)
    return found


def test_states_carry_their_case_and_go_with_it(own):
    store, oracle, _ = own
    before = everything(store)
    (doctor, place), other = registrations_of(oracle)[:2]
    patient = next(iter(oracle.nodes))
    with store.writer() as writer:
        writer.states({doctor: "暂停", patient: "待核"}, case="C-1")
        writer.registrations({(doctor, place): "暂停", other: "终止"}, case="C-1")
        writer.registrations({other: "暂停"}, case="C-2")
    shown = decided(store.view(), doctor, patient, (doctor, place), other)
    assert shown == [("暂停", "C-1"), ("待核", "C-1"), ("暂停", "C-1"), ("暂停", "C-2")]
    subgraph = store.view().subgraph({doctor, place}, [EdgeKind.REGISTERED_AT])
    assert subgraph.edges[doctor, place, EdgeKind.REGISTERED_AT]["decided"] == "暂停"
    with store.writer() as writer:
        writer.states({patient: "排除"})
        writer.withdraw("C-2")
    shown = decided(store.view(), doctor, patient, (doctor, place), other)
    assert shown == [("暂停", "C-1"), ("排除", None), ("暂停", "C-1"), ("终止", "C-1")]
    with store.writer() as writer:
        writer.states({doctor: "终止"}, case="C-9")
        writer.withdraw("C-1")
        writer.states({patient: None})
        writer.withdraw("C-9")
    assert everything(store) == before


def test_the_last_word_is_shown_and_a_repeated_one_is_no_new_word(own):
    store, oracle, _ = own
    doctor = registrations_of(oracle)[0][0]
    for state, case in (("暂停", "C-1"), ("终止", "C-2"), ("暂停", "C-1")):
        with store.writer() as writer:
            writer.states({doctor: state}, case)
    assert decided(store.view(), doctor) == [("终止", "C-2")]
    with store.writer() as writer:
        writer.states({doctor: "恢复"}, "C-1")
    assert decided(store.view(), doctor) == [("恢复", "C-1")]
    with store.writer() as writer:
        writer.states({doctor: None}, "C-1")
    assert decided(store.view(), doctor) == [("终止", "C-2")]
    with store.writer() as writer:
        writer.withdraw("C-2")
        writer.states({doctor: "约谈"}, "C-2")
    assert decided(store.view(), doctor) == [("约谈", "C-2")]


def test_only_a_registration_that_is_there_can_be_decided_on(own):
    store, oracle, _ = own
    before = everything(store)
    there = set(registrations_of(oracle))
    doctors = sorted({pair[0] for pair in there})
    places = sorted(id_ for id_, n in oracle.nodes.items() if n.kind == NodeKind.FACILITY)
    missing = next((d, p) for d in doctors for p in places if (d, p) not in there)
    writer = store.writer()
    writer.registrations({missing: "暂停", next(iter(there)): "暂停"}, "C-1")
    with pytest.raises(UnknownRegistrations) as caught:
        writer.flush()
    assert caught.value.pairs == (missing,)
    with pytest.raises(UnknownNodes), store.writer() as nobody:
        nobody.registrations({("pr_nobody", missing[1]): "暂停"}, "C-1")
    assert everything(store) == before
    with store.writer() as writer:
        writer.edges([Edge(EdgeKind.REGISTERED_AT, *missing, {"checked": True})])
        writer.registrations({missing: "暂停"}, "C-1")
    assert decided(store.view(), missing) == [("暂停", "C-1")]
