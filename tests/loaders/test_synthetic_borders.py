"""A world across borders, and what each of three offices has of it."""

from collections import Counter
from pathlib import Path

import duckdb
import pytest

from loaders.synthetic import Dirt, WorldSettings, split_world, write_world
from loaders.synthetic.truth import read_truth, truth_path

OFFICES = ("11", "12", "13")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("borders")
    settings = WorldSettings(borders=2, dirt=Dirt.none())
    write_world(base / "world", visits=8_000, seed=11, settings=settings)
    for prefix in OFFICES:
        split_world(base / "world", prefix, base / prefix)
    return base


def rows(folder: Path, table: str, where: str = "TRUE") -> list[dict[str, str]]:
    file = f"{folder}/{table}*.csv"
    found = duckdb.sql(f"SELECT * FROM read_csv('{file}', all_varchar = true) WHERE {where}")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def test_each_office_has_its_places_whole_and_its_people_elsewhere_as_cleared(folder: Path) -> None:
    every = {row["setl_id"]: row for row in rows(folder / "world", "setl_d")}
    for prefix in OFFICES:
        held = rows(folder / prefix, "setl_d")
        here = [row for row in held if row["fix_blng_admdvs"].startswith(prefix)]
        assert all(row == every[row["setl_id"]] for row in here)
        assert len(here) == sum(r["fix_blng_admdvs"].startswith(prefix) for r in every.values())
        away = [row for row in held if not row["fix_blng_admdvs"].startswith(prefix)]
        assert away
        for row in away:
            assert row["insu_admdvs"].startswith(prefix)
            assert row["setl_time"] == every[row["setl_id"]]["setl_time"][:10] + " 00:00:00"
            assert (row["atddr_no"], row["opter"], row["dscg_maindiag_code"]) == (None, None, None)


def test_of_strangers_an_office_has_what_is_on_the_card(folder: Path) -> None:
    for prefix in OFFICES:
        strangers = rows(folder / prefix, "psn_info_b", f"NOT starts_with(insu_admdvs, '{prefix}')")
        assert strangers
        for row in strangers:
            assert row["certno"]
            assert {row[name] for name in ("tel", "live_addr", "bankacct", "emp_no")} == {None}
        others = rows(
            folder / prefix, "fixmedins_b", f"NOT starts_with(fix_blng_admdvs, '{prefix}')"
        )
        assert {row[name] for row in others for name in ("legrep_certno", "tel", "addr")} == {None}


def test_a_ring_gathers_twice_in_each_province_and_its_look_alikes_less_or_by_one_employer(
    folder: Path,
) -> None:
    truth = read_truth(truth_path(folder / "world"))
    rings = [ring for ring in truth.rings if ring.kind == "cross_border"]
    assert len(rings) == 2
    home = {r["psn_no"]: r["insu_admdvs"][:2] for r in rows(folder / "world", "psn_info_b")}
    for ring in rings:
        assert set(Counter(home[m] for m in ring.members).values()) <= {2, 3}
        assert {place[1:3] for place in ring.places} <= set(OFFICES)
        assert ring.facts["gatherings"] == 6
    twins = Counter(twin.kind for twin in truth.look_alikes)
    assert twins["border_outing"] == twins["border_colleagues"] == 2
    employer = {r["psn_no"]: r["emp_no"] for r in rows(folder / "world", "psn_info_b")}
    for twin in truth.look_alikes:
        if twin.kind == "border_colleagues":
            assert len({employer[m] for m in twin.members}) == 1
