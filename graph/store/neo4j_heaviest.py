"""The heaviest edges of hubs, marked on a Neo4j server: the hub names the other ends.

A hub's node carries for each kind of edge that leads to it more than `HUB` times the ids at the other end
of the first `MARKED` of them, in the order of `View.neighbours`: so that nobody has to meet all. Only
what the tables say is marked; what people added meanwhile is looked at beside it.
"""

from collections.abc import Iterable

from graph.duck import Connection
from graph.model import EdgeKind
from graph.store.derive import ENDS
from graph.store.neo4j_schema import HEAVIEST

HUB = 1_000
MARKED = 100


def lay_heaviest(connection: Connection, kinds: Iterable[EdgeKind], schema: str = "main") -> None:
    """Make `heaviest` (number, kind, ends) in `schema`, which holds the edges of `kinds` as `"<KIND>_out"`."""
    table = f"{schema}.heaviest"
    connection.execute(f"CREATE TABLE {table} (number BIGINT, kind VARCHAR, ends VARCHAR[])")
    for kind in HEAVIEST.keys() & set(kinds):
        edges = f'{schema}."{kind}_out"'
        connection.execute(f"""
            INSERT INTO {table}
            SELECT dst, '{kind}', arg_min(id, (-weight, id), {MARKED})
            FROM {edges} JOIN {schema}.by_number ON number = src
            WHERE dst IN (SELECT dst FROM {edges} GROUP BY dst HAVING count(*) > {HUB})
            GROUP BY dst
        """)


def with_heaviest(family: int, sql: str, schema: str) -> str:
    """The nodes of `family`, which `sql` gives by `number`, with a list of ids for each kind there may be."""
    kinds = [kind for kind in HEAVIEST if family in ENDS[kind][1]]
    lists = "".join(f', "{kind}".ends AS {HEAVIEST[kind]}' for kind in kinds)
    joins = "".join(
        f' LEFT JOIN {schema}.heaviest "{kind}"'
        f' ON "{kind}".number = node.number AND "{kind}".kind = \'{kind}\''
        for kind in kinds
    )
    return f"SELECT node.*{lists} FROM ({sql}) node{joins}"
