"""Who stands behind a number: identity numbers, addresses, employers, people from outside."""

from __future__ import annotations

import numpy as np

from loaders.synthetic import words
from loaders.synthetic.codes import Array, identity_numbers, text
from loaders.synthetic.population import People, person_name
from loaders.synthetic.world import World


def certificates(people: People, patients: Array) -> Array:
    """Identity numbers of patients, shape (n, 18)."""
    return identity_numbers(
        people.area[patients], people.birth_dates(patients), people.order[patients]
    )


def address(world: World, patient: int) -> str:
    """`北京市朝阳区和平街12号3-2-501`; a negative door is a care home or another institution."""
    people = world.people
    where = world.places.districts[int(people.district[patient])].name
    door, road = int(people.door[patient]), words.ROADS[int(people.road[patient])]
    if door < 0:
        return f"{where}{road}{-door}号夕阳红养老院"
    house, rest = divmod(door, 300)
    return f"{where}{road}{house + 1}号{rest % 6 + 1}-{rest // 6 % 5 + 1}-{rest % 25 + 1:02d}1"


def company(number: int) -> str:
    """Name of an employer."""
    brand = words.BRANDS[number % len(words.BRANDS)]
    trade = ("商贸", "建筑", "物业", "科技", "餐饮", "物流", "纺织", "机械")[number // 10 % 8]
    return f"{brand}{trade}有限公司{number}"


def outsiders(rng: np.random.Generator, count: int) -> tuple[list[str], list[str]]:
    """Names and identity numbers of people who are not in the population."""
    area = np.array([d.code for province in words.PROVINCES for d in province])
    year = rng.integers(1950, 1995, count)
    birth = year * 10_000 + rng.integers(1, 13, count) * 100 + rng.integers(1, 29, count)
    woman = rng.random(count) < 0.4
    order = rng.integers(0, 499, count) * 2 + ~woman
    certno = text(identity_numbers(area[rng.integers(0, len(area), count)], birth, order))
    given = rng.integers(0, 40, (count, 2)).tolist()
    surname = rng.integers(0, len(words.SURNAMES), count).tolist()
    names = [
        person_name(s, g[0], g[1], w)
        for s, g, w in zip(surname, given, woman.tolist(), strict=True)
    ]
    return names, certno.to_pylist()


def outsider(rng: np.random.Generator) -> tuple[str, str]:
    """Name and identity number of one agent from outside."""
    names, numbers = outsiders(rng, 1)
    return names[0], numbers[0]
