"""A second snapshot of a small world in which a few rows of each sort changed, and numbers moved."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from graph.ids import Prefix, blind_id
from graph.snapshot import Snapshot
from tests.factory import publish, table_of
from tests.factory_rows import SECRET, Rows

PATIENT_COLUMNS = {
    "patients": ("patient",),
    "setl_d": ("patient",),
    "fee_list_d": ("patient",),
    "psn_kin_d": ("patient", "kin"),
    "mnl_reim_d": ("patient",),
    "out_appy_evt_c": ("patient",),
}
NEW_PATIENT = blind_id(SECRET, Prefix.PATIENT, "P-new")
NEW_TOKEN = blind_id(SECRET, Prefix.TOKEN, "T-new")


def alter(workspace: Path, name: str = "t0002", without: Sequence[str] = ()) -> Path:
    """Publish t0001 altered as `name`: patients, places, staff, tokens and events came, changed, went.

    The last patient and all its rows are gone; those left are numbered in reverse, ids stay.
    """
    before = Snapshot(workspace / "tables" / "t0001")
    world = {
        table: pa.concat_tables(map(pq.read_table, before.files(table))).to_pylist()
        for table in before.tables
        if table not in without
    }
    for step in (_people, _events, _tokens):
        step(world)
    return publish(workspace, {table: table_of(table, rows) for table, rows in world.items()}, name)


def _people(world: dict[str, Rows]) -> None:
    gone = len(world["patients"]) - 1
    held = world["holds"]
    world["holds"] = [row for row in held if (row["owner_kind"], row["owner"]) != ("patient", gone)]
    for table, columns in PATIENT_COLUMNS.items():
        rows = [row for row in world.get(table, []) if gone not in [row[c] for c in columns]]
        for row in rows:
            row.update({column: _turned(row[column], gone) for column in columns})
        if table in world:
            world[table] = rows
    for row in world["holds"]:
        if row["owner_kind"] == "patient":
            row["owner"] = _turned(row["owner"], gone)
    for number in range(0, gone, 9):
        world["patients"][number].update(gend="9", die_date=date(2025, 6, 1), warn=1)
    world["patients"].append({**world["patients"][0], "patient": gone, "id": NEW_PATIENT})
    world["practitioners"][0]["profession"] = "nurse"
    world["practitioners"][3]["profession"] = None
    world["places"][1].update(name="改名医院", beds=None)
    world["places"][3]["parent"] = 0


def _turned(number: int | None, gone: int) -> int | None:
    return None if number is None else gone - 1 - number


def _events(world: dict[str, Rows]) -> None:
    visits = world["setl_d"]
    counted = [row for row in visits if row["counts"]]
    counted[5]["net_fund"] += 100
    counted[9]["begntime"] -= timedelta(days=300)
    place, new = counted[12]["place"], len(world["patients"]) - 1
    pair = (counted[20]["patient"], counted[20]["place"])
    visits[:] = [row for row in visits if (row["patient"], row["place"]) != pair]
    visits.append({**counted[12], "setl_id": "S99999", "patient": new, "place": place})
    if "prac_reg_d" in world:
        world["prac_reg_d"][0]["reg_stas"] = "撤销"
        last = world["prac_reg_d"][-1]["practitioner"]
        rows = [row for row in world["prac_reg_d"] if row["practitioner"] != last]
        known = {row["place"] for row in world["prac_reg_d"] if row["practitioner"] == last}
        place = min(row["place"] for row in world["places"] if row["place"] not in known)
        world["prac_reg_d"] = [*rows, {**rows[0], "practitioner": last, "place": place}]
    if "psn_kin_d" in world:
        world["psn_kin_d"][0]["relation"] = "父母"


def _tokens(world: dict[str, Rows]) -> None:
    last = len(world["tokens"]) - 1
    world["holds"] = [row for row in world["holds"] if row["token"] != last]
    world["tokens"][last].update(id=NEW_TOKEN, kind="phone", holders=1)
    owner = {"owner_kind": "patient", "owner": 0}
    world["holds"].append({**world["holds"][0], **owner, "token": last, "field": "tel"})
    world["tokens"][0]["holders"] += 1
