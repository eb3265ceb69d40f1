"""A loader in a process of its own, to be killed: what it puts down, a batch at a time."""

from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from graph.errors import ServerFault
from graph.snapshot import current_snapshot
from graph.store import neo4j_batches, neo4j_delta
from graph.store.neo4j_ import Server
from graph.store.neo4j_load import load_graph
from tests.forks import FORKS

BATCH = 40
"""So few rows at once that a kill lands between any two of many batches."""
DONE = "done"
PATIENCE = 120.0


@dataclass
class Loader:
    """One load of a workspace's live tables onto `server`, begun; `told` is what it has said so far.

    A batch that was put down is told as (step, done, total); the last word is (`DONE`, how many rows it
    sent) or (the name of a fault, its sentence).
    """

    workspace: Path
    server: Server
    told: list[tuple[Any, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ear, mouth = FORKS.Pipe(duplex=False)
        self.process = FORKS.Process(
            target=_load, args=(self.workspace, self.server, mouth), daemon=True
        )
        self.process.start()
        mouth.close()

    @property
    def ended(self) -> bool:
        """Whether it has said its last word."""
        return bool(self.told) and len(self.told[-1]) == 2

    @property
    def batches(self) -> list[tuple[Any, ...]]:
        """Those it told of."""
        return [word for word in self.told if len(word) == 3]

    def reach(self, steps: list[tuple[Any, ...]], number: int) -> None:
        """Wait until `number` of the batches `steps` are there, whoever put them down, or it has ended."""
        there = set(steps[number - 1 :])
        while number and not self.ended and there.isdisjoint(self.told):
            assert self._ear.poll(PATIENCE)
            self.told.append(self._ear.recv())

    def end(self) -> tuple[Any, ...] | None:
        """Hear it to its end; its last word, None where it was killed before it said one."""
        try:
            while self._ear.poll(PATIENCE):
                self.told.append(self._ear.recv())
        except EOFError:
            self.process.join()
            return self.told[-1] if self.ended else None
        raise TimeoutError


def _load(workspace: Path, server: Server, mouth: Connection) -> None:
    neo4j_batches.BATCH = neo4j_delta.BATCH = BATCH
    try:
        load = load_graph(
            current_snapshot(workspace), server, progress=lambda *step: mouth.send(step)
        )
        mouth.send((DONE, load.sent))
    except ServerFault as fault:
        mouth.send((type(fault).__name__, str(fault)))
