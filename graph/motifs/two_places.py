"""分身执业 · Practitioner in two places.

含义: 同一医师的工号在两家机构先后结算，间隔短于两地路程；或在未登记备案（或备案已终止）的机构多日坐诊结算。可能是工号外借或冒名结算。
误判: 已备案的多点执业与互联网诊疗、共用登录、同一院区两个编码、上传时间并非诊疗时间、录错工号（同样两家之间不足三日的移动不计）、医联体内派驻。两家均已备案者，仅当一日之内在相距半小时以上的两地往返、且有五日以上时才计，因团队可能代用其工号而至多列 B 级，不足在次要一处日数一半的只列 C 级；批量上传的机构不计；各机构自编的工号（人员与备案资料中均无此码，各处可各有其人）按无辜解释处理；零星错码、备案资料本身不全的机构、同一法人、上下级或同一院区的机构不计。
Meaning: One practitioner's code settles at two facilities within less time than the way between them; or it holds surgery, day after
day, at a place where the practitioner is not (or no longer) registered. A lent code, or billing in another's name.
Misleads: Registered multi-site and internet practice, shared logins, two codes of one campus, upload times that are not service
times, codes typed wrong (moves between the same two places on fewer
than three days are left out), postings inside one group of hospitals. Registration at both places explains moves, unless the code goes
out and back on one day, half an hour apart or more, on five days or more; since a team may use it, that is grade B at most, and grade C on
less than half of its days at the lesser place. A code that neither the staff table nor any registration knows is a house's own number, which another
house may have given to somebody else: it is explained. Left out: places that upload in batches, stray codes,
places whose register is incomplete, one legal entity, its branches and its campus.
Source: 医师法第十五条 (多机构执业备案); 支付资格管理 7–9 分情形 (冒名结算).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
import pyarrow as pa

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, LEAD, Candidate, Event, Explanation, Keys, Outcome, keys
from graph.scan.practice import EPOCH, MINUTE, posts, practice
from graph.scan.visits import attended
from graph.scan.world import CHECKUP_TYPE, World

FAR = 30.0
"""Minutes of way from which a shared login or two codes of one campus are no reason."""
RESTLESS = 5
"""Days out and back that registration at both ends does not explain."""
AGAIN = 3
"""Days on which a code must move between the same two places; a code typed wrong turns up at one place after another, once each."""
OFTEN = 0.5
"""Share of the days at the place seen less often on which a code registered at both must be restless; else a team may use it."""
SURGERY = 2
"""Patients a day who make a surgery: a code typed wrong is typed once."""
LEAST_SURGERIES = 3
MOSTLY = 0.5
"""Share of the code's days at the place that must be surgeries."""
PER_SURGERY = 0.75
UNFILED_CAP = 9.0
"""Most that surgeries at an unregistered place may say: the register may lag behind."""
FILED = 0.9
"""Share of the other settlements at a place under registered codes, below which its register is incomplete."""
CAMPUS = 0.005
"""Degrees, half a kilometre, within which two codes are one campus."""

PRESENT = f"""
CREATE OR REPLACE TEMP TABLE present AS
SELECT practitioner, place, there AS n,
  make_timestamp({EPOCH} + (CAST(latest AS BIGINT) >> 1) * {MINUTE} + (latest & 1) * {MINUTE - 1}) AS latest
FROM posts JOIN places USING (place) WHERE there > 0 AND kind = 'facility'
"""
"""Who was seen at which facility, how often, and until when: to the end of the minute."""

CODES = """
CREATE OR REPLACE TEMP TABLE code_visits AS
SELECT practitioner, place, setl_time, setl_id, patient, net_fund, med_type FROM visits
WHERE practitioner IN (SELECT unnest(?::INTEGER[])) AND NOT stay AND NOT online
"""
"""What the codes in doubt settled."""

