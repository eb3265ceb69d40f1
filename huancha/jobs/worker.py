"""The worker: one process per workspace that takes jobs in their order and sees each through."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from casework.beijing import beijing_now
from huancha.jobs.errors import STOPPED, WORKER_GONE, WorkerThere, ended
from huancha.jobs.job import Job, Kind, State
from huancha.jobs.parentage import ending_with_us
from huancha.jobs.settled import settle
from huancha.jobs.sources import sweep_uploads
from huancha.jobs.table import JobTable

LOCK = "jobs.lock"
BEAT = 1.0
"""Seconds between two heartbeats."""
LOOK = 0.25
"""Seconds between two looks at the queue or at the job's process."""
PATIENCE = 20.0
"""Seconds a cancelled job may take to the end of its stage before its process is killed."""
GRACE = 5.0
"""Seconds the job's process may take to end when the worker is stopped."""
KEPT = timedelta(days=7)
"""How long files sent up wait after a load that failed, to be run again."""


@dataclass
class Worker:
    """Does the jobs of `workspace`. `say` is told in one line what begins and ends."""

    workspace: Path
    say: Callable[[str], None]

    def work(self, *, once: bool = False) -> None:
        """Take jobs until interrupted; with `once` until none waits.

        While another worker is at it, stand by and take over when it ends; with `once` raise `WorkerThere`. The lock
        is handed down to the job's process, so that nobody takes over while that still runs.
        """
        with _alone(self.workspace, wait=not once) as lock:
            table = JobTable(self.workspace)
            for job in table.open():
                if job.live:
                    settle(self.workspace, job, beijing_now(), WORKER_GONE)
            heard = 0.0
            try:
                while True:
                    if time.monotonic() - heard >= BEAT:
                        table.beat(os.getpid(), beijing_now())
                        heard = time.monotonic()
                    job_or_none = table.take(os.getpid(), beijing_now())
                    if job_or_none is not None:
                        self._see_through(table, job_or_none, lock)
                    elif once:
                        return
                    else:
                        time.sleep(LOOK)
            finally:
                table.leave(os.getpid())

    def _see_through(self, table: JobTable, job: Job, lock: IO[str]) -> None:
        self.say(f"… {job.no} {job.kind}")
        child = _start(self.workspace, job.no, lock)
        fault = STOPPED
        try:
            fault = ended(self._attend(table, job.no, child))
        finally:
            _end(child)
            last = table.job(job.no)
            if last is not None and not last.final:
                settle(self.workspace, last, beijing_now(), fault)
            self._tidy(table.job(job.no))

    def _attend(self, table: JobTable, no: int, child: "subprocess.Popen[bytes]") -> int:
        """Heartbeats until the child ends; its exit code. A cancelled one is given time, then killed."""
        heard, asked = 0.0, None
        while True:
            try:
                return child.wait(LOOK)
            except subprocess.TimeoutExpired:
                pass
            now = time.monotonic()
            if now - heard < BEAT:
                continue
            heard = now
            table.beat(os.getpid(), beijing_now())
            job = table.job(no)
            if job is not None and job.state is State.CANCELLING:
                asked = asked or now
                if now - asked > PATIENCE:
                    child.kill()

    def _tidy(self, job: Job | None) -> None:
        if job is None:
            return
        fault = f" {job.fault.sentence}" if job.fault else ""
        self.say(f"… {job.no} {job.state} {job.result or ''}{fault}".rstrip())
        if job.kind is Kind.LOAD:
            self._sweep()

    def _sweep(self) -> None:
        """Files sent up stay for loads that wait, and for those that failed, to be run again."""
        since = beijing_now() - KEPT
        sweep_uploads(
            self.workspace,
            (
                Path(str(job.parameters.get("folder")))
                for job in JobTable(self.workspace).jobs(Kind.LOAD)
                if not job.final
                or (job.state is State.FAILED and job.ended is not None and job.ended > since)
            ),
        )


@contextmanager
def _alone(workspace: Path, *, wait: bool) -> Iterator[IO[str]]:
    workspace.mkdir(parents=True, exist_ok=True)
    with (workspace / LOCK).open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not wait:
                    raise WorkerThere(workspace) from None
            time.sleep(BEAT)
        yield lock


def _start(workspace: Path, no: int, lock: IO[str]) -> "subprocess.Popen[bytes]":
    found = find_spec("huancha")
    assert found is not None
    assert found.origin is not None
    place = str(workspace.resolve())
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "huancha.jobs.child", place, str(no)],
        cwd=Path(found.origin).parents[1],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=(lock.fileno(),),
        start_new_session=True,
        preexec_fn=ending_with_us(signal.SIGKILL) if sys.platform == "linux" else None,
    )


def _end(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
