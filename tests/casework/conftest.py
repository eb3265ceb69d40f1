"""An open store on each of the two databases, and people who act."""

import shutil
from contextlib import suppress
from datetime import datetime

import pytest

from casework.errors import RefusedByStore
from casework.people import Actor, Role
from casework.sanctions import Reach, Reached, Registry
from casework.store import FILE, open_store

NOW = datetime(2026, 3, 2, 9, 30)


def registered(*places, snapshot="t0001"):
    """A registry in which everybody is registered at `places`; a code is the id in capitals."""

    def reach(sanction, today):
        lines = tuple(
            Reached(
                who, place, "110105", "内科", True, 1.0, "certno", "正常", "暂停", 3, False, 0, 0, 0
            )
            for who in sorted(sanction.effects)
            for place in places
        )
        return Reach(
            lines, tuple(p for p in sanction.persons if p.practitioner not in sanction.effects)
        )

    return Registry(snapshot, reach, in_capitals)


def in_capitals(registrations):
    """The codes of registrations are their ids in capitals."""
    return {(who, place): (who.upper(), place.upper()) for who, place in registrations}


REGISTRY = registered("fa_a", "fa_b")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    """Where a store may be opened: a workspace, and an address where it is not a file there."""
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").new()
    return tmp_path, url


@pytest.fixture(scope="session")
def empty(tmp_path_factory):
    """The file of a store in which nothing has happened."""
    folder = tmp_path_factory.mktemp("empty")
    open_store(folder).close()
    return folder / FILE


@pytest.fixture
def store(place, empty):
    """A new store."""
    workspace, url = place
    if url is None:
        shutil.copy(empty, workspace)
    with open_store(*place) as opened:
        yield opened


@pytest.fixture
def chen():
    return Actor("陈晨", frozenset({Role.INVESTIGATOR}))


@pytest.fixture
def li():
    return Actor("李立", frozenset({Role.APPROVER}))


@pytest.fixture
def act(store):
    """One call in a transaction of its own."""

    def acting(what, *arguments, **named):
        with store.write() as tx:
            return what(tx, *arguments, **named)

    return acting


def got_round(act, statements):
    """Those of `statements` that the database did not refuse."""
    done = []
    for statement in statements:
        with suppress(RefusedByStore):
            act(lambda tx, statement=statement: tx.execute(statement))
            done.append(str(statement))
    return done