MOVES = """
WITH seen AS (
  SELECT practitioner, place, setl_time AS moment, setl_id, patient, net_fund,
    lag(place) OVER w AS before, lag(setl_time) OVER w AS left_at, lag(setl_id) OVER w AS left_id
  FROM code_visits JOIN places USING (place)
  WHERE practitioner IN (SELECT unnest(?::INTEGER[])) AND kind = 'facility' AND place NOT IN (SELECT unnest(?::INTEGER[]))
  WINDOW w AS (PARTITION BY practitioner ORDER BY setl_time, setl_id))
SELECT practitioner, before, place, left_at, moment, left_id, setl_id, patient, net_fund,
  date_diff('minute', left_at, moment) AS gap
FROM seen WHERE before <> place AND date_diff('minute', left_at, moment) <= ?
ORDER BY practitioner, moment, setl_id
"""

FILED_UNTIL = """
CREATE OR REPLACE TEMP TABLE filed_until AS
SELECT practitioner, place, max(coalesce(endtime, TIMESTAMP '9999-01-01')) AS until
FROM prac_reg_d WHERE practitioner IS NOT NULL AND place IS NOT NULL GROUP BY practitioner, place
"""

UNFILED = f"""
CREATE OR REPLACE TEMP TABLE unfiled AS
WITH known AS (
  SELECT p.*, f.until FROM present p JOIN (SELECT DISTINCT practitioner FROM filed_until) USING (practitioner)
  LEFT JOIN filed_until f USING (practitioner, place)),
 places_filed AS (
  SELECT place, sum(n) AS n, coalesce(sum(n) FILTER (until IS NOT NULL), 0) AS filed FROM known GROUP BY place),
 own AS (
  SELECT f.practitioner, h.place, h.uscc, h.parent, h.lnt, h.lat FROM filed_until f JOIN places h USING (place) WHERE until > TIMESTAMP '9000-01-01')
SELECT k.practitioner, k.place, k.until FROM known k JOIN places_filed s USING (place) JOIN places q USING (place)
WHERE k.n >= {SURGERY * LEAST_SURGERIES} AND (k.until IS NULL OR k.latest > k.until + INTERVAL 1 DAY)
  AND s.filed - if(k.until IS NULL, 0, k.n) >= {FILED} * (s.n - k.n)
  AND NOT EXISTS (
    SELECT 1 FROM own o WHERE o.practitioner = k.practitioner
      AND (o.uscc = q.uscc OR o.parent = q.place OR q.parent = o.place OR o.parent = q.parent
        OR (abs(o.lnt - q.lnt) < {CAMPUS} AND abs(o.lat - q.lat) < {CAMPUS})))
"""

SURGERIES = f"""
SELECT practitioner, place, CAST(setl_time AS DATE) AS day, min(setl_time) AS first, max(setl_time) AS last,
  list(DISTINCT patient ORDER BY patient) AS patients, list(setl_id ORDER BY setl_id) AS bills, CAST(sum(net_fund) AS BIGINT) AS fund
FROM code_visits JOIN unfiled u USING (practitioner, place)
WHERE patient IS NOT NULL AND med_type IS DISTINCT FROM '{CHECKUP_TYPE}'
  AND (u.until IS NULL OR setl_time > u.until + INTERVAL 1 DAY)
GROUP BY practitioner, place, day ORDER BY practitioner, place, day
"""

DAYS_THERE = """
SELECT practitioner, place, count(DISTINCT CAST(setl_time AS DATE)) FROM code_visits
WHERE practitioner IN (SELECT unnest(?::INTEGER[])) GROUP BY practitioner, place
"""

REGISTERED = "SELECT DISTINCT practitioner, place FROM prac_reg_d WHERE practitioner IS NOT NULL"

LOCAL = """
SELECT practitioner, count(DISTINCT place) FROM code_visits JOIN practitioners USING (practitioner)
WHERE NOT known AND practitioner NOT IN (SELECT practitioner FROM prac_reg_d WHERE practitioner IS NOT NULL) GROUP BY practitioner
"""
"""Codes that no table of staff names, and at how many places they settle."""


