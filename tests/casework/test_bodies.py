"""The directory of bodies: dated, a tree, with a common superior that is computed; an office edits its own copy."""

from datetime import date

import pytest

from casework.assistance import lay_out, read_directory
from casework.assistance.errors import BadDirectory, NoBody, NoSuperior

DAY = date(2026, 3, 2)
HEAD = "code,zh,en,superior,begins,ends\n"


def written(workspace, bodies, officers="body,name,duty,tel,begins,ends\n"):
    (workspace / "directory").mkdir(exist_ok=True)
    (workspace / "directory" / "bodies.csv").write_text(HEAD + bodies, "utf-8")
    (workspace / "directory" / "officers.csv").write_text(officers, "utf-8")


def test_ours_is_a_tree_of_three_provinces_under_the_country():
    found = read_directory(DAY)
    assert found.common_superior(["110000", "120000", "130000"]).zh == "国家医疗保障局"
    assert found.common_superior(["110105", "110108"]).zh == "北京市医疗保障局"
    assert found.common_superior(["110105", "120000"]).code == "100000"
    assert [one.code for one in found.above("131000")] == ["131000", "130000", "100000"]
    assert found.province("110105").code == "110000"
    assert {code[:2] for code in found.bodies} == {"10", "11", "12", "13"}
    assert found.of("131000")[0].tel == "0316-0000-0001"


def test_contacts_that_ship_are_invented():
    assert all("示例" in one.name and "0000" in one.tel for one in read_directory(DAY).officers)


def test_a_body_is_not_its_own_superior_and_the_country_has_none():
    found = read_directory(DAY)
    assert found.common_superior(["110000"]).code == "100000"
    with pytest.raises(NoSuperior):
        found.common_superior(["110000", "100000"])
    with pytest.raises(NoBody, match="310000"):
        found.common_superior(["110000", "310000"])


def test_an_office_edits_its_own_copy_with_days(tmp_path):
    assert [file.name for file in lay_out(tmp_path)] == ["bodies.csv", "officers.csv"]
    assert lay_out(tmp_path) == ()
    assert read_directory(DAY, tmp_path) == read_directory(DAY)
    file = tmp_path / "directory" / "bodies.csv"
    file.write_text(
        file.read_text("utf-8-sig").replace(
            "110105,北京市朝阳区医疗保障局,Chaoyang Healthcare Security Bureau,110000,2019-01-01,",
            "110105,朝阳旧名,Old,110000,2019-01-01,2026-03-01\n110105,朝阳新名,New,110000,2026-03-02,",
        ),
        "utf-8",
    )
    assert read_directory(DAY, tmp_path)["110105"].zh == "朝阳新名"
    assert read_directory(date(2026, 3, 1), tmp_path)["110105"].zh == "朝阳旧名"


@pytest.mark.parametrize(
    ("bodies", "why"),
    [
        ("1,甲,A,2,2020-01-01,\n", "stands 2"),
        ("1,甲,A,2,2020-01-01,\n2,乙,B,1,2020-01-01,\n", "stands 1"),
        ("1,甲,A,,2020-01-01,\n1,乙,B,,2020-01-01,\n", "twice"),
        ("1,甲,A,,someday,\n", "line 2, begins"),
        ("1,,A,,2020-01-01,\n", "line 2, zh"),
    ],
)
def test_what_is_no_tree_is_refused(tmp_path, bodies, why):
    written(tmp_path, bodies)
    with pytest.raises(BadDirectory, match=why):
        read_directory(DAY, tmp_path)


def test_an_officer_is_of_a_body(tmp_path):
    written(
        tmp_path, "1,甲,A,,2020-01-01,\n", "body,name,duty,tel,begins,ends\n2,某,x,1,2020-01-01,\n"
    )
    with pytest.raises(BadDirectory, match="of 2"):
        read_directory(DAY, tmp_path)
