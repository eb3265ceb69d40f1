"""追溯码回流 · Trace-code loop.

含义: 同一药品追溯码在扣除退货后仍被结算两次以上，涉及不同参保人或不同机构。药盒卖出后被收购、再次入店销售时会如此。
若持盒去向单一（甲地买出、集中在同一机构再卖），只列所购药盒再被售出的原购药人；接手者只有拿走四分之一以上，或人数很少、人均三盒以上时才列入。按再售机构并为一组；零散买到回流药的顾客不列。
误判: 拆零销售（同码多次属正常）、退货重扫、上传失败后重传、录入默认码。拆零标志、同一就诊、同一参保人当日重复以及过于常见的码不计；每次都同在一单的多个码只算一次。
Meaning: One drug trace code is settled twice or more after returns are netted, for different patients or at different
places: a box that was sold, bought back and sold again.
Where boxes go one way, those who had them first and come back to one outlet are the group, with anybody who takes a quarter
of the boxes there, and with those who take them where they are few, with three boxes each or more; the outlet's customers are
left out. Boxes that are on the same bills each time count once.
Misleads: Split packs (the same code many times is normal), returns and re-scans, uploads sent again, default codes. Split
sales, one visit, one patient within a day, and codes that are too common are left out.
Source: 国家医保局 2025 年追溯码监管 (一码多结); 江西追溯码模型.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Keys, Outcome, ascending, keys
from graph.scan.world import World, components

SCANS = """
CREATE OR REPLACE TEMP VIEW scans AS
SELECT unnest(trace_codes) AS code, patient, place, setl_id, fee_time, cnt, amount, item
FROM fee_list_d WHERE trace_codes IS NOT NULL AND NOT coalesce(trdn, false) AND patient IS NOT NULL
"""

HASHED = "SELECT hash(code) AS code FROM scans"
"""No table of all codes: hashes are soon sorted, and the few codes that only share theirs with another do no harm."""

NUMBERED = """
CREATE OR REPLACE TEMP TABLE numbered AS
WITH net AS (
  SELECT code, patient, place, any_value(item) AS item, max_by(setl_id, fee_time) AS setl_id,
    min(fee_time) AS moment, sum(amount) AS amount
  FROM scans SEMI JOIN repeated ON repeated.code = hash(scans.code)
  WHERE length(code) >= 7 GROUP BY code, patient, place HAVING sum(cnt) > 0),
 sales AS (
  SELECT * FROM net QUALIFY count(*) OVER (PARTITION BY code) BETWEEN 2 AND 20
    AND count(DISTINCT patient) OVER (PARTITION BY code) > 1),
 ways AS (SELECT code, list(setl_id ORDER BY moment, setl_id) AS way FROM sales GROUP BY code),
 parcels AS (SELECT code, CAST(dense_rank() OVER (ORDER BY way) - 1 AS BIGINT) AS no FROM ways)
SELECT sales.*, no, row_number() OVER (PARTITION BY code ORDER BY moment, setl_id) = 1 AS first
FROM sales JOIN parcels USING (code)
"""
"""`no` numbers the parcels: codes that are on the same bills each time. One wrong reading of a carton repeats them all."""

LEFT = "SELECT code, patient, place, setl_id, moment, amount FROM numbered ORDER BY code, patient, place"
"""What `graph.scan.ties` asks for."""

LINKS = """
SELECT DISTINCT patient, coalesce(place, -1) AS place, no, first FROM numbered ORDER BY no, patient, place, first
"""

SOLD = """
SELECT g, code, moment, place, patient, setl_id, amount, item, no FROM numbered JOIN looped USING (no)
ORDER BY g, code, moment, setl_id
"""

SAME = 0.5
"""Share of the people joined by codes who both had boxes that came back and took boxes that had been sold: where they are fewer,
most of the others are an outlet's customers, who know of nothing."""
REGULAR = 2
"""Boxes of one person at one outlet from which it is no slip of a scanner."""
STRAW, LEAST_BOXES = 0.25, 10
"""Share of so many boxes sold again that no ordinary customer takes."""
FEW_TAKERS = 3
"""Boxes each on average from which those who take them are no customers: a customer gets one or two."""
LEAST_PEOPLE = 3
MOST_PEOPLE = 10_000
"""Where codes join more people than this, they are not the boxes' own."""

