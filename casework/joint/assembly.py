"""Rings across borders, from the parts of all sides: the same parts give the same rings on every side.

A pair's co-visits and expected co-visits are summed over the sides and tested again (Poisson tail); where a side told
nothing of a pair whose two persons it knows, the most it can have expected is added. Improbable pairs seed communities
(Leiden, Constant Potts Model). A community is worth the surprise of its best spanning tree, whose pairs are independent
of each other under the null, less the number of groups and trees that could have been chosen (look-elsewhere).
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from scipy.special import gammaln

from casework.joint.blind import Blinder
from casework.joint.told import Pair, Part
from graph.communities import rings_by_cpm
from graph.scan.candidates import CAP
from graph.scan.chance import log10_poisson_tail
from graph.scan.grading import A_EVIDENCE, B_EVIDENCE
from graph.scan.parameters import Parameters
from graph.schema import Grade

SHARED = 0.8
"""Share of the members with one employer or address from which that explains a ring."""


@dataclass(frozen=True)
class Tie:
    """A pair over all sides: co-visits, expected ones, log10 of chance, the sides that told of it, first and last month."""

    observed: int
    expected: float
    log10_p: float
    sides: frozenset[str]
    first: str
    last: str

    def seeds(self, p: Parameters) -> bool:
        """Whether it seeds a community, by the rule of the scan."""
        return self.observed >= p.least_covisits and self.log10_p <= np.log10(p.pair_p)


@dataclass(frozen=True)
class JointRing:
    """A ring across borders. `members` are blind ids by insurer's province (two digits); `sides` told of its pairs.

    `alone` is the most evidence that pairs which seed by one side's part alone give; `explanations` are `employer` and `address`;
    `tokens` counts by kind the phones and accounts that several members share.
    """

    id: str
    grade: Grade
    evidence: float
    alone: float
    members: Mapping[str, str]
    sides: tuple[str, ...]
    observed: int
    expected: float
    first: str
    last: str
    explanations: tuple[str, ...]
    tokens: Mapping[str, int]


def assemble(parts: Mapping[str, Part], key: bytes) -> tuple[JointRing, ...]:
    """The rings of these parts, by the code of the side they are from; strongest first."""
    ties = ties_of(parts)
    persons = sorted({person for pair in ties for person in pair})
    number = {person: n for n, person in enumerate(persons)}
    held = _tokens(parts)
    p = Parameters()
    related = {
        pair
        for (_, kind), who in held.items()
        if kind == "address" and len(who) <= p.household_most
        for pair in ((a, b) for a in who for b in who if a < b)
    }
    seeds = [pair for pair, tie in ties.items() if tie.seeds(p) and pair not in related]
    groups = rings_by_cpm(
        [number[a] for a, _ in seeds], [number[b] for _, b in seeds],
        resolution=p.resolution, seed=int.from_bytes(hashlib.sha256(b"joint\0" + key).digest()[:4]),
    )  # fmt: skip
    home = _homes(parts)
    rings = []
    for group in groups:
        members = [persons[k] for k in group.tolist()]
        if p.least_members <= len(members) <= p.most_members:
            rings.append(_ring(members, ties, parts, home, held, Blinder(key)))
    return tuple(sorted((r for r in rings if len(r.sides) > 1), key=lambda r: (-r.evidence, r.id)))


def ties_of(parts: Mapping[str, Part]) -> dict[tuple[str, str], Tie]:
    """Every pair any side told of, in order of its blind ids."""
    told: dict[tuple[str, str], dict[str, Pair]] = {}
    visits = {
        code: {person: times for person, _, times in part.persons}
        for code, part in sorted(parts.items())
    }
    for code, part in sorted(parts.items()):
        names = part.names
        for pair in part.pairs:
            told.setdefault((names[pair[0]], names[pair[1]]), {})[code] = pair
    pairs = sorted(told)
    observed = [sum(row[2] for row in told[pair].values()) for pair in pairs]
    expected = [
        sum(
            told[pair][code][3]
            if code in told[pair]
            else parts[code].rate * known.get(pair[0], 0) * known.get(pair[1], 0)
            for code, known in visits.items()
        )
        for pair in pairs
    ]
    chance = log10_poisson_tail(observed, expected).tolist() if pairs else []
    return {
        pair: Tie(
            x, mu, log10_p, frozenset(told[pair]),
            min(row[5] for row in told[pair].values()), max(row[6] for row in told[pair].values()),
        )
        for pair, x, mu, log10_p in zip(pairs, observed, expected, chance, strict=True)
    }  # fmt: skip


def evidence(members: Sequence[str], ties: Mapping[tuple[str, str], Tie], among: int) -> float:
    """-log10 of chance that some group of this size of `among` people hangs together like this, 0 at least."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(members)
    inside = sorted(members)
    for n, a in enumerate(inside):
        for b in inside[n + 1 :]:
            if (a, b) in ties:
                graph.add_edge(a, b, surprise=min(-ties[a, b].log10_p, CAP))
    tree = nx.maximum_spanning_tree(graph, "surprise")
    n = len(inside)
    chosen = gammaln(among + 1) - gammaln(n + 1) - gammaln(among - n + 1)
    trees = max(n - 2, 0) * np.log10(n)
    found = tree.size("surprise") - float(chosen) / np.log(10) - trees
    return max(0.0, round(float(found), 2))


