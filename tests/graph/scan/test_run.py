"""The scan as a whole: the same bytes each time, whatever tables there are, each row's money once."""

import shutil
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from graph.motifs import MOTIFS
from graph.results import Scan
from graph.scan.candidates import Candidate
from graph.scan.run import run_scan
from graph.scan.world import World
from graph.schema import SCAN_TABLES
from tests.graph.found import NOW, Scanned, scan_of, scanned
from tests.graph.town import Town, town
from tests.graph.worlds import WorldBuilder

POOL = list(range(100, 109))


def busy_town(seed: int = 1) -> Town:
    """A town with a pool of cards, a shared account, a receipt mill and a doctor in two places."""
    t = town(seed, patients=700)
    b = t.builder
    for d in b.dates(12):
        at = b.day(d, b.chance.randint(8, 18), b.chance.randint(0, 59))
        b.gathering(b.chance.sample(POOL, 7), t.shops[3], at)
    b.token("account", range(200, 208), "bankacct")
    agent = b.token("certno", [], "agnter_certno")
    for patient in range(300, 309):
        b.receipt(patient, b.day(patient - 280).date(), agent=agent)
    doctor = b.add_practitioners(1, t.clinics[0])[0]
    far = b.add_places(1, lnt=120.85)[0]
    for d in b.dates(9):
        b.visit(400 + d % 7, t.clinics[0], b.day(d, 10, 0), doctor)
        b.visit(410 + d % 7, far, b.day(d, 10, 10), doctor)
    return t


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    return scanned(busy_town().builder, tmp_path_factory.mktemp("busy"))


def files(scan: Scan) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in scan.path.iterdir() if path.suffix != ".json"}


def test_scanning_twice_gives_the_same_bytes(found: Scanned, tmp_path: Path) -> None:
    again = tmp_path / "workspace"
    shutil.copytree(found.workspace, again)
    shutil.rmtree(again / "scans")
    first, second = files(found.scan), files(scan_of(again).scan)
    assert set(first) == {f"{name}.parquet" for name in SCAN_TABLES}
    assert first == second


def test_the_run_tells_what_was_done(found: Scanned) -> None:
    run = found.scan.run
    assert run.started == NOW
    assert run.counts["rings"] == len(found.rings)
    assert {"covisit", "assemble", "rank", "evidence"} <= {stage.name for stage in run.stages}
    assert run.parameters["window"] > 0
    assert "trace_loop" not in {stage.name for stage in run.stages}  # there are no fee lines


def test_rings_are_numbered_and_grades_descend(found: Scanned) -> None:
    assert [ring.rank for ring in found.rings] == list(range(1, len(found.rings) + 1))
    assert [ring.grade for ring in found.rings] == sorted(ring.grade for ring in found.rings)
    assert len({ring.ring for ring in found.rings}) == len(found.rings) >= 4


def test_members_of_a_ring_stand_once_and_exist(found: Scanned) -> None:
    sizes = {"patient": 700, "practitioner": 43, "facility": 27, "pharmacy": 27}
    members = pq.read_table(found.scan.file("members")).to_pylist()
    assert len({(m["ring"], m["kind"], m["key"]) for m in members}) == len(members)
    assert all(0 <= m["key"] < sizes[m["kind"]] for m in members)
    assert {m["ring"] for m in members} == {ring.ring for ring in found.rings}
    for ring in found.rings:
        if ring.patients:
            core = [m for m in members if m["ring"] == ring.ring and m["core"]]
            assert core


def test_pairs_are_ordered_and_improbable(found: Scanned) -> None:
    pairs = found.scan.pairs.to_pylist()
    assert [(p["a"], p["b"]) for p in pairs] == sorted({(p["a"], p["b"]) for p in pairs})
    assert all(p["a"] < p["b"] and p["observed"] > p["expected"] and p["p"] < 0.05 for p in pairs)
    assert {(100, 101), (107, 108)} <= {(p["a"], p["b"]) for p in pairs}


def test_settlements_and_their_entities_are_enough(tmp_path: Path) -> None:
    only = ("patients", "places", "practitioners", "setl_d")
    found = scanned(busy_town().builder, tmp_path, only)
    assert found.of("covisit")


def test_not_even_practitioners_are_needed(tmp_path: Path) -> None:
    assert scanned(busy_town().builder, tmp_path, ("patients", "places", "setl_d")).of("covisit")


def test_a_single_visit_holds_no_rings(tmp_path: Path) -> None:
    builder = WorldBuilder()
    builder.visit(builder.add_patients(1)[0], builder.add_places(1)[0], builder.day(3))
    assert not scanned(builder, tmp_path).rings


def test_rows_of_two_rings_are_paid_once(tmp_path: Path) -> None:
    """A pool of cards used under the code that replaced a suspended doctor: two rings, the same bills."""
    t = town(2, patients=700)
    b = t.builder
    doctor, other = b.add_practitioners(2, t.clinics[3])
    for code, first, last in ((doctor, 10, 170), (other, 176, 330)):
        for d in b.dates(14, first, last):
            at = b.day(d, b.chance.randint(8, 17), b.chance.randrange(60))
            b.gathering(b.chance.sample(POOL, 7), t.clinics[3], at, practitioner=code)
    b.suspension(doctor, t.clinics[3], b.day(175).date())
    found = scanned(b, tmp_path)
    assert found.of("covisit")
    assert found.of("substitution")
    rings = found.scan.rings(limit=None).items
    cited = {row for ring in rings for e in found.scan.evidence(ring.ring) for row in e.rows}
    fund = {f"setl_d:{visit['setl_id']}": visit["net_fund"] for visit in b.tables["setl_d"]}
    assert sum(ring.recoverable for ring in rings) <= sum(fund.get(row, 20_000) for row in cited)
    assert sum(ring.fund for ring in rings) > sum(ring.recoverable for ring in rings)


@pytest.mark.parametrize("beside", [True, False])
def test_a_motif_that_fails_ends_the_scan_and_publishes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beside: bool
) -> None:
    workspace = busy_town().builder.write(tmp_path)

    def broken(_: World) -> list[Candidate]:
        raise ZeroDivisionError

    failing = [replace(m, detect=broken) if m.on_covisits != beside else m for m in MOTIFS]
    monkeypatch.setattr("graph.scan.run.MOTIFS", failing)
    with pytest.raises(ZeroDivisionError):
        run_scan(workspace, seed=1, now=NOW)
    assert not list((workspace / "scans").glob("*/run.json"))
