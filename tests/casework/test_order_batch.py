"""Orders of an area in a file and back: what is not whole is refused, what is wrong in a line costs that line only."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.orders.batch import (
    Content,
    read_acknowledgements,
    read_orders,
    write_acknowledgements,
    write_orders,
)
from casework.orders.errors import BadBatch
from casework.orders.keys import Keyring
from casework.orders.signing import Algorithm, Key
from casework.orders.wire import Acknowledgement, Answer
from casework.receiver.batches import take_batch
from casework.receiver.errors import Contradiction
from casework.receiver.ledger import Ledger
from tests.casework.test_order_wire import ORDER

NOW = datetime(2026, 4, 1, 9)
KEY = Key("a", Algorithm.HMAC_SHA256, b"0123456789abcdef0123456789abcdef")
SM3 = Key("b", Algorithm.HMAC_SM3, b"0123456789abcdef0123456789abcdef")
KEYS = {"a": KEY, "b": SM3}
ORDERS = [replace(ORDER, order=f"order-{no:04}", sequence=no) for no in range(1, 8)]
IDS = [one.order for one in ORDERS]
FILE = write_orders("110101", ORDERS, KEY, NOW)
SAID = [Acknowledgement(id_, Answer.ACKNOWLEDGED, f"r{id_}", NOW, None) for id_ in IDS]
ANSWER = write_acknowledgements(read_orders(FILE, KEYS), SAID, NOW)


@pytest.fixture
def ledger(tmp_path):
    opened = Ledger(tmp_path / "receiver.db")
    yield opened
    opened.close()


@pytest.mark.parametrize("key", [KEY, SM3], ids=lambda key: key.algorithm)
def test_a_batch_goes_out_and_comes_back(ledger, key):
    file = write_orders("110101", ORDERS, key, NOW)
    assert write_orders("110101", ORDERS[::-1], key, NOW) == file
    answer = take_batch(file, ledger, Keyring(KEYS), {ORDER.place_code}, NOW)
    back = read_acknowledgements(answer, IDS, KEYS)
    assert (back.faults, back.missing) == ((), frozenset())
    assert [one.order for one in back.acknowledgements] == IDS
    assert {one.status for one in back.acknowledgements} == {Answer.ACKNOWLEDGED}
    assert back.batch == read_orders(file, KEYS).id
    assert take_batch(file, ledger, Keyring(KEYS), {ORDER.place_code}, NOW) == answer
    assert [one.order for one in ledger.all()] == ORDERS


def test_an_empty_batch_is_whole():
    assert read_orders(write_orders("110101", [], KEY, NOW), KEYS).orders == ()


@settings(deadline=None)
@given(st.integers(0, len(FILE) - 1))
def test_a_cut_file_is_refused_wherever_it_was_cut(at):
    with pytest.raises(BadBatch):
        read_orders(FILE[:at], KEYS)


@settings(deadline=None)
@given(st.integers(0, len(ANSWER) - 1), st.integers(1, 255))
def test_one_changed_byte_is_seen(at, flip):
    changed = bytearray(ANSWER)
    changed[at] ^= flip
    with pytest.raises(BadBatch):
        read_acknowledgements(bytes(changed), IDS, KEYS)


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"", "no manifest"),
        (FILE[:-1], "6 whole lines of 7"),
        (FILE + FILE.splitlines(keepends=True)[-1], "8 whole lines of 7"),
        (ANSWER, "it holds acknowledgements"),
        (write_orders("1", ORDERS, Key("c", KEY.algorithm, KEY.secret), NOW), "'c' is not known"),
        (write_orders("1", ORDERS, Key("a", KEY.algorithm, b"x" * 32), NOW), "signature"),
    ],
    ids=["empty", "cut", "grown", "the other way", "unknown key", "other secret"],
)
def test_what_is_wrong_with_a_file_is_told(file, why):
    with pytest.raises(BadBatch, match=why) as refused:
        read_orders(file, KEYS)
    assert refused.value.what == Content.ORDERS


def test_a_batch_holds_an_order_once():
    with pytest.raises(BadBatch, match="twice"):
        write_orders("110101", [ORDER, replace(ORDER, law="另一条")], KEY, NOW)


def test_a_place_keeps_all_of_a_batch_or_nothing(ledger):
    ledger_holds = replace(ORDERS[3], law="另一条")
    first = write_orders("110101", [ledger_holds], KEY, NOW)
    take_batch(first, ledger, Keyring(KEYS), {ORDER.place_code}, NOW)
    with pytest.raises(Contradiction, match="order-0004"):
        take_batch(FILE, ledger, Keyring(KEYS), {ORDER.place_code}, NOW)
    assert [one.order for one in ledger.all()] == [ledger_holds]


def test_lines_that_say_nothing_of_use_take_nothing_from_the_others():
    unknown = replace(SAID[0], order="never-sent")
    contrary = replace(SAID[1], status=Answer.REJECTED, reason="not here")
    empty = replace(SAID[3], receipt="")
    lines = [SAID[0], SAID[1], contrary, SAID[2], SAID[2], unknown, empty]
    answer = write_acknowledgements(read_orders(FILE, KEYS), lines, NOW)
    back = read_acknowledgements(answer, IDS, KEYS)
    assert back.acknowledgements == (SAID[0], SAID[2])
    assert back.missing == set(IDS) - {IDS[0], IDS[2]}
    assert [(fault.line, fault.why) for fault in back.faults] == [
        (2, "order never-sent was not sent"),
        (5, "order order-0002 is acknowledged twice"),
        (7, "order order-0003 is acknowledged twice"),
        (8, "receipt: String should have at least 1 character"),
    ]
