"""The snapshot contract in prose and in code, and reading a snapshot."""

import json
import re
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graph import schema
from graph.errors import NoSnapshot, NoTable, UnreadableSnapshot
from graph.snapshot import Snapshot, current_snapshot
from tests.factory import small_world

CONTRACT = Path(__file__).parents[2] / "docs" / "snapshot.md"
SAID = {
    "BOOLEAN": schema.FLAG,
    "DOUBLE": schema.REAL,
    "INTEGER": schema.WHOLE,
    "SMALLINT": pa.int16(),
    "TIMESTAMP": schema.TIME,
    "fen": schema.FEN,
    "VARCHAR[]": schema.TEXTS,
    "INTEGER[]": schema.KEYS,
}
KEY_NAMES = {
    *("patient", "place", "practitioner", "token", "kin", "parent", "operator", "agent"),
    *("agent_phone", "account", "presc_place"),
}


def implied_type(column: str, remark: str) -> pa.DataType:
    first = re.split(r"[,:;]", remark)[0].strip()
    if first in SAID:
        return SAID[first]
    if column in KEY_NAMES:
        return schema.KEY
    if column.endswith("date"):
        return schema.DAY
    return schema.TIME if column.endswith("time") else schema.TEXT


def described(heading: str) -> dict[str, dict[str, pa.DataType]]:
    """The tables under `## heading` of the contract: column to type, in order."""
    text = CONTRACT.read_text("utf-8").split(f"## {heading}")[1].split("\n## ")[0]
    tables = {}
    for name, cell in re.findall(r"^\| `(\w+)` \| (.*) \|$", text, re.MULTILINE):
        columns = re.findall(r"(\w+)(?: \(([^)]*)\))?(?:, |$)", cell)
        tables[name] = {column: implied_type(column, remark) for column, remark in columns}
    return tables


def spelled(tables: dict[str, schema.Table]) -> dict[str, list[tuple[str, pa.DataType]]]:
    return {name: list(table.columns.items()) for name, table in tables.items()}


ORIGIN = {"src": pa.int16(), "line": pa.int32(), "warn": pa.int32()}


@pytest.mark.parametrize(
    ("heading", "tables"),
    [
        ("Entity tables", schema.ENTITY_TABLES),
        ("Event tables", schema.EVENT_TABLES),
        ("Scan", schema.SCAN_TABLES),
    ],
)
def test_contract_and_schema_agree(heading, tables):
    said = described(heading)
    for name, columns in said.items():
        if heading != "Scan" and name not in ("tokens", "holds"):
            columns.update(ORIGIN)
    assert {name: list(columns.items()) for name, columns in said.items()} == spelled(tables)


def test_contract_and_warnings_agree():
    text = CONTRACT.read_text("utf-8").split("## Warnings")[1].split("\n## ")[0]
    said = {name: 1 << int(bit) for bit, name in re.findall(r"^\| (\d+) \| (\w+) \|", text, re.M)}
    assert said == schema.WARNINGS


def test_kinds_are_those_of_the_contract():
    text = CONTRACT.read_text("utf-8")
    assert f"kind ({'/'.join(schema.TokenKind)})" in text
    assert f"owner_kind ({'/'.join(schema.OwnerKind)})" in text
    assert f"profession ({'/'.join(schema.Profession)})" in text
    assert f"basis ({'/'.join(schema.Basis)})" in text
    assert f"grade ({'/'.join(schema.Grade)})" in text
    assert f"state ({'/'.join(schema.RingState)})" in text


def test_warnings_are_named_in_the_order_of_their_bits():
    bits = schema.WARNINGS["fund_over_total"] | schema.WARNINGS["certno_check"]
    assert schema.warnings_in(bits) == ("certno_check", "fund_over_total")
    assert schema.warnings_in(0) == ()


