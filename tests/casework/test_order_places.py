"""Orders delivered over a real line to real receivers, behaved and not."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from casework.orders.errors import NotBelieved, PlaceDown, PlaceRefused
from casework.orders.https import deliver
from casework.orders.signing import Algorithm, Key
from casework.orders.wire import Answer
from casework.receiver.qualification import State
from tests.casework.test_order_wire import ORDER
from tests.places import Fault, places

NOW = datetime(2026, 3, 31, 17, 6)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    codes = [fault.name for fault in Fault] + ["GOOD", "GONE", "LATE", "OTHER"]
    with places(codes, tmp_path_factory.mktemp("places"), lambda: NOW) as all_:
        yield all_


def send(town, code, timeout=20.0, now=NOW, key=None, **changed):
    order = replace(ORDER, place_code=code, **changed)
    return deliver(order, town.endpoint(code), key or town[code].key, now, timeout)


def test_an_order_is_acknowledged_once_and_holds(town):
    first, second = send(town, "GOOD"), send(town, "GOOD")
    assert first == second
    assert (first.status, first.order, first.received) == (Answer.ACKNOWLEDGED, ORDER.order, NOW)
    assert len(town["GOOD"].applied) == 1
    state = town["GOOD"].state(ORDER.practitioner_code, date(2026, 9, 30))
    assert (state.state, state.law) == (State.SUSPENDED, ORDER.law)
    assert town["GOOD"].state(ORDER.practitioner_code, date(2026, 10, 1)).state is State.ACTIVE


@pytest.mark.parametrize(
    ("fault", "error", "kept"),
    [
        (Fault.ERROR, PlaceDown, 0),
        (Fault.BUSY, PlaceDown, 0),
        (Fault.DOWN, PlaceDown, 0),
        (Fault.SILENT, PlaceDown, 1),
        (Fault.LOST, PlaceDown, 1),
        (Fault.FORGED, NotBelieved, 1),
    ],
    ids=lambda one: getattr(one, "name", ""),
)
def test_whatever_goes_wrong_the_order_holds_once_in_the_end(town, fault, error, kept):
    place = town[fault.name]
    place.misbehave(fault, 2)
    for _ in range(2):
        with pytest.raises(error) as wrong:
            send(town, place.code, timeout=1.0 if fault is Fault.SILENT else 20.0)
        assert len(place.applied) == kept
    if fault is Fault.BUSY:
        assert wrong.value.retry_after == 7
    assert send(town, place.code).status is Answer.ACKNOWLEDGED
    assert (len(place.applied), place.requests) == (1, 3)


def test_a_doubled_request_is_one_order(town):
    town["TWICE"].misbehave(Fault.TWICE)
    assert send(town, "TWICE").status is Answer.ACKNOWLEDGED
    assert len(town["TWICE"].applied) == 1


def test_a_place_that_rejects_says_why_and_keeps_to_it(town):
    town["REJECT"].misbehave(Fault.REJECT)
    said = send(town, "REJECT")
    assert (said.status, said.reason) == (
        Answer.REJECTED,
        "REJECT is not a place of this receiver",
    )
    assert send(town, "REJECT") == said
    assert town["REJECT"].applied == ()


def test_a_place_that_is_down_takes_orders_when_it_is_back(town):
    town["GONE"].go_down()
    with pytest.raises(PlaceDown):
        send(town, "GONE")
    town["GONE"].come_back()
    assert send(town, "GONE").status is Answer.ACKNOWLEDGED


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"now": NOW - timedelta(seconds=301)}, 401),
        ({"now": NOW + timedelta(seconds=301)}, 401),
        ({"key": Key("key-LATE", Algorithm.HMAC_SHA256, b"another secret")}, 401),
    ],
    ids=["stale", "from the future", "wrong key"],
)
def test_what_the_place_does_not_believe_a_person_has_to_look_at(town, given, status):
    with pytest.raises(PlaceRefused) as refused:
        send(town, "LATE", **given)
    assert refused.value.status == status
    assert town["LATE"].applied == ()


def test_the_same_order_with_other_words_is_refused_and_the_first_stands(town):
    send(town, "OTHER", now=NOW - timedelta(seconds=300))
    with pytest.raises(PlaceRefused) as refused:
        send(town, "OTHER", law="另一条")
    assert refused.value.status == 409
    assert [one.law for one in town["OTHER"].applied] == [ORDER.law]
