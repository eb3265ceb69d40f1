"""The source rows behind a shared identifier: where each holder gave it, in the register, a filing or a receipt."""

from collections.abc import Iterable, Mapping

import pyarrow as pa

from graph.scan.assemble import Draft
from graph.scan.told import Told
from graph.scan.world import World

TOKEN = "token"  # noqa: S105
"""The kind of event whose `facts` name the token that its patients share."""
REGISTERED = """
SELECT w.event, 'patients:' || p.id AS row FROM wanted w JOIN patients p USING (patient)
JOIN holds h ON h.owner_kind = 'patient' AND h.owner = w.patient AND h.token = w.token
"""
FILED = """
SELECT w.event, 'out_appy_evt_c:' || f.filing FROM wanted w JOIN out_appy_evt_c f USING (patient)
WHERE w.token IN (f.agent, f.agent_phone)
"""
CLAIMED = """
SELECT w.event, 'mnl_reim_d:' || r.reim_id FROM wanted w JOIN mnl_reim_d r USING (patient)
WHERE w.token IN (r.agent, r.agent_phone, r.account)
"""


def holdings(world: World, drafts: Iterable[Draft], told: Told) -> Mapping[int, list[str]]:
    """The source rows (`table:key`, sorted) of every token event told of `drafts`, by its row in `told`."""
    wanted = [
        (row, event.facts["token"], patient)
        for draft in drafts
        for candidate in draft.candidates
        for row, event in told.events(candidate)
        if event.kind == TOKEN
        for patient in event.patients
    ]
    if not wanted:
        return {}
    asked = {"holds": REGISTERED, "out_appy_evt_c": FILED, "mnl_reim_d": CLAIMED}
    sql = " UNION ".join(query for table, query in asked.items() if world.has(table))
    columns = [pa.array(column, pa.int64()) for column in zip(*wanted, strict=True)]
    world.con.register("wanted", pa.table(columns, names=["event", "token", "patient"]))
    found = world.con.execute(
        f"SELECT event, list(row ORDER BY row) FROM ({sql}) GROUP BY event"
    ).fetchall()
    world.con.unregister("wanted")
    return dict(found)
