"""Opening, versions, one writer at a time, and nothing half-written; on both databases."""

import re
import sqlite3
import threading
from functools import partial
from pathlib import Path

import pytest

from casework.errors import NewerStore, RefusedByStore, UnusableStore
from casework.sql import func, insert, inspect, select, update
from casework.store import FILE, migrations, open_store, tables
from casework.store.migrations import MIGRATIONS, migrate

SCHEMAS = Path(__file__).parent / "schemas"


def version(store):
    with store.read() as tx:
        return tx.execute(select(tables.VERSION.c.version)).scalar_one()


def schema(folder, number):
    """What SQLite keeps of version `number`, a line each, without the spaces of its making."""
    if number == 0:
        return []
    up_to = partial(migrate, upto=number)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("casework.store.database.migrate", up_to)
        open_store(folder / str(number)).close()
    with sqlite3.connect(folder / str(number) / FILE) as connection:
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name")
        return [re.sub(r"\s+", " ", sql) + ";\n" for (sql,) in rows]


def made_by(folder, number):
    """What version `number` adds, and as a comment what it takes away."""
    before, after = schema(folder, number - 1), schema(folder, number)
    gone = [f"-- {line}" for line in before if line not in after]
    return "".join([*gone, *(line for line in after if line not in before)])


def test_an_empty_place_gets_the_current_version_and_keeps_it(place):
    for _ in range(2):
        with open_store(*place) as store:
            assert version(store) == len(MIGRATIONS)


def test_the_tables_made_are_the_tables_we_use(store):
    with store.read() as tx:
        made = inspect(tx)
        assert set(made.get_table_names()) == set(tables.METADATA.tables)
        for name, table in tables.METADATA.tables.items():
            columns = {column["name"]: column["nullable"] for column in made.get_columns(name)}
            assert columns == {column.name: column.nullable for column in table.columns}


@pytest.mark.parametrize("number", range(1, len(MIGRATIONS) + 1))
def test_what_a_version_makes_never_changes(tmp_path, number):
    """`schemas/` holds what each version made; a change of it belongs in a new migration."""
    assert made_by(tmp_path, number) == (SCHEMAS / f"{number:04}.sql").read_text("utf-8")


@pytest.mark.parametrize("number", range(1, len(MIGRATIONS) + 1))
def test_every_version_comes_up_to_the_current_one(place, monkeypatch, number):
    with monkeypatch.context() as patch:
        patch.setattr("casework.store.database.migrate", partial(migrate, upto=number))
        open_store(*place).close()
    with open_store(*place) as store:
        assert version(store) == len(MIGRATIONS)


def test_a_store_of_newer_software_is_left_alone(place):
    with open_store(*place) as store, store.write() as tx:
        tx.execute(update(tables.VERSION).values(version=len(MIGRATIONS) + 1))
    with pytest.raises(NewerStore) as refused:
        open_store(*place)
    assert refused.value.held == len(MIGRATIONS) + 1


def test_a_migration_that_fails_leaves_nothing(place, monkeypatch):
    def fails(tx):
        tx.exec_driver_sql("CREATE TABLE half (n INTEGER)")
        raise ZeroDivisionError

    open_store(*place).close()
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, fails))
        patch.setattr(
            "casework.store.database.migrate",
            lambda tx, name: migrate(tx, name, len(MIGRATIONS) + 1),
        )
        with pytest.raises(ZeroDivisionError):
            open_store(*place)
    with open_store(*place) as store, store.read() as tx:
        assert version(store) == len(MIGRATIONS)
        assert not inspect(tx).has_table("half")


def test_writers_wait_for_each_other_and_readers_see_one_moment(store):
    count = select(func.count()).select_from(tables.VERSION)

    def more():
        with store.write() as tx:
            held = tx.execute(count).scalar_one()
            tx.execute(insert(tables.VERSION).values(version=held))

    version_before = version(store)
    with store.read() as tx:
        before = tx.execute(count).scalar_one()
        writers = [threading.Thread(target=more) for _ in range(8)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert tx.execute(count).scalar_one() == before
    with store.read() as tx:
        found = tx.execute(select(tables.VERSION.c.version)).scalars().all()
    assert sorted(found) == sorted([version_before, *range(1, 9)])


def test_a_reading_transaction_cannot_write(store):
    with pytest.raises(UnusableStore, match=r"read-?only"), store.read() as tx:
        tx.execute(update(tables.VERSION).values(version=7))


def test_an_error_undoes_what_was_written(store):
    def fails():
        with store.write() as tx:
            tx.execute(insert(tables.VERSION).values(version=7))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert version(store) == len(MIGRATIONS)


def test_what_the_database_refuses_is_told_as_a_sentence(store):
    with (
        pytest.raises(RefusedByStore, match="the audit has one head") as refused,
        store.write() as tx,
    ):
        tx.execute(insert(tables.AUDIT_HEAD).values(entries=0, hash=""))
    assert refused.value.why == "the audit has one head"


@pytest.mark.parametrize(
    "url", ["mysql://who:secret@where/what", "secret", "postgresql://u:secret@127.0.0.1:1/d"]
)
def test_an_address_that_is_none_of_ours_is_refused_without_its_password(tmp_path, url):
    with pytest.raises(UnusableStore) as refused:
        open_store(tmp_path, url)
    assert "secret" not in str(refused.value)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / FILE).write_bytes(b"not a database" * 100)
    with pytest.raises(UnusableStore):
        open_store(tmp_path)
