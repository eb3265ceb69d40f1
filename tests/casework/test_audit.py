"""The chain finds whatever was changed; the database refuses to change it; nobody acts as nobody."""

import sqlite3
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework import audit
from casework.errors import NoReason, RefusedByStore, UnknownActor
from casework.people import Actor, Role
from casework.sql import delete, func, insert, select, text, update
from casework.store import FILE, open_store
from casework.store.tables import AUDIT, AUDIT_HEAD
from tests.casework.conftest import NOW

COLUMNS = [column.name for column in AUDIT.columns if column.name != "no"]


def write(store, actor, many=3):
    with store.write() as tx:
        for number in range(many):
            audit.append(
                tx, actor, "case.open", f"cs_{number}", f"线索属实 {number}",
                NOW + timedelta(days=number), "条例 40", {"ring": "rg_a", "fen": number},
            )  # fmt: skip


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """A workspace whose store holds three entries and has lost its triggers."""
    workspace = tmp_path_factory.mktemp("audit")
    with open_store(workspace) as store:
        write(store, Actor("陈晨", frozenset({Role.INVESTIGATOR})))
        with store.write() as tx:
            names = tx.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            for (name,) in names.all():
                tx.execute(text(f"DROP TRIGGER {name}"))
        yield store, workspace / FILE


def test_entries_say_who_what_when_why_and_under_which_law(store, chen):
    write(store, chen)
    page = audit.entries(store)
    assert (page.total, [one.no for one in page.entries]) == (3, [3, 2, 1])
    first = page.entries[-1]
    assert (first.actor, first.roles, first.action) == ("陈晨", ("investigator",), "case.open")
    assert (first.subject, first.why, first.at) == ("cs_0", "线索属实 0", NOW)
    assert (first.law, first.facts) == ("条例 40", {"ring": "rg_a", "fen": 0})
    assert audit.verify(store) is None


def test_the_list_pages_and_filters(store, chen, li):
    write(store, chen, 4)
    with store.write() as tx:
        audit.append(tx, li, "case.close", "cs_0", "查实", NOW + timedelta(days=9))
    nos = lambda **given: [one.no for one in audit.entries(store, **given).entries]  # noqa: E731
    assert nos(offset=1, limit=2) == [4, 3]
    assert nos(actor="李立") == nos(action="case.close") == [5]
    assert nos(subject="cs_0") == [5, 1]
    assert nos(first=date(2026, 3, 3), last=date(2026, 3, 4)) == [3, 2]
    assert audit.entries(store, actor="陈晨", limit=1).total == 4


def test_the_entry_goes_with_its_change(store, chen):
    def fails():
        with store.write() as tx:
            audit.append(tx, chen, "case.open", "cs_1", "why", NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert audit.entries(store).total == 0
    assert audit.verify(store) is None


@pytest.mark.parametrize("nobody", [None, "陈晨"])
def test_nothing_is_written_for_nobody(store, nobody):
    with pytest.raises(UnknownActor), store.write() as tx:
        audit.append(tx, nobody, "case.open", "cs_1", "why", NOW)
    assert audit.entries(store).total == 0


def test_nobody_is_no_actor(store, chen):
    for name, roles in (("", {Role.ADMIN}), (" ", {Role.ADMIN}), ("陈晨", ())):
        with pytest.raises(UnknownActor):
            Actor(name, frozenset(roles))
    with pytest.raises(NoReason), store.write() as tx:
        audit.append(tx, chen, "case.open", "cs_1", "  ", NOW)


@pytest.mark.parametrize(
    "breach",
    [
        lambda: update(AUDIT).where(AUDIT.c.no == 2).values(why="other"),
        lambda: delete(AUDIT).where(AUDIT.c.no == 3),
        lambda: delete(AUDIT),
        lambda: update(AUDIT_HEAD).values(entries=2, hash=""),
        lambda: update(AUDIT_HEAD).values(entries=4, hash=""),
        lambda: delete(AUDIT_HEAD),
        lambda: insert(AUDIT_HEAD).values(entries=0, hash=""),
        lambda: insert(AUDIT).from_select([*AUDIT.columns], select(AUDIT).where(AUDIT.c.no == 1)),
    ],
)
def test_the_database_refuses_to_change_it(store, chen, breach):
    write(store, chen)
    with pytest.raises(RefusedByStore), store.write() as tx:
        tx.execute(breach())
    assert audit.verify(store) is None
    assert audit.entries(store).total == 3


def test_no_statement_of_one_database_gets_round_it(store, chen):
    write(store, chen)
    sqlite = store.name.startswith("sqlite")
    round_it = "REPLACE INTO audit SELECT * FROM audit" if sqlite else "TRUNCATE audit"
    with pytest.raises(RefusedByStore), store.write() as tx:
        tx.execute(text(round_it))
    assert audit.entries(store).total == 3


@settings(deadline=None)
@given(
    no=st.integers(1, 3),
    column=st.sampled_from(COLUMNS),
    where=st.integers(0),
    bit=st.integers(0, 7),
)
def test_any_changed_bit_is_found(opened, no, column, where, bit):
    """Below the database's own rules: the bytes of one column, one bit turned, and turned back."""
    store, file = opened
    with sqlite3.connect(file, isolation_level=None) as raw:
        (kept,) = raw.execute(
            f"SELECT CAST({column} AS BLOB) FROM audit WHERE no = {no}"
        ).fetchone()
        changed = bytearray(kept)
        changed[where % len(kept)] ^= 1 << bit
        put = f"UPDATE audit SET {column} = CAST(? AS TEXT) WHERE no = {no}"
        raw.execute(put, [bytes(changed)])
        try:
            broken = audit.verify(store)
        finally:
            raw.execute(put, [kept])
    raw.close()
    assert broken is not None
    assert broken.no == no
    assert audit.verify(store) is None


@pytest.mark.parametrize(
    ("change", "no"),
    [
        ("DELETE FROM audit WHERE no = 3", 3),
        ("DELETE FROM audit WHERE no = 1", 1),
        ("DELETE FROM audit WHERE no = 2", 2),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET no = 9 WHERE no = 3", 3),
        ("UPDATE audit SET law = NULL WHERE no = 2", 2),
        ("UPDATE audit SET why = CAST(why AS BLOB) WHERE no = 2", 2),
        ("DELETE FROM audit_head", 4),
        ("UPDATE audit_head SET entries = 2", 4),
    ],
)
def test_whatever_is_missing_or_moved_is_found(opened, change, no):
    store, file = opened
    with sqlite3.connect(":memory:") as kept, sqlite3.connect(file) as raw:
        raw.backup(kept)
        raw.execute(change)
        raw.commit()
        broken = audit.verify(store)
        kept.backup(raw)
    kept.close()
    raw.close()
    assert broken is not None
    assert broken.no == no
    assert audit.verify(store) is None


def test_many_entries_are_read_in_batches(store, chen, monkeypatch):
    monkeypatch.setattr(audit, "BATCH", 2)
    write(store, chen, 5)
    assert audit.verify(store) is None
    with store.read() as tx:
        assert (
            audit.head(tx).entries == tx.execute(select(func.count(AUDIT.c.no))).scalar_one() == 5
        )