Ints = npt.NDArray[np.int64]
Loop = tuple[Keys, Ints]
"""People, and the parcels by number."""
Row = tuple[str, datetime, int | None, int, str, int, str | None, int]
"""Code, moment, place, patient, bill, amount, item, parcel."""


@dataclass(frozen=True)
class Links:
    """Net sales of the parcels sold again: key of patient and place (-1 unknown), the parcel's number, whether its first sale."""

    patient: Ints
    place: Ints
    no: Ints
    first: npt.NDArray[np.bool_]

    def only(self, chosen: npt.NDArray[np.bool_]) -> "Links":
        """The chosen sales."""
        return Links(self.patient[chosen], self.place[chosen], self.no[chosen], self.first[chosen])

    @cached_property
    def away(self) -> npt.NDArray[np.bool_]:
        """Sold again at another place than at first."""
        origin = np.zeros(int(self.no.max(initial=-1)) + 1, dtype=np.int64)
        origin[self.no[self.first]] = self.place[self.first]
        again: npt.NDArray[np.bool_] = self.place != origin[self.no]
        return again & ~self.first & (self.place >= 0)

    def carried(self, labels: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
        """Whether a sale's boxes go one way: most of its component (`labels`) are on one side only, most codes leave."""
        size = int(max(labels.max(), self.patient.max(), self.no.max())) + 1
        source, taker, away = (np.zeros(size, dtype=np.bool_) for _ in range(3))
        source[self.patient[self.first]] = taker[self.patient[~self.first]] = True
        away[self.no[self.away]] = True
        who, one = np.unique(self.patient, return_index=True)
        both = np.bincount(labels[one], source[who] & taker[who], size)
        people = np.bincount(labels[one], None, size)
        leave = np.bincount(labels[self.first], away[self.no[self.first]], size)
        codes = np.bincount(labels[self.first], None, size)
        one_way = (both < SAME * people) & (2 * leave >= codes)
        found: npt.NDArray[np.bool_] = one_way[labels]
        return found


def detect(world: World) -> Iterable[Candidate]:
    """Groups with at least `least_repeated_codes` parcels sold again, among themselves or through one outlet."""
    world.con.execute(SCANS)
    hashes = np.sort(world.arrays(HASHED)["code"])
    world.con.register("repeated", pa.table({"code": hashes[1:][hashes[1:] == hashes[:-1]]}))
    world.con.execute(NUMBERED)
    world.con.unregister("repeated")
    world.notes["sales"] = world.con.sql(LEFT).to_arrow_table()
    links = Links(**world.arrays(LINKS))
    if len(links.patient):
        for patients, rows in _loops(world, links):
            yield _candidate(patients, rows)
    world.con.execute("DROP TABLE numbered")


def _loops(world: World, links: Links) -> Iterable[tuple[Keys, list[Row]]]:
    """People and sales of the groups that are large enough, and not too large."""
    labels = components(
        links.patient, links.no + world.patients, world.patients + int(links.no.max()) + 1
    )[links.patient]
    carried = links.carried(labels)
    found = [
        *_circulating(links.only(~carried), labels[~carried]),
        *_carried(world, links.only(carried)),
    ]
    least = world.parameters.least_repeated_codes
    groups = [g for g in found if len(g[1]) >= least and LEAST_PEOPLE <= len(g[0]) <= MOST_PEOPLE]
    return zip((patients for patients, _ in groups), _sold(world, groups), strict=True)


def _circulating(links: Links, labels: npt.NDArray[np.int32]) -> list[Loop]:
    """Everybody joined by codes, and the codes."""
    order = np.argsort(labels, kind="stable")
    cuts = np.flatnonzero(np.diff(labels[order])) + 1
    return [
        (keys(links.patient[chosen]), np.unique(links.no[chosen]))
        for chosen in np.split(order, cuts)
        if len(chosen)
    ]


def _carried(world: World, links: Links) -> list[Loop]:
    """Those whose boxes are sold again at the same outlets, with those who take a good part of them there, and the codes."""
    if not len(links.patient):
        return []
    source = np.zeros(int(links.no.max()) + 1, dtype=np.int64)
    source[links.no[links.first]] = links.patient[links.first]
    sold = ascending(links.no[links.away] * world.places + links.place[links.away])
    no, outlet = sold // world.places, sold % world.places
    pairs, at, codes = np.unique(
        source[no] * world.places + outlet, return_inverse=True, return_counts=True
    )
    to = pairs % world.places
    often = codes >= REGULAR
    chiefly = 2 * np.bincount(to, often, world.places) >= np.bincount(to, None, world.places)
    kept = (often | chiefly[to])[at]
    no, outlet = no[kept], outlet[kept]
    label = components(source[no], outlet + world.patients, world.patients + world.places)[
        source[no]
    ]
    loops = []
    for one in np.unique(label):
        mine = np.unique(no[label == one])
        taken = links.only(np.isin(links.no, mine) & ~links.first)
        others = taken.only(~np.isin(taken.patient, source[mine]))
        loops.append((keys(np.concatenate([source[mine], _straws(others, len(mine))])), mine))
    return loops


def _straws(taken: Links, boxes: int) -> Ints:
    """Of others who take of the `boxes` that had been sold, whoever is no customer: takes a good part of them, or is one of few."""
    taker, each = np.unique(taken.patient, return_counts=True)
    some = each >= REGULAR if len(taken.no) >= FEW_TAKERS * len(taker) else each > boxes
    return taker[some | ((each >= STRAW * boxes) & (boxes >= LEAST_BOXES))]


def _sold(world: World, groups: Sequence[Loop]) -> list[list[Row]]:
    """The sales of each group's codes."""
    found: list[list[Row]] = [[] for _ in groups]
    if groups:
        of = np.repeat(np.arange(len(groups), dtype=np.int32), [len(g[1]) for g in groups])
        codes = np.concatenate([g[1] for g in groups])
        world.con.register("looped", pa.table({"g": of, "no": codes}))
        for g, *row in world.con.execute(SOLD).fetchall():
            found[g].append(tuple(row))
        world.con.unregister("looped")
    return found


def _candidate(who: Keys, rows: Sequence[Row]) -> Candidate:
    """Sales to others than `who` are told without the buyer: a customer has done nothing."""
    members, codes, parcels = (
        set(who.tolist()),
        len({r[0] for r in rows}),
        len({r[7] for r in rows}),
    )
    events = tuple(
        Event(
            "sale", r[1], place=r[2], patients=(r[3],) if r[3] in members else (), rows=(f"setl_d:{r[4]}",), fund=int(r[5]),
            facts={"code": r[0], "item": r[6] or ""},
        )
        for r in rows
    )  # fmt: skip
    places, sold = np.unique([r[2] for r in rows], return_counts=True)
    return Candidate(
        motif=MOTIF.name,
        patients=who,
        surprise=float(min(CAP, 3.0 * parcels)),
        places=tuple(int(f) for f in places[np.argsort(-sold, kind="stable")][:10]),
        events=events,
        facts={"codes": codes, "sales": len(rows), "places": len(places)},
        explanations=(Explanation("split_pack", Outcome.RULED_OUT, {"split_sales": 0}),),
    )


MOTIF = Motif("trace_loop", detect, needs=("fee_list_d",))
