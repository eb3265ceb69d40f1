"""How a call behaves: workspace, exit codes, errors in one sentence, help, quarantine, signals."""

import csv
import errno
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from huancha.commands.run import explained
from tests.huancha.signals import heed_ctrl_c

HUANCHA = Path(sys.executable).with_name("huancha")


def _broken_keys(workspace):
    (workspace / "keys.json").write_text("{")


def _no_keys(workspace):
    (workspace / "keys.json").unlink()


def test_the_workspace_may_stand_before_or_after_the_command_or_in_the_environment(
    call, office, monkeypatch, tmp_path
):
    expected = call("rings", "--workspace", office.workspace, "--format", "csv")
    assert expected.code == 0
    assert call("--workspace", office.workspace, "rings", "--format", "csv") == expected
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(office.workspace))
    assert call("rings", "--format", "csv") == expected
    assert call("rings", "--workspace", tmp_path / "none").code == 1
    assert call("--workspace", tmp_path / "none", "rings").code == 1
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(tmp_path / "none"))
    assert call("rings", "--workspace", office.workspace, "--format", "csv") == expected
    before = ("--workspace", tmp_path / "none")
    assert call(*before, "rings", "--workspace", office.workspace, "--format", "csv") == expected


def test_the_quarantine_takes_the_workspace_in_every_position(call, office, monkeypatch):
    expected = call("quarantine", "list", "--workspace", office.workspace, "--json")
    assert expected.json
    assert call("quarantine", "--workspace", office.workspace, "list", "--json") == expected
    assert call("--workspace", office.workspace, "quarantine", "list", "--json") == expected
    assert call("quarantine", "--workspace", office.workspace, "--json") == expected
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(office.workspace))
    assert call("quarantine", "--json") == expected


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("scan",), 1, "holds no snapshot: load"),
        (("rings",), 1, "holds no finished scan: run a scan"),
        (("show", "1"), 1, "holds no finished scan"),
        (("communities",), 1, "holds no finished scan"),
        (("load", "empty"), 1, "empty holds no table's file"),
        (("load", "nowhere"), 1, "nowhere is no folder"),
        (("load", "a_file"), 1, "a_file is no folder"),
        (("scan", "--workspace", "a_file"), 1, "a_file is a file: name a folder"),
        (("load", "empty", "--workspace", "a_file"), 1, "a_file is a file"),
        (("load", "empty", "--workspace", "a_file/w"), 1, "a_file/w: Not a directory"),
        (("quarantine", "replay"), 1, "holds no open rejected row"),
        (("synth", "full"), 1, "is not empty"),
        (("synth", "new", "--visits", "3"), 2, "'--visits'"),
        (("load",), 2, "Missing argument 'FOLDER'"),
        (("lod",), 2, "No such command 'lod'"),
        (("load", "empty", "--wrong"), 2, "No such option: --wrong"),
        (("rings", "--format", "xml"), 2, "'xml'"),
        (("rings", "--limit", "0"), 2, "'--limit'"),
        (("serve", "--port", "70000"), 2, "'--port'"),
    ],
)
def test_what_is_refused_is_said_in_one_sentence(call, tmp_path, arguments, code, said):
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "note.txt").touch()
    (tmp_path / "a_file").write_text("x")
    got = call(*arguments)
    assert got.code == code
    assert got.out == ""
    assert re.fullmatch(r"huancha: [^\n]+[.?]\n", got.err), got.err
    assert said in got.err


@pytest.mark.parametrize("asked", ["0", "9999", "rg_aaaaaaaaaaaaaaaaaaaa", "-"])
def test_an_unknown_ring_is_refused(call, office, asked):
    got = call("show", asked, "--workspace", office.workspace)
    assert (got.code, got.out) == (1, "")
    assert got.err == f"huancha: No ring {asked} in the latest scan: list them first.\n"


@pytest.mark.parametrize("spoil", [_broken_keys, _no_keys])
@pytest.mark.parametrize(
    "arguments", [("scan",), ("rings", "--codes", "--format=csv"), ("quarantine",)]
)
def test_spoilt_keys_are_named(call, office, tmp_path, spoil, arguments):
    workspace = tmp_path / "w"
    shutil.copytree(office.workspace, workspace)
    spoil(workspace)
    got = call(*arguments, "--workspace", workspace)
    assert (got.code, got.out) == (1, "")
    assert re.fullmatch(r"huancha: [^\n]*keys\.json does not open this workspace [^\n]+\n", got.err)


def test_a_truncated_file_stops_the_load_and_is_named(call, office, tmp_path):
    exports = tmp_path / "exports"
    shutil.copytree(office.exports, exports)
    (exports / "setl_d__x.csv.gz").write_bytes(bytes.fromhex("1f8b0800000000000003") + b"x")
    got = call("load", exports, "--workspace", tmp_path / "w", "--json")
    assert (got.code, got.out) == (1, "")
    assert "setl_d__x.csv.gz" in got.err.splitlines()[-1]
    assert not (tmp_path / "w" / "CURRENT").exists()


def test_a_wrong_setting_is_a_wrong_call(call, monkeypatch):
    monkeypatch.setenv("HUANCHA_DEBUG", "perhaps")
    got = call("scan")
    assert got.code == 2
    assert got.err.startswith("huancha: HUANCHA_DEBUG cannot be used")


