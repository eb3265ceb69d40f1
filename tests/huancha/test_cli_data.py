"""Exports in and rings out, as acceptance calls them: load, scan, rings, show, communities."""

import csv
import hashlib
import io
import re
import shutil

import pytest
from rich.cells import cell_len

from huancha.commands import output
from loaders.vault import open_vault

HEADING = "ring,rank,score,grade,motifs,entity,kind,role,core"
FATES = {"read", "kept", "superseded", "quarantined"}


def _rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def _tree(folder):
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "load.lock")
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_load_json_gives_every_rows_fate_and_nothing_else(call, office, tmp_path):
    got = call("load", office.exports, "--workspace", tmp_path / "w", "--json")
    assert got.code == 0
    report = got.json
    assert report["load"]
    for name, planted in office.summary["tables"].items():
        fates = report["tables"][name]
        assert set(fates) == FATES
        assert fates["read"] == fates["kept"] + fates["superseded"] + fates["quarantined"]
        assert (fates["kept"], fates["superseded"], fates["quarantined"]) == (
            planted["rows"],
            planted["superseded"],
            planted["broken"],
        )
    assert report["tables"]["setl_d"]["quarantined"] > 0
    assert all(isinstance(n, int) and n > 0 for n in report["warnings"].values())
    assert report["warnings"]
    assert "setl_d__2025-01.csv" in got.err


def test_load_for_people_prints_the_report_and_keeps_progress_apart(call, office, tmp_path):
    got = call("load", office.exports, "--workspace", tmp_path / "w", "--dry-run")
    assert got.code == 0
    assert re.search(r"setl_d +[\d,]+ +[\d,]+ +\d+ +\d+", got.out)
    assert "…" not in got.out.replace(" … ", "")
    assert "… dedupe" in got.err
    assert not (tmp_path / "w" / "CURRENT").exists()


def test_the_same_folder_again_changes_nothing(call, office, tmp_path):
    workspace = tmp_path / "w"
    call("load", office.exports, "--workspace", workspace)
    before = _tree(workspace)
    again = call("load", office.exports, "--workspace", workspace, "--json")
    assert again.code == 0
    assert again.json["load"] is None
    assert again.json["tables"] == {}
    named = {skipped["file"] for skipped in again.json["skipped"]}
    assert named == set(office.summary["files"]) - set(again.json["not_tables"])
    assert _tree(workspace) == before


def test_the_graph_is_written_as_files_for_the_servers_own_import(call, office, tmp_path):
    workspace, files = tmp_path / "w", tmp_path / "files"
    call("load", office.exports, "--workspace", workspace)
    got = call("load", "--graph-files", files, "--workspace", workspace, "--json")
    assert got.json["nodes"] > 0 < got.json["edges"]
    assert "neo4j-admin database import full neo4j @import.args" in got.err
    rows = sum(
        len(file.read_text("utf-8").splitlines())
        for file in files.glob("*.csv")
        if "header" not in file.name and file.name != "HuanchaGraph.csv"
    )
    assert rows == got.json["nodes"] + got.json["edges"]
    again = call("load", "--graph-files", files, "--workspace", workspace)
    assert again.code == 1
    assert "not empty" in again.err


def test_synth_json_tells_what_was_written(office):
    assert office.summary["rings"] > 0
    assert office.summary["look_alikes"] > 0
    assert {"setl_d", "psn_info_b", "fixmedins_b"} <= set(office.summary["tables"])
    assert all((office.exports / name).is_file() for name in office.summary["files"])


def test_csv_with_codes_is_the_contract(call, office):
    got = call("rings", "--workspace", office.workspace, "--format", "csv", "--codes")
    assert got.code == 0
    assert got.err == ""
    assert got.out.splitlines()[0] == HEADING
    rows = _rows(got.out)
    ranks = [int(row["rank"]) for row in rows]
    assert ranks[0] == 1
    assert ranks == sorted(ranks)
    assert set(ranks) == set(range(1, max(ranks) + 1))
    form = {"patient": r"P\d{9}", "facility": r"H\d{11}", "pharmacy": r"P\d{11}"}
    for row in rows:
        assert re.fullmatch(form.get(row["kind"], r"(D|HY|HJ|N)\d{12}"), row["entity"]), row
        assert row["grade"] in "ABC"
        assert row["core"] in "01"
        float(row["score"])
    codes = office.workspace / "CURRENT"
    known = open_vault(office.workspace, codes.read_text().strip()).table("people")["psn_no"]
    patients = {row["entity"] for row in rows if row["kind"] == "patient"}
    assert patients <= set(known.to_pylist())
    assert len({(r["ring"], r["entity"], r["role"]) for r in rows}) == len(rows)


