"""Every format an export can be had in. The bytes of a file depend on the content alone."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from casework.exports import csv_lists, cypher, gexf, graphml, i2, node_link, picture, workbook
from casework.exports.content import Content


@dataclass(frozen=True)
class Format:
    """A way to write content: `write` puts its files into a folder and returns them."""

    name: str
    suffix: str
    write: Callable[[Content, Path], tuple[Path, ...]]


FORMATS: tuple[Format, ...] = (
    Format("graphml", ".graphml", graphml.write),
    Format("gexf", ".gexf", gexf.write),
    Format("i2", ".anx", i2.write),
    Format("cypher", ".cypher", cypher.write),
    Format("csv", ".csv", csv_lists.write),
    Format("json", ".json", node_link.write),
    Format("excel", ".xlsx", workbook.write),
    Format("picture", ".svg", picture.write),
)
