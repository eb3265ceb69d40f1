"""What the vault says of ids, all at once: the same as asked for one by one, and nothing of the unknown."""

import shutil
from datetime import timedelta

from huancha.identities import vault_fields
from huancha.workspace import open_workspace
from loaders.vault import open_vault
from tests.loaders.exports import (
    NOW,
    PERSON,
    REGISTRATION,
    STAFF,
    VISIT,
    load,
    query,
    visit,
    write_csv,
)

LATER = NOW + timedelta(days=1)


def test_every_kind_is_found_in_its_table(office):
    workspace = open_workspace(office.workspace)
    snapshot = workspace.snapshot()
    vault = open_vault(office.workspace, snapshot.id)
    people = vault.table("people").slice(0, 40).to_pylist()
    staff = vault.table("staff").slice(0, 40).to_pylist()
    tokens = vault.table("tokens").slice(0, 40).to_pylist()
    places = vault.table("places").to_pylist()
    ids = workspace.ids("places", [row["place"] for row in places])
    found = workspace.identities().of(
        [row["id"] for row in (*people, *staff, *tokens)] + [*ids.values(), "rg_x", "pt_x", "who?"]
    )
    for row in people:
        expected = {"code": row["psn_no"], "addr": row["live_addr"]}
        expected |= {field: row[field] for field in ("name", "certno", "tel", "bankacct")}
        assert found[row["id"]] == {k: v for k, v in expected.items() if v}
    for row in {row["id"]: row for row in reversed(staff)}.values():
        assert found[row["id"]]["code"] == row["prac_psn_code"]
        assert found[row["id"]].get("name") == row["name"]
    assert all(found[row["id"]] == {"value": row["value"]} for row in tokens)
    assert all(found[ids[row["place"]]].get("tel") == row["tel"] for row in places)
    assert found.keys().isdisjoint({"rg_x", "pt_x", "who?"})


def test_one_field_of_one_id_is_what_all_say(office):
    workspace = open_workspace(office.workspace)
    one = open_vault(office.workspace, workspace.snapshot().id).table("people").to_pylist()[0]["id"]
    everything = workspace.identities().of([one])[one]
    assert {f: v for f in vault_fields(one) if (v := workspace.in_clear(one, f))} == everything


def registrations(folder, *rows):
    write_csv(
        folder / "prac_reg_d.csv",
        [
            {**REGISTRATION, "prac_psn_code": code, "fixmedins_code": place, "begntime": since}
            for code, place, since in rows
        ],
    )
    return folder


def test_a_registration_has_the_code_its_place_knows_the_person_by(tmp_path):
    """One person of two codes; a later load moves one of the registrations, and one before knew no codes."""
    staff = [{**STAFF, "prac_psn_code": code, "certno": PERSON["certno"]} for code in ("D1", "D2")]
    write_csv(tmp_path / "1/prac_psn_b.csv", staff)
    write_csv(tmp_path / "1/setl_d.csv", [visit()])
    first = ("D1", "H1", "2020-01-01"), ("D2", "H2", "2021-01-01"), ("D1", "H2", "2019-01-01")
    load(registrations(tmp_path / "1", *first), tmp_path / "ws")
    workspace = open_workspace(tmp_path / "ws")
    ((who,),) = query(workspace.path, "SELECT id FROM practitioners WHERE codes = 2")
    places = dict(query(workspace.path, "SELECT code, id FROM places"))

    def codes(*asked):
        found = workspace.registration_codes([(who, places[place]) for place in asked])
        return {place: found[who, places[place]] for place in asked}

    assert codes("H1", "H2") == {"H1": ("D1", "H1"), "H2": ("D2", "H2")}
    assert codes(VISIT["fixmedins_code"]) == {
        VISIT["fixmedins_code"]: ("D1", VISIT["fixmedins_code"])
    }
    assert workspace.registration_codes([("pr_x", "fa_x")]) == {("pr_x", "fa_x"): ("", "")}
    load(registrations(tmp_path / "2", ("D2", "H1", "2024-01-01")), workspace.path, LATER)
    assert codes("H1", "H2") == {"H1": ("D2", "H1"), "H2": ("D2", "H2")}
    write_csv(tmp_path / "3/setl_d.csv", [visit(2)])
    load(tmp_path / "3", workspace.path, LATER + timedelta(days=1))
    assert codes("H1", "H2") == {"H1": ("D2", "H1"), "H2": ("D2", "H2")}
    shutil.rmtree(workspace.path / "vault" / workspace.snapshot().id / "registered")
    assert codes("H1", "H2") == {"H1": ("D1", "H1"), "H2": ("D1", "H2")}
