"""Many users of the dashboard at once, without their browsers: each speaks Streamlit's own protocol.

A user opens a page, waits until the server has run all of it, thinks, and opens the next.
"""

import asyncio
import time
from dataclasses import dataclass
from random import Random

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE = 60.0
LARGEST = 64 << 20


@dataclass(frozen=True)
class Visit:
    """A page as the address bar has it: `page`, what follows the question mark, seconds it took."""

    page: str
    query: str
    took: float = 0.0


async def _open(connection: websockets.ClientConnection, page: str, query: str) -> float:
    asked = BackMsg()
    asked.rerun_script.page_name = page
    asked.rerun_script.query_string = query
    began = time.perf_counter()
    await connection.send(asked.SerializeToString())
    while True:
        told = ForwardMsg()
        told.ParseFromString(bytes(await asyncio.wait_for(connection.recv(decode=False), PATIENCE)))
        if told.WhichOneof("type") == "script_finished":
            return time.perf_counter() - began


def _connected(address: str) -> websockets.connect:
    where = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    return websockets.connect(
        where, subprotocols=[websockets.Subprotocol("streamlit")], origin=None, max_size=LARGEST
    )


def opened_once(address: str, pages: list[tuple[str, str]]) -> None:
    """Open each page once, as somebody did since the server was started."""

    async def one_by_one() -> None:
        async with _connected(address) as connection:
            for page in pages:
                await _open(connection, *page)

    asyncio.run(one_by_one())


async def _use(
    address: str, pages: list[tuple[str, str]], thinks: float, ends: float, random: Random
) -> list[Visit]:
    """One user until `ends`; the first page, where the session is made, is not counted."""
    visits: list[Visit] = []
    async with _connected(address) as connection:
        await _open(connection, *random.choice(pages))
        while True:
            await asyncio.sleep(random.expovariate(1 / thinks))
            if time.monotonic() > ends:
                return visits
            page, query = random.choice(pages)
            visits.append(Visit(page, query, await _open(connection, page, query)))


def visits_of(
    address: str, pages: list[tuple[str, str]], users: int, thinks: float, seconds: float
) -> list[Visit]:
    """What `users`, who think for `thinks` s on average, were answered within `seconds`."""

    async def all_of_them() -> list[list[Visit]]:
        ends = time.monotonic() + seconds
        return await asyncio.gather(
            *(_use(address, pages, thinks, ends, Random(user)) for user in range(users))
        )

    return [visit for visits in asyncio.run(all_of_them()) for visit in visits]
