"""A load killed at any moment leaves the snapshot before it live and whole; a re-run completes."""

import random
import shutil
import time
from datetime import timedelta
from pathlib import Path

import pytest

from graph.snapshot import current_snapshot
from loaders.publish import sweep
from loaders.quarantine import list_rejects
from loaders.synthetic import write_world
from tests.forks import FORKS
from tests.loaders.exports import NOW, load, query, sealed

KILLS = 20


def start(folder, workspace, now=NOW + timedelta(days=1)):
    """A process that loads the folder; its exit code is 0 when it got to the end."""
    child = FORKS.Process(target=load, args=(folder, workspace, now))
    child.start()
    return child


def killed(child, after):
    """Kill it when it has run for so many seconds; whether it had not got to the end by then."""
    time.sleep(after)
    child.kill()
    child.join()
    return child.exitcode != 0


def facts(workspace):
    """Everything of the live snapshot that does not depend on random names."""
    snapshot = current_snapshot(workspace)
    found = {table: query(workspace, f"FROM {table} ORDER BY ALL") for table in snapshot.tables}
    found |= {f"vault {t}": sealed(workspace, t) for t in ("people", "staff", "places", "tokens")}
    found["rejects"] = list_rejects(workspace)
    return found


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A workspace with one load, and a second folder to load into it."""
    place = tmp_path_factory.mktemp("killed")
    write_world(place / "whole", visits=3_000, seed=4)
    for number, files in enumerate((("2025-01",), ("",))):
        (place / f"in{number}").mkdir()
        for file in (place / "whole").iterdir():
            first = "2025-01" in file.name or file.name.startswith(("psn_info", "prac_psn"))
            if first == bool(files[0]):
                shutil.copy(file, place / f"in{number}")
    # The first process waits for the one that all are forked from.
    child = start(place / "in0", place / "ws", NOW)
    child.join()
    assert child.exitcode == 0
    return place


def test_a_load_killed_at_any_moment_breaks_nothing(office, tmp_path):
    shutil.copytree(office / "ws", tmp_path / "undisturbed")
    before = current_snapshot(office / "ws").id
    first = facts(office / "ws")
    began = time.monotonic()
    child = start(office / "in1", tmp_path / "undisturbed")
    child.join()
    assert child.exitcode == 0
    took = time.monotonic() - began
    after = facts(tmp_path / "undisturbed")
    assert after != first
    chance = random.Random(int(began))
    workspace = tmp_path / "ws"
    shutil.copytree(office / "ws", workspace)
    unfinished = published = 0
    for number in range(KILLS):
        child = start(office / "in1", workspace)
        unfinished += killed(child, took * (chance.random() * 0.5 + 0.5 * number / KILLS))
        if current_snapshot(workspace).id == before:
            assert query(workspace, "SELECT count(*) FROM setl_d") == [(len(first["setl_d"]),)]
            assert len(sealed(workspace, "people")) == len(first["vault people"])
        else:
            published += 1
            assert facts(workspace) == after
            shutil.rmtree(workspace)
            shutil.copytree(office / "ws", workspace)
    assert unfinished >= KILLS // 2
    assert facts(workspace) == first
    load(office / "in1", workspace, NOW + timedelta(days=1))
    assert facts(workspace) == after
    assert [p.name for p in (workspace / "tmp").iterdir()] == []
    names = {before, current_snapshot(workspace).id}
    for folder in ("tables", "vault/quarantine"):
        assert {p.name for p in (workspace / folder).iterdir()} == names
    assert {p.name for p in (workspace / "vault").iterdir()} == names | {"quarantine"}


def test_a_first_load_killed_leaves_nothing_live(office, tmp_path):
    if killed(start(office / "in0", tmp_path / "ws"), 0.15):
        assert not (tmp_path / "ws/CURRENT").exists()
    shutil.rmtree(tmp_path / "ws", ignore_errors=True)
    report = load(office / "in0", tmp_path / "ws")
    assert report.tables["setl_d"].kept > 0


@pytest.mark.parametrize("reached", ["quarantine", "vault", "tables"])
def test_a_load_killed_between_two_renames(office, tmp_path, reached, monkeypatch):
    """The same at the very moments that matter, without luck."""
    import loaders.publish as publishing

    workspace = tmp_path / "ws"
    shutil.copytree(office / "ws", workspace)
    first = facts(workspace)
    rename = Path.rename

    class Killed(BaseException):
        pass

    def stop_after(self, target):
        moved = rename(self, target)
        if self.name == reached:
            raise Killed
        return moved

    monkeypatch.setattr(publishing.Path, "rename", stop_after)
    with pytest.raises(Killed):
        load(office / "in1", workspace, NOW + timedelta(days=1))
    monkeypatch.undo()
    assert facts(workspace) == first
    load(office / "in1", workspace, NOW + timedelta(days=2))
    live = current_snapshot(workspace)
    assert live.manifest["parent"] == current_snapshot(office / "ws").id
    assert len(list((workspace / "tables").iterdir())) == 2
    assert len(list((workspace / "vault/quarantine").iterdir())) == 2


def test_a_lost_pointer_costs_no_snapshot(office, tmp_path):
    workspace = tmp_path / "ws"
    shutil.copytree(office / "ws", workspace)
    name = current_snapshot(workspace).id
    (workspace / "CURRENT").unlink()
    (workspace / "tables/unfinished/setl_d").mkdir(parents=True)
    (workspace / "vault/unfinished/people").mkdir(parents=True)
    sweep(workspace, None)
    assert [p.name for p in (workspace / "tables").iterdir()] == [name]
    (workspace / "CURRENT").write_text(f"{name}\n")
    assert len(sealed(workspace, "people")) > 0
    assert not (workspace / "vault/unfinished").exists()
