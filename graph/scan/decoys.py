"""Decoys: the co-visit search repeated on visits from which every agreement to meet is gone.

Each patient's visits are moved by a number of whole weeks of the patient's own, and each week of them by a few weeks more
(two patients moved alike must not go on meeting). Place, weekday, hour, how often and how regularly somebody comes all stay;
who comes together does not. What the search still finds there is chance: how many such groups reach a grade, over how many
really do, estimates the share of that grade's groups that chance alone explains. It says nothing about innocent reasons.
Source: Elias and Gygi 2007 (target and decoy counts), with weeks moved in place of labels within strata, which would keep small
places' rings alive.
"""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.scan.assemble import assemble
from graph.scan.candidates import Candidate
from graph.scan.covisits import VisitColumns
from graph.scan.grading import grade
from graph.scan.visits import Attendance
from graph.scan.world import World
from graph.schema import Grade

WEEK = 7 * 1440
LEAST_WEEKS = 26
"""A place is taken to have been there for this many weeks at least: in fewer nobody could be moved far enough."""
STRAY = 5
"""Each week of a patient's visits is moved by 0 to this less one further weeks."""
ODD = np.uint64(0x9E3779B97F4A7C15)

Search = Callable[[World], Iterable[Candidate]]
Weeks = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Decoys:
    """How many groups of each grade the search finds really, and on `runs` decoys together."""

    runs: int
    real: dict[Grade, int]
    decoys: dict[Grade, int]

    @property
    def counts(self) -> dict[str, int]:
        """For run.json: decoys, decoy_real_a, decoy_found_a and so on."""
        found = {"decoys": self.runs}
        for g in Grade:
            key = str(g).lower()
            found |= {f"decoy_real_{key}": self.real[g], f"decoy_found_{key}": self.decoys[g]}
        return found


def by_chance(found: int, real: int, runs: int) -> float | None:
    """The estimated share of `real` groups that chance explains, given `found` on `runs` decoys; None without groups."""
    return min(1.0, found / runs / real) if real and runs else None


def decoys(
    world: World, search: Search, candidates: Sequence[Candidate], *, runs: int, seed: int
) -> Decoys:
    """`search` repeated on `runs` decoys of the world's attendance, beside the `candidates` it found really.

    Same seed, same answer. The world is left as it was.
    """
    seen = world.notes["attendance"]
    assert isinstance(seen, Attendance)
    total = dict.fromkeys(Grade, 0)
    for run in range(runs):
        other = copy(world)
        other.notes = {"seed": world.notes["seed"], "attendance": moved(seen, [seed, run])}
        for g, n in graded(list(search(other))).items():
            total[g] += n
    return Decoys(runs, graded(candidates), total)


def graded(candidates: Sequence[Candidate]) -> dict[Grade, int]:
    """How many groups of each grade there are, the candidates of one motif taken for themselves."""
    found = [grade(draft).grade for draft in assemble(candidates)]
    return {g: found.count(g) for g in Grade}


def moved(seen: Attendance, seed: Sequence[int]) -> Attendance:
    """The same visits, each patient's in weeks of their own; what explains a visit stays with it."""
    rng = np.random.default_rng(seed)
    columns = seen.columns
    week, within = np.divmod(columns.minute.astype(np.int64), WEEK)
    by_patient = rng.integers(0, 2**62, columns.patients)
    stray = _mixed(by_patient[columns.patient], week) % np.uint64(STRAY)
    first, weeks = _spans(columns, week)
    step = by_patient[columns.patient] + stray.astype(np.int64)
    week = first[columns.place] + (week - first[columns.place] + step) % weeks[columns.place]
    minute = (week * WEEK + within).astype(np.int32)
    at = VisitColumns.build(
        columns.patient, columns.place, minute, patients=columns.patients, places=columns.places
    )
    row = at.source
    return Attendance(
        at, seen.service[row], seen.explained[row], seen.batch_places, seen.operator[row]
    )


def _spans(columns: VisitColumns, week: Weeks) -> tuple[Weeks, Weeks]:
    """The first week of each place and how many weeks it goes round in, int64[F] each."""
    used = np.diff(columns.place_offsets) > 0
    first, weeks = np.zeros((2, columns.places), dtype=np.int64)
    first[used] = week[columns.place_offsets[:-1][used]]
    last = week[columns.place_offsets[1:][used] - 1]
    weeks[used] = last - first[used] + 1
    return first, np.maximum(weeks, min(LEAST_WEEKS, int(weeks.max(initial=1))))


def _mixed(patient: Weeks, week: Weeks) -> npt.NDArray[np.uint64]:
    """A number for each patient and week that nothing else tells."""
    with np.errstate(over="ignore"):
        mixed = (patient.astype(np.uint64) ^ (week.astype(np.uint64) * ODD)) * ODD
    return np.asarray(mixed >> np.uint64(33))
