"""`huancha ignore`: decisions recorded, listed, ended, refused with a sentence."""

from datetime import timedelta
from pathlib import Path

import pytest

from casework.beijing import beijing_now
from graph.snapshot import current_snapshot
from tests.factory import add_scan, small_world

UNTIL = str(beijing_now().date() + timedelta(days=90))
WHY = ("--reason", "村卫生室 [电话]", "--until", UNTIL, "--author", "王")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return small_world(tmp_path)


def ids(workspace: Path, table: str) -> list[str]:
    with current_snapshot(workspace).connect() as con:
        return [row[0] for row in con.execute(f"SELECT id FROM {table} ORDER BY id").fetchall()]


def listed(call, workspace):
    answer = call("ignore", "list", "--workspace", workspace, "--json")
    assert answer.code == 0
    return answer.json


def test_tokens_pairs_and_rings_are_recorded_and_listed(call, workspace):
    tokens, people = ids(workspace, "tokens")[:2], ids(workspace, "patients")[:2]
    ring = add_scan(workspace).rings().items[0].ring
    for named in (("token", *tokens), ("pair", *people), ("ring", ring)):
        answer = call("ignore", *named, *WHY, "--workspace", workspace)
        assert (answer.code, answer.out) == (0, "")
        assert named[-1] in answer.err
    found = listed(call, workspace)
    assert [one["no"] for one in found] == [4, 3, 2, 1]
    assert [one["ids"] for one in found] == [[ring], people, [tokens[1]], [tokens[0]]]
    for one in found:
        assert (one["author"], one["reason"], one["in_force"]) == ("王", "村卫生室 [电话]", True)
        assert (one["from"], one["until"], one["ended"]) == (str(beijing_now().date()), UNTIL, None)
    table = call("ignore", "--workspace", workspace)
    assert "村卫生室 [电话]" in table.out
    assert "4 / 4" in table.out
    assert "in force" in table.out


def test_ending_early_leaves_the_record(call, workspace):
    token = ids(workspace, "tokens")[0]
    call("ignore", "token", token, *WHY, "--workspace", workspace)
    why = ("--reason", "号码已换", "--author", "李")
    assert call("ignore", "end", "1", *why, "--workspace", workspace).code == 0
    (one,) = listed(call, workspace)
    assert one["in_force"] is False
    assert (one["ended"]["author"], one["ended"]["reason"]) == ("李", "号码已换")
    again = call("ignore", "end", "1", *why, "--workspace", workspace)
    assert again.code == 1
    assert "number 1: list them first" in again.err


def test_the_author_is_the_login_unless_named(call, workspace, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "zhang")
    token = ids(workspace, "tokens")[0]
    call("ignore", "token", token, *WHY[:4], "--workspace", workspace)
    assert listed(call, workspace)[0]["author"] == "zhang"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("token", "tk_none", *WHY), 1, "tk_none was not recorded"),
        (("token", "pt_none", *WHY), 1, "begin with tk_"),
        (("pair", "pt_a", "pt_a", *WHY), 1, "two different ids"),
        (("ring", "rg_none", *WHY), 1, "does not hold"),
        (("end", "1", "--reason", "x"), 1, "No open decision"),
        (("token", "tk_none"), 2, "--reason"),
        (("token", "tk_none", "--reason", "x", "--until", "soon"), 2, "soon"),
    ],
)
def test_what_cannot_be_recorded_is_refused_in_a_sentence(call, workspace, arguments, code, said):
    answer = call("ignore", *arguments, "--workspace", workspace)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
    assert answer.err.startswith("huancha: ")
    assert listed(call, workspace) == []


@pytest.mark.parametrize("command", ["", "token", "pair", "ring", "list", "end"])
def test_help_shows_an_example(call, command):
    answer = call("ignore", *command.split(), "--help")
    assert answer.code == 0
    assert "Example: huancha ignore" in answer.out
