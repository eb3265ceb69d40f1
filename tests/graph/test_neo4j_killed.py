"""A load whose loader or whose server is killed at any moment shows no half graph; a re-run completes.

The re-run is killed as well, at a later moment, and so is the one after it: after each kill nobody sees
half a graph, no batch is ever put down twice, and the last re-run makes the graph what it should be.
"""

import random
import shutil
import time
from dataclasses import replace

import psutil
import pytest

from graph.snapshot import current_snapshot
from graph.store.neo4j_load import load_graph
from tests.factory import small_world
from tests.graph.altered import alter
from tests.graph.conftest import emptied
from tests.graph.loader import DONE, Loader
from tests.graph.parity import Held

pytestmark = pytest.mark.neo4j

BETWEEN = 6
AMID = 3
SEED = 20261122
SIZES = {"patients": 60, "places": 12, "practitioners": 25, "tokens": 60, "visits": 500}


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """Two worlds to load in turns, so that a load also takes the other one away."""
    return [
        Held(small_world(tmp_path_factory.mktemp("world"), seed=seed, snapshot=name, **SIZES))
        for seed, name in ((1, "t0001"), (2, "t0002"))
    ]


@pytest.fixture
def changed(tmp_path):
    """A world and what became of it, each with the tables of both: a load sends what changed."""
    before = small_world(tmp_path / "t0001", **SIZES)
    alter(before)
    after = shutil.copytree(before, tmp_path / "t0002")
    (before / "CURRENT").write_text("t0001")
    return Held(before), Held(after)


@pytest.fixture
def server(neo4j_server):
    """The running server, empty; one that is away is not waited for."""
    return replace(emptied(neo4j_server), retry_time=0.0, connect_time=2.0)


def batches_of(world, server):
    """Load it to the end; the batches it took."""
    loader = Loader(world.workspace, server)
    assert loader.end()[0] == DONE
    return loader.batches


def moments(worlds, server):
    """For each of two worlds the batches of a load that puts it in place of the other, and random moments
    of it: before the first batch, between batches, and after the last. A moment is a number of batches
    and seconds after them."""
    chance = random.Random(SEED)
    for steps in [batches_of(world, server) for world in worlds]:
        between = sorted(chance.sample(range(1, len(steps) - 2), BETWEEN // 2))
        within = [(number, chance.random() / 30) for number in between]
        yield steps, [(0, chance.random() / 3), *within, (len(steps), chance.random() / 3)]


def killed(worlds, steps, moments, server, kill):
    """Put the first of `worlds` in place of the other, killed at each of `moments` and gone on with.

    Returns the last load, and the last word of each loader.
    """
    told, words = [], []
    snapshot = current_snapshot(worlds[0].workspace)
    for number, seconds in moments:
        loader = Loader(worlds[0].workspace, server)
        try:
            loader.reach(steps, number)
            time.sleep(seconds)
            kill(loader)
            words.append(loader.end())
        finally:
            loader.process.kill()
        told += loader.batches
        assert sum(held.seen_on(server) for held in worlds) <= 1
    load = load_graph(snapshot, server, progress=lambda *step: told.append(step))
    assert len(told) == len(set(told))
    assert set(told) <= set(steps)
    assert load.sent < sum(total for _, done, total in steps if done == total)
    assert worlds[0].fills(server)
    assert load_graph(snapshot, server).sent == 0
    return load, words


def test_a_loader_killed_at_any_moment_is_made_good(worlds, server):
    unfinished = 0
    for turn, (steps, when) in zip((worlds, worlds[::-1]), moments(worlds, server), strict=True):
        _, words = killed(turn, steps, when, server, lambda loader: loader.process.kill())
        unfinished += words.count(None)
    assert unfinished >= BETWEEN


def test_a_loader_killed_amid_changes_is_made_good(changed, server):
    world, other = changed
    load_graph(current_snapshot(other.workspace), server)
    steps = batches_of(world, server)
    assert batches_of(other, server)
    chance = random.Random(SEED)
    numbers = sorted(chance.sample(range(1, len(steps)), AMID))
    when = [(number, chance.random() / 30) for number in numbers]
    load, words = killed(changed, steps, when, server, lambda loader: loader.process.kill())
    assert words == [None] * AMID
    assert load.before == current_snapshot(other.workspace).id


def test_a_server_killed_at_any_moment_is_made_good(worlds, server, neo4j_server):
    def kill(loader):
        process = psutil.Process(neo4j_server.pid)
        neo4j_server.kill()
        assert not process.is_running()
        assert loader.end() is not None
        neo4j_server.start()

    faults = []
    for turn, (steps, when) in zip((worlds, worlds[::-1]), moments(worlds, server), strict=True):
        _, words = killed(turn, steps, when, server, kill)
        faults += [word for word in words if word[0] != DONE]
    assert len(faults) >= BETWEEN
    assert {name for name, _ in faults} <= {"ServerAway", "WrongServerVersion"}
    assert all(server.address in sentence for _, sentence in faults)
    away = [sentence for name, sentence in faults if name == "ServerAway"]
    assert away
    assert all("does not answer" in sentence for sentence in away)
