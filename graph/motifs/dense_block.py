"""多层密集块 · Dense block across layers.

含义: 一批互不同户的参保人被几类彼此独立的联系结成一团：偶然性不足以单独定论的同现、共用电话或账户、同一住院起止日、同日持同一医师处方到同一药店、同一追溯码、窗口前后相接。每一类单独看都弱，合起来就难以用巧合解释。
误判: 未备案的亲属、同村同单位、养老院与宿舍、同一疗程的病友，也会同时共用几样东西。每类联系与同一机构就诊者的一般水平相比；同户、同址、同单位、同校、村卫生室逐一检验；其他模式已作无辜解释的人群，这里同样按已解释处理。只有一类联系的不归此模式。
Meaning: People of different households are held together by several independent kinds of ties: meetings that alone prove nothing, a shared
phone or account, the same dates in hospital, one prescriber's prescriptions at one pharmacy on one day, one trace code, turns in one
queue. Each kind is weak by itself; together they are hard to put down to chance.
Misleads: Relatives nobody filed, people of one village or firm, care homes and dormitories, fellow patients of one course also share several
things. Each kind is compared with what clients of the same place share; household, address, employer, school and village clinic are tried;
whom another motif finds innocent is innocent here too. A group with one kind of tie is no business of this motif.
Source: FRAUDAR (KDD 2016) for column weights and peeling; SliceNDice (DSAA 2019) for several views weighed by their own rarity.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph.motifs.base import Motif
from graph.motifs.shared_token import one_small_clinic
from graph.scan.aside import unignored
from graph.scan.blocks import UNION, Block, Search
from graph.scan.candidates import Candidate, Event, Explanation, Keys, Outcome, keys
from graph.scan.dense import HOLDS, Held
from graph.scan.gatherings import gather
from graph.scan.groups import Group, sourced
from graph.scan.haunts import Haunts
from graph.scan.innocence import one_address, one_employer, one_household, one_school
from graph.scan.occasions import crowd, on_schedule, one_episode, routine
from graph.scan.ties import PRESENCE, SAID_BY, dated, layers
from graph.scan.visits import Attendance, attended
from graph.scan.world import World

MOST = 9.0
"""Several weak ties never make a grade A by themselves: relatives whom no table knows have them too."""
LEAST_SURPRISE = 1.0
SAME = 0.5
CONTAINED = 0.8
"""Overlap from which another candidate is about the same people, as candidates are merged."""
BLOCKS = "blocks found"
"""Note in which `look` leaves what `detect` takes up."""


def detect(world: World) -> Iterable[Candidate]:
    """Blocks held by at least two layers, as far as the motifs of those layers have not said so already."""
    if BLOCKS not in world.notes:
        look(world)
    search, found = world.notes.pop(BLOCKS)
    seen = attended(world)
    said = Said.of(world)
    surplus = [min(MOST, f.block.surprise) - said.of_layers(f) for f in found]
    kept = [(f, s) for f, s in zip(found, surplus, strict=True) if s >= LEAST_SURPRISE]
    met = _met(world, seen, [f for f, _ in kept])
    by_name = {layer.name: layer for layer in search.layers}
    others = dated(
        world, [(f.members, [(by_name[h.layer], h) for h in f.holding]) for f, _ in kept]
    )
    for (one, surprise), told, group, meetings in zip(
        kept, others, met, sourced(world, met), strict=True
    ):
        calendar = _calendar(world, seen, group)
        innocent = said.innocent(one.members)
        yield _candidate(world, one, surprise, (*told, *meetings), (*calendar, *innocent))


def look(world: World) -> None:
    """Search the layers for blocks and leave them in the notes for `detect`; the co-visit pairs must be there."""
    seen = attended(world)
    p = world.parameters
    search = Search(
        layers(world, seen), world.household, seen.columns, p.least_members, p.most_members,
        p.resolution, int(world.notes["seed"]), PRESENCE,
    )  # fmt: skip
    ties = search.ties(lambda a, b: unignored(world, a, b))
    found = [_Found.of(block, search) for block in search.blocks(ties)]
    world.notes[BLOCKS] = search, [f for f in found if f.households >= p.least_members]


@dataclass(frozen=True)
class _Found:
    """A block with those of its members whom the layers tested do tie."""

    block: Block
    members: Keys
    households: int

    @property
    def holding(self) -> list[Held]:
        """What the layers tested that hold it say."""
        return [h for h in self.block.held if h.log10_p <= HOLDS]

    @classmethod
    def of(cls, block: Block, search: Search) -> "_Found":
        """A block that people came to by holding one thing shrinks to those whom other layers tie."""
        members = block.members
        named = {layer.name: layer for layer in search.layers}
        if block.named != UNION and not named[block.named].pairs:
            tied = [
                named[h.layer].holders(a)
                for h in block.held
                if h.log10_p <= HOLDS
                for a in h.attributes
            ]
            members = np.intersect1d(members, np.concatenate(tied))
        return cls(block, keys(members), len(np.unique(search.household[members])))


@dataclass(frozen=True)
class Said:
    """What the other motifs have said, by the people it is about."""

    candidates: Sequence[Candidate]
    about: Mapping[int, Sequence[int]]

    @classmethod
    def of(cls, world: World) -> "Said":
        """The candidates of this scan so far."""
        candidates = world.notes.get("candidates", ())
        about: dict[int, list[int]] = {}
        for number, candidate in enumerate(candidates):
            for patient in candidate.patients.tolist():
                about.setdefault(patient, []).append(number)
        return cls(candidates, about)

    def near(self, members: Keys) -> list[Candidate]:
        """Candidates with any of these people."""
        numbers = {n for patient in members.tolist() for n in self.about.get(patient, ())}
        return [self.candidates[n] for n in sorted(numbers)]

    def of_layers(self, one: _Found) -> float:
        """What the motifs of the layers that hold a block have said of the same people."""
        motifs = {m for h in one.holding for m in SAID_BY[h.layer]}
        said: dict[str, float] = {}
        for c in self.near(one.members):
            if c.motif in motifs and not c.explained and _same(c.patients, one.members):
                said[c.motif] = max(said.get(c.motif, 0.0), c.surprise)
        return sum(said.values())

    def innocent(self, members: Keys) -> Iterable[Explanation]:
        """What explains a group that holds half of these people explains them too."""
        tried: dict[str, Explanation] = {}
        for c in self.near(members):
            if c.explained and len(np.intersect1d(c.patients, members)) >= SAME * len(members):
                for e in c.explanations:
                    if e.outcome is Outcome.EXPLAINS:
                        tried.setdefault(e.name, e)
        return tried.values()


def _same(a: Keys, b: Keys) -> bool:
    common = len(np.intersect1d(a, b, assume_unique=True))
    inside = common >= CONTAINED * min(len(a), len(b)) and common >= 3
    return inside or common >= SAME * (len(a) + len(b) - common)


def _met(world: World, seen: Attendance, found: Sequence[_Found]) -> list[Group]:
    """The meetings of the members of each block that meetings hold."""
    off = seen.explained > 0
    groups = []
    for one in found:
        shown = one.members if PRESENCE.keys() & set(one.block.layers) else keys([])
        met = gather(seen.columns, shown, world.parameters.window, least=2, excluded=off)
        groups.append(Group(shown, shown, met, 2, float(len(met)), 0.0, 0.0, 0.0))
    return groups


def _candidate(
    world: World,
    one: _Found,
    surprise: float,
    events: tuple[Event, ...],
    innocent: tuple[Explanation, ...],
) -> Candidate:
    block, members = one.block, one.members
    most = max(
        (len(e.patients) for e in events if e.kind == "token" and e.facts["kind"] == "phone"),
        default=0,
    )
    return Candidate(
        motif=MOTIF.name,
        patients=members,
        surprise=surprise,
        places=(block.place,) if block.place >= 0 else (),
        events=events,
        facts={
            "layers": len(block.layers),
            "ties": " ".join(block.layers),
            "tested": " ".join(h.layer for h in one.holding),
            "joins": sum(h.joins for h in one.holding),
            "expected": float(sum(h.expected for h in one.holding)),
            "log10_p": round(block.log10_p, 2),
            "tried": round(block.tried, 2),
            "named": "" if block.named == UNION else block.named,
        },
        explanations=(
            *innocent,
            one_household(world, members),
            one_address(world, members),
            one_employer(world, members),
            one_school(world, members),
            *_village(world, members, most),
        ),
    )


def _calendar(world: World, seen: Attendance, group: Group) -> tuple[Explanation, ...]:
    """Do the meetings keep a calendar or an hour, or fall on days when everybody came?"""
    if len(group.gatherings) < 3:
        return ()
    met = group.gatherings
    return (
        on_schedule(met, world.facility),
        routine(met, world.facility),
        one_episode(met),
        crowd(seen, group.members, met),
    )


def _village(world: World, members: Keys, with_phone: int) -> Iterable[Explanation]:
    """Is the phone that most of them share one that a clinic types for everybody?"""
    if with_phone >= SAME * len(members):
        haunts = Haunts.of(world, [members])
        yield one_small_clinic(world, haunts, members, *haunts.among(members))


MOTIF = Motif("dense_block", detect, on_all=True, beforehand=look)
