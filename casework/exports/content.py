"""What an export holds, before anything is written: a network and, of rings, what was found and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from graph.answered import Answered
from graph.results import RingRow
from graph.store.base import Graph


@dataclass(frozen=True)
class Network:
    """A part of the graph.

    `graph` has nodes by id with `kind`, `label` and properties, edges with `kind`, `weight` and
    properties; values are str, int, float, bool, date, datetime (naive Beijing), tuple[str, ...] or
    None. `total` is how many nodes there would be if nothing had been cut. `provenance` says where it
    is from: snapshot, scan, ring, seed, parameters, version, each as text, what is not known left out.
    """

    graph: Graph
    title: str
    total: int
    provenance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Member:
    """A member of a ring: id, label as the network has it, and what the scan says. Money in fen."""

    id: str
    kind: str
    label: str
    role: str
    core: bool
    visits: int
    fund: int
    note: str | None


@dataclass(frozen=True)
class Source:
    """A row of evidence, `table:key`, and the file and line of the export it was loaded from."""

    row: str
    file: str | None
    line: int | None


@dataclass(frozen=True)
class Finding:
    """A row of the scan's evidence that is a fact: a gathering, a shared token … Money in fen.

    `members` are patients' ids, `place` a place's; `place_name` is its public name.
    """

    no: int
    motif: str
    kind: str
    at: datetime | None
    until: datetime | None
    place: str | None
    place_name: str | None
    members: tuple[str, ...]
    sources: tuple[Source, ...]
    fund: int
    note_zh: str
    note_en: str


@dataclass(frozen=True)
class Settlement:
    """A settlement or manual reimbursement behind the evidence, once however many findings name it.

    `row` is `table:key`, `setl_id` the key, `findings` the numbers of those that name it. Money in
    fen: `medfee` and `fund` as the row has them, `net_…` after refunds, 0 for a row that does not
    count (a refund, or a visit refunded in full).
    """

    row: str
    setl_id: str
    patient: str
    place: str | None
    place_name: str | None
    practitioner: str | None
    med_type: str | None
    begin: datetime | None
    end: datetime | None
    at: datetime | None
    diag: str | None
    medfee: int
    fund: int
    net_medfee: int
    net_fund: int
    counts: bool
    file: str | None
    line: int | None
    findings: tuple[int, ...]


@dataclass(frozen=True)
class Money:
    """What settlements come to, each counted once, refunds taken off. `fund` and `medfee` in fen."""

    settlements: int
    medfee: int
    fund: int
    by_place: Mapping[str, int]
    by_patient: Mapping[str, int]
    by_month: Mapping[date, int]


@dataclass(frozen=True)
class RingContent:
    """A ring: its row, members, findings, the scan's tests of them, and the settlements behind them."""

    ring: RingRow
    members: tuple[Member, ...]
    findings: tuple[Finding, ...]
    robustness: tuple[Answered, ...]
    minimal: tuple[Answered, ...]
    explanations: tuple[Answered, ...]
    counter: tuple[Answered, ...]
    settlements: tuple[Settlement, ...]
    money: Money

    @property
    def gatherings(self) -> tuple[Finding, ...]:
        """The findings that say members met."""
        return tuple(finding for finding in self.findings if finding.kind == "gathering")


class DecisionKind(StrEnum):
    """What sort of decision it is; `order`: the orders to a place, in sum."""

    CLOSURE = "closure"
    POINTS = "points"
    SANCTION = "sanction"
    ORDER = "order"
    APPEAL = "appeal"
    REFERRAL = "referral"


@dataclass(frozen=True)
class Hand:
    """Who had a hand in a decision: the role, and the name where the recipient may have it."""

    role: str
    name: str | None


@dataclass(frozen=True)
class Decision:
    """Something decided in a case: on whom (id), what, where it stands.

    `what` and `state` are codes as `casework.terms` words them; `count` is how many points or orders. It was decided
    on the day `at` and holds from `first` to `last`. `documents` are the numbers of papers, `law` document and article.
    """

    kind: DecisionKind
    on: str | None
    what: str
    state: str
    at: date
    count: int | None = None
    first: date | None = None
    last: date | None = None
    by: tuple[Hand, ...] = ()
    documents: tuple[str, ...] = ()
    law: str | None = None


@dataclass(frozen=True)
class Decided:
    """What people decided in a case, as its record stood at the moment `at`."""

    case: str
    status: str
    outcome: str | None
    at: datetime
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True)
class Content:
    """All an export holds: of a selection the network alone, of a ring itself, of a case its rings.

    `identities` is what is known of whom by id and field; empty until the content is dressed for
    somebody who may see it.
    """

    network: Network
    rings: tuple[RingContent, ...] = ()
    decided: Decided | None = None
    identities: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