def test_reads_what_was_published(tmp_path):
    workspace = small_world(tmp_path)
    snapshot = current_snapshot(workspace)
    assert snapshot.id == (workspace / "CURRENT").read_text().strip()
    assert snapshot.has("setl_d")
    with snapshot.connect() as connection:
        for table, rows in snapshot.counts().items():
            found = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()
            assert found == (rows,)
            columns = connection.execute(f'SELECT * FROM "{table}" LIMIT 0').description
            assert [column[0] for column in columns] == list(schema.TABLES[table].columns)


def test_absent_table_is_absent(tmp_path):
    snapshot = current_snapshot(small_world(tmp_path, without=("psn_kin_d",)))
    assert not snapshot.has("psn_kin_d")
    assert "psn_kin_d" not in snapshot.tables
    with pytest.raises(NoTable, match="psn_kin_d"):
        snapshot.files("psn_kin_d")
    with pytest.raises(KeyError):
        snapshot.has("no_such_table")


def test_table_without_files_is_empty_not_absent(tmp_path):
    workspace = small_world(tmp_path)
    path = current_snapshot(workspace).path
    manifest = json.loads((path / "manifest.json").read_text())
    manifest["tables"]["tip_d"] = {"rows": 0, "files": [], "columns": []}
    (path / "manifest.json").write_text(json.dumps(manifest))
    snapshot = current_snapshot(workspace)
    assert snapshot.has("tip_d")
    with snapshot.connect() as connection:
        assert connection.execute("SELECT tip_id FROM tip_d").fetchall() == []


def test_several_files_are_one_table(tmp_path):
    workspace = small_world(tmp_path)
    snapshot = current_snapshot(workspace)
    whole = pq.read_table(snapshot.files("setl_d")[0])
    second = snapshot.path / "setl_d" / "it's more.parquet"
    pq.write_table(whole.slice(0, 3), second)
    manifest = snapshot.manifest
    manifest["tables"]["setl_d"]["files"].append("setl_d/it's more.parquet")
    (snapshot.path / "manifest.json").write_text(json.dumps(manifest))
    with current_snapshot(workspace).connect() as connection:
        found = connection.execute("SELECT count(*) FROM setl_d").fetchone()
    assert found == (whole.num_rows + 3,)


def test_connection_is_offline_and_limited(tmp_path):
    with current_snapshot(small_world(tmp_path)).connect(memory="300MB", threads=1) as connection:
        settings = dict(
            connection.execute(
                "SELECT name, value FROM duckdb_settings() WHERE name IN ('threads',"
                " 'autoinstall_known_extensions', 'autoload_known_extensions', 'temp_directory')"
            ).fetchall()
        )
    assert settings["threads"] == "1"
    assert settings["autoinstall_known_extensions"] == "false"
    assert settings["autoload_known_extensions"] == "false"
    assert settings["temp_directory"].startswith(str(tmp_path))


def test_spilling_needs_no_folder_made_before(tmp_path):
    workspace = small_world(tmp_path)
    shutil.rmtree(workspace / "tmp", ignore_errors=True)
    with current_snapshot(workspace).connect(memory="60MB", threads=1) as connection:
        rows = connection.execute(
            "SELECT count(*) FROM (SELECT i, i::VARCHAR || 'a long text' AS t FROM range(2000000) r(i) ORDER BY t)"
        ).fetchall()
    assert rows == [(2_000_000,)]
    assert not list((workspace / "tmp").iterdir())


def test_empty_workspace_says_what_to_do(tmp_path):
    with pytest.raises(NoSnapshot, match="load a folder of exports"):
        current_snapshot(tmp_path)


@pytest.mark.parametrize("name", ["", "../elsewhere", "gone"])
def test_current_pointing_nowhere(tmp_path, name):
    (tmp_path / "CURRENT").write_text(name)
    with pytest.raises(UnreadableSnapshot):
        current_snapshot(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 1}', '{"format": 0, "tables": {}}'])
def test_broken_manifest_is_named(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(UnreadableSnapshot) as caught:
        _ = Snapshot(tmp_path).manifest
    assert caught.value.path == tmp_path
