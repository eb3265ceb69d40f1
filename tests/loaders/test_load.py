"""A folder of exports becomes a snapshot: rows by fate, deltas, dry runs, refusals."""

import gzip
import json
from datetime import timedelta

import pytest

from graph.schema import TABLES, WARNINGS
from graph.snapshot import current_snapshot
from loaders.errors import BusyWorkspace, NoExports, NoFolder, UnreadableFile, WrongKeys
from loaders.load import load_folder
from loaders.publish import locked
from loaders.synthetic import write_world
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


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """A dirty world in every format, what was planted in it, and its load."""
    place = tmp_path_factory.mktemp("mixed")
    summary = write_world(place / "exports", visits=12_000, seed=3, layout="mixed")
    return summary, load(place / "exports", place / "workspace"), place / "workspace"


def test_every_row_of_a_dirty_folder_meets_its_fate(mixed):
    summary, report, _ = mixed
    for table, count in summary.tables.items():
        if count.rows:
            read = count.rows + count.superseded + count.broken
            assert fates(report, table) == (read, count.rows, count.superseded, count.broken), table


def test_the_snapshot_keeps_the_contract(mixed):
    _, report, workspace = mixed
    snapshot = current_snapshot(workspace)
    assert snapshot.id == report.load
    assert snapshot.manifest["report"]["tables"] == report.to_json()["tables"]
    for table in snapshot.tables:
        rows = query(workspace, f"SELECT count(*) FROM {table}")[0][0]
        assert rows == snapshot.counts()[table]
        found = query(workspace, f"SELECT column_name FROM (DESCRIBE {table})")
        assert [name for (name,) in found] == list(TABLES[table].columns)
    sources = snapshot.manifest["sources"]
    assert sum(s["rows"] for s in sources) == sum(t.read for t in report.tables.values())
    used = query(workspace, "SELECT DISTINCT src FROM setl_d")
    assert {sources[src]["table"] for (src,) in used} == {"setl_d"}


def test_every_key_points_at_an_entity(mixed):
    *_, workspace = mixed
    assert query(
        workspace,
        "SELECT count(*) FROM setl_d WHERE patient IS NULL OR place IS NULL "
        "OR patient NOT IN (SELECT patient FROM patients) OR place NOT IN (SELECT place FROM places)",
    ) == [(0,)]
    for table, key in (("patients", "patient"), ("places", "place"), ("tokens", "token")):
        count, least, most, ids = query(
            workspace, f"SELECT count(*), min({key}), max({key}), count(DISTINCT id) FROM {table}"
        )[0]
        assert (least, most, ids) == (0, count - 1, count)


def test_the_same_bytes_twice_change_nothing(tmp_path):
    write_csv(tmp_path / "in/setl_d.csv", [visit(1), visit(2)])
    first = load(tmp_path / "in", tmp_path / "ws")
    write_csv(tmp_path / "in/setl_d__copy.csv", [visit(1), visit(2)])
    again = load(tmp_path / "in", tmp_path / "ws", NOW + timedelta(days=1))
    assert again.load is None
    assert [s.file for s in again.skipped] == ["setl_d.csv", "setl_d__copy.csv"]
    assert again.tables == {}
    assert current_snapshot(tmp_path / "ws").id == first.load
    assert len(list((tmp_path / "ws/tables").iterdir())) == 1