@dataclass(frozen=True)
class Surgery:
    """A day on which a code treated people at one place. `fund` in fen."""

    day: date
    first: datetime
    last: datetime
    patients: list[int]
    bills: list[str]
    fund: int


def detect(world: World) -> Iterable[Candidate]:
    """Practitioners with at least `least_presence` moves faster than the road allows; others who hold surgery unregistered."""
    world.con.register("posts", pa.table(vars(posts(world))))
    world.con.execute(PRESENT)
    world.con.unregister("posts")
    counted = world.facility.copy()
    counted[attended(world).batch_places] = False
    p = world.parameters
    hurried = practice(world).hurried(counted, p.presence_gap, p.least_presence)
    astray = _astray(world) if world.has("prac_reg_d") else keys([])
    world.con.execute(CODES, [np.union1d(hurried, astray).tolist()])
    found = {c.practitioners[0]: c for c in _movers(world, hurried)}
    yield from found.values()
    if len(astray):
        yield from (c for c in _unfiled(world) if c.practitioners[0] not in found)


def _astray(world: World) -> Keys:
    """Makes the table `unfiled`; who of it may have held surgery often enough."""
    world.con.execute(FILED_UNTIL)
    world.con.execute(UNFILED)
    posts = world.arrays("SELECT practitioner, place FROM unfiled ORDER BY ALL")
    days = practice(world).busy_days(posts["practitioner"], posts["place"], SURGERY)
    return np.unique(posts["practitioner"][days >= LEAST_SURGERIES])


def _movers(world: World, hurried: Keys) -> Iterable[Candidate]:
    p = world.parameters
    batch = attended(world).batch_places.tolist()
    rows = world.con.execute(MOVES, [hurried.tolist(), batch, p.presence_gap]).fetchall()
    if not rows:
        return
    way = world.travel_minutes(np.array([r[1] for r in rows]), np.array([r[2] for r in rows]))
    registered: set[tuple[int, int]] = set()
    if world.has("prac_reg_d"):
        registered = set(world.con.execute(REGISTERED).fetchall())
    moves: dict[int, list[tuple[object, ...]]] = {}
    for row, minutes in zip(rows, way, strict=True):
        if row[9] < minutes:
            moves.setdefault(row[0], []).append((*row, float(minutes)))
    there = {
        (practitioner, place): n
        for practitioner, place, n in world.con.execute(DAYS_THERE, [list(moves)]).fetchall()
    }
    local = dict(world.con.execute(LOCAL).fetchall()) if registered else {}
    for practitioner, all_moves in moves.items():
        found = _again(all_moves)
        days = {str(row[4])[:10] for row in found}
        if len(found) >= p.least_presence:
            moved = _candidate(world, practitioner, found, len(days), registered, there)
            yield _of_nobody(moved, local[practitioner]) if practitioner in local else moved


