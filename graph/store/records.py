"""The source rows behind an aggregated edge, read from the snapshot and the scan it came from."""

from collections.abc import Callable, Sequence
from typing import Any

from graph.model import Edge, EdgeKind, Record, Shown
from graph.schema import warnings_in
from graph.store.derive import PATIENT, PLACE, PRACTITIONER, TOKEN, base, family_of, key_of
from graph.store.ground import Footing, settled

KEY_COLUMNS = {
    **dict.fromkeys(("patient", "kin"), PATIENT),
    "practitioner": PRACTITIONER,
    **dict.fromkeys(("place", "presc_place"), PLACE),
    **dict.fromkeys(("operator", "agent", "agent_phone", "account"), TOKEN),
}
"""Columns that hold keys, by the family the keys belong to; records give ids in their place."""

_ROW_KEYS = {
    "setl_d": "setl_id",
    "fee_list_d": "feedetl_sn",
    "mnl_reim_d": "reim_id",
    "patients": "patient",
    "practitioners": "practitioner",
    "places": "place",
}
_DEFAULT_WINDOW = 30


def _at(visit: str = "") -> str:
    return f"coalesce({visit}begntime, {visit}setl_time)"


Query = tuple[str, str, str, tuple[Any, ...]]
"""Table, FROM and WHERE, ORDER BY, bound values."""


def records(footing: Footing, edge: Edge, limit: int) -> Shown[Record]:
    """The rows behind `edge`, at most `limit`; none if an end is unknown or it was made by hand."""
    numbers = footing.numbers([edge.source, edge.target])
    if len(numbers) < 2 or edge.kind not in footing.ground.kinds:
        return Shown((), 0)
    source, target = numbers[edge.source], numbers[edge.target]
    by_hand = (edge.kind, source, target) in footing.ground.fresh
    if by_hand or (source, target) not in footing.pairs(edge.kind, [source]):
        return Shown((), 0)
    found: list[Record] = []
    total = 0
    for table, where, order, values in _QUERIES[edge.kind](footing, source, target):
        rows, number = _fetch(footing, f"FROM {where}", order, values, limit - len(found))
        found += [_record(footing, table, row) for row in _with_ids(footing, rows)]
        total += number
    return Shown(tuple(found), total)


def _fetch(
    footing: Footing, where: str, order: str, values: Sequence[Any], limit: int
) -> tuple[list[dict[str, Any]], int]:
    total = footing.rows(f"SELECT count(*) {where}", *values)[0][0]
    sql = f"SELECT * {where} ORDER BY {order} LIMIT ?"
    cursor = footing.connection.execute(sql, [*values, max(limit, 0)])
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()], total


