"""A synthetic world: the files a real office sends, with planted rings and honest look-alikes."""

from loaders.synthetic.export import TableCount
from loaders.synthetic.generate import WorldSummary, write_world
from loaders.synthetic.offices import split_world
from loaders.synthetic.settings import Dirt, RingKind, TwinKind, WorldSettings

__all__ = [
    "Dirt",
    "RingKind",
    "TableCount",
    "TwinKind",
    "WorldSettings",
    "WorldSummary",
    "split_world",
    "write_world",
]
