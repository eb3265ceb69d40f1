"""A small world with a scan and a vault whose every value can be recognised in a file."""

from types import SimpleNamespace

import pytest

from casework.exports.rings import of_ring
from graph.snapshot import current_snapshot
from huancha.workspace import open_workspace
from loaders.vault import write_sealed
from tests.dashboards.worlds import sealed
from tests.factory import add_scan, small_world


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """`workspace`, its `scan`, and `content` of the scan's last ring, which nobody dressed."""
    folder = tmp_path_factory.mktemp("exports")
    path = small_world(folder, seed=3, patients=30, visits=260)
    scan = add_scan(path, size=8)
    keys, snapshot = sealed(path), current_snapshot(path)
    with snapshot.connect() as con:
        tokens = con.sql(
            "SELECT token, id, kind, '139' || (60000000 + token) AS value FROM tokens"
        ).to_arrow_table()
        places = con.sql(
            "SELECT place, '法人' || place AS legrep_name, '12010119700101' || (1000 + place) AS"
            " legrep_certno, '负责人' || place AS hi_resper_name, '0225550' || (1000 + place) AS tel,"
            " '某街' || place || '号' AS addr, '622200' || (10000000 + place) AS bankacct FROM places"
        ).to_arrow_table()
    write_sealed(path / "vault" / snapshot.id / "tokens", "tokens", tokens, keys)
    write_sealed(path / "vault" / snapshot.id / "places", "places", places, keys)
    workspace = open_workspace(path)
    ring = scan.rings().items[-1].ring
    content = of_ring(scan, snapshot, workspace.view(), ring)
    return SimpleNamespace(
        workspace=workspace, scan=scan, snapshot=snapshot, ring=ring, content=content
    )
