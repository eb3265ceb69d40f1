"""发展下线 · Recruitment star.

含义: 团伙成员陆续加入，各人第一次参加聚集时总有同一张凭证（中心人物）在场，此后才与他人同刷。中心人物多为牵头收卡或招揽的人。
误判: 村医、家庭医生助手、护工陪同新患者就诊；老病友带新病友。只对已发现的聚集作标注：成员入伙先后须明显散开，单凭此项不成线索。
Meaning: Members join one after another, and the first gathering of each is one at which the same card (the hub) is present.
The hub is likely the one who collects or recruits.
Misleads: A village doctor, an assistant or a carer who brings new patients along; an old patient who brings a new one. It labels
groups that co-visits found: joining must be spread out in time, and the label alone makes no lead.
Source: 重庆通报 (per-head kick-backs to recruiters).
"""

from collections.abc import Iterable
from datetime import datetime

import numpy as np
import numpy.typing as npt
from scipy.stats import binom

from graph.motifs.base import Motif
from graph.scan.candidates import Candidate, Event, Explanation, Outcome
from graph.scan.groups import EPOCH, Group, describe
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
LEAST_SURPRISE = 1.0
SUPPORT = 3.5
"""A label: it never makes a ring by itself."""

Flags = npt.NDArray[np.bool_]


def detect(world: World) -> Iterable[Candidate]:
    """Each found group that grew around one card."""
    seen = attended(world)
    for group in world.notes.get("groups", ()):
        found = _star(seen, group, int(world.notes["seed"]))
        if found is not None:
            yield _candidate(world, group, *found)


def _star(seen: Attendance, group: Group, seed: int) -> tuple[int, float, Flags] | None:
    """The hub's position among the members, the surprise, and who was at which gathering, in order of time."""
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
    rng = np.random.default_rng(seed)
    observed = int(was_there.argmax(axis=1).sum())
    later = sum(
        int(was_there[:, rng.permutation(was_there.shape[1])].argmax(axis=1).sum()) >= observed
        for _ in range(ROUNDS)
    )
    return -float(np.log10((later + 1) / (ROUNDS + 1)))


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
        surprise=float(min(SUPPORT, surprise)),
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


def _innocent(world: World, group: Group) -> tuple[Explanation, ...]:
    """What explains the group as co-visits, explains its growth too."""
    return describe(world, group, (), 0.0, MOTIF.name).explanations


MOTIF = Motif("recruitment", detect, on_covisits=True)
