"""Many places in one process: real receivers behind one server on loopback, each of which may be made to misbehave."""

import hashlib
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum, auto
from functools import cached_property
from pathlib import Path

import uvicorn

from casework.orders.https import Endpoint
from casework.orders.keys import Keyring
from casework.orders.signing import Algorithm, Key
from casework.orders.wire import Answer, Order
from casework.receiver.app import Settings, app
from casework.receiver.ledger import Ledger
from casework.receiver.qualification import Qualification, qualification

READER = "a token for whoever may read here"


class Fault(Enum):
    """What a place does to one request instead of answering it."""

    ERROR = auto()
    """503; it never saw the order."""
    BUSY = auto()
    """429 with Retry-After: 7; it never saw the order."""
    DOWN = auto()
    """The line is cut; it never saw the order."""
    SILENT = auto()
    """It keeps the order and says nothing until the caller gives up."""
    LOST = auto()
    """It keeps the order; its answer is cut on the way."""
    TWICE = auto()
    """The network delivers the request twice; the second answer arrives."""
    FORGED = auto()
    """It keeps the order; somebody changes its answer."""
    REJECT = auto()
    """It rejects: it takes itself for another place."""


class Place:
    """One place. `requests` counts what reached its address, whatever became of it."""

    def __init__(self, code: str, folder: Path, clock: Callable[[], datetime]) -> None:
        self.code = code
        secret = hashlib.sha256(code.encode()).hexdigest().encode()
        self.key = Key(f"key-{code}", Algorithm.HMAC_SHA256, secret)
        self.requests = 0
        self._file, self._clock = folder / f"{code}.db", clock
        self._faults: deque[Fault] = deque()
        self._down = False

    def misbehave(self, fault: Fault, times: int = 1) -> None:
        """Do `fault` to the next `times` requests, after what was asked for before."""
        self._faults.extend([fault] * times)

    def go_down(self) -> None:
        """Cut every line until `come_back`."""
        self._down = True

    def come_back(self) -> None:
        """Answer again."""
        self._down = False

    @property
    def applied(self) -> tuple[Order, ...]:
        """The orders it has acknowledged, as they came, each once."""
        return tuple(
            one.order
            for one in self.ledger.all()
            if one.acknowledgement.status is Answer.ACKNOWLEDGED
        )

    def state(self, practitioner: str, on: date) -> Qualification:
        """What it would say of a practitioner."""
        orders = self.ledger.about(self.code, practitioner)
        return qualification(self.code, practitioner, orders, on)

    def next_fault(self) -> Fault | None:
        """What is to be done to the request that has just come."""
        self.requests += 1
        if self._down:
            return Fault.DOWN
        return self._faults.popleft() if self._faults else None

    def app(self, code: str):
        """Its receiver, which takes itself for the place `code`."""
        keyring = Keyring({self.key.id: self.key}, (READER,))
        return app(Settings(frozenset({code}), keyring, self._clock), self.ledger)

    def close(self) -> None:
        """Let go of its database, if it was ever asked for."""
        if "ledger" in vars(self):
            self.ledger.close()

    @cached_property
    def ledger(self) -> Ledger:
        """What it keeps."""
        return Ledger(self._file)

    @cached_property
    def honest(self):
        """Its receiver."""
        return self.app(self.code)

    @cached_property
    def astray(self):
        """Its receiver, set up for another place."""
        return self.app("elsewhere")


class Places:
    """All places by code. As an ASGI application it takes `/CODE/orders` and what else a receiver has."""

    def __init__(self, codes: Sequence[str], folder: Path, clock: Callable[[], datetime]) -> None:
        self._places = {code: Place(code, folder, clock) for code in codes}
        self.url = ""

    def __getitem__(self, code: str) -> Place:
        return self._places[code]

    def __iter__(self) -> Iterator[Place]:
        return iter(self._places.values())

    def endpoint(self, code: str) -> Endpoint:
        """Where orders to a place go; its key is `[code].key`."""
        return Endpoint(f"{self.url}/{code}")

    async def __call__(self, scope, receive, send) -> None:
        code = scope["path"].split("/")[1]
        place, scope = self[code], scope | {"root_path": f"/{code}"}
        match place.next_fault():
            case Fault.ERROR:
                await _plain(send, 503)
            case Fault.BUSY:
                await _plain(send, 429, (b"retry-after", b"7"))
            case Fault.DOWN:
                await _cut(send)
            case Fault.SILENT:
                await place.honest(scope, receive, _unheard)
                while (await receive())["type"] != "http.disconnect":
                    pass
            case Fault.LOST:
                await place.honest(scope, receive, _unheard)
                await _cut(send)
            case Fault.TWICE:
                again = _recorded(receive)
                await place.honest(scope, again(), _unheard)
                await place.honest(scope, again(), send)
            case Fault.FORGED:
                await place.honest(scope, receive, _forging(send))
            case Fault.REJECT:
                await place.astray(scope, receive, send)
            case None:
                await place.honest(scope, receive, send)


@contextmanager
def places(codes: Sequence[str], folder: Path, clock: Callable[[], datetime]) -> Iterator[Places]:
    """Places with these codes, reached under `url` for as long as the block runs; they keep their databases in `folder`."""
    all_ = Places(codes, folder, clock)
    try:
        with served(all_) as url:
            all_.url = url
            yield all_
    finally:
        for place in all_:
            place.close()


@contextmanager
def served(application) -> Iterator[str]:
    """An ASGI application on loopback, and its address."""
    config = uvicorn.Config(
        application, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


async def _plain(send, status: int, *headers: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"{}"})


async def _cut(send) -> None:
    """Promise a body and never send it, at which the server closes the connection."""
    promised = [(b"content-length", b"99")]
    await send({"type": "http.response.start", "status": 200, "headers": promised})


async def _unheard(message) -> None:
    del message


def _recorded(receive):
    """`receive`, as often as one likes from the start."""
    heard = []

    def again():
        at = 0

        async def receiving():
            nonlocal at
            if at == len(heard):
                heard.append(await receive())
            at += 1
            return heard[at - 1]

        return receiving

    return again


def _forging(send):
    async def forging(message):
        if message["type"] == "http.response.start":
            headers = [
                (name, b"hmac-sha256=" + b"0" * 64 if name == b"x-huancha-signature" else value)
                for name, value in message["headers"]
            ]
            message = message | {"headers": headers}
        await send(message)

    return forging
