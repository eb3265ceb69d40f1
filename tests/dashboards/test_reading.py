"""What the pages ask of the snapshot and the scan: filters, pages, one ring, its figures."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from dashboards.reading.dossier import Dossier, dossier
from dashboards.reading.ground import Month, figures, months, without_gaps
from dashboards.reading.ranked import (
    Filter,
    Sort,
    as_csv,
    choices,
    find_rings,
    people_in_rings,
    totals,
)
from graph.answered import Note, answered
from graph.results import EvidenceRow, Scan, latest_scan
from graph.snapshot import Snapshot, current_snapshot
from tests.dashboards.worlds import reported_world, scanned_world, staff_scan

Opened = tuple[Snapshot, Scan]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    workspace = scanned_world(tmp_path_factory.mktemp("reading"))
    return current_snapshot(workspace), latest_scan(workspace)


def first(opened: Opened) -> Dossier:
    snapshot, scan = opened
    found = dossier(snapshot, scan, scan.rings().items[0].ring)
    assert found is not None
    return found


def test_figures_agree_with_the_tables(opened: Opened) -> None:
    snapshot, _ = opened
    found = figures(snapshot)
    with snapshot.connect() as con:
        rows = con.execute("SELECT net_fund FROM setl_d WHERE counts").fetchall()
    assert (found.patients, found.facilities, found.pharmacies) == (30, 4, 1)
    assert found.visits == len(rows) == sum(month.visits for month in months(snapshot))
    assert found.fund == sum(fund for (fund,) in rows)
    assert found.fund == sum(month.fund for month in months(snapshot))


def test_months_without_visits_are_zero_not_missing() -> None:
    found = without_gaps([Month(date(2025, 11, 1), 2, 5), Month(date(2026, 2, 1), 1, 3)])
    assert [f"{month.month:%Y-%m}" for month in found] == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]
    assert [month.visits for month in found] == [2, 0, 0, 1]
    assert without_gaps([]) == []


def test_pages_cover_the_list_once(opened: Opened) -> None:
    pages = [find_rings(*opened, Filter(), offset=at, limit=2) for at in (0, 2, 4)]
    assert [page.total for page in pages] == [3, 3, 3]
    assert [ring.rank for page in pages for ring in page] == [1, 2, 3]


def test_filters_keep_what_they_name(opened: Opened) -> None:
    def ranks(wanted: Filter) -> list[int]:
        return [ring.rank for ring in find_rings(*opened, wanted, limit=None)]

    ring = opened[1].rings().items[1]
    place = choices(*opened).places[0]
    assert ranks(Filter(grades=("A", "C"))) == [1, 3]
    assert ranks(Filter(motifs=("shared_token",))) == [3]
    assert ranks(Filter(regions=("120101",))) == [3]
    assert ranks(Filter(places=(place.id,))) == [1, 2, 3]
    assert ranks(Filter(grades=("A",), motifs=("shared_token",))) == []
    assert ranks(Filter(text=ring.ring[-6:].upper())) == [2]
    assert ranks(Filter(text=place.name)) == [1, 2, 3]
    assert ranks(Filter(text=place.code.lower())) == [1, 2, 3]
    assert ranks(Filter(text="%' OR 1=1 --")) == []
    member = next(m.id for m in opened[1].members(ring.ring) if m.kind == "patient")
    expected = [r.rank for r in opened[1].rings_of(member)]
    assert ranks(Filter(text=member)) == expected
    assert ranks(Filter(text="a code of nobody", members=(member,))) == expected


def test_sorting_by_money_runs_down(opened: Opened) -> None:
    found = find_rings(*opened, Filter(sort=Sort.FUND), limit=None)
    money = [ring.fund for ring in found]
    assert money == sorted(money, reverse=True)


def test_choices_count_rings(opened: Opened) -> None:
    found = choices(*opened)
    assert found.total == 3
    assert found.grades == {"A": 1, "B": 1, "C": 1}
    assert found.motifs == {"card_bundle": 3, "shared_token": 1}
    assert found.regions == {"110105": 3, "120101": 1}
    assert found.places[0].rings == 3


def test_totals_count_people_once(opened: Opened) -> None:
    rings = opened[1].rings().items
    people = {m.id for r in rings for m in opened[1].members(r.ring) if m.kind == "patient"}
    found = totals(opened[1])
    assert (found.rings, found.patients) == (3, len(people))
    assert found.recoverable == sum(ring.recoverable for ring in rings)
    assert people < set(people_in_rings(opened[1]))


def test_the_export_holds_every_ring_and_no_formula(opened: Opened) -> None:
    rings = find_rings(*opened, Filter(), limit=None).items
    data = as_csv(rings)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["ring"] for row in rows] == [ring.ring for ring in rings]
    assert [float(row["fund"]) * 100 for row in rows] == pytest.approx([r.fund for r in rings])


def test_a_dossier_adds_up(opened: Opened) -> None:
    found = first(opened)
    assert sum(m.core for m in found.members if m.kind == "patient") == 3
    assert len(found.people) == found.all_people == 6
    assert found.visits.total == len(found.visits) == sum(use.use.visits for use in found.uses)
    named = {row.removeprefix("setl_d:") for entry in found.evidence for row in entry.rows}
    assert {visit.setl_id for visit in found.visits if visit.named} == named
    assert [use.in_ring for use in found.uses] == sorted(
        (u.in_ring for u in found.uses), reverse=True
    )
    assert all(0 <= use.share <= 1 for use in found.uses if use.share is not None)
    assert sum(month.visits for month in found.months) <= found.visits.total


def test_a_ring_without_patients_shows_the_visits_its_evidence_names(tmp_path: Path) -> None:
    workspace = reported_world(tmp_path)
    scan = staff_scan(workspace)
    found = dossier(current_snapshot(workspace), scan, scan.rings().items[0].ring)
    assert found is not None
    assert found.without_patients
    named = {row.removeprefix("setl_d:") for row in found.evidence[0].rows}
    assert {visit.setl_id for visit in found.visits} == named
    assert {visit.patient for visit in found.visits} == set(found.people)
    assert sum(use.visits for (who, _), use in found.billed.items() if who == 0) == len(named)
    assert found.work[0].visits == len(named)
    assert all(use.in_ring for use in found.uses)


def test_a_ring_of_another_scan_is_not_there(opened: Opened) -> None:
    assert dossier(*opened, "rg_nosuchring") is None


def test_answers_to_innocent_explanations_are_read() -> None:
    def entry(kind: str, note: str) -> EvidenceRow:
        return EvidenceRow("rg", 1, "covisit", kind, None, None, None, (), (), 0, note, note)

    told = "household|ruled_out|share=0.2, groups=6"
    found = answered(
        [entry("gathering", "x|y|z=1"), entry("explanation", told), entry("explanation", told)],
        Note.EXPLANATION,
    )
    assert [(one.name, one.outcome) for one in found] == [("household", "ruled_out")]
    assert found[0].figures == (("share", "0.2"), ("groups", "6"))
    assert found[0].figure("groups") == "6"
    assert answered([entry("minimal", "odd")], Note.MINIMAL)[0].name == "odd"
    assert answered([entry("minimal", "odd")], Note.COUNTER) == ()
