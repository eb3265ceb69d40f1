"""A ring that grows around one card: labelled; a ring that was whole from the start, and innocent growth, are not."""

from pathlib import Path

from tests.graph.found import best, scanned
from tests.graph.town import Town, town

HUB, RECRUITS = 100, list(range(101, 109))


def growing(t: Town, hub: int | None = HUB, place: int | None = None) -> None:
    """Sixteen gatherings in a year; every second one brings a new recruit along, `hub` is at all of them."""
    days = t.builder.dates(16)
    for k, d in enumerate(days):
        known = RECRUITS[: 1 + k // 2]
        new, old = known[-1], known[:-1]
        present = {new, *t.builder.chance.sample(old, min(3, len(old)))}
        present |= {hub} if hub is not None else {t.builder.chance.choice(RECRUITS)}
        at = t.builder.day(d, t.builder.chance.randint(8, 17), t.builder.chance.randint(0, 59))
        t.builder.gathering(sorted(present), t.shops[3] if place is None else place, at)


def test_a_ring_that_grows_around_one_card_is_a_star(tmp_path: Path) -> None:
    t = town(1)
    growing(t)
    found = scanned(t.builder, tmp_path)
    assert best(found.of("recruitment"), [HUB, *RECRUITS]) >= 0.7
    ring = found.of("recruitment")[0].ring
    joined = [e for e in found.scan.evidence(ring) if e.kind == "joining"]
    assert all(HUB in e.members for e in joined)
    assert [e.at for e in joined] == sorted(e.at for e in joined if e.at)


def test_a_ring_whole_from_the_start_is_no_star(tmp_path: Path) -> None:
    t = town(2)
    for d in t.builder.dates(14):
        at = t.builder.day(d, t.builder.chance.randint(8, 17), t.builder.chance.randint(0, 59))
        present = [HUB, *t.builder.chance.sample(RECRUITS, 6)]
        t.builder.gathering(present, t.shops[3], at)
    found = scanned(t.builder, tmp_path)
    assert best(found.of("covisit"), [HUB, *RECRUITS]) >= 0.8
    assert not found.of("recruitment", "ABC")


def test_everybody_within_a_fortnight_is_no_star(tmp_path: Path) -> None:
    t = town(3)
    for k, d in enumerate([*range(40, 54, 2), *t.builder.dates(7, 80, 330)]):
        at = t.builder.day(d, t.builder.chance.randint(8, 17), t.builder.chance.randint(0, 59))
        t.builder.gathering([HUB, *RECRUITS[max(0, k - 3) : k + 2]][:8], t.shops[3], at)
    assert not scanned(t.builder, tmp_path).of("recruitment", "ABC")


def test_a_family_that_grows_is_no_ring(tmp_path: Path) -> None:
    t = town(4)
    for other in RECRUITS:
        t.builder.kin(HUB, other)
    growing(t)
    assert not scanned(t.builder, tmp_path).touching({HUB, *RECRUITS})


def test_new_residents_of_a_home_with_their_carer_are_no_ring(tmp_path: Path) -> None:
    t = town(5)
    t.builder.token("address", [HUB, *RECRUITS], "live_addr")
    growing(t, place=t.clinics[3])
    assert not scanned(t.builder, tmp_path).touching({HUB, *RECRUITS})


def test_the_label_alone_makes_no_ring(tmp_path: Path) -> None:
    t = town(6)
    growing(t)
    found = scanned(t.builder, tmp_path)
    assert all("covisit" in r.motifs for r in found.of("recruitment", "ABC"))


NEW = list(range(300, 312))


def brought(t: Town, hub: int, people: list[int], shop: int, days: list[int]) -> None:
    """Two at a time, these come to `shop` within ten minutes of the hub, and once more later, alone."""
    for k, d in enumerate(days):
        hour, minute = t.builder.chance.randint(9, 16), t.builder.chance.randint(0, 40)
        t.builder.visit(hub, shop, t.builder.day(d, hour, minute))
        for patient in people[2 * k : 2 * k + 2]:
            t.builder.visit(patient, shop, t.builder.day(d, hour, minute + 6))
            t.builder.visit(patient, shop, t.builder.day(d + 25, t.builder.chance.randint(9, 16)))


def newcomers(seed: int) -> tuple[Town, int]:
    """A town, and a shop of it that few use."""
    t = town(seed)
    shop = t.builder.add_places(1, "pharmacy")[0]
    for patient in range(500, 560):
        at = t.builder.chance.randrange(330)
        t.builder.visit(patient, shop, t.builder.day(at, t.builder.chance.randint(8, 17), 30))
    return t, shop


def test_a_card_beside_which_strangers_come_for_the_first_time_is_a_star(tmp_path: Path) -> None:
    t, shop = newcomers(7)
    brought(t, HUB, NEW, shop, list(range(40, 220, 30)))
    found = scanned(t.builder, tmp_path)
    assert best(found.of("recruitment", "B"), [HUB, *NEW]) >= 0.8
    assert shop in found.of("recruitment", "B")[0].places


def test_newcomers_all_of_one_week_are_no_star(tmp_path: Path) -> None:
    t, shop = newcomers(8)
    brought(t, HUB, NEW, shop, list(range(40, 46)))
    assert not scanned(t.builder, tmp_path).of("recruitment", "ABC")


def test_old_customers_beside_a_card_are_no_star(tmp_path: Path) -> None:
    t, shop = newcomers(9)
    for patient in NEW:
        t.builder.visit(patient, shop, t.builder.day(5, 8 + patient % 9, patient % 60))
    brought(t, HUB, NEW, shop, list(range(40, 220, 30)))
    assert not scanned(t.builder, tmp_path).of("recruitment", "ABC")


def test_new_residents_of_a_home_brought_by_its_carer_are_no_star(tmp_path: Path) -> None:
    t, shop = newcomers(10)
    t.builder.token("address", [*NEW, 320, 321], "live_addr")
    brought(t, HUB, NEW, shop, list(range(40, 220, 30)))
    assert not scanned(t.builder, tmp_path).touching({HUB, *NEW})


def regulars(t: Town, shop: int, days: list[int], again: int, company: int, beside: bool) -> None:
    """The hub is at `shop` on every third day or so; from each of `days` on `company` new people come beside it, `again` times more."""
    often = sorted({*days, *t.builder.chance.sample(range(364), 120)})
    at = {d: t.builder.chance.randint(9 * 60, 16 * 60) for d in often}
    for d, minute in at.items():
        t.builder.visit(HUB, shop, t.builder.day(d, minute // 60, minute % 60))
    for k, d in enumerate(days):
        later = t.builder.chance.sample([x for x in at if d < x < d + 120], again)
        for patient in NEW[company * k : company * (k + 1)]:
            for x in [d, *later]:
                minute = at[x] + t.builder.chance.randint(2, 8)
                if not beside:
                    minute = t.builder.chance.randint(9 * 60, 17 * 60)
                t.builder.visit(patient, shop, t.builder.day(x, minute // 60, minute % 60))


def test_newcomers_who_keep_coming_beside_a_daily_card_are_a_star(tmp_path: Path) -> None:
    t, shop = newcomers(11)
    regulars(t, shop, list(range(15, 15 + 18 * 12, 18)), again=4, company=1, beside=True)
    found = scanned(t.builder, tmp_path)
    assert best(found.of("recruitment", "B"), [HUB, *NEW]) >= 0.8


def test_newcomers_at_any_hour_of_a_daily_card_s_days_are_no_star(tmp_path: Path) -> None:
    t, shop = newcomers(12)
    regulars(t, shop, list(range(15, 15 + 18 * 12, 18)), again=4, company=1, beside=False)
    assert not scanned(t.builder, tmp_path).of("recruitment")


def test_newcomers_who_come_several_at_a_time_are_a_company_and_no_star(tmp_path: Path) -> None:
    t, shop = newcomers(13)
    regulars(t, shop, list(range(15, 15 + 54 * 4, 54)), again=6, company=3, beside=True)
    found = scanned(t.builder, tmp_path)
    assert all("covisit" in r.motifs for r in found.of("recruitment"))
