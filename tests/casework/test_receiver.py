"""The place's side: what it keeps, what it says of a day, whom it answers."""

import json
import socket
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.orders.keys import Keyring
from casework.orders.signing import Parts, headers, unix_seconds
from casework.orders.wire import Answer, OrderKind, acknowledgement_from, order_from, to_bytes
from casework.receiver.app import Settings
from casework.receiver.errors import NoAddress, UnusableLedger
from casework.receiver.ledger import Ledger
from casework.receiver.qualification import State, qualification
from casework.receiver.serving import serve
from tests.casework.test_order_wire import BYTES, ORDER
from tests.places import READER, places
from tools import receiver_docs

NOW = datetime(2026, 3, 31, 17, 6)
PLACE, WHO = ORDER.place_code, ORDER.practitioner_code
THREADS = 20


@pytest.fixture
def town(tmp_path):
    with places([PLACE], tmp_path, lambda: NOW) as all_:
        yield all_


@pytest.fixture
def ask(town):
    """Ask the place over HTTP; by a reader unless other headers are given."""
    with httpx.Client(base_url=f"{town.url}/{PLACE}", trust_env=False, timeout=30) as client:

        def asking(path, method="GET", body=b"", **given):
            named = given or {"Authorization": f"Bearer {READER}"}
            return client.request(method, path, content=body, headers=named)

        yield asking


def signed(town, body, id_=ORDER.order, **changed):
    """The headers of an order to the place, then changed."""
    parts = Parts(unix_seconds(NOW), "POST", f"/{PLACE}/orders", id_, body)
    return headers(town[PLACE].key, parts) | {k.replace("_", "-"): v for k, v in changed.items()}


def order(no, kind=OrderKind.SUSPEND, begins=1, ends=None, reverses=None):
    """An order on days of April 2026."""
    return replace(
        ORDER, order=f"order-{no:04}", kind=kind, sequence=no, begins=date(2026, 4, begins),
        ends=None if ends is None else date(2026, 4, ends),
        reverses=None if reverses is None else f"order-{reverses:04}",
    )  # fmt: skip


def april(*orders):
    """The state on each day of April as one letter: a, s, t."""
    days = (date(2026, 4, day) for day in range(1, 31))
    return "".join(qualification(PLACE, WHO, orders, day).state[0] for day in days)


def test_threads_at_once_make_one_order_with_one_receipt(town, ask):
    def post(_):
        return ask("/orders", "POST", BYTES, **signed(town, BYTES))

    with ThreadPoolExecutor(THREADS) as threads:
        answers = list(threads.map(post, range(THREADS)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    said = acknowledgement_from(answers[0].content)
    assert (said.receipt, said.received) == ("20260331-1", NOW)
    assert town[PLACE].applied == (ORDER,)


def test_threads_at_once_with_other_words_let_one_of_them_in(town, ask):
    bodies = [to_bytes(replace(ORDER, law=f"第{no}条")) for no in range(THREADS)]

    def post(body):
        return ask("/orders", "POST", body, **signed(town, body)).status_code

    with ThreadPoolExecutor(THREADS) as threads:
        codes = sorted(threads.map(post, bodies))
    assert codes == [200] + [409] * (THREADS - 1)
    assert len(town[PLACE].applied) == 1


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"X-Huancha-Key-Id": "unknown"}, "X-Huancha-Key-Id"),
        ({"X-Huancha-Timestamp": "1774947961"}, "X-Huancha-Signature"),
        ({"X-Huancha-Timestamp": "now"}, "X-Huancha-Timestamp"),
        ({"X-Huancha-Signature": "hmac-sha256=00"}, "X-Huancha-Signature"),
        ({"X-Huancha-Signature": ""}, "X-Huancha-Signature"),
        ({"Idempotency-Key": "another-id"}, "X-Huancha-Signature"),
    ],
    ids=str,
)
def test_what_is_not_believed_is_not_kept(town, ask, changed, says):
    answer = ask("/orders", "POST", BYTES, **signed(town, BYTES) | changed)
    assert (answer.status_code, says in answer.json()["detail"]) == (401, True)
    other = ask("/orders", "POST", BYTES.replace(b"suspend", b"Suspend"), **signed(town, BYTES))
    assert other.status_code == 401
    assert ask("/health").json() == {"orders": 0}