def test_an_unforeseen_error_tells_its_type_only(call, office, monkeypatch):
    def fails(workspace):
        raise LookupError("110101199001011234")

    monkeypatch.setattr("huancha.workspace.latest_scan", fails)
    got = call("rings", "--workspace", office.workspace)
    assert (got.code, got.out) == (1, "")
    assert "Internal error (LookupError)" in got.err
    assert "HUANCHA_DEBUG=1" in got.err
    assert "1101" not in got.err
    assert "Traceback" not in got.err
    monkeypatch.setenv("HUANCHA_DEBUG", "1")
    assert "Traceback" in call("rings", "--workspace", office.workspace).err


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.EACCES, "permission"), (errno.ENOSPC, "free some space"), (errno.EROFS, "written to")],
)
def test_the_systems_refusals_come_with_path_and_advice(number, said):
    sentence = explained(OSError(number, os.strerror(number), "office/x.parquet"))
    assert sentence.startswith(f"office/x.parquet: {os.strerror(number)}: ")
    assert said in sentence


def test_help_and_version(call):
    assert call("--version").out == "0.1.0\n"
    bare = call()
    assert bare.code == 0
    assert bare.out.strip() == call("--help").out.strip()
    assert "Exit codes: 0 done; 1 refused" in bare.out
    assert "130 stopped" in bare.out


def test_a_rejected_row_is_listed_exported_corrected_and_replayed(call, tmp_path):
    exports, workspace, sheet = tmp_path / "exports", tmp_path / "w", tmp_path / "rejects.csv"
    exports.mkdir()
    (exports / "setl_d.csv").write_text(
        "setl_id,psn_no,fixmedins_code,begntime,setl_time,medfee_sumamt,fund_pay_sumamt,atddr_no\n"
        "S1,P1,H11010100001,2025-03-01 09:00:00,2025-03-01 09:10:00,10.00,5.00,D110101000001\n"
        "S2,P2,H11010100001,2025-03-01 09:01:00,2025-03-01 09:11:00,[/bold]ten,5.00,D110101000001\n"
    )
    option = ("--workspace", workspace)
    assert call("load", exports, *option).code == 0
    (listed,) = call("quarantine", "list", *option, "--json").json
    assert (listed["file"], listed["line"], listed["table"]) == ("setl_d.csv", 3, "setl_d")
    assert listed["reason"] == "unreadable:medfee_sumamt"
    assert listed["heading"][0] == "setl_id"
    shown = call("quarantine", "list", *option).out
    assert "setl_d.csv:3" in shown
    assert "[/bold]ten" in shown
    assert "shown 1 of 1" in shown
    assert call("quarantine", "list", *option, "--reason", "fields", "--json").json == []
    unchanged = call("quarantine", "replay", *option, "--json").json
    assert unchanged["load"] is None
    assert call("quarantine", "export", sheet, *option).code == 0
    with sheet.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    rows[0]["row"] = rows[0]["row"].replace("[/bold]ten", "10.00")
    with sheet.open("w", encoding="utf-8-sig", newline="") as text:
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    replayed = call("quarantine", "replay", sheet, *option, "--json").json
    assert replayed["load"]
    assert replayed["tables"]["setl_d"]["kept"] == 1
    assert call("quarantine", "list", *option, "--json").json == []


def test_a_reader_that_has_read_enough_is_no_error(office):
    for arguments in (["rings", "--json"], ["show", "1"], ["rings"]):
        with subprocess.Popen(
            [HUANCHA, *arguments, "--workspace", office.workspace],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            process.stdout.close()
            assert process.stderr.read() == b""
        assert process.returncode == 0


def test_a_full_disk_is_said():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [HUANCHA, "--version"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert re.fullmatch(r"huancha: No space left on device: [^\n]+\n", done.stderr)


def test_ctrl_c_stops_a_load_and_leaves_what_was_live(office, tmp_path, call):
    exports, workspace = tmp_path / "exports", tmp_path / "w"
    shutil.copytree(office.exports, exports)
    call("load", exports, "--workspace", workspace)
    live = (workspace / "CURRENT").read_text()
    lines = (exports / "setl_d__2025-01.csv").read_text("utf-8").splitlines()
    (exports / "setl_d__more.csv").write_text(
        "\n".join([lines[0], *(f"X{line}" for line in lines[1:])]), "utf-8"
    )
    process = subprocess.Popen(
        [HUANCHA, "load", exports, "--workspace", workspace],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_ctrl_c,
    )
    for line in process.stderr:
        if "setl_d__more.csv" in line:
            process.send_signal(signal.SIGINT)
            break
    rest = process.stderr.read()
    process.stderr.close()
    assert process.wait(30) == 130
    assert "Traceback" not in rest
    assert "huancha: Stopped" in rest
    assert (workspace / "CURRENT").read_text() == live
    again = call("load", exports, "--workspace", workspace, "--json").json
    assert again["tables"]["setl_d"]["kept"] > 0


@pytest.mark.parametrize(
    ("started", "spared"),
    [
        (
            "huancha.commands.run",
            {"networkx", "numba", "pandas", "scipy", "sqlalchemy", "streamlit"},
        ),
        ("dashboards.texts", {"scipy.optimize", "scipy.stats"}),
    ],
)
def test_what_only_some_calls_need_is_not_loaded_by_all(started, spared):
    code = f"import sys, {started}; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not spared & set(said.stdout.split())
