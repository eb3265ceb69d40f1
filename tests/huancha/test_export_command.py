"""`huancha export` and `huancha verify` by people of the office: from a ring to a bundle that strangers check."""

import csv
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from casework import cases
from casework.exports.formats import FORMATS
from casework.people import Actor, Role
from graph.results import latest_scan
from graph.snapshot import current_snapshot
from huancha.workspace import open_workspace
from tests.casework.conftest import NOW
from tests.dashboards.worlds import sealed
from tests.factory import add_scan, small_world

PEOPLE = """
[people.chen]
roles = ["investigator", "approver"]
[people.li]
roles = ["approver"]
[people.wu]
roles = ["liaison"]
[people.far]
roles = ["approver", "investigator"]
regions = ["130000"]
"""
OURS = f"import sys; sys.path[0] = {str(Path(__file__).parents[2])!r}; from huancha.cli import main; main()"
CHEN = Actor("chen", frozenset({Role.INVESTIGATOR}))
TO = (
    "--area", "110105", "--to", "市公安局", "--person", "王警官", "--profile", "police",
    "--law", "医保发〔2021〕49号", "--why", "移送",
)  # fmt: skip


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A small world with a scan and a vault."""
    made = small_world(tmp_path_factory.mktemp("exports"), seed=3, patients=30, visits=260)
    add_scan(made, size=8)
    sealed(made)
    return made


@pytest.fixture
def by(call_as, workspace, people, monkeypatch):
    """Call `huancha` as one of the people."""
    people(PEOPLE)
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(workspace))
    return call_as


@pytest.fixture
def ring(workspace):
    """The ring that ranks first."""
    return latest_scan(workspace).rings().items[0].ring


def released(by, *what, to=TO):
    """The number of a release that two people made."""
    assert by("chen", "export", "propose", *what, *to).code == 0
    no = by("chen", "export", "--json").json[0]["no"]
    assert by("li", "export", "approve", no, "--why", "同意").code == 0
    return no


def alone(folder, *arguments):
    """`huancha verify` with no settings, in a folder that holds nothing."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", OURS, "verify", *map(str, arguments)], cwd=folder, env={}, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert list(folder.iterdir()) == []
    return done


def test_from_a_ring_to_a_bundle_that_anybody_checks(by, ring, tmp_path):
    assert by("chen", "export", "propose", "ring", ring, *TO).code == 0
    no = by("li", "export", "list", "--json").json[0]["no"]
    proposed = by("li", "export", "show", no, "--json").json
    assert proposed["draft"]["formats"] == [one.name for one in FORMATS]
    first, again = tmp_path / "first.zip", tmp_path / "again.zip"
    assert "nobody released" in by("chen", "export", "build", no, "--out", first).err
    for who, sentence in (("chen", "another person"), ("wu", "no approver"), ("far", "110105")):
        refused = by(who, "export", "approve", no, "--why", "同意")
        assert (refused.code, sentence in refused.err) == (1, True)
    assert "released" in by("li", "export", "approve", no, "--why", "同意").err
    for who, out in (("chen", first), ("wu", again)):
        assert by(who, "export", "build", no, "--out", out).code == 0
    assert first.read_bytes() == again.read_bytes()
    told = by("wu", "export", "card").err.split()[-1]
    checked = alone(tmp_path / "empty", first, "--fingerprint", told)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert all(word in checked.stdout for word in ("市公安局", ring, "相符"))
    assert by("wu", "export", "sent", no, "--to", "王警官", "--how", "专人").code == 0
    assert by("wu", "export", "opened", no, "--by", "王警官").code == 0
    assert by("wu", "export", "received", no, "--by", "王警官", "--receipt", "回1号").code == 0
    assert by("wu", "export", "returned", no, "--by", "王警官", "--why", "材料不全").code == 0
    kept = by("wu", "export", "show", no, "--json").json
    events = [step["event"] for step in kept["custody"]]
    assert events == ["built", "built", "sent", "opened", "received", "returned"]
    assert all(word in by("wu", "export", "show", no).out for word in ("专人", "回1号", "材料不全"))
    assert kept["custody"][0]["sha256"][:16] in by("wu", "export").out
    assert by("far", "export", "--json").json == []
    assert by("far", "export", "show", no).code == 1


