"""`huancha watch` and `huancha credit` over a workspace in which somebody is suspended."""

from datetime import date, datetime

import pytest

from casework import sanctions
from casework.credit import scheme
from casework.people import Actor, Role
from casework.sanctions import Kind, Person, registry
from casework.store import open_store
from graph.snapshot import current_snapshot
from tests.casework.conftest import in_capitals
from tests.factory import small_world

PEOPLE = """
[people.chen]
roles = ["investigator"]
[people.wu]
roles = ["viewer"]
"""
NOW = datetime(2025, 5, 1, 9)


@pytest.fixture
def workspace(tmp_path, people):
    people(PEOPLE)
    return small_world(tmp_path)


@pytest.fixture
def suspended(workspace):
    """A place whose agreement was suspended, and the practitioner responsible."""
    snapshot = current_snapshot(workspace)
    with snapshot.connect() as con:
        (place,) = con.execute("SELECT id FROM places WHERE place = 0").fetchone()
        (who,) = con.execute("SELECT id FROM practitioners WHERE practitioner = 0").fetchone()
    chen = Actor("陈晨", frozenset({Role.INVESTIGATOR}))
    li = Actor("李立", frozenset({Role.APPROVER}))
    draft = sanctions.draft_measure(
        Kind.SUSPEND_AGREEMENT, place, "110105", NOW.date(), date(2025, 12, 31), "条例 第四十条",
        [Person(who, True, "主治医师")],
    )  # fmt: skip
    codes = registry(snapshot, in_capitals)
    with open_store(workspace) as store, store.write() as tx:
        made = sanctions.propose(tx, chen, draft, codes, "骗保", NOW)
        sanctions.decide_sanction(tx, li, made.no, codes, "同意", NOW, approve=True)
    return place, who


@pytest.fixture
def by(call_as, workspace):
    def calling(name, *arguments):
        return call_as(name, *arguments, "--workspace", workspace)

    return calling


def test_what_is_watched_can_become_a_case(by, suspended):
    assert by("wu", "watch").code == 1
    found = by("chen", "watch", "--json").json
    billed = [one for one in found if one["sign"] == "billed"]
    assert {one["subject"] for one in billed} == {suspended[1]}
    assert all(one["count"] == len(one["rows"]) > 0 for one in billed)
    key = billed[0]["key"]
    assert key in by("chen", "watch").out
    opening = ("case", "open", "停而未止", "--area", "110105", "--why", "仍在结算", "--watch", key)
    assert by("chen", *opening).code == 0
    again = by("chen", *opening)
    assert (again.code, "cs_1" in again.err) == (1, True)


def test_credit_is_told_with_its_lines_and_by_the_offices_own_scheme(by, suspended, workspace):
    place, who = suspended
    told = by("wu", "credit", place, "--on", "2025-06-01", "--json").json
    assert (told["grade"], told["score"]) == ("C", 100 - scheme().sanctions[Kind.SUSPEND_AGREEMENT])
    said = by("wu", "credit", who, "--on", "2025-06-01").out
    assert all(word in said for word in ("80", "待核", "条例 第四十条", "2025-05-01"))
    own = "\n".join([
        'name = "本局方案"', 'en = "ours"', "full = 10", "years = 1", "point = 1",
        "[grades]", "A = 9", "B = 6", "C = 3", "D = 0",
        "[sanctions]", *(f"{kind} = 8" for kind in Kind),
    ])  # fmt: skip
    (workspace / "credit.toml").write_text(own, "utf-8")
    assert by("wu", "credit", place, "--on", "2025-06-01", "--json").json["grade"] == "D"
    (workspace / "credit.toml").write_text("name = 1", "utf-8")
    assert "credit.toml" in by("wu", "credit", place).err
