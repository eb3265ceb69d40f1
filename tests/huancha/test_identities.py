"""What the vault says of ids, all at once: the same as asked for one by one, and nothing of the unknown."""

from huancha.identities import vault_fields
from huancha.workspace import open_workspace
from loaders.vault import open_vault


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
