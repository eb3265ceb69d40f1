"""Blocks named and tested: which groups the layers suggest, and how improbable it is that other layers hold them too."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from graph.communities import rings_by_cpm
from graph.scan.candidates import Keys, ascending, keys
from graph.scan.chance import rows_of
from graph.scan.covisits import VisitColumns
from graph.scan.dense import (
    HOLDS,
    Ground,
    Held,
    Ties,
    held,
    peeled,
    tied_twice,
    together,
    weighed,
)
from graph.scan.gatherings import log10_choose
from graph.scan.layers import Ints, Layer, Longs

Allowed = Callable[[Ints, Ints], npt.NDArray[np.bool_]]
"""Per pair a < b, whether people want it looked at."""
UNION = "union"
"""A block that no layer named by itself."""
SHARED_PLACE = 0.8
"""Share of the members who use a place before its clients are whom the block is compared with."""
LOOSE = 0.05
"""γ for the union of the layers, in mean edges: peeling makes dense what this leaves loose."""
LEAST_TIES = 3
"""Ties of a second kind below which a community of the union is not worth peeling; nor is one with fewer ties than members."""
LARGEST = 400
"""A community of the union with more members is no block that peeling could make sense of."""


@dataclass(frozen=True)
class Block:
    """A group, the layer that named it, what each layer tested says, and log10 p of all of them together.

    `tried` is log10 of the groups that could have been looked at.
    """

    members: Keys
    named: str
    held: tuple[Held, ...]
    log10_p: float
    tried: float
    place: int

    @property
    def surprise(self) -> float:
        """-log10 p after the allowance for the search."""
        return max(0.0, -self.log10_p - self.tried)

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that hold it: the naming one, and those tested that are improbable."""
        own = () if self.named == UNION else (self.named,)
        return own + tuple(h.layer for h in self.held if h.log10_p <= HOLDS)


