"""The graph on the office's server, as pages ask for it: briefly, and not again while it is known to be away."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from graph.errors import GraphReplaced, OtherGraph, ServerFault, ServerTimeout

if TYPE_CHECKING:
    from graph.store.base import View
    from graph.store.neo4j_ import Server

ANSWER = 5.0
"""Seconds a page waits for the server."""
PAUSE = 10.0
"""Seconds for which nobody asks again after a fault."""

T = TypeVar("T")


class OfficeGraph:
    """A server's graph; all tabs share one, so that one of them finding it away is enough.

    `clock` counts seconds. Nothing is asked before the first call.
    """

    def __init__(
        self, workspace: Path, server: "Server", clock: Callable[[], float] = monotonic
    ) -> None:
        from graph.store.neo4j_store import Neo4jStore

        brief = replace(server, connect_time=ANSWER / 2, retry_time=0.5, read_time=ANSWER)
        self._store = Neo4jStore(workspace, brief)
        self._clock = clock
        self._fault: ServerFault | None = None
        self._until = 0.0

    def ask(self, shown: tuple[str, str | None], what: Callable[["View"], T]) -> T:
        """What the graph of the snapshot and the scan `shown` answers.

        Raises a `ServerFault`: at once where there was one a moment ago, within `ANSWER` seconds
        otherwise; `OtherGraph` where the server holds another snapshot or scan.
        """
        if self._fault is not None and self._clock() < self._until:
            raise self._fault.with_traceback(None)
        try:
            answer = _within(ANSWER, self._store.server.address, lambda: self._view(shown, what))
        except ServerFault as fault:
            self._fault, self._until = fault, self._clock() + PAUSE
            raise
        self._fault = None
        return answer

    def _view(self, shown: tuple[str, str | None], what: Callable[["View"], T]) -> T:
        for last in (False, True):
            view = self._store.view()
            if view.shown != shown:
                raise OtherGraph(self._store.server.address, *map(_named, (view.shown, shown)))
            try:
                return what(view)
            except GraphReplaced:
                if last:
                    raise
        raise AssertionError


def _named(shown: tuple[str, str | None]) -> str:
    return " + ".join(filter(None, shown))


def _within(seconds: float, server: str, call: Callable[[], T]) -> T:
    """What `call` gives; `ServerTimeout` if it takes longer, and then it ends by itself."""
    answers: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def answer() -> None:
        try:
            answers.put((call(), None))
        except BaseException as error:
            answers.put((None, error))

    Thread(target=answer, daemon=True, name="graph server").start()
    try:
        found, error = answers.get(timeout=seconds)
    except Empty:
        raise ServerTimeout(server) from None
    if error is not None:
        raise error
    return found  # type: ignore[return-value]
