"""Filing an appeal, asking third parties, deciding: by people who did not decide before."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from casework import approval, audit
from casework.appeals.effects import begin, finish, fitting
from casework.appeals.errors import DecidedBefore, NoAppeal, NotAppealable
from casework.appeals.rules import (
    ENDED,
    Appeal,
    Decision,
    Effects,
    Opinion,
    Outcome,
    State,
)
from casework.approval import Proposal
from casework.clock import deadline
from casework.errors import NoProposal, NoReason
from casework.law import Calendar, Rule, law_on
from casework.notices import About, Kind, Served, notices_about
from casework.notices.errors import NotServed
from casework.people import Actor, Role, require
from casework.points import Kind as Line
from casework.points import Points
from casework.sql import ColumnElement, func, insert, select, text
from casework.store import Tx
from casework.store.appeal_tables import ADMISSIONS, APPEALS, DECISIONS, EXPERTS, OPINIONS

APPEAL = "appeal"


def last_day(notice: Served, area: str, calendar: Calendar) -> tuple[date, str]:
    """The last day to object after a notice, and the law that says so; raises `NotInLaw`, `NoHolidays`."""
    begins = datetime.combine(notice.served_on, time.min)
    found = deadline(law_on(notice.served_on, area), Rule.OBJECTION, begins, calendar)
    return found.ends.date(), found.law


def file_appeal(
    tx: Tx, actor: Actor, about: About, filed_on: date, grounds: str, letter: bytes,
    calendar: Calendar, now: datetime,
) -> Appeal:  # fmt: skip
    """Enter an objection in writing that came on `filed_on`; after the law's last day it is entered as late.

    Raises `NotServed` before the notice of the decision was served, `NotAppealable` where it is not approved, took
    points back, or was appealed against before, `NoReason`, `NotInLaw`, `NoHolidays` and `NotAllowed`.
    """
    found = about.read(tx)
    require(actor, Role.INVESTIGATOR, found.area)
    if not grounds.strip():
        raise NoReason("appeal.file")
    wanted = (APPEALS.c.line == about.line, APPEALS.c.sanction == about.sanction)
    takes_back = isinstance(found, Points) and found.kind is not Line.ACT
    if takes_back or not found.approved or filed_on > now.date() or _appeals(tx, *wanted):
        raise NotAppealable(about.line, about.sanction)
    served = [one for one in notices_about(tx, about) if one.kind is Kind.DECISION]
    if not served or filed_on < served[0].served_on:
        raise NotServed(about.line, about.sanction)
    due, law = last_day(served[0], found.area, calendar)
    no = (tx.execute(select(func.max(APPEALS.c.no))).scalar() or 0) + 1
    row = {
        "no": no, "notice": served[0].no, **vars(about), "filed_on": filed_on, "due": due,
        "late": filed_on > due, "grounds": grounds, "law": law,
        "letter": hashlib.sha256(letter).hexdigest(), "filer": actor.name, "filed_at": now,
    }  # fmt: skip
    tx.execute(insert(APPEALS).values(row))
    facts = {key: row[key] for key in ("line", "sanction", "filed_on", "due", "late", "letter")}
    audit.append(tx, actor, "appeal.file", f"appeal_{no}", grounds, now, law, facts)
    return appeal(tx, no)


def admit(tx: Tx, actor: Actor, no: int, why: str, now: datetime, *, admitted: bool) -> Appeal:
    """Decide whether a late appeal is looked at all the same; raises `DecidedBefore`, `NoAppeal`, `NotAllowed`."""
    found = _open(tx, no, State.LATE)
    require(actor, Role.APPROVER, found.area)
    _others_than_before(tx, no, actor.name)
    row = {"appeal": no, "admitted": admitted, "decider": actor.name, "at": now, "why": why}
    action = f"appeal.{'admit' if admitted else 'turn_down'}"
    audit.append(tx, actor, action, f"appeal_{no}", why, now, found.law)
    tx.execute(insert(ADMISSIONS).values(row))
    return appeal(tx, no)


def ask_expert(
    tx: Tx, actor: Actor, no: int, expert: str, body: str, question: str, now: datetime
) -> Opinion:
    """Ask a third party, `expert` of `body`; raises `DecidedBefore`, `NoReason`, `NoAppeal`, `NotAllowed`."""
    found = _open(tx, no, State.FILED, State.ASKED, State.ANSWERED)
    require(actor, Role.INVESTIGATOR, found.area)
    _others_than_before(tx, no, expert)
    if not (expert.strip() and body.strip() and question.strip()):
        raise NoReason("appeal.ask")
    mine = (tx.execute(select(func.max(EXPERTS.c.no))).scalar() or 0) + 1
    row = {
        "no": mine, "appeal": no, "expert": expert, "body": body, "question": question,
        "asker": actor.name, "asked_at": now,
    }  # fmt: skip
    tx.execute(insert(EXPERTS).values(row))
    facts = {"no": mine, "expert": expert, "body": body}
    audit.append(tx, actor, "appeal.ask", f"appeal_{no}", question, now, found.law, facts)
    return _opinions(tx, EXPERTS.c.no == mine)[0]


def give_opinion(
    tx: Tx, actor: Actor, no: int, recusal: str, opinion: str, paper: bytes, now: datetime
) -> Opinion:
    """Enter what expert `no` answered: the statement that nothing binds them, the opinion, the signed paper.

    Raises `NoAppeal` unless that answer is awaited, `NoReason`, `NotAllowed`.
    """
    asked = _opinions(tx, EXPERTS.c.no == no)
    if not asked or asked[0].opinion is not None:
        raise NoAppeal(f"expert {no}")
    found = _open(tx, asked[0].appeal, State.ASKED)
    require(actor, Role.INVESTIGATOR, found.area)
    if not (recusal.strip() and opinion.strip()):
        raise NoReason("appeal.opinion")
    digest = hashlib.sha256(paper).hexdigest()
    row = {
        "no": no, "recusal": recusal, "opinion": opinion, "sha256": digest, "author": actor.name,
        "given_at": now,
    }  # fmt: skip
    tx.execute(insert(OPINIONS).values(row))
    facts = {"no": no, "recusal": recusal, "sha256": digest}
    audit.append(tx, actor, "appeal.opinion", f"appeal_{found.no}", opinion, now, found.law, facts)
    return _opinions(tx, EXPERTS.c.no == no)[0]


def propose_decision(
    tx: Tx, actor: Actor, no: int, outcome: Outcome, effects: Effects, why: str, now: datetime
) -> Proposal:
    """Propose a decision and what it does; nothing of that holds before another person approved it.

    Raises `DecidedBefore`, `WrongEffects`, `NoAppeal` while an expert is awaited or where it is decided,
    `NotAllowed`, and what lifting and reversing raise.
    """
    found = _open(tx, no, State.FILED, State.ANSWERED)
    require(actor, Role.INVESTIGATOR, found.area)
    _others_than_before(tx, no, actor.name)
    fitting(tx, found, outcome, effects)
    content = {"outcome": outcome, **vars(effects)}
    made = approval.propose(
        tx, actor, APPEAL, f"appeal_{no}", found.area, content, why, now, found.law
    )
    tx.execute(insert(DECISIONS).values(no=made.no, appeal=no, outcome=outcome))
    begin(tx, actor, found, made.no, effects, why, now)
    _others_than_before(tx, no, actor.name)
    return made


def decide(
    tx: Tx, actor: Actor, no: int, why: str, now: datetime, *, approve: bool
) -> Appeal:  # fmt: skip
    """Approve or refuse the proposed decision on appeal `no`; approved, its effects hold with it.

    Raises `DecidedBefore`, `SamePerson`, `NoProposal` and `NotAllowed`.
    """
    found = appeal(tx, no)
    if found.state is not State.PROPOSED:
        raise NoProposal(f"appeal {no}")
    require(actor, Role.APPROVER, found.area)
    _others_than_before(tx, no, actor.name)
    last = found.decisions[-1]
    approval.decide(tx, actor, last.no, APPEAL, why, now, approve=approve)
    finish(tx, actor, last.no, why, now, approve=approve)
    return appeal(tx, no)


def appeal(tx: Tx, no: int) -> Appeal:
    """One appeal; raises `NoAppeal`."""
    found = _appeals(tx, APPEALS.c.no == no)
    if not found:
        raise NoAppeal(str(no))
    return found[0]


def appeals(tx: Tx, *, ended: bool = False) -> tuple[Appeal, ...]:
    """Appeals that wait for somebody, oldest first; with `ended` the others as well."""
    return tuple(one for one in _appeals(tx) if ended or one.state not in ENDED)


def appeals_against(tx: Tx, about: Iterable[About]) -> tuple[Appeal, ...]:
    """Every appeal against one of these lines and sanctions, oldest first."""
    given = tuple(about)
    lines = APPEALS.c.line.in_([one.line for one in given if one.line is not None])
    held = APPEALS.c.sanction.in_([one.sanction for one in given if one.sanction is not None])
    return _appeals(tx, lines | held)


def decided_before(tx: Tx, no: int) -> frozenset[str]:
    """Who made or reviewed what an appeal is against, or what its decision would undo."""
    wanted = text("SELECT name FROM appeal_deciders WHERE appeal = :no").bindparams(no=no)
    return frozenset(tx.execute(wanted).scalars())


def _others_than_before(tx: Tx, no: int, name: str) -> None:
    if name in decided_before(tx, no):
        raise DecidedBefore(name, no)


def _open(tx: Tx, no: int, *states: State) -> Appeal:
    found = appeal(tx, no)
    if found.state not in states:
        raise NoAppeal(str(no))
    return found


def _appeals(tx: Tx, *wanted: ColumnElement[bool]) -> tuple[Appeal, ...]:
    both = APPEALS.outerjoin(ADMISSIONS, ADMISSIONS.c.appeal == APPEALS.c.no)
    rows = select(*APPEALS.c, ADMISSIONS.c.admitted).select_from(both).where(*wanted)
    found = tx.execute(rows.order_by(APPEALS.c.no)).mappings().all()
    return tuple(_appeal(tx, dict(row)) for row in found)


def _appeal(tx: Tx, row: dict[str, Any]) -> Appeal:
    about = About(row.pop("line"), row.pop("sanction"))
    held: dict[str, Any] = {
        "about": about, "subject": about.subject(tx), "area": about.read(tx).area,
        "opinions": _opinions(tx, EXPERTS.c.appeal == row["no"]),
        "decisions": tuple(
            _decision(approval.proposal(tx, no))
            for no in tx.execute(
                select(DECISIONS.c.no).where(DECISIONS.c.appeal == row["no"]).order_by(DECISIONS.c.no)
            ).scalars()
        ),
    }  # fmt: skip
    return Appeal(**row, **held)


def _decision(made: Proposal) -> Decision:
    said = dict(made.content)
    outcome = Outcome(said.pop("outcome"))
    begins = said["begins"] and date.fromisoformat(said["begins"])
    effects = Effects(tuple(said["lines"]), tuple(said["lifts"]), begins, said["instead"])
    return Decision(made.no, outcome, effects, made.maker, made.why, made.approved, made.reviewer)


def _opinions(tx: Tx, *wanted: ColumnElement[bool]) -> tuple[Opinion, ...]:
    both = EXPERTS.outerjoin(OPINIONS, OPINIONS.c.no == EXPERTS.c.no)
    given = [column for column in OPINIONS.c if column.name != "no"]
    found = select(*EXPERTS.c, *given).select_from(both).where(*wanted).order_by(EXPERTS.c.no)
    return tuple(Opinion(**row) for row in tx.execute(found).mappings())
