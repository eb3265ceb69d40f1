"""What a snapshot shows after a sanction, against a plain reading of the same tables."""

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from casework.law import Rule, law_on
from casework.sanctions import Kind, Person, Sanction
from casework.watch import Sign, watch
from graph.errors import NoTable
from graph.snapshot import current_snapshot
from tests.factory import small_world

TODAY = date(2025, 6, 30)
BEGINS = date(2025, 5, 1)
URGENT = 11
"""Every so many visits are emergencies."""


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("watch")
    made = current_snapshot(small_world(folder, seed=5, places=4, practitioners=24, visits=900))
    (file,) = made.files("setl_d")
    table = pq.read_table(file)
    visits = table.to_pylist()
    for number, visit in enumerate(visits):
        visit["er_flag"] = number % URGENT == 0
    pq.write_table(pa.Table.from_pylist(visits, schema=table.schema), file)
    return made


@pytest.fixture(scope="module")
def rows(snapshot):
    def reading(table):
        with snapshot.connect() as con:
            return con.sql(f"FROM {table}").to_arrow_table().to_pylist()

    return {t: reading(t) for t in ("practitioners", "places", "prac_reg_d", "setl_d")}


def suspended(who, begins=BEGINS, ends=None, no=1, **more):
    return Sanction(no, Kind.SUSPENSION, who, "110105", begins, ends, "law", approved=True, **more)


def of(found, sign):
    return [one for one in found if one.sign is sign]


@pytest.mark.parametrize(
    ("ends", "lifted", "last"),
    [
        (None, None, TODAY),
        (date(2025, 5, 20), None, date(2025, 5, 20)),
        (date(2025, 6, 10), date(2025, 5, 15), date(2025, 5, 14)),
    ],
)
def test_settlements_in_a_held_name_are_told_by_place(snapshot, rows, ends, lifted, last):
    places = {row["place"]: row["id"] for row in rows["places"]}
    told = set()
    for who in rows["practitioners"][:6]:
        found = of(
            watch(snapshot, [suspended(who["id"], ends=ends, lifted=lifted)], TODAY), Sign.BILLED
        )
        own = [
            visit for visit in rows["setl_d"]
            if visit["counts"] and visit["practitioner"] == who["practitioner"]
        ]  # fmt: skip
        after = [
            visit for visit in own
            if BEGINS <= visit["setl_time"].date() <= last and not visit["er_flag"]
        ]  # fmt: skip
        for one in found:
            here = [visit for visit in after if places[visit["place"]] == one.place]
            assert list(one.rows) == sorted(visit["setl_id"] for visit in here)
            assert (one.count, one.base) == (len(here), len(own))
            assert one.fund == sum(visit["net_fund"] for visit in here)
            assert one.first == min(visit["setl_time"] for visit in here).date()
            assert one.last == max(visit["setl_time"] for visit in here).date()
            assert one.sanctions == (1,)
        assert sum(one.count for one in found) == len(after)
        told |= {len(found) > 0}
    assert True in told


def test_a_lifted_or_unapproved_life_is_quiet(snapshot, rows):
    who = rows["practitioners"][0]["id"]
    assert watch(snapshot, [], TODAY) == ()
    over = suspended(who, lifted=BEGINS)
    assert of(watch(snapshot, [over], TODAY), Sign.BILLED) == []
    future = suspended(who, begins=TODAY + timedelta(days=1))
    assert of(watch(snapshot, [future], TODAY), Sign.BILLED) == []


