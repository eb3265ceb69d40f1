"""疗程内聚集 · Gatherings within courses.

含义: 按固定日程就诊的人群（透析、康复、随访、慢病日）单列一队：日程本身解释了同现，不作团伙；但若其中多人在就诊时段又在路程不及的别处结算，或同一机构的几名患者在疗程时段内一再到同一处较远的机构结算，则日程可能是虚构的。
误判: 上传时间不等于就诊时间、家属代取药（按每二十次疗程一次计入）、同院两个编码、两公里以内的药店。日程可信者一律列为有解释的线索，排在末位。
Meaning: People who come on a schedule (dialysis, rehabilitation, rounds, programme days) form a queue of their own: the schedule
explains their meeting. But where several of them settle elsewhere, farther than the time allows, during the very sessions, or several
patients of one place are seen at one other, distant place time and again within their sessions' hours, the schedule may exist on paper only.
Misleads: Upload times that are not service times, relatives who collect medicine (one session in twenty is allowed for), two codes of one
campus, the pharmacy within two kilometres. A credible
schedule is always listed as explained, at the end.
Source: 天津“虚假偏瘫门特”模型 (检察机关通报); a ring can bill as dialysis.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from graph.communities import rings_by_cpm
from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Keys, Outcome, keys
from graph.scan.chance import rows_of
from graph.scan.covisits import covisits
from graph.scan.gatherings import LEAST, gather
from graph.scan.groups import Group, sourced
from graph.scan.innocence import one_address, one_household
from graph.scan.sessions import OnPaper, on_paper
from graph.scan.visits import CHECKUP, Attendance, attended
from graph.scan.world import World

Ints = npt.NDArray[np.int64]

LEAST_SESSIONS = 8
LEAST_MEMBERS = 6
SHOWN = 60
"""Sessions shown as evidence; the counts are of all."""
LEAST_CONFLICTS, LEAST_PEOPLE = 5, 3
"""Conflicts, and people who have one, from which a schedule may be in doubt."""
PER_PATIENT = 4
"""Conflicts that count for one person: a relative collects for one patient again and again."""
USUAL = 0.005
"""Share of scheduled visits that conflict by honest causes at least; the other groups may show more."""
IN_DOUBT = 3.0
"""-log10 of the chance, all groups tried, from which the schedule is in doubt."""


def detect(world: World) -> Iterable[Candidate]:
    """Groups that meet on schedule at least `LEAST_SESSIONS` times, in doubt only where sessions conflict; and people seen
    at one other place during their sessions."""
    yield from _queue(world)
    for one in on_paper(world):
        yield _absent(world, one)


def _queue(world: World) -> Iterable[Candidate]:
    seen = attended(world)
    off = (seen.explained == 0) | (seen.explained == CHECKUP)
    pairs = covisits(
        seen.columns, window=world.parameters.window, least=LEAST_SESSIONS, excluded=off
    )
    if not len(pairs.a):
        return
    named = rings_by_cpm(
        pairs.a,
        pairs.b,
        None,
        resolution=world.parameters.resolution,
        seed=int(world.notes["seed"]),
    )
    groups = [_group(world, seen, keys(g), off) for g in named if len(g) >= LEAST_MEMBERS]
    shown = [replace(g, gatherings=g.gatherings.first_few(SHOWN)) for g in groups]
    found = [_conflicts(world, seen, group.members, off) for group in groups]
    for group, events, (conflicts, sessions, doubt) in zip(
        groups, sourced(world, shown), _doubts(found), strict=True
    ):
        doubtful, members = doubt >= IN_DOUBT, group.members
        places = np.unique(group.gatherings.place)
        yield Candidate(
            motif=MOTIF.name,
            patients=group.members,
            surprise=min(CAP, doubt) if doubtful else 0.0,
            places=tuple(int(f) for f in places[:5]),
            events=events,
            facts={"sessions": len(group.gatherings), "visits": sessions, "conflicts": conflicts},
            explanations=(
                Explanation(
                    "schedule",
                    Outcome.RULED_OUT if doubtful else Outcome.EXPLAINS,
                    {"conflicts": conflicts, "visits": sessions},
                ),
                *((one_household(world, members), one_address(world, members)) if doubtful else ()),
            ),
        )


def _doubts(found: Sequence[tuple[Ints, int]]) -> Iterable[tuple[int, int, float]]:
    """Conflicts, scheduled visits, and -log10 p of so many conflicts at the rate of the other groups, all groups tried.

    `found` holds for each group how many conflicts each person has, and the scheduled visits of all.
    """
    from scipy.stats import binom

    counted = [int(np.minimum(each, PER_PATIENT).sum()) for each, _ in found]
    whole, visits = sum(counted), sum(n for _, n in found)
    for (each, n), mine in zip(found, counted, strict=True):
        doubt = 0.0
        if mine >= LEAST_CONFLICTS and len(each) >= LEAST_PEOPLE:
            usual = max(USUAL, (whole - mine) / max(visits - n, 1))
            doubt = -float(binom.logsf(mine - 1, n, min(usual, 1.0))) / np.log(10)
            doubt = max(0.0, doubt - float(np.log10(len(found))))
        yield int(each.sum()), n, doubt


def _absent(world: World, one: OnPaper) -> Candidate:
    return Candidate(
        motif=MOTIF.name,
        patients=one.patients,
        surprise=min(CAP, one.surprise),
        places=(one.place, one.elsewhere),
        events=tuple(
            Event(
                "conflict", away.at, place=one.elsewhere, patients=(away.patient,),
                rows=(f"setl_d:{away.setl_id}", f"setl_d:{away.elsewhere_id}"), fund=away.fund,
            )
            for away in sorted(one.absences, key=lambda away: (away.at, away.elsewhere_id))
        ),
        facts={"kind": "absent", "conflicts": len(one.absences), "visits": one.sessions},
        explanations=(one_household(world, one.patients),),
    )  # fmt: skip


def _group(world: World, seen: Attendance, members: Keys, off: npt.NDArray[np.bool_]) -> Group:
    found = gather(seen.columns, members, world.parameters.window, excluded=off)
    return Group(members, members, found, LEAST, float(len(found)), 0.0, 0.0, 0.0)


def _conflicts(
    world: World, seen: Attendance, members: Keys, off: npt.NDArray[np.bool_]
) -> tuple[Ints, int]:
    """Per person who has any, the scheduled visits too close in time to their own visit at another place; all scheduled visits."""
    columns = seen.columns
    owner, rows = rows_of(columns, members)
    order = np.lexsort((columns.minute[rows], owner))
    owner, rows = owner[order], rows[order]
    a, b = rows[:-1], rows[1:]
    near = (owner[:-1] == owner[1:]) & (columns.place[a] != columns.place[b]) & (~off[a] | ~off[b])
    who, a, b = owner[:-1][near], a[near], b[near]
    gap = columns.minute[b] - columns.minute[a]
    batch = np.isin(columns.place[a], seen.batch_places) | np.isin(
        columns.place[b], seen.batch_places
    )
    tight = (gap < world.travel_minutes(columns.place[a], columns.place[b])) & ~batch
    return np.unique(who[tight], return_counts=True)[1], int((~off[rows]).sum())


MOTIF = Motif("scheduled", detect)
