"""多店套药 · One drug at many shops.

含义: 同一参保人一日之内在两家以上药店（或两家以上医疗机构）买同一种药，一再如此；几个这样的人又在同一些日子买同样的药。持卡巡回购药、再卖给收药人（倒药）会留下这种痕迹，不必同时到店。
误判: 一家缺货到另一家补齐、退换后重买、一天里先后看两处病；故只计三日以上、到过三处以上、且与别户同日同药者；在没有骗保的合成数据（一年、一万余人）中无一人够此数。医疗机构开方后在药店取的药、外配处方、拆零与已退的不计；慢病患者按月在近处取药，一日只到一家，不计。同户、同址、同单位逐一检验。
Meaning: A person buys the same drug at two pharmacies or more (or at two facilities or more) within one day, again and again, and several such
people do so on the same days with the same drugs. Cards taken round the shops to buy what can be sold on leave this trace, whether or not
they are at one shop together.
Misleads: What one shop lacks is bought at the next, a pack is brought back and bought elsewhere, two doctors are seen in one day: so only
three such days or more at three places or more count, together with other households on the same days with the same drugs; in
synthetic data without fraud (a year, some ten thousand people) nobody came to that. Prescribed at a facility and fetched at a pharmacy,
external prescriptions, split packs and what was returned do not count, nor does the month's drug fetched at one shop nearby. Household,
address and employer are tried.
Source: 国家医保局医保药品倒卖模型 (2022 年起运行); 痕迹与阈值为本系统自定.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.communities import rings_by_cpm
from graph.motifs.base import Motif
from graph.scan.aside import unignored
from graph.scan.candidates import CAP, Candidate, Event, Keys, ascending, keys
from graph.scan.chance import log10_poisson_tail
from graph.scan.gatherings import log10_choose
from graph.scan.innocence import one_address, one_employer, one_household
from graph.scan.kernels import compiled
from graph.scan.layers import Layer
from graph.scan.practitioners import DRUGS
from graph.scan.visits import attended
from graph.scan.world import World

LEAST_DAYS = 3
"""Days on which a person bought one drug at several places, from which it is no empty shelf."""
LEAST_SHOPS = 3
"""Places on a person's rounds: the same two may be one shop that reports twice."""
FEWER_DAYS = 2
"""Of such days, all of a group's, that are enough for one who came along less often."""
CHANCE = 0.01
"""Links by chance, to any of the others, that are put up with per person."""
LEAST_SPAN = 90
"""Days over which rounds could have lain, where all that there are lie closer."""
DAY_BITS = 16

Ints = npt.NDArray[np.int32]

ROUNDS = f"""
CREATE OR REPLACE TEMP TABLE rounds AS
WITH bought AS (
  SELECT f.patient, f.place, f.item, f.setl_id, f.fee_time, f.cnt, f.amount, p.kind, CAST(f.fee_time AS DATE) - DATE '2000-01-01' AS day
  FROM fee_list_d f SEMI JOIN wanderers w ON w.patient = f.patient JOIN places p ON p.place = f.place
  WHERE f.item IS NOT NULL AND left(f.item, 1) IN {DRUGS} AND NOT coalesce(f.rx_circ, false)
    AND NOT coalesce(f.trdn, false) AND f.fee_time >= TIMESTAMP '2000-01-01'),
 twice AS MATERIALIZED (
  SELECT patient, item, day, kind FROM bought WHERE cnt > 0 GROUP BY patient, item, day, kind HAVING min(place) < max(place)),
 there AS (
  SELECT b.patient, b.place, item, day, kind, min(b.setl_id) AS setl_id, min(fee_time) AS moment, CAST(sum(amount) AS BIGINT) AS fund
  FROM bought b SEMI JOIN twice t ON t.patient = b.patient AND t.item = b.item AND t.day = b.day AND t.kind = b.kind
  JOIN visits v ON v.setl_id = b.setl_id WHERE NOT v.stay AND NOT v.online
  GROUP BY b.patient, b.place, item, day, kind HAVING sum(cnt) > 0),
 several AS (
  SELECT *, min(place) OVER same AS least, max(place) OVER same AS most FROM there WINDOW same AS (PARTITION BY patient, item, day, kind))
SELECT patient, place, item, CAST(dense_rank() OVER (ORDER BY item) AS BIGINT) AS drug, CAST(day AS BIGINT) AS day, setl_id, moment, fund
FROM several WHERE least < most
"""
COLUMNS = "SELECT patient, place, drug, day FROM rounds ORDER BY patient, day, drug, place"
CITED = """
SELECT g, r.drug, any_value(r.item), r.day, min(r.moment), list(DISTINCT r.patient ORDER BY r.patient),
  list(DISTINCT 'setl_d:' || r.setl_id ORDER BY 'setl_d:' || r.setl_id), CAST(sum(r.fund) AS BIGINT)
FROM rounds r JOIN grouped USING (patient) GROUP BY g, r.drug, r.day ORDER BY g, 5, r.drug
"""
Row = tuple[int, str, int, datetime, list[int], list[str], int]
"""The drug by number and by code, day, first moment, buyers, bills, amount."""


