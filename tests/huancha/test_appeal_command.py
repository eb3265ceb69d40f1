"""`huancha notices`, `due` and `appeal` from a suspension's notice to the lift, by people of two rounds."""

import io
from datetime import date, datetime, timedelta

import pytest
from docx import Document

from casework import points, sanctions
from casework.people import Actor, Role
from casework.points import Act, Measure, Responsibility
from casework.store import open_store
from graph.snapshot import current_snapshot
from tests.casework.conftest import NOW, registered
from tests.dashboards.worlds import sealed
from tests.factory import small_world

PEOPLE = """
[people.chen]
roles = ["investigator"]
[people.li]
roles = ["approver"]
[people.zhou]
roles = ["investigator"]
[people.wu]
roles = ["approver"]
[people.tian]
roles = ["investigator", "approver"]
regions = ["120000"]
"""
AREA, DAY = "110105", NOW.date()


@pytest.fixture
def workspace(tmp_path, people):
    """A small office in which chen and li gave somebody nine points and suspended them."""
    people(PEOPLE)
    path = small_world(tmp_path)
    sealed(path)
    with current_snapshot(path).connect() as con:
        (who,) = con.execute("SELECT id FROM practitioners ORDER BY id").fetchone()
    chen = Actor("chen", frozenset({Role.INVESTIGATOR}))
    li = Actor("li", frozenset({Role.APPROVER}))
    given = Act(
        who, "fa_a", AREA, 7, 9, Responsibility.MAIN, Measure.PENALTY, "罚1号", DAY, "冒名结算"
    )
    nobody = registered()
    with open_store(path) as store, store.write() as tx:
        line = points.propose_act(tx, chen, given, NOW)
        points.review(tx, li, line.no, "属实", NOW, approve=True)
        draft = sanctions.draft_by_points(tx, who, AREA, DAY.year, DAY, 6)
        made = sanctions.propose(tx, chen, draft, nobody, "累计9分", NOW)
        sanctions.decide_sanction(tx, li, made.no, nobody, "同意", NOW, approve=True)
    return path


class Then(datetime):
    """The suspension runs, and its year's holidays are known."""

    @classmethod
    def now(cls, tz=None):
        return datetime(2026, 5, 4, 10, tzinfo=tz)


@pytest.fixture
def by(call_as, workspace, monkeypatch):
    """Call `huancha` as one of the people."""
    monkeypatch.setattr("casework.beijing.datetime", Then)

    def calling(name, command, *arguments):
        return call_as(name, *command.split(), "--workspace", workspace, *arguments)

    return calling


@pytest.fixture
def paper(tmp_path):
    file = tmp_path / "paper.pdf"
    file.write_bytes(b"signed")
    return file


def served(by, tmp_path, *about):
    """The notice of a decision, written and served."""
    out = tmp_path / "notice.docx"
    done = by(
        "chen",
        "notices write",
        "decision",
        *about,
        "--number",
        "处8号",
        "--office",
        "某局",
        "--out",
        out,
    )
    assert done.code == 0, done.err
    done = by("chen", "notices serve", "decision", out, *about, "--number", "处8号", "--on", DAY)
    assert done.code == 0, done.err
    return "\n".join(one.text for one in Document(io.BytesIO(out.read_bytes())).paragraphs)


def test_from_the_notice_to_points_and_suspension_undone(by, workspace, tmp_path, paper):
    text = served(by, tmp_path, "--line", 1)
    assert "在2026自然年度记9分" in text
    assert "张pr_" in text
    assert "{{" not in text
    assert [one["number"] for one in by("li", "notices", "--json").json] == ["处8号"]
    filed = by("chen", "appeal file", paper, "--line", 1, "--on", DAY, "--why", "当日不在岗")
    assert "filed" in filed.err
    assert (
        by("chen", "appeal ask", 1, "是否必要", "--expert", "钱教授", "--body", "医学会").code == 0
    )
    given = by("chen", "appeal opinion", 1, paper, "--said", "不必要", "--recusal", "无利害关系")
    assert given.code == 0
    refused = by("chen", "appeal propose", 1, "upheld", "--why", "有据")
    assert (refused.code, "ask somebody who did not" in refused.err) == (1, True)
    assert "lifts sanction 1" in by("zhou", "appeal propose", 1, "upheld", "--why", "有据").err
    assert by("li", "appeal decide", 1, "--approve", "--why", "同意").code == 1
    assert by("wu", "appeal decide", 1, "--approve", "--why", "同意").code == 0
    assert by("wu", "appeal", "--json").json == []
    (shown,) = by("wu", "appeal list", "--all", "--json").json
    assert (shown["state"], shown["decisions"][0]["effects"]["lines"]) == ("upheld", [1])
    assert "reverses line 1" in by("wu", "appeal show", 1).out
    with open_store(workspace) as store, store.read() as tx:
        assert sanctions.sanction(tx, 1).lifted == date(2026, 5, 4)


def test_partly_from_a_day_on_and_late_ones_wait(by, tmp_path, paper):
    served(by, tmp_path, "--sanction", 1)
    late = DAY + timedelta(days=60)
    filed = by("chen", "appeal file", paper, "--sanction", 1, "--on", late, "--why", "过重")
    assert "late" in filed.err
    assert by("wu", "appeal admit", 1, "--admit", "--why", "住院").code == 0
    assert by("zhou", "appeal propose", 1, "maybe", "--why", "?").code == 2
    told = by(
        "zhou", "appeal propose", 1, "partly", "--lift-from", "2026-06-01", "--why", "情节较轻"
    )
    assert "2026-06-01" in told.err
    assert by("wu", "appeal decide", 1, "--refuse", "--why", "再议").code == 0
    assert by("zhou", "appeal propose", 1, "rejected", "--why", "维持").code == 0
    assert "rejected" in by("wu", "appeal decide", 1, "--approve", "--why", "同意").err


def test_what_is_due_is_listed_by_region(by, tmp_path):
    served(by, tmp_path, "--sanction", 1)
    listed = by("chen", "due", "--json").json
    assert [(one["kind"], one["overdue"]) for one in listed] == [("reinstatement", False)]
    assert "2026-09-01 23:59" in by("chen", "due").out
    assert by("tian", "due", "--json").json == []
    assert "0 / 0" in by("tian", "due", "--overdue").out


def test_templates_are_laid_out_and_wrong_calls_said(by, workspace, paper):
    assert by("chen", "notices templates").code == 0
    assert len(list((workspace / "templates").glob("*.docx"))) == 4
    for about in ((), ("--line", 1, "--sanction", 1)):
        assert by("chen", "appeal file", paper, *about, "--on", DAY, "--why", "x").code == 2
    wrong = by("chen", "notices serve", "letter", paper, "--line", 1, "--number", "1", "--on", DAY)
    assert wrong.code == 2
