"""`huancha draw` from the pool of a snapshot to the inspections anybody can recompute."""

from datetime import timedelta

import pytest

from casework.beijing import beijing_now
from casework.draws import drawn, fingerprint, places_of
from casework.draws.rules import Place, Pool, Recusal
from graph.snapshot import current_snapshot
from tests.factory import small_world

PEOPLE = """
[people.chen]
roles = ["investigator"]
[people.li]
roles = ["approver"]
"""
TOMORROW = beijing_now().date() + timedelta(days=1)


@pytest.fixture
def workspace(tmp_path, people):
    people(PEOPLE)
    return small_world(tmp_path)


@pytest.fixture
def by(call_as, workspace):
    """Call `huancha draw` as one of the people."""

    def calling(name, *arguments):
        return call_as(name, "draw", "--workspace", workspace, *arguments)

    return calling


@pytest.fixture
def laid(by, workspace, tmp_path):
    """A pool laid down, by its place that somebody may not be sent to."""
    place = places_of(current_snapshot(workspace), "")[0].id
    (tmp_path / "staff.txt").write_text("甲\n乙\n\n丙\n", "utf-8")
    (tmp_path / "kin.csv").write_text(f"inspector,place,reason\n甲,{place},近亲属\n", "utf-8")
    said = by(
        "chen", "prepare", "三月抽查", "--area", "000000", "--inspectors", tmp_path / "staff.txt",
        "--recusals", tmp_path / "kin.csv", "--share", 50, "--seed-from", "福彩3D", "--seed-on", TOMORROW,
    )  # fmt: skip
    assert said.code == 0
    return place


def test_a_draw_can_be_recomputed_from_what_is_shown(by, laid, monkeypatch):
    assert by("chen", "run", 1, "--seed", "3 8 1").code == 1

    monkeypatch.setattr("huancha.commands.draws.now", lambda: beijing_now() + timedelta(days=1))
    told = by("chen", "run", 1, "--seed", "3 8 1")
    shown = by("li", "show", 1, "--json").json
    held = shown["pool"]
    pool = Pool(
        tuple(Place(**one) for one in held["places"]), tuple(held["inspectors"]),
        held["share"], held["team"], tuple(Recusal(**one) for one in held["recusals"]),
    )  # fmt: skip
    assert fingerprint(pool) == shown["fingerprint"]
    again = drawn(pool, shown["seed"])
    assert [one["place"] for one in shown["inspections"]] == [one.place for one in again]
    assert all(one.place in told.out for one in again)
    assert "甲" not in {
        who for one in shown["inspections"] if one["place"] == laid for who in one["inspectors"]
    }
    first = shown["inspections"][0]
    arguments = (1, first["inspectors"][0], first["place"], "--why", "曾任职")
    refused = by("chen", "recuse", *arguments)
    assert (refused.code, "approver" in refused.err) == (1, True)
    assert by("li", "recuse", *arguments).code == 0
    now = by("li", "show", 1, "--json").json["inspections"]
    assert first["inspectors"][0] not in now[0]["inspectors"]
    assert now[1:] == shown["inspections"][1:]


def test_draws_are_listed_and_a_wrong_file_is_refused(by, laid, tmp_path):
    assert "三月抽查" in by("li", "list").out
    assert [one["no"] for one in by("li", "--json").json] == [1]
    (tmp_path / "kin.csv").write_text("who,where\n", "utf-8")
    refused = by(
        "chen", "prepare", "四月", "--area", "11", "--inspectors", tmp_path / "staff.txt",
        "--recusals", tmp_path / "kin.csv", "--seed-from", "福彩3D", "--seed-on", TOMORROW,
    )  # fmt: skip
    assert (refused.code, "inspector, place, reason" in refused.err) == (1, True)
