"""Minutes and agenda of a room: complete, the same bytes twice, from a template an office may edit."""

import io
from datetime import date

import pytest
from docx import Document

from casework import assistance, rooms, word
from casework.layout import Layout, Text
from casework.people import Actor, Role
from casework.rooms.agenda import Point, agenda
from casework.rooms.errors import NotHere
from casework.rooms.papers import FOLDER, Heading, Paper, lay_out, write
from casework.word import BadTemplate
from tests.casework.conftest import NOW
from tests.casework.test_rooms import (
    BJ,
    DIRECTORY,
    HE,
    RING,
    SEAT,
    TJ,
    WU,
    hear,
    opinion,
    say,
    theirs,
)

HEADING = Heading("京津冀医保联纪〔2026〕1号", date(2026, 3, 2), "北京")


@pytest.fixture
def place(tmp_path):
    """A paper does not depend on the database: SQLite alone."""
    return tmp_path, None


@pytest.fixture
def talked(act, chen, li):
    """A room with a dispute, an unsigned ring, tasks and a letter that waits."""
    for who in (chen, li, WU):
        act(rooms.enter_room, who, SEAT, NOW)
    say(act, chen, lead=BJ)
    hear(
        act, HE, opinion(HE, 1, "refuted", lead=HE), opinion(HE, 2, ring="rg_b"),
        theirs(HE, 3, "task", {"side": BJ, "what": "补充病历", "due": "2026-03-09"}),
        theirs(HE, 4, "join", {}, ring="", author="冀某"),
    )  # fmt: skip
    act(rooms.escalate, WU, SEAT, DIRECTORY, RING, "认定不一致", NOW)
    asked = {"kind": "request", "id": "ar_1", "asker": HE, "asked": BJ, "case_no": "冀1号", "law": "第4号令",
             "contacts": "某", "maker": "某", "first": "2025-01-01", "last": "2025-02-01", "subject": "某人",
             "reply_by": "2026-03-17", "made_at": "2026-03-02T09:00:00", "what": "住院"}  # fmt: skip
    act(assistance.receive, WU, b"k" * 32, HE, [asked], NOW)


def said(content):
    """Every word of a Word file, tables included."""
    made = Document(io.BytesIO(content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in made.paragraphs), *cells])


def paper(act, chen, kind, workspace):
    found, asked = act(rooms.room_of, SEAT), act(assistance.requests)
    return act(write, chen, kind, found, HEADING, DIRECTORY, asked, workspace, NOW)


def test_the_agenda_is_what_is_open(act, talked):
    found = agenda(act(rooms.room_of, SEAT), act(assistance.requests))
    assert [(one.point, one.ring, one.sides) for one in found] == [
        (Point.DISPUTE, RING, (BJ, HE)), (Point.TASK, RING, (BJ,)), (Point.OPINION, "rg_b", (BJ, TJ)),
        (Point.OPINION, RING, (TJ,)), (Point.ASSISTANCE, "", (BJ,)),
    ]  # fmt: skip


def test_papers_say_everything_twice_the_same(act, chen, talked, tmp_path):
    minutes, points = (paper(act, chen, kind, tmp_path) for kind in Paper)
    assert minutes == paper(act, chen, Paper.MINUTES, tmp_path)
    for word_ in (
        HEADING.number, "2026年3月2日", "北京市医疗保障局", "冀某", "同日刷卡二十人", "不属实", "认定、管辖",
        "已报国家医疗保障局", "补充病历", "进行中", "未完成",
    ):  # fmt: skip
        assert word_ in said(minutes), word_
    for word_ in ("分歧", "补充病历", "冀1号", "2026-03-17", "天津市医疗保障局"):
        assert word_ in said(points), word_


def test_an_office_edits_the_template_and_leaves_nothing_needed_out(act, chen, talked, tmp_path):
    assert {file.name for file in lay_out(tmp_path)} == {"minutes.docx", "agenda.docx"}
    assert lay_out(tmp_path) == ()
    own = Layout("本局格式", (Text("{{ number }}：{{ items }}"),))
    (tmp_path / FOLDER / "agenda.docx").write_bytes(word.built(own))
    assert "本局格式" in said(paper(act, chen, Paper.AGENDA, tmp_path))
    (tmp_path / FOLDER / "minutes.docx").write_bytes(word.built(own))
    with pytest.raises(BadTemplate, match="items"):
        paper(act, chen, Paper.MINUTES, tmp_path)


def test_only_who_may_take_part_writes_one(act, talked, tmp_path):
    with pytest.raises(NotHere):
        paper(act, Actor("审计", frozenset({Role.AUDITOR})), Paper.MINUTES, tmp_path)
