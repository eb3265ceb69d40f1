"""A receiver killed between its commit and its answer: the order is kept once, and the retry gets its receipt."""

import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from casework.beijing import beijing_now
from casework.orders.errors import PlaceDown
from casework.orders.https import Endpoint, deliver
from casework.orders.wire import Answer
from casework.receiver.ledger import Ledger
from tests.casework.dying_receiver import DIE, KEY
from tests.casework.test_order_wire import ORDER

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0
"""Seconds; what is waited for takes one where nothing else runs."""


@contextmanager
def receiver(folder):
    """A receiver as a process of its own, and its address."""
    command = [sys.executable, "-m", "tests.casework.dying_receiver", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().strip()
            yield process, Endpoint(url)
        finally:
            process.kill()


def kept(folder):
    ledger = Ledger(folder / "receiver.db")
    found = ledger.all()
    ledger.close()
    return found


def test_the_retry_after_a_kill_gets_the_receipt_of_the_order_that_was_kept(tmp_path):
    (tmp_path / DIE).touch()
    with receiver(tmp_path) as (process, endpoint):
        with pytest.raises(PlaceDown):
            deliver(ORDER, endpoint, KEY, beijing_now(), PATIENCE)
        assert process.wait(PATIENCE) == -signal.SIGKILL
    (before,) = kept(tmp_path)
    with receiver(tmp_path) as (_, endpoint):
        said = deliver(ORDER, endpoint, KEY, beijing_now(), PATIENCE)
    assert said == before.acknowledgement
    assert said.status is Answer.ACKNOWLEDGED
    assert kept(tmp_path) == [before]
    with pytest.raises(PlaceDown, match="ConnectError"):
        deliver(ORDER, endpoint, KEY, beijing_now(), PATIENCE)