@pytest.fixture
def succeeded(tmp_path):
    """A world in which one code takes the patients of another over from `BEGINS` on, and ten others share a third's."""
    made = current_snapshot(
        small_world(tmp_path, patients=40, places=1, practitioners=14, visits=1)
    )
    (file,) = made.files("setl_d")
    table = pq.read_table(file)
    pattern = table.to_pylist()[0]
    visits = []

    def visit(patient, practitioner, day):
        when = {name: pattern[name].replace(year=day.year, month=day.month, day=day.day)
                for name in ("begntime", "endtime", "setl_time")}  # fmt: skip
        facts = {"patient": patient, "practitioner": practitioner, "setl_id": f"S{len(visits):04}"}
        visits.append(pattern | facts | when | {"er_flag": False, "counts": True, "place": 0})

    for patient in range(20):
        for month in (3, 4):
            visit(patient, 0, date(2025, month, 1 + patient))
            visit(20 + patient, 2, date(2025, month, 1 + patient))
        visit(patient, 1 if patient < 14 else 3, date(2025, 5, 1 + patient))
        visit(20 + patient, 4 + patient % 10, date(2025, 5, 1 + patient))
    pq.write_table(pa.Table.from_pylist(visits, schema=table.schema), file)
    return made


def test_who_takes_the_patients_over_is_told_and_shared_cover_is_not(succeeded):
    with succeeded.connect() as con:
        ids = [
            id_
            for (id_,) in con.execute(
                "SELECT id FROM practitioners ORDER BY practitioner"
            ).fetchall()
        ]
    found = of(
        watch(succeeded, [suspended(ids[0]), suspended(ids[2], no=2)], TODAY), Sign.TAKEN_OVER
    )
    (one,) = found
    assert (one.subject, one.other, one.count, one.base) == (ids[0], ids[1], 14, 20)
    assert (one.first, one.last) == (date(2025, 5, 1), date(2025, 5, 14))
    assert (one.sanctions, len(one.rows)) == ((1,), 14)
    assert one.key == f"taken_over:{ids[0]}:{one.place}:{ids[1]}"


def test_a_place_with_many_sanctioned_people_is_told_with_its_law(snapshot, rows):
    law = law_on(TODAY, "110105")
    ids = {row["practitioner"]: row["id"] for row in rows["practitioners"]}
    places = {row["place"]: row["id"] for row in rows["places"]}
    for many in (1, 6, 12):
        held = list(ids.values())[:many]
        found = of(
            watch(snapshot, [suspended(who, no=n) for n, who in enumerate(held)], TODAY), Sign.SHARE
        )
        told = {one.subject: (one.count, one.base) for one in found}
        plain = {}
        for place, id_ in places.items():
            here = {
                ids[row["practitioner"]] for row in rows["prac_reg_d"]
                if row["place"] == place
                and (row["reg_stas"] == "正常" or ids[row["practitioner"]] in held)
            }  # fmt: skip
            sanctioned = len(here & set(held))
            if sanctioned and 100 * sanctioned >= law[Rule.SHARE_WITHHOLDS_PAY].least * len(here):
                plain[id_] = (sanctioned, len(here))
        assert told == plain
        assert {one.law for one in found} <= {
            law.cite(law[Rule.SHARE_WITHHOLDS_PAY]), law.cite(law[Rule.SHARE_SUSPENDS_AGREEMENT]),
        }  # fmt: skip
    assert told
    before = [suspended(who, begins=date(2024, 12, 1)) for who in ids.values()]
    assert of(watch(snapshot, before, TODAY), Sign.SHARE) == []


def test_persons_of_a_measure_are_watched_where_responsible(snapshot, rows):
    ids = [row["id"] for row in rows["practitioners"]]
    persons = (Person(ids[0], True, "主刀"), Person(ids[1], False, "休假"))
    measure = Sanction(
        3, Kind.END_AGREEMENT, "fa_x", "110105", BEGINS, None, "law", approved=True, persons=persons
    )
    assert {one.subject for one in of(watch(snapshot, [measure], TODAY), Sign.BILLED)} == {ids[0]}


def test_without_settlements_nothing_can_be_watched(tmp_path):
    bare = current_snapshot(small_world(tmp_path, without=("setl_d",)))
    with pytest.raises(NoTable):
        watch(bare, [suspended("pr_x")], TODAY)
