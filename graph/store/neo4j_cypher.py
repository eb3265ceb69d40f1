"""The queries of a view. Few texts with everything bound, so that the server plans each of them once.

`seen(x)` stands for the test that a node or relationship was there when the view was made and belongs to
the scan shown; `$kinds` switches the branches of a query, each of which walks one kind of edge.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from graph.model import EdgeKind
from graph.store.neo4j_schema import HEAVIEST as MARKS


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

SPARE = 400
"""So many more than asked are looked at for edges as heavy as the last one shown."""


def _marked(kind: EdgeKind) -> str:
    """Whether the marks of `n`, if it is a hub, are enough."""
    return f"coalesce($limit <= size(n.{MARKS[kind]}), false)"


def _of_hub(kind: EdgeKind) -> str:
    """The heaviest edges of `kind` from the hub `n`: among those marked and those people added."""
    return f"""WITH n WHERE '{kind}' IN $kinds AND {_marked(kind)}
        WITH n, COUNT {{ (n)-[:{kind}]-() }} AS total
        UNWIND n.{MARKS[kind]}[..$limit] + $added.{kind} AS id
        MATCH (m:Entity {{id: id}}) WITH DISTINCT n, total, m MATCH (n)-[r:{kind}]-(m)
        WITH total, r, startNode(r).id AS source, endNode(r).id AS target
        ORDER BY r.weight DESC, source, target LIMIT $limit
        RETURN '{kind}' AS kind, total, null AS unsure, source, target, properties(r) AS there"""


def _of_one(kind: EdgeKind, marked: bool = False) -> str:
    """The heaviest edges of `kind` from `n`; where all weigh the same, the first in the order of ids."""
    count = f"WITH n, COUNT {{ (n)-[r:{kind}]-() WHERE seen(r) }} AS total"
    if marked:
        count = f"WITH n WHERE NOT {_marked(kind)} {count}"
    found = f" MATCH (n)-[r:{kind}]-() WHERE '{kind}' IN $kinds AND seen(r)"
    heavy = " WITH total, r, null AS unsure"
    if kind.weighed_by:
        heavy = f""" WITH total, r, r.weight AS weight ORDER BY weight DESC LIMIT $limit + {SPARE}
            WITH total, collect(r) AS edges, collect(weight) AS weights
            WITH total, edges, weights[-1] AS last,
                 weights[CASE WHEN size(weights) < $limit THEN size(weights) ELSE $limit END - 1]
                 AS least
            WITH total, edges, least,
                 CASE WHEN total > size(edges) AND last = least THEN least END AS unsure
            UNWIND edges AS r WITH total, unsure, least, r WHERE r.weight >= least"""
    return f"""{count}{found}{heavy}
        WITH total, unsure, r, startNode(r).id AS source, endNode(r).id AS target
        ORDER BY r.weight DESC, source, target LIMIT $limit
        RETURN '{kind}' AS kind, total, unsure, source, target, properties(r) AS there"""


def _of_each(*looks: str) -> Query:
    return _query(
        "MATCH (n:Entity {id: $id}) CALL (n) {"
        + " UNION ALL ".join(looks)
        + "} RETURN kind, total, unsure, source, target, there"
    )


HEAVIEST_OF_ONE = Query(
    _of_each(*map(_of_hub, MARKS), *(_of_one(kind, kind in MARKS) for kind in EdgeKind)).plain,
    _of_each(*map(_of_one, EdgeKind)).since,
)
"""The heaviest of each kind from one node in one look at its edges. `unsure` is the weight of the last one
where more edges than were kept are as heavy, so that ids must choose among them; else null."""

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

MOST_WAYS = 20_000
"""More ways than these are not listed by the server; they are counted without listing them."""


@cache
def ways(kinds: tuple[EdgeKind, ...], max_hops: int) -> str:
    """All shortest ways of at most `max_hops` edges of `kinds` from `$a` to `$b` around hubs.

    A row: how many were met, of at most `MOST_WAYS` + 1, each as often as edges lie side by side on it;
    how many different ones; the first `$limit` of them in the order of their ids. The test on each node
    is one that the search makes as it goes: all edges are counted first, which is the quickest.
    """
    types = "|".join(kinds)
    touching = " + ".join(f"COUNT {{ (n)-[:{kind}]-() }}" for kind in kinds)
    return f"""
        MATCH (a:Entity {{id: $a}}), (b:Entity {{id: $b}})
        MATCH p = allShortestPaths((a)-[:{types}*..{max_hops}]-(b))
        WHERE all(n IN nodes(p) WHERE COUNT {{ (n)--() }} <= $hub OR {touching} <= $hub
                  OR n.id = $a OR n.id = $b)
        WITH [n IN nodes(p) | n.id] AS way LIMIT {MOST_WAYS + 1}
        WITH count(*) AS met, collect(DISTINCT way) AS different
        UNWIND CASE WHEN met > {MOST_WAYS} THEN [null] ELSE different END AS way
        WITH met, size(different) AS total, way ORDER BY way LIMIT $limit
        RETURN met, total, collect(way)
    """