def test_a_touched_bundle_is_refused_and_says_where(by, ring, tmp_path, call):
    no = released(by, "ring", ring)
    bundle = tmp_path / "ring.zip"
    assert by("chen", "export", "build", no, "--out", bundle).code == 0
    before = bundle.read_bytes()
    with zipfile.ZipFile(bundle) as opened:
        start = before.index(opened.read("network.json"))
    bundle.write_bytes(before[:start] + b"[" + before[start + 1 :])
    refused = alone(tmp_path / "empty", bundle)
    assert refused.returncode == 1
    assert "not to be relied on" in refused.stderr
    (wrong,) = [line for line in refused.stdout.splitlines() if "not as it was" in line]
    assert "network.json" in wrong
    assert call("verify", bundle, "--json").json["whole"] is False
    bundle.write_bytes(before)
    assert call("verify", bundle, "--fingerprint", "00 11").code == 1
    held = call("verify", bundle, "--json").json
    assert (held["whole"], held["facts"]["approver"]) == (True, "li")
    assert call("verify", tmp_path / "none.zip").code == 1


def test_a_strangers_words_do_nothing_to_the_terminal(tmp_path, call):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as opened:
        opened.writestr("\x1b[2Jgone", b"")
    answer = call("verify", tmp_path / "x.zip")
    assert answer.code == 1
    assert "\x1b" not in answer.out


def test_what_it_is_built_from_is_that_of_the_day(by, workspace, ring, tmp_path):
    """A decision by hand and a newer scan change nothing; without the old scan it is said what is missing."""
    no = released(by, "ring", ring)
    first, again = tmp_path / "first.zip", tmp_path / "again.zip"
    assert by("chen", "export", "build", no, "--out", first).code == 0
    scan = by("chen", "export", "show", no, "--json").json["draft"]["scan"]
    old, newer = workspace / "scans" / scan, workspace / "scans" / f"{scan}x"
    shutil.copytree(old, newer)
    assert by("chen", "export", "build", no, "--out", again).code == 0
    assert first.read_bytes() == again.read_bytes()
    shutil.rmtree(newer)
    snapshot = current_snapshot(workspace).path
    for gone in (old, snapshot):
        away = gone.rename(workspace / "away")
        refused = by("chen", "export", "build", no, "--out", tmp_path / "third.zip")
        away.rename(gone)
        assert (refused.code, gone.name in refused.err) == (1, True)
    assert not (tmp_path / "third.zip").exists()


def test_a_case_with_its_attachments_and_a_view(by, workspace, ring, tmp_path):
    case = by("chen", "case", "open", "团伙", "--ring", ring, "--area", "110105", "--why", "查")
    assert case.code == 0
    id_ = by("chen", "case", "list", "--json").json[0]["id"]
    with open_workspace(workspace).casework() as store, store.write() as tx:
        cases.attach(tx, CHEN, id_, "笔录.txt", "笔录".encode(), "证据", NOW)
    nodes = [member.id for member in latest_scan(workspace).members(ring)]
    chosen = [part for node in nodes[:3] for part in ("--node", node)]
    bureau = tuple("bureau" if word == "police" else word for word in TO)
    research = tuple("research" if word == "police" else word for word in TO)
    numbers = {}
    for what, to in (
        (("case", id_, "--attach", 1), TO),
        (("view", "三人", *chosen), bureau),
        (("ring", ring), research),
    ):
        out = tmp_path / f"{what[0]}.zip"
        numbers[what[0]] = released(by, *what, to=to)
        assert by("chen", "export", "build", numbers[what[0]], "--out", out).code == 0
        assert alone(tmp_path / "empty", out).returncode == 0
    with zipfile.ZipFile(tmp_path / "case.zip") as opened:
        assert opened.read("attachments/1_笔录.txt").decode() == "笔录"
        assert opened.read("source_rows.csv").startswith(b"row,file,line\r\nsetl_d:")
        (told,) = csv.DictReader(opened.read("decided.csv").decode("utf-8-sig").splitlines())
    assert (told["kind:string"], told["on:string"], told["state:string"]) == ("case", id_, "new")
    assert by("chen", "case", "move", id_, "investigating", "--why", "查").code == 0
    again = tmp_path / "again.zip"
    assert by("chen", "export", "build", numbers["case"], "--out", again).code == 0
    assert again.read_bytes() == (tmp_path / "case.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "view.zip") as opened:
        held = opened.read("network.json").decode()
        assert all(node in held for node in nodes[:3])
    assert ring.encode() not in (tmp_path / "ring.zip").read_bytes()
    for wrong in (("person", "x"), ("case", "cs_none"), ("view", "空")):
        assert by("chen", "export", "propose", *wrong, *TO).code != 0
