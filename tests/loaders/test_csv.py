"""CSV in every form: no row is lost, whatever stands in it."""

import gzip
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loaders.csv_blocks import open_csv
from loaders.csv_exact import split_exactly
from loaders.source import national_sources
from tests.loaders.exports import PERSON, VISIT, csv_text, fates, load, query, sealed, visit

KIN = national_sources()["psn_kin_d"]
FIELD = st.text(st.sampled_from("AZ09 ,\t\"'\\;张三　-\u3000"), max_size=6)
MESS = st.lists(
    st.one_of(
        st.tuples(FIELD, FIELD, FIELD).map(",".join),
        st.sampled_from(["P1,P2,子女", '"P1","P2","子\n女"', '"P1,P2,x', "P1", "", ",,", 'P1,P"2,x', "\r", "P1,P2,x,y", '"P1","P2"z,x']),
    ),
    max_size=12,
)  # fmt: skip


def read(path, size):
    opened = open_csv(path, path.name, KIN, None, size)
    rows, bad, read = [], [], 0
    for block in opened.blocks:
        read += block.read
        rows += block.rows.to_pylist()
        bad += block.bad
    return rows, bad, read


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(MESS, st.sampled_from(["\n", "\r\n"]), st.sampled_from([16, 64, 1 << 20]), st.booleans())
def test_every_line_is_accounted_for(tmp_path, lines, end, size, ended):
    text = end.join(["psn_no,kin_psn_no,relation", *lines]) + (end if ended else "")
    file = tmp_path / "psn_kin_d.csv"
    file.write_bytes(text.encode())
    physical = text.split("\n")
    if not physical[-1]:
        physical.pop()
    rows, bad, count = read(file, size)
    assert count == len(rows) + len(bad)
    used = [row["line"] for row in rows] + [b.line for b in bad]
    assert len(set(used)) == len(used)
    assert all(2 <= line <= len(physical) for line in used)
    blank = {n for n, line in enumerate(physical, 1) if not line.removesuffix("\r")}
    assert not blank & set(used)
    # Lines that are in no row of their own can only lie inside a quoted field.
    inside = set(range(2, len(physical) + 1)) - blank - set(used)
    if not any('"' in line for line in physical):
        assert not inside


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(MESS, st.sampled_from(["utf-8", "gb18030", "utf-8-sig", "utf-16"]))
def test_read_is_kept_plus_superseded_plus_quarantined(tmp_path_factory, lines, encoding):
    place = tmp_path_factory.mktemp("mess")
    (place / "in").mkdir()
    text = "\n".join(["psn_no,kin_psn_no,relation", *lines])
    (place / "in/psn_kin_d.csv").write_bytes(text.encode(encoding))
    (place / "in/psn_info_b.csv").write_bytes(
        text.replace("kin_psn_no", "psn_name").encode(encoding)
    )
    report = load(place / "in", place / "ws")
    for table in ("psn_kin_d", "psn_info_b"):
        total, kept, superseded, quarantined = fates(report, table)
        assert total == kept + superseded + quarantined
    rows = query(place / "ws", "SELECT count(*) FROM psn_kin_d")[0][0]
    assert rows == report.tables["psn_kin_d"].kept
    known = query(place / "ws", "SELECT count(*) FROM patients WHERE known")[0][0]
    assert known == report.tables["psn_info_b"].kept


def test_the_two_ways_of_splitting_agree(tmp_path):
    chance = random.Random(5)
    lines = []
    for n in range(400):
        row = [
            f"P{n}",
            chance.choice(["P1", "", "NULL", " P2 ", "\u3000P3"]),
            chance.choice(["子女", '"配,偶"', "-"]),
        ]
        lines.append(",".join(row if chance.random() < 0.95 else row[:2]))
    text = "psn_no,kin_psn_no,relation\n" + "\n".join(lines) + "\n"
    (tmp_path / "a.csv").write_text(text)
    plain = read(tmp_path / "a.csv", 1 << 20)
    unquoted = text.replace('"配,偶"', "配偶")
    (tmp_path / "b.csv").write_text(unquoted)
    fast = read(tmp_path / "b.csv", 1 << 20)
    (tmp_path / "c.csv").write_text(unquoted + "\n\n")
    exact = read(tmp_path / "c.csv", 1 << 20)
    assert fast == exact
    assert [r["line"] for r in plain[0]] == [r["line"] for r in fast[0]]
    assert [b.line for b in plain[1]] == [b.line for b in fast[1]]
    assert {r["c1"] for r in fast[0]} == {"P1", None, "P2", "P3"}


def test_many_broken_lines_are_found_by_counting(tmp_path):
    lines = [f"P{n},P{n + 1},x" if n % 3 else f"P{n},same" for n in range(600)]
    (tmp_path / "a.csv").write_text("psn_no,kin_psn_no,relation\n" + "\n".join(lines))
    rows, bad, count = read(tmp_path / "a.csv", 1 << 20)
    assert count == 600
    assert [b.line for b in bad] == [n + 2 for n in range(0, 600, 3)]
    assert bad[1].text == "P3,same"
    assert [r["line"] for r in rows] == [n + 2 for n in range(600) if n % 3]


