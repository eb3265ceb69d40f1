"""Properties of many as columns of one type each, for formats that declare a property's type once."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from casework.exports.content import Content, Network
from casework.exports.values import column, native, text
from graph.model import Value

Plain = str | int | float | bool


class Kind(StrEnum):
    """The type of a column, as Neo4j's import and GraphML call it."""

    STRING = "string"
    LONG = "long"
    DOUBLE = "double"
    BOOLEAN = "boolean"


_KINDS: Mapping[type, Kind] = {
    str: Kind.STRING,
    int: Kind.LONG,
    float: Kind.DOUBLE,
    bool: Kind.BOOLEAN,
}


@dataclass(frozen=True)
class Columns:
    """`kinds` by name, in alphabetical order; `rows` as they were given, nothing where a property is missing."""

    kinds: Mapping[str, Kind]
    rows: Sequence[Mapping[str, Plain]]


def columns(given: Sequence[Mapping[str, Value]], reserved: Container[str] = ()) -> Columns:
    """`given` with names and values as `values` writes them; a column of several types is text."""
    found: dict[str, set[Kind]] = {}
    for properties in given:
        for name, value in properties.items():
            found.setdefault(name, set()).add(_KINDS[type(native(value))])
    kinds = {
        name: next(iter(seen)) if len(seen) == 1 else Kind.STRING
        for name, seen in sorted(found.items())
    }
    names = {name: column(name, reserved) for name in kinds}
    rows = [
        {
            names[name]: text(value) if kinds[name] is Kind.STRING else native(value)
            for name, value in properties.items()
        }
        for properties in given
    ]
    return Columns({names[name]: kind for name, kind in kinds.items()}, rows)


def node_columns(network: Network, reserved: Container[str] = ()) -> Columns:
    """The properties of the nodes, in their order."""
    return columns([properties for _, properties in network.graph.nodes(data=True)], reserved)


def edge_columns(network: Network, reserved: Container[str] = ()) -> Columns:
    """The properties of the edges, in their order."""
    return columns([properties for *_, properties in network.graph.edges(data=True)], reserved)


def said(network: Network) -> dict[str, str]:
    """What a file says of itself: title, how much of how much it shows, where it is from."""
    shown = f"{len(network.graph)} of {network.total}"
    return {"title": network.title, "shown": shown, **network.provenance}


def about(network: Network) -> dict[str, str]:
    """The same as `values` writes texts."""
    return {name: text(value) for name, value in said(network).items()}


def name_of(content: Content, id_: str | None) -> str | None:
    """What an id is called here: as the network has it, or as the recipient may know it."""
    if id_ is None:
        return None
    if id_ in content.network.graph:
        label: str = content.network.graph.nodes[id_]["label"]
        return label
    return content.identities.get(id_, {}).get("name")


def decided_rows(content: Content) -> list[dict[str, Value]]:
    """The case as it stood, then each decision, as properties; what is not set is left out."""
    decided = content.decided
    if decided is None:
        return []
    rows: list[dict[str, Value]] = [
        {
            "kind": "case", "on": decided.case, "what": decided.outcome, "state": decided.status,
            "at": decided.at,
        }
    ]  # fmt: skip
    for one in decided.decisions:
        hands = tuple(f"{hand.role} {hand.name or ''}".rstrip() for hand in one.by)
        rows.append({**vars(one), "name": name_of(content, one.on), "by": hands})
    return [{name: value for name, value in row.items() if value not in (None, ())} for row in rows]
