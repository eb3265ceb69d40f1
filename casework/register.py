"""The register of what left and what is to leave: releases and sealed referrals in one list, each read from its own record."""

from dataclasses import dataclass
from datetime import datetime

from casework import referral
from casework.people import Actor, inside
from casework.referral import DESK, PROFILE, Event, Referral
from casework.releases import Release, releases
from casework.store import Tx

REFERRAL = "referral"


@dataclass(frozen=True)
class Entry:
    """Something that left or is to leave: what, to whom, who proposed and who released it, when, as which bundle.

    `no` is that of its proposal, `sha256` the bundle's, `sent_at` when it last went. `referral` is the referral's
    number, None of an export; `state` is a code of `referral_state` or `export_state`.
    """

    no: int
    subject: str
    id: str
    body: str
    person: str
    profile: str
    state: str
    maker: str
    reviewer: str | None
    released_at: datetime | None
    sha256: str | None
    sent_at: datetime | None
    referral: int | None = None


def register(tx: Tx, actor: Actor) -> tuple[Entry, ...]:
    """Every entry in the actor's regions, the newest proposal first."""
    sealed = (
        _referred(one)
        for one in referral.referrals(tx)
        if one.last(Event.SEALED) and inside(actor.regions, one.area)
    )
    entries = (*map(_released, releases(tx, actor)), *sealed)
    return tuple(sorted(entries, key=lambda one: one.no, reverse=True))


def _released(one: Release) -> Entry:
    draft = one.draft
    return Entry(
        one.no, draft.subject, draft.id, draft.body, draft.person, draft.profile, one.state,
        one.maker, one.reviewer, one.reviewed_at if one.approved else None,
        one.built.sha256 if one.built else None, one.left[-1].at if one.left else None,
    )  # fmt: skip


def _referred(one: Referral) -> Entry:
    report, sealed, sent = one.report, one.last(Event.SEALED), one.last(Event.SENT)
    assert report is not None and sealed is not None  # noqa: PT018
    return Entry(
        report.no, REFERRAL, one.case_id, one.draft.police, DESK, PROFILE, one.state,
        report.maker, report.reviewer, report.reviewed_at, sealed.document, sent.happened if sent else None,
        one.no,
    )  # fmt: skip
