"""Bundles: the same bytes from the same input, and everything that can be done to one is found out and named."""

import dataclasses
import json
import random
import shutil
import stat
import subprocess
import zipfile
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from casework.bundles import Fault, Line, NotSealable, fingerprint, seal, verify
from casework.bundles.envelope import Entry, closing, local_header
from casework.bundles.manifest import MANIFEST, OWN, SIGNATURE, SIGNER, SUMS, measured, sums
from casework.bundles.verifying import SEALER, ZIP
from tests.casework.sealed_small import FACTS, FILES, KEY, OTHER, small

MINE = fingerprint(KEY.public_key())


def faults(file, sealer=MINE):
    """What is wrong, by what it is wrong with."""
    return {line.what: line.fault for line in verify(file, sealer).lines if line.fault}


def contents(bundle):
    """The files of a bundle in its order."""
    with zipfile.ZipFile(bundle) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def wrapped(files, at=FACTS.sealed_at):
    """A zip in the form of bundles around any pairs of name and content."""
    entries = [Entry(name, len(content), measured(name, [content])[1]) for name, content in files]
    heads = [
        local_header(entry, at) + content
        for entry, (_, content) in zip(entries, files, strict=True)
    ]
    return b"".join(heads) + closing(entries, at)


def test_the_same_input_gives_the_same_bytes(tmp_path):
    first = small(tmp_path).read_bytes()
    assert small(tmp_path, dict(reversed(FILES.items()))).read_bytes() == first
    later = dataclasses.replace(FACTS, sealed_at=datetime(2026, 3, 2, 9, 30, 1, 251))
    assert small(tmp_path, facts=later).read_bytes() != first
    assert [path.name for path in tmp_path.iterdir()] == ["small.zip"]
    assert stat.S_IMODE((tmp_path / "small.zip").stat().st_mode) == 0o600


def test_what_is_whole_is_said_to_be(tmp_path):
    checked = verify(small(tmp_path), MINE)
    assert checked.whole
    assert checked.signer == checked.manifest.signer == MINE
    assert checked.manifest.facts == FACTS
    assert [line.what for line in checked.lines] == [ZIP, SEALER, *OWN, *sorted(FILES)]
    assert verify(small(tmp_path)).whole


def test_others_read_it_without_us(tmp_path):
    bundle = small(tmp_path)
    with zipfile.ZipFile(bundle) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == [*OWN, *sorted(FILES)]
        assert opened.getinfo("empty").date_time == (2026, 3, 2, 9, 30, 0)
        opened.extractall(tmp_path / "out")
    assert {name: (tmp_path / "out" / name).read_bytes() for name in FILES} == FILES
    manifest = json.loads((tmp_path / "out" / MANIFEST).read_text("utf-8"))
    assert manifest["facts"]["recipient_body"] == "北京市公安局"
    for command in (
        ["sha256sum", "--check", "--strict", SUMS],
        ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", SIGNER, "-rawin", "-in", MANIFEST, "-sigfile", SIGNATURE],
        ["unzip", "-t", str(bundle)],
    ):  # fmt: skip
        if shutil.which(command[0]):
            subprocess.run(command, cwd=tmp_path / "out", check=True, capture_output=True)


def test_hashes_are_those_of_the_standards(tmp_path):
    part, crc = measured("x", [b"a", b"bc"])
    assert part.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert part.sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert (part.size, crc) == (3, 0x352441C2)


def test_no_byte_of_a_bundle_can_be_another(tmp_path):
    sealed = small(tmp_path).read_bytes()
    touched = tmp_path / "touched.zip"
    missed = []
    for position in range(len(sealed)):
        for flip in {1 << position % 8, 0x20}:
            other = bytearray(sealed)
            other[position] ^= flip
            touched.write_bytes(other)
            if verify(touched, MINE).whole:
                missed.append((position, flip))
    assert missed == []


def test_no_bit_of_a_large_bundle_can_be_another(tmp_path):
    chance = random.Random(8)
    files = FILES | {f"{n}.bin": chance.randbytes(200_000) for n in range(8)}
    sealed = bytearray(small(tmp_path, files).read_bytes())
    for _ in range(40):
        position, flip = chance.randrange(len(sealed)), 1 << chance.randrange(8)
        sealed[position] ^= flip
        (tmp_path / "small.zip").write_bytes(sealed)
        assert faults(tmp_path / "small.zip")
        sealed[position] ^= flip
    (tmp_path / "small.zip").write_bytes(sealed)
    assert faults(tmp_path / "small.zip") == {}


