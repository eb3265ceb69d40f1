"""A load whose loader or whose server is killed at any moment shows no half graph; a re-run completes."""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from graph.snapshot import current_snapshot
from graph.store.neo4j_load import load_graph
from tests.factory import small_world
from tests.graph.altered import alter
from tests.graph.conftest import emptied
from tests.graph.parity import Held

pytestmark = pytest.mark.neo4j

BETWEEN = 6
AMID = 3
SEED = 20261122
CHILD = """
import sys
from pathlib import Path
import graph.store.neo4j_rows as rows
assert rows.BATCH > 60
rows.BATCH = 60
from graph.errors import ServerFault
from graph.snapshot import current_snapshot
from graph.store.neo4j_ import Server
from graph.store.neo4j_load import load_graph
print("ready", flush=True)
workspace, address, user, password = sys.stdin.readline().rstrip("\\n").split("\\t")
server = Server(address, user, password, retry_time=0.0, connect_time=2.0)
def tell(*step):
    print(*step, flush=True)
try:
    print("done", load_graph(current_snapshot(Path(workspace)), server, progress=tell).sent)
except ServerFault as fault:
    print(type(fault).__name__, fault, sep="\\t")
"""
"""A loader with small batches, so that a kill lands between any two of many."""


class Loader:
    """A loader in a process of its own, its imports done; `load` lets it begin."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-c", CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )

    def load(self, workspace, server):
        assert self.process.stdout.readline() == "ready\n", self.process.communicate()
        told = (str(workspace), server.address, server.user, server.password)
        self.process.stdin.write("\t".join(told) + "\n")
        self.process.stdin.flush()

    def reach(self, moment):
        """Wait until it has put so many batches down, and then so many seconds."""
        batches, seconds = moment
        while len(self.lines) < batches and not (self.lines and self.lines[-1].startswith("done")):
            self.lines.append(self.process.stdout.readline())
            assert self.lines[-1]
        time.sleep(seconds)

    def said(self):
        """All it says, to its end."""
        out, err = self.process.communicate(timeout=120)
        assert err == ""
        return [*map(str.rstrip, self.lines), *out.splitlines()]


SIZES = {"patients": 80, "places": 12, "practitioners": 25, "tokens": 60, "visits": 800}


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
def loaders():
    """Loaders that are ready before they are needed; none outlives the test."""
    made = [Loader()]

    def following():
        made.append(Loader())
        return made[-2]

    yield following
    for loader in made:
        loader.process.kill()
        loader.process.communicate()


def moments(worlds, loaders, server):
    """Random moments of a load that replaces one world by the other: before the first batch, between
    batches, and after the last. A moment is a number of batches and seconds after them."""
    for world in worlds:
        loader = loaders()
        loader.load(world.workspace, server)
        *steps, done = loader.said()
        assert done.startswith("done")
    assert worlds[1].fills(server)
    chance = random.Random(SEED)
    between = [(chance.randrange(1, len(steps) - 2), chance.random() / 30) for _ in range(BETWEEN)]
    ends = [(batches, chance.random() / 3) for batches in (0, 0, len(steps), len(steps))]
    return sorted(between + ends)


def completes(world, other, server):
    """Readers see a whole graph or none; a re-run brings all."""
    before = [held.seen_on(server) for held in (world, other)]
    assert sum(before) <= 1
    load = load_graph(current_snapshot(world.workspace), server)
    assert world.fills(server)
    assert load_graph(current_snapshot(world.workspace), server).sent == 0
    return load.sent, load.nodes + load.edges


def test_a_loader_killed_at_any_moment_is_made_good(worlds, loaders, neo4j_server):
    server = emptied(neo4j_server)
    resumed = killed = 0
    for number, moment in enumerate(moments(worlds, loaders, server)):
        world, other = worlds[number % 2], worlds[1 - number % 2]
        loader = loaders()
        loader.load(world.workspace, server)
        loader.reach(moment)
        loader.process.kill()
        killed += not any(line.startswith("done") for line in loader.said())
        sent, whole = completes(world, other, server)
        resumed += 0 < sent < whole
    assert killed >= BETWEEN
    assert resumed >= BETWEEN - 2


def test_a_loader_killed_amid_changes_is_made_good(changed, loaders, neo4j_server):
    server = emptied(neo4j_server)
    load_graph(current_snapshot(changed[1].workspace), server)
    chance = random.Random(SEED)
    for number, batches in enumerate(chance.sample(range(1, 12), AMID)):
        world, other = changed[number % 2], changed[1 - number % 2]
        loader = loaders()
        loader.load(world.workspace, server)
        loader.reach((batches, chance.random() / 30))
        loader.process.kill()
        assert not any(line.startswith("done") for line in loader.said())
        assert not any(held.seen_on(server) for held in changed)
        load = load_graph(current_snapshot(world.workspace), server)
        assert load.before == current_snapshot(other.workspace).id
        assert world.fills(server)


def test_a_server_killed_at_any_moment_is_made_good(worlds, loaders, neo4j_server):
    server = emptied(neo4j_server)
    resumed = 0
    faults = []
    for number, moment in enumerate(moments(worlds, loaders, server)):
        world, other = worlds[number % 2], worlds[1 - number % 2]
        loader = loaders()
        loader.load(world.workspace, server)
        loader.reach(moment)
        process = psutil.Process(neo4j_server.pid)
        neo4j_server.kill()
        assert not process.is_running()
        name, _, sentence = loader.said()[-1].partition("\t")
        if not name.startswith("done"):
            assert server.address in sentence
            faults.append(name)
        neo4j_server.start()
        sent, whole = completes(world, other, server)
        resumed += 0 < sent < whole
    assert len(faults) >= BETWEEN
    assert set(faults) <= {"ServerAway", "WrongServerVersion"}
    assert resumed >= BETWEEN - 2
