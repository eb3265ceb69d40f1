"""Closing a case: one person proposes the outcome, another approves it, and the scan learns from it."""

import json
from datetime import datetime
from pathlib import Path

from casework import approval
from casework.approval import Proposal
from casework.cases.desk import case, step
from casework.cases.rules import Case, Origin, Outcome
from casework.errors import NoProposal
from casework.people import Actor
from casework.sql import select, update
from casework.steps import Status
from casework.store import Store, Tx
from casework.store.case_tables import CASES, REVIEWS

CLOSURE = "case.closure"


def propose_closure(
    tx: Tx, actor: Actor, id_: str, outcome: Outcome, why: str, now: datetime
) -> Proposal:
    """Propose to close a case with `outcome`; it waits for another person."""
    found = step(
        tx, actor, case(tx, id_), Status.CLOSING, "case.move", why, now, snoozed_until=None
    )
    content = {"outcome": outcome}
    return approval.propose(tx, actor, CLOSURE, id_, found.area, content, why, now)


def decide_closure(
    tx: Tx, actor: Actor, id_: str, why: str, now: datetime, *, approve: bool
) -> Case:
    """Close the case as proposed, or send it back; raises `SamePerson` for who proposed it."""
    found = case(tx, id_)
    open_ = [p for p in approval.proposals(tx, id_) if p.kind == CLOSURE and p.approved is None]
    if not open_:
        raise NoProposal(id_)
    done = approval.decide(tx, actor, open_[-1].no, CLOSURE, why, now, approve=approve)
    if not approve:
        return step(tx, actor, found, Status.INVESTIGATING, "case.move", why, now)
    outcome = Outcome(done.content["outcome"])
    return step(
        tx,
        actor,
        found,
        Status.CLOSED,
        "case.close",
        why,
        now,
        outcome=outcome,
        closure=done.no,
        fed=False,
    )


def feed_scan(store: Store, workspace: Path) -> int:
    """Hand the outcomes of rings' cases that the scan does not know yet to it; how many were new.

    A crash in between hands one over twice, which the scan takes for one.
    """
    from graph.scan.calibration import Closed, Finding, record_outcomes

    closed = (CASES.c.origin == Origin.RING, CASES.c.status == Status.CLOSED, ~CASES.c.fed)
    days = select(CASES, REVIEWS.c.reviewed_at).join(REVIEWS, REVIEWS.c.no == CASES.c.closure)
    with store.write() as tx:
        rows = tx.execute(days.where(*closed).order_by(CASES.c.no)).mappings().all()
        outcomes = []
        for row in rows:
            facts = json.loads(row["origin_facts"])
            outcomes.append(
                Closed(
                    row["origin_id"], Finding(row["outcome"]), row["reviewed_at"].date(),
                    tuple(facts["motifs"]), facts["evidence"], facts["weakened"],
                )
            )  # fmt: skip
        if outcomes:
            record_outcomes(workspace, outcomes)
            known = CASES.c.no.in_([row["no"] for row in rows])
            tx.execute(update(CASES).where(known).values(fed=True))
    return len(outcomes)