@dataclass(frozen=True)
class Rounds:
    """Purchases of one drug at several places on one day, int[n] each, by patient and day; days since 2000."""

    patient: Ints
    place: Ints
    drug: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]

    @cached_property
    def code(self) -> npt.NDArray[np.int64]:
        """The drug and the day as one number."""
        return self.drug << DAY_BITS | self.day

    @cached_property
    def days(self) -> tuple[Ints, npt.NDArray[np.int64]]:
        """Who made rounds, and on how many days each."""
        packed = ascending(self.patient.astype(np.int64) << DAY_BITS | self.day) >> DAY_BITS
        who, days = np.unique(packed, return_counts=True)
        return who.astype(np.int32), days

    @cached_property
    def regular(self) -> Keys:
        """Those with `LEAST_DAYS` and `LEAST_SHOPS`."""
        who, days = self.days
        packed = ascending(self.patient.astype(np.int64) << 32 | self.place) >> 32
        shops = np.unique(packed, return_counts=True)[1]
        return keys(who[(days >= LEAST_DAYS) & (shops >= LEAST_SHOPS)])


def detect(world: World) -> Iterable[Candidate]:
    """Groups of people who make rounds on the same days for the same drugs."""
    seen = attended(world).columns
    days = count_days_out(seen.patient_offsets, seen.order, seen.place, seen.minute, world.facility)
    wanderers = np.flatnonzero(days >= FEWER_DAYS).astype(np.int32)
    world.con.register("wanderers", pa.table({"patient": wanderers}))
    world.con.execute(ROUNDS)
    world.con.unregister("wanderers")
    rounds = Rounds(**world.arrays(COLUMNS))
    groups = list(_groups(world, rounds))
    for members, rows in zip(groups, _cited(world, groups), strict=True):
        yield _candidate(world, rounds, members, rows)
    world.con.execute("DROP TABLE rounds")


