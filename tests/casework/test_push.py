"""Orders to real receivers that misbehave, on both databases: none lost, none twice, what is left is seen."""

import math
import random
import threading
import time
from datetime import timedelta
from itertools import pairwise

import pytest

from casework import audit
from casework.beijing import beijing_now
from casework.errors import NotAllowed
from casework.orders import ledger
from casework.orders.channels import Channels, Folder
from casework.orders.errors import NotReopened
from casework.orders.keys import Keyring
from casework.orders.ledger import State
from casework.orders.push import Pace
from casework.orders.signing import Algorithm, Key
from casework.receiver.batches import take_batch
from casework.receiver.ledger import Ledger
from casework.store import open_store
from tests.casework.conftest import NOW
from tests.places import Fault, places
from tests.pushing import (
    AREA,
    LIAISON,
    MAKER,
    PATIENT,
    QUICK,
    Clock,
    lifted,
    lines_to,
    pusher,
    start_worker,
    suspended,
)

DAY = NOW.date()


@pytest.fixture
def clock():
    return Clock()


def states(store, no):
    """{place code: state} of a sanction's own orders."""
    with store.read() as tx:
        found = ledger.orders_of(tx, no)
    return {one.order.place_code: one.state for one in found if one.order.reverses is None}


def done(store, no):
    return set(states(store, no).values()) == {State.ACKNOWLEDGED}


def push(store, channels, clock, times=8, **named):
    """Work until nothing is due, some times with the longest pause between."""
    for _ in range(times):
        pusher(store, channels, clock, **named).push(once=True)
        clock.sleep(QUICK.longest + 7)


def test_whatever_places_do_each_order_holds_there_once(store, clock, tmp_path):
    faults = {f"FA_{fault.name}": fault for fault in Fault} | {"FA_CALM": None, "FA_AWAY": None}
    with places([*faults], tmp_path / "places", clock) as world:
        for code, fault in faults.items():
            if fault is not None:
                world[code].misbehave(fault)
        world["FA_AWAY"].go_down()
        no = suspended(store, faults)
        channels = lines_to(world)
        push(store, channels, clock, times=2)
        held = states(store, no)
        assert held["FA_AWAY"] is State.PENDING
        assert held["FA_REJECT"] is State.REJECTED
        world["FA_AWAY"].come_back()
        with store.write() as tx:
            (rejected,) = ledger.orders_in(tx, State.REJECTED)
            ledger.reopen(tx, LIAISON, rejected.id, "对方已改正机构编码", NOW)
        push(store, channels, clock)
        assert done(store, no)
        for one in world:
            assert [order.kind for order in one.applied] == ["suspend"]
            assert one.state("PR_A", DAY).state == "suspended"
        lifted(store, no, DAY)
        push(store, channels, clock, times=1)
        for one in world:
            assert [order.kind for order in one.applied] == ["suspend", "reinstate"]
            assert one.state("PR_A", DAY).state == "active"
    assert audit.verify(store) is None


def test_nothing_is_sent_before_somebody_else_approved(store, clock, tmp_path):
    with places(["FA_A"], tmp_path / "places", clock) as world:
        push(store, lines_to(world), clock, times=1)
        assert world["FA_A"].requests == 0
        suspended(store, ["FA_A"])
        push(store, lines_to(world), clock, times=1)
        assert world["FA_A"].requests == 1


def test_a_place_that_is_away_is_asked_ever_less_often(store, clock, tmp_path):
    pace = Pace(first=2.0, longest=60.0, apart=0.0)
    with places(["FA_A"], tmp_path / "places", clock) as world:
        world["FA_A"].go_down()
        no = suspended(store, ["FA_A"])
        waits = []
        worker = pusher(store, lines_to(world), clock, pace=pace)
        for _ in range(9):
            worker.push(once=True)
            with store.read() as tx:
                (one,) = ledger.orders_of(tx, no)
            assert "does not take orders now" in one.reason
            waits.append((one.due - clock()).total_seconds())
            worker.push(once=True)
            clock.sleep(waits[-1])
        assert world["FA_A"].requests == 9
    for number, waited in enumerate(waits):
        most = min(60.0, 2.0 * 2**number)
        assert most / 2 <= waited <= most
    assert len(set(waits)) == 9


def test_a_place_gets_the_time_it_asks_for(store, clock, tmp_path):
    with places(["FA_A"], tmp_path / "places", clock) as world:
        world["FA_A"].misbehave(Fault.BUSY)
        no = suspended(store, ["FA_A"])
        pace = Pace(first=0.1, apart=0.0)
        pusher(store, lines_to(world), clock, pace=pace).push(once=True)
        with store.read() as tx:
            (one,) = ledger.orders_of(tx, no)
        assert one.due == NOW + timedelta(seconds=7)


def test_calls_to_one_place_keep_their_distance(store, clock, tmp_path):
    pace = Pace(apart=3.0)
    with places(["FA_A"], tmp_path / "places", clock) as world:
        for who in ("pr_a", "pr_b", "pr_c"):
            suspended(store, ["FA_A"], who=who)
        pusher(store, lines_to(world), clock, pace=pace).push(once=True)
        received = [one.acknowledgement.received for one in world["FA_A"].ledger.all()]
    assert len(received) == 3
    for before, after in pairwise(received):
        assert (after - before).total_seconds() >= 3.0