def test_a_changed_file_is_named_and_no_other(tmp_path):
    bundle = small(tmp_path)
    sealed = bundle.read_bytes()
    bundle.write_bytes(sealed.replace("团伙</g>".encode(), "团火</g>".encode()))
    assert faults(bundle) == {"图/network.graphml": Fault.CHANGED}


@pytest.mark.parametrize("name", OWN)
def test_a_bundle_without_one_of_its_own_files_is_refused(tmp_path, name):
    held = contents(small(tmp_path))
    held.pop(name)
    (tmp_path / "less.zip").write_bytes(wrapped(list(held.items())))
    found = faults(tmp_path / "less.zip")
    assert found[ZIP] is (Fault.NO_BUNDLE if name == MANIFEST else Fault.CHANGED)
    assert name == MANIFEST or found[name] is Fault.MISSING


def test_missing_and_extra_and_doubled_files_are_named(tmp_path):
    held = list(contents(small(tmp_path)).items())
    touched = tmp_path / "touched.zip"
    touched.write_bytes(wrapped([pair for pair in held if pair[0] != "empty"]))
    assert faults(touched)["empty"] is Fault.MISSING
    touched.write_bytes(wrapped([*held, ("more.txt", b"x")]))
    assert faults(touched) == {ZIP: Fault.CHANGED, "more.txt": Fault.EXTRA}
    touched.write_bytes(wrapped([*held, ("来源.csv", b"row\n2\n")]))
    assert faults(touched) == {ZIP: Fault.CHANGED, "来源.csv": Fault.EXTRA}
    touched.write_bytes(wrapped(held[:5] + held[:4:-1]))
    assert faults(touched)[ZIP] is Fault.CHANGED


def test_a_zip_written_by_others_is_not_the_bundle(tmp_path):
    held = contents(small(tmp_path))
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        again = tmp_path / f"{method}.zip"
        with zipfile.ZipFile(again, "w", method) as opened:
            for name, content in held.items():
                opened.writestr(name, content)
        assert ZIP in faults(again)


@pytest.mark.parametrize(
    "tricked",
    [
        lambda sealed: sealed + b"\0",
        lambda sealed: b"\0" + sealed,
        lambda sealed: sealed[:-2] + b"\x05\0hello",
        lambda sealed: sealed[:-1],
        lambda sealed: sealed[:100],
        lambda sealed: sealed + sealed,
        lambda sealed: sealed[: sealed.index(b"PK\1\2")] + b"PK\6\6" + sealed[sealed.index(b"PK\1\2") :],
        lambda sealed: b"",
        lambda sealed: b"PK\3\4",
        lambda sealed: b"PK\5\6" + bytes(18),
    ],
    ids=["trailing", "leading", "comment", "cut", "cut early", "twice", "record", "empty", "mark", "no files"],
)  # fmt: skip
def test_what_is_around_a_bundle_is_found(tmp_path, tricked):
    bundle = small(tmp_path)
    bundle.write_bytes(tricked(bundle.read_bytes()))
    assert ZIP in faults(bundle)


def test_files_that_overlap_are_found(tmp_path):
    """The directory sends two names to one place: zip readers would give one file for both."""
    bundle = small(tmp_path)
    sealed = bytearray(bundle.read_bytes())
    first = sealed.index(b"PK\1\2")
    second = sealed.index(b"PK\1\2", first + 4)
    sealed[second + 42 : second + 46] = sealed[first + 42 : first + 46]
    bundle.write_bytes(sealed)
    assert faults(bundle)[ZIP] is Fault.CHANGED


