"""Rejected rows are kept as read, listed, exported, corrected and replayed."""

import csv
from datetime import timedelta

import pytest

from graph.snapshot import current_snapshot
from loaders.errors import BadCorrection, NothingToReplay
from loaders.quarantine import export_rejects, list_rejects
from loaders.replay import replay_rejects
from loaders.source import local_sources
from tests.loaders.exports import (
    NOW,
    PERSON,
    VISIT,
    fates,
    load,
    query,
    visit,
    write_csv,
    write_workbook,
)

LATER = NOW + timedelta(days=1)


@pytest.fixture
def workspace(tmp_path):
    rows = [
        visit(1),
        visit(2, medfee_sumamt="abc"),
        visit(3, psn_no=""),
        visit(4, begntime="2025-02-30 08:00:00"),
    ]
    file = write_csv(tmp_path / "in/setl_d.csv", rows)
    file.write_text(
        file.read_text() + "S5,short\n" + '"S6,' + ",".join(list(VISIT.values())[1:]) + "\n"
    )
    write_workbook(
        tmp_path / "in/master.xlsx",
        {"psn_info_b": [list(PERSON), ["", *list(PERSON.values())[1:]]]},
    )
    report = load(tmp_path / "in", tmp_path / "ws")
    assert fates(report) == (6, 1, 0, 5)
    assert report.to_json()["reasons"]["fields"] == 1
    return tmp_path / "ws"


def test_rejects_are_listed_as_read(workspace):
    rejects = list_rejects(workspace)
    assert [(r.file, r.sheet, r.line, r.table, r.reason) for r in rejects] == [
        ("master.xlsx", "psn_info_b", 2, "psn_info_b", "missing:psn_no"),
        ("setl_d.csv", None, 6, "setl_d", "fields"),
        ("setl_d.csv", None, 7, "setl_d", "quote"),
        ("setl_d.csv", None, 3, "setl_d", "unreadable:medfee_sumamt"),
        ("setl_d.csv", None, 4, "setl_d", "missing:psn_no"),
        ("setl_d.csv", None, 5, "setl_d", "unreadable:begntime"),
    ]
    by_line = {r.line: r for r in rejects if r.file == "setl_d.csv"}
    assert by_line[3].row == ",".join(visit(2, medfee_sumamt="abc").values())
    assert by_line[6].row == "S5,short"
    assert by_line[3].names == list(VISIT)
    assert [r.reason for r in list_rejects(workspace, reason="unreadable")] == [
        "unreadable:medfee_sumamt", "unreadable:begntime",
    ]  # fmt: skip
    assert len(list_rejects(workspace, table="psn_info_b")) == 1
    assert list_rejects(workspace, file="other.csv") == []


def test_nothing_reads_without_a_fix(workspace):
    before = current_snapshot(workspace).id
    report = replay_rejects(workspace, now=LATER)
    assert fates(report) == (5, 0, 0, 5)
    assert report.load is None
    assert current_snapshot(workspace).id == before
    assert len(list_rejects(workspace)) == 6


def test_a_corrected_export_is_taken_in(workspace, tmp_path):
    target = tmp_path / "rejects.csv"
    assert export_rejects(workspace, target, table="setl_d") == 5
    with target.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert lines[2]["row"] == ",".join(visit(2, medfee_sumamt="abc").values())
    lines[2]["row"] = lines[2]["row"].replace("abc", "88.00")
    lines[4]["row"] = lines[4]["row"].replace("2025-02-30", "2025-02-28")
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    report = replay_rejects(workspace, target, now=LATER)
    assert fates(report) == (5, 2, 0, 3)
    assert report.load == current_snapshot(workspace).id
    found = query(workspace, "SELECT setl_id, medfee, line, src FROM setl_d ORDER BY 1")
    source = found[0][3]
    assert found == [("S1", 10000, 2, source), ("S2", 8800, 3, source), ("S4", 10000, 5, source)]
    assert current_snapshot(workspace).manifest["sources"][source]["name"] == "setl_d.csv"
    assert sorted(r.line for r in list_rejects(workspace, table="setl_d")) == [4, 6, 7]
    replayed = [r for r in list_rejects(workspace, replayed=True) if r.replayed]
    assert {(r.line, r.replayed) for r in replayed} == {(3, report.load), (5, report.load)}
    assert "abc" in replayed[0].row
    with pytest.raises(BadCorrection):
        replay_rejects(workspace, target, now=LATER + timedelta(days=1))


def test_a_fixed_description_lets_them_in(workspace, tmp_path):
    from importlib.resources import files

    text = files("loaders.sources").joinpath("setl_d.toml").read_text("utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own/setl_d.toml").write_text(
        text.replace("psn_no = { mandatory = true }", "psn_no = {}"), "utf-8"
    )
    report = replay_rejects(workspace, now=LATER, sources=local_sources(tmp_path / "own"))
    assert fates(report) == (5, 1, 0, 4)
    assert query(workspace, "SELECT setl_id, patient FROM setl_d WHERE setl_id = 'S3'") == [
        ("S3", None)
    ]


def test_later_loads_keep_the_open_rejects(workspace, tmp_path):
    write_csv(tmp_path / "more/setl_d.csv", [visit(9), visit(10, psn_no="NULL")])
    load(tmp_path / "more", workspace, LATER)
    rejects = list_rejects(workspace)
    assert len(rejects) == 7
    assert [r.reject for r in rejects] == list(range(7))
    assert rejects[-1].row == ",".join(visit(10, psn_no="NULL").values())


def test_refusals(workspace, tmp_path):
    with pytest.raises(NothingToReplay):
        replay_rejects(tmp_path / "empty", now=NOW)
    with pytest.raises(NothingToReplay):
        replay_rejects(workspace, now=NOW, table="tip_d")
    (tmp_path / "odd.csv").write_text("a,b\n1,2\n")
    with pytest.raises(BadCorrection):
        replay_rejects(workspace, tmp_path / "odd.csv", now=NOW)
    with pytest.raises(BadCorrection):
        replay_rejects(workspace, tmp_path / "absent.csv", now=NOW)
    assert list_rejects(tmp_path / "empty") == []
