"""Processes that need a compiled loop at the same moment: one compiles it, the others read it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

LOOP = """
from graph.scan.kernels import compiled

@compiled
def less(n):
    return n - 1

@compiled
def add_up(n):
    total = 0 * n
    while n > 0:
        total += n
        n = less(n)
    return total
"""
USE = """
import sys
from numba.core import event
from loop import add_up, less

class Told(event.Listener):
    def on_start(self, step):
        if step.data["dispatcher"] is add_up:
            print("compiles", flush=True)
            sys.stdin.readline()

    def on_end(self, step):
        pass

event.register("numba:compile", Told())
print("asks", flush=True)
print(add_up(4), *(sum(loop.stats.cache_hits.values()) for loop in (add_up, less)))
"""
STILL = 10
"""Looks, a tenth of a second apart, at a process that waits each time."""


@contextmanager
def user(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that calls the loop, and while it compiles waits for a line."""
    places = {"PYTHONPATH": f"{folder}:{Path(__file__).parents[3]}"}
    with subprocess.Popen(
        [sys.executable, "-c", USE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **places, "NUMBA_CACHE_DIR": str(folder / "kept")},
    ) as made:
        try:
            assert made.stdout is not None
            assert made.stdout.readline() == "asks\n"
            yield made
        finally:
            made.kill()


def wait_until_it_waits(process: subprocess.Popen[str]) -> None:
    """For the lock; without one, for the line."""
    looked, seen = psutil.Process(process.pid), 0
    while seen < STILL:
        time.sleep(0.1)
        seen = seen + 1 if looked.status() == psutil.STATUS_SLEEPING else 0


def test_one_process_compiles_and_the_others_read(tmp_path: Path) -> None:
    (tmp_path / "loop.py").write_text(LOOP)
    with ExitStack() as stack:
        first = stack.enter_context(user(tmp_path))
        assert first.stdout is not None
        assert first.stdout.readline() == "compiles\n"
        second = stack.enter_context(user(tmp_path))
        wait_until_it_waits(second)
        assert first.communicate("go on\n")[0] == "10 0 0\n"
        assert second.communicate("go on\n")[0] == "10 1 0\n"