def test_a_bomb_is_read_for_what_it_is(tmp_path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(MANIFEST, bytes(30_000_000))
    assert bomb.stat().st_size < 100_000
    assert faults(bomb) == {ZIP: Fault.NO_BUNDLE}


def forged(folder, **changes):
    """A bundle whose signer wrote into its manifest what `seal` would not."""
    held = contents(small(folder))
    manifest = json.loads(held[MANIFEST])
    manifest["files"] = changes.pop("files", manifest["files"])
    manifest["facts"] |= changes
    text = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
    own = {MANIFEST: text, SIGNATURE: KEY.sign(text), SIGNER: held[SIGNER]}
    files = [(one["name"], held.get(one["name"], b"")) for one in manifest["files"]]
    parts = [measured(name, [content])[0] for name, content in (*own.items(), *files)]
    out = folder / "forged.zip"
    out.write_bytes(wrapped([*own.items(), (SUMS, sums(parts)), *files]))
    return out


def test_a_forger_with_a_key_changes_nothing_about_what_is_checked(tmp_path):
    assert faults(forged(tmp_path)) == {}


@pytest.mark.parametrize(
    "name",
    [
        "../evil", "/etc/evil", "a/../evil", "C:evil", "a\\evil", "a//b", "a/", "./a", "a\0b", "a\u202eb", "e\u0301",
        "dot.", "blank ", "EMPTY", "Manifest.json", "来源.csv", "x" * 256, "a?", "nul\n",
    ],
)  # fmt: skip
def test_names_that_do_harm_when_unpacked_are_refused(tmp_path, name):
    files = json.loads(contents(small(tmp_path))[MANIFEST])["files"]
    nothing, _ = measured(name, [b""])
    assert faults(forged(tmp_path, files=[*files, vars(nothing)]))[ZIP] is Fault.NO_BUNDLE
    if name not in FILES:
        with pytest.raises(NotSealable):
            small(tmp_path, FILES | {name: b""})


@pytest.mark.parametrize(
    "changes",
    [{"subject": " "}, {"sealed_at": "1979-12-31T00:00:00"}, {"sealed_at": "2026-03-02T09:30:01+08:00"}, {"more": "x"}],
)  # fmt: skip
def test_a_manifest_of_another_form_is_refused(tmp_path, changes):
    assert faults(forged(tmp_path, **changes)) == {ZIP: Fault.NO_BUNDLE}


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": " "}, {"recipient_body": ""}, {"law": "\n"}, {"approver": ""},
        {"source_rows": "none.csv"}, {"sealed_at": datetime(1979, 1, 1)},
    ],
)  # fmt: skip
def test_what_says_too_little_is_not_sealed(tmp_path, changes):
    with pytest.raises(NotSealable):
        small(tmp_path, facts=dataclasses.replace(FACTS, **changes))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", OWN)
def test_a_bundles_own_names_are_taken(tmp_path, name):
    with pytest.raises(NotSealable):
        small(tmp_path, FILES | {name: b""})


def test_another_signer_is_told(tmp_path):
    bundle = small(tmp_path, key=OTHER)
    checked = verify(bundle, MINE)
    assert checked.signer == fingerprint(OTHER.public_key())
    assert [line for line in checked.lines if line.fault] == [Line(SEALER, Fault.ANOTHER_SIGNER)]


@pytest.mark.parametrize(
    "replaced",
    [
        lambda held: {SIGNATURE: bytes(64)},
        lambda held: {SIGNATURE: OTHER.sign(held[MANIFEST])},
        lambda held: {SIGNATURE: KEY.sign(held[MANIFEST] + b"x")},
        lambda held: {SIGNER: _pem(OTHER.public_key())},
        lambda held: {SIGNER: _pem(OTHER.public_key()), SIGNATURE: OTHER.sign(held[MANIFEST])},
        lambda held: {SIGNER: b"x" * 113},
        lambda held: {SIGNER: _pem(generate_private_key(65537, 2048).public_key())[:113]},
    ],
)
def test_a_wrong_signature_vouches_for_nothing(tmp_path, replaced):
    held = contents(small(tmp_path))
    bundle = tmp_path / "wrong.zip"
    bundle.write_bytes(wrapped(list((held | replaced(held)).items())))
    checked = verify(bundle, MINE)
    assert Line(SEALER, Fault.UNSIGNED) in checked.lines
    assert checked.manifest is None
    assert checked.signer is None


def _pem(key):
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_a_bundle_that_could_not_be_written_leaves_the_one_before(tmp_path):
    bundle = small(tmp_path)
    before = bundle.read_bytes()
    with pytest.raises(NotSealable):
        seal({}, FACTS, KEY, bundle)
    assert bundle.read_bytes() == before
