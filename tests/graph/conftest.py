"""Stores and worlds for the store contract.

A second store joins by one more entry in `STORES`: a function from a workspace to a `Store` that
holds the workspace's live snapshot and shows its newest scan. `world` is read only and made once per
module; `own` is made anew for each test that writes.
"""

import pytest

from graph.store.embedded import EmbeddedStore
from tests.factory import add_scan, small_world
from tests.graph.oracle import Oracle

STORES = {"embedded": EmbeddedStore}

WORLDS = {
    "usual": {},
    "dense": {"seed": 2, "patients": 12, "places": 3, "practitioners": 3, "tokens": 4},
    "without tables": {
        "seed": 3,
        "visits": 100,
        "without": ("fee_list_d", "psn_kin_d", "mnl_reim_d", "prac_reg_d"),
    },
    "nearly empty": {
        "seed": 4,
        "patients": 3,
        "places": 1,
        "practitioners": 0,
        "tokens": 0,
        "visits": 5,
    },
}


@pytest.fixture(scope="module", params=STORES)
def open_store(request):
    return STORES[request.param]


@pytest.fixture(scope="module", params=WORLDS)
def world(request, open_store, tmp_path_factory):
    """A view and the oracle of the same world; nobody writes to it."""
    workspace = small_world(tmp_path_factory.mktemp("world"), **WORLDS[request.param])
    scan = None if request.param == "nearly empty" else add_scan(workspace)
    return open_store(workspace).view(), Oracle(workspace, scan)


@pytest.fixture
def own(open_store, tmp_path):
    """A store to write to, and the oracle of its world before."""
    workspace = small_world(tmp_path, seed=5, patients=15, visits=120)
    scan = add_scan(workspace)
    return open_store(workspace), Oracle(workspace, scan), workspace
