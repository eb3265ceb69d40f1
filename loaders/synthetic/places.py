"""Facilities and pharmacies: where they are, how popular, when they are open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from loaders.synthetic import words
from loaders.synthetic.codes import Array, draw_accounts, draw_phones
from loaders.synthetic.settings import WorldSettings

MIN_PLACES = 60


class PlaceKind(IntEnum):
    """Kinds of place that behave differently."""

    TERTIARY = 0
    SECONDARY = 1
    SMALL_HOSPITAL = 2
    COMMUNITY = 3
    CLINIC = 4
    VILLAGE = 5
    PHARMACY = 6
    INTERNET = 7


HOSPITALS = (PlaceKind.TERTIARY, PlaceKind.SECONDARY, PlaceKind.SMALL_HOSPITAL)
# (opens, closes) in minutes of the day.
_HOURS = {
    PlaceKind.TERTIARY: (450, 1050),
    PlaceKind.SECONDARY: (450, 1050),
    PlaceKind.SMALL_HOSPITAL: (480, 1050),
    PlaceKind.COMMUNITY: (480, 1020),
    PlaceKind.CLINIC: (480, 1200),
    PlaceKind.VILLAGE: (480, 1080),
    PlaceKind.PHARMACY: (480, 1290),
    PlaceKind.INTERNET: (420, 1380),
}
# Shares among the places below the most popular tenth.
_TAIL = (
    (PlaceKind.PHARMACY, 0.42),
    (PlaceKind.COMMUNITY, 0.16),
    (PlaceKind.CLINIC, 0.15),
    (PlaceKind.VILLAGE, 0.16),
    (PlaceKind.SMALL_HOSPITAL, 0.08),
    (PlaceKind.SECONDARY, 0.03),
)


@dataclass(slots=True)
class Places:
    """One entry per place in every array; `closed` is the first day without service.

    `open_days` is a mask of weekdays (bit 0 Monday), `opens`/`closes` are minutes, `district`
    indexes `districts`, `parent` a place or -1, `pop` sums to 1 (0 for internet hospitals).
    """

    districts: tuple[words.District, ...]
    kind: Array
    district: Array
    pop: Array
    open_days: Array
    opens: Array
    closes: Array
    lnt: Array
    lat: Array
    beds: Array
    parent: Array
    phone: Array
    account: Array
    batch: Array
    closed: Array
    default_diagnosis: Array
    names: list[str]
    addresses: list[str]
    legal: Array

    def __len__(self) -> int:
        return len(self.kind)

    def of(self, *kinds: PlaceKind) -> Array:
        """Places of these kinds, ascending."""
        return np.flatnonzero(np.isin(self.kind, kinds))

    def province(self) -> Array:
        """11, 12 or 13 for each place."""
        return self.district_codes()[self.district] // 10_000

    def district_codes(self) -> Array:
        """Six-digit 区划 of every district."""
        return np.array([d.code for d in self.districts], dtype=np.int64)


def pick_districts(places: int) -> tuple[words.District, ...]:
    """As many districts as the number of places fills, all three provinces among them."""
    each = int(np.clip(places // 45, 2, 12))
    return tuple(d for province in words.PROVINCES for d in province[:each])


def _kinds(rng: np.random.Generator, count: int) -> Array:
    top = max(1, round(count * 0.015))
    upper = max(4, round(count * 0.09))
    head = [PlaceKind.SECONDARY, PlaceKind.PHARMACY, PlaceKind.COMMUNITY, PlaceKind.SECONDARY]
    rest = count - top - upper
    tail: list[int] = [PlaceKind.INTERNET] * max(1, count // 600)
    for kind, share in _TAIL:
        tail += [kind] * max(3, round(rest * share))
    tail = (tail + [PlaceKind.PHARMACY] * rest)[:rest]
    order = rng.permutation(np.array(tail))
    return np.concatenate(
        [np.full(top, PlaceKind.TERTIARY), np.resize(np.array(head), upper), order]
    ).astype(np.int8)


def _open_days(rng: np.random.Generator, kind: Array) -> Array:
    masks = np.full(len(kind), 127, dtype=np.int16)
    week = np.full(len(kind), 31, dtype=np.int16)
    draw = rng.random(len(kind))
    masks = np.where((kind == PlaceKind.COMMUNITY) & (draw < 0.5), 63, masks)
    masks = np.where((kind == PlaceKind.CLINIC) & (draw < 0.4), 63, masks)
    masks = np.where((kind == PlaceKind.VILLAGE) & (draw < 0.7), week, masks)
    # Outreach rooms: the doctor comes on one or two days only.
    one_day = np.left_shift(1, rng.integers(0, 5, len(kind)))
    return np.where((kind == PlaceKind.VILLAGE) & (draw < 0.15), one_day, masks).astype(np.int16)


def _name(rng: np.random.Generator, kind: int, district: words.District, road: str) -> str:
    def one(options: tuple[str, ...]) -> str:
        return options[int(rng.integers(len(options)))]

    if kind in (PlaceKind.TERTIARY, PlaceKind.SECONDARY):
        return f"{district.name}{one(words.HOSPITALS)}医院"
    if kind == PlaceKind.SMALL_HOSPITAL:
        return f"{district.name}{one(words.SMALL_HOSPITALS)}{one(('', '康复', '骨科', '中医'))}医院"
    if kind == PlaceKind.COMMUNITY:
        return f"{district.name}{road}社区卫生服务中心"
    if kind == PlaceKind.CLINIC:
        return f"{district.name}{one(words.SMALL_HOSPITALS)}{one(('', '中医', '口腔'))}诊所"
    if kind == PlaceKind.VILLAGE:
        return f"{district.name}{one(words.VILLAGES)}村卫生室"
    if kind == PlaceKind.INTERNET:
        return f"{district.name}{one(words.SMALL_HOSPITALS)}互联网医院"
    return f"{one(words.BRANDS)}大药房{district.short}{road}店"


def _named(
    rng: np.random.Generator, kind: Array, district: Array, districts: tuple[words.District, ...]
) -> tuple[list[str], list[str]]:
    names: list[str] = []
    addresses: list[str] = []
    seen: dict[str, int] = {}
    for place in range(len(kind)):
        where = districts[int(district[place])]
        road = words.ROADS[int(rng.integers(len(words.ROADS)))]
        name = _name(rng, int(kind[place]), where, road)
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}第{seen[name]}分部")
        addresses.append(f"{where.name}{road}{int(rng.integers(1, 400))}号")
    return names, addresses


def _chains(rng: np.random.Generator, kind: Array) -> Array:
    """A third of the pharmacies are branches of a head shop."""
    parent = np.full(len(kind), -1, dtype=np.int32)
    shops = np.flatnonzero(kind == PlaceKind.PHARMACY)
    heads = shops[:: max(2, len(shops) // max(1, len(shops) // 9))]
    for shop in shops:
        if shop not in heads and rng.random() < 0.33:
            parent[shop] = heads[int(rng.integers(len(heads)))]
    return parent


def build_places(rng: np.random.Generator, visits: int, settings: WorldSettings) -> Places:
    """Places for a world of so many visits, most popular first."""
    count = max(MIN_PLACES, visits // settings.visits_per_place)
    districts = pick_districts(count)
    kind = _kinds(rng, count)
    pop = np.arange(1, count + 1, dtype=np.float64) ** -settings.popularity
    pop[kind == PlaceKind.INTERNET] = 0.0
    # Shuffled rounds: every district gets its part of each popularity class.
    rounds = [rng.permutation(len(districts)) for _ in range(count // len(districts) + 1)]
    district = np.concatenate(rounds)[:count].astype(np.int16)
    names, addresses = _named(rng, kind, district, districts)
    hours = np.array([_HOURS[PlaceKind(k)] for k in kind])
    parent = _chains(rng, kind)
    legal = np.where(parent >= 0, parent, np.arange(count))
    centre = np.array([(d.lnt, d.lat) for d in districts])[district]
    spread = rng.normal(0.0, 0.05, (count, 2))
    beds = np.zeros(count, dtype=np.int32)
    for hospital, low, high in ((0, 800, 2500), (1, 200, 700), (2, 20, 80), (3, 0, 30)):
        draw = rng.integers(low, high, count)
        beds = np.where(kind == hospital, draw, beds)
    return Places(
        districts, kind, district, pop / pop.sum(), _open_days(rng, kind),
        hours[:, 0].astype(np.int32), hours[:, 1].astype(np.int32),
        np.round(centre[:, 0] + spread[:, 0], 5), np.round(centre[:, 1] + spread[:, 1], 5),
        beds, parent, draw_phones(rng, count), draw_accounts(rng, count),
        np.zeros(count, dtype=bool), np.full(count, 10_000, dtype=np.int32),
        np.zeros(count, dtype=bool), names, addresses, legal,
    )  # fmt: skip
