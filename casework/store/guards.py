"""Rules the database itself holds, whoever connects to it: written once, made for SQLite or PostgreSQL."""

from casework.sql import Table
from casework.store.tables import METADATA
from casework.store.transaction import Tx


def make(tx: Tx, *made: Table) -> None:
    """Create `made` with their indexes."""
    METADATA.create_all(tx, made, checkfirst=False)


def guard(tx: Tx, name: str, event: str, table: str, breach: str, says: str) -> None:
    """Refuse `event` (`INSERT`, `UPDATE` or `DELETE`) on rows of `table` for which `breach` holds.

    `breach` is SQL over NEW and OLD that both databases read; `says` is the sentence of the refusal.
    """
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {breach} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    _function(
        tx,
        name,
        f"IF {breach} THEN RAISE EXCEPTION '{says}' USING ERRCODE = 'check_violation'; END IF; "
        f"RETURN {'OLD' if event == 'DELETE' else 'NEW'};",
    )
    tx.exec_driver_sql(
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def append_only(tx: Tx, table: str) -> None:
    """Refuse every change and removal of a row of `table`."""
    guard(tx, f"{table}_is_never_changed", "UPDATE", table, "TRUE", f"{table} is never changed")
    keep(tx, table)


def keep(tx: Tx, table: str) -> None:
    """Refuse every removal of a row of `table`."""
    name, says = f"{table}_is_never_deleted", f"{table} is never deleted"
    guard(tx, name, "DELETE", table, "TRUE", says)
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql(
            f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table} "
            f"EXECUTE FUNCTION {name}()"
        )


def no_replacing(tx: Tx, table: str, *keys: str) -> None:
    """Refuse SQLite's REPLACE of a row of `table` that has one of `keys`; it asks no other guard."""
    if tx.dialect.name == "sqlite":
        for key in keys:
            held = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"
            name = f"{table}_{key}_is_never_replaced"
            guard(tx, name, "INSERT", table, held, f"{table} is never replaced")


def after_insert(tx: Tx, name: str, table: str, does: str) -> None:
    """Do the statement `does`, SQL over NEW, after each new row of `table`."""
    if tx.dialect.name == "sqlite":
        tx.exec_driver_sql(f"CREATE TRIGGER {name} AFTER INSERT ON {table} BEGIN {does}; END")
        return
    _function(tx, name, f"{does}; RETURN NULL;")
    tx.exec_driver_sql(
        f"CREATE TRIGGER {name} AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def _function(tx: Tx, name: str, body: str) -> None:
    tx.exec_driver_sql(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    )
