"""`huancha referral` from a case to the hand-over, by the people of an office."""

import hashlib
import json
import shutil
import zipfile

import pytest

from casework.bundles import verify
from tests.casework.referred import referred_world

PEOPLE = """
[people.chen]
roles = ["investigator"]
[people.li]
roles = ["approver"]
[people.zheng]
roles = ["approver"]
[people.tian]
roles = ["approver"]
regions = ["120000"]
"""
TEXTS = (
    "--office", "某区医疗保障局", "--police", "某市公安局", "--number", "某医保移〔2026〕1号",
    "--suspects", "某门诊部", "--crime", "诈骗罪", "--law", "刑法第二百六十六条",
)  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return referred_world(tmp_path_factory.mktemp("referral"))


@pytest.fixture
def by(call_as, world, people, tmp_path, monkeypatch):
    """Call `huancha referral` as one of the people, on a copy of the office."""
    people(PEOPLE)
    shutil.copytree(world.workspace, tmp_path / "office")
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(tmp_path / "office"))

    def calling(name, *arguments):
        return call_as(name, "referral", *arguments)

    return calling


@pytest.fixture
def drafted(by, world, call_as, tmp_path):
    """A case of the world's rings, drafted."""
    opened = ("case", "open", "某案", "--area", "110105", "--why", "核查")
    assert call_as("chen", *opened).code == 0
    facts = tmp_path / "facts.txt"
    facts.write_text("经查，涉嫌虚构就诊。\n", "utf-8")
    rings = [part for ring in world.draft.rings for part in ("--ring", ring)]
    assert by("chen", "draft", "cs_1", *rings, "--facts", facts, *TEXTS).code == 0


def lacking(by):
    found = by("li", "checklist", 1, "--json").json
    return {need for need, missing in found.items() if missing}


def test_from_a_case_to_the_hand_over(by, drafted, world, tmp_path, call_as):
    assert lacking(by) == {"officers", "items", "report", "approval"}
    (one,) = by("chen", "list", "--json").json
    assert (one["state"], one["draft"]["fund"]) == ("draft", world.draft.fund)
    assert by("chen", "report", 1, "--why", "应当移送").code == 1
    assert by("chen", "officers", 1, "chen=110105001", "zheng=110105002").code == 0
    assert by("chen", "items", 1, "处方=12张=档案室=原件").code == 0
    assert by("chen", "write", 1, "--fund", "1,000").code == 0
    assert by("chen", "report", 1, "--why", "应当移送").code == 0
    assert "officers" in by("zheng", "decide", 1, "--approve", "--why", "同意").err
    assert by("tian", "decide", 1, "--approve", "--why", "同意").code == 1
    assert lacking(by) == {"amount", "approval"}
    assert "referral_approval" in str(call_as("li", "due", "--json").json)
    assert by("li", "decide", 1, "--refuse", "--why", "数额不符").code == 0
    assert by("chen", "write", 1, "--fund", f"{world.draft.fund / 100}").code == 0
    refused = by("chen", "build", 1, "--out", tmp_path / "early.zip")
    assert (refused.code, "approval" in refused.err) == (1, True)
    assert by("chen", "report", 1, "--why", "已核对").code == 0
    assert by("li", "decide", 1, "--approve", "--why", "同意").code == 0
    assert "✓ 负责人批准" in by("chen", "checklist", 1).out

    assert call_as("li", "export", "--json").json == []
    packed = [tmp_path / name for name in ("one.zip", "two.zip")]
    for file in packed:
        assert by("chen", "build", 1, "--out", file).code == 0
    assert packed[0].read_bytes() == packed[1].read_bytes()
    checked = verify(packed[0])
    assert (checked.whole, checked.manifest.facts.approver) == (True, "li")
    with zipfile.ZipFile(packed[0]) as opened:
        names = set(opened.namelist())
        told = json.loads(opened.read("network/network.json"))["decided"]
    assert [(one["kind"], one["on"], one["state"]) for one in told] == [("case", "cs_1", "new")]
    assert names >= {"01_涉嫌犯罪案件移送书.docx", "05_证据目录.pdf", "source_rows.csv"}
    assert any(name.startswith("network/") and name.endswith(".graphml") for name in names)

    assert by("chen", "reply", 1, "filed", "--document", "立1号").code == 1
    assert by("chen", "sent", 1, "--document", "专人送达").code == 0
    (left,) = call_as("li", "export", "--json").json
    assert (left["referral"], left["state"], left["reviewer"]) == (1, "sent", "li")
    assert left["sha256"] == hashlib.sha256(packed[0].read_bytes()).hexdigest()
    listed = call_as("li", "export", "list").out
    assert all(word in listed for word in ("referral 1", "某市公安局", left["sha256"][:16]))
    assert by("chen", "reply", 1, "received", "--document", "回执1号").code == 0
    assert by("chen", "reply", 1, "not_filed", "--document", "不立1号").code == 1
    assert by("chen", "reply", 1, "sold", "--document", "x").code == 2
    for step, why in (("not_filed", "证据不足"), ("reconsideration", "有新证据"), ("filed", "")):
        assert by("chen", "reply", 1, step, "--document", "1号", "--why", why).code == 0
    assert "handover" in str(call_as("chen", "due", "--json").json)
    assert by("chen", "reply", 1, "handed_over", "--document", "交接单").code == 0
    shown = by("li", "show", 1, "--json").json
    assert shown["state"] == "handed_over"
    assert shown["events"][0]["document"] == hashlib.sha256(packed[0].read_bytes()).hexdigest()
    assert "已移交物品和材料" in by("chen", "list").out
    assert "不予立案" in by("chen", "show", 1).out


def test_what_was_mistyped_is_said(by, drafted, tmp_path):
    assert by("chen", "officers", 1, "chen").code == 2
    assert by("chen", "items", 1, "处方=12张").code == 2
    for amount in ("viel", "NaN", "Infinity", "0.999"):
        assert by("chen", "write", 1, "--fund", amount).code == 2
    assert by("chen", "show", 9).code == 1
    assert by("chen", "answer", 1, "rg_x", "covisit", "household", "已核").code == 0
    assert by("chen", "answer", 1, "rg_x", "covisit", "household", "再核").code == 0
    (answer,) = by("chen", "show", 1, "--json").json["draft"]["answers"]
    assert answer["text"] == "再核"
    assert by("chen", "items", 1, "--none", "无实物").code == 0
    assert by("chen", "write", 1, "--ring", "rg_gone").code == 0
    assert "rg_gone不在扫描" in by("chen", "checklist", 1).out


def test_templates_are_written_once(by, tmp_path):
    assert by("chen", "templates").err.count("已生成") == 6
    assert by("chen", "templates").err == ""
