"""`huancha points`, `sanction` and `push` by people of the office, from an act to orders and their end."""

import shutil

import pytest

from graph.snapshot import current_snapshot

PEOPLE = """
[people.chen]
roles = ["investigator", "approver"]
[people.li]
roles = ["approver"]
[people.wu]
roles = ["liaison"]
"""
TERM = ("--area", "110105", "--year", "2026", "--begins", "2026-03-02", "--months", "2")
ACT = (
    "--area", "110105", "--points", 9, "--band", 7, "--document", "罚1号", "--on", "2026-02-02",
    "--grounds", "冒名", "--responsibility", "main", "--measure", "penalty",
)  # fmt: skip


@pytest.fixture
def by(call_as, office, people, tmp_path, monkeypatch):
    """Call `huancha` as one of the people, on a copy of the office."""
    people(PEOPLE)
    shutil.copytree(office.workspace, tmp_path / "office")
    monkeypatch.setenv("HUANCHA_WORKSPACE", str(tmp_path / "office"))
    return call_as


def test_from_an_act_to_orders_and_back(by, office):
    with current_snapshot(office.workspace).connect() as con:
        who, many = con.execute(
            "SELECT p.id, count(DISTINCT r.place) AS n FROM prac_reg_d r JOIN practitioners p "
            "USING (practitioner) GROUP BY 1 ORDER BY n DESC, 1 LIMIT 1"
        ).fetchone()
    assert by("chen", "points", "add", who, "fa_x", *ACT).code == 0
    assert [line["no"] for line in by("li", "points", "--json").json] == [1]
    assert "suspension" in by("li", "points", "review", 1, "--approve", "--why", "属实").err
    assert [line["points"] for line in by("chen", "points", "show", who, "--json").json] == [9]
    seen = by("chen", "sanction", "preview", who, *TERM, "--json").json["reach"]
    assert len(seen) == many
    assert "waits" in by("chen", "sanction", "propose", who, *TERM, "--why", "累计9分").err
    assert by("li", "sanction", "list", "--json").json[0]["maker"] == "chen"
    refused = by("chen", "sanction", "decide", 1, "--approve", "--why", "同意")
    assert (refused.code, "another person" in refused.err) == (1, True)
    assert by("li", "push", "status", "--json").json == []
    assert "approved" in by("li", "sanction", "decide", 1, "--approve", "--why", "同意").err
    assert by("li", "sanction", "show", 1, "--json").json["reach"] == seen
    ordered = by("li", "push", "status", "--sanction", 1, "--json").json
    assert [one["place"] for one in ordered] == sorted(line["place"] for line in seen)
    assert {one["reason"] for one in ordered} == {"没有通道 no channel"}
    assert by("wu", "push", "reopen", ordered[0]["id"], "--why", "x").code == 1
    assert "expired" in by("wu", "push", "--once").err
    assert by("wu", "push", "--once").code == 0
    lift = by("chen", "sanction", "lift", 1, "--begins", "2026-03-09", "--why", "申诉成立")
    assert "another person" in lift.err
    assert "lifted" in by("li", "sanction", "decide", 2, "--approve", "--why", "同意").err
    kinds = [one["kind"] for one in by("li", "push", "status", "--sanction", 1, "--json").json]
    assert sorted(kinds) == sorted(["suspend", "reinstate"] * many)


def test_a_measure_names_who_is_responsible(by):
    common = ("--area", "110105", "--begins", "2026-03-02", "--law", "条例", "--why", "骗保")
    persons = ("--responsible", "pr_none=主刀", "--untouched", "pr_b=休假")
    assert by("chen", "sanction", "measure", "talk", "fa_x", *common, *persons).code == 0
    assert "休假" in by("chen", "sanction", "show", 1).out
    assert by("chen", "sanction", "measure", "jail", "fa_x", *common).code == 2
    assert (
        by("chen", "sanction", "measure", "talk", "fa_x", *common, "--responsible", "pr").code == 2
    )
