"""Cards bundled at one till: a clerk with a pile of cards is found; shifts, single tills and absent operators are not."""

from pathlib import Path

from tests.graph.found import best, scanned
from tests.graph.town import Town, town

CARDS = list(range(100, 107))


def with_tills(seed: int) -> tuple[Town, int, list[int]]:
    """A town with one busy clinic of three tills, at which everybody else pays too."""
    t = town(seed)
    busy = t.builder.add_places(1)[0]
    tills = [t.builder.token("operator", [], "opter") for _ in range(3)]
    for patient in t.builder.chance.sample(range(200, 1200), 500):
        for _ in range(3):
            at = t.builder.day(
                t.builder.chance.randrange(340),
                t.builder.chance.randint(8, 16),
                t.builder.chance.randrange(60),
            )
            t.builder.visit(patient, busy, at, operator=t.builder.chance.choice(tills))
    return t, busy, tills


def bundle(t: Town, place: int, tills: list[int], times: int = 9, hours: int = 0) -> None:
    """Six of the cards within minutes (or `hours` apart), `times` times, each time at one of the tills."""
    for d in t.builder.dates(times):
        till, start = (
            t.builder.chance.choice(tills),
            t.builder.chance.randint(8, 9 if hours else 15),
        )
        for k, patient in enumerate(t.builder.chance.sample(CARDS, 6)):
            at = t.builder.day(d, start + hours * k, t.builder.chance.randint(0, 9))
            t.builder.visit(patient, place, at, operator=till)


def test_a_pile_of_cards_at_one_till_is_found(tmp_path: Path) -> None:
    t, busy, tills = with_tills(1)
    bundle(t, busy, tills[:1])
    found = scanned(t.builder, tmp_path).of("operator_bundle")
    assert best(found, CARDS) >= 0.8
    assert busy in found[0].places


def test_cards_hours_apart_are_none(tmp_path: Path) -> None:
    t, busy, tills = with_tills(2)
    bundle(t, busy, tills[:1], hours=2)
    assert not scanned(t.builder, tmp_path).of("operator_bundle", "ABC")


def test_cards_at_all_tills_are_no_bundle_of_one(tmp_path: Path) -> None:
    t, busy, tills = with_tills(3)
    for k, d in enumerate(t.builder.dates(9)):
        for n, patient in enumerate(t.builder.chance.sample(CARDS, 6)):
            at = t.builder.day(d, 8 + k % 7, t.builder.chance.randint(0, 9))
            t.builder.visit(patient, busy, at, operator=tills[n % 3])
    found = scanned(t.builder, tmp_path)
    assert not found.of("operator_bundle", "ABC")
    assert best(found.of("covisit"), CARDS) >= 0.8


def test_a_shop_with_one_till_says_no_more_than_covisits(tmp_path: Path) -> None:
    t, _, _ = with_tills(4)
    only = t.builder.token("operator", [], "opter")
    bundle(t, t.builder.add_places(1, "pharmacy")[0], [only])
    found = scanned(t.builder, tmp_path)
    assert not found.of("operator_bundle", "ABC")
    assert best(found.of("covisit"), CARDS) >= 0.8


def test_dialysis_with_one_clerk_a_shift_is_no_ring(tmp_path: Path) -> None:
    t, busy, tills = with_tills(5)
    for week in range(45):
        for weekday in (0, 2, 4):
            for patient in range(150, 160):
                at = t.builder.day(7 * week + weekday, 7, 20 + t.builder.chance.randrange(20))
                t.builder.visit(patient, busy, at, operator=tills[0])
    assert not scanned(t.builder, tmp_path).touching(set(range(150, 160)))


def test_a_class_is_no_ring_because_its_tills_see_parts_of_it(tmp_path: Path) -> None:
    t, busy, tills = with_tills(6)
    pupils = range(300, 340)
    for patient in pupils:
        t.builder.tables["patients"][patient]["birth_year"] = 2014
    for d in t.builder.dates(4):
        for k, patient in enumerate(pupils):
            at = t.builder.day(d, 9, t.builder.chance.randrange(25))
            t.builder.visit(patient, busy, at, operator=tills[k % 2])
    assert not scanned(t.builder, tmp_path).touching(set(pupils))


def test_without_operators_it_is_switched_off(tmp_path: Path) -> None:
    t = town(7)
    for d in t.builder.dates(9):
        t.builder.gathering(CARDS, t.shops[2], t.builder.day(d, t.builder.chance.randint(8, 17)))
    found = scanned(t.builder, tmp_path)
    assert best(found.of("covisit"), CARDS) >= 0.8
    assert not found.of("operator_bundle", "ABC")
