"""`huancha case` by two people of the office, from a ring to what the scan learns."""

from datetime import date

import pytest

from casework.store import FILE
from graph.scan.calibration import load_outcomes
from tests.factory import add_scan, small_world

PEOPLE = """
[people.chen]
roles = ["investigator"]
[people.li]
roles = ["approver", "investigator"]
regions = ["110000"]
[people.wu]
roles = ["viewer"]
"""
RING = "rg_" + "a" * 20


@pytest.fixture
def workspace(tmp_path, people):
    people(PEOPLE)
    return small_world(tmp_path)


@pytest.fixture
def by(call_as, workspace):
    """Call `huancha case` as one of the people."""

    def calling(name, *arguments):
        return call_as(name, "case", "--workspace", workspace, *arguments)

    return calling


def opening(by, who="chen", *more):
    return by(who, "open", "八张卡", "--area", "110105", "--why", "可信", *more)


def test_from_a_ring_to_what_the_scan_learns(by, workspace):
    ring = add_scan(workspace).rings().items[0]
    assert opening(by, "chen", "--ring", ring.ring).code == 0
    assert "cs_1" in by("chen", "assign", "cs_1", "--to", "chen", "--why", "熟悉").err
    assert by("chen", "move", "cs_1", "investigating", "--why", "开始").code == 0
    assert by("chen", "close", "cs_1", "legitimate", "--why", "透析").code == 0
    refused = by("chen", "decide", "cs_1", "--approve", "--why", "同意")
    assert (refused.code, "approver" in refused.err) == (1, True)
    assert by("li", "decide", "cs_1", "--approve", "--why", "同意").code == 0
    shown = by("li", "show", "cs_1", "--json").json
    assert (shown["status"], shown["outcome"], shown["assignee"]) == (
        "closed",
        "legitimate",
        "chen",
    )
    assert {one["action"] for one in shown["done"]} >= {"case.open", "case.close", "case.assign"}
    assert "可信" in by("li", "show", "cs_1").out
    (closed,) = load_outcomes(workspace, date.max)
    assert (closed.ring, closed.outcome, closed.motifs) == (ring.ring, "legitimate", ring.motifs)


def test_nobody_decides_on_their_own_closing(by):
    opening(by, "li")
    by("li", "close", "cs_1", "refuted", "--why", "无据")
    refused = by("li", "decide", "cs_1", "--approve", "--why", "同意")
    assert (refused.code, "another person" in refused.err) == (1, True)
    assert by("chen", "list", "--json").json[0]["status"] == "closing"


def test_the_list_shows_what_waits_in_ones_regions(by):
    opening(by)
    opening(by, "chen", "--penalty", "罚〔2026〕1号")
    by("chen", "open", "天津", "--area", "120102", "--why", "来函", "--bureau", "函1")
    assert "3 / 3" in by("chen").out
    assert [one["id"] for one in by("li", "list", "--json").json] == ["cs_1", "cs_2"]
    assert by("chen", "snooze", "cs_1", "--until", "2999-01-01", "--why", "等").code == 0
    assert [one["id"] for one in by("li", "list", "--json").json] == ["cs_2"]
    assert [one["id"] for one in by("chen", "list", "--status", "snoozed", "--json").json] == [
        "cs_1"
    ]
    away = by("li", "show", "cs_3")
    assert (away.code, "120102" in away.err) == (1, True)


@pytest.mark.parametrize(
    ("who", "arguments", "code", "says"),
    [
        ("wu", ["open", "x", "--area", "11", "--why", "w"], 1, "investigator"),
        ("nobody", ["open", "x", "--area", "11", "--why", "w"], 1, "nobody"),
        ("nobody", ["list"], 1, "nobody"),
        ("chen", ["open", "x", "--area", "11", "--why", "w", "--ring", RING], 1, "scan"),
        ("chen", ["open", "x", "--area", "11", "--why", "w", "--penalty", "1", "--bureau", "2"], 2, "one of"),
        ("chen", ["close", "cs_1", "guilty", "--why", "w"], 2, "guilty"),
        ("chen", ["show", "cs_9"], 1, "cs_9"),
        ("chen", ["move", "cs_9", "new", "--why", "w"], 1, "cs_9"),
    ],
)  # fmt: skip
def test_what_is_refused_is_said(by, who, arguments, code, says):
    refused = by(who, *arguments)
    assert (refused.code, says in refused.err) == (code, True)


def test_without_the_office_file_nobody_acts(by, workspace, monkeypatch):
    monkeypatch.delenv("HUANCHA_PEOPLE")
    refused = opening(by)
    assert (refused.code, "HUANCHA_PEOPLE" in refused.err) == (2, True)
    opening(by)
    assert (workspace / FILE).exists()
