"""`huancha audit` over a workspace's own store."""

import sqlite3
from datetime import datetime

import pytest

from casework import audit
from casework.people import Actor, Role
from casework.store import FILE, open_store


@pytest.fixture
def workspace(tmp_path):
    with open_store(tmp_path) as store, store.write() as tx:
        chen = Actor("陈晨", frozenset({Role.INVESTIGATOR}))
        for no in range(3):
            when = datetime(2026, 3, 1 + no, 9)
            audit.append(
                tx, chen, "case.open", f"cs_{no}", "线索属实", when, facts={"ring": "rg_a"}
            )
    return tmp_path


def test_a_whole_record_verifies_and_names_its_head(call, workspace):
    got = call("audit", "verify", "--workspace", workspace, "--json")
    assert (got.code, got.json["entries"], len(got.json["hash"])) == (0, 3, 64)
    assert got.json["hash"] in call("audit", "verify", "--workspace", workspace).err


def test_a_changed_entry_is_named(call, workspace):
    with sqlite3.connect(workspace / FILE) as raw:
        raw.execute("DROP TRIGGER audit_is_never_changed")
        raw.execute("UPDATE audit SET why = 'other' WHERE no = 2")
    raw.close()
    got = call("audit", "verify", "--workspace", workspace)
    assert got.code == 1
    assert "entry 2" in got.err


def test_the_list_filters_and_says_n_of_n(call, workspace):
    listed = call("audit", "list", "--workspace", workspace, "--from", "2026-03-02", "--limit", 1)
    assert "cs_2" in listed.out
    assert "1 / 2" in listed.out
    for given in (["--person", "陈晨"], ["--action", "case.open"]):
        assert len(call("audit", "list", "--workspace", workspace, "--json", *given).json) == 3
    one = call(
        "audit",
        "--workspace",
        workspace,
        "list",
        "--subject",
        "cs_1",
        "--to",
        "2026-03-02",
        "--json",
    )
    assert [(e["actor"], e["at"], e["facts"]) for e in one.json] == [
        ("陈晨", "2026-03-02T09:00:00", {"ring": "rg_a"})
    ]
