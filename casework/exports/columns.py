"""Properties of many as columns of one type each, for formats that declare a property's type once."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from casework.exports.content import Network
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