def _with_ids(footing: Footing, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with ids in place of keys."""

    def number(column: str, key: int) -> int:
        return base(KEY_COLUMNS[column]) + key

    keyed = [
        number(column, row[column])
        for row in rows
        for column in KEY_COLUMNS.keys() & row.keys()
        if row[column] is not None
    ]
    members = [base(PATIENT) + key for row in rows for key in row.get("members") or ()]
    ids = footing.ids(keyed + members)
    for row in rows:
        for column in KEY_COLUMNS.keys() & row.keys():
            if row[column] is not None:
                row[column] = ids.get(number(column, row[column]))
        if "members" in row:
            row["members"] = [ids[key] for key in row["members"] or () if key in ids]
    return rows


def _record(footing: Footing, table: str, row: dict[str, Any]) -> Record:
    source, line = row.pop("src", None), row.pop("line", None)
    sources = footing.ground.snapshot.manifest.get("sources", ())
    file = sources[source]["name"] if source is not None and source < len(sources) else None
    if table == "evidence":
        name = f"{row['ring']}:{row['no']}"
    else:
        name = row.get(_ROW_KEYS.get(table, "")) or f"{file}#{line}"
    for column in ("reim", "filing"):
        row.pop(column, None)
    warned = warnings_in(row.pop("warn", None) or 0)
    values = settled({**row, "warnings": warned or None})
    return Record(table, f"{table}:{name}", values, file, line)


def _visits(column: str) -> Callable[[Footing, int, int], list[Query]]:
    def queries(_: Footing, source: int, target: int) -> list[Query]:
        where = f"setl_d WHERE counts AND patient = ? AND {column} = ?"
        return [("setl_d", where, f"{_at()}, setl_id", (key_of(source), key_of(target)))]

    return queries


def _registrations(_: Footing, source: int, target: int) -> list[Query]:
    where = "prac_reg_d WHERE practitioner = ? AND place = ?"
    keys = (key_of(source), key_of(target))
    return [("prac_reg_d", where, "begntime NULLS FIRST, src, line", keys)]


def _prescriptions(_: Footing, source: int, target: int) -> list[Query]:
    where = "fee_list_d WHERE rx_circ AND practitioner = ? AND place = ?"
    return [("fee_list_d", where, "fee_time, feedetl_sn", (key_of(source), key_of(target)))]


def _kin(_: Footing, source: int, target: int) -> list[Query]:
    where = "psn_kin_d WHERE patient = ? AND kin = ?"
    return [("psn_kin_d", where, "src, line", (key_of(source), key_of(target)))]


_OWNER_TABLES = {
    PATIENT: ("patients", "patient", "('patient')"),
    PRACTITIONER: ("practitioners", "practitioner", "('practitioner')"),
    PLACE: ("places", "place", "('facility', 'pharmacy')"),
}
_PAPERS = (("mnl_reim_d", "reim", "receipt"), ("out_appy_evt_c", "filing", "filing"))


def _holdings(footing: Footing, source: int, target: int) -> list[Query]:
    """The master row per field held, then the receipts and filings of a patient."""
    table, key, kinds = _OWNER_TABLES[family_of(source)]
    keys = (key_of(source), key_of(target))
    where = f"""(SELECT owner.{key}, held.field, owner.src, owner.line, owner.warn
        FROM holds held JOIN {table} owner ON owner.{key} = held.owner
        WHERE held.owner_kind IN {kinds} AND held.owner = ? AND held.token = ?)"""
    found: list[Query] = [(table, where, "field", keys)]
    for paper, number, kind in _PAPERS if family_of(source) == PATIENT else ():
        if footing.ground.snapshot.has(paper):
            where = f"""(SELECT held.field, paper.* FROM holds held
                JOIN {paper} paper ON paper.{number} = held.owner
                WHERE held.owner_kind = '{kind}' AND paper.patient = ? AND held.token = ?)"""
            found.append((paper, where, f"{number}, field", keys))
    return found


def _covisits(footing: Footing, source: int, target: int) -> list[Query]:
    """The visits of either with one of the other at the same place within the scan's window."""
    assert footing.ground.scan is not None
    window = footing.ground.scan.run.parameters.get("window", _DEFAULT_WINDOW)
    where = f"""(
        WITH theirs AS (SELECT * FROM setl_d WHERE counts AND patient IN (?, ?))
        SELECT * FROM theirs one WHERE EXISTS (
            SELECT 1 FROM theirs other
            WHERE other.place = one.place AND other.patient <> one.patient
              AND abs(epoch({_at("other.")}) - epoch({_at("one.")})) <= 60 * ?))"""
    keys = (key_of(source), key_of(target), window)
    return [("setl_d", where, f"{_at()}, setl_id", keys)]


def _memberships(footing: Footing, source: int, target: int) -> list[Query]:
    """The ring's evidence that names the patient or the place; for others all of it."""
    ring = footing.ids([target])[target]
    values: tuple[str | int, ...]
    test, values = "true", (ring,)
    if family_of(source) == PATIENT:
        test, values = "list_contains(members, ?)", (ring, key_of(source))
    elif family_of(source) == PLACE:
        test, values = "place = ?", (ring, key_of(source))
    return [("evidence", f"scan_evidence WHERE ring = ? AND {test}", "no", values)]


_QUERIES: dict[EdgeKind, Callable[[Footing, int, int], list[Query]]] = {
    EdgeKind.VISITED: _visits("place"),
    EdgeKind.TREATED_BY: _visits("practitioner"),
    EdgeKind.REGISTERED_AT: _registrations,
    EdgeKind.PRESCRIBED_TO: _prescriptions,
    EdgeKind.HOLDS: _holdings,
    EdgeKind.KIN_OF: _kin,
    EdgeKind.CO_VISITED: _covisits,
    EdgeKind.MEMBER_OF: _memberships,
}
