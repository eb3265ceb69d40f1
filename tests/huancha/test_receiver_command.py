"""`huancha receiver` as a place runs it: over TLS, from a file, and what it shows."""

import ipaddress
import os
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from casework.beijing import beijing_now
from casework.orders.batch import read_acknowledgements, write_orders
from casework.orders.errors import BadEndpoint, NotBelieved, PlaceRefused
from casework.orders.https import Endpoint, deliver
from casework.orders.keys import read_keys
from casework.orders.wire import Answer
from tests.casework.sm2_keys import lay_keys
from tests.casework.test_order_wire import ORDER

KEYS = """
[keys.a]
algorithm = "hmac-sm3"
secret = "0123456789abcdef0123456789abcdef"
"""
CLOCK = datetime.now(UTC)
PATIENCE = 120.0
"""Seconds; what is waited for takes one where nothing else runs."""


@pytest.fixture
def hospital(tmp_path, monkeypatch):
    """A workspace of the place, with its keys, for the place of the order."""
    folder = tmp_path / "hospital"
    folder.mkdir()
    (folder / "receiver-keys.toml").write_text(KEYS, "utf-8")
    (folder / "receiver-keys.toml").chmod(0o600)
    monkeypatch.setenv("HUANCHA_RECEIVER_PLACES", f" {ORDER.place_code} ,")
    return folder


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """An authority of the place's own, and the certificate it gave to 127.0.0.1; the authority's file."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, n)]) for n in ("CA", "receiver")
    ]

    def issued(no, *extensions):
        built = (
            x509.CertificateBuilder()
            .subject_name(names[no])
            .issuer_name(names[0])
            .public_key(keys[no].public_key())
            .serial_number(no + 1)
            .not_valid_before(CLOCK - timedelta(days=1))
            .not_valid_after(CLOCK + timedelta(days=1))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(keys[no].public_key()), False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[0].public_key()), False
            )
        )
        for extension in extensions:
            built = built.add_extension(extension, critical=True)
        return built.sign(keys[0], SHA256()).public_bytes(Encoding.PEM)

    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    ca, server = tmp_path / "ca.pem", tmp_path / "server.pem"
    ca.write_bytes(issued(0, x509.BasicConstraints(True, None), usage))
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    secret = keys[1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    server.write_bytes(issued(1, here) + secret)
    monkeypatch.setenv("HUANCHA_RECEIVER_CERTIFICATE", str(server))
    return ca


def test_a_receiver_is_believed_by_its_authority_only_and_ends_when_asked(
    hospital, certificate, start, call
):
    process = start("receiver", "serve", "--workspace", hospital, "--port", 0)
    url = process.stdout.readline().split()[-1]
    assert url.startswith("https://127.0.0.1:")
    key = read_keys(hospital / "receiver-keys.toml").keys["a"]
    known = Endpoint(url, certificate)
    with pytest.raises(NotBelieved, match="certificate"):
        deliver(ORDER, Endpoint(url), key, beijing_now(), PATIENCE)
    lost = Endpoint(url, certificate.with_name("none.pem"))
    with pytest.raises(BadEndpoint, match="authorities"):
        deliver(ORDER, lost, key, beijing_now(), PATIENCE)
    said = deliver(ORDER, known, key, beijing_now(), PATIENCE)
    assert said.status is Answer.ACKNOWLEDGED
    (came,) = call("receiver", "show", "--workspace", hospital, "--json").json
    assert (came["order"], came["receipt"]) == (ORDER.order, said.receipt)
    process.send_signal(signal.SIGTERM)
    assert (process.wait(PATIENCE), "stopped" in process.stderr.read()) == (0, True)


def test_a_batch_file_is_taken_and_answered(hospital, call, tmp_path):
    keys = read_keys(hospital / "receiver-keys.toml").keys
    file = tmp_path / "orders.jsonl"
    file.write_bytes(write_orders("110101", [ORDER], keys["a"], beijing_now()))
    assert call("receiver", "batch", file, "--workspace", hospital).code == 0
    back = read_acknowledgements((tmp_path / "orders.jsonl.ack").read_bytes(), [ORDER.order], keys)
    assert [one.status for one in back.acknowledgements] == [Answer.ACKNOWLEDGED]
    held = ["--on", "2026-04-01", "--workspace", hospital]
    shown = call("receiver", "show", ORDER.practitioner_code, *held)
    assert all(part in shown.out for part in ("suspended", "2026-09-30", "第十八条"))
    (told,) = call("receiver", "show", ORDER.practitioner_code, *held, "--json").json
    assert (told["state"], told["order"]) == ("suspended", ORDER.order)
    assert f"({ORDER.order})  已接收 acknowledged" in call("receiver", "--workspace", hospital).out


def test_a_receiver_and_an_office_with_sm2_keys_of_openssl(hospital, start, call, tmp_path):
    ours, theirs = tmp_path / "office" / "keys.toml", hospital / "receiver-keys.toml"
    ours.parent.mkdir()
    lay_keys("bj", ours, theirs)
    key = read_keys(ours).keys["bj"]
    file = tmp_path / "orders.jsonl"
    file.write_bytes(
        write_orders("110101", [replace(ORDER, order="by-file-1")], key, beijing_now())
    )
    assert call("receiver", "batch", file, "--workspace", hospital).code == 0
    answer = (tmp_path / "orders.jsonl.ack").read_bytes()
    assert not read_acknowledgements(answer, ["by-file-1"], {"bj": key}).missing
    process = start("receiver", "serve", "--workspace", hospital, "--port", 0)
    endpoint = Endpoint(process.stdout.readline().split()[-1])
    said = deliver(ORDER, endpoint, key, beijing_now(), PATIENCE)
    assert said.status is Answer.ACKNOWLEDGED
    lay_keys("bj", ours, tmp_path / "keys.toml")
    with pytest.raises(PlaceRefused, match="401"):
        deliver(ORDER, endpoint, read_keys(ours).keys["bj"], beijing_now(), PATIENCE)


def test_a_cut_batch_leaves_nothing(hospital, call, tmp_path):
    keys = read_keys(hospital / "receiver-keys.toml").keys
    file = tmp_path / "orders.jsonl"
    file.write_bytes(write_orders("110101", [ORDER], keys["a"], beijing_now())[:-2])
    got = call("receiver", "batch", file, "--workspace", hospital)
    assert (got.code, "0 whole lines of 1" in got.err) == (1, True)
    assert sorted(os.listdir(tmp_path)) == ["hospital", "orders.jsonl"]
    assert call("receiver", "show", "--workspace", hospital, "--json").json == []


@pytest.mark.parametrize(
    ("break_", "code", "says"),
    [
        (lambda _, env: env.delenv("HUANCHA_RECEIVER_PLACES"), 2, "HUANCHA_RECEIVER_PLACES"),
        (lambda folder, _: (folder / "receiver-keys.toml").chmod(0o644), 1, "chmod 600"),
        (lambda folder, _: (folder / "receiver-keys.toml").unlink(), 1, "No such file"),
    ],
    ids=["no place", "open keys", "no keys"],
)
def test_a_receiver_that_is_not_set_up_says_what_is_missing(
    hospital, call, monkeypatch, break_, code, says
):
    break_(hospital, monkeypatch)
    got = call("receiver", "batch", hospital, "--workspace", hospital)
    assert (got.code, says in got.err) == (code, True)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hospital.example", "plain http leaves this machine"),
        ("ftp://hospital.example", "no https address"),
        ("https://", "no https address"),
        ("hospital.example", "no https address"),
        ("https://user:secret@hospital.example", "more than scheme"),
        ("https://hospital.example/?x=1", "more than scheme"),
        ("https://hospital.example:port", "no URL"),
    ],
)
def test_where_no_order_may_go(url, why):
    with pytest.raises(BadEndpoint, match=why):
        Endpoint(url)
