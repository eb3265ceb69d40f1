"""Sanctions of one side told to the others (共同退出), who see whom they know themselves and decide for themselves."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from casework import approval, audit, sanctions
from casework.announcements.errors import NoAnnouncement, NotAnnounced, StrangeAnnouncement
from casework.approval import Proposal
from casework.people import Actor, Role, require
from casework.sanctions import Kind, Registry, Sanction
from casework.sql import ColumnElement, func, insert, select
from casework.store import Tx
from casework.store.case_tables import PROPOSALS, REVIEWS
from casework.store.room_tables import ANNOUNCED, ANNOUNCEMENTS, ANSWERS

DECLINE, LIFTED = "announcement.decline", "_lifted"
Ids = Callable[[Collection[str]], Mapping[str, str]]
"""From our own blind ids to those of the review, or back; ids it does not know are left out."""


class Answer(StrEnum):
    """What this side makes of somebody announced."""

    WAITING = "waiting"
    PROPOSED = "proposed"
    SANCTIONED = "sanctioned"
    DECLINING = "declining"
    DECLINED = "declined"


@dataclass(frozen=True)
class Announced:
    """Somebody announced who is known here, by our own blind id; `lifted`: it holds no more from that day on."""

    practitioner: str
    kind: Kind
    begins: date
    ends: date | None
    lifted: date | None
    answer: Answer = Answer.WAITING
    proposal: int | None = None


@dataclass(frozen=True)
class Announcement:
    """A sanction told: by us (`sanction`) or by `side`. `total` persons, of whom `persons` are known here."""

    no: int
    id: str
    review: str
    side: str
    sanction: int | None
    total: int
    law: str
    author: str
    at: datetime
    persons: tuple[Announced, ...]

    @property
    def waiting(self) -> tuple[Announced, ...]:
        """Whom nobody here has decided on; what was lifted waits no more."""
        open_ = (Answer.WAITING, Answer.PROPOSED, Answer.DECLINING)
        return tuple(one for one in self.persons if one.answer in open_ and one.lifted is None)


def announce(
    tx: Tx, actor: Actor, review: str, side: str, no: int, why: str, now: datetime
) -> Announcement:  # fmt: skip
    """Tell the other sides of a review of sanction `no` of ours, once in force, or of its lift.

    Raises `NotAllowed`, `NoSanction`, `NoReason`, and `NotAnnounced` for what is not in force, touches nobody or was
    told before as it is.
    """
    found = sanctions.sanction(tx, no)
    require(actor, Role.LIAISON, found.area)
    if not found.effects:
        raise NotAnnounced(no, "it touches nobody")
    if not (found.in_force(now.date()) or (found.approved and found.lifted)):
        raise NotAnnounced(no, "it is not in force")
    id_ = f"an_{review}_{side}_{no}" + (LIFTED if found.lifted else "")
    if announcements(tx, ANNOUNCEMENTS.c.id == id_):
        raise NotAnnounced(no, "the review was told already")
    persons = [
        {
            "practitioner": who, "kind": kind, "begins": found.begins, "ends": found.ends,
            "lifted": found.lifted,
        }
        for who, kind in sorted(found.effects.items())
    ]  # fmt: skip
    facts = {"id": id_, "direction": "out", "review": review, "side": side, "sanction": no}
    facts |= {"persons": len(persons), "law": found.law, "author": actor.name, "at": now}
    made = _enter(tx, facts, persons, now)
    told = {"sanction": no, "persons": len(persons)}
    audit.append(tx, actor, "announcement.make", review, why, now, found.law, told)
    return made


def spoken(tx: Tx, review: str, ids: Ids) -> tuple[Mapping[str, Any], ...]:
    """All we announced in a review as it travels: people by the review's ids, nothing else about them."""
    found = announcements(tx, ANNOUNCEMENTS.c.review == review, ANNOUNCEMENTS.c.direction == "out")
    blind = ids({person.practitioner for one in found for person in one.persons})
    return tuple(
        {
            "id": one.id, "law": one.law, "author": one.author, "at": one.at.isoformat(),
            "persons": [_line(blind[person.practitioner], person) for person in one.persons],
        }
        for one in found
    )  # fmt: skip