def test_what_is_no_order_is_not_kept(town, ask):
    for body in (b"{}", b"", BYTES[:-1], b"\xff\xfe"):
        answer = ask("/orders", "POST", body, **signed(town, body))
        assert (answer.status_code, "no order" in answer.json()["detail"]) == (422, True)
    answer = ask("/orders", "POST", BYTES, **signed(town, BYTES, "another-id"))
    assert (answer.status_code, "Idempotency-Key" in answer.json()["detail"]) == (422, True)
    long = BYTES + b" " * 65_536
    assert ask("/orders", "POST", long, **signed(town, long)).status_code == 413
    assert ask("/health").json() == {"orders": 0}


def test_a_place_that_cannot_write_asks_for_another_try(town, ask):
    town[PLACE].ledger.close()
    assert ask("/orders", "POST", BYTES, **signed(town, BYTES)).status_code == 503
    assert ask("/health").status_code == 503


def test_readers_with_a_token_are_answered(town, ask):
    ask("/orders", "POST", BYTES, **signed(town, BYTES))
    kept = ask(f"/orders/{ORDER.order}").json()
    assert order_from(json.dumps(kept["order"]).encode()) == ORDER
    assert kept["acknowledgement"]["status"] == "acknowledged"
    assert ask("/orders/never-came").status_code == 404
    assert ask(f"/practitioners/{WHO}?on=2026-04-01").json() == {
        "practitioner_code": WHO, "place_code": PLACE, "on": "2026-04-01", "state": "suspended",
        "since": "2026-04-01", "until": "2026-09-30", "order": ORDER.order, "law": ORDER.law,
    }  # fmt: skip
    today = ask(f"/practitioners/{WHO}").json()
    assert (today["on"], today["state"], today["order"]) == ("2026-03-31", "active", None)
    assert ask("/practitioners/D9?on=2026-04-01").json()["state"] == "active"
    assert ask(f"/practitioners/{WHO}?place=H2").status_code == 422
    for path in (f"/orders/{ORDER.order}", f"/practitioners/{WHO}"):
        for wrong in ("", "Bearer", f"Bearer {READER}x", f"Basic {READER}"):
            assert ask(path, Authorization=wrong).status_code == 401


def test_the_document_describes_what_is_there(ask):
    page = json.loads(receiver_docs.page())
    assert ask("/openapi.json").json()["components"] == page["components"]
    assert set(page["paths"]) == {
        "/orders", "/orders/{order}", "/practitioners/{code}", "/health",
    }  # fmt: skip
    named = {part.split('"')[0] for part in json.dumps(page).split('"#/components/schemas/')[1:]}
    assert named <= set(page["components"]["schemas"])


def test_one_receiver_of_several_places_keeps_them_apart(tmp_path):
    ledger = Ledger(tmp_path / "receiver.db")
    orders = [replace(ORDER, order=f"order-{code}", place_code=code) for code in ("H1", "H2", "H3")]
    said = ledger.take([(one, to_bytes(one)) for one in orders], {"H1", "H2"}, NOW)
    assert [one.status for one in said] == [Answer.ACKNOWLEDGED] * 2 + [Answer.REJECTED]
    assert [ledger.about(code, WHO) for code in ("H1", "H2", "H3")] == [orders[:1], orders[1:2], []]
    ledger.close()


