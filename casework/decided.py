"""What people decided in a case, for whoever is told of it: only what a second person approved, and appeals against it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime

from casework import appeals, approval, cases, points, referral, sanctions
from casework.approval import Proposal
from casework.cases import Case, Status
from casework.exports.content import Decided, Decision, DecisionKind, Hand
from casework.notices import About, Kind, notices_about
from casework.orders.ledger import orders_of
from casework.people import Role
from casework.points import Points
from casework.referral import Event
from casework.sanctions import Sanction
from casework.store import Tx

NO_PAPERS = (Event.SEALED, Event.SENT)
"""Steps of a referral that name no paper of public security."""


def decided(tx: Tx, case_id: str, practitioners: Collection[str], now: datetime) -> Decided:
    """What was decided in a case as it stands now; raises `NoCase`.

    Points are those that `practitioners`, and whoever a sanction of the case touches, were given since it was opened.
    """
    case = cases.case(tx, case_id)
    held = [one for one in sanctions.of_case(tx, case_id) if one.approved]
    people = {*practitioners, *(who for one in held for who in one.effects)}
    histories = [points.history(tx, who) for who in sorted(people)]
    lines = [
        one for of in histories for one in of if one.approved and one.made_at >= case.opened_at
    ]
    decisions = (
        *_closure(tx, case), *_points(tx, lines), *_sanctions(tx, held, now.date()),
        *_orders(tx, held), *_appeals(tx, lines, held), *_referrals(tx, case_id),
    )  # fmt: skip
    return Decided(case.id, case.status, case.outcome, now, decisions)


def _closure(tx: Tx, case: Case) -> Iterator[Decision]:
    if case.status is not Status.CLOSED or case.closure is None or case.outcome is None:
        return
    made = approval.proposal(tx, case.closure)
    yield Decision(
        DecisionKind.CLOSURE, None, case.outcome, case.status, _day(made), by=_by(made), law=made.law
    )  # fmt: skip


def _points(tx: Tx, lines: Sequence[Points]) -> Iterator[Decision]:
    undone = {line.undoes for line in lines}
    for one in lines:
        yield Decision(
            DecisionKind.POINTS, one.practitioner, one.kind,
            "undone" if one.no in undone else "counts", _day(one), one.points, one.decided_on,
            by=_by(one), documents=(one.document, *_notices(tx, About(line=one.no))), law=one.law,
        )  # fmt: skip


def _sanctions(tx: Tx, held: Iterable[Sanction], today: date) -> Iterator[Decision]:
    for one in held:
        made = approval.proposal(tx, one.no)
        first, last = (None, None) if one.undone else (one.begins, one.last)
        yield Decision(
            DecisionKind.SANCTION, one.target, one.kind, one.stage(today), _day(made),
            first=first, last=last, by=_by(made),
            documents=_notices(tx, About(sanction=one.no)), law=one.law,
        )  # fmt: skip


def _orders(tx: Tx, held: Iterable[Sanction]) -> Iterator[Decision]:
    """The orders of each place that say the same under the same law and stand alike, as one."""
    alike: dict[tuple[str, str, str, str], list[date]] = {}
    for one in (order for of in held for order in orders_of(tx, of.no)):
        same = one.place, one.order.kind, one.state, one.order.law
        alike.setdefault(same, []).append((one.at or one.order.issued).date())
    for (place, kind, state, law), days in sorted(alike.items()):
        yield Decision(DecisionKind.ORDER, place, kind, state, max(days), len(days), law=law)


def _appeals(tx: Tx, lines: Iterable[Points], held: Iterable[Sanction]) -> Iterator[Decision]:
    about = [About(line=one.no) for one in lines] + [About(sanction=one.no) for one in held]
    for one in appeals.appeals_against(tx, about):
        made = [approval.proposal(tx, said.no) for said in one.decisions if said.approved]
        against = DecisionKind.POINTS if one.about.sanction is None else DecisionKind.SANCTION
        yield Decision(
            DecisionKind.APPEAL, one.subject, against, one.state,
            _day(made[-1]) if made else one.filed_on, first=one.filed_on,
            by=_by(made[-1]) if made else (Hand(Role.INVESTIGATOR, one.filer),), law=one.law,
        )  # fmt: skip


def _referrals(tx: Tx, case_id: str) -> Iterator[Decision]:
    for one in referral.referrals(tx, case_id):
        if one.report is None or not one.report.approved:
            continue
        papers = [step.document for step in one.events if step.event not in NO_PAPERS]
        yield Decision(
            DecisionKind.REFERRAL, None, DecisionKind.REFERRAL, one.state,
            one.events[-1].happened.date() if one.events else _day(one.report),
            by=_by(one.report), documents=tuple(filter(None, [one.draft.number, *papers])),
            law=one.report.law,
        )  # fmt: skip


def _notices(tx: Tx, about: About) -> tuple[str, ...]:
    """The numbers of the notices of the decision that were served."""
    return tuple(one.number for one in notices_about(tx, about) if one.kind is Kind.DECISION)


def _day(made: Proposal | Points) -> date:
    """When the second person approved it."""
    assert made.reviewed_at is not None
    return made.reviewed_at.date()


def _by(made: Proposal | Points) -> tuple[Hand, ...]:
    return Hand(Role.INVESTIGATOR, made.maker), Hand(Role.APPROVER, made.reviewer)
