"""Writing a referral, reporting it to the head, the head's decision, and what public security answered."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from casework import approval, audit, cases
from casework.errors import NoReason
from casework.exports.content import Decided
from casework.law import Rule, law_on
from casework.people import Actor, Role, require
from casework.referral.errors import NoReferral, OneOfThem, Unfinished
from casework.referral.rules import NEXT, Draft, Event, Happened, Officer, Referral, State
from casework.sql import ColumnElement, func, insert, select
from casework.store import Tx
from casework.store.referral_tables import (
    REFERRAL_EVENTS,
    REFERRAL_OFFICERS,
    REFERRAL_REPORTS,
    REFERRAL_VERSIONS,
    REFERRALS,
)

REFERRAL = "referral"


def draft(tx: Tx, actor: Actor, case_id: str, said: Draft, now: datetime) -> Referral:
    """Begin the referral of a case; raises `NoCase`, `NotAllowed`."""
    found = cases.case(tx, case_id)
    require(actor, Role.INVESTIGATOR, found.area)
    no = (tx.execute(select(func.max(REFERRALS.c.no))).scalar() or 0) + 1
    row = {
        "no": no, "case_id": case_id, "area": found.area, "maker": actor.name, "made_at": now,
    }  # fmt: skip
    tx.execute(insert(REFERRALS).values(row))
    return _write(tx, actor, no, case_id, 1, said, now)


def revise(tx: Tx, actor: Actor, no: int, said: Draft, now: datetime) -> Referral:
    """Write it anew, as long as no report of it waits or was approved; raises `NoReferral`, `NotAllowed`."""
    found = referral(tx, no)
    require(actor, Role.INVESTIGATOR, found.area)
    if not found.open:
        raise NoReferral(no)
    return _write(tx, actor, no, found.case_id, found.version + 1, said, now)


def report(
    tx: Tx, actor: Actor, no: int, why: str, now: datetime, decided: Decided | None = None
) -> Referral:
    """Report it in writing to the head, who decides within the days of the law; `decided` in its case so far.

    Raises `Unfinished` without the officers the law asks for, `NoReferral`, `NoReason`, `NotAllowed`.
    """
    found = referral(tx, no)
    require(actor, Role.INVESTIGATOR, found.area)
    if not found.open:
        raise NoReferral(no)
    law = law_on(now.date(), found.area)
    if len(found.draft.officers) < law[Rule.INSPECTORS].least:
        raise Unfinished(no, ["two officers 两名执法人员"])
    cited = law.cite(law[Rule.REFERRAL_APPROVAL])
    content: dict[str, Any] = {
        "version": found.version, "case": found.case_id, "fund": found.draft.fund,
    }  # fmt: skip
    if decided is not None:
        content["decided"] = asdict(decided)
    made = approval.propose(tx, actor, REFERRAL, found.id, found.area, content, why, now, cited)
    row = {"no": made.no, "referral": no, "version": found.version}
    tx.execute(insert(REFERRAL_REPORTS).values(row))
    return referral(tx, no)


def decide(
    tx: Tx, actor: Actor, no: int, why: str, now: datetime, *, approve: bool
) -> Referral:  # fmt: skip
    """The head approves or refuses; raises `OneOfThem`, `SamePerson`, `NoReferral`, `NoReason`, `NotAllowed`."""
    found = referral(tx, no)
    require(actor, Role.APPROVER, found.area)
    if found.state is not State.REPORTED or found.report is None:
        raise NoReferral(no)
    if actor.name in _writers(tx, no):
        raise OneOfThem(actor.name, no)
    approval.decide(tx, actor, found.report.no, REFERRAL, why, now, approve=approve)
    return referral(tx, no)


def note(
    tx: Tx, actor: Actor, no: int, event: Event, happened: datetime, document: str, reason: str,
    now: datetime,
) -> Referral:  # fmt: skip
    """Record what became of an approved referral: sent, received, the decision and what follows it.

    `document` is the number of the paper, of a package its SHA-256. Raises `NoReferral` where that cannot follow,
    `NoReason` without a document or a needed reason, `NotAllowed`.
    """
    found = referral(tx, no)
    require(actor, Role.INVESTIGATOR, found.area)
    if event not in NEXT.get(found.state, ()):
        raise NoReferral(no)
    refused = (Event.NOT_FILED, Event.RECONSIDERATION, Event.UPHELD, Event.SUPERVISION, Event.ENDED)
    if happened > now or not document.strip() or (event in refused and not reason.strip()):
        raise NoReason(f"referral.{event}")
    row = {
        "referral": no, "step": len(found.events) + 1, "event": event, "happened": happened,
        "document": document, "reason": reason, "actor": actor.name, "at": now,
    }  # fmt: skip
    tx.execute(insert(REFERRAL_EVENTS).values(row))
    facts = {"happened": happened, "document": document}
    audit.append(tx, actor, f"referral.{event}", found.id, reason or document, now, facts=facts)
    return referral(tx, no)


def referral(tx: Tx, no: int) -> Referral:
    """One referral; raises `NoReferral`."""
    found = _referrals(tx, REFERRALS.c.no == no)
    if not found:
        raise NoReferral(no)
    return found[0]


def referrals(tx: Tx, case_id: str | None = None) -> tuple[Referral, ...]:
    """Every referral, or those of a case, oldest first."""
    return _referrals(tx, *([REFERRALS.c.case_id == case_id] if case_id else []))


def _write(
    tx: Tx, actor: Actor, no: int, case_id: str, version: int, said: Draft, now: datetime
) -> Referral:
    content = asdict(said)
    del content["officers"]
    row = {
        "referral": no, "version": version, "maker": actor.name, "made_at": now,
        "content": json.dumps(content, ensure_ascii=False, sort_keys=True),
    }  # fmt: skip
    tx.execute(insert(REFERRAL_VERSIONS).values(row))
    for one in said.officers:
        officer = {"referral": no, "version": version, **vars(one)}
        tx.execute(insert(REFERRAL_OFFICERS).values(officer))
    facts = {"version": version, "case": case_id, "scan": said.scan, "rings": said.rings}
    why = said.number or case_id
    audit.append(tx, actor, "referral.write", f"referral_{no}", why, now, facts=facts)
    return referral(tx, no)


def _writers(tx: Tx, no: int) -> frozenset[str]:
    """Who wrote any version or is one of its officers."""
    makers = select(REFERRAL_VERSIONS.c.maker).where(REFERRAL_VERSIONS.c.referral == no)
    officers = select(REFERRAL_OFFICERS.c.name).where(REFERRAL_OFFICERS.c.referral == no)
    return frozenset(tx.execute(makers.union(officers)).scalars())


def _referrals(tx: Tx, *wanted: ColumnElement[bool]) -> tuple[Referral, ...]:
    rows = tx.execute(select(REFERRALS).where(*wanted).order_by(REFERRALS.c.no)).mappings().all()
    return tuple(_referral(tx, dict(row)) for row in rows)


def _referral(tx: Tx, row: dict[str, Any]) -> Referral:
    no = row["no"]
    versions, officers = REFERRAL_VERSIONS, REFERRAL_OFFICERS
    last = tx.execute(
        select(versions.c.version, versions.c.content)
        .where(versions.c.referral == no)
        .order_by(versions.c.version.desc())
        .limit(1)
    ).one()
    named = tx.execute(
        select(officers.c.name, officers.c.certificate)
        .where(officers.c.referral == no, officers.c.version == last.version)
        .order_by(officers.c.certificate)
    ).tuples()
    reported = select(REFERRAL_REPORTS.c.no).where(REFERRAL_REPORTS.c.referral == no).order_by("no")
    steps = select(REFERRAL_EVENTS).where(REFERRAL_EVENTS.c.referral == no)
    return Referral(
        **row,
        version=last.version,
        draft=Draft.read(json.loads(last.content), tuple(Officer(*one) for one in named)),
        reports=tuple(approval.proposal(tx, one) for one in tx.execute(reported).scalars()),
        events=tuple(
            Happened(
                Event(step["event"]), step["happened"], step["document"], step["reason"],
                step["actor"], step["at"],
            )
            for step in tx.execute(steps.order_by(REFERRAL_EVENTS.c.step)).mappings()
        ),
    )  # fmt: skip
