"""Three installations and one world: a whole joint review, and a look at every byte that went between them."""

import base64
import csv
import hashlib
import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import pytest

from casework import joint
from casework.joint.blind import Blinder
from casework.joint.wire import unseal
from casework.store import open_store
from graph.scan.run import run_scan
from graph.schema import Grade
from huancha.workspace import Workspace, open_workspace
from loaders.load import load_folder
from loaders.synthetic import Dirt, WorldSettings, split_world, write_world
from loaders.synthetic.truth import Truth, read_truth, truth_path
from tests.casework.joint_parts import assembled, send_part
from tests.casework.joint_sides import Office, agreed, deliver, office

NOW = datetime(2026, 3, 1, 9)


@dataclass
class Exchange:
    """The three offices after the exchange of their parts, and the world they are from."""

    offices: dict[str, Office]
    workspaces: dict[str, Workspace]
    review: str
    people: dict[str, dict[str, str]]
    truth: Truth
    folder: Path

    @cached_property
    def key(self) -> bytes:
        one = self.offices["110000"]
        return one.review(self.review).key(one.keys)

    def blind(self, members) -> set[str]:
        blinder = Blinder(self.key)
        return {blinder.patient(self.people[m]["certno"], m) for m in members}

    def planted(self) -> list[set[str]]:
        return [self.blind(r.members) for r in self.truth.rings if r.kind == "cross_border"]

    def rings(self, code: str):
        with self.offices[code].store.read() as tx:
            return joint.joint_rings(tx, self.review)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory):
    base = tmp_path_factory.mktemp("joint")
    settings = WorldSettings(borders=2, dirt=Dirt.none())
    write_world(base / "world", visits=12_000, seed=7, settings=settings)
    offices, workspaces = {}, {}
    for prefix in ("11", "12", "13"):
        split_world(base / "world", prefix, base / prefix)
        workspace = base / f"workspace-{prefix}"
        load_folder(base / prefix, workspace, now=NOW)
        run_scan(workspace, seed=1, now=NOW)
        code = f"{prefix}0000"
        workspaces[code] = open_workspace(workspace)
        offices[code] = office(code, open_store(workspace), workspace)
    review = agreed(*offices.values())
    for code, one in offices.items():
        held = one.review(review)
        workspace = workspaces[code]
        made = joint.make_part(
            workspace.snapshot(), held, held.key(one.keys), workspace.identities()
        )
        send_part(one, review, made)
    deliver(review, *offices.values())
    for one in offices.values():
        assembled(one, review)
    with (base / "world" / "psn_info_b.csv").open(encoding="utf-8") as opened:
        people = {row["psn_no"]: row for row in csv.DictReader(opened)}
    truth = read_truth(truth_path(base / "world"))
    yield Exchange(offices, workspaces, review, people, truth, base)
    for one in offices.values():
        one.store.close()


def test_planted_rings_are_found_jointly_and_by_no_side_alone(exchange):
    planted = exchange.planted()
    assert len(planted) == 2
    strong = [r for r in exchange.rings("110000") if r.grade is not Grade.C]
    for members in planted:
        found = max(strong, key=lambda ring: len(members & set(ring.members)))
        assert len(members & set(found.members)) >= 0.7 * len(members)
        assert set(found.members) <= members
        assert found.grade is Grade.A
        assert found.alone == 0.0
    for members in (r.members for r in exchange.truth.rings if r.kind == "cross_border"):
        for workspace in exchange.workspaces.values():
            ids = {id_ for code in members for id_ in workspace.ids_of(code)}
            scan = workspace.scan()
            for ring in scan.rings():
                assert len(ids & {member.id for member in scan.members(ring.ring)}) < 2


def test_what_looks_like_one_is_not_taken_for_one(exchange):
    strong = [set(r.members) for r in exchange.rings("110000") if r.grade is not Grade.C]
    for twin in exchange.truth.look_alikes:
        if twin.kind.startswith("border"):
            members = exchange.blind(twin.members)
            assert all(len(members & ring) < 2 for ring in strong)
    weak = [r for r in exchange.rings("110000") if r.grade is Grade.C]
    assert any(r.explanations == ("employer",) for r in weak)


def test_all_sides_have_the_same_rings_under_the_same_ids(exchange):
    for code in ("120000", "130000"):
        both = {r.id: r for r in exchange.rings(code)}
        mine = {r.id: r for r in exchange.rings("110000")}
        assert both.keys() & mine.keys()
        assert all(both[id_] == mine[id_] for id_ in both.keys() & mine.keys())
    digests = set()
    for one in exchange.offices.values():
        with one.store.read() as tx:
            digests.add(joint.assembly(tx, exchange.review).digest)
    assert len(digests) == 1


