"""Nobody gets more than their profile says: every byte of every format is read."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from casework.exports.content import Hand
from casework.exports.dress import MASK, dressed, ids_in
from casework.exports.errors import NoProfile
from casework.exports.formats import FORMATS
from casework.exports.profiles import profile
from casework.exports.rounding import MONEY
from loaders.vault import open_vault
from tests.casework.exports.conftest import DECIDED
from tests.casework.exports.reading import everything

TODAY = date(2026, 3, 2)
KEY = b"k" * 32


def dress(world, name, key=KEY):
    return dressed(world.content, profile(name, TODAY), world.workspace.identities(), key)


@pytest.fixture(scope="module")
def secrets(world):
    """Every value of the vault, but for the blind ids and keys that stand beside them."""
    vault = open_vault(world.workspace.path, world.snapshot.id)
    return {
        str(value)
        for table in ("people", "staff", "places", "tokens")
        for row in vault.table(table).to_pylist()
        for name, value in row.items()
        if value is not None
        and name not in ("id", "kind", "patient", "practitioner", "place", "token")
    }


def test_police_get_who_it_is(world):
    content = dress(world, "police")
    vault = open_vault(world.workspace.path, world.snapshot.id).table("people").to_pylist()
    people = {row["id"]: row for row in vault}
    members = [m.id for m in content.rings[0].members if m.kind == "patient"]
    for id_ in members:
        node = content.network.graph.nodes[id_]
        assert (node["label"], node["name"]) == (people[id_]["name"],) * 2
        assert (node["certno"], node["tel"]) == (people[id_]["certno"], people[id_]["tel"])
        assert content.identities[id_]["certno"] == people[id_]["certno"]
    assert set(content.identities) <= set(ids_in(world.content))
    assert content.rings == world.content.rings


@pytest.mark.parametrize("name", ["bureau", "research"])
@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_no_file_holds_a_name_or_a_number(world, secrets, name, format, tmp_path):
    found = everything(format.write(dress(world, name), tmp_path))
    assert len(found) > 100
    assert min(map(len, secrets)) > 4
    assert [secret for secret in secrets if secret in found] == []


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_the_reading_finds_what_is_there(world, secrets, format, tmp_path):
    found = everything(format.write(dress(world, "police"), tmp_path))
    people = {m.id for m in world.content.rings[0].members if m.kind == "patient"}
    names = [dress(world, "police").network.graph.nodes[id_]["name"] for id_ in people]
    assert all(name in found for name in names)


def test_a_bureau_sees_that_something_is_known(world):
    content = dress(world, "bureau")
    assert {v for fields in content.identities.values() for v in fields.values()} == {MASK}
    patient = next(m.id for m in content.rings[0].members if m.kind == "patient")
    before = world.content.network.graph.nodes[patient]["label"]
    assert content.network.graph.nodes[patient]["label"] == before
    assert content.network.graph.nodes[patient]["name"] == MASK


def test_research_gets_no_id_day_district_or_exact_sum(world):
    content = dress(world, "research")
    old, new = set(ids_in(world.content)), set(ids_in(content))
    assert old.isdisjoint(new)
    assert len(old) == len(new)
    assert new.isdisjoint(ids_in(dress(world, "research", b"j" * 32)))
    graph = content.network.graph
    facts = [*(p for _, p in graph.nodes(data=True)), *(p for *_, p in graph.edges(data=True))]
    values = [(name, value) for properties in facts for name, value in properties.items()]
    assert all(v.day == 1 for _, v in values if isinstance(v, date))
    assert all(v.hour == v.minute == 0 for _, v in values if isinstance(v, datetime))
    assert all(v % 10000 == 0 for n, v in values if n in MONEY)
    assert all(v.endswith("00") for n, v in values if n in ("admdvs", "insu_admdvs"))
    (ring,) = content.rings
    assert ring.money.fund % 10000 == 0
    assert ring.ring.sentence_zh == ring.ring.sentence_en == ""
    assert {(s.file, s.line) for f in ring.findings for s in f.sources} == {(None, None)}
    assert world.ring not in str(content)
    assert world.ring[-6:] not in str(content)


def test_what_was_decided_names_officials_where_it_names_members(world):
    """Research is told what and in which month; neither on whom nor by whom, under which papers or law."""
    whole = replace(world.content, decided=DECIDED)
    police, bureau, research = (
        dressed(whole, profile(name, TODAY), world.workspace.identities(), KEY).decided
        for name in ("police", "bureau", "research")
    )
    assert police == DECIDED
    sanction = DECIDED.decisions[0]
    masked = tuple(Hand(hand.role, MASK) for hand in sanction.by)
    assert bureau.decisions == (replace(sanction, by=masked), DECIDED.decisions[1])
    first, second = research.decisions
    assert (research.case, research.at) == ("", datetime(2026, 3, 1))
    assert (first.what, first.state, first.at, first.first) == (
        "suspension", "running", date(2026, 3, 1), date(2026, 3, 1),
    )  # fmt: skip
    assert first.by == (Hand("investigator", None), Hand("approver", None))
    assert (first.documents, first.law, second.count) == ((), None, 2)
    assert not {"pr_x", "fa_x"} & {first.on, second.on}
    assert {"pr_x", "fa_x"} <= set(ids_in(whole))


@pytest.mark.parametrize(
    ("name", "told"), [("police", True), ("bureau", False), ("research", False)]
)
@pytest.mark.parametrize("format", ["csv", "json", "excel"])
def test_the_lists_carry_what_was_decided(world, name, told, format, tmp_path):
    whole = replace(world.content, decided=DECIDED)
    worn = dressed(whole, profile(name, TODAY), world.workspace.identities(), KEY)
    write = next(one.write for one in FORMATS if one.name == format)
    files = write(worn, tmp_path)
    found = everything(files)
    assert ("suspension" in found) is (format != "excel")
    assert ("暂停支付资格" in found) is (format == "excel")
    assert ("陈晨" in found) is told
    assert ("某医保处" in found) is (name != "research")
    before = [file.read_bytes() for file in files]
    assert [file.read_bytes() for file in write(worn, tmp_path)] == before


def test_an_unknown_profile_is_refused():
    with pytest.raises(NoProfile, match="bureau, police, research"):
        profile("press", TODAY)
    with pytest.raises(NoProfile):
        profile("police", date(2001, 1, 1))
