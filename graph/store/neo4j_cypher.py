"""The queries of a view. Few texts with everything bound, so that the server plans each of them once.

`seen(x)` stands for the test that a node or relationship was there when the view was made and belongs to
the scan shown; `$kinds` switches the branches of a query, each of which walks one kind of edge.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from graph.model import EdgeKind


@dataclass(frozen=True)
class Query:
    """A query in two texts: `plain` shows all, `since` what was there at `$revision` or is of `$scan`."""

    plain: str
    since: str


def _query(text: str) -> Query:
    """`seen(x)` in `text` becomes a test on `x`, ` AND seen(x)` and ` WHERE seen(x)` vanish if plain."""
    plain, since = text, text
    for name in ("n", "r"):
        test = f"({name}.since IS NULL OR {name}.since <= $revision)"
        test += f" AND ({name}.scan IS NULL OR {name}.scan = $scan)"
        for before in (" AND", " WHERE"):
            plain = plain.replace(f"{before} seen({name})", "")
        since = since.replace(f"seen({name})", test)
    return Query(plain, since)


NODES = _query("""
    UNWIND $ids AS id MATCH (n:Entity {id: id}) WHERE seen(n)
    RETURN id, n.kind, n.label, properties(n)
""")

SEARCH = _query("""
    CALL () {
        MATCH (n:Entity) WHERE n.id = $text RETURN n
        UNION MATCH (n:Entity) WHERE n.name_lower CONTAINS $text RETURN n
        UNION MATCH (n:Entity) WHERE n.code_lower CONTAINS $text RETURN n
        UNION MATCH (n:Entity) WHERE $long AND n.id STARTS WITH $text RETURN n
        UNION MATCH (n:Entity) WHERE $long AND n.back STARTS WITH $back RETURN n
    }
    WITH n WHERE seen(n)
    WITH n.id AS id, CASE
        WHEN n.id = $text OR n.name_lower = $text OR n.code_lower = $text THEN 0
        WHEN n.name_lower STARTS WITH $text OR n.code_lower STARTS WITH $text
            OR ($long AND n.id STARTS WITH $text) THEN 1
        ELSE 2 END AS place
    ORDER BY place, id
    WITH collect(id) AS ids RETURN ids[..$limit], size(ids)
""")

DEGREES = _query(
    "UNWIND $ids AS id MATCH (n:Entity {id: id}) WHERE seen(n) RETURN id"
    + "".join(f", COUNT {{ (n)-[r:{kind}]-() WHERE seen(r) }}" for kind in EdgeKind)
)
"""The id, then a count per kind in the order of `EdgeKind`."""

_SHARED = """
    MATCH (t:Token){of_kind} WITH t, COUNT {{ (t)<-[r:HOLDS]-() WHERE seen(r) }} AS held
    WHERE held >= $least WITH t.id AS id, held ORDER BY held DESC, id
    WITH collect(id) AS ids RETURN size(ids), ids[..$limit]
"""
SHARED = _query(_SHARED.format(of_kind=""))
SHARED_OF_KIND = _query(_SHARED.format(of_kind=" WHERE t.token_kind = $kind"))

HOLDERS = _query("""
    UNWIND $ids AS id MATCH (:Token {id: id})<-[r:HOLDS]-(h) WHERE seen(r)
    RETURN id, h.kind AS who, count(*) ORDER BY id, who
""")


def _touching(kind: EdgeKind) -> str:
    return f"""
        UNWIND $ids AS id MATCH (n:Entity {{id: id}})-[r:{kind}]-() WHERE seen(r)
        WITH DISTINCT r
    """


LEAST: Mapping[EdgeKind, Query] = {
    kind: _query(
        f"{_touching(kind)} ORDER BY r.weight DESC WITH collect(r.weight) AS weights"
        " RETURN size(weights), weights[CASE WHEN size(weights) < $limit"
        " THEN size(weights) ELSE $limit END - 1]"
    )
    for kind in EdgeKind
}
"""How many edges touch the ids, and the weight of the last of the `$limit` heaviest."""

HEAVIEST: Mapping[EdgeKind, Query] = {
    kind: _query(
        f"{_touching(kind)} WHERE r.weight >= $least"
        " WITH r, startNode(r).id AS source, endNode(r).id AS target"
        " ORDER BY r.weight DESC, source, target LIMIT $limit"
        " RETURN source, target, properties(r)"
    )
    for kind in EdgeKind
}
"""The heaviest of them; only those as heavy as the last one shown meet the ids."""

LINKS = _query(
    "UNWIND $ids AS id MATCH (n:Entity {id: id}) CALL (n) {"
    + " UNION ".join(
        f"MATCH (n)-[r:{kind}]-(m) WHERE '{kind}' IN $kinds AND seen(r) RETURN m.id AS far"
        for kind in EdgeKind
    )
    + "} RETURN id, far"
)

BETWEEN = _query(
    "UNWIND $ids AS id MATCH (n:Entity {id: id}) CALL (n) {"
    + " UNION ALL ".join(
        f"MATCH (n)-[r:{kind}]->(m) WHERE '{kind}' IN $kinds AND m.id IN $ids AND seen(r)"
        f" RETURN '{kind}' AS kind, m.id AS far, properties(r) AS there"
        for kind in EdgeKind
    )
    + "} RETURN kind, id, far, there"
)
