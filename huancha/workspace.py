"""What is open now: one workspace folder, its live snapshot, its latest scan, its graph."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import NoScan, NoSnapshot
from graph.ids import Prefix, blind_id
from graph.results import Scan, latest_scan
from graph.snapshot import Snapshot, current_snapshot
from huancha.identities import VaultIdentities, codes_at, vault_fields
from huancha.settings import read_settings

if TYPE_CHECKING:
    from casework.store import Store as Casework
    from graph.store.base import Store, View
    from graph.store.neo4j_ import Server


@dataclass(frozen=True)
class Workspace:
    """An open workspace. Opening reads nothing; each call looks at what is live at that moment."""

    path: Path

    def snapshot(self) -> Snapshot | None:
        """The live snapshot, or None before the first load."""
        try:
            return current_snapshot(self.path)
        except NoSnapshot:
            return None

    def scan(self) -> Scan | None:
        """The latest finished scan, or None before the first."""
        try:
            return latest_scan(self.path)
        except NoScan:
            return None

    @cached_property
    def store(self) -> "Store":
        """The graph store; one for as long as the workspace is open, so that views stay cheap.

        The server that HUANCHA_GRAPH names; without one the workspace itself.
        """
        server = graph_server()
        if server is not None:
            from graph.store.neo4j_store import Neo4jStore

            return Neo4jStore(self.path, server)
        return self.own_store

    @cached_property
    def own_store(self) -> "Store":
        """The graph as the workspace itself holds it, whatever server the settings name."""
        from graph.store.embedded import EmbeddedStore

        return EmbeddedStore(self.path)

    def view(self) -> "View":
        """The graph over the live snapshot and the latest scan, as they are at this moment.

        Raises `NoSnapshot` before the first load.
        """
        return self.store.view()

    def casework(self) -> "Casework":
        """The store of decisions, where the settings put it; the caller closes it.

        Raises `UnusableStore` and `NewerStore`.
        """
        from casework.store import open_store

        return open_store(self.path, read_settings().casework)

    def codes(self, ids: Iterable[str]) -> dict[str, str]:
        """The platform codes (psn_no, prac_psn_code, fixmedins_code) behind blind `ids`.

        Opens the vault for people and staff: callers decide who may see the answer. A practitioner with
        several staff codes gets the first; unknown ids are left out.
        """
        from loaders.vault import open_vault

        wanted = set(ids)
        snapshot = current_snapshot(self.path)
        found: dict[str, str] = {}
        prefixes = {id_.partition("_")[0] for id_ in wanted}
        if prefixes & {Prefix.FACILITY, Prefix.PHARMACY}:
            with snapshot.connect() as con:
                rows = con.execute("SELECT id, code FROM places").fetchall()
            found |= {id_: code for id_, code in rows if id_ in wanted}
        vault = open_vault(self.path, snapshot.id)
        for prefix, table, code in (
            (Prefix.PATIENT, "people", "psn_no"),
            (Prefix.PRACTITIONER, "staff", "prac_psn_code"),
        ):
            if prefix not in prefixes:
                continue
            columns = vault.table(table, columns=["id", code])
            for id_, value in zip(
                columns["id"].to_pylist(), columns[code].to_pylist(), strict=True
            ):
                if id_ in wanted:
                    found.setdefault(id_, value)
        return found

    def registration_codes(
        self, registrations: Collection[tuple[str, str]]
    ) -> dict[tuple[str, str], tuple[str, str]]:
        """prac_psn_code and fixmedins_code by practitioner and place, their blind ids; empty where unknown.

        Of several staff codes it is the one last registered at that place, else the first. Opens the vault.
        """
        at = codes_at(self.path, registrations)
        codes = self.codes({id_ for both in registrations for id_ in both})
        return {
            (who, place): (at.get((who, place), codes.get(who, "")), codes.get(place, ""))
            for who, place in registrations
        }

    def ids_of(self, code: str) -> tuple[str, ...]:
        """The blind ids that a platform code (psn_no, prac_psn_code) may stand for, known or not.

        A patient's and a practitioner's follow from the code; for a practitioner of several codes the
        vault is opened. Raises `LoadError` where the workspace's keys are not here or do not fit.
        """
        from loaders.vault import open_vault

        vault = open_vault(self.path, current_snapshot(self.path).id)
        found = [
            blind_id(vault.keys.id, kind, code) for kind in (Prefix.PATIENT, Prefix.PRACTITIONER)
        ]
        if vault.has("staff"):
            staff = vault.table("staff", columns=["prac_psn_code", "id"]).to_pydict()
            pairs = zip(staff["prac_psn_code"], staff["id"], strict=True)
            found += [id_ for known, id_ in pairs if known == code]
        return tuple(dict.fromkeys(found))

    def in_clear(self, id_: str, field: str) -> str | None:
        """The value of one of `vault_fields(id_)`; None where the vault holds none.

        Callers decide who may see it, and audit it. Raises `LoadError` where the vault does not open,
        `KeyError` for any other field.
        """
        if field not in vault_fields(id_):
            raise KeyError(field)
        return self.identities().of([id_]).get(id_, {}).get(field)

    def name_of(self, id_: str) -> str:
        """The name of a practitioner or a place, in clear as `in_clear` gives it; the id where nobody noted one."""
        if id_.startswith(f"{Prefix.PRACTITIONER}_"):
            return self.in_clear(id_, "name") or id_
        snapshot = self.snapshot()
        if snapshot is None:
            return id_
        with snapshot.connect() as con:
            row = con.execute("SELECT name FROM places WHERE id = ?", [id_]).fetchone()
        return (row and row[0]) or id_

    def identities(self) -> VaultIdentities:
        """Who stands behind blind ids in the live snapshot; callers decide who may see it."""
        return VaultIdentities(self.path)

    def ids(self, table: str, keys: Iterable[int]) -> dict[int, str]:
        """The blind ids behind machine `keys` of `patients`, `places` or `practitioners`.

        Keys stay the same from one snapshot to the next, so any scan's keys can be asked for.
        """
        key = {"patients": "patient", "places": "place", "practitioners": "practitioner"}[table]
        with current_snapshot(self.path).connect() as con:
            rows = con.execute(
                f"SELECT {key}, id FROM {table} WHERE {key} IN (SELECT unnest(?::INTEGER[]))",
                [sorted(set(keys))],
            ).fetchall()
        return dict(rows)


def graph_server(address: str | None = None) -> "Server | None":
    """The Neo4j server at `address`, or the one the settings name, or None; raises `BadSetting`."""
    settings = read_settings()
    named = address or settings.graph
    if named is None:
        return None
    from graph.store.neo4j_ import Server

    return Server(
        named,
        settings.graph_user,
        settings.password(),
        database=settings.graph_database,
        retry_time=settings.graph_patience,
    )


def open_workspace(path: Path) -> Workspace:
    """Open the workspace at `path`; it may be empty or not exist yet."""
    return Workspace(path)