def _again(moves: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Those of `moves` between two places, in either direction, that the code moved between on `AGAIN` days or more."""
    days: dict[frozenset[object], set[str]] = {}
    for move in moves:
        days.setdefault(frozenset(move[1:3]), set()).add(str(move[4])[:10])
    return [move for move in moves if len(days[frozenset(move[1:3])]) >= AGAIN]


def _unfiled(world: World) -> Iterable[Candidate]:
    """Codes that hold surgery where the practitioner is not registered, or no longer is."""
    seen: dict[tuple[int, int], list[Surgery]] = {}
    for practitioner, place, *row in world.con.execute(SURGERIES).fetchall():
        seen.setdefault((practitioner, place), []).append(Surgery(*row))
    held: dict[int, dict[int, list[Surgery]]] = {}
    for (practitioner, place), days in seen.items():
        full = [day for day in days if len(day.patients) >= SURGERY]
        if len(full) >= max(LEAST_SURGERIES, MOSTLY * len(days)):
            held.setdefault(practitioner, {})[place] = full
    for practitioner, by_place in held.items():
        yield _unfiled_candidate(practitioner, by_place)


def _unfiled_candidate(practitioner: int, by_place: dict[int, list[Surgery]]) -> Candidate:
    days = sum(len(found) for found in by_place.values())
    events = tuple(
        Event(
            "unfiled", s.first, s.last, place=place, patients=tuple(s.patients),
            rows=tuple(f"setl_d:{bill}" for bill in s.bills), fund=s.fund,
        )
        for place, found in by_place.items()
        for s in found
    )  # fmt: skip
    return Candidate(
        motif=MOTIF.name,
        patients=keys([]),
        surprise=min(UNFILED_CAP, PER_SURGERY * days),
        practitioners=(practitioner,),
        places=tuple(by_place),
        events=events,
        facts={
            "kind": "unfiled",
            "visits": sum(len(e.rows) for e in events),
            "days": days,
            "unregistered": len(by_place),
        },
        explanations=(
            Explanation("multi_site", Outcome.RULED_OUT, {"unregistered": len(by_place)}),
        ),
    )


def _candidate(
    world: World,
    practitioner: int,
    moves: list[tuple[object, ...]],
    days: int,
    registered: set[tuple[int, int]],
    there: Mapping[tuple[int, int], int],
) -> Candidate:
    """`there` says on how many days each code settled at each place."""
    places, times = np.unique([[int(str(m[1])), int(str(m[2]))] for m in moves], return_counts=True)
    chief = places[times >= 0.1 * times.max()]
    outside = [int(f) for f in chief if (practitioner, int(f)) not in registered]
    events = tuple(
        Event(
            "presence",
            m[3],  # type: ignore[arg-type]
            m[4],  # type: ignore[arg-type]
            place=int(str(m[2])),
            patients=(int(str(m[7])),) if m[7] is not None else (),
            rows=(f"setl_d:{m[5]}", f"setl_d:{m[6]}"),
            fund=int(str(m[8] or 0)),
            facts={
                "gap": int(str(m[9])),
                "way": round(float(str(m[10])), 1),
                "from": int(str(m[1])),
            },
        )
        for m in moves
    )
    known = world.has("prac_reg_d")
    restless = _out_and_back(moves)
    outcome = Outcome.RULED_OUT if outside or restless >= RESTLESS else Outcome.EXPLAINS
    seldom = min(there.get((practitioner, int(f)), 0) for f in chief)
    if outcome is Outcome.RULED_OUT and not outside:
        outcome = (
            Outcome.WEAKENS
        )  # Who works at both has teams at both, and a team may use his code.
    counted = days if outside else restless or days
    most = LEAD if outcome is Outcome.WEAKENS and restless < OFTEN * seldom else CAP
    return Candidate(
        motif=MOTIF.name,
        patients=keys([]),
        surprise=float(min(most, 1.5 * counted)),
        practitioners=(practitioner,),
        places=tuple(int(f) for f in chief),
        events=events,
        facts={"kind": "moves", "moves": len(moves), "days": days, "unregistered": len(outside)},
        explanations=(
            Explanation(
                "multi_site",
                outcome if known else Outcome.UNKNOWN,
                {"unregistered": len(outside), "days": restless},
            ),
        ),
    )


def _of_nobody(moved: Candidate, places: int) -> Candidate:
    """The moves of a code no register knows, at so many places: two houses may have given it to two people."""
    told = Explanation("local_code", Outcome.EXPLAINS, {"places": places})
    return replace(moved, explanations=(*moved.explanations, told))


def _out_and_back(moves: list[tuple[object, ...]]) -> int:
    """Days with two or more impossible moves over a real distance: nobody is registered to be in two places at once."""
    far = [str(m[4])[:10] for m in moves if float(str(m[10])) >= FAR]
    return sum(n >= 2 for n in Counter(far).values())


MOTIF = Motif("two_places", detect, needs=("setl_d", "prac_reg_d"))
