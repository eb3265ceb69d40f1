"""SM2 against the example of the standard, and both ways against openssl."""

import secrets

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from casework.orders import sm2
from casework.orders.errors import BadKeys
from casework.orders.keys import read_keys
from casework.orders.signing import Algorithm
from tests.casework.sm2_keys import lay_keys, make_private, openssl

# GB/T 32918.5-2017, A.2: the private key, its public key, the random number, and the signature of the message.
PRIVATE = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
PUBLIC = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
RANDOM = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
MESSAGE = b"message digest"
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
SIGNATURE = encode_dss_signature(R, S)
BY_OPENSSL = ("dgst", "-sm3", "-sigopt", "distid:1234567812345678")


def test_the_example_of_the_standard(monkeypatch):
    assert sm2.public_of(PRIVATE) == PUBLIC
    assert sm2.verify(PUBLIC, MESSAGE, SIGNATURE)
    assert sm2.sign(PRIVATE, MESSAGE) != sm2.sign(PRIVATE, MESSAGE)
    monkeypatch.setattr(secrets, "randbits", lambda _: RANDOM)
    assert sm2.sign(PRIVATE, MESSAGE) == SIGNATURE


@pytest.mark.parametrize(
    "forged",
    [
        encode_dss_signature(R, S + 1),
        encode_dss_signature(S, R),
        encode_dss_signature(R + sm2.ORDER, S),
        encode_dss_signature(R, S + sm2.ORDER),
        encode_dss_signature(0, S),
        encode_dss_signature(R, 0),
        encode_dss_signature(R, sm2.ORDER - R),
        encode_dss_signature(R, 2**300),
        b"\x30\x06\x02\x01\xff\x02\x01\xff",
        SIGNATURE + b"\0",
        SIGNATURE[:-1],
        R.to_bytes(32) + S.to_bytes(32),
        b"",
    ],
    ids=str,
)
def test_what_is_no_signature_does_not_hold(forged):
    assert not sm2.verify(PUBLIC, MESSAGE, forged)
    assert not sm2.verify(PUBLIC, MESSAGE + b".", SIGNATURE)


def test_openssl_and_we_believe_each_other(tmp_path):
    own = make_private(tmp_path / "own.pem")
    public, text, signed = (tmp_path / name for name in ("public.pem", "text", "signature"))
    openssl("pkey", "-in", own, "-pubout", "-out", public)
    private = sm2.private_key(own.read_text())
    assert sm2.public_of(private) == sm2.public_key(public.read_text())
    text.write_bytes("三张卡".encode() * 40)
    openssl(*BY_OPENSSL, "-sign", own, "-out", signed, text)
    assert sm2.verify(sm2.public_key(public.read_text()), text.read_bytes(), signed.read_bytes())
    assert not sm2.verify(PUBLIC, text.read_bytes(), signed.read_bytes())
    signed.write_bytes(sm2.sign(private, text.read_bytes()))
    assert b"OK" in openssl(*BY_OPENSSL, "-verify", public, "-signature", signed, text)


def test_every_form_openssl_writes_a_key_in_is_read(tmp_path):
    own = make_private(tmp_path / "own.pem").read_text()
    old = openssl("ec", "-in", tmp_path / "own.pem").decode()
    assert ("BEGIN PRIVATE KEY" in own, "BEGIN PRIVATE KEY" in old) == (True, False)
    parameters = openssl("ecparam", "-name", "SM2").decode()
    private = sm2.private_key(own)
    assert sm2.private_key(old) == sm2.private_key(parameters + old) == private
    short = ("ec", "-in", tmp_path / "own.pem", "-pubout", "-conv_form", "compressed")
    point = sm2.public_key(openssl(*short).decode())
    assert len(point) == 33
    assert sm2.verify(point, MESSAGE, sm2.sign(private, MESSAGE))


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (
            ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
            "1.2.840.10045.3.1.7, that of",
        ),
        (("-algorithm", "ED25519"), "another kind"),
        (("-algorithm", "SM2", "-aes-128-cbc", "-pass", "pass:x"), "it is encrypted"),
    ],
    ids=["P-256", "Ed25519", "encrypted"],
)
def test_a_key_that_is_not_ours_is_told(tmp_path, kind, why):
    file = make_private(tmp_path / "own.pem", *kind)
    with pytest.raises(sm2.NoSM2Key, match=why):
        sm2.private_key(file.read_text())


def test_a_point_off_the_curve_is_no_public_key(tmp_path):
    own = make_private(tmp_path / "own.pem")
    lines = openssl("pkey", "-in", own, "-pubout").decode().splitlines()
    at = 30  # within the point's second number
    lines[2] = lines[2][:at] + ("A" if lines[2][at] != "A" else "B") + lines[2][at + 1 :]
    with pytest.raises(sm2.NoSM2Key, match="not on the curve"):
        sm2.public_key("\n".join(lines))


@pytest.fixture
def office(tmp_path):
    """The file of keys of one side, its pairs beside it."""
    sides = [tmp_path / name / "keys.toml" for name in ("office", "place")]
    for side in sides:
        side.parent.mkdir()
    lay_keys("bj", *sides)
    return sides[0]


def test_a_file_of_keys_names_a_pair(office):
    key = read_keys(office).keys["bj"]
    assert key.algorithm is Algorithm.SM2_SM3
    assert key.secret == sm2.private_key((office.parent / "own.pem").read_text())
    assert key.other == sm2.public_key((office.parent / "other.pem").read_text())
    assert str(key.secret) not in repr(key)


@pytest.mark.parametrize(
    ("break_", "why"),
    [
        (lambda folder: (folder / "own.pem").chmod(0o640), "own.pem.*chmod 600"),
        (lambda folder: (folder / "other.pem").chmod(0o664), "other.pem.*chmod 644"),
        (lambda folder: (folder / "own.pem").unlink(), "own.pem.*No such file"),
        (lambda folder: (folder / "other.pem").write_bytes(b"\xff"), "other.pem.*no text"),
        (
            lambda folder: (folder / "other.pem").write_text((folder / "own.pem").read_text()),
            "other.pem.*no PEM file of a public key",
        ),
        (
            lambda folder: openssl(
                "pkey", "-in", folder / "own.pem", "-pubout", "-out", folder / "other.pem"
            ),
            "belongs to own.pem",
        ),
        (
            lambda folder: openssl(
                "ec",
                "-in",
                folder / "own.pem",
                "-pubout",
                "-conv_form",
                "compressed",
                "-out",
                folder / "other.pem",
            ),
            "belongs to own.pem",
        ),
        (
            lambda folder: (folder / "keys.toml").write_text('[keys.bj]\nalgorithm = "sm2-sm3"\n'),
            "private: Field required",
        ),
    ],
    ids=[
        "open",
        "open to change",
        "gone",
        "no text",
        "private for public",
        "own for other",
        "own, short",
        "no names",
    ],
)
def test_what_is_wrong_with_a_pair_is_told(office, break_, why):
    break_(office.parent)
    with pytest.raises(BadKeys, match=why):
        read_keys(office)
