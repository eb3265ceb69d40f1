"""票据工厂 · Receipt mill.

含义: 多名互不同户的参保人，其零星报销票据由同一代办人（身份证号或电话）送办，并且打入同一银行账户、同一张票据重复报销，或几乎都出自同一家异地医院。
组织者收集他人身份与票据批量报销时会留下这种痕迹。
误判: 单位人事统一代办、村居干部帮老人送票、养老院护理员代办、子女代父母报销：仅由一人代办、各人就诊时间互不相干的，不作证据，只列入参考（丙级）；多户一再于数日内先后开始就诊的，才列乙级。同一单位、同一住址、同一家庭的票据不计入；
退回后重报（有冲销）、不同医院的号码偶然相同不算重复；默认号码（如 13800000000）与持有人过多的号码不作连接。
Meaning: Manual reimbursements of people from different households come through one agent and are paid to one account, or one
receipt is reimbursed twice, or nearly all come from one hospital that others hardly use. Someone who collects other people's identities
and receipts leaves this trace.
Misleads: A company's staff officer, a village cadre helping the old, a carer of a home, children acting for parents: one hand
alone, for people each treated in his own time, is no evidence and stays at grade C; where treatments of several households begin
within days of each other again and again, it is grade B. One employer, one address or one household explains the group; a claim reversed and handed in
again, or equal numbers of different issuers, are no repetition; default numbers and numbers with too many holders never join receipts.
Source: 人社厅函〔2016〕488号 (零星报销票据核查重点); 国家医保局令第7号.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, LEAD, Candidate, Event, Keys, keys
from graph.scan.innocence import one_address, one_employer, one_household
from graph.scan.world import World, components

SUPPORT = 8.0
"""An agent and one hospital together: people of one village may work, and fall ill, in one town. Never a grade A."""
COMMON = 0.1
"""An issuer of this share of other people's receipts is one that neighbours choose of their own accord."""
STRANGERS = 4.0
"""One receipt paid to two households: a clerk's slip of one in a hundred, under a wrong name once in a hundred of them (log10)."""
ELSEWHERE = 2.0
"""One receipt paid to the same household by two offices: a slip of one in a hundred (log10)."""
DAYS, YEAR = 5, 365
"""Days within which treatments begin at once; who falls ill by himself does so on any day of the year."""
HOMES, APART = 3, 21
"""Households whose treatments begin at once that make an occasion, and days after it that belong to it: an illness goes round."""

RECEIPTS = """
SELECT r.reim, r.reim_id, r.patient, coalesce(r.begndate, CAST(r.acp_time AS DATE)), r.medfee, coalesce(r.fund, 0),
  r.invono, r.account, coalesce(CAST(r.place AS VARCHAR), r.place_name), coalesce(r.acp_admdvs, ''),
  coalesce(r.medfee < 0 OR r.fund < 0, false), r.begndate
FROM mnl_reim_d r WHERE r.patient IS NOT NULL ORDER BY r.reim
"""

LINKS = """
SELECT DISTINCT r.reim, x.token FROM mnl_reim_d r,
  LATERAL (SELECT unnest([agent, agent_phone, account]) AS token) x
JOIN joining t ON t.token = x.token
WHERE x.token IS NOT NULL AND r.patient IS NOT NULL AND t.holders <= ?
UNION ALL
SELECT reim, -1 - dense_rank() OVER (ORDER BY invono, coalesce(CAST(place AS VARCHAR), place_name)) FROM mnl_reim_d
WHERE patient IS NOT NULL AND length(invono) >= 6
QUALIFY count(DISTINCT reim) OVER (PARTITION BY invono, coalesce(CAST(place AS VARCHAR), place_name)) BETWEEN 2 AND 20
"""


@dataclass(frozen=True)
class Receipt:
    """A manual reimbursement; money in fen, `reverses` where it takes an earlier one back, `begun` the treatment's first day."""

    reim: int
    number: str
    patient: int
    day: date | None
    medfee: int | None
    fund: int
    invono: str | None
    account: int | None
    issuer: str | None
    office: str
    reverses: bool
    begun: date | None = None


