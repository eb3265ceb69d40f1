"""A small world with a scan and a vault whose every value can be recognised in a file."""

from datetime import date, datetime
from types import SimpleNamespace

import pytest

from casework.exports.content import Decided, Decision, DecisionKind, Hand
from casework.exports.rings import of_ring
from graph.snapshot import current_snapshot
from huancha.workspace import open_workspace
from loaders.vault import fresh_keys, write_keys, write_sealed
from tests.factory import add_scan, small_world

_PERSON = (
    "'P9000' || (1000 + {key}) AS {code}, '{name}' || (1000 + {key}) AS name, '{area}19800101' || (1000 + {key}) AS certno,"
    " '{tel}' || (1000 + {key}) AS tel, '621700' || (10000000 + {key}) AS bankacct"
)
VAULT = {
    "people": "SELECT id, '某路' || (1000 + patient) || '号' AS live_addr, "
    + _PERSON.format(key="patient", code="psn_no", name="张", area="110101", tel="1380000")
    + " FROM patients",
    "staff": "SELECT id, "
    + _PERSON.format(
        key="practitioner", code="prac_psn_code", name="李", area="130102", tel="1370000"
    )
    + " FROM practitioners",
    "tokens": "SELECT token, id, kind, '139' || (60000000 + token) AS value FROM tokens",
    "places": "SELECT place, '法人' || (1000 + place) AS legrep_name, '12010119700101' || (1000 + place) AS"
    " legrep_certno, '负责人' || (1000 + place) AS hi_resper_name, '0225550' || (1000 + place) AS tel,"
    " '某街' || (1000 + place) || '号' AS addr, '622200' || (10000000 + place) AS bankacct FROM places",
}
DECIDED = Decided(
    "cs_7", "closed", "confirmed", datetime(2026, 3, 5, 9, 30),
    (
        Decision(
            DecisionKind.SANCTION, "pr_x", "suspension", "running", date(2026, 3, 2),
            first=date(2026, 3, 2), by=(Hand("investigator", "陈晨"), Hand("approver", "李立")),
            documents=("某医保处〔2026〕8号",), law="省级征求意见稿第三条",
        ),
        Decision(DecisionKind.ORDER, "fa_x", "suspend", "acknowledged", date(2026, 3, 3), 2),
    ),
)  # fmt: skip
"""What was decided in a case: a suspension, and its orders to a place."""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """`workspace`, its `scan`, and `content` of the scan's last ring, which nobody dressed."""
    path = small_world(tmp_path_factory.mktemp("exports"), seed=3, patients=30, visits=260)
    scan, keys, snapshot = add_scan(path, size=8), fresh_keys(), current_snapshot(path)
    write_keys(path, keys)
    with snapshot.connect() as con:
        for table, query in VAULT.items():
            rows = con.sql(query).to_arrow_table()
            write_sealed(path / "vault" / snapshot.id / table, table, rows, keys)
    workspace = open_workspace(path)
    ring = scan.rings().items[-1].ring
    content = of_ring(scan, snapshot, workspace.view(), ring)
    return SimpleNamespace(
        workspace=workspace, scan=scan, snapshot=snapshot, ring=ring, content=content
    )
