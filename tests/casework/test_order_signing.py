"""Signatures against values made by hand, and every byte that is signed counts."""

import hashlib
import hmac
import json
import re
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SM3, Hash
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.orders import sm2
from casework.orders.errors import BadKeys
from casework.orders.keys import read_keys
from casework.orders.signing import Algorithm, Key, Parts, headers, sign, unix_seconds, verify
from casework.orders.wire import acknowledgement_from, order_from

PAGE = Path(__file__).parents[2] / "docs" / "receiver.md"
SECRET = b"example-secret-of-thirty-two-chars"
KEY = Key("bj-2026a", Algorithm.HMAC_SHA256, SECRET)
PARTS = Parts(1_774_947_960, "POST", "/orders", "6f1c2d3e-0000", b'{"a":1}')
KEYS = """
[keys.old]
algorithm = "hmac-sha256"
secret = "0123456789abcdef0123456789abcdef"
[keys.new]
algorithm = "hmac-sm3"
secret = "三十二个字以上的密钥才能算数三十二个字以上的密钥才能算数三十二个"
[readers]
his = "a token of thirty-two characters!"
"""


def sm3(text):
    digest = Hash(SM3())
    digest.update(text)
    return digest.finalize()


def hmac_sm3(secret, text):
    """By the definition of HMAC (RFC 2104) over SM3's blocks of 64 bytes."""
    padded = secret.ljust(64, b"\0")
    inner = sm3(bytes(one ^ 0x36 for one in padded) + text)
    return sm3(bytes(one ^ 0x5C for one in padded) + inner).hex()


def test_a_signature_is_the_hmac_of_the_five_lines():
    body = hashlib.sha256(b'{"a":1}').hexdigest()
    text = f"1774947960\nPOST\n/orders\n6f1c2d3e-0000\n{body}".encode()
    by_hand = "hmac-sha256=" + hmac.new(SECRET, text, "sha256").hexdigest()
    assert sign(KEY, PARTS) == by_hand
    assert verify(KEY, PARTS, by_hand)
    assert headers(KEY, PARTS) == {
        "X-Huancha-Key-Id": "bj-2026a", "X-Huancha-Timestamp": "1774947960",
        "Idempotency-Key": "6f1c2d3e-0000", "X-Huancha-Signature": by_hand,
    }  # fmt: skip


def test_sm3_stands_behind_the_same_door():
    assert sm3(b"abc").hex().startswith("66c7f0f462eeedd9d1f2d46bdc10e4e2")  # GB/T 32905, A.1
    key = replace(KEY, algorithm=Algorithm.HMAC_SM3)
    assert sign(key, PARTS) == "hmac-sm3=" + hmac_sm3(SECRET, PARTS.text(key.algorithm))
    assert verify(key, PARTS, sign(key, PARTS))
    assert not verify(key, PARTS, sign(KEY, PARTS))
    assert not verify(KEY, PARTS, sign(key, PARTS))


@settings(deadline=None)
@given(st.data())
def test_one_changed_byte_anywhere_breaks_a_signature(data):
    body = data.draw(st.binary(min_size=1, max_size=60))
    at = data.draw(st.integers(0, len(body) - 1))
    changed = bytearray(body)
    changed[at] ^= data.draw(st.integers(1, 255))
    parts = replace(PARTS, body=body)
    signature = sign(KEY, parts)
    assert verify(KEY, parts, signature)
    assert not verify(KEY, replace(parts, body=bytes(changed)), signature)
    at = data.draw(st.integers(0, len(signature) - 1))
    torn = signature[:at] + ("0" if signature[at] != "0" else "1") + signature[at + 1 :]
    assert not verify(KEY, parts, torn)