def test_a_delta_adds_and_leaves_the_rest_alone(tmp_path):
    write_csv(tmp_path / "a/setl_d.csv", [visit(1), visit(2, psn_no="P2")])
    write_csv(tmp_path / "a/psn_info_b.csv", [PERSON])
    first = load(tmp_path / "a", tmp_path / "ws")
    before = dict(query(tmp_path / "ws", "SELECT id, patient FROM patients"))
    write_csv(tmp_path / "b/setl_d.csv", [visit(3, psn_no="P0"), visit(4)])
    second = load(tmp_path / "b", tmp_path / "ws", NOW + timedelta(days=1))
    assert fates(second) == (2, 2, 0, 0)
    assert query(tmp_path / "ws", "SELECT setl_id, patient FROM setl_d ORDER BY 1") == [
        ("S1", 0), ("S2", 1), ("S3", 2), ("S4", 0),
    ]  # fmt: skip
    after = dict(query(tmp_path / "ws", "SELECT id, patient FROM patients"))
    assert {id_: after[id_] for id_ in before} == before
    old = tmp_path / "ws/tables" / str(first.load) / "setl_d/part-00000.parquet"
    new = tmp_path / "ws/tables" / str(second.load) / "setl_d/part-00000.parquet"
    assert old.samefile(new)
    assert query(tmp_path / "ws", "SELECT known FROM patients ORDER BY patient") == [
        (True,), (False,), (False,),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("2025-03-01 10:00:00", "2025-03-02 10:00:00", "200"),
        ("2025-03-02 10:00:00", "2025-03-01 10:00:00", "100"),
        ("2025-03-01 10:00:00", "2025-03-01 10:00:00", "200"),
        ("", "", "200"),
        ("2025-03-01 10:00:00", "", "100"),
    ],
)
def test_the_newest_wins_within_a_load_and_over_loads(tmp_path, old, new, kept):
    one = visit(1, medfee_sumamt="100", updt_time=old)
    two = visit(1, medfee_sumamt="200", updt_time=new)
    for number, files in enumerate(({"a": [one, two]}, {"a": [one], "b": [two]}), start=1):
        for name, rows in files.items():
            write_csv(tmp_path / f"in{number}/setl_d__{name}.csv", rows)
        report = load(tmp_path / f"in{number}", tmp_path / f"ws{number}")
        assert fates(report) == (2, 1, 1, 0)
        assert query(tmp_path / f"ws{number}", "SELECT medfee FROM setl_d") == [(int(kept) * 100,)]
    write_csv(tmp_path / "first/setl_d.csv", [one])
    write_csv(tmp_path / "second/setl_d.csv", [two])
    load(tmp_path / "first", tmp_path / "ws")
    report = load(tmp_path / "second", tmp_path / "ws", NOW + timedelta(hours=1))
    assert fates(report) == ((1, 1, 0, 0) if kept == "200" else (1, 0, 1, 0))
    assert report.replaced == ({"setl_d": 1} if kept == "200" else {})
    assert query(tmp_path / "ws", "SELECT medfee FROM setl_d") == [(int(kept) * 100,)]


def test_a_table_without_a_key_is_never_deduplicated(tmp_path):
    write_csv(tmp_path / "in/setl_d.csv", [visit(1)])
    write_csv(tmp_path / "in/psn_kin_d.csv", [{"psn_no": "P1", "kin_psn_no": "P2"}] * 3)
    assert fates(load(tmp_path / "in", tmp_path / "ws"), "psn_kin_d") == (3, 3, 0, 0)


def test_masters_are_replaced_by_later_loads(tmp_path):
    write_csv(tmp_path / "a/setl_d.csv", [visit(1)])
    write_csv(tmp_path / "a/psn_info_b.csv", [PERSON, {**PERSON, "gend": "2"}])
    assert fates(load(tmp_path / "a", tmp_path / "ws"), "psn_info_b") == (2, 1, 1, 0)
    assert query(tmp_path / "ws", "SELECT gend, birth_year FROM patients") == [("2", 1990)]
    write_csv(tmp_path / "b/psn_info_b.csv", [{**PERSON, "gend": "9", "tel": "13700000001"}])
    load(tmp_path / "b", tmp_path / "ws", NOW + timedelta(days=1))
    assert query(tmp_path / "ws", "SELECT gend FROM patients") == [("9",)]
    held = "SELECT holders FROM tokens WHERE kind = 'phone' ORDER BY token"
    assert query(tmp_path / "ws", held) == [(0,), (1,)]


def test_a_dry_run_reports_and_publishes_nothing(tmp_path):
    write_csv(tmp_path / "in/setl_d.csv", [visit(1), visit(2, psn_no="")])
    report = load_folder(tmp_path / "in", tmp_path / "ws", now=NOW, dry_run=True)
    assert fates(report) == (2, 1, 0, 1)
    assert report.dry_run
    assert report.load is None
    assert not (tmp_path / "ws/CURRENT").exists()
    assert not (tmp_path / "ws/keys.json").exists()
    assert not list((tmp_path / "ws").rglob("*.parquet"))