def hear(
    tx: Tx, actor: Actor, review: str, side: str, said: Sequence[Mapping[str, Any]], known: Ids,
    now: datetime,
) -> int:  # fmt: skip
    """Take in what `side` announced, of its people those known here; how much was new.

    Who is not known here is counted and nothing else of them is kept. Raises `NotAllowed`, `StrangeAnnouncement`.
    """
    require(actor, Role.LIAISON)
    new = 0
    for one in said:
        try:
            if not str(one["id"]).startswith(f"an_{review}_{side}_"):
                raise StrangeAnnouncement(side, "it is of another side")
            if announcements(tx, ANNOUNCEMENTS.c.id == one["id"]):
                continue
            facts, persons = _heard(one, known)
        except (KeyError, ValueError, TypeError) as wrong:
            raise StrangeAnnouncement(side, str(wrong)) from wrong
        made = {"direction": "in", "review": review, "side": side, "sanction": None}
        _enter(tx, facts | made, persons, now)
        new += 1
    told = {"side": side, "announcements": len(said), "new": new}
    audit.append(tx, actor, "announcement.hear", review, side, now, facts=told)
    return new


def draft(found: Announcement, practitioner: str, area: str, begins: date) -> Sanction:
    """What our own side could propose about somebody announced: the same effect here, from `begins` on; numbered 0.

    Raises `NoAnnouncement`.
    """
    one = next((one for one in found.waiting if one.practitioner == practitioner), None)
    if one is None or one.answer is not Answer.WAITING:
        raise NoAnnouncement(found.no, practitioner)
    return Sanction(0, one.kind, practitioner, area, max(begins, one.begins), one.ends, found.law)


def propose(
    tx: Tx, actor: Actor, no: int, drafted: Sanction, registry: Registry, why: str, now: datetime
) -> Sanction:  # fmt: skip
    """Propose a drafted sanction of our own with its reach here; another person decides, as on every sanction.

    Raises `NoAnnouncement` and what proposing a sanction raises.
    """
    draft(announcement(tx, no), drafted.target, drafted.area, drafted.begins)
    made = sanctions.propose(tx, actor, drafted, registry, why, now)
    _answer(tx, made.no, no, drafted.target)
    return made


def propose_decline(
    tx: Tx, actor: Actor, no: int, practitioner: str, area: str, why: str, now: datetime
) -> Proposal:  # fmt: skip
    """Propose that nothing follows here for somebody announced; another person decides."""
    found = announcement(tx, no)
    require(actor, Role.INVESTIGATOR, area)
    draft(found, practitioner, area, now.date())
    content = {"announcement": no}
    made = approval.propose(tx, actor, DECLINE, practitioner, area, content, why, now, found.law)
    _answer(tx, made.no, no, practitioner)
    return made


def decide_decline(
    tx: Tx, actor: Actor, no: int, why: str, now: datetime, *, approve: bool
) -> Proposal:
    """Approve or refuse the proposal `no` that nothing follows; refused, the person waits again."""
    return approval.decide(tx, actor, no, DECLINE, why, now, approve=approve)


def announcement(tx: Tx, no: int) -> Announcement:
    """One announcement; raises `NoAnnouncement`."""
    found = announcements(tx, ANNOUNCEMENTS.c.no == no)
    if not found:
        raise NoAnnouncement(no, "")
    return found[0]