@pytest.mark.parametrize(
    "changed",
    [
        {"timestamp": PARTS.timestamp + 1},
        {"verb": "200"},
        {"path": "/Orders"},
        {"idempotency_key": "6f1c2d3e-0001"},
        {"body": b""},
    ],
    ids=[field.name for field in fields(Parts)],
)
def test_every_part_is_signed(changed):
    assert not verify(KEY, replace(PARTS, **changed), sign(KEY, PARTS))
    assert not verify(replace(KEY, secret=SECRET + b"."), PARTS, sign(KEY, PARTS))
    assert not verify(KEY, PARTS, "")


def test_times_on_the_wire_are_unix_seconds_of_beijing_time():
    assert unix_seconds(datetime(1970, 1, 1, 8)) == 0
    assert unix_seconds(datetime(2026, 3, 31, 17, 6)) == 1_774_947_960


def test_the_pages_worked_example_holds():
    text = PAGE.read_text("utf-8")
    blocks = re.findall(r"^```(?:text|json)\n(.*?)\n```", text, re.DOTALL | re.MULTILINE)
    body, asked, signature, by_sm3, asked_sm2, by_sm2, public, *answers = blocks[1:]
    answer, answered, answers_signature = answers
    secret = re.search(r"With the secret `([^`]+)`", text)[1].encode()
    for said, lines, signed in ((body, asked, signature), (answer, answered, answers_signature)):
        assert lines.split("\n")[-1] == hashlib.sha256(said.encode()).hexdigest()
        assert signed == "hmac-sha256=" + hmac.new(secret, lines.encode(), "sha256").hexdigest()
    assert by_sm3 == "hmac-sm3=" + hmac_sm3(secret, asked.encode())
    assert asked_sm2.split("\n") == [*asked.split("\n")[:4], sm3(body.encode()).hex()]
    signed = bytes.fromhex(by_sm2.removeprefix("sm2-sm3="))
    assert sm2.verify(sm2.public_key(public), asked_sm2.encode(), signed)
    order, said = order_from(body.encode()), acknowledgement_from(answer.encode())
    assert order.order == said.order == asked.split("\n")[3] == answered.split("\n")[3]
    assert json.loads(blocks[0])["order"] == order.order


def test_a_file_of_keys_holds_several_at_once(tmp_path):
    file = tmp_path / "keys.toml"
    file.write_text(KEYS, "utf-8")
    file.chmod(0o600)
    keyring = read_keys(file)
    assert keyring.keys["old"] == Key(
        "old", Algorithm.HMAC_SHA256, b"0123456789abcdef0123456789abcdef"
    )
    assert keyring.keys["new"].secret.decode().startswith("三十二个字")
    assert keyring.readers == ("a token of thirty-two characters!",)
    assert "0123456789abcdef" not in repr(keyring)
    assert "thirty-two" not in repr(keyring)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_keys_that_others_may_read_are_not_used(tmp_path, mode):
    file = tmp_path / "keys.toml"
    file.write_text(KEYS, "utf-8")
    file.chmod(mode)
    with pytest.raises(BadKeys, match="chmod 600"):
        read_keys(file)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "keys: Field required"),
        ("keys = [", "it is no TOML"),
        ('[keys.a]\nalgorithm = "md5"\nsecret = "0123456789abcdef0123456789abcdef"', "algorithm"),
        ('[keys.a]\nalgorithm = "hmac-sm3"\nsecret = "short"', "at least 32"),
        (
            '[keys."a b"]\nalgorithm = "hmac-sm3"\nsecret = "0123456789abcdef0123456789abcdef"',
            "key",
        ),
        (KEYS + '[readers2]\nx = "y"', "readers2"),
    ],
)
def test_a_wrong_file_of_keys_is_told_without_its_secrets(tmp_path, text, why):
    file = tmp_path / "keys.toml"
    file.write_text(text, "utf-8")
    file.chmod(0o600)
    with pytest.raises(BadKeys, match=why) as wrong:
        read_keys(file)
    assert "0123456789abcdef" not in str(wrong.value)


def test_no_file_of_keys_is_told(tmp_path):
    with pytest.raises(BadKeys, match="No such file"):
        read_keys(tmp_path / "keys.toml")