def test_two_workers_at_once_send_each_order_once(store, place, clock, tmp_path):
    codes = [f"FA_{n:02}" for n in range(24)]
    with places(codes, tmp_path / "places", clock) as world, open_store(*place) as other:
        no = suspended(store, codes)
        workers = [
            threading.Thread(
                target=pusher(one, lines_to(world), clock, PATIENT).push, kwargs={"once": True}
            )
            for one in (store, other)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert done(store, no)
        assert [one.requests for one in world] == [1] * len(codes)


def test_a_killed_worker_loses_nothing_and_doubles_nothing(store, place, tmp_path):
    chance = random.Random(7)
    codes = [f"FA_{n:02}" for n in range(30)]
    with places(codes, tmp_path / "places", beijing_now) as world:
        for code in codes[::3]:
            world[code].misbehave(chance.choice([Fault.LOST, Fault.TWICE, Fault.ERROR]))
        no = suspended(store, codes, now=beijing_now())
        for number in range(11):  # each begins when what the one before had sent may be sent again
            late = number * timedelta(seconds=PATIENT.lease)
            worker = start_worker(*place, lines_to(world), late)
            enough = sum(one.requests for one in world) + 2 if number < 10 else math.inf
            while sum(one.requests for one in world) < enough and not done(store, no):
                time.sleep(0.05)
            time.sleep(chance.random() / 20)
            worker.kill()
            worker.join()
        assert [len(one.applied) for one in world] == [1] * len(codes)
    assert audit.verify(store) is None


def test_orders_travel_in_files_where_there_is_no_line(store, clock, tmp_path):
    key = Key("tongzhou", Algorithm.HMAC_SHA256, b"k" * 32)
    folder = Folder("1101", tmp_path / "batches", key)
    channels = Channels({}, {"1101": folder})
    no = suspended(store, ["FA_A", "FA_B"])
    push(store, channels, clock, times=2)
    assert set(states(store, no).values()) == {State.SENT}
    (batch,) = (folder.path / "out").iterdir()
    receiver = Ledger(tmp_path / "receiver.db")
    said = take_batch(batch.read_bytes(), receiver, Keyring({key.id: key}), {"FA_A"}, clock())
    receiver.close()
    (folder.path / "in").mkdir()
    (folder.path / "in" / "1.jsonl").write_bytes(said[:-9])
    (folder.path / "in" / "2.jsonl").write_bytes(said)
    push(store, channels, clock, times=1)
    assert states(store, no) == {"FA_A": State.ACKNOWLEDGED, "FA_B": State.REJECTED}
    ended = {file.name for file in (folder.path / "in").iterdir()}
    assert ended == {"1.jsonl.refused", "2.jsonl.taken"}
    assert audit.entries(store, action="batch.refuse").total == 1


def test_a_batch_nobody_answers_is_written_again(store, clock, tmp_path):
    key = Key("tongzhou", Algorithm.HMAC_SHA256, b"k" * 32)
    channels = Channels({"FA_A": Folder("FA_A", tmp_path / "batches", key)}, {})
    suspended(store, ["FA_A"])
    for days in (0, 0.5, 0.5):
        clock.sleep(days * 86_400)
        pusher(store, channels, clock).push(once=True)
    assert len([*(tmp_path / "batches" / "out").iterdir()]) == 2


def test_without_a_channel_an_order_waits_and_expires_where_all_see_it(store, clock):
    no = suspended(store, ["FA_A"], days=9)
    nowhere = Channels({}, {})
    push(store, nowhere, clock, times=1)
    assert states(store, no) == {"FA_A": State.PENDING}
    clock.sleep(9 * 86_400)
    push(store, nowhere, clock, times=1)
    assert states(store, no) == {"FA_A": State.PENDING}
    clock.sleep(86_400)
    push(store, nowhere, clock, times=1)
    assert states(store, no) == {"FA_A": State.EXPIRED}
    with store.read() as tx:
        assert ledger.counts(tx)[State.EXPIRED] == 1


def test_what_is_lifted_before_it_was_sent_suspends_nobody(store, clock, tmp_path):
    with places(["FA_A"], tmp_path / "places", clock) as world:
        no = suspended(store, ["FA_A"])
        lifted(store, no, DAY)
        push(store, lines_to(world), clock, times=1)
        assert states(store, no) == {"FA_A": State.EXPIRED}
        assert [order.kind for order in world["FA_A"].applied] == ["reinstate"]


def test_only_a_liaison_reopens_and_only_what_was_rejected_last(store, act, clock, tmp_path):
    with places(["FA_A", "FA_B"], tmp_path / "places", clock) as world:
        for one in world:
            one.misbehave(Fault.REJECT)
        no = suspended(store, ["FA_A"])
        other = suspended(store, ["FA_B"], who="pr_b")
        push(store, lines_to(world), clock, times=1, pace=PATIENT)
        (first,), (second,) = (act(ledger.orders_of, one) for one in (no, other))
        with pytest.raises(NotAllowed):
            act(ledger.reopen, MAKER, first.id, "why", NOW)
        lifted(store, no, DAY)
        with pytest.raises(NotReopened):
            act(ledger.reopen, LIAISON, first.id, "why", NOW)
        reopened = act(ledger.reopen, LIAISON, second.id, "why", NOW)
        assert (reopened.state, reopened.reason) == (State.PENDING, "why")
        with pytest.raises(NotReopened):
            act(ledger.reopen, LIAISON, second.id, "why", NOW)
        assert first.order.issuer == AREA