@compiled
def count_days_out(offsets: Any, order: Any, place: Any, minute: Any, facility: Any) -> Any:
    """Per patient, on how many days they were at two pharmacies or two facilities: int64[P]; rows offsets[p] : offsets[p + 1] of `order`
    are theirs, `facility` bool[places]."""
    found = np.zeros(len(offsets) - 1, np.int64)
    most = 0
    for p in range(len(offsets) - 1):
        most = max(most, offsets[p + 1] - offsets[p])
    at = np.empty(most, np.int64)
    for p in range(len(offsets) - 1):
        size = offsets[p + 1] - offsets[p]
        for k in range(size):
            row = order[offsets[p] + k]
            f = place[row]
            at[k] = (np.int64(minute[row]) // 1440 * 2 + facility[f]) << 32 | f
        at[:size].sort()
        counted = np.int64(-1)
        for k in range(1, size):
            day = at[k] >> 33
            if at[k - 1] >> 32 == at[k] >> 32 and at[k] != at[k - 1] and day != counted:
                found[p] += 1
                counted = day
    return found


def _groups(world: World, rounds: Rounds) -> Iterable[Keys]:
    """Communities of those whose rounds fall together more often than chance would have it, with who came along."""
    regular = rounds.regular
    if len(regular) < 2:
        return
    chosen = np.isin(rounds.patient, regular)
    layer = Layer.of(
        "rounds", rounds.patient[chosen], rounds.code[chosen], world.household, most=world.parameters.hub_holders
    )  # fmt: skip
    a, b, attribute = layer.edges(np.ones(world.patients, dtype=np.bool_))
    pair, n = np.unique(
        ascending_pairs(a, b, layer.code[attribute] & (1 << DAY_BITS) - 1), return_counts=True
    )
    a, b = (pair >> 32).astype(np.int32), (pair & 0xFFFFFFFF).astype(np.int32)
    who, days = rounds.days
    span = max(int(np.ptp(rounds.day)) + 1, LEAST_SPAN)
    expected = days[np.searchsorted(who, a)] * days[np.searchsorted(who, b)] / span
    linked = log10_poisson_tail(n, expected) <= np.log10(CHANCE / len(regular))
    linked &= world.household[a] != world.household[b]
    linked[linked] = unignored(world, a[linked], b[linked])
    if not linked.any():
        return
    p = world.parameters
    for group in rings_by_cpm(
        a[linked], b[linked], None, resolution=p.resolution, seed=int(world.notes["seed"])
    ):
        members = _along(rounds, keys(group))
        if p.least_members <= len(members) <= p.most_members:
            yield members


def ascending_pairs(a: Ints, b: Ints, day: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Each pair (a << 32 | b) once for each of its distinct days."""
    pair = a.astype(np.int64) << 32 | b
    order = np.lexsort((day, pair))
    pair, day = pair[order], day[order]
    fresh = np.ones(len(pair), dtype=np.bool_)
    fresh[1:] = (pair[1:] != pair[:-1]) | (day[1:] != day[:-1])
    return pair[fresh]


def _along(rounds: Rounds, group: Keys) -> Keys:
    """The group with those whose rounds, `FEWER_DAYS` at least, all fall on those of two of its members, for the same drug."""
    mine = np.isin(rounds.patient, group)
    bought = ascending(rounds.code[mine] << 32 | rounds.patient[mine]) >> 32
    code, members = np.unique(bought, return_counts=True)
    along = np.isin(rounds.code, code[members >= 2])
    who, days = rounds.days
    packed = ascending(rounds.patient[along].astype(np.int64) << DAY_BITS | rounds.day[along])
    kept, often = np.unique(packed >> DAY_BITS, return_counts=True)
    total = days[np.searchsorted(who, kept)]
    return keys(np.concatenate([group, kept[(often >= FEWER_DAYS) & (often == total)]]))


def _cited(world: World, groups: Sequence[Keys]) -> list[list[Row]]:
    """Of each group what was bought on each day, by drug."""
    found: list[list[Row]] = [[] for _ in groups]
    if groups:
        of = np.repeat(np.arange(len(groups), dtype=np.int32), [len(g) for g in groups])
        world.con.register("grouped", pa.table({"g": of, "patient": np.concatenate(groups)}))
        for g, *row in world.con.execute(CITED).fetchall():
            found[g].append(tuple(row))
        world.con.unregister("grouped")
    return found


def _candidate(world: World, rounds: Rounds, members: Keys, rows: Sequence[Row]) -> Candidate:
    who, days = rounds.days
    often = days[np.searchsorted(who, members)]
    others = float(days.sum() - days[np.isin(who, rounds.regular)].sum())
    usual = (others + 1) / world.patients
    log10_p = log10_poisson_tail(often, np.full(len(members), usual)).sum()
    surprise = -float(log10_p) - log10_choose(world.patients, len(members))
    mine = np.isin(rounds.patient, members)
    places, times = np.unique(rounds.place[mine], return_counts=True)
    return Candidate(
        motif=MOTIF.name,
        patients=members,
        surprise=float(np.clip(surprise, 0.0, CAP)),
        places=tuple(int(f) for f in places[np.argsort(-times, kind="stable")][:10]),
        events=tuple(_event(row) for row in rows),
        facts={
            "rounds": int(often.sum()),
            "days": len({row[2] for row in rows}),
            "drugs": len({row[0] for row in rows}),
            "places": len(places),
            "expected": usual * len(members),
        },
        explanations=(
            one_household(world, members),
            one_address(world, members),
            one_employer(world, members),
        ),
    )


def _event(row: Row) -> Event:
    _, item, _, at, patients, bills, fund = row
    facts: Mapping[str, str] = {"item": item}
    return Event("rounds", at, patients=tuple(patients), rows=tuple(bills), fund=fund, facts=facts)


MOTIF = Motif("drug_rounds", detect, needs=("fee_list_d", "setl_d"))