@dataclass(frozen=True)
class Search:
    """Everything a block is looked for in. `resolution` and `seed` are those of the communities."""

    layers: Sequence[Layer]
    household: Ints
    columns: VisitColumns
    least: int
    most: int
    resolution: float
    seed: int
    kind: Mapping[str, str] = field(default_factory=dict)
    """Layers of one kind, under that kind's name: they say much the same, and neither tests what the other named."""
    _grounds: dict[int, Ground] = field(default_factory=dict)

    @property
    def patients(self) -> int:
        """How many people there are."""
        return len(self.household)

    def blocks(self, ties: Sequence[Ties]) -> list[Block]:
        """The blocks of at least two kinds of layers, most improbable first; of two with much the same members the better one."""
        named, tried = self._named(ties)
        found = [self._tested(members, name, tried) for name, members in named]
        found += [self._tested(members, UNION, None) for members in self._dense(ties)]
        found.sort(key=lambda b: (-b.surprise, b.members.tolist()))
        kept: list[Block] = []
        seen: set[bytes] = set()
        for block in found:
            same = block.members.tobytes() in seen
            if block.surprise > 0.0 and len(self._kinds(block)) >= 2 and not same:
                kept.append(block)
                seen.add(block.members.tobytes())
        return kept

    def ties(self, allowed: Allowed) -> list[Ties]:
        """The edges of all layers among people whom at least two layers tie."""
        wanted = tied_twice(self.layers, self.patients)
        found = [Ties.of(layer, wanted, self.household) for layer in self.layers]
        return [t.kept(allowed(t.a, t.b)) for t in found]

    def _named(self, ties: Sequence[Ties]) -> tuple[list[tuple[str, Keys]], float]:
        """Groups that one layer names and another ties somewhere inside; log10 of all groups named."""
        named: list[tuple[str, Keys]] = []
        count, kinds = 0, set[str]()
        for mine in ties:
            others = np.concatenate(
                [t.code for t in ties if t is not mine] or [np.zeros(0, np.int64)]
            )
            kind = self.kind.get(mine.layer.name, mine.layer.name)
            if mine.layer.pairs and kind in kinds:
                continue
            kinds.add(kind)
            if mine.layer.pairs:
                groups = list(self._communities(mine.layer))
                label = np.full(self.patients, -1, dtype=np.int32)
                for i, group in enumerate(groups):
                    label[group] = i
                inside = label[others >> 32]
                inside = inside[(inside >= 0) & (inside == label[others & 0xFFFFFFFF])]
                touched: Iterable[int] = np.unique(inside).tolist()
                count += len(groups)
                named += [(mine.layer.name, groups[i]) for i in touched]
            else:
                count += int((mine.layer.households >= self.least).sum())
                hit = np.unique(mine.attribute[np.isin(mine.code, others)])
                hit = hit[mine.layer.households[hit] >= self.least]
                named += [(mine.layer.name, keys(mine.layer.holders(int(k)))) for k in hit]
        return named, float(np.log10(max(count, 1)))

    def _communities(self, layer: Layer) -> Iterable[Keys]:
        a, b = layer.patient[::2], layer.patient[1::2]
        for group in rings_by_cpm(a, b, None, resolution=self.resolution, seed=self.seed):
            if self.least <= len(group) <= self.most:
                yield keys(group)

    def _dense(self, ties: Sequence[Ties]) -> Iterable[Keys]:
        """Communities of the union, each peeled to its densest part."""
        some = [t for t in ties if len(t.code)]
        if len(some) < 2:
            return
        a, b, weight = weighed(some, self.patients)
        groups = rings_by_cpm(a, b, weight / weight.mean(), resolution=LOOSE, seed=self.seed)
        label = np.full(self.patients, -1, dtype=np.int32)
        for i, group in enumerate(groups):
            label[group] = i
        inside = np.where(label[a] == label[b], label[a], -1)
        order = np.argsort(inside, kind="stable")
        starts = np.searchsorted(inside[order], np.arange(len(groups) + 1))
        total, second = self._inside(some, label, len(groups))
        for i, group in enumerate(groups):
            enough = total[i] >= len(group) and second[i] >= LEAST_TIES
            if enough and self.least <= len(group) <= LARGEST:
                mine = order[starts[i] : starts[i + 1]]
                yield keys(peeled(group, a[mine], b[mine], weight[mine], self.least))

    def _inside(self, ties: Sequence[Ties], label: Ints, groups: int) -> tuple[Longs, Longs]:
        """Ties inside each group: all, and those of the kind that has second most there."""
        count: dict[str, npt.NDArray[np.int64]] = {}
        for t in ties:
            inside = label[t.a][label[t.a] == label[t.b]]
            kind = self.kind.get(t.layer.name, t.layer.name)
            mine = np.bincount(inside[inside >= 0], minlength=groups)
            count[kind] = count.get(kind, 0) + mine
        each = np.sort(np.array([np.zeros(groups, dtype=np.int64), *count.values()]), axis=0)
        return each.sum(axis=0), each[-2]

    def _tested(self, members: Keys, name: str, tried: float | None) -> Block:
        """The block with its p: of the layers that did not name it, or of all where the union did."""
        kind = self.kind.get(name, name)
        asked = [x for x in self.layers if self.kind.get(x.name, x.name) != kind]
        shared = [layer.shared_by(members) for layer in asked]
        if not any(shared):
            return Block(members, name, (), 0.0, tried or 0.0, -1)
        ground = self._ground(members)
        found = tuple(
            held(layer, members, self.household, ground) if some else Held.nothing(layer)
            for layer, some in zip(asked, shared, strict=True)
        )
        if tried is None:
            tried = log10_choose(max(ground.size, len(members)), len(members)) + float(
                np.log10(self.columns.places)
            )
        log10_p = together([h.log10_p for h in found])
        return Block(members, name, found, log10_p, tried, ground.place)

    def _ground(self, members: Keys) -> Ground:
        """The clients of the least place that nearly all members use; everybody if there is none."""
        owner, rows = rows_of(self.columns, members)
        uses = ascending(owner.astype(np.int64) << 32 | self.columns.place[rows])
        place, users = np.unique(uses & 0xFFFFFFFF, return_counts=True)
        common = place[users >= SHARED_PLACE * len(members)]
        if not len(common):
            return self._grounds.setdefault(-1, Ground(None, self.patients, -1))
        least = min(common.tolist(), key=lambda f: (self._visits(f), f))
        if least not in self._grounds:
            offsets = self.columns.place_offsets
            clients = keys(self.columns.patient[offsets[least] : offsets[least + 1]])
            self._grounds[least] = Ground(clients, len(clients), int(least))
        return self._grounds[least]

    def _kinds(self, block: Block) -> set[str]:
        return {self.kind.get(name, name) for name in block.layers}

    def _visits(self, place: int) -> int:
        offsets = self.columns.place_offsets
        return int(offsets[place + 1] - offsets[place])
