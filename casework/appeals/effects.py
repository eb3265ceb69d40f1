"""What a decision on an appeal does: proposed with it, held back until it is approved, done with it."""

from dataclasses import fields, replace
from datetime import date, datetime

from casework import points, sanctions
from casework.appeals.errors import WrongEffects
from casework.appeals.rules import NOTHING, Appeal, Effects, Outcome
from casework.law import Rule, law_on
from casework.people import Actor
from casework.points import Act, Effect, consequence
from casework.points.rules import stand
from casework.sanctions.rules import PERSONAL
from casework.sql import Table, insert, select
from casework.store import Tx
from casework.store.appeal_tables import LIFTED, LINES


def suggested(tx: Tx, appeal: Appeal, begins: date, instead: int | None = None) -> Effects:
    """What follows where an appeal is upheld: what it is against is undone from `begins` on.

    For points that is the line, in whose place `instead` points may stand, and every sanction of the person that
    the points left no longer lead to.
    """
    if appeal.about.line is None:
        return Effects((), (appeal.about.sanction or 0,), begins, instead)
    line = points.entry(tx, appeal.about.line)
    law = law_on(line.decided_on, line.area)
    rest = [one for one in points.history(tx, line.practitioner) if one.no != line.no]
    if instead is not None:
        rest.append(replace(line, points=instead))
    left = consequence(law, stand(line.decided_on.year, rest, law[Rule.POINTS_CAP].most))
    held = [
        one.no
        for one in sanctions.sanctions_of(tx, line.practitioner)
        if one.kind in PERSONAL and one.approved and one.lifted is None
        and one.begins >= line.decided_on and (one.ends is None or one.ends >= begins)
        and left.effect not in (Effect(one.kind), Effect.TERMINATION)
    ]  # fmt: skip
    return Effects((line.no,), tuple(held), begins if held else None, instead)


def fitting(tx: Tx, appeal: Appeal, outcome: Outcome, effects: Effects) -> None:
    """Let pass what `outcome` may do; raises `WrongEffects`.

    Rejected does nothing. Upheld undoes what the appeal is against; partly does as well, and leaves fewer points,
    or the first part of the sanction. All of it concerns the one person or place.
    """
    if outcome is Outcome.REJECTED:
        right = effects == NOTHING
    else:
        right = _own(tx, appeal, effects) and _left(tx, appeal, effects) == (
            outcome is Outcome.PARTLY
        )
    if not right:
        raise WrongEffects(appeal.no, outcome)


def _own(tx: Tx, appeal: Appeal, effects: Effects) -> bool:
    """Whether everything undone is of who appeals, and what the appeal is against is among it."""
    lines = {one.no for one in points.history(tx, appeal.subject)}
    lifts = {
        one.no for one in sanctions.sanctions_of(tx, appeal.subject) if one.target == appeal.subject
    }
    mine = appeal.about.line in effects.lines or appeal.about.sanction in effects.lifts
    dated = bool(effects.lifts) == (effects.begins is not None)
    return mine and dated and {*effects.lines} <= lines and {*effects.lifts} <= lifts


def _left(tx: Tx, appeal: Appeal, effects: Effects) -> bool | None:
    """Whether some of what the appeal is against stays; None where that could not be."""
    found = appeal.about.read(tx)
    if isinstance(found, points.Points):
        if effects.instead is None:
            return False
        return True if 0 < effects.instead < found.points else None
    if effects.instead is not None or effects.begins is None:
        return None
    return effects.begins > max(found.begins, appeal.filed_on)


def begin(
    tx: Tx, actor: Actor, appeal: Appeal, decision: int, effects: Effects, why: str, now: datetime
) -> None:
    """Propose every effect in the name of who proposed the decision."""
    day, document = now.date(), f"appeal_{appeal.no}"
    for no in effects.lines:
        made = points.propose_reversal(tx, actor, no, document, day, why, now)
        tx.execute(insert(LINES).values(line=made.no, decision=decision))
    if effects.instead is not None:
        before = points.entry(tx, appeal.about.line or 0)
        fewer = points.propose_act(
            tx, actor, _act(before, effects.instead), now, instead_of=before.no
        )
        tx.execute(insert(LINES).values(line=fewer.no, decision=decision))
    for no in effects.lifts:
        lift = sanctions.propose_lift(tx, actor, no, effects.begins or day, why, now)
        tx.execute(insert(LIFTED).values(lift=lift.no, decision=decision))


def finish(tx: Tx, actor: Actor, decision: int, why: str, now: datetime, *, approve: bool) -> None:
    """Approve every effect with the decision, or refuse it with it."""
    for no in _of(tx, LINES, decision):
        points.review(tx, actor, no, why, now, approve=approve)
    for no in _of(tx, LIFTED, decision):
        sanctions.decide_lift(tx, actor, no, why, now, approve=approve)


def _of(tx: Tx, table: Table, decision: int) -> list[int]:
    key = table.c[0]
    return list(tx.execute(select(key).where(table.c.decision == decision).order_by(key)).scalars())


def _act(line: points.Points, fewer: int) -> Act:
    """The act of a line again, with fewer points and their band."""
    bands = law_on(line.decided_on, line.area).bands
    kept = {name.name: getattr(line, name.name) for name in fields(Act)}
    band = next(band.least for band in bands if band.least <= fewer <= band.most)
    return Act(**kept | {"points": fewer, "band": band})
