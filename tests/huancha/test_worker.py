"""The worker as a real process: it runs, is cancelled, killed, replaced; what is published stays."""

import shutil
import signal
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import psutil
import pytest

from casework.beijing import beijing_now
from graph.results import scans
from graph.snapshot import current_snapshot
from huancha.jobs.job import Job, Kind, State
from huancha.jobs.sources import keep_uploads
from huancha.jobs.table import JobTable
from loaders.load import load_folder
from loaders.synthetic import write_world
from tests.huancha.conftest import PATIENCE

VISITS = 2_000
LONG = {"seed": 1, "parameters": {"decoys": 20}}
SHORT = {"seed": 2, "parameters": {}}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exports and the workspace they were loaded into; nobody writes to them."""
    folder = tmp_path_factory.mktemp("loaded")
    write_world(folder / "exports", visits=VISITS, seed=3)
    load_folder(folder / "exports", folder / "workspace", now=datetime(2026, 3, 2, 9, 30))
    return folder


@pytest.fixture
def workspace(loaded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(loaded / "workspace", tmp_path / "workspace"))


@pytest.fixture
def worker(workspace: Path, start):
    """Start `huancha work`; whatever still runs at the end is killed."""
    return partial(start, "work", "--workspace", workspace)


def ask(workspace: Path, what: dict[str, object], again: int | None = None) -> Job:
    return JobTable(workspace).ask(Kind.SCAN, what, by="王", now=beijing_now(), again=again)


def awaited(workspace: Path, no: int, wanted: Callable[[Job], bool]) -> Job:
    """Job `no` once it is as wanted."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        job = JobTable(workspace).job(no)
        assert job is not None
        if wanted(job):
            return job
        time.sleep(0.05)
    raise AssertionError(f"job {no} never came so far: {job}")


def published(workspace: Path) -> dict[str, bytes]:
    return {scan.id: (scan.path / "rings.parquet").read_bytes() for scan in scans(workspace)}


def test_a_scan_is_done_with_its_stages_and_repeated_without_touching_it(workspace, worker):
    first = ask(workspace, SHORT)
    process = worker("--once")
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    job = JobTable(workspace).job(first.no)
    assert (job.state, job.fault) == (State.DONE, None)
    run = scans(workspace)[0].run
    assert (run.scan, run.started) == (job.result, job.started)
    assert {step.name for step in job.steps} == {stage.name for stage in run.stages}
    assert all(step.seconds is not None for step in job.steps)
    assert job.done == job.total == len(run.stages)
    assert job.outcome["rings"] == run.counts["rings"]
    before = published(workspace)
    again = ask(workspace, SHORT, again=first.no)
    worker("--once").communicate(timeout=PATIENCE)
    result = JobTable(workspace).job(again.no).result
    after = published(workspace)
    assert after == before | {result: before[run.scan]}


def test_a_cancelled_scan_publishes_nothing(workspace, worker):
    job = ask(workspace, LONG)
    process = worker("--once")
    awaited(workspace, job.no, lambda found: bool(found.steps))
    JobTable(workspace).cancel(job.no, beijing_now())
    found = awaited(workspace, job.no, lambda found: found.final)
    assert (found.state, found.result, found.fault) == (State.CANCELLED, None, None)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert not list(workspace.glob("scans/*"))


def test_a_worker_killed_outright_is_noticed_and_another_takes_over(workspace, worker):
    job, waiting = ask(workspace, LONG), ask(workspace, SHORT)
    first = worker()
    awaited(workspace, job.no, lambda found: bool(found.steps))
    children = psutil.Process(first.pid).children(recursive=True)
    for child in children:
        child.suspend()  # or the scan may end by itself before its worker is killed
    refused = worker("--once")
    _, err = refused.communicate(timeout=PATIENCE)
    assert (refused.returncode, "Another worker" in err) == (1, True)
    second = worker()
    first.send_signal(signal.SIGKILL)
    found = awaited(workspace, job.no, lambda found: found.final)
    assert (found.state, found.fault.code) == (State.FAILED, "worker_gone")
    assert not psutil.wait_procs(children, timeout=5)[1]
    assert awaited(workspace, waiting.no, lambda found: found.final).state is State.DONE
    assert len(published(workspace)) == 1
    again = ask(workspace, LONG, again=job.no)
    awaited(workspace, again.no, lambda found: bool(found.steps))
    second.send_signal(signal.SIGINT)
    _, err = second.communicate(timeout=PATIENCE)
    assert (second.returncode, "Traceback" in err) == (0, False)
    assert not JobTable(workspace).attended(beijing_now())
    stopped = JobTable(workspace).job(again.no)
    assert (stopped.state, stopped.fault.code, stopped.again) == (State.FAILED, "stopped", job.no)
    assert len(published(workspace)) == 1


def test_files_sent_up_are_loaded_and_removed(loaded, tmp_path, worker):
    place = tmp_path / "fresh"
    settlements = sorted((loaded / "exports").glob("setl_d*.csv"))[0]
    with settlements.open("rb") as content:
        folder = keep_uploads(place, "u1", [(settlements.name, content)])
    table = JobTable(place)
    job = table.ask(Kind.LOAD, {"folder": str(folder)}, by="王", now=beijing_now())
    bad = table.ask(Kind.LOAD, {"folder": str(loaded / "exports")}, by="王", now=beijing_now())
    process = worker("--once", "--workspace", str(place))
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    done, refused = table.job(job.no), table.job(bad.no)
    assert done.state is State.DONE, done.fault
    assert done.result == current_snapshot(place).id
    assert done.outcome["tables"]["setl_d"]["kept"] > 0
    assert [step.name for step in done.steps][0::5] == ["read", "publish"]
    assert not folder.exists()
    assert (refused.state, refused.fault.code) == (State.FAILED, "FolderNotAllowed")