def test_equal_broken_lines_each_have_their_own_number(tmp_path):
    (tmp_path / "a.csv").write_text("psn_no,kin_psn_no,relation\nP1\nP1,P2,x\nP1\nxP1\n")
    _, bad, _ = read(tmp_path / "a.csv", 1 << 20)
    assert [(b.line, b.text) for b in bad] == [(2, "P1"), (4, "P1"), (5, "xP1")]


def test_an_open_quote_costs_one_row():
    lines = ['1,"a,x', "2,b,y", "3,c,z", '4,"d', 'e",w', "5,f,v"]
    found = split_exactly(lines, 2, ",", 3, last=True)
    assert [row[0] for row in found.rows] == ["2", "3", "4", "5"]
    assert found.rows[2] == ["4", "d\ne", "w"]
    assert found.lines == [3, 4, 5, 7]
    assert [(b.line, b.reason, b.text) for b in found.bad] == [(2, "quote", '1,"a,x')]


def test_two_open_quotes_do_not_swallow_what_is_between():
    lines = ['1,"a,x', "2,b,y", '3,"c,z', "4,d,w"]
    found = split_exactly(lines, 1, ",", 3, last=True)
    assert [row[0] for row in found.rows] == ["2", "4"]
    assert [b.line for b in found.bad] == [1, 3]


@pytest.mark.parametrize("size", [200, 1000, 1 << 20])
def test_quoted_line_ends_over_block_boundaries(tmp_path, size):
    lines = [f'P{n},P{n + 1},"第\n{n}\n行"' for n in range(50)]
    (tmp_path / "a.csv").write_text("psn_no,kin_psn_no,relation\n" + "\n".join(lines) + "\n")
    rows, bad, _ = read(tmp_path / "a.csv", size)
    assert bad == []
    assert [r["c2"] for r in rows] == [f"第\n{n}\n行" for n in range(50)]
    assert [r["line"] for r in rows] == [2 + 3 * n for n in range(50)]


def test_gb18030_is_found_out_beyond_the_first_megabyte(tmp_path):
    rare = "\U00020087\U0002a700"  # four bytes each
    rows = [{**PERSON, "psn_no": f"P{n}", "psn_name": "A", "live_addr": "B"} for n in range(40_000)]
    rows[30_000] |= {"psn_name": f"张{rare}", "live_addr": "朝阳区㐀街"}
    content = csv_text(rows).encode("gb18030")
    assert content.index("张".encode("gb18030")) > 1 << 20
    (tmp_path / "in").mkdir()
    (tmp_path / "in/psn_info_b.csv.gz").write_bytes(gzip.compress(content, 1))
    report = load(tmp_path / "in", tmp_path / "ws")
    assert fates(report, "psn_info_b") == (40_000, 40_000, 0, 0)
    found = [p for p in sealed(tmp_path / "ws", "people") if p["name"] != "A"]
    assert [(p["psn_no"], p["name"], p["live_addr"]) for p in found] == [
        ("P30000", f"张{rare}", "朝阳区㐀街")
    ]


def test_a_damaged_byte_costs_its_row_only(tmp_path):
    rows = [{**PERSON, "psn_no": f"P{n}", "psn_name": "欧阳修远"} for n in range(200)]
    content = csv_text(rows).encode().replace(b"P77,\xe6\xac\xa7", b"P77,\xe6\xac")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/psn_info_b.csv").write_bytes(content)
    report = load(tmp_path / "in", tmp_path / "ws")
    assert fates(report, "psn_info_b") == (200, 199, 0, 1)
    assert report.reasons == {"undecodable": 1}
    assert {p["name"] for p in sealed(tmp_path / "ws", "people")} == {"欧阳修远"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_headings_delimiters_and_encodings(tmp_path, encoding, delimiter, end):
    rows = [visit(n, dscg_maindiag_code="高血压") for n in range(3)]
    rows = [{k.upper(): v for k, v in reversed(row.items())} for row in rows]
    text = csv_text(rows, delimiter).replace("ATDDR_NO", " BILG_DR_CODG ").replace("\n", end)
    (tmp_path / "in").mkdir()
    (tmp_path / "in/SETL_D.csv").write_bytes(text.encode(encoding))
    report = load(tmp_path / "in", tmp_path / "ws")
    assert fates(report) == (3, 3, 0, 0)
    assert report.unknown_columns == []
    assert query(tmp_path / "ws", "SELECT DISTINCT diag, practitioner, medfee FROM setl_d") == [
        ("高血压", 0, 10000)
    ]


def test_a_file_that_is_a_heading_only_is_an_empty_table(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/setl_d.csv").write_text(",".join(VISIT))
    report = load(tmp_path / "in", tmp_path / "ws")
    assert fates(report) == (0, 0, 0, 0)
    assert query(tmp_path / "ws", "SELECT count(*) FROM setl_d") == [(0,)]
