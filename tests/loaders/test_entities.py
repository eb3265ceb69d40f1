"""Keys and ids of entities depend on what was sent, not on how it was cut or shuffled."""

import random
from datetime import timedelta

import pytest

from loaders.vault import fresh_keys, write_keys
from tests.loaders.exports import (
    NOW,
    PERSON,
    REGISTRATION,
    STAFF,
    load,
    query,
    sealed,
    visit,
    write_csv,
    write_workbook,
)  # fmt: skip

PEOPLE = [
    {
        **PERSON,
        "psn_no": f"P{n % 7}",
        "tel": f"1390000000{n % 4}",
        "bankacct": f"62220000{n % 3}",
        "certno": "",
    }
    for n in range(0, 14, 2)
]
VISITS = [
    visit(n, psn_no=f"P{n % 9}", fixmedins_code=f"{'HP'[n % 2]}1101010000{n % 4}", atddr_no=f"D{n % 5}", opter=f"OP{n % 3}")
    for n in range(60)
]  # fmt: skip
DOCTORS = [
    {
        **STAFF,
        "prac_psn_code": f"D{n}",
        "psn_name": "王伟",
        "certno": "",
        "prac_cert_no": f"ZY{n % 3}",
    }
    for n in range(4)
]
REGISTRATIONS = [{**REGISTRATION, "prac_psn_code": f"D{n}"} for n in range(4)]
FACTS = "COLUMNS(lambda c: c NOT IN ('src', 'line'))"
ENTITIES = ("patients", "places", "practitioners", "tokens")


def everything(workspace):
    found = {}
    for table in ENTITIES:
        key = "token" if table == "tokens" else table.removesuffix("s")
        found[table] = query(workspace, f"SELECT {FACTS} FROM {table} ORDER BY {key}")
    found["holds"] = query(workspace, "FROM holds ORDER BY ALL")
    found["setl_d"] = query(workspace, f"SELECT {FACTS} FROM setl_d ORDER BY setl_id")
    for table in ("people", "staff", "places", "tokens"):
        found[f"vault {table}"] = [
            {k: v for k, v in row.items() if k not in ("src", "line")}
            for row in sealed(workspace, table)
        ]
    return found


@pytest.fixture(scope="module")
def keys():
    return fresh_keys()


@pytest.fixture(scope="module")
def whole(tmp_path_factory, keys):
    place = tmp_path_factory.mktemp("whole")
    for name, rows in (
        ("setl_d", VISITS),
        ("psn_info_b", PEOPLE),
        ("prac_psn_b", DOCTORS),
        ("prac_reg_d", REGISTRATIONS),
    ):
        write_csv(place / f"in/{name}.csv", rows)
    (place / "ws").mkdir()
    write_keys(place / "ws", keys)
    load(place / "in", place / "ws")
    return everything(place / "ws")


@pytest.mark.parametrize("seed", range(4))
def test_split_and_shuffled_files_give_the_same_entities(tmp_path, whole, keys, seed):
    chance = random.Random(seed)
    for name, rows in (
        ("setl_d", VISITS),
        ("psn_info_b", PEOPLE),
        ("prac_psn_b", DOCTORS),
        ("prac_reg_d", REGISTRATIONS),
    ):
        rows = chance.sample(rows, len(rows))
        cut = chance.randrange(1, len(rows))
        write_csv(tmp_path / f"in/{name}__a.csv", rows[:cut], chance.choice(["utf-8", "gb18030"]))
        part = rows[cut:]
        write_workbook(
            tmp_path / f"in/{name}__b.xlsx",
            {"s": [list(part[0]), *(list(r.values()) for r in part)]},
        )
    (tmp_path / "ws").mkdir()
    write_keys(tmp_path / "ws", keys)
    load(tmp_path / "in", tmp_path / "ws")
    assert everything(tmp_path / "ws") == whole


def test_deltas_give_the_same_facts_under_stable_keys(tmp_path, whole, keys):
    """Over several loads keys follow the order of arrival; what hangs on an id does not change."""
    (tmp_path / "ws").mkdir()
    write_keys(tmp_path / "ws", keys)
    write_csv(tmp_path / "1/setl_d.csv", VISITS[:30])
    write_csv(tmp_path / "2/psn_info_b.csv", PEOPLE)
    write_csv(tmp_path / "2/prac_psn_b.csv", DOCTORS[:2])
    write_csv(tmp_path / "3/setl_d.csv", VISITS[30:])
    write_csv(tmp_path / "3/prac_psn_b.csv", DOCTORS[2:])
    write_csv(tmp_path / "3/prac_reg_d.csv", REGISTRATIONS)
    ids = {}
    for number in (1, 2, 3):
        load(tmp_path / str(number), tmp_path / "ws", NOW + timedelta(days=number))
        now = {
            (t, k): i
            for t in ("patients", "places", "tokens")
            for k, i in query(
                tmp_path / "ws", f"SELECT {'token' if t == 'tokens' else t[:-1]}, id FROM {t}"
            )
        }
        assert {k: now[k] for k in ids} == ids
        ids = now
    sql = (
        "SELECT v.setl_id, p.id, p.gend, p.known, f.id, f.kind, d.id, d.basis, d.codes, o.id FROM setl_d AS v "
        "JOIN patients AS p USING (patient) JOIN places AS f USING (place) "
        "JOIN practitioners AS d USING (practitioner) JOIN tokens AS o ON o.token = v.operator ORDER BY 1"
    )
    for name, rows in (
        ("setl_d", VISITS),
        ("psn_info_b", PEOPLE),
        ("prac_psn_b", DOCTORS),
        ("prac_reg_d", REGISTRATIONS),
    ):
        write_csv(tmp_path / f"whole/{name}.csv", rows)
    (tmp_path / "once").mkdir()
    write_keys(tmp_path / "once", keys)
    load(tmp_path / "whole", tmp_path / "once")
    assert query(tmp_path / "ws", sql) == query(tmp_path / "once", sql)
    held = "SELECT t.id, t.kind, t.holders FROM tokens AS t ORDER BY 1"
    assert query(tmp_path / "ws", held) == query(tmp_path / "once", held)