def _ring(
    members: list[str],
    ties: Mapping[tuple[str, str], Tie],
    parts: Mapping[str, Part],
    home: Mapping[str, str],
    held: Mapping[tuple[str, str], frozenset[str]],
    blinder: Blinder,
) -> JointRing:
    inside = {pair: tie for pair, tie in ties.items() if set(pair) <= set(members)}
    among = len({person for pair in ties for person in pair})
    strength, p = evidence(members, ties, among), Parameters()
    alone = [
        evidence(
            members,
            {k: t for k, t in ties_of({code: part}).items() if k in inside and t.seeds(p)},
            among,
        )
        for code, part in parts.items()
    ]
    shared = {
        kind: max((len(who & set(members)) for (_, k), who in held.items() if k == kind), default=0)
        for kind in ("employer", "address")
    }
    explained = tuple(kind for kind, most in shared.items() if most >= SHARED * len(members))
    links = Counter(
        kind
        for (_, kind), who in held.items()
        if kind in ("phone", "account") and len(who & set(members)) > 1
    )
    return JointRing(
        blinder.ring(members), _grade(strength, explained), strength, max(alone),
        {person: home[person] for person in sorted(members)},
        tuple(sorted({side for tie in inside.values() for side in tie.sides})),
        sum(tie.observed for tie in inside.values()),
        float(f"{sum(tie.expected for tie in inside.values()):.4g}"),
        min(tie.first for tie in inside.values()), max(tie.last for tie in inside.values()),
        explained, dict(sorted(links.items())),
    )  # fmt: skip


def _grade(strength: float, explained: tuple[str, ...]) -> Grade:
    if explained or strength < B_EVIDENCE:
        return Grade.C
    return Grade.A if strength >= A_EVIDENCE else Grade.B


def _homes(parts: Mapping[str, Part]) -> dict[str, str]:
    """The insurer's province of each person: as the insurer says, else as the first side that names it does."""
    home: dict[str, str] = {}
    for code, part in sorted(parts.items()):
        for person, province, _ in part.persons:
            if province == code[:2] or person not in home:
                home[person] = province
    return home


def _tokens(parts: Mapping[str, Part]) -> dict[tuple[str, str], frozenset[str]]:
    """Who holds a token, over all sides."""
    held: dict[tuple[str, str], set[str]] = {}
    for _, part in sorted(parts.items()):
        names = part.names
        for token, kind, who in part.tokens:
            held.setdefault((token, kind), set()).update(names[n] for n in who)
    return {token: frozenset(who) for token, who in held.items()}
