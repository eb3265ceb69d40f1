"""What nodes and edges carry on a Neo4j server, as SQL over the tables of a snapshot.

The import files, the load over Bolt and the difference of two snapshots are all made from it, so that
they cannot differ. Missing values are NULL; the types are those of the tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.duck import Connection, quoted
from graph.model import EdgeKind, NodeKind
from graph.schema import WARNINGS
from graph.store.derive import PATIENT, PLACE, PRACTITIONER, PROPERTIES, TOKEN, base
from graph.store.neo4j_heaviest import with_heaviest
from graph.store.neo4j_labels import PROFESSIONS, labels_of

_TYPES = {
    "BOOLEAN": "boolean",
    "SMALLINT": "long",
    "INTEGER": "long",
    "BIGINT": "long",
    "HUGEINT": "long",
    "DOUBLE": "double",
    "DATE": "date",
    "TIMESTAMP": "localdatetime",
    "VARCHAR": "string",
    "VARCHAR[]": "string[]",
}
"""A column's type, and the type of the property it becomes."""


@dataclass(frozen=True)
class NodeTable:
    """The nodes of one family: `sql` gives `number`, `labels` (as Cypher writes them), properties."""

    family: int
    table: str
    sql: str

    def types(self, connection: Connection) -> dict[str, str]:
        """The properties in order, and what Neo4j calls their types."""
        found = property_types(connection, self.sql)
        return {name: kind for name, kind in found.items() if name not in ("number", "labels")}


def node_tables(present: frozenset[str], schema: str = "main") -> tuple[NodeTable, ...]:
    """The families of nodes that the tables `present` allow, in the order of their numbers.

    `lay_heaviest` must have laid the marks of hubs in `schema`.
    """
    known = (
        (PATIENT, "patients", _patients),
        (PRACTITIONER, "practitioners", _practitioners),
        (PLACE, "places", _places),
        (TOKEN, "tokens", _tokens),
    )
    return tuple(
        NodeTable(family, table, with_heaviest(family, sql(schema), schema))
        for family, table, sql in known
        if table in present
    )


def edge_types(connection: Connection, kind: EdgeKind) -> dict[str, str]:
    """The same for the edges of `kind`, which lie in the view `"<KIND>_out"`."""
    found = property_types(connection, f'FROM "{kind}_out"')
    return {name: found[name] for name in ("weight", *PROPERTIES[kind])}


def property_types(connection: Connection, sql: str) -> Mapping[str, str]:
    """The columns of a query and what Neo4j calls their types."""
    described = connection.execute(f"DESCRIBE {sql}").fetchall()
    return {name: _TYPES[kind] for name, kind, *_ in described}


def wired(types: Mapping[str, str], table: str = "") -> list[str]:
    """The columns as they go to the server: times and dates as ISO text, all else as it is.

    The driver takes longer over one time than the server over a whole row of texts.
    """
    return [_wired(f'{table}"{name}"', kind) for name, kind in types.items()]


def _wired(column: str, kind: str) -> str:
    if kind == "localdatetime":
        return f"replace({column}::VARCHAR, ' ', 'T')"
    return f"{column}::VARCHAR" if kind == "date" else column


def given(types: Mapping[str, str], row: str, first: int) -> str:
    """Properties as Cypher reads them from the list `row`, the first of them at `first`."""
    read = {"localdatetime": "localdatetime({})", "date": "date({})"}
    return ", ".join(
        f"`{name}`: {read.get(kind, '{}').format(f'{row}[{place}]')}"
        for place, (name, kind) in enumerate(types.items(), first)
    )


def all_labels(tables: Sequence[NodeTable], family: int) -> frozenset[str]:
    """Every label a node of `family` can have."""
    assert any(nodes.family == family for nodes in tables)
    kinds = {
        PATIENT: [NodeKind.PATIENT],
        PRACTITIONER: [NodeKind.PRACTITIONER],
        PLACE: [NodeKind.FACILITY, NodeKind.PHARMACY],
        TOKEN: [NodeKind.TOKEN],
    }[family]
    labels = {label for kind in kinds for label in labels_of(kind, {}).split(":")}
    return frozenset(labels | (set(PROFESSIONS.values()) if family == PRACTITIONER else set()))


def _patients(schema: str) -> str:
    return f"""
        SELECT patient + {base(PATIENT)} AS number,
               {quoted(labels_of(NodeKind.PATIENT, {}))} AS labels, {_names("'patient'")},
               known, gend, birth_year, insu_admdvs, surv_stas, die_date, {_warnings("warn")}
        FROM {schema}.patients
    """


def _practitioners(schema: str) -> str:
    kind = NodeKind.PRACTITIONER
    labels = " ".join(
        f"WHEN {quoted(name)} THEN {quoted(labels_of(kind, {'profession': name}))}"
        for name in PROFESSIONS
    )
    return f"""
        SELECT practitioner + {base(PRACTITIONER)} AS number,
               CASE profession {labels} ELSE {quoted(labels_of(kind, {}))} END AS labels,
               {_names("'practitioner'")},
               profession, multi_site, known, codes, basis, confidence, {_warnings("warn")}
        FROM {schema}.practitioners
    """


def _places(schema: str) -> str:
    facility, pharmacy = (
        quoted(labels_of(kind, {})) for kind in (NodeKind.FACILITY, NodeKind.PHARMACY)
    )
    return f"""
        SELECT place.place + {base(PLACE)} AS number,
               CASE place.kind WHEN 'pharmacy' THEN {pharmacy} ELSE {facility} END AS labels,
               {_names("place.kind", "place.", "coalesce(nullif(place.name, ''), right(place.id, 6))")},
               lower(coalesce(nullif(place.name, ''), right(place.id, 6))) AS name_lower,
               lower(nullif(place.code, '')) AS code_lower,
               place.code, place.level, place.admdvs, place.lnt, place.lat, place.beds,
               chain.id AS parent, place.uscc, place.known, {_warnings("place.warn")}
        FROM {schema}.places place LEFT JOIN {schema}.places chain ON chain.place = place.parent
    """


def _tokens(schema: str) -> str:
    return f"""
        SELECT token + {base(TOKEN)} AS number, {quoted(labels_of(NodeKind.TOKEN, {}))} AS labels,
               {_names("'token'")}, kind AS token_kind, holders
        FROM {schema}.tokens
    """


def _names(kind: str, table: str = "", label: str = "") -> str:
    """What every node has; `label` is an expression where it is more than the end of the id."""
    id_ = f"{table}id"
    return (
        f"{id_} AS id, {kind} AS kind, {label or f'right({id_}, 6)'} AS label,"
        f" reverse(lower({id_})) AS back"
    )


def _warnings(column: str) -> str:
    """The names of the bits set in `column`, NULL without any."""
    names = ", ".join(
        f"CASE WHEN {column} & {bit} <> 0 THEN {quoted(name)} END" for name, bit in WARNINGS.items()
    )
    some = sum(WARNINGS.values())
    return (
        f"CASE WHEN {column} & {some} <> 0"
        f" THEN list_filter([{names}], lambda name: name IS NOT NULL) END AS warnings"
    )
