"""What goes wrong in real exports: rows sent twice, broken rows, false digits, local codes."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from loaders.synthetic.codes import Array, money

CORRECTED = dt.datetime(2026, 6, 1)  # noqa: DTZ001 - times are local and naive in this house


def sample(rng: np.random.Generator, count: int, share: float) -> Array:
    """Ascending row numbers, about a share of `count`, at least one if the share is positive."""
    wanted = min(count, max(1, round(count * share))) if share > 0 else 0
    return np.sort(rng.choice(count, wanted, replace=False))


def repeated(rng: np.random.Generator, table: pa.Table, share: float) -> tuple[pa.Table, int]:
    """The table with some of its rows standing twice, and how many."""
    rows = sample(rng, table.num_rows, share)
    return pa.concat_tables([table, table.take(pa.array(rows))]).combine_chunks(), len(rows)


def corrections(rng: np.random.Generator, table: pa.Table, share: float) -> pa.Table:
    """Rows of `setl_d` sent again, later and with another bill; the fund's part stays."""
    rows = sample(rng, table.num_rows, share)
    part = table.take(pa.array(rows))
    shift = rng.integers(1, 2_000, len(rows)) * np.where(
        np.array(pc.equal(part["refd_setl_flag"], "1")), -1, 1
    )
    for name in ("medfee_sumamt", "cash_payamt"):
        fen = np.array([round(float(v) * 100) for v in part[name].to_pylist()], dtype=np.int64)
        part = part.set_column(part.column_names.index(name), name, money(fen + shift))
    later = pa.array([CORRECTED.isoformat(sep=" ")] * len(rows), pa.string())
    return part.set_column(part.column_names.index("updt_time"), "updt_time", later)


def broken(
    rng: np.random.Generator,
    table: pa.Table,
    share: float,
    key: str,
    amount: str = "",
    time: str = "",
) -> list[list[str]]:
    """Copies of rows that a loader must refuse: no key, short of fields, or (where `amount` and
    `time` name mandatory columns) no number or no date."""
    if not table.num_rows:
        return []
    names = table.column_names
    faults = [(key, ""), ("", "")]
    faults += [(amount, "12.3.4")] if amount else []
    faults += [(time, "2025-13-45 10:00:00")] if time else []
    lines = []
    for row in sample(rng, table.num_rows, share).tolist():
        line = [table[name][row].as_py() for name in names]
        column, value = faults[int(rng.integers(len(faults)))]
        if column:
            line[names.index(column)] = value
        lines.append(line if column else line[: len(line) // 2])
    return lines


def bad_checks(rng: np.random.Generator, table: pa.Table, share: float) -> pa.Table:
    """Some identity numbers with a false check digit."""
    if share <= 0:
        return table
    spoiled = rng.random(table.num_rows) < share
    column = table["certno"]
    last = pc.utf8_slice_codeunits(column, 17)
    wrong = pc.if_else(pc.equal(last, "5"), "6", "5")
    changed = pc.binary_join_element_wise(pc.utf8_slice_codeunits(column, 0, 17), wrong, "")
    number = table.column_names.index("certno")
    return table.set_column(number, "certno", pc.if_else(pa.array(spoiled), changed, column))


def local_codes(rng: np.random.Generator, table: pa.Table, share: float) -> pa.Table:
    """Some practitioner codes replaced by a hospital's own number."""
    if share <= 0:
        return table
    column = table["atddr_no"]
    chosen = pa.array(rng.random(table.num_rows) < share)
    local = pc.utf8_slice_codeunits(column, 9, 13)
    replace = pc.and_(chosen, pc.not_equal(column, ""))
    number = table.column_names.index("atddr_no")
    return table.set_column(number, "atddr_no", pc.if_else(replace, local, column))