def test_what_was_taken_is_never_changed_and_outlives_the_process(tmp_path):
    file = tmp_path / "receiver.db"
    ledger = Ledger(file)
    said = ledger.take([(ORDER, BYTES)], {PLACE}, NOW)
    ledger.close()
    with sqlite3.connect(file) as raw:
        for change in ("UPDATE orders SET status = 'rejected'", "DELETE FROM orders"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                raw.execute(change)
    raw.close()
    again = Ledger(file)
    assert again.take([(ORDER, BYTES)], {PLACE}, NOW + timedelta(days=1)) == said
    again.close()


def test_what_is_no_database_is_told(tmp_path):
    file = tmp_path / "receiver.db"
    file.write_bytes(b"no database" * 400)
    with pytest.raises(UnusableLedger, match="not a database"):
        Ledger(file)


@pytest.mark.parametrize(
    ("address", "why"), [("0.0.0.0", "HUANCHA_RECEIVER_CERTIFICATE"), ("127.0.0.1", "in use")]
)
def test_where_no_receiver_listens(tmp_path, address, why):
    ledger = Ledger(tmp_path / "receiver.db")
    settings = Settings(frozenset({PLACE}), Keyring({}), lambda: NOW)
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(NoAddress, match=why):
        serve(settings, ledger, address, other.getsockname()[1], None, pytest.fail)
    ledger.close()


def test_a_suspension_holds_in_its_days():
    assert april(order(1, begins=3, ends=5)) == "aasss" + "a" * 25


def test_a_reinstatement_ends_what_it_names_and_no_more():
    first, second = order(1, begins=2, ends=20), order(2, OrderKind.TERMINATE, begins=10, ends=12)
    back = order(3, OrderKind.REINSTATE, begins=6, reverses=1)
    assert april(first, second, back) == "a" + "ssss" + "aaaa" + "ttt" + "a" * 18
    void = order(3, OrderKind.REINSTATE, begins=1, reverses=1)
    assert april(first, second, void) == "a" * 9 + "ttt" + "a" * 18
    assert april(first, second) == "a" + "s" * 8 + "ttt" + "s" * 8 + "a" * 10


def test_a_reinstatement_that_names_none_ends_all_before_it():
    orders = (
        order(1, begins=2),
        order(2, OrderKind.TERMINATE, begins=4),
        order(4, begins=20, ends=21),
    )
    back = order(3, OrderKind.REINSTATE, begins=8)
    assert april(*orders, back) == "a" + "ss" + "tttt" + "a" * 12 + "ss" + "a" * 9


def test_the_order_that_decides_is_told_with_its_days():
    long, short = order(1, begins=2, ends=20), order(2, begins=4, ends=6)
    told = qualification(PLACE, WHO, [long, short], date(2026, 4, 5))
    assert (told.order, told.since, told.until) == (long.order, long.begins, long.ends)
    cut = order(3, OrderKind.REINSTATE, begins=9, reverses=1)
    told = qualification(PLACE, WHO, [long, short, cut], date(2026, 4, 8))
    assert (told.state, told.until) == (State.SUSPENDED, date(2026, 4, 8))
    endless = qualification(PLACE, WHO, [order(1)], date(2030, 1, 1))
    assert (endless.state, endless.until) == (State.SUSPENDED, None)


@settings(deadline=None)
@given(st.data())
def test_orders_mean_the_same_in_whatever_sequence_they_come(data):
    count = data.draw(st.integers(1, 5))
    days = st.integers(1, 15)
    orders = [
        order(
            no,
            data.draw(st.sampled_from(OrderKind)),
            data.draw(days),
            data.draw(st.none() | st.integers(16, 30)),
            data.draw(st.none() | st.integers(1, no - 1)) if no > 1 else None,
        )
        for no in range(1, count + 1)
    ]
    day = date(2026, 4, data.draw(st.integers(1, 30)))
    shuffled = data.draw(st.permutations(orders))
    assert qualification(PLACE, WHO, shuffled, day) == qualification(PLACE, WHO, orders, day)
