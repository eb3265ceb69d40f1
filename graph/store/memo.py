"""What was read last of nodes and edges, so that a picture that grows does not read all of it again."""

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

MOST = 100_000
K = TypeVar("K")
V = TypeVar("V")


class Memo(Generic[K, V]):
    """Values by key, at most `MOST`: beyond that it begins anew."""

    def __init__(self) -> None:
        self._known: dict[K, V] = {}

    def all(self, keys: Iterable[K], read: Callable[[list[K]], Mapping[K, V]]) -> dict[K, V]:
        """The values of `keys`: those not known yet from `read`, which may leave some out."""
        known = self._known
        asked = list(keys)
        found = {key: known[key] for key in asked if key in known}
        missing = [key for key in asked if key not in found]
        new = dict(read(missing)) if missing else {}
        if len(known) + len(new) > MOST:
            self._known = {}
        self._known.update(new)
        return found | new
