"""The packs that ship are whole, sourced and strict; the law of a place on a day is the right one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework.errors import BadPack, NoLaw, NotInLaw
from casework.law import Rule, law_on, packs
from casework.law.read import FOLDER, read_pack

DAY = date(2026, 3, 2)


def altered(tmp_path, old, new, name="national"):
    text = (FOLDER / f"{name}.toml").read_text("utf-8")
    assert old in text
    file = tmp_path / f"{name}.toml"
    file.write_text(text.replace(old, new, 1), "utf-8")
    return file


def test_the_country_and_the_provinces_asked_for_are_there():
    areas = {pack.name: pack.area for pack in packs()}
    assert areas == {
        "national": "",
        "beijing": "11",
        "tianjin": "12",
        "hebei": "13",
        "guizhou": "52",
    }


def test_every_number_carries_its_source():
    for pack in packs():
        for cited in (*pack.bands, *pack.provisions.values()):
            document = pack.documents[cited.document]
            assert document.number, (pack.name, cited.en)
            assert document.source, (pack.name, cited.en)
            assert cited.article or cited.unverified, (pack.name, cited.en)
            assert cited.zh, (pack.name, cited.en)


def test_only_what_was_read_in_full_counts_as_verified():
    read = {
        document.number
        for pack in packs()
        for cited in (*pack.bands, *pack.provisions.values())
        if not cited.unverified
        for document in [pack.documents[cited.document]]
    }
    assert read == {
        "国务院令第735号",
        "法释〔2011〕7号",
        "行政处罚法（2021年修订）",
    }


def test_every_rule_is_in_some_pack():
    assert {rule for pack in packs() for rule in pack.provisions} == set(Rule)


def test_the_bands_reach_the_cap():
    law = law_on(DAY)
    assert [(band.least, band.most) for band in law.bands] == [(1, 3), (4, 6), (7, 9), (10, 12)]
    assert law.bands[-1].most == law[Rule.POINTS_CAP].most == law[Rule.TERMINATION_FROM].least


def test_a_province_goes_before_the_country():
    tianjin, beijing = law_on(DAY, "120102"), law_on(DAY, "11")
    assert tianjin[Rule.TALK_FROM].least == 6
    assert tianjin[Rule.POINTS_CAP] == law_on(DAY)[Rule.POINTS_CAP]
    assert beijing[Rule.FRAUD_LARGE].fixed
    assert not law_on(DAY, "31")[Rule.FRAUD_LARGE].fixed
    assert beijing.cite(beijing[Rule.FINE_FRAUD]) == "国务院令第735号 第四十条"
    with pytest.raises(NotInLaw, match="talk_from"):
        beijing[Rule.TALK_FROM]


def test_a_pack_holds_from_its_first_to_its_last_day():
    with pytest.raises(NoLaw):
        law_on(date(2024, 8, 22))
    old, new = packs()[0], replace(packs()[0], name="next", begins=DAY)
    old = replace(old, ends=DAY - timedelta(days=1))
    assert law_on(DAY, known=(old, new)).packs == (new,)
    assert law_on(DAY - timedelta(days=1), known=(old, new)).packs == (old,)
    assert law_on(date(2025, 4, 14), "11").packs == packs()[:1]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("value = 12", 'value = "12"', "least"),
        ("value = 12", "value = 12.5", "least"),
        ("value = 12", "valeu = 12", "valeu"),
        ("value = 12", "value = 0", "runs from 0"),
        ("[provisions.points_cap]", "[provisions.points_cup]", "points_cup"),
        ('document = "hainan"', 'document = "henan"', "henan"),
        ('document = "hainan"', "", "document"),
        ('article = "第一条"\n', "", "no article"),
        ('unit = "points"', 'unit = "pionts"', "unit"),
        ("begins = 2024-08-23", 'begins = "soon"', "begins"),
        ("begins = 2024-08-23", "begins = 2024-08-23\nends = 2024-08-22", "ends before"),
        ("least = 4", "least = 5", "bands"),
        ("begins = 2024-08-23", "begins = ", "TOML|nvalid"),
        ("issued = 2021-01-15", "", "issued"),
    ],
)
def test_what_is_wrong_in_a_pack_is_said(tmp_path, old, new, says):
    with pytest.raises(BadPack, match=says):
        read_pack(altered(tmp_path, old, new))
