"""Releases: proposed by one person, decided by another, and every step of their custody kept."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from casework import approval, audit, cases
from casework.approval import Proposal
from casework.exports.formats import FORMATS
from casework.exports.profiles import Identity, profile
from casework.people import Actor, Role, inside, require
from casework.releases.errors import NoRelease, SaysTooLittle
from casework.releases.rules import Draft, Event, Release, Step, Subject
from casework.sql import insert, select
from casework.store import Tx
from casework.store.release_tables import CUSTODY

KIND = "release"
_DRAFT = TypeAdapter(Draft)


def propose(tx: Tx, actor: Actor, draft: Draft, why: str, now: datetime) -> Release:
    """Propose that something leave; another person decides. Raises `SaysTooLittle`, `NoProfile` …"""
    require(actor, Role.INVESTIGATOR, draft.area)
    worn = profile(draft.profile, now.date())
    _said(tx, draft)
    if draft.attachments and worn.identity is Identity.NONE:
        raise SaysTooLittle("attachments", "nothing in them is masked for this recipient")
    made = approval.propose(
        tx, actor, KIND, draft.id, draft.area, asdict(draft), why, now, draft.law
    )
    return release(tx, made.no)


def decide(tx: Tx, actor: Actor, no: int, why: str, now: datetime, *, approve: bool) -> Release:
    """Release or refuse what somebody else proposed. Raises `SamePerson`, `NotAllowed`, `NoProposal`, `NoReason`."""
    approval.decide(tx, actor, no, KIND, why, now, approve=approve)
    return release(tx, no)


def happened(
    tx: Tx, actor: Actor, no: int, event: Event, now: datetime, *, who: str, how: str, note: str
) -> Step:
    """Keep what happened to a bundle that was built: who has it now, how it went there, the receipt or reason.

    Raises `NoRelease`, `NotAllowed`, `SaysTooLittle`.
    """
    found = release(tx, no)
    may_handle(actor, found.draft.area)
    if found.built is None:
        raise NoRelease(no, "it was not built")
    needed = {"who": who, "how": how if event is Event.SENT else "-"}
    needed["note"] = note if event in (Event.RECEIVED, Event.RETURNED) else "-"
    for field, value in needed.items():
        _nonblank(field, value)
    times = [step.event for step in found.custody].count
    if event in (Event.RECEIVED, Event.RETURNED) and times(event) >= times(Event.SENT):
        raise NoRelease(no, "it was not sent, or that is already kept")
    return keep(tx, actor, found, event, now, who=who, how=how, note=note)


def keep(tx: Tx, actor: Actor, found: Release, event: Event, now: datetime, **said: Any) -> Step:
    """Add a step of custody and its audit entry."""
    if found.built is not None:
        said = {"sha256": found.built.sha256} | said
    row = {
        "release": found.no, "step": len(found.custody) + 1, "event": event, "at": now,
        "actor": actor.name, **{name: value for name, value in said.items() if value != ""},
    }  # fmt: skip
    tx.execute(insert(CUSTODY).values(row))
    why = str(said.get("note") or said.get("who") or f"for {found.draft.body}")
    facts = {name: value for name, value in row.items() if name not in ("at", "actor")}
    audit.append(tx, actor, f"{KIND}.{event}", found.draft.id, why, now, found.draft.law, facts)
    return Step(**row)


def may_handle(actor: Actor, area: str) -> None:
    """Let pass who may build and send what was released: investigators and the liaison of the area."""
    role = (
        Role.LIAISON
        if isinstance(actor, Actor) and Role.LIAISON in actor.roles
        else Role.INVESTIGATOR
    )
    require(actor, role, area)


def release(tx: Tx, no: int) -> Release:
    """One release; raises `NoProposal`, and `NoRelease` where the number is of something else."""
    found = approval.proposal(tx, no)
    if found.kind != KIND:
        raise NoRelease(no, "that number is something else")
    rows = tx.execute(select(CUSTODY).where(CUSTODY.c.release == no).order_by(CUSTODY.c.step))
    return _release(found, [_step(dict(row)) for row in rows.mappings()])


def releases(tx: Tx, actor: Actor) -> tuple[Release, ...]:
    """Every release in the actor's regions, the newest first."""
    found = [one for one in approval.of_kind(tx, KIND) if inside(actor.regions, one.area)]
    custody: dict[int, list[Step]] = {}
    for row in tx.execute(select(CUSTODY).order_by(CUSTODY.c.release, CUSTODY.c.step)).mappings():
        custody.setdefault(row["release"], []).append(_step(dict(row)))
    return tuple(_release(one, custody.get(one.no, ())) for one in reversed(found))


def _release(of: Proposal, custody: Sequence[Step]) -> Release:
    held = {one.name: of.content[one.name] for one in fields(Draft) if one.name in of.content}
    draft = _DRAFT.validate_python(held)
    return Release(
        of.no, draft, of.why, of.maker, of.made_at, of.approved, of.reviewer, of.reviewed_at,
        of.review, tuple(custody),
    )  # fmt: skip


def _step(row: dict[str, Any]) -> Step:
    return Step(**row | {"event": Event(row["event"])})


def _said(tx: Tx, draft: Draft) -> None:
    for field in ("id", "body", "person", "law", "snapshot", "scan"):
        _nonblank(field, getattr(draft, field))
    known = {one.name for one in FORMATS}
    if not draft.formats or not known.issuperset(draft.formats):
        raise SaysTooLittle("formats", f"name some of {', '.join(sorted(known))}")
    if bool(draft.parts) == (draft.subject is Subject.RING):
        raise SaysTooLittle("parts", "a view has its nodes, a case its rings, a ring itself alone")
    of_case = draft.subject is Subject.CASE
    held = {one.no for one in cases.attachments(tx, draft.id)} if of_case else set()
    if not held.issuperset(draft.attachments):
        raise SaysTooLittle("attachments", "they are of the case that is exported")


def _nonblank(field: str, value: str) -> None:
    if not value.strip():
        raise SaysTooLittle(field, "it is empty")