def announcements(tx: Tx, *wanted: ColumnElement[bool]) -> tuple[Announcement, ...]:
    """Announcements of ours and of others, oldest first."""
    rows = tx.execute(select(ANNOUNCEMENTS).where(*wanted).order_by(ANNOUNCEMENTS.c.no)).mappings()
    found = rows.all()
    answers, lifts = _answers(tx), _lifts(tx)
    ids = {row["no"]: row["id"] for row in found}
    of = select(ANNOUNCED).where(ANNOUNCED.c.no.in_([row["no"] for row in found]))
    persons: dict[int, list[Announced]] = {}
    for row in tx.execute(of.order_by(ANNOUNCED.c.practitioner)).mappings():
        who = {name: row[name] for name in ("practitioner", "begins", "ends")}
        who["lifted"] = row["lifted"] or lifts.get(ids[row["no"]])
        said = answers.get((row["no"], row["practitioner"]), (Answer.WAITING, None))
        persons.setdefault(row["no"], []).append(
            Announced(kind=Kind(row["kind"]), answer=said[0], proposal=said[1], **who)
        )
    names = ("no", "id", "review", "side", "sanction", "law", "author", "at")
    return tuple(
        Announcement(
            **{name: row[name] for name in names},
            total=row["persons"],
            persons=tuple(persons.get(row["no"], ())),
        )
        for row in found
    )


def _answers(tx: Tx) -> dict[tuple[int, str], tuple[Answer, int]]:
    both = ANSWERS.join(PROPOSALS, PROPOSALS.c.no == ANSWERS.c.no).outerjoin(
        REVIEWS, REVIEWS.c.no == ANSWERS.c.no
    )
    rows = select(*ANSWERS.c, PROPOSALS.c.kind, REVIEWS.c.approved).select_from(both)
    found = {}
    for no, about, who, kind, approved in tx.execute(rows.order_by(ANSWERS.c.no)):
        if approved is None:
            said = Answer.DECLINING if kind == DECLINE else Answer.PROPOSED
        elif approved:
            said = Answer.DECLINED if kind == DECLINE else Answer.SANCTIONED
        else:
            said = Answer.WAITING
        found[about, who] = (said, no)
    return found


def _lifts(tx: Tx) -> dict[str, date]:
    """When sanctions were lifted, by the announcement that told of them before."""
    both = ANNOUNCEMENTS.join(ANNOUNCED, ANNOUNCED.c.no == ANNOUNCEMENTS.c.no)
    rows = select(ANNOUNCEMENTS.c.id, ANNOUNCED.c.lifted).select_from(both)
    found = tx.execute(rows.where(ANNOUNCED.c.lifted.is_not(None))).tuples()
    return {id_.removesuffix(LIFTED): day for id_, day in found}


def _answer(tx: Tx, no: int, announcement: int, practitioner: str) -> None:
    row = {"no": no, "announcement": announcement, "practitioner": practitioner}
    tx.execute(insert(ANSWERS).values(row))


def _enter(
    tx: Tx, facts: Mapping[str, Any], persons: Sequence[Mapping[str, Any]], now: datetime
) -> Announcement:
    no = (tx.execute(select(func.max(ANNOUNCEMENTS.c.no))).scalar() or 0) + 1
    tx.execute(insert(ANNOUNCEMENTS).values(no=no, entered_at=now, **facts))
    if persons:
        tx.execute(insert(ANNOUNCED), [dict(one) | {"no": no} for one in persons])
    return announcement(tx, no)


def _line(id_: str, one: Announced) -> dict[str, str | None]:
    days = {"begins": one.begins, "ends": one.ends, "lifted": one.lifted}
    told = {name: day.isoformat() if day else None for name, day in days.items()}
    return {"id": id_, "kind": one.kind, **told}


def _heard(
    one: Mapping[str, Any], known: Ids
) -> tuple[dict[str, Any], list[dict[str, Any]]]:  # fmt: skip
    lines = {str(line["id"]): line for line in one["persons"]}
    own = known(set(lines))
    persons = [
        {
            "practitioner": own[id_], "kind": Kind(line["kind"]),
            **{name: line[name] and date.fromisoformat(line[name]) for name in ("begins", "ends", "lifted")},
        }
        for id_, line in sorted(lines.items()) if id_ in own
    ]  # fmt: skip
    facts = {name: str(one[name]) for name in ("id", "law", "author")}
    return facts | {"at": datetime.fromisoformat(one["at"]), "persons": len(lines)}, persons
