"""The steps an investigator takes: put something on the desk, expand it, find ways, go back."""

from pathlib import Path

from dashboards import desk_reads as reads
from dashboards import desk_state as memory
from dashboards.formats import count
from dashboards.opened import Key
from dashboards.person import looked_at
from dashboards.reading.desk import MOST_NODES, Desk, Step, StepKind
from dashboards.reading.walks import LOOKED_AT, Reach, Wanted

FIRST = 40
"""Neighbours that a desk opened on one entity begins with."""


def start_ring(key: Key, ring: str) -> bool:
    """A new desk with a ring on it; False when the scan does not hold the ring."""
    ids = reads.ring_ids(key, ring)
    if ids:
        looked_at(Path(key.workspace), "workbench", ring)
        step = Step(StepKind.RING, (ring,), ids[:MOST_NODES], len(ids))
        memory.start(Desk(ring, (step,)))
    return bool(ids)


def start_entity(key: Key, entity: str) -> bool:
    """A new desk with one entity and its heaviest neighbours; False when nobody knows it."""
    if reads.node(key, entity) is None:
        return False
    looked_at(Path(key.workspace), "workbench", entity)
    found = reads.neighbours(key, entity, Wanted(limit=FIRST))
    step = Step(StepKind.ENTITY, (entity,), (entity, *found.ids), found.total + 1)
    memory.start(Desk(entity, (step,)))
    memory.choose((entity,))
    return True


def add(key: Key, entity: str) -> None:
    """Put one entity beside what lies on the desk, and show it."""
    looked_at(Path(key.workspace), "workbench", entity)
    _take(Step(StepKind.ENTITY, (entity,), (entity,), 1))
    memory.choose((entity,), focus=True)


def expand(key: Key, node: str, wanted: Wanted) -> None:
    """Bring in neighbours of `node` and say how many of how many."""
    found = reads.neighbours(key, node, wanted)
    new = _take(Step(StepKind.EXPAND, (node,), found.ids, found.total))
    _say_expanded(found, new)


def find_ways(key: Key, a: str, b: str, *, avoid_hubs: bool) -> None:
    """Bring in the shortest ways from `a` to `b`, highlight them, say how many there are."""
    found = reads.ways(key, a, b, avoid_hubs)
    ids = tuple(dict.fromkeys(id_ for path in found.paths for id_ in path.nodes))
    if found.too_wide:
        memory.say("desk.ways.wide")
    elif not ids:
        memory.say("desk.ways.none.big" if avoid_hubs else "desk.ways.none")
    else:
        _take(Step(StepKind.PATH, (a, b), ids, found.total))
        memory.show_paths([path.nodes for path in found.paths])
        hops = found.paths[0].hops
        memory.say("desk.ways.found", n=len(found.paths), total=count(found.total), hops=hops)


def back() -> None:
    """Take the last step back."""
    memory.change(memory.desk().back())


def _take(step: Step) -> int:
    before = memory.desk()
    after = before.take(step)
    memory.change(after)
    return len(after.ids) - len(before.ids)


def _say_expanded(found: Reach, new: int) -> None:
    if len(memory.desk().ids) >= MOST_NODES:
        memory.say("desk.full", most=count(MOST_NODES))
    elif not found.total:
        memory.say("desk.expanded.none")
    else:
        key = "desk.expanded.looked" if found.looked >= LOOKED_AT else "desk.expanded"
        facts = {"edges": count(found.edges), "total": count(found.total), "new": count(new)}
        memory.say(key, **facts, looked=count(found.looked))
