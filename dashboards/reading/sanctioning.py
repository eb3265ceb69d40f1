"""What people decided on practitioners and places, and what waits for a decision. Every reader raises `CaseworkError`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from casework import appeals, points, sanctions
from casework.appeals import Appeal
from casework.approval import Proposal, proposals
from casework.approval import waiting as proposed
from casework.credit import Credit, credit, scheme
from casework.errors import NoLine, NoSanction
from casework.law import law_on
from casework.orders.ledger import Issued, State, orders_in, orders_of
from casework.people import Actor
from casework.points import Consequence, Points, Standing, consequence
from casework.sanctions import Reach, Registry, Sanction, registry
from casework.sanctions.ledger import LIFT
from casework.watch import Watched, watch
from dashboards.reading.regions import touches
from graph.snapshot import Snapshot
from huancha.workspace import Workspace


@dataclass(frozen=True)
class Record:
    """A practitioner's ledger, where it stands in the year, what follows, the grade, and every sanction."""

    lines: tuple[Points, ...]
    standing: Standing
    follows: Consequence
    credit: Credit
    sanctions: tuple[Sanction, ...]


@dataclass(frozen=True)
class Place:
    """A facility or a pharmacy as the tables name it; `area` is its 区划 code."""

    id: str
    name: str
    code: str
    area: str


@dataclass(frozen=True)
class Decision:
    """One sanction with the reach it was proposed with, its orders, the proposal and a lift that waits."""

    sanction: Sanction
    proposal: Proposal
    reach: Reach
    orders: tuple[Issued, ...]
    lift: Proposal | None


@dataclass(frozen=True)
class Desk:
    """What waits: sanctions, lifts by sanction, lines of points, appeals; orders that need a person or are on their way."""

    sanctions: tuple[Sanction, ...]
    lifts: Mapping[int, Sanction]
    lines: tuple[Points, ...]
    appeals: tuple[Appeal, ...]
    orders: tuple[Issued, ...]


def registered(workspace: Workspace, snapshot: Snapshot) -> Registry:
    """Where a sanction proposed from the screen looks up registrations and codes."""
    return registry(snapshot, workspace.registration_codes)


def record(workspace: Workspace, practitioner: str, area: str, today: date) -> Record:
    """What was decided on a practitioner, by the law of `area`."""
    law = law_on(today, area)
    with workspace.casework() as store, store.read() as tx:
        lines = points.history(tx, practitioner)
        held = points.standing(tx, practitioner, today.year, law)
        grade = credit(tx, practitioner, today, scheme(workspace.path))
        named = sanctions.sanctions_of(tx, practitioner)
    return Record(lines, held, consequence(law, held), grade, named)


def against_place(
    workspace: Workspace, place: str, today: date
) -> tuple[tuple[Sanction, ...], Credit]:
    """Every sanction that names a place, and its grade."""
    with workspace.casework() as store, store.read() as tx:
        named = sanctions.sanctions_of(tx, place)
        return named, credit(tx, place, today, scheme(workspace.path))


def graded(workspace: Workspace, subject: str, today: date) -> Credit:
    """The grade of a practitioner or a place."""
    with workspace.casework() as store, store.read() as tx:
        return credit(tx, subject, today, scheme(workspace.path))


def line(workspace: Workspace, who: Actor, no: int) -> Points | None:
    """One line of the points ledger; None where there is none the person may see."""
    with workspace.casework() as store, store.read() as tx:
        try:
            found = points.entry(tx, no)
        except NoLine:
            return None
    return found if touches([found.area], tuple(who.regions)) else None


def decision(workspace: Workspace, who: Actor, no: int) -> Decision | None:
    """One sanction; None where there is none the person may see."""
    with workspace.casework() as store, store.read() as tx:
        try:
            found = sanctions.sanction(tx, no)
        except NoSanction:
            return None
        if not touches([found.area], tuple(who.regions)):
            return None
        subject = proposals(tx, found.target)
        own = next(one for one in subject if one.no == no)
        lifts = (one for one in subject if one.kind == LIFT and one.content["sanction"] == no)
        lift = next((one for one in lifts if one.approved is None), None)
        return Decision(found, own, sanctions.reach_of(tx, no), orders_of(tx, no), lift)


def desk(workspace: Workspace, who: Actor) -> Desk:
    """What waits for somebody in the person's regions."""
    regions = tuple(who.regions)
    with workspace.casework() as store, store.read() as tx:
        every = (*sanctions.waiting(tx), *sanctions.approved(tx))
        mine = {one.no: one for one in every if touches([one.area], regions)}
        waiting = tuple(one for one in mine.values() if one.approved is None)
        lifts = {
            one.no: mine[one.content["sanction"]]
            for one in proposed(tx)
            if one.kind == LIFT and one.content["sanction"] in mine
        }
        lines = tuple(one for one in points.waiting(tx) if touches([one.area], regions))
        objections = tuple(one for one in appeals.appeals(tx) if touches([one.area], regions))
        going = (State.REJECTED, State.EXPIRED, State.PENDING, State.SENT)
        orders = tuple(one for one in orders_in(tx, *going) if one.sanction in mine)
    return Desk(waiting, lifts, lines, objections, orders)


def watched(
    workspace: Workspace, snapshot: Snapshot, who: Actor, today: date
) -> tuple[Watched, ...]:
    """The leads after sanctions at places in the person's regions."""
    with workspace.casework() as store, store.read() as tx:
        approved = sanctions.approved(tx)
    found = watch(snapshot, approved, today)
    return tuple(one for one in found if touches([one.area or ""], tuple(who.regions)))


def place(snapshot: Snapshot, id_: str) -> Place | None:
    """The place with this id; None where the tables hold none."""
    with snapshot.connect() as con:
        row = con.execute(
            "SELECT id, coalesce(name, code, id), coalesce(code, ''), coalesce(admdvs, '')"
            " FROM places WHERE id = ?",
            [id_],
        ).fetchone()
    return Place(*row) if row else None


def place_names(snapshot: Snapshot, ids: Collection[str]) -> dict[str, str]:
    """The name of each place, else its code, by id."""
    if not ids:
        return {}
    with snapshot.connect() as con:
        found = con.execute(
            "SELECT id, coalesce(name, code, id) FROM places WHERE id IN (SELECT unnest(?::VARCHAR[]))",
            [list(ids)],
        ).fetchall()
    return dict(found)
