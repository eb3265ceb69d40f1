"""The rows that a ring's evidence names, as the snapshot holds them: what they say and where they are from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields

from casework.exports.content import Settlement, Source
from graph.duck import Connection
from graph.snapshot import Snapshot

Sources = Mapping[str, Source]
Named = Mapping[str, Sequence[int]]
"""The numbers of the findings that name a row, by the row."""

_KEYS = {
    "setl_d": "setl_id",
    "mnl_reim_d": "reim_id",
    "fee_list_d": "feedetl_sn",
    "patients": "id",
    "out_appy_evt_c": "filing::VARCHAR",
}
"""What finds a row of a table."""


def sources(con: Connection, snapshot: Snapshot, named: Named) -> Sources:
    """File and line of every row named; None for both where the table does not say."""
    files = [source["name"] for source in snapshot.manifest.get("sources", ())]
    found = {row: Source(row, None, None) for row in named}
    for table, key in _KEYS.items():
        asked = _of(named, table)
        if not asked or not snapshot.has(table):
            continue
        rows = con.execute(
            f"SELECT {key}, src, line FROM {table} WHERE {key} IN (SELECT unnest(?::VARCHAR[]))"
            f" ORDER BY {key}, src DESC, line DESC",
            [asked],
        ).fetchall()
        for id_, src, line in rows:
            file = files[src] if src is not None and src < len(files) else None
            found[f"{table}:{id_}"] = Source(f"{table}:{id_}", file, line)
    return found


_SETTLED = """
    SELECT 'setl_d:' || setl_id, setl_id, who.id, place.id,
           place.name, doctor.id, med_type, begntime,
           endtime, setl_time, diag, coalesce(medfee, 0), coalesce(fund, 0),
           CASE WHEN counts THEN coalesce(net_medfee, 0) ELSE 0 END,
           CASE WHEN counts THEN coalesce(net_fund, 0) ELSE 0 END, coalesce(counts, false)
    FROM setl_d JOIN patients who USING (patient) LEFT JOIN places place USING (place)
         LEFT JOIN practitioners doctor USING (practitioner)
    WHERE setl_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY setl_time, setl_id
"""
_REIMBURSED = """
    SELECT 'mnl_reim_d:' || reim_id, reim_id, who.id, place.id,
           coalesce(place.name, place_name), NULL, NULL, begndate::TIMESTAMP, enddate::TIMESTAMP,
           acp_time, NULL, coalesce(medfee, 0), coalesce(fund, 0), coalesce(medfee, 0),
           coalesce(nullif(fund, 0), medfee, 0), true
    FROM mnl_reim_d JOIN patients who USING (patient) LEFT JOIN places place USING (place)
    WHERE reim_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY acp_time, reim_id
"""
_COLUMNS = tuple(field.name for field in fields(Settlement))[:-3]
_QUERIES = {"setl_d": _SETTLED, "mnl_reim_d": _REIMBURSED}


def settlements(con: Connection, snapshot: Snapshot, named: Named) -> tuple[Settlement, ...]:
    """The settlements and manual reimbursements named, each once, oldest first.

    A reimbursement whose fund is not filled yet stands with its whole cost, as the scan counts it.
    """
    where = sources(con, snapshot, named)
    found: dict[str, Settlement] = {}
    for table, query in _QUERIES.items():
        asked = _of(named, table)
        for values in con.execute(query, [asked]).fetchall() if asked else ():
            row, source = values[0], where[values[0]]
            facts = dict(zip(_COLUMNS, values, strict=True))
            found[row] = Settlement(
                **facts, file=source.file, line=source.line, findings=tuple(named[row])
            )
    return tuple(found.values())


def patients(con: Connection, keys: Iterable[int]) -> dict[int, str]:
    """Ids by key."""
    rows = con.execute(
        "SELECT patient, id FROM patients WHERE patient IN (SELECT unnest(?::INTEGER[]))",
        [sorted(keys)],
    ).fetchall()
    return dict(rows)


def places(con: Connection, keys: Iterable[int]) -> dict[int, tuple[str, str | None]]:
    """Id and public name by key."""
    rows = con.execute(
        "SELECT place, id, name FROM places WHERE place IN (SELECT unnest(?::INTEGER[]))",
        [sorted(keys)],
    ).fetchall()
    return {key: (id_, name) for key, id_, name in rows}


def _of(named: Named, table: str) -> list[str]:
    return [row.removeprefix(f"{table}:") for row in named if row.startswith(f"{table}:")]
