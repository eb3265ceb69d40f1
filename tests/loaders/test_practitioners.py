"""Staff codes become persons: by certno, certificate, name and place, never by a name alone."""

from datetime import timedelta

import pytest

from graph.schema import Basis, Profession
from loaders.practitioners import Staff, profession, resolve
from tests.loaders.exports import NOW, REGISTRATION, STAFF, load, query, sealed, visit, write_csv

CERT = "11010119900307889X"
OTHER = "110101196001010006"


def persons(*staff):
    return [(p.codes, str(p.basis), p.confidence) for p in resolve(staff)]


def test_the_same_certno_is_one_person():
    assert persons(
        Staff("D2", True, "王伟", CERT),
        Staff("D1", True, "王玮", CERT),
        Staff("D3", True, "王伟", OTHER),
    ) == [(["D1", "D2"], "certno", 0.99), (["D3"], "code", 1.0)]


def test_the_same_certificate_is_one_person_unless_certnos_differ():
    assert persons(
        Staff("D1", True, "王伟", CERT, "ZY1"), Staff("D2", True, "王伟", None, "ZY1")
    ) == [(["D1", "D2"], "certificate", 0.95)]
    assert (
        len(
            persons(Staff("D1", True, "王伟", CERT, "ZY1"), Staff("D2", True, "王伟", OTHER, "ZY1"))
        )
        == 2
    )


def test_the_same_name_needs_the_same_place():
    one, two = (
        Staff("D1", True, "王伟", places=("H1",)),
        Staff("D2", True, "王伟", places=("H1", "H2")),
    )
    assert persons(one, two) == [(["D1", "D2"], "name+place", 0.7)]
    assert len(persons(one, Staff("D2", True, "王伟", places=("H2",)))) == 2
    assert len(persons(Staff("D1", True, "王伟"), Staff("D2", True, "王伟"))) == 2
    assert (
        len(
            persons(
                Staff("D1", True, None, places=("H1",)), Staff("D2", True, None, places=("H1",))
            )
        )
        == 2
    )


def test_a_name_at_a_place_never_bridges_two_certnos():
    found = persons(
        Staff("D1", True, "王伟", CERT, places=("H1",)),
        Staff("D2", True, "王伟", None, places=("H1",)),
        Staff("D3", True, "王伟", OTHER, places=("H1",)),
    )
    assert [codes for codes, *_ in found] == [["D1"], ["D2"], ["D3"]]
    different_certificates = persons(
        Staff("D1", True, "王伟", None, "ZY1", places=("H1",)),
        Staff("D2", True, "王伟", None, "ZY2", places=("H1",)),
    )
    assert len(different_certificates) == 2


def test_a_number_typed_for_everybody_is_no_identity():
    names = ("甲", "乙", "丙", "丁")
    assert len(persons(*(Staff(f"D{n}", True, name, CERT) for n, name in enumerate(names)))) == 4
    assert (
        len(persons(*(Staff(f"D{n}", True, name, None, "0") for n, name in enumerate(names)))) == 4
    )


def test_the_weakest_link_is_the_confidence():
    found = persons(
        Staff("D1", True, "王伟", CERT),
        Staff("D2", True, "王伟", CERT, places=("H1",)),
        Staff("D3", True, "王伟", places=("H1",)),
    )
    assert found == [(["D1", "D2", "D3"], "name+place", 0.7)]


def test_unknown_codes_come_last_and_count_for_less():
    assert persons(Staff("D9", False)) == [(["D9"], "code", 0.5)]
    known_first = persons(Staff("D1", False, "王伟", CERT), Staff("D2", True, "王伟", CERT))
    assert known_first[0][0] == ["D2", "D1"]


def test_earlier_persons_are_joined_not_parted():
    apart = resolve(
        [
            Staff("D1", True, "甲", CERT, person=4),
            Staff("D2", True, "乙", OTHER, person=4, basis=Basis.CERTNO, confidence=0.99),
        ]
    )
    assert [(p.codes, p.key) for p in apart] == [(["D1", "D2"], 4)]
    joined = resolve(
        [Staff("D1", True, "甲", CERT, person=7), Staff("D2", True, "甲", CERT, person=3)]
    )
    assert [(p.codes, p.key) for p in joined] == [(["D1", "D2"], 3)]


@pytest.mark.parametrize(
    ("code", "kind", "found"),
    [
        ("D110101000001", None, Profession.DOCTOR),
        ("HY110101000001", None, Profession.PHARMACIST),
        ("HJ110101000001", None, Profession.TECHNICIAN),
        ("N110101000001", None, Profession.NURSE),
        ("D110101000001", "3", Profession.PHARMACIST),
        ("0042", None, Profession.DOCTOR),
    ],
)  # fmt: skip
def test_professions(code, kind, found):
    assert profession(code, kind) is found


def test_a_master_that_comes_later_joins_persons_in_earlier_visits(tmp_path):
    write_csv(
        tmp_path / "a/setl_d.csv",
        [visit(1, atddr_no="D1"), visit(2, atddr_no="D2"), visit(3, atddr_no="本地7")],
    )
    load(tmp_path / "a", tmp_path / "ws")
    assert query(tmp_path / "ws", "SELECT setl_id, practitioner FROM setl_d ORDER BY 1") == [
        ("S1", 0), ("S2", 1), ("S3", 2),
    ]  # fmt: skip
    staff = [
        {**STAFF, "prac_psn_code": code, "certno": CERT, "mul_prac_flag": flag}
        for code, flag in (("D1", "0"), ("D2", "1"))
    ]
    write_csv(tmp_path / "b/prac_psn_b.csv", staff)
    write_csv(tmp_path / "b/prac_reg_d.csv", [{**REGISTRATION, "prac_psn_code": "D2"}])
    report = load(tmp_path / "b", tmp_path / "ws", NOW + timedelta(days=1))
    assert query(tmp_path / "ws", "SELECT setl_id, practitioner FROM setl_d ORDER BY 1") == [
        ("S1", 0), ("S2", 0), ("S3", 2),
    ]  # fmt: skip
    assert query(tmp_path / "ws", "SELECT practitioner FROM prac_reg_d") == [(0,)]
    found = query(
        tmp_path / "ws",
        "SELECT practitioner, known, codes, basis, confidence, multi_site FROM practitioners ORDER BY 1",
    )
    assert found == [(0, True, 2, "certno", 0.99, True), (2, False, 1, "code", 0.5, False)]
    assert [(s["practitioner"], s["prac_psn_code"]) for s in sealed(tmp_path / "ws", "staff")] == [
        (0, "D1"), (0, "D2"), (2, "本地7"),
    ]  # fmt: skip
    assert report.warnings["unknown_practitioner"] == 0


def test_codes_unknown_to_the_master_are_warned_of(tmp_path):
    write_csv(tmp_path / "in/setl_d.csv", [visit(1), visit(2, atddr_no="0042")])
    write_csv(tmp_path / "in/prac_psn_b.csv", [STAFF])
    report = load(tmp_path / "in", tmp_path / "ws")
    assert report.warnings["unknown_practitioner"] == 1


def test_a_certno_that_fails_its_check_joins_nobody(tmp_path):
    staff = [
        {**STAFF, "prac_psn_code": code, "certno": "110101199003078899"} for code in ("D1", "D2")
    ]
    write_csv(tmp_path / "in/prac_psn_b.csv", staff)
    report = load(tmp_path / "in", tmp_path / "ws")
    assert report.warnings["certno_check"] == 2
    assert query(tmp_path / "ws", "SELECT count(*) FROM practitioners") == [(2,)]
