"""The job table: its order, its states, what is noticed of a worker that is gone."""

import io
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from graph.results import Run, latest_scan, write_scan
from graph.scan.parameters import Parameters
from huancha.jobs.bounds import BOUNDS, changed, checked_seed, parameters_of
from huancha.jobs.errors import WORKER_GONE, BadParameter, FolderNotAllowed, fault_of
from huancha.jobs.job import Kind, Progress, State, Step
from huancha.jobs.settled import notice
from huancha.jobs.sources import allowed, drop_uploads, folders, keep_uploads, sweep_uploads
from huancha.jobs.table import FRESH, STALE, JobTable
from loaders.errors import NoFolder
from tests.factory import add_scan, small_world

NOW = datetime(2026, 3, 2, 9, 30)
SCAN = {"seed": 1, "parameters": {}}


@pytest.fixture
def table(tmp_path: Path) -> JobTable:
    return JobTable(tmp_path / "workspace")


@pytest.fixture
def dead_pid() -> int:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    return gone.pid


def test_reading_leaves_no_trace(table: JobTable) -> None:
    assert table.jobs() == table.open() == ()
    assert table.tally() == (0, 0)
    assert not table.attended(NOW)
    assert not table.workspace.exists()


def test_jobs_are_taken_one_by_one_in_their_order(table: JobTable) -> None:
    first = table.ask(Kind.SCAN, SCAN, by="王", now=NOW)
    second = table.ask(Kind.LOAD, {"folder": "x"}, by="李", now=NOW)
    assert (first.state, first.asked, first.asked_by) == (State.QUEUED, NOW, "王")
    taken = table.take(7, NOW)
    assert taken is not None
    assert (taken.no, taken.state, taken.pid) == (first.no, State.RUNNING, 7)
    assert table.take(7, NOW) is None
    assert [job.no for job in table.open()] == [first.no, second.no]
    table.finish(first.no, State.DONE, NOW, result="s1", outcome={"rings": 3})
    following = table.take(7, NOW)
    assert following is not None
    assert following.no == second.no
    assert [job.no for job in table.jobs()] == [second.no, first.no]
    assert [job.no for job in table.jobs(most=1)] == [second.no]
    assert table.tally() == (2, 1)
    assert table.jobs(Kind.SCAN)[0].outcome == {"rings": 3}


def test_the_same_asked_twice_is_one_job_while_it_is_open(table: JobTable) -> None:
    first = table.ask(Kind.SCAN, SCAN, by="王", now=NOW)
    assert table.ask(Kind.SCAN, dict(SCAN), by="李", now=NOW).no == first.no
    assert table.ask(Kind.SCAN, SCAN | {"seed": 2}, by="李", now=NOW).no != first.no
    table.cancel(first.no, NOW)
    assert table.ask(Kind.SCAN, SCAN, by="李", now=NOW, again=first.no).again == first.no


def test_cancel_ends_a_waiting_job_and_asks_a_running_one(table: JobTable) -> None:
    waiting = table.ask(Kind.SCAN, SCAN, by="", now=NOW)
    table.cancel(waiting.no, NOW)
    assert table.job(waiting.no).state is State.CANCELLED  # type: ignore[union-attr]
    assert table.take(1, NOW) is None
    running = table.ask(Kind.SCAN, SCAN, by="", now=NOW)
    table.take(1, NOW)
    steps = (Step("attendance", NOW, 1.5), Step("covisit", NOW))
    assert table.progress(running.no, Progress(steps, 1, 9))
    table.cancel(running.no, NOW)
    assert not table.progress(running.no, Progress(steps, 1, 9))
    found = table.job(running.no)
    assert found is not None
    assert (found.state, found.steps, found.now_at) == (State.CANCELLING, steps, ("covisit",))
    table.finish(running.no, State.DONE, NOW, result="s1")
    table.cancel(running.no, NOW)
    table.finish(running.no, State.FAILED, NOW, fault=WORKER_GONE)
    assert table.job(running.no).state is State.DONE  # type: ignore[union-attr]


def test_a_worker_that_is_gone_is_noticed(table: JobTable, dead_pid: int) -> None:
    job = table.ask(Kind.SCAN, SCAN, by="", now=NOW)
    table.take(dead_pid, NOW)
    table.beat(dead_pid, NOW)
    assert table.attended(NOW)
    assert table.forsaken(NOW) == ()
    later = NOW + 2 * FRESH
    assert not table.attended(later)
    notice(table.workspace, later)
    found = table.job(job.no)
    assert found is not None
    assert (found.state, found.fault, found.ended) == (State.FAILED, WORKER_GONE, later)


