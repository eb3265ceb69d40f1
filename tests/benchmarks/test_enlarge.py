"""A world many times over: nothing of one copy is joined to another."""

import json
from datetime import date
from pathlib import Path

from benchmarks.enlarge import enlarge
from graph.duck import Connection
from graph.snapshot import current_snapshot
from tests.graph.town import town


def crossing(con: Connection, table: str, value: str, size: int) -> tuple[int, int]:
    """How many different values `table` has, and how many of them stand in both copies; patients from `size` on are the second's."""
    rows = con.execute(
        f"SELECT count(*), count(*) FILTER (a AND b) FROM (SELECT bool_or(patient < {size}) AS a, "
        f"bool_or(patient >= {size}) AS b FROM (SELECT {value} AS value, patient FROM {table}) "
        "WHERE value IS NOT NULL GROUP BY value)"
    ).fetchall()
    return rows[0][0], rows[0][1]


def test_copies_share_neither_people_nor_codes_nor_receipts(tmp_path: Path) -> None:
    t = town(1)
    for n in range(20):
        t.builder.sale(f"8100000{n:06d}", t.patients[n], t.shops[0], t.builder.day(n))
        t.builder.receipt(
            t.patients[n], date(2025, 3, 1 + n), place_name="外地医院", invono=f"No{n:06d}"
        )
    source = t.builder.write(tmp_path / "one")
    (source / "keys.json").write_text(json.dumps({"id": "00"}), "utf-8")
    one = current_snapshot(source)
    two = current_snapshot(enlarge(source, tmp_path / "two", 2))
    assert two.counts() == {table: 2 * rows for table, rows in one.counts().items()}
    con = two.connect()
    size = one.counts()["patients"]
    assert crossing(con, "fee_list_d", "unnest(trace_codes)", size) == (40, 0)
    assert crossing(con, "mnl_reim_d", "invono", size) == (40, 0)
    assert crossing(con, "setl_d", "setl_id", size) == (2 * one.counts()["setl_d"], 0)
    assert crossing(con, "setl_d", "place", size)[1] == 0
    con.close()
