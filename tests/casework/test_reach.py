"""The preview of a sanction against a plain reading of the same tables."""

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from casework.sanctions import Kind, Person, Sanction, preview
from graph.errors import NoTable
from graph.snapshot import current_snapshot
from tests.factory import small_world

URGENT = ("13", "24")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reach")
    made = current_snapshot(small_world(folder, seed=5, places=4, practitioners=36, visits=900))
    (file,) = made.files("setl_d")
    table = pq.read_table(file)
    visits = table.to_pylist()
    for number, visit in enumerate(visits):
        visit["er_flag"] = number % 7 == 0
        visit["med_type"] = URGENT[0] if number % 11 == 0 else visit["med_type"]
    pq.write_table(pa.Table.from_pylist(visits, schema=table.schema), file)
    return made


@pytest.fixture(scope="module")
def rows(snapshot):
    """Every table as a list of dicts."""

    def reading(table):
        with snapshot.connect() as con:
            found = con.execute(f"FROM {table}")
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    return {t: reading(t) for t in ("practitioners", "places", "prac_reg_d", "setl_d")}


@pytest.fixture(scope="module")
def today(rows):
    return max(row["setl_time"] for row in rows["setl_d"]).date()


def sanction(target, begins, ends, kind=Kind.SUSPENSION, persons=()):
    return Sanction(1, kind, target, "110105", begins, ends, "law", persons=persons)


def plain(rows, touched, begins, ends, today):
    """What the preview should say, by loops: {(practitioner, place): facts}."""
    people = {row["practitioner"]: row for row in rows["practitioners"]}
    places = {row["place"]: row["id"] for row in rows["places"]}
    last = {}
    for row in sorted(rows["prac_reg_d"], key=lambda r: (r["begntime"], r["line"])):
        last[row["practitioner"], row["place"]] = row
    found = {}
    for (who, place), row in last.items():
        if people[who]["id"] not in touched:
            continue
        own = [
            v for v in rows["setl_d"]
            if v["counts"] and (v["practitioner"], v["place"]) == (who, place)
        ]  # fmt: skip
        within = [v for v in own if begins <= v["setl_time"].date() <= (ends or date.max)]
        due = [v for v in within if not v["er_flag"] and v["med_type"] not in URGENT]
        recent = {v["patient"] for v in own if (today - v["setl_time"].date()).days <= 90}
        others = [
            o for o in rows["prac_reg_d"]
            if o["place"] == place and o["reg_stas"] == "正常" and o["dept_name"] == row["dept_name"]
            and people[o["practitioner"]]["id"] not in touched
            and people[o["practitioner"]]["profession"] == people[who]["profession"]
        ]  # fmt: skip
        found[people[who]["id"], places[place]] = (
            row["reg_stas"], len(recent), not others, len(due), sum(v["net_fund"] for v in due),
            len(within) - len(due),
        )  # fmt: skip
    return found


def said(reach):
    return {
        (r.practitioner, r.place): (r.before, r.patients, r.alone, r.unpayable, r.fund, r.exempt)
        for r in reach.registrations
    }


def test_the_preview_of_each_person_is_what_the_tables_say(snapshot, rows, today):
    begins, ends = today - timedelta(days=40), today - timedelta(days=10)
    seen = set()
    for row in rows["practitioners"][::3]:
        reach = preview(snapshot, sanction(row["id"], begins, ends), today)
        assert said(reach) == plain(rows, {row["id"]}, begins, ends, today)
        assert len(said(reach)) == len(reach.registrations)
        assert {one.after for one in reach.registrations} <= {"暂停"}
        seen |= {("alone", one.alone) for one in reach.registrations}
        seen |= {("unpayable", one.unpayable > 0) for one in reach.registrations}
        seen |= {("exempt", one.exempt > 0) for one in reach.registrations}
    assert seen == {
        (what, yes) for what in ("alone", "unpayable", "exempt") for yes in (True, False)
    }


def test_a_measure_reaches_every_place_of_the_responsible_alone(snapshot, rows, today):
    ids = [row["id"] for row in rows["practitioners"]]
    persons = (
        Person(ids[0], True, "主刀"),
        Person(ids[4], True, "收治"),
        Person(ids[1], False, "休假"),
    )
    given = sanction("fa_x", today, None, Kind.END_AGREEMENT, persons)
    reach = preview(snapshot, given, today)
    assert said(reach) == plain(rows, {ids[0], ids[4]}, today, None, today)
    assert {one.after for one in reach.registrations} == {"终止"}
    assert reach.untouched == persons[2:]
    mild = preview(snapshot, sanction("fa_x", today, None, Kind.TALK, persons), today)
    assert (mild.registrations, mild.untouched) == ((), persons)


def test_without_registrations_there_is_no_preview(tmp_path):
    bare = current_snapshot(small_world(tmp_path, without=("prac_reg_d",)))
    with pytest.raises(NoTable):
        preview(bare, sanction("pr_a", date(2026, 1, 1), None), date(2026, 1, 1))