def unpacked(exchange) -> list[bytes]:
    """Every file exchanged, and what is in it after opening and unpacking."""
    found = []
    for one in exchange.offices.values():
        for recipient, file in one.post(exchange.review):
            signed = unseal(exchange.offices[recipient].keys, file).signed
            found += [file, signed, zlib.decompress(signed[64:])]
    return found


def secrets(folder: Path) -> set[str]:
    """Names, numbers, phones, accounts, addresses and the platform's codes of people and staff of a whole world."""
    private = {
        "psn_info_b.csv": ("psn_no", "psn_name", "certno", "tel", "live_addr", "bankacct", "emp_no", "emp_name"),
        "prac_psn_b.csv": ("prac_psn_code", "psn_name", "certno", "prac_cert_no", "tel", "bankacct"),
        "fixmedins_b.csv": ("legrep_name", "legrep_certno", "hi_resper_name", "tel", "addr", "bankacct", "fixmedins_code"),
    }  # fmt: skip
    found = set()
    for name, columns in private.items():
        with (folder / name).open(encoding="utf-8") as opened:
            for row in csv.DictReader(opened):
                found |= {row[column] for column in columns if row[column]}
    return found


def test_no_byte_exchanged_tells_who_anybody_is(exchange):
    """The sides' own ids are looked for as well: they would tell one review's people from another's."""
    said = unpacked(exchange)
    assert len(said) == 3 * (2 + 4 + 6)
    values = secrets(exchange.folder / "world")
    assert len(values) > 5_000
    for workspace in exchange.workspaces.values():
        snapshot = workspace.snapshot()
        with snapshot.connect() as con:
            values |= {id_ for (id_,) in con.execute("SELECT id FROM patients").fetchall()}
            values |= {id_ for (id_,) in con.execute("SELECT id FROM tokens").fetchall()}
    whole = b"\n".join(said)
    text = whole.decode("utf-8", "ignore")
    assert b'"persons":[["jp_' in whole
    assert [value for value in values if value in text] == []


def test_nobody_without_the_key_finds_a_number_by_trying_them_all(exchange):
    told = set(re.findall(rb"jp_([a-z2-7]{20})", b"\n".join(unpacked(exchange))))
    numbers = {row["certno"] for row in exchange.people.values()}
    one = exchange.offices["110000"]
    stranger = agreed(*exchange.offices.values())
    wrong = [b"", exchange.review.encode(), b"huancha", one.review(stranger).key(one.keys)]
    tried = {Blinder(key).patient(number, "")[3:] for key in wrong for number in numbers}
    for number in numbers:
        for text in (number, f"certno\x1f{number}", f"jp\x1fcertno\x1f{number}"):
            digest = hashlib.sha256(text.encode()).digest()
            tried.add(base64.b32encode(digest[:13]).decode()[:20].lower())
    assert len(tried) == 7 * len(numbers)
    assert not {one.encode() for one in tried} & told
    with_key = {Blinder(exchange.key).patient(number, "")[3:].encode() for number in numbers}
    assert with_key >= told
    assert len(told) > 50


def test_an_owner_releases_one_person_and_the_others_see_that_one(exchange):
    one, other = exchange.offices["130000"], exchange.offices["110000"]
    workspace = exchange.workspaces["130000"]
    ring = next(r for r in exchange.rings("130000") if r.grade is Grade.A)
    own = joint.subjects(
        workspace.snapshot(), one.review(exchange.review), exchange.key, workspace.identities()
    )
    blind, id_ = next((b, i) for b, i in sorted(own.items()) if b in ring.members)
    made = one.do(
        joint.propose_release, one.keys, one.liaison, exchange.review, ring.id, id_,
        ["name", "certno"], workspace.identities(), "联合约谈", one.now(),
    )  # fmt: skip
    one.let_go(joint.decide_prepared, made.proposal.no)
    one.do(joint.send_prepared, one.keys, one.liaison, made.proposal.no, one.now())
    deliver(exchange.review, *exchange.offices.values())
    with other.store.read() as tx:
        (told,) = joint.releases(tx, other.keys, exchange.review)
    blinder = Blinder(exchange.key)
    person = next(
        row for code, row in exchange.people.items()
        if blinder.patient(row["certno"], code) == blind
    )  # fmt: skip
    assert told.blind == blind
    assert told.fields == {"name": person["psn_name"], "certno": person["certno"]}
