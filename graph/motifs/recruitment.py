"""发展下线 · Recruitment star.

含义: 团伙成员陆续加入，各人第一次参加聚集时总有同一张凭证（中心人物）在场，此后才与他人同刷；或一张凭证每次到某机构结算，身旁总有不同住户的人首次在该机构出现，一批接一批；其后仍各自随该凭证前来的，更难以巧合解释。中心人物多为牵头收卡或招揽的人。
误判: 村医、家庭医生助手、护工陪同新患者就诊；老病友带新病友。入伙先后须明显散开；对已发现的聚集只作标注；首次到访按当日其他人的时间分布比较，同户、同址、同单位、同校、批量上传的机构与新客众多的日子、按日历规律的就诊不计；其后总是数人同来的（班车、疗程）不作此解；且不评甲级。
Meaning: Members join one after another, and the first gathering of each is one at which the same card (the hub) is present; or whenever one
card is settled at a place, people of other households appear there for the first time beside it, lot after lot; those who go on coming
alone with that card make it the harder to put down to chance.
The hub is likely the one who collects or recruits.
Misleads: A village doctor, an assistant or a carer who brings new patients along; an old patient who brings a new one. Joining must be
spread out in time. For groups that co-visits found it is a label that makes no lead by itself. First visits are compared with the hours of
others on the same day; one household, address, employer or school, places that upload in batches, days with many newcomers and visits
a calendar explains do not count; those who come again several at a time came by bus or for a course; and first visits never make a grade A.
Source: 重庆通报 (per-head kick-backs to recruiters).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graph.motifs.base import Motif
from graph.scan.candidates import LEAD, Candidate, Event, Explanation, Outcome, ascending, keys
from graph.scan.groups import EPOCH, Group, describe
from graph.scan.innocence import one_address, one_employer, one_household, one_school
from graph.scan.introductions import Introduced, introductions
from graph.scan.visits import Attendance, attended
from graph.scan.world import World

LEAST = 5
"""Members, the hub among them; and gatherings."""
PRESENT = 0.9
"""Share of the others whose first gathering the hub was at."""
WEEKS = 4
"""Weeks over which at least half of the others join."""
ROUNDS = 999
"""Random orders of the gatherings against which joining one after another is tried."""
PORTIONS = 20
"""Parts in which the orders are tried, to keep little in memory."""
LEAST_SURPRISE = 1.0
BESIDE = 9.0
"""A card beside newcomers may be a carer's: it never makes a grade A by itself."""

Flags = npt.NDArray[np.bool_]


def detect(world: World) -> Iterable[Candidate]:
    """Each found group that grew around one card."""
    seen = attended(world)
    for group in world.notes.get("groups", ()):
        found = _star(seen, group, int(world.notes["seed"]))
        if found is not None:
            yield _candidate(world, group, *found)
    if len(seen.columns) >= world.parameters.many_visits:
        return
    found_cards = introductions(seen, world.household, world.token_of("address"))
    cards = [one for one in found_cards if one.surprise >= LEAST_SURPRISE]
    for one, settled in zip(cards, _settled(world, seen, cards), strict=True):
        yield _introduced(world, seen, one, settled)


