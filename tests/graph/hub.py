"""Hubs: a world with a hospital that a great many patients went to once; what a server marks of hubs."""

from datetime import datetime, timedelta

from graph.ids import Prefix, blind_id
from graph.store.neo4j_schema import HEAVIEST
from tests.factory import publish, table_of
from tests.factory_rows import SECRET

OFTEN = 30
"""So many patients went there twice or more, each by one visit more than the one before."""


def hub_world(folder, patients):
    """A workspace with `patients` patients, one hospital, one doctor and their visits."""
    seen = datetime(2025, 3, 3, 8)
    people = [
        {"patient": key, "id": blind_id(SECRET, Prefix.PATIENT, f"P{key}"), "known": True}
        for key in range(patients)
    ]
    place = {"place": 0, "id": blind_id(SECRET, Prefix.FACILITY, "F"), "kind": "facility"}
    doctor = {"practitioner": 0, "id": blind_id(SECRET, Prefix.PRACTITIONER, "D"), "codes": 1}
    visit = {"place": 0, "practitioner": 0, "counts": True, "refund": False, "net_fund": 100}
    times = [key for key in range(patients) for _ in range(1 + max(0, OFTEN - key))]
    visits = [
        {**visit, "setl_id": f"S{row}", "patient": key, "begntime": seen + timedelta(minutes=row)}
        for row, key in enumerate(times)
    ]
    rows = {
        "patients": people,
        "places": [{**place, "code": "H11010500000", "name": "大医院", "known": True}],
        "practitioners": [{**doctor, "profession": "doctor", "known": True}],
        "setl_d": visits,
    }
    publish(folder, {name: table_of(name, some) for name, some in rows.items()})
    return folder, [person["id"] for person in people], place["id"]


def marks(store):
    """What lies on the server of hubs: the other ends of the heaviest edges by (hub, property)."""
    query = """
        MATCH (n:Entity) UNWIND keys(n) AS name WITH n, name WHERE name STARTS WITH 'heaviest_'
        RETURN n.id, name, n[name]
    """
    rows = store.connection.read(lambda tx: tx.rows(query))
    return {(id_, name): tuple(ends) for id_, name, ends in rows}


def alike(server, embedded, limits):
    """Whether both stores say the same of every hub that is marked; how many there are."""
    mine, theirs = server.view(), embedded.view()
    hubs = {id_ for id_, _ in marks(server)}
    for hub in sorted(hubs):
        for limit in limits:
            assert mine.neighbours([hub], HEAVIEST, limit) == theirs.neighbours(
                [hub], HEAVIEST, limit
            )
    return len(hubs)