def detect(world: World) -> Iterable[Candidate]:
    """Components of receipts joined by agent, account and number; at least `least_members` patients in each."""
    p = world.parameters
    rows = [Receipt(*row) for row in world.con.execute(RECEIPTS).fetchall()]
    if not rows:
        return
    links = world.arrays(LINKS, [max(p.hub_holders * 4, 200)])
    number = {row.reim: i for i, row in enumerate(rows)}
    receipt = np.array([number[int(r)] for r in links["reim"]], dtype=np.int64)
    _, token = np.unique(links["token"], return_inverse=True)
    group = components(receipt, token + len(rows), len(rows) + int(token.max(initial=-1)) + 1)
    brought = np.zeros(len(rows), dtype=np.bool_)
    brought[receipt[links["token"] >= 0]] = True
    label = group[: len(rows)]
    order = np.argsort(label, kind="stable")
    sizes = np.bincount(label)
    ends = np.cumsum(sizes)
    groups = []
    for k in np.flatnonzero(sizes >= p.least_receipts).tolist():
        chosen = order[ends[k] - sizes[k] : ends[k]]
        patients = keys([rows[i].patient for i in chosen])
        if len(patients) < p.least_members:
            continue
        if not brought[chosen].any() and len(patients) <= p.least_members:
            continue
        groups.append(([rows[i] for i in chosen], patients))
    issued = Issued.of(rows)
    for mine, patients in groups:
        one = issued.concentration(world, mine) - float(np.log10(len(groups)))
        yield _candidate(world, mine, patients, max(0.0, one))


def _candidate(world: World, rows: Sequence[Receipt], patients: Keys, one: float) -> Candidate:
    """`one` is -log10 of the chance that so many households have a receipt of one issuer."""
    repeats = Repeats.of(world, rows)
    # One agent for many households is routine for cadres, carers and clerks.
    surprise = (
        min(SUPPORT, LEAD + one + _at_once(world, rows)) + repeats.surprise + _paid(world, rows)
    )
    events = tuple(
        Event(
            kind="receipt",
            at=None if row.day is None else datetime.fromisoformat(str(row.day)[:10]),
            patients=(row.patient,),
            rows=(f"mnl_reim_d:{row.number}",),
            fund=row.fund or row.medfee or 0,
            facts={"invono": row.invono or ""},
        )
        for row in sorted(rows, key=lambda r: (str(r.day), r.number))
    )
    return Candidate(
        motif=MOTIF.name,
        patients=patients,
        surprise=float(min(CAP, surprise)),
        events=events,
        facts={
            "receipts": len(rows),
            "households": len(np.unique(world.household[patients])),
            "repeated": repeats.strangers + repeats.elsewhere,
        },
        same_fact="agent",
        explanations=(
            one_household(world, patients),
            one_address(world, patients),
            one_employer(world, patients),
        ),
    )


@dataclass(frozen=True)
class Repeats:
    """How often one receipt was paid again, reversals netted: to another household, or by another office."""

    strangers: int
    elsewhere: int

    @classmethod
    def of(cls, world: World, rows: Sequence[Receipt]) -> "Repeats":
        """Receipts of one issuer with one number; paid again by the same office for the same household is a re-entry."""
        by_number: dict[tuple[str, str | None], list[Receipt]] = defaultdict(list)
        for row in rows:
            if row.invono:
                by_number[row.invono, row.issuer].append(row)
        strangers = elsewhere = 0
        for same in by_number.values():
            paid = [row for row in same if not row.reverses]
            again = 2 * len(paid) - len(same) - 1
            if again < 1:
                continue
            homes = len({int(world.household[row.patient]) for row in paid})
            offices = len({(int(world.household[row.patient]), row.office) for row in paid})
            other = min(again, homes - 1)
            strangers += other
            elsewhere += min(again - other, offices - homes)
        return cls(strangers, elsewhere)

    @property
    def surprise(self) -> float:
        """-log10 of the chance of so many slips; the first may be one."""
        whole = STRANGERS * self.strangers + ELSEWHERE * self.elsewhere
        return max(0.0, whole - (STRANGERS if self.strangers else ELSEWHERE))


