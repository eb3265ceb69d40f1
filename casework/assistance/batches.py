"""Monthly batches of cross-province bills (费用协查): taken, answered 核查无误 or 核查有误, confirmed; never edited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from casework import audit
from casework.assistance.bodies import Directory
from casework.assistance.errors import NoBill, NotABatchDay, NotForTheBatch
from casework.assistance.ledger import fresh_id
from casework.assistance.rules import Bill, Direction, Result
from casework.clock import deadline
from casework.errors import NoReason
from casework.law import Calendar, Rule, law_on
from casework.people import Actor, Role, require
from casework.sealed import seal, unseal
from casework.sql import ColumnElement, func, insert, select
from casework.store import Tx
from casework.store.assistance_tables import BILLS, CONFIRMATIONS, RESULTS

NEVER = Calendar({})
"""A day of the month needs no calendar."""


@dataclass(frozen=True)
class Entry:
    """What a batch says of one stay: 身份证号, 医疗机构名称, 住院号, 费用总额 in fen."""

    certno: str
    place: str
    stay: str
    total: int


def take_batch(
    tx: Tx, actor: Actor, key: bytes, directory: Directory, asker: str, asked: str,
    batch: date, entries: Sequence[Entry], now: datetime,
) -> tuple[Bill, ...]:  # fmt: skip
    """Put `entries` into the batch of day `batch`, for the body of another province; nothing of it changes later.

    Raises `NotAllowed`, `NoBody`, `NotABatchDay`, and `NotForTheBatch` below the law's amount, within one province
    or a second time.
    """
    require(actor, Role.LIAISON, directory[asker].code)
    law = law_on(batch, asker)
    day, floor = law[Rule.ASSISTANCE_DAY].most, law[Rule.ASSISTANCE_FROM]
    if batch > now.date() or next_batch(batch - timedelta(1), asker) != batch:
        raise NotABatchDay(batch, day)
    for one in entries:
        if directory.province(asker) == directory.province(asked):
            raise NotForTheBatch(one.stay, "it lies in the same province")
        if one.total < floor.least:
            raise NotForTheBatch(one.stay, f"it is below {floor.least / 100:,.2f} yuan")
        if not (one.certno.strip() and one.place.strip() and one.stay.strip()):
            raise NotForTheBatch(one.stay, "a field is empty")
        if _held(tx, asker, asked, one):
            raise NotForTheBatch(one.stay, "it was asked before")
        facts = {
            "batch": batch, "asker": asker, "asked": asked, **vars(one), "maker": actor.name, "made_at": now,
        }  # fmt: skip
        enter(tx, key, Direction.OUT, fresh_id("ab", asker, asked, one.place, one.stay), facts)
    told = {"asked": asked, "bills": len(entries)}
    audit.append(
        tx, actor, "assistance.batch", f"batch_{batch}", str(batch), now, law.cite(floor), told
    )
    return bills(tx, now.date(), BILLS.c.batch == batch, BILLS.c.asked == asked)


def next_batch(day: date, area: str) -> date:
    """The first day of a batch after `day`, by the law of the insuring side; raises `NotInLaw`."""
    begins = datetime.combine(day, datetime.min.time())
    return deadline(law_on(day, area), Rule.ASSISTANCE_DAY, begins, NEVER).ends.date()


def answer_bill(
    tx: Tx, actor: Actor, no: int, reason: str, now: datetime, *, correct: bool
) -> Bill:
    """Say what the check of a bill that came in found; a wrong one needs its reason. Raises `NoBill`, `NoReason`."""
    found = bill(tx, no, now.date())
    require(actor, Role.LIAISON, found.own)
    if found.direction is not Direction.IN or found.result is not None:
        raise NoBill(str(no))
    if not correct and not reason.strip():
        raise NoReason("assistance.result")
    row = {"no": no, "correct": correct, "reason": reason.strip(), "author": actor.name, "at": now}
    tx.execute(insert(RESULTS).values(row))
    said = "核查无误" if correct else "核查有误"
    facts = {"correct": correct, "rolled": found.rolled}
    audit.append(
        tx, actor, "assistance.result", f"ab_{no}", reason.strip() or said, now, facts=facts
    )
    return bill(tx, no, now.date())


def confirm(tx: Tx, actor: Actor, no: int, now: datetime) -> Bill:
    """Take notice of the result of a bill of our own; raises `NoBill`."""
    found = bill(tx, no, now.date())
    require(actor, Role.LIAISON, found.own)
    if found.direction is not Direction.OUT or not found.result or found.confirmed_at:
        raise NoBill(str(no))
    tx.execute(insert(CONFIRMATIONS).values(no=no, author=actor.name, at=now))
    facts = {"correct": found.result.correct}
    audit.append(tx, actor, "assistance.confirm", f"ab_{no}", found.place, now, facts=facts)
    return bill(tx, no, now.date())


def read_bill(tx: Tx, actor: Actor, key: bytes, no: int, now: datetime) -> str:
    """The identity number of a bill, for the liaison alone and told in the audit; raises `WrongKey`."""
    found = bill(tx, no, now.date())
    require(actor, Role.LIAISON, found.own)
    audit.append(tx, actor, "assistance.read", f"ab_{no}", found.place, now)
    return certno(tx, key, found)


def bill(tx: Tx, no: int, today: date) -> Bill:
    """One bill; raises `NoBill`."""
    found = bills(tx, today, BILLS.c.no == no)
    if not found:
        raise NoBill(str(no))
    return found[0]


def bills(tx: Tx, today: date, *wanted: ColumnElement[bool]) -> tuple[Bill, ...]:
    """Bills of batches as they stand `today`, oldest first."""
    both = BILLS.outerjoin(RESULTS, RESULTS.c.no == BILLS.c.no).outerjoin(
        CONFIRMATIONS, CONFIRMATIONS.c.no == BILLS.c.no
    )
    plain = [column for column in BILLS.c if column.name not in ("certno", "maker")]
    given = [RESULTS.c.correct, RESULTS.c.reason, RESULTS.c.author, RESULTS.c.at]
    found = select(*plain, *given, CONFIRMATIONS.c.at.label("confirmed_at")).select_from(both)
    rows = tx.execute(found.where(*wanted).order_by(BILLS.c.no)).mappings().all()
    return tuple(_bill(dict(row), today) for row in rows)


def certno(tx: Tx, key: bytes, found: Bill) -> str:
    """The identity number of a bill."""
    sealed = tx.execute(select(BILLS.c.certno).where(BILLS.c.no == found.no)).scalar_one()
    return unseal(key, f"certno {found.id}", bytes(sealed))


def enter(tx: Tx, key: bytes, direction: Direction, id_: str, facts: Mapping[str, Any]) -> int:
    """Put a bill into the store, its identity number sealed; its number."""
    no = (tx.execute(select(func.max(BILLS.c.no))).scalar() or 0) + 1
    sealed = seal(key, f"certno {id_}", facts["certno"])
    row = {**facts, "no": no, "id": id_, "direction": direction, "certno": sealed}
    tx.execute(insert(BILLS).values(row))
    return no


def _bill(row: dict[str, Any], today: date) -> Bill:
    said = [row.pop(name) for name in ("correct", "reason", "author", "at")]
    result = Result(*said) if said[0] is not None else None
    due = first = next_batch(row["batch"], row["asker"])
    until, rolled = result.at.date() if result else today, 0
    while due < until:
        due, rolled = next_batch(due, row["asker"]), rolled + 1
    facts = row | {"direction": Direction(row["direction"]), "result": result}
    return Bill(**facts, due=due if result is None else first, rolled=rolled)


def _held(tx: Tx, asker: str, asked: str, one: Entry) -> bool:
    same = (BILLS.c.asker == asker, BILLS.c.asked == asked, BILLS.c.place == one.place)
    found = select(BILLS.c.no).where(*same, BILLS.c.stay == one.stay)
    return tx.execute(found).first() is not None
