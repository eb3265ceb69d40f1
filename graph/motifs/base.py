"""What a motif is: a name, product text, and one function from the world to candidates."""

import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from graph.scan.candidates import Candidate
from graph.scan.world import World

Detect = Callable[[World], Iterable[Candidate]]

_SECTION = re.compile(r"^(含义|误判|Meaning|Misleads|Source): ?", re.MULTILINE)


@dataclass(frozen=True)
class Motif:
    """A pattern that organised fraud leaves, and innocent things sometimes too.

    `name` is stable and goes into files. The text shown to people is the docstring of `detect`'s module:
    a title line `中文 · English`, then sections 含义, 误判, Meaning, Misleads, Source.
    `needs` are the tables without which the motif is switched off. One `on_covisits` builds on what the co-visit motif
    left and runs after it; the others may run at the same time, on a connection of their own. One `on_all` builds on what all
    the others found (`notes["candidates"]`) and runs last; `beforehand`, if any, makes ready what does not need them, after the
    co-visits and on the connection `detect` gets.
    """

    name: str
    detect: Detect
    needs: tuple[str, ...] = ("setl_d",)
    on_covisits: bool = False
    on_all: bool = False
    beforehand: Callable[[World], None] | None = None

    @cached_property
    def text(self) -> dict[str, str]:
        """The docstring's parts: title_zh, title_en and the five sections."""
        doc = sys.modules[self.detect.__module__].__doc__ or ""
        title, _, rest = doc.strip().partition("\n")
        title_zh, _, title_en = title.partition(" · ")
        parts = _SECTION.split(rest)
        sections = {k: " ".join(v.split()) for k, v in zip(parts[1::2], parts[2::2], strict=True)}
        return {"title_zh": title_zh, "title_en": title_en.rstrip(".")} | sections