def test_the_report_names_what_it_does_not_know(tmp_path):
    write_csv(tmp_path / "in/setl_d.csv", [visit(1, 备注="x"), visit(2, med_type="77", 备注="y")])
    (tmp_path / "in/说明.txt").write_text("no table", "utf-8")
    (tmp_path / "in/照片.png").write_bytes(b"\x89PNG")
    report = load(tmp_path / "in", tmp_path / "ws").to_json()
    assert report["unknown_columns"] == [{"file": "setl_d.csv", "column": "备注"}]
    assert report["unknown_values"] == [
        {"table": "setl_d", "column": "med_type", "value": "77", "rows": 1}
    ]
    assert report["not_tables"] == ["照片.png", "说明.txt"]
    absent = {a["table"]: a["switches_off"] for a in report["absent"]}
    assert "setl_d" not in absent
    assert all(absent.values())
    assert {"psn_info_b", "tip_d"} <= set(absent)
    assert (report["date_from"], report["date_to"]) == (
        "2025-03-01T09:00:00", "2025-03-01T09:20:00",
    )  # fmt: skip


def test_warnings_are_counted_and_kept_on_the_row(tmp_path):
    rows = [
        visit(1, endtime="2025-02-01 00:00:00"),
        visit(2, fund_pay_sumamt="100.01"),
        visit(3, endtime="昨天", medfee_sumamt="1,000.005"),
        visit(4, psn_no="P9"),
        visit(5, begntime="1890-01-01 00:00:00"),
    ]
    write_csv(tmp_path / "in/setl_d.csv", rows[:2] + rows[3:])
    third = {**rows[2], "medfee_sumamt": '"1,000.005"'}
    write_csv(tmp_path / "in/setl_d__quoted.csv", [third])
    write_csv(
        tmp_path / "in/psn_info_b.csv",
        [PERSON, {**PERSON, "psn_no": "P2", "certno": "11010119900307889"}],
    )
    report = load(tmp_path / "in", tmp_path / "ws")
    assert fates(report) == (5, 5, 0, 0)
    assert {k: v for k, v in report.warnings.items() if v} == {
        "end_before_begin": 1, "fund_over_total": 1, "unreadable_value": 1, "rounded_money": 1,
        "unknown_patient": 1, "implausible_date": 1, "certno_check": 1,
    }  # fmt: skip
    bits = dict(query(tmp_path / "ws", "SELECT setl_id, warn FROM setl_d"))
    assert bits == {
        "S1": WARNINGS["end_before_begin"],
        "S2": WARNINGS["fund_over_total"],
        "S3": WARNINGS["unreadable_value"],
        "S4": WARNINGS["unknown_patient"],
        "S5": WARNINGS["implausible_date"],
    }
    assert query(tmp_path / "ws", "SELECT medfee, endtime FROM setl_d WHERE setl_id = 'S3'") == [
        (100001, None)
    ]


def test_a_truncated_file_stops_the_load_and_is_named(tmp_path):
    write_csv(tmp_path / "a/setl_d.csv", [visit(1)])
    first = load(tmp_path / "a", tmp_path / "ws")
    write_csv(tmp_path / "b/setl_d__a.csv", [visit(2)])
    whole = gzip.compress(
        ("\n".join([",".join(VISIT), *(",".join(visit(n).values()) for n in range(5000))])).encode()
    )
    (tmp_path / "b/setl_d__b.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableFile, match=r"setl_d__b\.csv\.gz") as refused:
        load(tmp_path / "b", tmp_path / "ws", NOW + timedelta(days=1))
    assert refused.value.file == "setl_d__b.csv.gz"
    assert refused.value.advice
    assert current_snapshot(tmp_path / "ws").id == first.load
    assert query(tmp_path / "ws", "SELECT count(*) FROM setl_d") == [(1,)]
    assert [p.name for p in (tmp_path / "ws/tables").iterdir()] == [first.load]
    assert list((tmp_path / "ws/tmp").glob("load-*")) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("setl_d.parquet", b"PAR1 broken"),
        ("setl_d.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)),
        ("setl_d.xlsx", b"PK\x03\x04 cut short"),
        ("setl_d.csv", b"%PDF-1.7 not a table"),
        ("setl_d.csv", b"one,two,three\n1,2,3\n"),
        ("setl_d.csv", b"\n\n"),
        ("setl_d.csv.gz", b"\x1f\x8b\x08\x00 broken"),
        ("setl_d.csv", b"setl_id,psn_no\n" + b"\xff\x80" * 500),
    ],
)
def test_unreadable_files_publish_nothing(tmp_path, name, content):
    write_csv(tmp_path / "in/psn_info_b.csv", [PERSON])
    (tmp_path / "in" / name).write_bytes(content)
    with pytest.raises(UnreadableFile) as refused:
        load(tmp_path / "in", tmp_path / "ws")
    assert refused.value.file == name
    assert not (tmp_path / "ws/CURRENT").exists()


