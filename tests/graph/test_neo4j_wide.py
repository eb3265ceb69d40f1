"""What the server answers where much lies side by side: edges as heavy as each other, ways as short."""

import pytest

from graph.model import Edge, EdgeKind
from graph.store import neo4j_view
from graph.store.embedded import EmbeddedStore
from graph.store.neo4j_cypher import SPARE
from graph.store.neo4j_heaviest import MARKED
from tests.graph.conftest import on_server
from tests.graph.hub import OFTEN, hub_world

pytestmark = pytest.mark.neo4j


@pytest.fixture(scope="module")
def hub(tmp_path_factory, neo4j_server):
    """A hospital with more patients than one look keeps, all but a few as heavy as each other."""
    folder = tmp_path_factory.mktemp("hub")
    workspace, patients, place = hub_world(folder, MARKED + SPARE + 900)
    return (
        EmbeddedStore(workspace),
        on_server(neo4j_server, workspace),
        patients,
        place,
    )


def views(hub):
    """The same with views of both stores."""
    return hub[0].view(), hub[1].view(), *hub[2:]


def test_ids_choose_among_edges_as_heavy_as_the_last(hub):
    embedded, server, patients, place = views(hub)
    for limit in (OFTEN, OFTEN + 1, MARKED, MARKED + 1):
        answer = server.neighbours([place], limit=limit)
        assert answer == embedded.neighbours([place], limit=limit)
        assert answer.total == len(patients)
    kinds = [EdgeKind.REGISTERED_AT, EdgeKind.HOLDS]
    assert server.neighbours([place], kinds) == embedded.neighbours([place], kinds)
    both = [place, patients[0]]
    assert server.neighbours(both, limit=MARKED) == embedded.neighbours(both, limit=MARKED)


def test_ways_too_many_to_list_are_counted_all_the_same(hub, monkeypatch):
    embedded, server, patients, _ = views(hub)
    ends = patients[40], patients[50]
    kinds, hub_ = [EdgeKind.VISITED, EdgeKind.TREATED_BY], len(patients)
    expected = embedded.paths(*ends, kinds=kinds, hub=hub_)
    assert expected.total == 2
    assert server.paths(*ends, kinds=kinds, hub=hub_) == expected
    monkeypatch.setattr(neo4j_view, "MOST_WAYS", 1)
    assert server.paths(*ends, kinds=kinds, hub=hub_) == expected
    assert server.paths(*ends, kinds=kinds, hub=hub_ - 1).total == 0


def test_what_people_add_to_a_hub_stands_beside_its_marks(hub):
    embedded, server, patients, place = hub
    before = server.view()
    expected = [before.neighbours([place], limit=limit) for limit in (1, OFTEN, MARKED)]
    added = [
        Edge(EdgeKind.VISITED, place, patients[-1], {"visits": 1_000}),
        Edge(EdgeKind.VISITED, place, patients[0], {"visits": 2}),
        Edge(EdgeKind.VISITED, patients[-2], place, {"note": "查"}),
        Edge(EdgeKind.KIN_OF, place, patients[0], {}),
    ]
    for store in (embedded, server):
        with store.writer() as writer:
            writer.edges(added)
    for limit in (1, OFTEN, MARKED, MARKED + 1):
        answer = server.view().neighbours([place], limit=limit)
        assert answer == embedded.view().neighbours([place], limit=limit)
        assert answer.total == len(patients) + 3
    assert [before.neighbours([place], limit=limit) for limit in (1, OFTEN, MARKED)] == expected