def test_a_slow_worker_is_left_alone_but_not_for_ever(table: JobTable) -> None:
    table.ask(Kind.SCAN, SCAN, by="", now=NOW)
    table.take(os.getpid(), NOW)
    table.beat(os.getpid(), NOW)
    assert table.forsaken(NOW + 2 * FRESH) == ()
    assert table.attended(NOW + 2 * FRESH)
    assert len(table.forsaken(NOW + STALE + timedelta(seconds=1))) == 1


def test_what_was_published_before_the_crash_is_done(tmp_path: Path, dead_pid: int) -> None:
    workspace = small_world(tmp_path)
    first = add_scan(workspace)
    table = JobTable(workspace)
    job = table.ask(Kind.SCAN, SCAN, by="", now=NOW)
    table.take(dead_pid, NOW)
    run = Run(scan="s0009", snapshot=first.run.snapshot, started=NOW, seed=1)
    names = ("rings", "members", "evidence")
    import pyarrow.parquet as pq

    tables = {name: pq.read_table(first.file(name)) for name in names}
    write_scan(workspace, run, pairs=first.pairs, **tables)
    notice(workspace, NOW + 2 * FRESH)
    found = table.job(job.no)
    assert found is not None
    assert (found.state, found.result) == (State.DONE, "s0009")
    assert latest_scan(workspace).id == "s0009"


def test_every_threshold_has_bounds_that_hold_its_default() -> None:
    usual = Parameters().as_json()
    assert set(BOUNDS) == set(usual)
    assert all(BOUNDS[name].least <= value <= BOUNDS[name].most for name, value in usual.items())
    assert changed(usual) == {}
    assert parameters_of({"window": 45.0}) == Parameters(window=45)
    assert isinstance(parameters_of({"window": 45.0}).window, int)


@pytest.mark.parametrize(
    "given", [{"window": 0}, {"window": "30"}, {"no_such": 1}, {"decoys": True}, {"pair_p": 1.0}]
)
def test_a_threshold_out_of_bounds_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(BadParameter):
        parameters_of(given)
    with pytest.raises(BadParameter):
        checked_seed(-1)


def test_only_allowed_folders_are_loaded_from_a_screen(tmp_path: Path) -> None:
    root, workspace = tmp_path / "exports", tmp_path / "workspace"
    (root / "2025" / "03").mkdir(parents=True)
    (root / "2025" / "03" / "setl_d.csv").write_text("x", "utf-8")
    (tmp_path / "secret").mkdir()
    (root / "way_out").symlink_to(tmp_path / "secret")
    assert folders([root]) == (root / "2025" / "03",)
    assert allowed(root / "2025" / "03", [root], workspace) == root / "2025" / "03"
    for wrong in (tmp_path / "secret", root / ".." / "secret", root / "way_out", workspace):
        with pytest.raises(FolderNotAllowed):
            allowed(wrong, [root], workspace)


def test_files_sent_up_stay_in_their_folder_and_are_the_owners_alone(tmp_path: Path) -> None:
    sent = [("../../setl_d.csv", io.BytesIO(b"a")), ("psn info;b.csv", io.BytesIO(b"bc"))]
    folder = keep_uploads(tmp_path, "u1", sent)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == {
        "setl_d.csv": b"a",
        "psn info_b.csv": b"bc",
    }
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in folder.iterdir())
    assert allowed(folder, [], tmp_path) == folder
    drop_uploads(tmp_path, tmp_path)
    drop_uploads(tmp_path, tmp_path / "uploads")
    assert folder.exists()
    sweep_uploads(tmp_path, [folder])
    assert folder.exists()
    sweep_uploads(tmp_path, [])
    assert not folder.exists()


def test_a_fault_tells_its_kind_and_facts() -> None:
    known = fault_of(NoFolder(Path("x")), "said")
    assert (known.code, known.facts, known.sentence) == ("NoFolder", {"folder": "x"}, "said")
    assert fault_of(OSError(28, "No space left on device"), "").code == "no_space"
    assert fault_of(PermissionError(13, "no", "file"), "").facts == {"file": "file"}
    assert fault_of(MemoryError(), "").code == "no_memory"
