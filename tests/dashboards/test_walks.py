"""Walking the graph: what a search finds, which neighbours come, which ways there are; the desk's steps."""

from datetime import date
from pathlib import Path

import pytest

from dashboards.canvas.strict import CanvasError
from dashboards.reading.desk import MOST_NODES, Desk, Step, StepKind
from dashboards.reading.entity import by_state, entity
from dashboards.reading.walks import Wanted, fund_of, neighbours, search, ways
from graph.model import EdgeKind, NodeKind
from graph.snapshot import Snapshot, current_snapshot
from graph.store.base import View
from graph.store.embedded import EmbeddedStore
from tests.dashboards.worlds import scanned_world


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scanned_world(tmp_path_factory.mktemp("walks"))


@pytest.fixture(scope="module")
def snapshot(workspace: Path) -> Snapshot:
    return current_snapshot(workspace)


@pytest.fixture(scope="module")
def view(workspace: Path) -> View:
    return EmbeddedStore(workspace).view()


def ids(snapshot: Snapshot, table: str) -> list[str]:
    with snapshot.connect() as con:
        return [id_ for (id_,) in con.execute(f"SELECT id FROM {table} ORDER BY 1").fetchall()]


def test_a_search_puts_what_is_known_first(view: View, snapshot: Snapshot) -> None:
    person = ids(snapshot, "patients")[0]
    found = search(view, "医院", [person, "pt_unknown"])
    assert found.items[0].id == person
    assert all("医院" in node.label for node in found.items[1:])
    assert found.total == 1 + view.search("医院").total
    one = search(view, person[-8:], [person])
    assert [node.id for node in one] == [person]
    assert one.total == 1
    cut = search(view, "医院", [person], limit=1)
    assert cut.cut
    assert len(cut) == 1


def test_neighbours_say_how_many_of_how_many(view: View, snapshot: Snapshot) -> None:
    place = ids(snapshot, "places")[0]
    degrees = view.degrees([place])[place]
    found = neighbours(view, place, Wanted(limit=5))
    assert (found.edges, found.total) == (5, sum(degrees.values()))
    only = neighbours(view, place, Wanted((EdgeKind.VISITED,), limit=500))
    assert only.edges == only.total == degrees[EdgeKind.VISITED]
    assert {NodeKind.of(id_) for id_ in only.ids} == {NodeKind.PATIENT}


def test_days_and_money_decide_which_neighbours(view: View, snapshot: Snapshot) -> None:
    place = ids(snapshot, "places")[0]
    edges = view.neighbours([place], [EdgeKind.VISITED], 500).items
    dearest = sorted(edges, key=lambda edge: (-fund_of(edge), edge.source))[:3]
    found = neighbours(view, place, Wanted((EdgeKind.VISITED,), 3, by_fund=True))
    assert found.ids == tuple(edge.source for edge in dearest)
    until = date(2025, 4, 1)
    early = neighbours(view, place, Wanted((EdgeKind.VISITED,), 500, last=until))
    assert set(early.ids) == {e.source for e in edges if e.properties["first"].date() <= until}
    assert 0 < early.total < len(edges) == early.looked
    since = date(2025, 5, 1)
    late = neighbours(view, place, Wanted((EdgeKind.VISITED,), 500, first=since))
    assert set(late.ids) == {e.source for e in edges if e.properties["last"].date() >= since}


def test_ways_are_real_and_avoid_rings(view: View, snapshot: Snapshot) -> None:
    a, b = ids(snapshot, "patients")[:2]
    found = ways(view, a, b, avoid_hubs=False)
    assert 0 < len(found.paths) <= 3 <= max(found.total, 3)
    for path in found.paths:
        assert (path.nodes[0], path.nodes[-1]) == (a, b)
        graph = view.subgraph(path.nodes)
        steps = zip(path.nodes, path.nodes[1:], strict=False)
        assert all(graph.has_edge(x, y) or graph.has_edge(y, x) for x, y in steps)
        assert all(NodeKind.of(id_) is not NodeKind.RING for id_ in path.nodes)
    assert ways(view, a, "pt_nobody", avoid_hubs=True).paths == ()


def test_a_desk_grows_by_steps_and_goes_back() -> None:
    start = Step(StepKind.RING, ("rg_1",), ("a", "b"), 2)
    desk = Desk("rg_1", (start,))
    grown = desk.take(Step(StepKind.EXPAND, ("a",), ("b", "c", "d"), 9))
    assert grown.ids == ("a", "b", "c", "d")
    assert grown.steps[1].ids == ("c", "d")
    assert grown.parents == {"c": "a", "d": "a"}
    assert grown.take(Step(StepKind.EXPAND, ("c",), ("a", "d"), 2)) == grown
    assert grown.back() == desk
    assert desk.back() == desk
    assert Desk.from_json(grown.to_json()) == grown


def test_a_desk_is_never_overfull() -> None:
    many = tuple(f"n{number}" for number in range(MOST_NODES + 50))
    desk = Desk("", (Step(StepKind.ENTITY, ("n0",), many[:10], 10),))
    full = desk.take(Step(StepKind.EXPAND, ("n0",), many, len(many)))
    assert len(full.ids) == MOST_NODES
    assert full.take(Step(StepKind.EXPAND, ("n0",), ("other",), 1)) == full


@pytest.mark.parametrize(
    "broken",
    [None, [], {"steps": [{"kind": "ring", "ids": [1]}]}, {"steps": [{"kind": "magic"}]}, {"x": 1}],
)
def test_a_broken_desk_is_refused(broken: object) -> None:
    with pytest.raises((CanvasError, ValueError)):
        Desk.from_json(broken)


def test_an_entity_adds_up(snapshot: Snapshot) -> None:
    with snapshot.connect() as con:
        whole = con.execute("SELECT count(*), sum(net_fund) FROM setl_d WHERE counts").fetchone()
        registered = con.execute(
            "SELECT w.id, count(*) FROM prac_reg_d JOIN practitioners w USING (practitioner)"
            " GROUP BY w.id ORDER BY count(*) DESC, w.id LIMIT 2"
        ).fetchall()
    places = [entity(snapshot, id_) for id_ in ids(snapshot, "places")]
    visits = [one.settled.visits for one in places if one and one.settled]
    fund = [month.fund for one in places if one for month in one.months]
    assert (sum(visits), sum(fund)) == whole
    staff = [entity(snapshot, id_) for id_, _ in registered]
    assert [len(one.registrations) for one in staff if one] == [n for _, n in registered]
    rows = [row for one in staff if one for row in one.registrations]
    assert all(row.source == "setl_d.csv" and row.line for row in rows)
    assert {row.state for row in rows} <= {"正常", "暂停", "终止"}
    one = next(one for one in places if one and one.registrations)
    assert sum(by_state(one.registrations).values()) >= 1


def test_what_is_no_person_or_place_has_no_tables(snapshot: Snapshot) -> None:
    assert entity(snapshot, "pt_nobody") is None
    assert entity(snapshot, ids(snapshot, "tokens")[0]) is None
    assert entity(snapshot, "nonsense") is None
