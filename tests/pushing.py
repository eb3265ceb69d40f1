"""Orders to push: an approved suspension of somebody registered at given places, a clock that sleeps forward, workers."""

import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from casework import sanctions
from casework.beijing import beijing_now
from casework.orders.channels import Channels, Line
from casework.orders.https import deliver
from casework.orders.push import Pace, Pusher
from casework.people import Actor, Role
from casework.sanctions import Kind, Person
from casework.store import open_store
from tests.casework.conftest import NOW, registered
from tests.forks import FORKS

MAKER = Actor("陈晨", frozenset({Role.INVESTIGATOR}))
CHECKER = Actor("李立", frozenset({Role.APPROVER}))
LIAISON = Actor("吴联", frozenset({Role.LIAISON}))
AREA = "110105"
QUICK = Pace(timeout=4.0, lease=5.0, apart=0.0, first=0.05, longest=0.2, at_once=4)
PATIENT = Pace(timeout=20.0, lease=30.0, apart=0.0, first=0.05, longest=0.2, at_once=4)


class Clock:
    """Beijing time that stands still until somebody sleeps."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.now += timedelta(seconds=seconds)


def suspended(store, codes, who="pr_a", days=89, now=NOW):
    """An approved suspension of `who`, registered at the places with these codes; its number."""
    registry = registered(*(code.lower() for code in codes))
    begins = now.date()
    draft = sanctions.draft_measure(
        Kind.SUSPEND_AGREEMENT, "fa_x", AREA, begins, begins + timedelta(days=days), "条例 第四十条",
        (Person(who, True, "主治医师"),),
    )  # fmt: skip
    with store.write() as tx:
        made = sanctions.propose(tx, MAKER, draft, registry, "骗保", now)
    with store.write() as tx:
        sanctions.decide_sanction(tx, CHECKER, made.no, registry, "同意", now, approve=True)
    return made.no


def lifted(store, no, begins, now=NOW):
    """An approved lift of sanction `no`."""
    with store.write() as tx:
        lift = sanctions.propose_lift(tx, MAKER, no, begins, "申诉成立", now)
    with store.write() as tx:
        sanctions.decide_lift(tx, CHECKER, lift.no, "同意", now, approve=True)


def lines_to(world):
    """A channel to each of some simulated places."""
    return Channels({one.code: Line(world.endpoint(one.code), one.key) for one in world}, {})


def pusher(store, channels, clock, pace=QUICK, deliver=deliver):
    """A worker whose sleep moves `clock`."""
    return Pusher(store, channels, pace, deliver, clock, clock.sleep, seed=1)


def work(workspace: Path, url: str | None, channels: Channels, late: timedelta) -> None:
    """A worker for a process of its own, its clock `late` after the real one, until it is killed."""
    with open_store(workspace, url) as store:
        worker = Pusher(
            store, channels, PATIENT, deliver, lambda: beijing_now() + late, time.sleep, seed=2
        )
        worker.push(once=False)


def start_worker(workspace: Path, url: str | None, channels: Channels, late: timedelta):
    """A process that works; the caller ends it."""
    process = FORKS.Process(target=work, args=(workspace, url, channels, late), daemon=True)
    process.start()
    return process
