"""Dense blocks across layers: weak ties of several kinds add up; one kind, few households and innocent groups do not."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from tests.graph.found import best, scanned
from tests.graph.town import Town, town

RING = list(range(100, 108))

Plant = Callable[[Town, Sequence[int]], None]


def phones(t: Town, ring: Sequence[int]) -> None:
    """Two phones, each of three people: too few for a lead of their own."""
    t.builder.token("phone", ring[:3], "tel")
    t.builder.token("phone", ring[3:6], "tel")


def stays(t: Town, ring: Sequence[int]) -> None:
    """Two common stays of three people each, once each."""
    for k, three in enumerate((ring[2:5], ring[5:8])):
        start = t.builder.day(40 + 90 * k, 10)
        for patient in three:
            t.builder.visit(
                patient, t.hospitals[0], start, stay_until=start + timedelta(days=9), fund=400_000
            )


def codes(t: Town, ring: Sequence[int]) -> None:
    """Two trace codes sold again inside the ring."""
    for k, two in enumerate((ring[1:3], ring[6:8])):
        for patient, d in zip(two, t.builder.dates(2), strict=True):
            t.builder.sale(f"8100000000000000{k:04d}", patient, t.shops[0], t.builder.day(d, 10))


def meetings(t: Town, ring: Sequence[int]) -> None:
    """Pairs that meet three times, never more than two people at once."""
    for k in range(0, len(ring), 2):
        for d in t.builder.dates(3):
            hour, minute = t.builder.chance.randint(8, 16), t.builder.chance.randint(0, 50)
            t.builder.gathering(ring[k : k + 2], t.clinics[5], t.builder.day(d, hour, minute))


def one_account(t: Town, ring: Sequence[int]) -> None:
    """One bank account of everybody."""
    t.builder.token("account", ring, "bankacct")


def ring_town(seed: int, layers: Sequence[Plant], ring: Sequence[int] = RING) -> Town:
    """A town with ordinary stays and these layers planted among `ring`."""
    t = town(seed, stays=400)
    for layer in layers:
        layer(t, ring)
    return t


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_four_weak_layers_make_a_lead(tmp_path: Path, seed: int) -> None:
    found = scanned(ring_town(seed, (phones, stays, codes, meetings)).builder, tmp_path)
    assert best(found.of("dense_block"), RING) >= 0.8
    assert {r.motifs for r in found.touching(set(RING))} == {("dense_block",)}


def test_what_ties_them_is_shown_with_its_rows(tmp_path: Path) -> None:
    found = scanned(ring_town(1, (phones, stays, codes, meetings)).builder, tmp_path)
    ring = found.of("dense_block")[0]
    shown = found.scan.evidence(ring.ring)
    kinds = {e.kind for e in shown}
    assert {"token", "gathering", "sale", "summary"} <= kinds
    assert all(e.rows for e in shown if e.kind in ("gathering", "sale", "stay"))
    said = next(e for e in shown if e.kind == "summary")
    assert "4" in said.note_en
    assert "同现" in said.note_zh


@pytest.mark.parametrize("layer", [phones, stays, codes, meetings])
def test_one_layer_is_no_business_of_it(tmp_path: Path, layer: Plant) -> None:
    found = scanned(ring_town(4, (layer,)).builder, tmp_path)
    assert not found.of("dense_block", "ABC")


def test_a_shared_account_whose_holders_meet_says_more_than_the_account(tmp_path: Path) -> None:
    found = scanned(ring_town(5, (one_account, meetings)).builder, tmp_path)
    ring = next(r for r in found.of("dense_block") if r.patients >= set(RING))
    assert set(ring.motifs) == {"shared_token", "dense_block"}


def test_three_households_are_too_few(tmp_path: Path) -> None:
    t = ring_town(6, (phones, stays, codes, meetings), RING[:8])
    for k in (0, 1, 2, 3, 4):
        t.builder.kin(RING[k], RING[k + 1])
    assert not scanned(t.builder, tmp_path).of("dense_block", "ABC")


def colleagues(t: Town) -> None:
    t.builder.token("employer", RING, "emp_no")


def housemates(t: Town) -> None:
    home = [*RING, *range(200, 206)]
    t.builder.token("address", home, "live_addr")


def schoolmates(t: Town) -> None:
    for k in RING:
        t.builder.tables["patients"][k]["birth_year"] = 2012


@pytest.mark.parametrize("innocent", [colleagues, housemates, schoolmates])
def test_an_innocent_reason_keeps_it_below_grade_b(
    tmp_path: Path, innocent: Callable[[Town], None]
) -> None:
    t = ring_town(7, (phones, stays, codes, meetings))
    innocent(t)
    assert not scanned(t.builder, tmp_path).touching(set(RING))
