"""What the scan reads of a snapshot as a whole."""

from pathlib import Path

from graph.scan.parameters import Parameters
from graph.scan.world import World
from graph.snapshot import current_snapshot
from tests.graph.worlds import WorldBuilder


def opened(builder: WorldBuilder, tmp_path: Path) -> World:
    return World.open(current_snapshot(builder.write(tmp_path)), Parameters())


def test_the_latest_year_is_that_of_the_last_visit_that_counts(tmp_path: Path) -> None:
    b = WorldBuilder()
    who, place = b.add_patients(3), b.add_places(1)[0]
    for number, day in enumerate((10, 200, 400)):
        b.visit(who[number], place, b.day(day))
    year = b.day(400).year
    world = opened(b, tmp_path / "all")
    assert world.latest_year == year > b.day(200).year
    world.con.close()
    b.tables["setl_d"][-1]["counts"] = False
    world = opened(b, tmp_path / "refunded")
    assert world.latest_year == b.day(200).year
    world.con.close()


def test_a_patient_of_several_addresses_has_the_first(tmp_path: Path) -> None:
    b = WorldBuilder()
    who = b.add_patients(4)
    b.visit(who[0], b.add_places(1)[0], b.day(3))
    first, second = (b.token("address", [who[k], who[2]], "live_addr") for k in (0, 1))
    b.token("phone", [who[3]], "tel")
    world = opened(b, tmp_path)
    assert world.token_of("address").tolist() == [first, second, first, -1]
    world.con.close()
