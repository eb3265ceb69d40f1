"""The installation's own keys: made once, for its owner alone, with a card that vouches for both."""

import hashlib
import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from casework.bundles import BadCard, BadSealKey, is_fingerprint, read_card, seal_keys
from casework.bundles.keys import FILE


def test_keys_are_made_at_first_use_and_stay(tmp_path):
    workspace = tmp_path / "office"
    first = seal_keys(workspace).card()
    assert seal_keys(workspace).card() == first
    assert stat.S_IMODE((workspace / FILE).stat().st_mode) == 0o600
    assert [path.name for path in workspace.iterdir()] == [FILE]
    assert seal_keys(tmp_path / "other").card().fingerprint != first.fingerprint


def test_many_who_come_first_get_the_same_keys(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        cards = set(pool.map(lambda _: seal_keys(tmp_path).card(), range(16)))
    assert len(cards) == 1
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize(
    "held", ["", "{}", "[]", '{"signing": "00", "receiving": "00"}', '{"signing": 1}', "\x00"]
)
def test_a_broken_key_is_never_replaced(tmp_path, held):
    file = tmp_path / FILE
    file.write_text(held)
    file.chmod(0o600)
    with pytest.raises(BadSealKey):
        seal_keys(tmp_path)
    assert file.read_text() == held


def test_a_key_that_others_may_read_is_not_used(tmp_path):
    seal_keys(tmp_path)
    (tmp_path / FILE).chmod(0o640)
    with pytest.raises(BadSealKey, match="chmod 600"):
        seal_keys(tmp_path)


def test_private_keys_are_not_shown(tmp_path):
    keys = seal_keys(tmp_path)
    held = json.loads((tmp_path / FILE).read_text())
    shown = repr(keys) + keys.card().text()
    assert not any(secret in shown for secret in held.values())


def test_a_card_is_read_back_and_vouches_for_both_keys(tmp_path):
    mine, other = seal_keys(tmp_path / "a").card(), seal_keys(tmp_path / "b").card()
    assert read_card(mine.text()) == mine
    for name in ("signing", "receiving", "signature"):
        swapped = json.loads(mine.text()) | {name: getattr(other, name).hex()}
        with pytest.raises(BadCard, match="signature is wrong"):
            read_card(json.dumps(swapped))


@pytest.mark.parametrize("text", ["", "{}", "[1]", '"x"', '{"signing": "zz"}', "null"])
def test_anything_else_is_no_card(text):
    with pytest.raises(BadCard, match="not of that form"):
        read_card(text)


def test_the_fingerprint_is_that_of_the_public_key_as_files_hold_it(tmp_path):
    card = seal_keys(tmp_path).card()
    der = card.signing_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert card.fingerprint == hashlib.sha256(der).hexdigest()


def test_a_fingerprint_may_be_written_in_groups(tmp_path):
    known = seal_keys(tmp_path).card().fingerprint
    grouped = " ".join(known[i : i + 4] for i in range(0, 64, 4))
    assert is_fingerprint(grouped, known)
    assert is_fingerprint(known.upper(), known)
    assert is_fingerprint(grouped.replace(" ", ":"), known)
    assert not is_fingerprint(known[:-1], known)
    assert not is_fingerprint("", known)
