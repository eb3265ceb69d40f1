"""同一收费员连刷 · Bundles at one till.

含义: 同一收费员工号（或终端）一再在数分钟内连续结算同一批参保人的凭证，且远超该工号平日节奏下的预期。多见于收费员或药店店员持卡空刷。
误判: 只有一个收费窗口的药店（各人本来都经同一工号）、固定班次、村卫生室一人收费、批量补传。按该工号自身的开窗日与时段计算预期；与结伴刷卡重合者不重复计分。
Meaning: One operator code or terminal settles the cards of the same people within minutes, again and again, far more often
than that till's own rhythm would bring about. Typical of a clerk or shop assistant who holds the cards.
Misleads: A pharmacy with a single till (everybody goes through one code anyway), fixed shifts, a village clinic where one person
takes the money, late uploads. Expectation is the till's own days and hours; what co-visits already say is not counted twice.
Source: 国家医保局 电子凭证套现 (空刷) model.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pyarrow as pa

from graph.communities import rings_by_cpm
from graph.motifs.base import Motif
from graph.scan.aside import unignored
from graph.scan.candidates import Candidate, Explanation, Keys, Outcome, keys
from graph.scan.covisits import covisits
from graph.scan.groups import Group, companies, describe, sourced
from graph.scan.rhythm import Rhythm
from graph.scan.tills import tills
from graph.scan.visits import attended
from graph.scan.world import World

LEAST_CARDS = 4
"""Cards settled at one till within the window that make a bundle."""
LEAST_BUNDLES = 3
SAME = 0.5
"""Jaccard overlap with a co-visit group from which only the surplus over it counts."""
PART = 0.5
"""Share of the cards in a co-visit group from which its innocent explanations hold for the bundle too."""


def detect(world: World) -> Iterable[Candidate]:
    """Groups of cards bundled at one till at least three times, each tested in that till's rhythm."""
    seen = attended(world)
    suspects = _met_improbably(world)
    asked = np.zeros(world.patients, dtype=np.bool_)
    asked[suspects] = True
    by_till = tills(seen, asked, LEAST_CARDS * LEAST_BUNDLES)
    if by_till is None:
        return
    p, columns = world.parameters, by_till.seen.columns
    left_out = (by_till.seen.explained > 0) | ~asked[columns.patient]
    pairs = covisits(columns, window=p.window, least=p.least_covisits, excluded=left_out)
    rhythm = Rhythm.fit(columns, p.window)
    judged = rhythm.judge(pairs)
    strangers = world.household[pairs.a] != world.household[pairs.b]
    seeds = (judged.log10_p <= np.log10(p.pair_p)) & strangers
    seeds[seeds] = unignored(world, pairs.a[seeds], pairs.b[seeds])
    if not seeds.any():
        return
    named = rings_by_cpm(
        pairs.a[seeds], pairs.b[seeds], None, resolution=p.resolution, seed=int(world.notes["seed"])
    )
    named = [g for g in named if len(g) >= LEAST_CARDS]
    bundled = [
        group
        for group in companies(world, rhythm, pairs, judged, named, by_till.seen)
        if _bundles(group) >= LEAST_BUNDLES
    ]
    found = [by_till.at_places(group, seen.columns) for group in bundled]
    covisits_too = _Covisits.of(world)
    for at_till, group, events in zip(bundled, found, sourced(world, found), strict=True):
        described = describe(world, group, events, 0.0, MOTIF.name)
        already, innocent = covisits_too.said(group)
        yield replace(
            described,
            surprise=max(0.0, described.surprise - already),
            facts={**described.facts, "tills": len(np.unique(at_till.gatherings.place))},
            explanations=(*described.explanations, *innocent),
        )


def _bundles(group: Group) -> int:
    """How often the busiest of the group's tills settled enough of its cards; by till, not by place."""
    tills = group.gatherings.place[group.gatherings.present >= LEAST_CARDS]
    return int(np.unique(tills, return_counts=True)[1].max(initial=0))


def _met_improbably(world: World) -> Keys:
    """People of any pair that the co-visit stage kept: a bundle at one till is a bundle at its place."""
    pairs = world.notes.get("pairs")
    if not isinstance(pairs, pa.Table):
        return keys([])
    return keys(np.concatenate([pairs["a"].to_numpy(), pairs["b"].to_numpy()]))


@dataclass(frozen=True)
class _Covisits:
    """The groups of the co-visit stage and, by patient, the numbers of those that hold them."""

    world: World
    groups: Sequence[Group]
    of_patient: Mapping[int, Sequence[int]]
    explained: dict[int, list[Explanation]]

    @classmethod
    def of(cls, world: World) -> Self:
        """Those of this scan."""
        groups = world.notes.get("groups", ())
        of_patient: dict[int, list[int]] = {}
        for number, group in enumerate(groups):
            for patient in group.members.tolist():
                of_patient.setdefault(patient, []).append(number)
        return cls(world, groups, of_patient, {})

    def said(self, group: Group) -> tuple[float, list[Explanation]]:
        """What co-visits already say of the same people: their surprise, and what explains them as a whole.

        A till sees only a part of a class or a round: what explains the whole explains the part.
        """
        said, innocent = 0.0, []
        holders = Counter(n for p in group.members.tolist() for n in self.of_patient.get(p, ()))
        for number, common in sorted(holders.items()):
            other = self.groups[number]
            if common >= SAME * (len(other.members) + len(group.members) - common):
                said = max(said, -other.log10_p - other.tried)
            if common >= PART * len(group.members):
                innocent += self._innocent(number)
        return said, innocent

    def _innocent(self, number: int) -> list[Explanation]:
        if number not in self.explained:
            tried = describe(self.world, self.groups[number], (), 0.0, MOTIF.name).explanations
            self.explained[number] = [e for e in tried if e.outcome is Outcome.EXPLAINS]
        return self.explained[number]


MOTIF = Motif("operator_bundle", detect, on_covisits=True)