def test_sheets_belong_to_the_table_of_their_name(tmp_path):
    write_workbook(
        (tmp_path / "报送.xlsx"),
        {
            "setl_d": [list(VISIT), list(VISIT.values())],
            "PSN_KIN_D": [["psn_no", "kin_psn_no"], ["P1", "P2"], ["P1", None]],
            "封面": [["某市医保局"], ["2025"]],
        },
    )
    report = load(tmp_path, tmp_path / "ws")
    assert fates(report) == (1, 1, 0, 0)
    assert fates(report, "psn_kin_d") == (2, 1, 0, 1)
    assert report.not_tables == ["报送.xlsx[封面]"]


def test_refusals_say_what_to_do(tmp_path):
    with pytest.raises(NoFolder):
        load(tmp_path / "nowhere", tmp_path / "ws")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/note.txt").write_text("nothing")
    with pytest.raises(NoExports):
        load(tmp_path / "in", tmp_path / "ws")
    write_csv(tmp_path / "in/setl_d.csv", [visit(1)])
    with locked(tmp_path / "ws"), pytest.raises(BusyWorkspace):
        load(tmp_path / "in", tmp_path / "ws")
    load(tmp_path / "in", tmp_path / "ws")
    (tmp_path / "ws/keys.json").unlink()
    with pytest.raises(WrongKeys):
        load(tmp_path / "in", tmp_path / "ws", NOW + timedelta(days=1))


def test_the_report_is_json(mixed):
    _, report, _ = mixed
    assert json.loads(json.dumps(report.to_json()))["tables"]["setl_d"]["kept"] > 10_000


def test_notes_and_lock_files_never_stop_a_load(tmp_path):
    write_csv(tmp_path / "setl_d.csv", [visit(1)])
    for name in ("setl_d__说明.txt", "setl_d.md5", ".DS_Store", "~$setl_d.xlsx", "sub/截图.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes("只是说明".encode())
    write_csv(tmp_path / "sub/setl_d__2.txt", [visit(2)])
    report = load(tmp_path, tmp_path / "ws")
    assert fates(report) == (2, 2, 0, 0)
    assert sorted(report.not_tables) == [
        ".DS_Store", "setl_d.md5", "setl_d__说明.txt", "sub/截图.png", "~$setl_d.xlsx",
    ]  # fmt: skip
    again = load(tmp_path, tmp_path / "ws", NOW + timedelta(days=1))
    assert again.load is None
    assert len(again.skipped) == 2


def test_progress_is_told_as_it_goes(tmp_path):
    told = []

    class Watcher:
        def begin(self, files, total):
            told.append(("begin", files, total))

        def advance(self, file, rows, done, total):
            told.append((file, rows, done, total))

        def stage(self, name):
            told.append(name)

        def end(self):
            told.append("end")

    a = write_csv(tmp_path / "in/setl_d__a.csv", [visit(1), visit(2)]).stat().st_size
    b = write_csv(tmp_path / "in/setl_d__b.csv", [visit(3)]).stat().st_size
    load_folder(tmp_path / "in", tmp_path / "ws", now=NOW, progress=Watcher())
    assert told == [
        ("begin", 2, a + b),
        ("setl_d__a.csv", 2, a, a + b),
        ("setl_d__b.csv", 1, a + b, a + b),
        "dedupe", "entities", "tokens", "tables", "publish", "end",
    ]  # fmt: skip


def test_a_delta_over_an_office_without_staff_or_masters(tmp_path):
    """Settlements alone, signed by nobody: the next load finds no staff in the vault, and needs none."""
    folder, workspace = tmp_path / "exports", tmp_path / "w"
    folder.mkdir()
    for number in (1, 2):
        row = {name: value for name, value in visit(number).items() if "dr" not in name}
        write_csv(folder / f"setl_d__{number}.csv", [row])
        report = load(folder, workspace, NOW + timedelta(days=number))
        assert fates(report) == (1, 1, 0, 0)
    assert query(workspace, "SELECT count(*) FROM setl_d") == [(2,)]
