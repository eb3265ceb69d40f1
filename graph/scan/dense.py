"""Dense blocks across layers: people whom several kinds of ties hold together, each kind too weak to say so alone.

Two ways to name a block. A layer names its own groups (the holders of one attribute, a community of weak pairs), and the
other layers, which had no part in the naming, are put to the test. Or the union of all layers is searched: communities
under the Constant Potts Model, peeled to their densest part (FRAUDAR, KDD 2016) with each layer weighed by its own rarity
(the self-normalised surprise of SliceNDice, DSAA 2019); such a block must bear the allowance for every group that could
have been chosen among the clients of its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from graph.scan.candidates import Keys
from graph.scan.gatherings import log10_choose
from graph.scan.layers import Ints, Layer, Longs, Reals

HOLDS = -1.3
"""log10 p to which a layer must come to be said to hold a block together."""
MOST_JOIN = 6.0
"""No tie between two people counts for more than this (-log10 p): a block is many ties."""
LOG10 = float(np.log(10))


@dataclass(frozen=True)
class Held:
    """How one layer holds a block: ties counted, ties expected by chance, log10 p after choosing among attributes."""

    layer: str
    joins: int
    expected: float
    log10_p: float
    attributes: tuple[int, ...]

    @classmethod
    def nothing(cls, layer: Layer) -> Self:
        """Where no two of the people share anything of the layer."""
        return cls(layer.name, 0, 0.0, 0.0, ())


@dataclass(frozen=True)
class Ground:
    """Whom a block is compared with: the clients of a place that nearly all of its members use, or everybody.

    `clients` are sorted keys, None for everybody; `size` people; `place` or -1.
    """

    clients: Keys | None
    size: int
    place: int
    _seen: dict[str, tuple[float, int, float]] = field(default_factory=dict)

    def of(self, layer: Layer) -> tuple[float, int, float]:
        """How many attributes of this kind these people have between them, how many of those two of them share, and the sum
        of the squares of their holders.
        """
        if layer.name not in self._seen:
            if self.clients is None:
                activity, holders = layer.activity, np.diff(layer.starts)
            else:
                activity = layer.activity[self.clients]
                holders = np.unique(layer.held_by(self.clients)[1], return_counts=True)[1]
            several = holders[holders >= 2].astype(np.float64)
            self._seen[layer.name] = float(activity.sum()), len(several), float((several**2).sum())
        return self._seen[layer.name]

    def holders(self, layer: Layer, attribute: int) -> int:
        """How many of them have this attribute."""
        who = layer.holders(attribute)
        if self.clients is None:
            return len(who)
        at = np.minimum(np.searchsorted(self.clients, who), len(self.clients) - 1)
        return int((self.clients[at] == who).sum())


def held(layer: Layer, members: Keys, household: Ints, ground: Ground) -> Held:
    """The ties of one layer among `members`: each attribute ties those whom stronger ones have not tied yet.

    Under chance a holds each attribute in proportion to activity (Chung and Lu); so h of the block's people have one of H
    holders with probability at most (H * A_S / A)^h / h!, A_S of A being the block's activity. A tested pair brings its own
    p. To choose m of the attributes that are shared at all, or m of the pairs, costs log10 of the number of choices.
    """
    owner, attribute = layer.held_by(members)
    home = household[members][owner]
    shared, times = np.unique(attribute, return_counts=True)
    shared = shared[times >= 2]
    if not len(shared):
        return Held.nothing(layer)
    n = len(np.unique(household[members]))
    pairs = n * (n - 1) // 2
    all_activity, shared_here, squares = (0.0, 0, 0.0) if layer.pairs else ground.of(layer)
    share = 0.0 if layer.pairs else min(1.0, layer.activity[members].sum() / max(all_activity, 1.0))
    homes = {int(a): np.unique(home[attribute == a]) for a in shared}
    rate = {a: max(ground.holders(layer, a), len(homes[a])) * share for a in homes}

    def chance(a: int, tied: int) -> float:
        if layer.pairs:
            return max(float(layer.log10_p[a]), -MOST_JOIN)
        likely = tied * float(np.log(rate[a])) - float(gammaln(tied + 1))
        return max(-MOST_JOIN * (tied - 1), likely / LOG10)

    root = {int(h): int(h) for h in np.unique(household[members])}
    cost: list[float] = []
    used: list[int] = []
    joins = 0
    for a in sorted(homes, key=lambda a: (chance(a, len(homes[a])), a)):
        apart = {root[int(h)] for h in homes[a]}
        if len(apart) < 2 or chance(a, len(apart)) >= 0.0:
            continue
        cost.append(chance(a, len(apart)))
        used.append(a)
        joins += len(apart) - 1
        least = min(apart)
        root = {h: least if r in apart else r for h, r in root.items()}
    if not used:
        return Held.nothing(layer)
    choices = pairs if layer.pairs else shared_here
    expected = 0.5 * squares * share**2
    if layer.pairs:
        expected = pairs * float(10.0 ** layer.log10_p[used].max())
    return Held(layer.name, joins, expected, _chosen(cost, choices), tuple(used))


def _chosen(cost: Sequence[float], choices: int) -> float:
    """log10 p of the best few attributes, allowing for the choice of them and of how many."""
    sums = np.cumsum(cost)
    free = [log10_choose(max(choices, len(cost)), m) for m in range(1, len(cost) + 1)]
    return min(0.0, float((sums + np.array(free)).min() + np.log10(len(cost))))


def together(log10_p: Sequence[float]) -> float:
    """log10 of the chance that so many independent tests come to a product as small as this (Fisher)."""
    s = -LOG10 * float(sum(log10_p))
    if s <= 0.0:
        return 0.0
    j = np.arange(len(log10_p))
    terms = j * np.log(s) - gammaln(j + 1)
    top = float(terms.max())
    return min(0.0, (top + float(np.log(np.exp(terms - top).sum())) - s) / LOG10)


@dataclass(frozen=True)
class Ties:
    """Edges of one layer between people of different households: a < b, attribute, and a << 32 | b."""

    layer: Layer
    a: Ints
    b: Ints
    attribute: Ints
    code: Longs

    @classmethod
    def of(cls, layer: Layer, patients: npt.NDArray[np.bool_], household: Ints) -> "Ties":
        """Those among `patients`, bool[P]."""
        a, b, attribute = layer.edges(patients)
        apart = household[a] != household[b]
        a, b = a[apart], b[apart]
        return cls(layer, a, b, attribute[apart], a.astype(np.int64) << 32 | b)

    def kept(self, kept: npt.NDArray[np.bool_]) -> "Ties":
        """The edges flagged."""
        return replace(
            self, a=self.a[kept], b=self.b[kept], attribute=self.attribute[kept], code=self.code[kept]
        )  # fmt: skip


def tied_twice(layers: Sequence[Layer], patients: int) -> npt.NDArray[np.bool_]:
    """bool[P]: who has ties of at least two kinds to people of whom the same holds."""
    wanted = np.ones(patients, dtype=np.bool_)
    for _ in range(3):
        kinds = np.zeros(patients, dtype=np.int8)
        for layer in layers:
            inside = wanted[layer.patient]
            count = np.bincount(layer.attribute[inside], minlength=len(layer))
            mine = np.zeros(patients, dtype=np.bool_)
            mine[layer.patient[inside & (count[layer.attribute] >= 2)]] = True
            kinds += mine
        wanted = kinds >= 2
    return wanted


def rarity(layer: Layer, patients: int) -> float:
    """How surprising a unit of this layer's mass is: ln of all pairs over the layer's mass of ties."""
    h = layer.households.astype(np.float64)
    mass = float((layer.weight * h * (h - 1) / 2).sum())
    return float(np.log(max(0.5 * patients**2 / max(mass, 1.0), np.e)))


def weighed(ties: Sequence[Ties], patients: int) -> tuple[Ints, Ints, Reals]:
    """The union of the layers: edges (a, b, weight), each layer's column weights times its rarity, added up."""
    code = np.concatenate([t.code for t in ties])
    load = np.concatenate([
        t.layer.weight[t.attribute] * rarity(t.layer, patients) for t in ties
    ])  # fmt: skip
    order = np.argsort(code, kind="stable")
    code, load = code[order], load[order]
    starts = np.flatnonzero(np.diff(code, prepend=-1))
    distinct, weight = code[starts], np.add.reduceat(load, starts)
    a, b = (distinct >> 32).astype(np.int32), (distinct & 0xFFFFFFFF).astype(np.int32)
    return a, b, np.asarray(weight)


def peeled(members: Ints, a: Ints, b: Ints, weight: Reals, least: int) -> Keys:
    """The densest part of a community: the loosest member leaves, again and again, and the best average degree on the way
    is kept (Charikar's greedy, half of the optimum at worst). At least `least` stay.
    """
    inside = np.isin(a, members) & np.isin(b, members)
    i, j = np.searchsorted(members, a[inside]), np.searchsorted(members, b[inside])
    load = np.zeros((len(members), len(members)))
    np.add.at(load, (i, j), weight[inside])
    load += load.T
    degree = load.sum(axis=1)
    left = np.ones(len(members), dtype=np.bool_)
    mass = degree.sum() / 2
    best, density = left.copy(), mass / len(members)
    for n in range(len(members) - 1, least - 1, -1):
        loosest = int(np.argmin(np.where(left, degree, np.inf)))
        left[loosest] = False
        mass -= degree[loosest]
        degree -= load[loosest]
        if mass / n > density:
            best, density = left.copy(), mass / n
    return np.asarray(members[best], dtype=np.int32)
