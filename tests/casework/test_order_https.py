"""What a place may answer, and what is made of it."""

import asyncio
import time
from dataclasses import replace
from datetime import datetime

import pytest

from casework.orders.errors import BadWire, NotBelieved, PlaceDown, PlaceRefused
from casework.orders.https import Endpoint, deliver
from casework.orders.signing import Algorithm, Key, Parts, headers, unix_seconds
from casework.orders.wire import Acknowledgement, Answer, to_bytes
from tests.casework.test_order_wire import ORDER
from tests.places import served

NOW = datetime(2026, 3, 31, 17, 6)
KEY = Key("k", Algorithm.HMAC_SM3, b"0123456789abcdef0123456789abcdef")
SAID = Acknowledgement(ORDER.order, Answer.ACKNOWLEDGED, "r1", NOW, None)
SIGNED = Parts(unix_seconds(NOW), "200", "/orders", ORDER.order, to_bytes(SAID))


class Teller:
    """A place that answers what it is told to, `pause` seconds before each byte."""

    def __init__(self):
        self.status, self.headers, self.body, self.pause = 200, {}, b"", 0.0

    async def __call__(self, scope, receive, send):
        named = [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": named})
        for at in range(len(self.body) if self.pause else 0):
            await asyncio.sleep(self.pause)
            part = {"type": "http.response.body", "body": self.body[at : at + 1]}
            await send(part | {"more_body": True})
        rest = b"" if self.pause else self.body
        await send({"type": "http.response.body", "body": rest})


@pytest.fixture(scope="module")
def line():
    """A place, and what it says to the order when it answers thus."""
    teller = Teller()
    with served(teller) as url:

        def say(status=200, body=b"", pause=0.0, timeout=30.0, **given):
            teller.status, teller.body, teller.pause = status, body, pause
            teller.headers = {name.replace("_", "-"): value for name, value in given.items()}
            endpoint = Endpoint(url + "/")
            return deliver(ORDER, endpoint, KEY, NOW, timeout)

        yield say


def signed(parts=SIGNED, key=KEY, **changed):
    """An answer of these parts, rightly signed, then changed."""
    return {"body": parts.body} | headers(key, parts) | changed


def test_a_signed_answer_is_believed(line):
    assert line(**signed()) == SAID


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"body": to_bytes(SAID)}, "by another key"),
        (signed(key=replace(KEY, id="l")), "by another key"),
        (signed(replace(SIGNED, idempotency_key="another-id")), "another request"),
        (signed(**{"X-Huancha-Timestamp": "today"}), "no timestamp"),
        (signed(**{"X-Huancha-Timestamp": "1"}), "signature"),
        (signed(**{"X-Huancha-Signature": ""}), "signature"),
        (signed(key=replace(KEY, secret=b"x" * 32)), "signature"),
        (signed(key=replace(KEY, algorithm=Algorithm.HMAC_SHA256)), "signature"),
        (signed(replace(SIGNED, verb="POST")), "signature"),
        (signed(replace(SIGNED, path="/else/orders")), "signature"),
        (signed(replace(SIGNED, body=b'{"order":1}')), "order: "),
        (signed(replace(SIGNED, body=to_bytes(ORDER))), "Field required|Unexpected"),
        (signed(replace(SIGNED, body=to_bytes(replace(SAID, order="another-id")))), "another order"),
        (signed(replace(SIGNED, body=b" " * 65_537)), "longer than 65,536"),
    ],
    ids=str,
)  # fmt: skip
def test_an_answer_that_nobody_can_have_given_is_not_believed(line, answer, why):
    with pytest.raises(NotBelieved, match=why):
        line(**answer)


@pytest.mark.parametrize(
    ("status", "retry", "seconds"),
    [
        (429, "120", 120.0),
        (503, "Tue, 31 Mar 2026 09:07:30 GMT", 90.0),
        (503, "Tue, 31 Mar 2026 09:00:00 GMT", 0.0),
        (500, "soon", None),
        (502, "", None),
        (408, "-1", None),
    ],
)
def test_a_place_may_ask_for_time(line, status, retry, seconds):
    with pytest.raises(PlaceDown) as down:
        line(status=status, Retry_After=retry)
    assert (down.value.why, down.value.retry_after) == (str(status), seconds)


@pytest.mark.parametrize("status", [201, 204, 301, 307, 400, 401, 404, 409, 422])
def test_any_other_answer_needs_a_person(line, status):
    body = b"" if status == 204 else "密钥\n\x1b[31m".encode() + b"x" * 500
    with pytest.raises(PlaceRefused) as refused:
        line(status=status, body=body, Location="https://elsewhere.example/")
    assert refused.value.status == status
    assert refused.value.said == ("" if status == 204 else ("密钥  [31m" + "x" * 500)[:200])


def test_an_answer_that_trickles_is_given_up_in_time(line):
    began = time.monotonic()
    with pytest.raises(PlaceDown, match=r"no whole answer in 0\.5 s"):
        line(timeout=0.5, pause=0.1, **signed())
    assert time.monotonic() - began < 10


def test_no_order_that_is_none_is_sent():
    nowhere = Endpoint("https://127.0.0.1:1")
    with pytest.raises(BadWire, match="sequence"):
        deliver(replace(ORDER, sequence=0), nowhere, KEY, NOW, 5)


def test_where_nobody_listens_the_place_is_down():
    with served(Teller()) as url:
        pass
    with pytest.raises(PlaceDown, match="ConnectError"):
        deliver(ORDER, Endpoint(url), KEY, NOW, 30)
