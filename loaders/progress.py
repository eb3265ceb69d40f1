"""How far a load has come, told to whoever draws it."""

from typing import Protocol


class Progress(Protocol):
    """Called by a load as it goes; implementations must be quick.

    What `begin`, `advance` or `stage` raises ends the load with nothing published; `end` must not raise.
    """

    def begin(self, files: int, total: int) -> None:
        """`files` files of `total` bytes in all are about to be read."""

    def advance(self, file: str, rows: int, done: int, total: int) -> None:
        """`rows` rows of `file` are read; of the whole load `done` of `total` bytes."""

    def stage(self, name: str) -> None:
        """Reading is over and the load is at `name` (dedupe, entities, tokens, tables, publish)."""

    def end(self) -> None:
        """The load is over, published or not."""


class Silent:
    """Progress that nobody watches."""

    def begin(self, files: int, total: int) -> None:
        """Nothing."""

    def advance(self, file: str, rows: int, done: int, total: int) -> None:
        """Nothing."""

    def stage(self, name: str) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""
