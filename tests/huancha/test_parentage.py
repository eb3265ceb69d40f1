"""No process stays behind the one that started it, whenever that is killed."""

import ctypes
import subprocess
import sys
import time

import psutil
import pytest

from huancha.commands import serve
from tests.huancha.conftest import PATIENCE

PARENT = """
import os, signal, subprocess, sys, time
from huancha.jobs.parentage import ending_with_us

said, when = sys.argv[1:]
us, heed = os.getpid(), ending_with_us(signal.SIGTERM)

def begin():
    with open(said + ".draft", "w") as out:
        out.write(str(os.getpid()))
    os.rename(said + ".draft", said)
    while when == "before" and os.getppid() == us:
        time.sleep(0.01)
    heed()

subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], preexec_fn=begin)
time.sleep(600)
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_child_ends_with_a_parent_killed_before_or_after_it_asked_to(tmp_path, when):
    said = tmp_path / "pid"
    parent = subprocess.Popen([sys.executable, "-c", PARENT, said, when])
    try:
        until = time.monotonic() + PATIENCE
        while not said.exists():
            assert time.monotonic() < until
            time.sleep(0.01)
        child = psutil.Process(int(said.read_text("utf-8")))
        while when == "after" and "time.sleep(600)" not in child.cmdline()[-1]:
            assert time.monotonic() < until
            time.sleep(0.01)
    finally:
        parent.kill()
        parent.wait()
    assert not psutil.wait_procs([child], timeout=PATIENCE)[1]


def test_where_the_kernel_has_no_such_call_children_are_started_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.delattr(ctypes, "CDLL")
    child = serve._child([sys.executable, "-c", "pass"], tmp_path, (), 0)
    assert child.wait(PATIENCE) == 0
