"""Orders, answers and batch files where office and place sign with SM2, each with a key the other has not."""

from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest

from casework.orders.batch import read_acknowledgements, read_orders, write_orders
from casework.orders.errors import BadBatch, NotBelieved, PlaceRefused
from casework.orders.https import Endpoint, deliver
from casework.orders.keys import Keyring
from casework.orders.signing import (
    SIGNATURE,
    TIMESTAMP,
    WINDOW,
    Algorithm,
    Parts,
    headers,
    sign,
    unix_seconds,
    verify,
)
from casework.orders.wire import Answer, acknowledgement_from
from casework.receiver.app import Settings, app
from casework.receiver.batches import take_batch
from casework.receiver.ledger import Ledger
from tests.casework.sm2_keys import two_sides
from tests.casework.test_order_wire import BYTES, ORDER
from tests.places import served

NOW = datetime(2026, 3, 31, 17, 6)
OFFICE, PLACE = two_sides("bj-2026a", 1)
STRANGER, _ = two_sides("bj-2026a", 2)
PARTS = Parts(unix_seconds(NOW), "POST", "/orders", ORDER.order, BYTES)
LATE = timedelta(seconds=WINDOW + 1)


@pytest.fixture
def ledger(tmp_path):
    opened = Ledger(tmp_path / "receiver.db")
    yield opened
    opened.close()


@pytest.fixture
def receiver(ledger):
    """Serve a receiver that holds a key, and its address; what its clock says can be set."""
    clock = [NOW]

    def made(key=PLACE):
        keyring = Keyring({key.id: key})
        settings = Settings(frozenset({ORDER.place_code}), keyring, lambda: clock[0])
        return served(app(settings, ledger))

    made.clock = clock
    return made


def post(url, changed=(), body=BYTES):
    """What a receiver answers to the order as it was signed, then changed."""
    signed = headers(OFFICE, PARTS) | dict(changed)
    return httpx.post(f"{url}/orders", content=body, headers=signed, trust_env=False, timeout=30)


def test_an_order_goes_out_and_its_answer_comes_back(receiver, ledger):
    with receiver() as url:
        said = deliver(ORDER, Endpoint(url), OFFICE, NOW, 30)
        assert said.status is Answer.ACKNOWLEDGED
        assert deliver(ORDER, Endpoint(url), OFFICE, NOW, 30) == said
    assert [one.order for one in ledger.all()] == [ORDER]


def test_neither_side_can_sign_for_the_other():
    ours, theirs = sign(OFFICE, PARTS), sign(PLACE, PARTS)
    assert ours.startswith("sm2-sm3=30")
    assert verify(PLACE, PARTS, ours)
    assert verify(OFFICE, PARTS, theirs)
    assert not verify(OFFICE, PARTS, ours)
    assert not verify(PLACE, PARTS, theirs)


@pytest.mark.parametrize(
    "changed",
    [
        {"timestamp": PARTS.timestamp + 1},
        {"verb": "200"},
        {"path": "/Orders"},
        {"idempotency_key": "another-id"},
        {"body": BYTES + b" "},
    ],
    ids=lambda one: next(iter(one)),
)
def test_every_part_is_signed(changed):
    assert not verify(PLACE, replace(PARTS, **changed), sign(OFFICE, PARTS))


def test_a_signature_is_written_in_one_way_only():
    signed = sign(OFFICE, PARTS)
    name, _, digits = signed.partition("=")
    shared = replace(OFFICE, algorithm=Algorithm.HMAC_SM3, other=b"")
    for other in (
        f"{name}={digits.upper()}", f"{name}= {digits}", f"{name}={digits}00", f"{name}=zz", name,
        f"hmac-sm3={digits}", sign(shared, PARTS), "",
    ):  # fmt: skip
        assert not verify(PLACE, PARTS, other)


def test_what_is_forged_altered_or_stale_is_not_kept(receiver, ledger):
    with receiver() as url:
        with pytest.raises(PlaceRefused) as refused:
            deliver(ORDER, Endpoint(url), STRANGER, NOW, 30)
        assert refused.value.status == 401
        assert post(url, body=BYTES.replace(b"suspend", b"Suspend")).status_code == 401
        assert post(url, {TIMESTAMP: str(PARTS.timestamp + 1)}).status_code == 401
        assert post(url, {SIGNATURE: sign(PLACE, PARTS)}).status_code == 401
        receiver.clock[0] = NOW + LATE
        assert post(url).status_code == 401
    assert ledger.count() == 0


def test_a_repeated_request_is_one_order_within_the_window_and_refused_after_it(receiver, ledger):
    signed = headers(OFFICE, PARTS)
    with receiver() as url:
        first, again = post(url, signed), post(url, signed)
        assert first.content == again.content
        assert acknowledgement_from(first.content).status is Answer.ACKNOWLEDGED
        receiver.clock[0] = NOW + LATE
        assert post(url, signed).status_code == 401
    assert ledger.count() == 1


def test_an_answer_by_another_key_than_the_places_is_not_believed(receiver):
    impostor = replace(PLACE, secret=STRANGER.secret)
    with receiver(impostor) as url, pytest.raises(NotBelieved, match="not the place's"):
        deliver(ORDER, Endpoint(url), OFFICE, NOW, 30)


def test_a_batch_goes_out_and_comes_back(ledger):
    orders = [replace(ORDER, order=f"order-{no:04}", sequence=no) for no in (1, 2, 3)]
    ids = [one.order for one in orders]
    file = write_orders("110101", orders, OFFICE, NOW)
    answer = take_batch(file, ledger, Keyring({PLACE.id: PLACE}), {ORDER.place_code}, NOW)
    back = read_acknowledgements(answer, ids, {OFFICE.id: OFFICE})
    assert [one.order for one in back.acknowledgements] == ids
    assert (back.faults, back.missing) == ((), frozenset())
    with pytest.raises(BadBatch, match="signature"):
        read_acknowledgements(answer, ids, {PLACE.id: PLACE})


def test_a_batch_by_another_key_or_with_a_changed_byte_is_refused():
    keys = {PLACE.id: PLACE}
    for other in (STRANGER, PLACE):
        with pytest.raises(BadBatch, match="signature"):
            read_orders(write_orders("110101", [ORDER], other, NOW), keys)
    file = write_orders("110101", [ORDER], OFFICE, NOW)
    assert read_orders(file, keys).orders == (ORDER,)
    for at in range(0, len(file), 7):
        changed = bytearray(file)
        changed[at] ^= 0x20  # the other case of a letter
        with pytest.raises(BadBatch):
            read_orders(bytes(changed), keys)
