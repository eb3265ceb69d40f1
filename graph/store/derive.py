"""How each kind of edge follows from the tables of a snapshot or of a scan: SQL, and nothing else.

Nodes are numbered: the kind's number above, the entity's key in the lower 32 bits. Facilities and
pharmacies share the key range of `places`. Every query gives `src`, `dst`, then the properties.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from graph.model import EdgeKind
from graph.schema import TABLES

PATIENT, PRACTITIONER, PLACE, TOKEN, RING, BY_HAND = range(6)
_SHIFT = 32


def base(family: int) -> int:
    """The number of the family's key 0."""
    return family << _SHIFT


def key_of(number: int) -> int:
    """The entity's key in its table."""
    return number & ((1 << _SHIFT) - 1)


def family_of(number: int) -> int:
    """`PATIENT`, `PRACTITIONER`, `PLACE`, `TOKEN`, `RING` or `BY_HAND`."""
    return number >> _SHIFT


@dataclass(frozen=True)
class Derivation:
    """One kind of edge: the tables it cannot do without, its properties in order, its query."""

    kind: EdgeKind
    needs: tuple[str, ...]
    properties: tuple[str, ...]
    sql: str


def _visits(kind: EdgeKind, column: str, family: int) -> Derivation:
    sql = f"""
        SELECT patient::BIGINT AS src, {base(family)} + {column} AS dst,
               count(*)::INTEGER AS visits, sum(net_fund)::BIGINT AS fund,
               min(coalesce(begntime, setl_time)) AS first,
               max(coalesce(begntime, setl_time)) AS last
        FROM setl_d WHERE counts AND patient IS NOT NULL AND {column} IS NOT NULL
        GROUP BY ALL
    """
    return Derivation(kind, ("setl_d",), ("visits", "fund", "first", "last"), sql)


_REGISTERED_AT = Derivation(
    EdgeKind.REGISTERED_AT,
    ("prac_reg_d",),
    ("state", "main", "from", "to", "registrations"),
    f"""
        SELECT {base(PRACTITIONER)} + practitioner AS src, {base(PLACE)} + place AS dst,
               last(reg_stas ORDER BY begntime NULLS FIRST, src, line) AS state,
               bool_or(main) AS main, min(begntime) AS "from",
               CASE WHEN count(endtime) = count(*) THEN max(endtime) END AS "to",
               count(*)::INTEGER AS registrations
        FROM prac_reg_d WHERE practitioner IS NOT NULL AND place IS NOT NULL
        GROUP BY practitioner, place
    """,
)

_PRESCRIBED_TO = Derivation(
    EdgeKind.PRESCRIBED_TO,
    ("fee_list_d", "places"),
    ("prescriptions", "lines", "patients", "amount", "first", "last"),
    f"""
        SELECT {base(PRACTITIONER)} + fee.practitioner AS src, {base(PLACE)} + fee.place AS dst,
               count(DISTINCT coalesce(fee.rxno, fee.setl_id, fee.feedetl_sn))::INTEGER
                   AS prescriptions,
               count(*)::INTEGER AS lines, count(DISTINCT fee.patient)::INTEGER AS patients,
               sum(fee.amount)::BIGINT AS amount, min(fee.fee_time) AS first,
               max(fee.fee_time) AS last
        FROM fee_list_d fee JOIN places USING (place)
        WHERE fee.rx_circ AND places.kind = 'pharmacy' AND fee.practitioner IS NOT NULL
        GROUP BY fee.practitioner, fee.place
    """,
)

_KIN_OF = Derivation(
    EdgeKind.KIN_OF,
    ("psn_kin_d",),
    ("relations",),
    """
        SELECT patient::BIGINT AS src, kin::BIGINT AS dst,
               list_sort(list(DISTINCT relation) FILTER (relation IS NOT NULL)) AS relations
        FROM psn_kin_d WHERE patient IS NOT NULL AND kin IS NOT NULL AND patient <> kin
        GROUP BY ALL
    """,
)

_OWNERS = (
    (
        "holds",
        f"SELECT owner + {base(PATIENT)} AS src, owner_kind, token, field FROM holds"
        " WHERE owner_kind = 'patient'",
    ),
    (
        "holds",
        f"SELECT owner + {base(PRACTITIONER)}, owner_kind, token, field FROM holds"
        " WHERE owner_kind = 'practitioner'",
    ),
    (
        "holds",
        f"SELECT owner + {base(PLACE)}, owner_kind, token, field FROM holds"
        " WHERE owner_kind IN ('facility', 'pharmacy')",
    ),
    (
        "mnl_reim_d",
        "SELECT paper.patient, owner_kind, holds.token, field FROM holds"
        " JOIN mnl_reim_d paper ON paper.reim = owner WHERE owner_kind = 'receipt'",
    ),
    (
        "out_appy_evt_c",
        "SELECT paper.patient, owner_kind, holds.token, field FROM holds"
        " JOIN out_appy_evt_c paper ON paper.filing = owner WHERE owner_kind = 'filing'",
    ),
)


