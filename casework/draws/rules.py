"""What is drawn, and how: anybody with the pool and the seed gets the same places and inspectors with `sha256sum`.

The order of places is that of SHA-256 over the lines `pool`, `seed`, `place`; of inspectors for a place over
`pool`, `seed`, `place`, `inspector`. `pool` is the fingerprint of the pool as it was laid down before the seed was
known. Of each group the first places are taken; a place gets those inspectors first who have the fewest places yet.

Source: 国办发〔2015〕58号 (随机抽取检查对象、随机选派执法检查人员); 行政处罚法 第四十三条 (回避).
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from casework.draws.errors import NobodyLeft, Unfair, UnusablePool


@dataclass(frozen=True)
class Place:
    """A facility or pharmacy that may be drawn; shares are taken of each `group` (level, district) by itself."""

    id: str
    group: str


@dataclass(frozen=True)
class Recusal:
    """An inspector who may not be sent to a place, and why (interest, kin, former employment, sent there last time)."""

    inspector: str
    place: str
    reason: str


@dataclass(frozen=True)
class Pool:
    """What is drawn from: `share` percent of the places of each group, rounded up, by `team` inspectors each.

    Raises `UnusablePool` where something stands twice, is empty or out of range.
    """

    places: tuple[Place, ...]
    inspectors: tuple[str, ...]
    share: int
    team: int
    recusals: tuple[Recusal, ...] = ()

    def __post_init__(self) -> None:
        ids, people = {place.id for place in self.places}, set(self.inspectors)
        for wrong, why in (
            (not ids, Unfair.NO_PLACE),
            (len(ids) < len(self.places), Unfair.PLACE_TWICE),
            (len(people) < len(self.inspectors), Unfair.INSPECTOR_TWICE),
            (not 0 < self.share <= 100, Unfair.SHARE),
            (not 0 < self.team <= len(self.inspectors), Unfair.TEAM),
            (any(not r.reason.strip() for r in self.recusals), Unfair.NO_REASON),
            (any(r.place not in ids for r in self.recusals), Unfair.OTHER_PLACE),
            (any(r.inspector not in people for r in self.recusals), Unfair.OTHER_INSPECTOR),
        ):
            if wrong:
                raise UnusablePool(why)


@dataclass(frozen=True)
class Inspection:
    """A place that was drawn, and who is sent there, in the order drawn."""

    place: str
    group: str
    inspectors: tuple[str, ...]


def fingerprint(pool: Pool) -> str:
    """SHA-256 of the pool as JSON: keys sorted, no spaces, UTF-8, lists in their order."""
    return hashlib.sha256(to_json(pool).encode()).hexdigest()


def to_json(pool: Pool) -> str:
    """The pool as it is kept and fingerprinted."""
    return json.dumps(asdict(pool), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Pool:
    """The pool `to_json` wrote."""
    held = json.loads(text)
    return Pool(
        tuple(Place(**one) for one in held["places"]),
        tuple(held["inspectors"]),
        held["share"],
        held["team"],
        tuple(Recusal(**one) for one in held["recusals"]),
    )


def drawn(pool: Pool, seed: str, later: Sequence[Recusal] = ()) -> tuple[Inspection, ...]:
    """The inspections `seed` draws, in order; `later` recusals are each replaced at their place alone.

    Raises `NobodyLeft` where fewer than `team` inspectors may go to a place.
    """
    mark = fingerprint(pool)
    sent: dict[str, int] = defaultdict(int)
    found = []
    for place in _places(pool, mark, seed):
        order = _order(pool, mark, seed, place.id)
        team = sorted(order, key=lambda who: sent[who])[: pool.team]
        if len(team) < pool.team:
            raise NobodyLeft(place.id, pool.team)
        for who in team:
            sent[who] += 1
        found.append(Inspection(place.id, place.group, _replaced(pool, place, team, order, later)))
    return tuple(found)


def _replaced(
    pool: Pool, place: Place, team: list[str], order: list[str], later: Sequence[Recusal]
) -> tuple[str, ...]:
    out = {recusal.inspector for recusal in later if recusal.place == place.id}
    stay = [who for who in team if who not in out]
    spare = [who for who in order if who not in out and who not in team]
    if len(stay) + len(spare) < pool.team:
        raise NobodyLeft(place.id, pool.team)
    return tuple((stay + spare)[: pool.team])


def _places(pool: Pool, mark: str, seed: str) -> Iterator[Place]:
    order = sorted(pool.places, key=lambda place: _digest(mark, seed, place.id))
    left: dict[str, int] = defaultdict(int)
    for place in order:
        left[place.group] += 1
    left = {group: share_of(size, pool.share) for group, size in left.items()}
    for place in order:
        if left[place.group]:
            left[place.group] -= 1
            yield place


def share_of(size: int, share: int) -> int:
    """How many of a group of `size` places are drawn: `share` percent, rounded up."""
    return -(-size * share // 100)


def _order(pool: Pool, mark: str, seed: str, place: str) -> list[str]:
    out = {recusal.inspector for recusal in pool.recusals if recusal.place == place}
    free = (who for who in pool.inspectors if who not in out)
    return sorted(free, key=lambda who: _digest(mark, seed, place, who))


def _digest(*lines: str) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
