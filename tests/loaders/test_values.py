"""Values in every form an export writes them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graph.duck import connect
from loaders.convert import define_macros
from loaders.excel import open_workbook
from loaders.parquet_blocks import as_text
from loaders.source import national_sources
from tests.loaders.exports import (
    VISIT,
    fates,
    load,
    query,
    sealed,
    visit,
    write_csv,
    write_workbook,
)

MOMENT = datetime(2025, 3, 1, 9, 15, 0)


@pytest.fixture(scope="module")
def reading():
    with connect() as connection:
        define_macros(connection)

        def read(macro, text):
            return connection.execute(f"SELECT {macro}(?::VARCHAR)", [text]).fetchall()[0][0]

        yield read


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-03-01 09:15:00", MOMENT),
        ("20250301091500", MOMENT),
        ("20250301T091500", MOMENT),
        ("20250301 091500", MOMENT),
        ("20250301091500123", MOMENT),
        ("2025-03-01T09:15:00", MOMENT),
        ("2025-03-01T09:15:00.5", MOMENT.replace(microsecond=500_000)),
        ("2025-03-01 09:15:00.123456789", MOMENT.replace(microsecond=123_456)),
        ("2025-03-01T09:15:00+08:00", MOMENT),
        ("2025-03-01T09:15:00+0800", MOMENT),
        ("2025-03-01T01:15:00Z", MOMENT),
        ("2025-03-01T01:15:00.000Z", MOMENT),
        ("2025-02-28T20:15:00-05:00", MOMENT),
        ("2025-03-01 09:15", MOMENT),
        ("2025/3/1 9:15:00", MOMENT),
        ("2025/03/01 09:15", MOMENT),
        ("2025.3.1 9:15", MOMENT),
        ("20250301", datetime(2025, 3, 1)),
        ("2025-03-01", datetime(2025, 3, 1)),
        ("2025/3/1", datetime(2025, 3, 1)),
        ("2025-12-31", datetime(2025, 12, 31)),
        ("99991231", datetime(9999, 12, 31)),
        ("2025-02-30", None),
        ("2025-02-30 10:00:00", None),
        ("20250230", None),
        ("20251301", None),
        ("2025-13-01 00:00:00", None),
        ("20250301096000", None),
        ("2025-03-01 09:61:00", None),
        ("昨天", None),
        ("2025", None),
        ("202503", None),
        ("2025031", None),
        ("45717", None),
        ("infinity", None),
        ("epoch", None),
        ("0000-00-00", None),
        ("2025-03-01 09:15:00 BC", None),
        ("01/03/2025", None),
        ("12025-03-01", None),
    ],
)
def test_times(reading, text, moment):
    assert reading("full_time", text) == moment
    quick = reading("quick_time", text)
    assert quick is None or quick == moment
    assert reading("full_date", text) == (moment.date() if moment else None)
    quick = reading("quick_date", text)
    assert quick is None or (moment is not None and quick == moment.date())


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("102.30", 10230),
        ("102.3", 10230),
        ("102", 10200),
        ("-102.35", -10235),
        ("+5", 500),
        (".5", 50),
        ("5.", 500),
        ("0", 0),
        ("1,234.50", 123450),
        ("-12,345,678.9", -1234567890),
        ("102.345", 10235),
        ("102.344999", 10234),
        ("-0.005", -1),
        ("1.005", 101),
        ("102.3000", 10230),
        ("1e3", 100000),
        ("1.5E2", 15000),
        ("99999999999999.99", 9999999999999999),
        ("1e999", None),
        ("abc", None),
        ("12.3.4", None),
        ("--", None),
        ("1_000", None),
        ("0x10", None),
        ("1 000", None),
        ("nan", None),
        ("inf", None),
        ("12,34", None),
        ("1,2345.00", None),
        (".", None),
        ("", None),
        ("１２", None),
        ("9" * 30, None),
    ],
)
def test_money(reading, text, fen):
    assert reading("full_money", text) == fen
    quick = reading("quick_money", text)
    assert quick is None or quick == fen


@pytest.mark.parametrize(
    ("macro", "text", "value"),
    [
        ("full_number", "-3.25", -3.25),
        ("full_number", "1,000.5", 1000.5),
        ("full_number", "1e400", None),
        ("full_number", "x", None),
        ("full_whole", "12", 12),
        ("full_whole", "12.0", 12),
        ("full_whole", "12.5", None),
        ("full_whole", "99999999999", None),
        ("full_flag", "是", True),
        ("full_flag", "N", False),
        ("full_flag", "2", None),
        ("full_texts", "a; b；c;;", ["a", "b", "c"]),
        ("quick_texts", "abc", ["abc"]),
        ("quick_texts", "a;b", None),
    ],
)
def test_other_types(reading, macro, text, value):
    assert reading(macro, text) == value


@pytest.mark.parametrize("missing", ["", "NULL", "null", "\\N", "-", " ", "　", " NULL ", "\t-\t"])
def test_missing_values(tmp_path, missing):
    rows = [visit(1, endtime=missing, atddr_no=missing), visit(2, psn_no=missing)]
    write_csv(tmp_path / "in/setl_d.csv", rows)
    report = load(tmp_path / "in", tmp_path / "ws")
    assert fates(report) == (2, 1, 0, 1)
    assert report.reasons == {"missing:psn_no": 1}
    assert not +report.warnings
    assert query(tmp_path / "ws", "SELECT endtime, practitioner FROM setl_d") == [(None, None)]


def test_blanks_around_values_do_not_count(tmp_path):
    rows = [visit(1), visit(2, **{k: f" {v}　" for k, v in VISIT.items() if k != "setl_id" and v})]
    write_csv(tmp_path / "in/setl_d.csv", rows)
    load(tmp_path / "in", tmp_path / "ws")
    columns = "COLUMNS(* EXCLUDE (setl_id, mdtrt_id, line))"
    found = query(tmp_path / "ws", f"SELECT {columns} FROM setl_d")
    assert len(found) == 2
    assert found[0] == found[1]


def test_open_ends_are_no_ends(tmp_path):
    rows = [visit(1, endtime="99991231"), visit(2, endtime="9999-12-31 00:00:00")]
    write_csv(tmp_path / "in/setl_d.csv", rows)
    report = load(tmp_path / "in", tmp_path / "ws")
    assert not +report.warnings
    assert query(tmp_path / "ws", "SELECT endtime, warn FROM setl_d") == [(None, 0)] * 2


def test_a_file_of_odd_forms_only_is_read_like_any_other(tmp_path):
    rows = [
        visit(n, begntime="20250301090000", setl_time="2025-03-01T01:20:00Z", medfee_sumamt="+100")
        for n in range(50)
    ]
    write_csv(tmp_path / "a/setl_d.csv", rows)
    write_csv(tmp_path / "b/setl_d.csv", [visit(n) for n in range(50)])
    for name in "ab":
        assert fates(load(tmp_path / name, tmp_path / f"ws{name}")) == (50, 50, 0, 0)
    every = "FROM setl_d ORDER BY line"
    assert query(tmp_path / "wsa", every) == query(tmp_path / "wsb", every)


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (pa.array([102.3, 204.60000000000002, 5.0, 1e15, None, float("nan")]), ["102.3", "204.6", "5", "1000000000000000", None, None]),
        (pa.array([Decimal("102.30"), None]), ["102.30", None]),
        (pa.array([MOMENT, None], pa.timestamp("us")), ["2025-03-01 09:15:00", None]),
        (pa.array([MOMENT], pa.timestamp("ns")), ["2025-03-01 09:15:00"]),
        (pa.array([MOMENT.replace(microsecond=5)], pa.timestamp("us")), ["2025-03-01 09:15:00.000005"]),
        (pa.array([datetime(2025, 3, 1, 1, 15, tzinfo=UTC)], pa.timestamp("us", "UTC")), ["2025-03-01 09:15:00"]),
        (pa.array([date(2025, 3, 1)]), ["2025-03-01"]),
        (pa.array([11, None]), ["11", None]),
        (pa.array([True, False, None]), ["1", "0", None]),
        (pa.array(["a", None]).dictionary_encode(), ["a", None]),
        (pa.array(["a"], pa.large_string()), ["a"]),
        (pa.array([["8001", "8002"], None]), ["8001;8002", None]),
        (pa.array([None, None]), [None, None]),
        (pa.array([b"\xe5\xbc\xa0"]), ["张"]),
    ],
)  # fmt: skip
def test_parquet_values_as_text(column, texts):
    assert as_text(column).to_pylist() == texts


def test_typed_parquet_is_exact(tmp_path):
    columns = {
        **{name: [value] * 2 for name, value in VISIT.items()},
        "setl_id": ["S1", "S2"],
        "medfee_sumamt": [102.3, 0.1 + 0.2],
        "fund_pay_sumamt": [Decimal("70.01"), Decimal("0.30")],
        "begntime": [MOMENT, MOMENT],
        "refd_setl_flag": [0, 0],
        "med_type": [11, 9107],
    }
    (tmp_path / "in").mkdir()
    pq.write_table(pa.table(columns), tmp_path / "in/setl_d.parquet", row_group_size=1)
    report = load(tmp_path / "in", tmp_path / "ws")
    assert not +report.warnings
    assert query(tmp_path / "ws", "SELECT medfee, fund, begntime, med_type, line FROM setl_d") == [
        (10230, 7001, MOMENT, "11", 2),
        (30, 30, MOMENT, "9107", 3),
    ]


def test_excel_cells_as_text(tmp_path):
    heading = (
        ["病人登记表"],
        [],
        ["psn_no", "psn_name", "certno", "bankacct", "brdy", "tel", "gend", ""],
    )
    rows = [
        ["P1", "张三", "110101199003078890", "6222021234567890123", date(1990, 3, 7), 13912345678, 1, ""],
        [],
        [10023, "李四", None, 6222021234567890, datetime(1991, 1, 2), "-", 2.0, ""],
        [None, "无号", None, None, timedelta(hours=1), None, True, ""],
    ]  # fmt: skip
    write_workbook(tmp_path / "psn_info_b.xlsx", {"Sheet1": [*heading, *rows]})
    report = load(tmp_path, tmp_path / "ws")
    assert fates(report, "psn_info_b") == (3, 2, 0, 1)
    people = {p["psn_no"]: p for p in sealed(tmp_path / "ws", "people")}
    assert people["P1"]["bankacct"] == "6222021234567890123"
    assert people["P1"]["certno"] == "110101199003078890"
    assert people["P1"]["tel"] == "13912345678"
    assert people["10023"]["bankacct"] == "6222021234567890"
    assert people["10023"]["tel"] is None
    found = query(tmp_path / "ws", "SELECT birth_year, gend, line FROM patients ORDER BY line")
    assert found == [(1990, "1", 4), (1991, "2", 6)]


def test_a_sheet_without_the_tables_heading_is_no_table(tmp_path):
    book = write_workbook(tmp_path / "psn_info_b.xlsx", {"a": [["x", "y"], [1, 2]]})
    sheet = open_workbook(book, "psn_info_b.xlsx").open_sheet("a", national_sources()["psn_info_b"])
    assert sheet is None
