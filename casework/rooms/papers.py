"""The minutes (会议纪要) and the agenda (会议议程) of a room as Word files, from templates an office edits."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

from pydantic import TypeAdapter

from casework import audit, word
from casework.assistance import Directory, Request
from casework.law.read import read_toml
from casework.layout import Fields, Layout
from casework.people import Actor
from casework.rooms.acts import TAKES_PART
from casework.rooms.agenda import Item, Point, agenda
from casework.rooms.errors import NotHere
from casework.rooms.room import Dispute, Finding, RingRoom, Room
from casework.store import Tx

LAYOUTS = Path(__file__).parent / "layouts"
FOLDER = Path("templates") / "room"
_LAYOUT = TypeAdapter(Layout)
FINDINGS = {Finding.CONFIRMED: "属实", Finding.REFUTED: "不属实", Finding.MORE: "待补充核查"}
DISPUTES = {Dispute.FINDING: "认定", Dispute.JURISDICTION: "管辖"}
POINTS = {
    Point.DISPUTE: "分歧", Point.TASK: "任务", Point.OPINION: "待提意见", Point.SIGN: "待会签",
    Point.ASSISTANCE: "协查",
}  # fmt: skip


class Paper(StrEnum):
    """会议纪要, 会议议程."""

    MINUTES = "minutes"
    AGENDA = "agenda"


HEAD = frozenset({"number", "date", "place", "review"})
KNOWN = {
    Paper.MINUTES: HEAD | {"sides", "rings", "tasks", "meetings"},
    Paper.AGENDA: HEAD | {"items"},
}
NEEDED = {Paper.MINUTES: frozenset({"sides", "rings"}), Paper.AGENDA: frozenset({"items"})}
"""Fields that an office's own template may not leave out."""


@dataclass(frozen=True)
class Heading:
    """What people put above a paper: its number, the day and place of the meeting."""

    number: str
    held_on: date
    place: str


def write(
    tx: Tx, actor: Actor, paper: Paper, found: Room, heading: Heading, directory: Directory,
    asked: tuple[Request, ...], workspace: Path, now: datetime,
) -> bytes:  # fmt: skip
    """One paper of a room; the same room, heading and template give the same bytes.

    Raises `NotHere` for somebody whose roles take no part in rooms, `NoBody`, `BadTemplate`.
    """
    if not actor.roles & set(TAKES_PART):
        raise NotHere(actor.name, found.review)
    fields = {**_head(found, heading), **_FIELDS[paper](found, directory, asked)}
    content = word.filled(f"{paper}.docx", template(paper, workspace), fields)
    facts = {"paper": paper, "sha256": hashlib.sha256(content).hexdigest()}
    audit.append(tx, actor, "room.paper", found.review, heading.number, now, facts=facts)
    return content


def template(paper: Paper, workspace: Path) -> bytes:
    """The office's template, else ours; raises `BadTemplate` where its fields are not those of the paper."""
    file = workspace / FOLDER / f"{paper}.docx"
    if not file.exists():
        return _default(paper)
    content = file.read_bytes()
    word.check(file.name, content, KNOWN[paper], NEEDED[paper])
    return content


def lay_out(workspace: Path) -> tuple[Path, ...]:
    """Write our templates into `templates/room/` of the workspace; what is there stays. Returns what was written."""
    return word.lay_out(workspace / FOLDER, {paper: partial(_default, paper) for paper in Paper})


def _default(paper: Paper) -> bytes:
    return word.built(read_toml(LAYOUTS / f"{paper}.toml", _LAYOUT, lambda raw: raw))


def _head(found: Room, heading: Heading) -> Fields:
    day = heading.held_on
    said = f"{day.year}年{day.month}月{day.day}日"
    return {
        "number": heading.number, "date": said, "place": heading.place, "review": found.review,
    }  # fmt: skip


def _minutes(found: Room, directory: Directory, _: tuple[Request, ...]) -> Fields:
    return {
        "sides": [
            {"name": directory[side].zh, "people": "、".join(found.participants[side]) or "无"}
            for side in found.sides
        ],
        "rings": [_ring(no, one, found, directory) for no, one in enumerate(found.rings, 1)],
        "tasks": [
            {
                "what": one.what, "side": directory[one.side].zh, "due": one.due.isoformat(),
                "result": one.result or ("已完成" if one.ended_at else "进行中"),
            }
            for one in found.tasks
        ],
        "meetings": [
            {"date": one.held_on.isoformat(), "place": one.place, "text": one.text}
            for one in found.meetings
        ],
    }  # fmt: skip


def _ring(no: int, one: RingRoom, found: Room, directory: Directory) -> Fields:
    disputes = "、".join(DISPUTES[dispute] for dispute in sorted(one.disputes)) or "无"
    taken = f"，已报{directory[one.escalated].zh}" if one.escalated and one.disputes else ""
    return {
        "no": no, "ring": one.ring,
        "opinions": [
            {
                "side": directory[said.side].zh, "author": said.author, "finding": FINDINGS[said.finding],
                "lead": directory[said.lead].zh if said.lead else "未提出", "text": said.text,
            }
            for said in one.opinions
        ],
        "disputes": f"{disputes}{taken}",
        "rulings": "；".join(
            f"{said.document}指定{directory[said.lead].zh}办理" for said in one.rulings
        ) or "无",
        "signed": "、".join(
            f"{directory[side].zh}（{one.signatures[side].author}）"
            for side in found.sides if side in one.signatures
        ) or "无",
        "state": "各方会签完成" if one.settled else "未完成",
    }  # fmt: skip


def _agenda(found: Room, directory: Directory, asked: tuple[Request, ...]) -> Fields:
    items = [
        {
            "no": no, "point": POINTS[one.point], "ring": one.ring,
            "sides": "、".join(directory[side].zh for side in one.sides),
            "about": _about(one),
            "due": one.due.isoformat() if one.due else "",
        }
        for no, one in enumerate(agenda(found, asked), 1)
    ]  # fmt: skip
    return {"items": items}


def _about(one: Item) -> str:
    if one.point is not Point.DISPUTE:
        return one.about
    return "、".join(DISPUTES[Dispute(name)] for name in one.about.split("、"))


_FIELDS = {Paper.MINUTES: _minutes, Paper.AGENDA: _agenda}