def _paid(world: World, rows: Sequence[Receipt]) -> float:
    """-log10 of the chance that so many households are paid to shared accounts; one pair may be a couple on no register."""
    paid: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        if row.account is not None:
            paid[row.account].add(int(world.household[row.patient]))
    joined = [len(homes) for homes in paid.values() if len(homes) > 1]
    people = max(world.patients, 10)
    pair = float(np.log10(people / 2))
    return max(0.0, sum((n - 1) * float(np.log10(people / n)) for n in joined) - pair)


def _at_once(world: World, rows: Sequence[Receipt]) -> float:
    """-log10 of the chance that treatments of several households began within days of each other, time and again.

    Against as many spread over a year, all beginnings tried; a receipt handed in again is one treatment, and one occasion counts
    nothing, it may be an accident.
    """
    from scipy.stats import poisson

    first: dict[tuple[int, str], int] = {}
    for r in rows:
        if r.begun is not None and not r.reverses:
            one = int(world.household[r.patient]), r.invono or r.number
            first[one] = min(first.get(one, r.begun.toordinal()), r.begun.toordinal())
    begun = sorted({(day, home) for (home, _), day in first.items()})
    expected = len(begun) * (DAYS + 1) / YEAR
    told, until = [], 0
    for k, (day, _) in enumerate(begun):
        homes = len({home for other, home in begun[k:] if other <= day + DAYS})
        if day > until and homes >= HOMES:
            tail = -float(poisson.logsf(homes - 2, expected)) / math.log(10)
            told.append(max(0.0, tail - math.log10(len(begun))))
            until = day + APART
    return sum(told) - max(told, default=0.0)


@dataclass(frozen=True)
class Issued:
    """How many receipts each issuer gave, in all and by the office they were brought to; how many each office took."""

    whole: dict[str | None, int]
    local: dict[tuple[str, str | None], int]
    brought: dict[str, int]
    count: int

    @classmethod
    def of(cls, rows: Sequence[Receipt]) -> "Issued":
        """Counted over all receipts."""
        whole: dict[str | None, int] = defaultdict(int)
        local: dict[tuple[str, str | None], int] = defaultdict(int)
        brought: dict[str, int] = defaultdict(int)
        for row in rows:
            whole[row.issuer] += 1
            local[row.office, row.issuer] += 1
            brought[row.office] += 1
        return cls(dict(whole), dict(local), dict(brought), len(rows))

    def concentration(self, world: World, rows: Sequence[Receipt]) -> float:
        """-log10 p that so many of the group's households have a receipt of its foremost issuer, all issuers tried.

        Against everybody else's receipts (see `_share`); nothing where those come from this issuer often enough.
        """
        from scipy.stats import binom

        mine = Issued.of(rows)
        each: dict[int, list[Receipt]] = defaultdict(list)
        users: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            home = int(world.household[row.patient])
            each[home].append(row)
            if row.issuer is not None:
                users[row.issuer].add(home)
        if not users:
            return 0.0
        foremost = min(users, key=lambda issuer: (-len(users[issuer]), issuer))
        at = {row.office: self._share(mine, row.office, foremost) for row in rows}
        if np.mean([at[row.office] for row in rows]) >= COMMON:
            return 0.0
        none = [float(np.prod([1 - at[row.office] for row in same])) for same in each.values()]
        tail = binom.logsf(len(users[foremost]) - 1, len(each), 1 - float(np.mean(none)))
        return max(0.0, -float(tail) / math.log(10) - math.log10(len(self.whole)))

    def _share(self, mine: "Issued", office: str, issuer: str) -> float:
        """The issuer's share among others' receipts, in all or at this office, whichever is larger.

        One is added to what it gave and ten to the office's, so that an office without other receipts tells nothing.
        """
        others = self.count - mine.count
        share = (self.whole[issuer] - mine.whole[issuer] + 1) / (others + 2)
        here = self.brought[office] - mine.brought.get(office, 0)
        theirs = self.local.get((office, issuer), 0) - mine.local.get((office, issuer), 0)
        return max(share, (theirs + 1) / (here + 10))


MOTIF = Motif("receipts", detect, needs=("mnl_reim_d",))
