"""An open store on each of the two databases, and people who act."""

from datetime import datetime

import pytest

from casework.people import Actor, Role
from casework.store import open_store

NOW = datetime(2026, 3, 2, 9, 30)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path):
    """Where a store may be opened: a workspace, and an address where it is not a file there."""
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").new()
    return tmp_path, url


@pytest.fixture
def store(place):
    """A new store."""
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
