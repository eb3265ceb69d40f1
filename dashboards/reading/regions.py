"""What a person limited to some regions may see: rings that touch one, who belongs to one or is in such a ring."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from casework.people import prefix_of
from graph.duck import Connection, quoted
from graph.ids import Prefix
from graph.results import Scan
from graph.snapshot import Snapshot

Regions = tuple[str, ...]
"""The codes of the divisions somebody is limited to; empty for no limit."""
ANYWHERE: Final[Regions] = ()
OF_RING = ("members", "evidence")

_OF_REGION = {
    Prefix.PATIENT: "SELECT id FROM patients WHERE regexp_matches(coalesce(insu_admdvs, ''), $within)",
    Prefix.FACILITY: "SELECT id FROM places WHERE regexp_matches(coalesce(admdvs, ''), $within)",
    Prefix.PRACTITIONER: (
        "SELECT w.id FROM practitioners w JOIN prac_reg_d r USING (practitioner) JOIN places p USING (place)"
        " WHERE regexp_matches(coalesce(p.admdvs, ''), $within)"
    ),
}
_NEEDS = {
    Prefix.PATIENT: ("patients",),
    Prefix.FACILITY: ("places",),
    Prefix.PRACTITIONER: ("practitioners", "prac_reg_d", "places"),
}
_HELD = (
    "SELECT t.id FROM tokens t JOIN holds h USING (token) LEFT JOIN patients a ON h.owner_kind = 'patient'"
    " AND a.patient = h.owner LEFT JOIN places p ON h.owner_kind IN ('facility', 'pharmacy')"
    " AND p.place = h.owner WHERE regexp_matches(coalesce(a.insu_admdvs, p.admdvs, ''), $within)"
)


def within(regions: Regions) -> str:
    """A pattern that the code of a division in one of `regions` begins with; empty for no limit.

    110000 stands for every code that begins with 11.
    """
    return "|".join(f"^{prefix_of(code)}" for code in sorted(regions))


def touches(codes: Iterable[str], regions: Regions) -> bool:
    """Whether one of the division `codes` lies in `regions`; always where there is no limit."""
    begins = tuple(map(prefix_of, regions))
    return not begins or any(code.startswith(begins) for code in codes)


def lay(con: Connection, scan: Scan, limits: Regions) -> None:
    """The scan's rings that touch `limits`, their members and evidence as views."""
    mine = f"len(list_filter(regions, lambda code: regexp_matches(code, {quoted(within(limits))}))) > 0"
    rings = f"read_parquet({quoted(scan.file('rings'))})"
    con.execute(f"CREATE VIEW rings AS FROM {rings} WHERE {mine if limits else 'true'}")
    whose = "SEMI JOIN rings USING (ring)" if limits else ""
    for table in OF_RING:
        file = f"read_parquet({quoted(scan.file(table))})"
        con.execute(f"CREATE VIEW {table} AS SELECT * FROM {file} {whose}")


def lay_settlements(con: Connection, snapshot: Snapshot, limits: Regions) -> None:
    """The settlements that count as view `settled`: those at a place in `limits`, or of a patient insured there then."""
    pattern = quoted(within(limits))
    mine = [f"regexp_matches(coalesce(insu_admdvs, ''), {pattern})"]
    if snapshot.has("places"):
        there = f"SELECT place FROM places WHERE regexp_matches(coalesce(admdvs, ''), {pattern})"
        mine.append(f"place IN ({there})")
    if snapshot.has("patients"):
        home = f"SELECT patient FROM patients WHERE regexp_matches(coalesce(insu_admdvs, ''), {pattern})"
        mine.append(f"insu_admdvs IS NULL AND patient IN ({home})")
    which = f"({' OR '.join(mine)})" if limits else "true"
    con.execute(f"CREATE VIEW settled AS FROM setl_d WHERE counts AND {which}")


def residents(con: Connection, snapshot: Snapshot, limits: Regions) -> Mapping[str, int]:
    """How many `patients` and `practitioners` belong to `limits`."""
    if not limits:
        return snapshot.counts()
    found = {}
    for table, kind in (("patients", Prefix.PATIENT), ("practitioners", Prefix.PRACTITIONER)):
        if all(snapshot.has(needed) for needed in _NEEDS[kind]):
            query = f"SELECT count(DISTINCT id) FROM ({_OF_REGION[kind]})"
            (found[table],) = con.execute(query, {"within": within(limits)}).fetchall()[0]
    return found


def visible(
    snapshot: Snapshot, scan: Scan | None, ids: Collection[str], regions: Regions
) -> frozenset[str]:
    """Those of `ids` that belong to `regions`, or to a ring that touches one; all where there is no limit.

    A patient belongs where they are insured, a place where it stands, a practitioner where they are
    registered, a token where a patient or a place that holds it belongs.
    """
    pattern = within(regions)
    if not pattern or not ids:
        return frozenset(ids)
    with snapshot.connect() as con:
        con.execute("CREATE TEMP TABLE asked AS SELECT unnest(?::VARCHAR[]) AS id", [list(ids)])
        queries = [
            query
            for prefix, query in _OF_REGION.items()
            if all(snapshot.has(table) for table in _NEEDS[prefix])
        ]
        if all(snapshot.has(table) for table in ("tokens", "holds", "patients", "places")):
            queries.append(_HELD)
        found = {id_ for query in queries for id_ in _asked(con, query, {"within": pattern})}
        if scan is not None:
            lay(con, scan, regions)
            found |= _asked(
                con, "SELECT ring AS id FROM rings UNION ALL SELECT id FROM members", {}
            )
    return frozenset(found)


def _asked(con: Connection, query: str, values: dict[str, str]) -> set[str]:
    rows = con.execute(f"SELECT DISTINCT id FROM ({query}) SEMI JOIN asked USING (id)", values)
    return {id_ for (id_,) in rows.fetchall()}
