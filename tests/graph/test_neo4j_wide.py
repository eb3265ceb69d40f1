"""What the server answers where much lies side by side: edges as heavy as each other, ways as short."""

import pytest

from graph.model import EdgeKind
from graph.store import neo4j_view
from graph.store.embedded import EmbeddedStore
from graph.store.neo4j_cypher import SPARE
from tests.graph.conftest import on_server
from tests.graph.hub import OFTEN, hub_world

pytestmark = pytest.mark.neo4j
LIMIT = 100


@pytest.fixture(scope="module")
def hub(tmp_path_factory, neo4j_server):
    """A hospital with more patients than one look keeps, all but a few as heavy as each other."""
    folder = tmp_path_factory.mktemp("hub")
    workspace, patients, place = hub_world(folder, LIMIT + SPARE + 900)
    return (
        EmbeddedStore(workspace).view(),
        on_server(neo4j_server, workspace).view(),
        patients,
        place,
    )


def test_ids_choose_among_edges_as_heavy_as_the_last(hub):
    embedded, server, patients, place = hub
    for limit in (OFTEN, OFTEN + 1, LIMIT):
        answer = server.neighbours([place], limit=limit)
        assert answer == embedded.neighbours([place], limit=limit)
        assert answer.total == len(patients)
    both = [place, patients[0]]
    assert server.neighbours(both, limit=LIMIT) == embedded.neighbours(both, limit=LIMIT)


def test_ways_too_many_to_list_are_counted_all_the_same(hub, monkeypatch):
    embedded, server, patients, _ = hub
    ends = patients[40], patients[50]
    kinds, hub_ = [EdgeKind.VISITED, EdgeKind.TREATED_BY], len(patients)
    expected = embedded.paths(*ends, kinds=kinds, hub=hub_)
    assert expected.total == 2
    assert server.paths(*ends, kinds=kinds, hub=hub_) == expected
    monkeypatch.setattr(neo4j_view, "MOST_WAYS", 1)
    assert server.paths(*ends, kinds=kinds, hub=hub_) == expected
    assert server.paths(*ends, kinds=kinds, hub=hub_ - 1).total == 0
