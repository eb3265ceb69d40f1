"""One door written in several ways is one address token; two doors are two."""

import pytest

from tests.loaders.exports import PERSON, load, query, visit, write_csv

DOORS = {
    "幸福里8-1-2404": "幸福里8号楼1单元2404室",
    "和平路６号院３号楼103": "和平路6号院3号楼103室",
    "东街12号": "东街 12 号",
    "南关23#2门501": "南关23栋2单元501户",
}


@pytest.mark.parametrize("one", DOORS)
def test_one_door_written_in_two_ways(one, tmp_path):
    assert held(tmp_path, one, DOORS[one]) == [(1, 2)]


def test_neighbours_stay_apart(tmp_path):
    assert held(tmp_path, "幸福里8号楼1单元2404室", "幸福里8号楼1单元2405室") == [(2, 2)]
    assert held(tmp_path, "东街12号1单元", "东街121号单元") == [(2, 2)]


def held(folder, one, other):
    """How many address tokens two people hold, and how many hold one."""
    people = [PERSON | {"psn_no": f"P{i}", "live_addr": a} for i, a in enumerate((one, other))]
    source = folder / f"in-{len(list(folder.iterdir()))}"
    write_csv(source / "psn_info_b.csv", people)
    write_csv(source / "setl_d.csv", [visit(1, psn_no="P0"), visit(2, psn_no="P1")])
    load(source, source.with_name(f"{source.name}-ws"))
    sql = "SELECT count(DISTINCT token), count(DISTINCT owner) FROM holds WHERE field = 'live_addr'"
    return query(source.with_name(f"{source.name}-ws"), sql)