def _star(seen: Attendance, group: Group, seed: int) -> tuple[int, float, Flags] | None:
    """The hub's position among the members, the surprise, and who was at which gathering, in order of time."""
    from scipy.stats import binom

    was_there = _matrix(seen, group)
    members, gatherings = was_there.shape
    if members < LEAST or gatherings < LEAST:
        return None
    first = was_there.argmax(axis=1)
    hub, present = _hub(was_there, first)
    others = np.flatnonzero(np.arange(members) != hub)
    order = np.sort(group.gatherings.first)
    joined = order[np.sort(first[others])].astype(np.int64)
    spread = (joined[-1] - joined[len(joined) // 4]) / (7 * 1440)
    if present < PRESENT * len(others) or spread < WEEKS:
        return None
    growth = _late(was_there[others], seed)
    share = float(was_there[hub].mean())
    always = -float(binom.logsf(present - 1, len(others), min(share, 1 - 1e-9))) / np.log(10)
    surprise = growth + max(0.0, float(always))
    return (hub, surprise, was_there) if growth >= LEAST_SURPRISE else None


def _matrix(seen: Attendance, group: Group) -> Flags:
    """bool[members, gatherings in order of time]."""
    order = np.argsort(np.argsort(group.gatherings.first, kind="stable"))
    who = np.searchsorted(group.members, seen.columns.patient[group.gatherings.rows])
    found = np.zeros((len(group.members), len(group.gatherings)), dtype=np.bool_)
    found[who, order[group.gatherings.of]] = True
    return found


def _hub(was_there: Flags, first: npt.NDArray[np.int64]) -> tuple[int, int]:
    """The member at most of the others' first gatherings, then at most gatherings: (position, first gatherings)."""
    at_firsts = was_there[:, first].sum(axis=1) - was_there[np.arange(len(first)), first]
    rank = at_firsts * (was_there.shape[1] + 1) + was_there.sum(axis=1)
    hub = int(np.argmax(rank))
    return hub, int(at_firsts[hub])


def _late(was_there: Flags, seed: int) -> float:
    """-log10 p that members come in this late, were the gatherings in any order."""
    observed = int(was_there.argmax(axis=1).sum())
    orders = _orders(was_there.shape[1], seed)
    later = sum(
        int((was_there[:, some].argmax(axis=2).sum(axis=0) >= observed).sum())
        for some in np.array_split(orders, PORTIONS)
    )
    return -float(np.log10((later + 1) / (ROUNDS + 1)))


@lru_cache(maxsize=64)
def _orders(gatherings: int, seed: int) -> npt.NDArray[np.int32]:
    """Random orders of so many gatherings: int32[ROUNDS, gatherings]."""
    rng = np.random.default_rng(seed)
    found = np.empty((ROUNDS, gatherings), dtype=np.int32)
    for order in found:
        order[:] = rng.permutation(gatherings)
    return found


def _candidate(
    world: World, group: Group, hub: int, surprise: float, was_there: Flags
) -> Candidate:
    first = was_there.argmax(axis=1)
    order = np.sort(group.gatherings.first).astype("timedelta64[m]") + np.datetime64(EPOCH)
    others = [m for m in np.argsort(first, kind="stable").tolist() if m != hub]
    events = tuple(
        Event(
            "joining",
            order[first[m]].astype(datetime),
            patients=(int(group.members[m]), int(group.members[hub])),
            facts={"rank": n},
        )
        for n, m in enumerate(others, 2)
    )
    return Candidate(
        motif=MOTIF.name,
        patients=group.members,
        surprise=float(min(LEAD, surprise)),
        events=events,
        facts={
            "hub": int(group.members[hub]),
            "hub_gatherings": int(was_there[hub].sum()),
            "gatherings": was_there.shape[1],
            "joined": len(others),
            "introduced": int(was_there[hub, first[others]].sum()),
            "weeks": int((group.gatherings.first.max() - group.gatherings.first.min()) // 10080),
        },
        explanations=(
            *(e for e in _innocent(world, group) if e.outcome is not Outcome.RULED_OUT),
            Explanation("carer", Outcome.UNKNOWN, {"introduced": len(others)}),
        ),
    )


Source = tuple[tuple[str, ...], int]


def _settled(
    world: World, seen: Attendance, cards: Sequence[Introduced]
) -> list[dict[int, Source]]:
    """Per card, row of the attendance → its settlements and their fund money in fen."""
    rows = [np.concatenate([one.rows, one.beside]) for one in cards]
    every = ascending(np.concatenate([*rows, np.zeros(0, np.int64)]))
    c = seen.columns
    wanted = {
        "row": every,
        "patient": c.patient[every],
        "place": c.place[every],
        "minute": c.minute[every],
    }
    world.con.register("introduced", pa.table(wanted))
    found = world.con.execute(
        """
        SELECT w.row, list('setl_d:' || setl_id ORDER BY setl_id), sum(net_fund) FROM introduced w
        JOIN visits v ON v.patient = w.patient AND v.place = w.place
          AND date_diff('minute', TIMESTAMP '2000-01-01', v.setl_time) = w.minute
        WHERE NOT stay AND NOT online GROUP BY w.row
        """
    ).fetchall()
    world.con.unregister("introduced")
    source = {int(row): (tuple(ids), int(fund)) for row, ids, fund in found}
    return [{row: source[row] for row in mine.tolist() if row in source} for mine in rows]


def _introduced(
    world: World, seen: Attendance, one: Introduced, settled: Mapping[int, Source]
) -> Candidate:
    c = seen.columns
    events = []
    by = np.argsort(c.minute[one.rows], kind="stable").tolist()
    for n, i in enumerate(by, 2):
        row, beside = int(one.rows[i]), int(one.beside[i])
        mine, hubs = settled.get(row, ((), 0)), settled.get(beside, ((), 0))
        at = np.datetime64(EPOCH) + np.timedelta64(int(c.minute[row]), "m")
        events.append(
            Event(
                "joining", at.astype(datetime), place=one.place, patients=(int(c.patient[row]), one.hub),
                rows=mine[0] + hubs[0], fund=mine[1] + hubs[1], facts={"rank": n},
            )
        )  # fmt: skip
    patients = keys([one.hub, *one.newcomers.tolist()])
    weeks = int(np.ptp(c.minute[one.rows])) // 10080
    return Candidate(
        motif=MOTIF.name,
        patients=patients,
        surprise=min(BESIDE, one.surprise),
        places=(one.place,),
        events=tuple(events),
        facts={
            "hub": one.hub,
            "hub_gatherings": one.days,
            "gatherings": one.days,
            "joined": len(one.newcomers),
            "introduced": len(one.newcomers),
            "weeks": weeks,
        },
        explanations=(
            one_household(world, patients),
            one_address(world, patients),
            one_employer(world, patients),
            one_school(world, patients),
            Explanation("carer", Outcome.UNKNOWN, {"introduced": len(one.newcomers)}),
        ),
    )


def _innocent(world: World, group: Group) -> tuple[Explanation, ...]:
    """What explains the group as co-visits, explains its growth too."""
    return describe(world, group, (), 0.0, MOTIF.name).explanations


MOTIF = Motif("recruitment", detect, on_covisits=True)
