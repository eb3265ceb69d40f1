"""One world as each province's office holds it: its own places and people, and of the rest what clearing brings.

An office has every settlement at places of its area, with the card's name and number of whoever came. Of its own
people it has settlements elsewhere as cross-province clearing (异地就医费用清分) gives them: person, place, day and money,
without hour, doctor, diagnosis or operator. The directory of places is public by code, name and whereabouts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from loaders.synthetic.writing import write_csv

_CARD = ("psn_no", "psn_name", "psn_cert_type", "certno", "gend", "brdy", "insu_admdvs")
_CLEARED = (
    "setl_id", "mdtrt_id", "psn_no", "fixmedins_code", "med_type", "medfee_sumamt", "fund_pay_sumamt",
    "acct_pay", "acct_mulaid_pay", "cash_payamt", "refd_setl_flag", "init_setl_id", "insu_admdvs",
    "fix_blng_admdvs",
)  # fmt: skip
_CLEARED_TIMES = ("begntime", "endtime", "setl_time", "updt_time")
_DIRECTORY = (
    "fixmedins_code", "fixmedins_name", "fixmedins_type", "hosp_lv", "fix_blng_admdvs", "lnt", "lat",
)  # fmt: skip


def split_world(world: Path, prefix: str, target: Path) -> None:
    """Write the files of the office of `prefix` (11, 12, 13) to the new folder `target`, from a world's CSV files."""
    target.mkdir(parents=True)
    insured = _column("insu_admdvs", prefix)
    here = _column("fix_blng_admdvs", prefix)
    settlements = [_read(file) for file in sorted(world.glob("setl_d__*.csv"))]
    seen, bills = set(), set()
    for number, table in enumerate(settlements):
        own = table.filter(here(table))
        away = table.filter(pc.and_(insured(table), pc.invert(here(table))))
        seen |= set(own["psn_no"].to_pylist())
        bills |= set(own["setl_id"].to_pylist())
        both = pa.concat_tables([own, _cleared(away)]).combine_chunks()
        write_csv(target / f"setl_d__{number + 1:02d}.csv", both)
    people = _read(world / "psn_info_b.csv")
    strangers = people.filter(pc.and_(_among("psn_no", seen)(people), pc.invert(insured(people))))
    local = people.filter(insured(people))
    _write(target, "psn_info_b", [local, _only(strangers, _CARD)])
    places = _read(world / "fixmedins_b.csv")
    mine = places.filter(here(places))
    _write(target, "fixmedins_b", [mine, _only(places.filter(pc.invert(here(places))), _DIRECTORY)])
    _kept(world, target, "fee_list_d__*", _among("setl_id", bills))
    staffed = _among("fixmedins_code", set(mine["fixmedins_code"].to_pylist()))
    working = _kept(world, target, "prac_reg_d", staffed)["prac_psn_code"].to_pylist()
    _kept(world, target, "prac_psn_b", _among("prac_psn_code", set(working)))
    known = _among("psn_no", set(local["psn_no"].to_pylist()))
    for name in ("psn_kin_d", "mnl_reim_d", "out_appy_evt_c"):
        _kept(world, target, name, known)


Rows = Callable[[pa.Table], pa.Array]


def _column(name: str, prefix: str) -> Rows:
    return lambda table: pc.starts_with(table[name], prefix)


def _among(name: str, values: set[str]) -> Rows:
    wanted = pa.array(sorted(values), pa.string())
    return lambda table: pc.is_in(table[name], wanted)


def _kept(world: Path, target: Path, pattern: str, rows: Rows) -> pa.Table:
    tables = [_read(file) for file in sorted(world.glob(f"{pattern}.csv"))]
    return _write(
        target, pattern.removesuffix("__*"), [table.filter(rows(table)) for table in tables]
    )


def _write(target: Path, name: str, tables: Sequence[pa.Table]) -> pa.Table:
    table = pa.concat_tables(tables).combine_chunks()
    write_csv(target / f"{name}.csv", table)
    return table


def _cleared(table: pa.Table) -> pa.Table:
    """Days in place of times, and nothing that clearing does not carry."""
    bare = _only(table, (*_CLEARED, *_CLEARED_TIMES))
    for name in _CLEARED_TIMES:
        at = bare.column_names.index(name)
        days = pc.utf8_slice_codeunits(bare[name], 0, 10)
        bare = bare.set_column(at, name, pc.binary_join_element_wise(days, "00:00:00", " "))
    return bare


def _only(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """The table with every other column empty."""
    blank = pa.array([""] * table.num_rows, pa.string())
    return pa.table({n: table[n] if n in columns else blank for n in table.column_names})


def _read(file: Path) -> pa.Table:
    with file.open(encoding="utf-8") as opened:
        names = opened.readline().rstrip("\n").split(",")
    types = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
    )
    return pyarrow.csv.read_csv(file, convert_options=types)
