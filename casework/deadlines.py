"""What is due: tasks, checks of tips and clues, publicity, days to object, referrals, assistance; in one list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from casework import assistance, cases, notices, referral, rooms, sanctions, tips
from casework.assistance import Direction
from casework.cases import Status
from casework.clock import END, deadline
from casework.errors import NoHolidays
from casework.law import Calendar, Rule, law_on
from casework.notices import About, Served
from casework.people import inside
from casework.referral import Event, State
from casework.sanctions import Kind as Measure
from casework.sanctions import Sanction
from casework.sql import func, select
from casework.store import Tx
from casework.store.appeal_tables import APPEALS, NOTICES
from casework.store.case_tables import CASES, REVIEWS, TIPS

Notice = notices.Kind


class Kind(StrEnum):
    """What is due: a task, the check of a tip or of a case's clue, publicity of a sanction, an objection, word that a
    suspension ended.

    Of a referral: the head's decision, the sending, the decision of public security, reconsideration, the hand-over.
    Between bureaux: the answer to a letter or a monthly bill, our confirmation of one, a task of a review room.
    """

    TASK = "task"
    TIP = "tip"
    FILING = "filing"
    PUBLICITY = "publicity"
    OBJECTION = "objection"
    REINSTATEMENT = "reinstatement"
    REFERRAL_APPROVAL = "referral_approval"
    REFERRAL_SENDING = "referral_sending"
    POLICE_DECISION = "police_decision"
    RECONSIDERATION = "reconsideration"
    HANDOVER = "handover"
    ASSISTANCE = "assistance"
    BILL = "bill"
    CONFIRMATION = "confirmation"
    ROOM_TASK = "room_task"


PASSES = frozenset({Kind.OBJECTION, Kind.RECONSIDERATION})
"""Days in which somebody may do something; they pass, and nothing is late."""
STEPS = {
    State.SENT: (Kind.POLICE_DECISION, Rule.POLICE_DECISION, Event.SENT),
    State.RECEIVED: (Kind.POLICE_DECISION, Rule.POLICE_DECISION, Event.RECEIVED),
    State.NOT_FILED: (Kind.RECONSIDERATION, Rule.RECONSIDERATION, Event.NOT_FILED),
    State.FILED: (Kind.HANDOVER, Rule.HANDOVER, Event.FILED),
}
"""What is due next in a referral that went out, by which rule, from which step."""


@dataclass(frozen=True)
class Due:
    """Something due by `ends`; None where the holidays of the year `unknown` are not known, and nothing is guessed.

    `subject` is a case's id or a blind id, `what` a task's words, `about` the points or the sanction. `law` cites the
    rule, `unverified` where no official text of it was read.
    """

    kind: Kind
    subject: str
    area: str
    ends: datetime | None
    what: str = ""
    assignee: str | None = None
    about: About | None = None
    law: str | None = None
    unverified: bool = False
    unknown: int | None = None

    def over(self, day: date) -> bool:
        """Whether it should have been done before `day`; what somebody may do just passes."""
        return self.kind not in PASSES and self.ends is not None and self.ends.date() < day


def due(
    tx: Tx, day: date, calendar: Calendar, regions: frozenset[str] = frozenset()
) -> tuple[Due, ...]:
    """What has its last moment on `day` or later, what nobody can count first, then the next; `regions` as in `queue`."""
    found = _running(tx, day, calendar, regions)
    return _sorted(one for one in found if one.ends is None or one.ends.date() >= day)


def overdue(
    tx: Tx, day: date, calendar: Calendar, regions: frozenset[str] = frozenset()
) -> tuple[Due, ...]:
    """What should have been done before `day`, the longest waiting first."""
    return _sorted(one for one in _running(tx, day, calendar, regions) if one.over(day))


def _sorted(found: Iterator[Due]) -> tuple[Due, ...]:
    return tuple(sorted(found, key=lambda one: (str(one.ends or ""), one.kind, one.subject)))


def _running(tx: Tx, day: date, calendar: Calendar, regions: frozenset[str]) -> Iterator[Due]:
    parts = (
        _tasks(tx),
        tip_checks(tx, calendar),
        _checks(tx, calendar),
        _sanctions(tx, day, calendar),
        _objections(tx, calendar),
        _referrals(tx, calendar),
        _requests(tx),
        _bills(tx, day, calendar),
        _room_tasks(tx),
    )
    for part in parts:
        yield from (one for one in part if inside(regions, one.area))


def _tasks(tx: Tx) -> Iterator[Due]:
    areas = dict(tx.execute(select(CASES.c.id, CASES.c.area)).tuples().all())
    for task in cases.open_tasks(tx):
        ends = datetime.combine(task.due, END)
        yield Due(Kind.TASK, task.case_id, areas[task.case_id], ends, task.what, task.assignee)


def tip_checks(tx: Tx, calendar: Calendar) -> Iterator[Due]:
    """Tips without a case and without a result."""
    for found in tips.tips(tx):
        if found.case_id is None and found.result is None:
            made = Due(Kind.TIP, found.id, found.area, None, assignee=found.assignee)
            yield from _by_law(made, Rule.FILING_CHECK, found.received_at, calendar)


def _checks(tx: Tx, calendar: Calendar) -> Iterator[Due]:
    """Cases that nobody has decided yet to look into; one from a tip runs from the day the tip came."""
    begins = func.coalesce(TIPS.c.received_at, CASES.c.opened_at)
    wanted = select(CASES.c.id, CASES.c.area, CASES.c.assignee, begins)
    both = wanted.select_from(CASES.outerjoin(TIPS, TIPS.c.case_id == CASES.c.id))
    open_ = both.where(CASES.c.status.in_([Status.NEW, Status.SNOOZED])).order_by(CASES.c.no)
    for id_, area, assignee, begun in tx.execute(open_):
        made = Due(Kind.FILING, id_, area, None, assignee=assignee)
        yield from _by_law(made, Rule.FILING_CHECK, begun, calendar)


def _sanctions(tx: Tx, day: date, calendar: Calendar) -> Iterator[Due]:
    """Approved sanctions of persons: made public, and their end told."""
    told = {(one.kind, one.about.sanction) for one in notices.notices(tx)}
    decided = dict(tx.execute(select(REVIEWS.c.no, REVIEWS.c.reviewed_at)).tuples().all())
    for found in sanctions.approved(tx):
        about = About(None, found.no)
        if (Notice.PUBLICITY, found.no) not in told and found.effects and not _over(found, day):
            made = Due(Kind.PUBLICITY, found.target, found.area, None, about=about)
            yield from _by_law(made, Rule.PUBLICITY, decided[found.no], calendar)
        last = min((one for one in (found.lifted, found.ends) if one), default=None)
        suspended = Measure.SUSPENSION in found.effects.values()
        if suspended and last is not None and (Notice.REINSTATEMENT, found.no) not in told:
            ends = datetime.combine(last, END)
            yield Due(
                Kind.REINSTATEMENT, found.target, found.area, ends, about=about, law=found.law
            )


def _over(found: Sanction, day: date) -> bool:
    return found.lifted is not None or (found.ends is not None and found.ends < day)


def _objections(tx: Tx, calendar: Calendar) -> Iterator[Due]:
    """Days to object that nobody has used, from the first notice of each decision."""
    filed = {About(*one) for one in tx.execute(select(APPEALS.c.line, APPEALS.c.sanction)).tuples()}
    first: dict[About, Served] = {}
    for served in notices.notices(tx, NOTICES.c.kind == Notice.DECISION):
        first.setdefault(served.about, served)
    for about, served in first.items():
        if about not in filed:
            made = Due(Kind.OBJECTION, about.subject(tx), about.read(tx).area, None, about=about)
            begins = datetime.combine(served.served_on, time.min)
            yield from _by_law(made, Rule.OBJECTION, begins, calendar)


def _referrals(tx: Tx, calendar: Calendar) -> Iterator[Due]:
    """What the law asks next of each referral, of its case."""
    for found in referral.referrals(tx):
        kind, rule, begins = _next_step(found)
        if begins is not None:
            what = found.draft.number or found.id
            made = Due(kind, found.case_id, found.area, None, what)
            yield from _by_law(made, rule, begins, calendar)


def _next_step(found: referral.Referral) -> tuple[Kind, Rule, datetime | None]:
    if found.state in STEPS:
        kind, rule, event = STEPS[found.state]
        last = found.last(event)
        return kind, rule, last.happened if last else None
    if found.report is not None and found.state is State.REPORTED:
        return Kind.REFERRAL_APPROVAL, Rule.REFERRAL_APPROVAL, found.report.made_at
    approved = found.report if found.state in (State.APPROVED, State.SEALED) else None
    begins = approved.reviewed_at if approved else None
    return Kind.REFERRAL_SENDING, Rule.REFERRAL_SENDING, begins


def _requests(tx: Tx) -> Iterator[Due]:
    """Letters of other bureaux that wait for an answer here, with who took them first."""
    for one in assistance.requests(tx):
        if one.direction is Direction.IN and one.state in assistance.OPEN:
            ends = datetime.combine(one.reply_by, END)
            yield Due(
                Kind.ASSISTANCE,
                f"as_{one.no}",
                one.own,
                ends,
                one.case_no,
                one.responder,
                law=one.law,
            )


def _bills(tx: Tx, day: date, calendar: Calendar) -> Iterator[Due]:
    """Bills of monthly batches: to be answered here by the next batch, to be confirmed once the other side answered."""
    for one in assistance.bills(tx, day):
        if one.direction is Direction.IN and one.result is None:
            ends = datetime.combine(one.due, END)
            yield Due(Kind.BILL, f"ab_{one.no}", one.own, ends, one.place)
        elif one.direction is Direction.OUT and one.result and one.confirmed_at is None:
            made = Due(Kind.CONFIRMATION, f"ab_{one.no}", one.own, None, one.place)
            yield from _by_law(made, Rule.ASSISTANCE_CONFIRMATION, one.result.at, calendar)


def _room_tasks(tx: Tx) -> Iterator[Due]:
    """Open tasks of our side in review rooms."""
    for review, one in rooms.own_tasks(tx):
        ends = datetime.combine(one.due, END)
        yield Due(Kind.ROOM_TASK, review, one.side, ends, one.what)


def _by_law(made: Due, rule: Rule, begins: datetime, calendar: Calendar) -> Iterator[Due]:
    """`made` with its last moment by `rule`; nothing where the law of the place has no such rule."""
    law = law_on(begins.date(), made.area)
    said = law.find(rule)
    if said is None:
        return
    facts = vars(made) | {"law": law.cite(said), "unverified": said.unverified}
    try:
        yield Due(**facts | {"ends": deadline(law, rule, begins, calendar).ends})
    except NoHolidays as missing:
        yield Due(**facts | {"unknown": missing.year})