def test_without_codes_only_blind_ids_appear(call, office):
    coded = _rows(call("rings", "--workspace", office.workspace, "--format", "csv", "--codes").out)
    blind = _rows(call("rings", "--workspace", office.workspace, "--format", "csv").out)
    assert len(blind) == len(coded)
    assert all(re.fullmatch(r"(pt|pr|fa|ph)_[a-z2-7]{20}", row["entity"]) for row in blind)
    assert [{**row, "entity": ""} for row in blind] == [{**row, "entity": ""} for row in coded]


def test_rings_json_says_what_the_csv_says(call, office):
    rows = _rows(call("rings", "--workspace", office.workspace, "--format", "csv").out)
    rings = call("rings", "--workspace", office.workspace, "--json").json
    listed = [
        (ring["ring"], str(ring["rank"]), m["entity"], m["role"], str(int(m["core"])))
        for ring in rings
        for m in ring["members"]
    ]
    assert listed == [(r["ring"], r["rank"], r["entity"], r["role"], r["core"]) for r in rows]
    assert all("key" not in member for ring in rings for member in ring["members"])
    first = call("rings", "--workspace", office.workspace, "--json", "--limit", 2).json
    assert first == rings[:2]


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_fits_and_never_cuts_an_id(call, office, monkeypatch, width):
    monkeypatch.setattr(output.stdout, "_width", width)
    rings = call("rings", "--workspace", office.workspace, "--json").json
    table = call("rings", "--workspace", office.workspace).out
    assert all(cell_len(line) <= width for line in table.splitlines())
    for ring in rings[:20]:
        assert ring["ring"] in table
        assert all(motif in table for motif in ring["motifs"])
    assert ("2025-" in table) == (width == 120)
    assert f"shown {min(20, len(rings))} of {len(rings)}" in table


def test_show_by_rank_and_by_id(call, office):
    ring = call("rings", "--workspace", office.workspace, "--json").json[0]
    by_rank = call("show", 1, "--workspace", office.workspace)
    assert by_rank == call("show", ring["ring"], "--workspace", office.workspace)
    assert ring["sentence_zh"] in by_rank.out
    assert ring["sentence_en"] in by_rank.out
    assert all(member["id"] in by_rank.out for member in ring["members"])


def test_show_json_holds_dated_evidence_without_machine_keys(call, office):
    shown = call("show", 1, "--workspace", office.workspace, "--json").json
    assert shown["rank"] == 1
    assert shown["evidence"]
    patients = {m["id"] for m in shown["members"] if m["kind"] == "patient"}
    dated = [item for item in shown["evidence"] if item["at"] is not None]
    assert dated
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", item["at"]) for item in dated)
    places = {item["place"] for item in shown["evidence"]} - {None}
    assert all(re.fullmatch(r"(fa|ph)_[a-z2-7]{20}", place) for place in places)
    people = {member for item in shown["evidence"] for member in item["members"]}
    assert all(re.fullmatch(r"pt_[a-z2-7]{20}", member) for member in people)
    assert patients & people
    coded = call("show", 1, "--workspace", office.workspace, "--json", "--codes").json
    assert all(
        re.fullmatch(r"P\d{9}", member) for item in coded["evidence"] for member in item["members"]
    )


def test_communities_are_the_pairs_of_the_scan(call, office):
    found = call("communities", "--workspace", office.workspace, "--json").json
    assert found
    sizes = [row["patients"] for row in found]
    assert sizes == sorted(sizes, reverse=True)
    members = [member for row in found for member in row["members"]]
    assert len(members) == len(set(members)) == sum(sizes)
    again = call("communities", "--workspace", office.workspace, "--json", "--limit", 1).json
    assert again == found[:1]
    table = call("communities", "--workspace", office.workspace, "--limit", 1)
    assert f"shown 1 of {len(found)}" in table.out


def test_scan_json_names_the_scan_that_is_then_the_latest(call, office, tmp_path):
    workspace = tmp_path / "w"
    call("load", office.exports, "--workspace", workspace)
    got = call("scan", "--workspace", workspace, "--json", "--seed", 5)
    assert got.code == 0
    said = got.json
    assert said["seed"] == 5
    assert said["counts"]["rings"] == len(call("rings", "--workspace", workspace, "--json").json)
    assert {stage["name"] for stage in said["stages"]} >= {"covisit", "assemble", "rank"}
    assert (workspace / "scans" / said["scan"] / "run.json").is_file()
    assert "… covisit" in got.err


def test_a_scan_with_decoys_tells_how_much_is_chance(call, office, tmp_path):
    workspace = shutil.copytree(office.workspace, tmp_path / "w")
    got = call("scan", "--workspace", workspace, "--decoys", "1")
    assert got.code == 0
    assert re.search(r"real / on decoys \(1\): A \d+ / \d+\.\d, B ", got.err)
    assert call("scan", "--workspace", workspace, "--decoys", "-1").code == 2
