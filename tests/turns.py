"""In which order tests run: what is long, or shares what is slow to set up, begins a worker's share, where no other takes it."""

from collections.abc import Iterator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    """Mark what asks for a server, so that `-m "not neo4j"` leaves it out, and put the long tests first.

    A worker that is done takes the end of another's share. The first worker begins with all that has a
    server: the others start one only for what they take from it at the end. The last begins with the
    journeys, whose dashboard and browser are started once per module and worker.
    """
    for item in items:
        if {"neo4j_server", "neo4j_jars"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("neo4j")
    yield
    items.sort(key=_turn)
    journeys = [item for item in items if _is_journey(item)]
    others = [item for item in items if not _is_journey(item)]
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    last = len(items) - -(-len(items) // workers)
    items[:] = others[:last] + journeys + others[last:]


def _is_journey(item: pytest.Item) -> bool:
    return item.path.parent.name == "journeys" and item.get_closest_marker("neo4j") is None


def _turn(item: pytest.Item) -> int:
    """Of tests with a server those of the store itself come first: they compile no loop of a scan, which
    the other workers begin with. Of journeys those with a browser come last: none waits for loops with
    a page open.
    """
    if item.get_closest_marker("neo4j") is None:
        return 3 if item.get_closest_marker("browser") else 2
    return int(item.path.parent.name != "graph")
