"""Which tokens the members of a ring share."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph.duck import Connection
from graph.results import MemberRow
from graph.snapshot import Snapshot

MOST_HOLDERS = 60
"""A token of more holders is a hub (a ward's telephone, a village's account) and says nothing."""


@dataclass(frozen=True)
class SharedValue:
    """A token several members hold: its id and kind, never its value; `members` are ids."""

    id: str
    kind: str
    members: tuple[str, ...]


_HELD = {
    "holds": "SELECT owner_kind AS kind, owner AS key, token FROM holds",
    "mnl_reim_d": "SELECT 'patient', patient, unnest([agent, agent_phone, account]) FROM mnl_reim_d",
    "out_appy_evt_c": "SELECT 'patient', patient, unnest([agent, agent_phone]) FROM out_appy_evt_c",
}


def shared_tokens(
    con: Connection, snapshot: Snapshot, members: Sequence[MemberRow]
) -> tuple[SharedValue, ...]:
    """Tokens that two members hold or have on their papers, most shared first; hubs left out.

    `con` is a connection to `snapshot`.
    """
    held = [query for table, query in _HELD.items() if snapshot.has(table)]
    if not held or not snapshot.has("tokens"):
        return ()
    rows = con.execute(
        f"WITH held AS ({' UNION ALL '.join(held)}), members AS (SELECT unnest($kinds::VARCHAR[])"
        " AS kind, unnest($keys::INTEGER[]) AS key, unnest($ids::VARCHAR[]) AS id)"
        " SELECT t.id, t.kind, list(DISTINCT m.id ORDER BY m.id) AS who FROM held"
        " JOIN members m USING (kind, key) JOIN tokens t USING (token)"
        " WHERE t.holders <= $most GROUP BY t.id, t.kind HAVING len(who) >= 2 ORDER BY len(who) DESC, t.id",
        {
            "kinds": [m.kind for m in members],
            "keys": [m.key for m in members],
            "ids": [m.id for m in members],
            "most": MOST_HOLDERS,
        },
    ).fetchall()
    return tuple(SharedValue(id_, kind, tuple(who)) for id_, kind, who in rows)
