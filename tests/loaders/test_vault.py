"""The vault: what names somebody is there, sealed, and nowhere else."""

import json
import stat
from dataclasses import replace

import pyarrow as pa
import pytest

from graph.ids import Prefix, blind_id
from graph.snapshot import current_snapshot
from loaders.blind import blind_ids
from loaders.checkdigits import certno_passes, failing_certnos, uscc_passes
from loaders.errors import NoVaultTable, WrongKeys
from loaders.vault import fresh_keys, open_vault, read_keys, read_sealed, write_sealed
from tests.loaders.exports import PERSON, STAFF, load, query, sealed, visit, write_csv

SECRETS = {
    "psn_no": "PSECRET001",
    "psn_name": "欧阳保密",
    "certno": "110101199003078890",
    "tel": "13912345678",
    "live_addr": "保密路77号院3单元",
    "bankacct": "6222021234567890123",
    "emp_name": "保密单位甲",
}
PLACE = {
    "fixmedins_code": "H11010100001", "fixmedins_name": "某医院", "fix_blng_admdvs": "110101",
    "legrep_name": "司马保密", "legrep_certno": "110101196001010006", "hi_resper_name": "诸葛保密",
    "tel": "01087654321", "addr": "保密大街1号", "bankacct": "6333021234567890123",
}  # fmt: skip
RECEIPT = {
    "reim_id": "R1", "psn_no": SECRETS["psn_no"], "medfee_sumamt": "10.00", "agnter_name": "上官保密",
    "agnter_certno": "110101198001010052", "agnter_tel": "13700001111", "bankacct": "6444021234567890123",
}  # fmt: skip
TIP = {
    "tip_id": "T1",
    "tip_time": "2025-03-01",
    "target_code": "H11010100001",
    "content": "实名举报保密内容",
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    place = tmp_path_factory.mktemp("vault")
    folder, workspace = place / "in", place / "ws"
    write_csv(
        folder / "setl_d.csv",
        [
            visit(1, psn_no=SECRETS["psn_no"]),
            visit(2, psn_no=SECRETS["psn_no"], medfee_sumamt="SECRETFEE"),
        ],
    )
    write_csv(
        folder / "psn_info_b.csv", [{**PERSON, **SECRETS}, {**PERSON, **SECRETS, "psn_no": ""}]
    )
    write_csv(
        folder / "prac_psn_b.csv",
        [
            {
                **STAFF,
                "psn_name": "东方保密",
                "certno": "110101197001010071",
                "tel": "13600002222",
                "bankacct": "6555021234567890123",
            }
        ],
    )
    write_csv(folder / "fixmedins_b.csv", [PLACE])
    write_csv(folder / "mnl_reim_d.csv", [RECEIPT])
    write_csv(folder / "tip_d.csv", [TIP])
    load(folder, workspace)
    return workspace


def test_nothing_that_names_somebody_lies_open(workspace):
    secrets = [
        *SECRETS.values(), *(PLACE[n] for n in ("legrep_name", "legrep_certno", "hi_resper_name", "tel", "addr", "bankacct")),
        *(RECEIPT[n] for n in ("agnter_name", "agnter_certno", "agnter_tel", "bankacct")),
        TIP["content"], "东方保密", "110101197001010071", "13600002222", "6555021234567890123", "SECRETFEE",
    ]  # fmt: skip
    files = [file for file in workspace.rglob("*") if file.is_file()]
    assert len(files) > 15
    for file in files:
        content = file.read_bytes()
        for secret in secrets:
            assert secret.encode() not in content, (file, secret)
    for table in current_snapshot(workspace).tables:
        for row in query(workspace, f"FROM {table}"):
            assert not [v for v in row if isinstance(v, str) and any(s in v for s in secrets)]


def test_the_vault_gives_it_back(workspace):
    (person,) = sealed(workspace, "people")
    ((key, id_),) = query(workspace, "SELECT patient, id FROM patients")
    assert person == {
        "patient": key, "id": id_, "psn_no": SECRETS["psn_no"], "name": SECRETS["psn_name"],
        "certno": SECRETS["certno"], "tel": SECRETS["tel"], "live_addr": SECRETS["live_addr"],
        "bankacct": SECRETS["bankacct"], "emp_no": None, "emp_name": SECRETS["emp_name"],
    }  # fmt: skip
    assert sealed(workspace, "staff")[0]["name"] == "东方保密"
    assert sealed(workspace, "places")[0]["legrep_name"] == "司马保密"
    assert sealed(workspace, "tips") == [{"tip_id": "T1", "content": TIP["content"]}]
    (agent,) = sealed(workspace, "agents")
    assert query(
        workspace,
        f"SELECT token FROM mnl_reim_d WHERE agent = {agent['token']}".replace(
            "SELECT token", "SELECT agent"
        ),
    ) == [(agent["token"],)]
    tokens = {(t["kind"], t["value"]) for t in sealed(workspace, "tokens")}
    assert ("phone", SECRETS["tel"]) in tokens
    assert ("certno", RECEIPT["agnter_certno"]) in tokens
    assert open_vault(workspace, current_snapshot(workspace).id).table(
        "people", ["id"]
    ).column_names == ["id"]


def test_ids_are_the_keyed_hashes_of_codes(workspace):
    keys = read_keys(workspace)
    assert query(workspace, "SELECT id FROM patients") == [
        (blind_id(keys.id, Prefix.PATIENT, SECRETS["psn_no"]),)
    ]
    assert query(workspace, "SELECT id FROM places") == [
        (blind_id(keys.id, Prefix.FACILITY, "H11010100001"),)
    ]
    assert query(workspace, "SELECT id FROM practitioners") == [
        (blind_id(keys.id, Prefix.PRACTITIONER, STAFF["prac_psn_code"]),)
    ]


def test_blind_ids_of_many_are_those_of_each(tmp_path):
    from graph.duck import connect

    with connect() as connection:
        connection.execute("CREATE TABLE v AS SELECT '码' || range AS code FROM range(5000)")
        ids = blind_ids(connection, b"k" * 32, Prefix.TOKEN, "FROM v")
        none = blind_ids(connection, b"k" * 32, Prefix.TOKEN, "FROM v WHERE FALSE")
    assert none.num_rows == 0
    for row in ids.to_pylist():
        assert row["id"] == blind_id(b"k" * 32, Prefix.TOKEN, row["code"])


def test_keys_are_the_owners_alone(workspace):
    assert stat.S_IMODE((workspace / "keys.json").stat().st_mode) == 0o600
    keys = read_keys(workspace)
    assert len(keys.id) == len(keys.vault) == 32
    assert keys.id != keys.vault
    assert "keys" not in repr(keys).lower() or keys.vault.hex() not in repr(keys)


def test_wrong_keys_open_nothing(workspace, tmp_path):
    rows = pa.table({"name": ["张三"]})
    keys = fresh_keys()
    file = write_sealed(tmp_path, "people", rows, keys)
    assert read_sealed(file, "people", keys).equals(rows)
    with pytest.raises(WrongKeys):
        read_sealed(file, "people", fresh_keys())
    with pytest.raises(WrongKeys):
        read_sealed(file, "staff", keys)
    with pytest.raises(WrongKeys):
        read_sealed(file, "people", replace(keys, vault=keys.id))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(WrongKeys):
        read_sealed(file, "people", keys)
    with pytest.raises(NoVaultTable):
        open_vault(workspace, current_snapshot(workspace).id).table("nothing")
    (tmp_path / "keys.json").write_text(json.dumps({"id": "00", "vault": "00"}))
    with pytest.raises(WrongKeys):
        read_keys(tmp_path)


def test_check_digits():
    assert certno_passes("11010519491231002X")
    assert certno_passes("11010519491231002x")
    assert not certno_passes("110105194912310021")
    assert not certno_passes("11010519491231002")
    assert not certno_passes("张" * 18)
    assert uscc_passes("91110000600037341L")
    assert not uscc_passes("91110000600037341M")
    assert not uscc_passes("9111000060003734")
    given = pa.chunked_array(
        [["11010519491231002X", None], ["11010519491231002x", "110105194912310021", "短", ""]]
    )
    assert failing_certnos(given).to_pylist() == ["110105194912310021", "短", ""]
    assert failing_certnos(pa.array([], pa.string())).to_pylist() == []


def test_the_fast_check_agrees_with_the_library():
    import random

    chance = random.Random(1)
    numbers = [
        "".join(chance.choices("0123456789", k=17)) + chance.choice("0123456789Xx")
        for _ in range(3000)
    ]
    expected = [n for n in numbers if not certno_passes(n)]
    assert failing_certnos(pa.array(numbers)).to_pylist() == expected