def _holds(present: frozenset[str]) -> Derivation:
    """HOLDS. A receipt and a filing stand for their patient, where their table is present."""
    parts = [sql for table, sql in _OWNERS if table in present]
    sql = f"""
        SELECT src::BIGINT AS src, {base(TOKEN)} + token AS dst,
               list_sort(list(DISTINCT field) FILTER (field IS NOT NULL)) AS fields,
               list_sort(list(DISTINCT owner_kind)) AS through
        FROM ({" UNION ALL ".join(parts)}) WHERE src IS NOT NULL AND token IS NOT NULL
        GROUP BY ALL
    """
    return Derivation(EdgeKind.HOLDS, ("holds",), ("fields", "through"), sql)


_CO_VISITED = Derivation(
    EdgeKind.CO_VISITED,
    ("pairs",),
    ("observed", "expected", "p", "places"),
    "SELECT a::BIGINT AS src, b::BIGINT AS dst, observed, expected, p, places FROM pairs",
)

_MEMBER_OF = Derivation(
    EdgeKind.MEMBER_OF,
    ("members", "rings"),
    ("role", "core", "visits", "fund", "note"),
    f"""
        SELECT members.key + CASE members.kind WHEN 'patient' THEN {base(PATIENT)}
                   WHEN 'practitioner' THEN {base(PRACTITIONER)} WHEN 'token' THEN {base(TOKEN)}
                   ELSE {base(PLACE)} END AS src,
               numbered.number AS dst, first(role ORDER BY core DESC, role) AS role,
               bool_or(core) AS core, max(visits) AS visits, max(fund) AS fund,
               first(note ORDER BY core DESC, role) AS note
        FROM members JOIN numbered USING (ring)
        WHERE members.kind IN ('patient', 'practitioner', 'facility', 'pharmacy', 'token')
        GROUP BY ALL
    """,
)


def from_tables(present: frozenset[str]) -> tuple[Derivation, ...]:
    """The edges the tables `present` allow."""
    known = (
        _visits(EdgeKind.VISITED, "place", PLACE),
        _visits(EdgeKind.TREATED_BY, "practitioner", PRACTITIONER),
        _REGISTERED_AT,
        _PRESCRIBED_TO,
        *([_holds(present)] if "holds" in present else []),
        _KIN_OF,
    )
    return tuple(edge for edge in known if present.issuperset(edge.needs))


FROM_SCAN = (_CO_VISITED, _MEMBER_OF)
"""The edges of a scan; `numbered` (ring, number) is made beside its tables."""

PROPERTIES = {edge.kind: edge.properties for edge in (*from_tables(frozenset(TABLES)), *FROM_SCAN)}

_ANYONE = frozenset({PATIENT, PRACTITIONER, PLACE})

ENDS: Mapping[EdgeKind, tuple[frozenset[int], frozenset[int]]] = {
    EdgeKind.VISITED: (frozenset({PATIENT}), frozenset({PLACE})),
    EdgeKind.TREATED_BY: (frozenset({PATIENT}), frozenset({PRACTITIONER})),
    EdgeKind.REGISTERED_AT: (frozenset({PRACTITIONER}), frozenset({PLACE})),
    EdgeKind.PRESCRIBED_TO: (frozenset({PRACTITIONER}), frozenset({PLACE})),
    EdgeKind.HOLDS: (_ANYONE, frozenset({TOKEN})),
    EdgeKind.KIN_OF: (frozenset({PATIENT}), frozenset({PATIENT})),
    EdgeKind.CO_VISITED: (frozenset({PATIENT}), frozenset({PATIENT})),
    EdgeKind.MEMBER_OF: (_ANYONE | {TOKEN}, frozenset({RING})),
}
"""The families a derived edge can come from and lead to."""

NODE_COLUMNS = "number, id, kind, name, code, token_kind"

NODES = {
    "patients": f"SELECT patient + {base(PATIENT)} AS number, id, 'patient' AS kind,"
    " NULL::VARCHAR AS name, NULL::VARCHAR AS code, NULL::VARCHAR AS token_kind FROM patients",
    "practitioners": f"SELECT practitioner + {base(PRACTITIONER)}, id, 'practitioner',"
    " NULL, NULL, NULL FROM practitioners",
    "places": f"SELECT place + {base(PLACE)}, id, kind, name, code, NULL FROM places",
    "tokens": f"SELECT token + {base(TOKEN)}, id, 'token', NULL, NULL, kind FROM tokens",
}
"""Every entity with its number, and what a search may look at: public names and codes of places."""
