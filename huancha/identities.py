"""Who stands behind blind ids: the vault of a snapshot, each of its tables read once for all ids."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.ids import Prefix
from graph.snapshot import Snapshot, current_snapshot

if TYPE_CHECKING:
    from loaders.vault import Vault

_PEOPLE = ("name", "certno", "tel", "bankacct")
_PLACE = ("legrep_name", "legrep_certno", "hi_resper_name", "tel", "addr", "bankacct")


@dataclass(frozen=True)
class Held:
    """Where the vault holds something: table, the column that finds it, the columns by field."""

    table: str
    key: str
    columns: Mapping[str, str]


def _same(names: Iterable[str], **others: str) -> dict[str, str]:
    return {**others, **{name: name for name in names}}


_PLACES = Held("places", "place", _same(_PLACE))
_HELD: Mapping[Prefix, Held] = {
    Prefix.PATIENT: Held("people", "id", _same(_PEOPLE, code="psn_no") | {"addr": "live_addr"}),
    Prefix.PRACTITIONER: Held("staff", "id", _same(_PEOPLE, code="prac_psn_code")),
    Prefix.FACILITY: _PLACES,
    Prefix.PHARMACY: _PLACES,
    Prefix.TOKEN: Held("tokens", "id", {"value": "value"}),
}


def vault_fields(id_: str) -> tuple[str, ...]:
    """What the vault may hold about an id, by field; nothing about a ring."""
    held = _HELD.get(Prefix(id_.partition("_")[0]))
    return tuple(held.columns) if held else ()


@dataclass(frozen=True)
class VaultIdentities:
    """`casework.exports.identities.Identities` over the vault of a workspace: of `snapshot`, or of the live one."""

    workspace: Path
    snapshot: Snapshot | None = None

    def of(self, ids: Iterable[str]) -> dict[str, dict[str, str]]:
        """By blind id the fields of `vault_fields` that are filled.

        A practitioner with several staff codes gets what the first of them says. Ids the vault does not
        know are left out, whatever they look like. Raises `LoadError`, `NoSnapshot`.
        """
        from loaders.vault import open_vault

        snapshot = self.snapshot or current_snapshot(self.workspace)
        vault = open_vault(self.workspace, snapshot.id)
        by_table: dict[str, tuple[Held, list[str]]] = {}
        for id_ in sorted(set(ids)):
            held = _HELD.get(_PREFIXES.get(id_.partition("_")[0], Prefix.RING))
            if held is not None and vault.has(held.table):
                by_table.setdefault(held.table, (held, []))[1].append(id_)
        found: dict[str, dict[str, str]] = {}
        for held, asked in by_table.values():
            keys = _place_keys(snapshot, asked) if held is _PLACES else {id_: id_ for id_ in asked}
            found |= _filled(vault, held, keys)
        return found


def codes_at(
    workspace: Path, registrations: Collection[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """The staff code each practitioner was last registered under at each place, both by blind id.

    A registration the vault knows no code of is left out: it was loaded before the vault kept them.
    Raises `LoadError`, `NoSnapshot`.
    """
    from loaders.vault import open_vault

    snapshot = current_snapshot(workspace)
    vault = open_vault(workspace, snapshot.id)
    if not vault.has("registered"):
        return {}
    people = _having(vault, "staff", "id", {who for who, _ in registrations})
    persons = {row["prac_psn_code"]: row["id"] for row in people}
    places = _place_keys(snapshot, sorted({place for _, place in registrations}))
    known = _having(vault, "registered", "prac_psn_code", persons)
    first = {code: -number for number, code in enumerate(persons)}
    found: dict[tuple[str, str], str] = {}
    for row in sorted(known, key=lambda row: (row["begntime"], first[row["prac_psn_code"]])):
        there = persons[row["prac_psn_code"]], places.get(row["place"], "")
        if there in registrations:
            found[there] = row["prac_psn_code"]
    return found


def _having(
    vault: "Vault", table: str, column: str, values: Collection[str]
) -> list[dict[str, Any]]:
    """The rows of a table of the vault with one of these values in a column."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = vault.table(table)
    wanted = pa.array(sorted(values), pa.string())
    return list(rows.filter(pc.is_in(rows[column], wanted)).to_pylist())


_PREFIXES = {str(prefix): prefix for prefix in Prefix}


def _place_keys(snapshot: Snapshot, ids: list[str]) -> dict[int, str]:
    with snapshot.connect() as con:
        rows = con.execute(
            "SELECT place, id FROM places WHERE id IN (SELECT unnest(?::VARCHAR[]))", [ids]
        ).fetchall()
    return dict(rows)


def _filled(
    vault: "Vault", held: Held, keys: Mapping[int, str] | Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """What `held` says, by the id that stands for each key; the first row of a key."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = vault.table(held.table, [held.key, *held.columns.values()])
    column = rows[held.key]
    wanted = pa.array(list(keys), column.type)
    found: dict[str, dict[str, str]] = {}
    for row in rows.filter(pc.is_in(column, wanted)).to_pylist():
        values = {
            field: str(row[name]) for field, name in held.columns.items() if row[name] is not None
        }
        found.setdefault(keys[row[held.key]], {k: v for k, v in values.items() if v})
    return found
