"""A community made whole: who attends its gatherings improbably often joins, who hardly attends leaves."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.scan.candidates import Keys, ascending, keys
from graph.scan.chance import log10_poisson_tail
from graph.scan.covisits import VisitColumns
from graph.scan.gatherings import LEAST, Gatherings, gather, runs, visitors, within_reach
from graph.scan.rhythm import Rhythm

TURNS, THIN_TURNS = 6, 2
"""Rounds of joining and leaving; the last one, from 0, in which two members at a time tell who belongs."""
OFTEN = 0.2
"""Share of the gatherings a visitor must have been at to join the group."""
JOIN_FALSE = 0.05
"""Share of those who join that may be there by chance."""


@dataclass(frozen=True)
class Completion:
    """What a community is completed against: the places' rhythm, the visits left out bool[N], minutes of a gathering, members at most."""

    rhythm: Rhythm
    explained: npt.NDArray[np.bool_]
    window: int
    most: int

    def of(self, community: Keys, least: int) -> tuple[Keys, Gatherings] | None:
        """Members and gatherings of the community: who attends improbably often joins, who attends once leaves.

        `least` members at a time tell, in the first rounds, who belongs; a gathering has `LEAST`. None where fewer than two are left.
        """
        columns, members = self.rhythm.columns, community
        gatherings = self._gathered(members, least)
        for turn in range(TURNS):
            if len(gatherings) < 2:
                return None
            near = within_reach(gatherings, self.window)
            joined = _attenders(self.rhythm, self.explained, members, near)
            attended = _attendance(columns, gatherings)
            kept = np.array([attended.get(int(k), 0) >= 2 for k in members], dtype=np.bool_)
            changed = keys(np.concatenate([members[kept], joined]))
            if len(changed) < LEAST or len(changed) > self.most:
                return None
            settled = np.array_equal(changed, members)
            if settled and least >= LEAST:
                break
            if settled or turn >= THIN_TURNS:
                least = LEAST
            members = changed
            gatherings = self._gathered(members, least)
        return (members, gatherings) if len(gatherings) >= 2 else None

    def _gathered(self, members: Keys, least: int) -> Gatherings:
        return gather(
            self.rhythm.columns, members, self.window, least=least, excluded=self.explained
        )


def _attendance(columns: VisitColumns, gatherings: Gatherings) -> dict[int, int]:
    seen = ascending(columns.patient[gatherings.rows].astype(np.int64) << 32 | gatherings.of)
    who, times = runs(seen >> 32)
    return dict(zip(who.tolist(), times.tolist(), strict=True))


def _attenders(
    rhythm: Rhythm, explained: npt.NDArray[np.bool_], members: Keys, gatherings: Gatherings
) -> Keys:
    """Non-members who were at more of the gatherings than their own number of visits there explains."""
    columns = rhythm.columns
    of, rows = visitors(columns, gatherings)
    others = ~np.isin(columns.patient[rows], members) & ~explained[rows]
    of, rows = of[others], rows[others]
    if not len(rows):
        return keys([])
    each = np.array([
        rhythm.chance_at(int(f), int(a), int(b))
        for f, a, b in zip(gatherings.place, gatherings.first, gatherings.last, strict=True)
    ])  # fmt: skip
    seen = ascending(columns.patient[rows].astype(np.int64) << 32 | of)
    who, times = runs(seen >> 32)
    strangers = len(who)
    often = times >= max(2, OFTEN * len(gatherings))
    who, times = who[often], times[often]
    expected = np.zeros(len(who))
    for n, k in enumerate(who.tolist()):
        mine = columns.order[columns.patient_offsets[k] : columns.patient_offsets[k + 1]]
        visits = (columns.place[mine][:, None] == gatherings.place[None, :]).sum(axis=0)
        expected[n] = float((visits * each).sum())
    tail = 10.0 ** log10_poisson_tail(times, expected)
    return keys(who[discovered(tail, strangers)])


def discovered(p: npt.NDArray[np.float64], tried: int) -> npt.NDArray[np.bool_]:
    """Benjamini and Hochberg: which of `tried` tests to believe so that at most `JOIN_FALSE` of them are wrong; `p` are the least."""
    rank = np.empty(len(p), dtype=np.int64)
    rank[np.argsort(p, kind="stable")] = np.arange(1, len(p) + 1)
    good = p <= JOIN_FALSE * rank / max(tried, 1)
    return good if not good.any() else p <= p[good].max()
