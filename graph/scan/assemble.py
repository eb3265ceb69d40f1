"""Candidates of all motifs merged into rings by overlap of members."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph.scan.candidates import CAP, Candidate, Keys, keys
from graph.scan.world import components

JACCARD = 0.5
IDENTIFIER = "shared_token"
FEW_HOLDERS, HALF = 12, 0.5
"""Holders up to which a token is rare, and share of them in a group that brings in the others."""
CONTAINED = 0.8


@dataclass(frozen=True)
class Draft:
    """A ring before it is graded: the candidates it is made of, strongest first.

    `patients` sorted; `core` marks those who stay with a group however it is sought and, of people nothing was tried on, those
    whom the strongest patient candidate holds or several do.
    """

    candidates: tuple[Candidate, ...]
    patients: Keys
    core: Keys
    practitioners: tuple[int, ...]
    places: tuple[int, ...]

    @property
    def motifs(self) -> tuple[str, ...]:
        """The motifs seen, strongest first, each once."""
        return tuple(dict.fromkeys(c.motif for c in self.candidates))

    @property
    def evidence(self) -> float:
        """Sum over motifs (over facts, where several motifs tell the same) of the best unexplained surprise, each capped at `CAP`."""
        best: dict[str, float] = defaultdict(float)
        for c in self.candidates:
            if not c.explained:
                told = c.same_fact or c.motif
                best[told] = max(best[told], min(c.surprise, CAP))
        return sum(best.values())

    @property
    def explained(self) -> bool:
        """Whether every candidate has an innocent explanation that covers it."""
        return all(c.explained for c in self.candidates)


def assemble(candidates: Sequence[Candidate]) -> list[Draft]:
    """Merge candidates whose patients overlap (Jaccard ≥ 0.5, or one ≥ 0.8 inside the other).

    Candidates without patients merge when they share the practitioner. Explained candidates never pull others
    together: each goes to the unexplained draft it overlaps most (Jaccard), or stays among its own. Deterministic in the
    multiset of candidates.
    """
    ordered = sorted(candidates, key=_order)
    open_ = [c for c in ordered if not c.explained]
    groups = _merged(open_)
    left = []
    patients = [keys(np.concatenate([c.patients for c in g])) for g in groups]
    of_patient: dict[int, set[int]] = defaultdict(set)
    for i, mine in enumerate(patients):
        for patient in mine.tolist():
            of_patient[patient].add(i)
    for c in ordered[len(open_) :]:
        near = {i for patient in c.patients.tolist() for i in of_patient.get(patient, ())}
        best = max(((_jaccard(c.patients, patients[i]), -i) for i in near), default=(0.0, 0))
        if best[0] >= JACCARD:
            groups[-best[1]].append(c)
        else:
            left.append(c)
    return [_draft(group) for group in groups + _merged(left)]


def _merged(ordered: Sequence[Candidate]) -> list[list[Candidate]]:
    links = [*_patient_links(ordered), *_practitioner_links(ordered)]
    a = np.array([x for x, _ in links], dtype=np.int64)
    b = np.array([y for _, y in links], dtype=np.int64)
    groups: dict[int, list[Candidate]] = {}
    for candidate, label in zip(ordered, components(a, b, len(ordered)).tolist(), strict=True):
        groups.setdefault(label, []).append(candidate)
    return list(groups.values())


def _jaccard(a: Keys, b: Keys) -> float:
    common = len(np.intersect1d(a, b, assume_unique=True))
    return common / max(len(a) + len(b) - common, 1)


def _order(c: Candidate) -> tuple[object, ...]:
    return (c.explained, -c.surprise, c.motif, c.patients.tolist(), c.practitioners, c.places)


def _patient_links(ordered: Sequence[Candidate]) -> list[tuple[int, int]]:
    holders: dict[int, list[int]] = defaultdict(list)
    for i, c in enumerate(ordered):
        for patient in c.patients.tolist():
            holders[patient].append(i)
    common: dict[tuple[int, int], int] = defaultdict(int)
    for found in holders.values():
        for x, i in enumerate(found):
            for j in found[x + 1 :]:
                common[i, j] += 1
    links = []
    for (i, j), n in sorted(common.items()):
        p, q = len(ordered[i].patients), len(ordered[j].patients)
        jaccard = n / (p + q - n)
        inside = n / min(p, q) >= CONTAINED and n >= 3
        if jaccard >= JACCARD or inside:
            links.append((i, j))
    return links + _holder_links(ordered, common)


def _holder_links(
    ordered: Sequence[Candidate], common: Mapping[tuple[int, int], int]
) -> list[tuple[int, int]]:
    """A rare token's few holders go with the group that has most of them, half at least and two: a token is no chance overlap."""
    best: dict[int, tuple[float, int]] = {}
    for (i, j), n in sorted(common.items()):
        for token, group in ((i, j), (j, i)):
            held = ordered[token]
            whole = len(held.patients)
            if (
                held.motif != IDENTIFIER
                or ordered[group].motif == IDENTIFIER
                or whole > FEW_HOLDERS
            ):
                continue
            if n >= 2 and n >= HALF * whole:
                best[token] = max(
                    best.get(token, (0.0, 0)), (n + ordered[group].surprise / 100, -group)
                )
    return [(min(token, -group), max(token, -group)) for token, (_, group) in sorted(best.items())]


def _practitioner_links(ordered: Sequence[Candidate]) -> list[tuple[int, int]]:
    first: dict[tuple[int, ...], int] = {}
    links = []
    for i, c in enumerate(ordered):
        if len(c.patients) == 0 and c.practitioners:
            j = first.setdefault(c.practitioners, i)
            if j != i:
                links.append((j, i))
    return links


def _draft(group: list[Candidate]) -> Draft:
    strong = [c for c in group if not c.explained] or group
    patients = keys(np.concatenate([c.patients for c in strong]))
    seen: dict[int, int] = defaultdict(int)
    for c in strong:
        for patient in c.patients.tolist():
            seen[patient] += 1
    lead = set(next((c.patients.tolist() for c in strong if len(c.patients)), []))
    tried = {p for c in strong if c.core is not None for p in c.patients.tolist()}
    stays = {p for c in strong if c.core is not None for p in c.core.tolist()}
    core = [p for p, n in seen.items() if p in stays or (p not in tried and (p in lead or n > 1))]
    practitioners = dict.fromkeys(k for c in strong for k in c.practitioners)
    places = dict.fromkeys(k for c in strong for k in c.places)
    return Draft(tuple(group), patients, keys(core), tuple(practitioners), tuple(places))
