"""One order to one place over HTTPS, and the place's signed answer."""

import asyncio
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path

import httpx

from casework.orders.errors import BadEndpoint, BadWire, NotBelieved, PlaceDown, PlaceRefused
from casework.orders.signing import (
    IDEMPOTENCY_KEY,
    KEY_ID,
    SIGNATURE,
    TIMESTAMP,
    Key,
    Parts,
    headers,
    unix_seconds,
    verify,
)
from casework.orders.wire import Acknowledgement, Order, acknowledgement_from, order_from, to_bytes

LATER = frozenset({408, 425, 429})
"""What a place answers when the same request may do well later; 5xx besides."""
LONGEST_ANSWER = 65_536
SAID = 200
"""How many characters of a refusal are kept."""


@dataclass(frozen=True)
class Endpoint:
    """Where a place takes orders: `url` is what `/orders` follows, `ca` a file of the authorities it is known by.

    Without `ca` the system's authorities count. Raises `BadEndpoint`: plain http is for loopback only.
    """

    url: str
    ca: Path | None = None

    def __post_init__(self) -> None:
        try:
            url = httpx.URL(self.url)
        except httpx.InvalidURL:
            raise BadEndpoint(self.url, "it is no URL") from None
        if url.userinfo or url.query or url.fragment:
            raise BadEndpoint(self.url, "it holds more than scheme, host, port and path")
        if not url.host or url.scheme not in ("http", "https"):
            raise BadEndpoint(self.url, "it is no https address")
        if url.scheme == "http" and not _loopback(url.host):
            raise BadEndpoint(self.url, "plain http leaves this machine")


def deliver(
    order: Order, endpoint: Endpoint, key: Key, now: datetime, timeout: float
) -> Acknowledgement:
    """Send `order` and return what the place says; `now` is Beijing time, `timeout` seconds for the whole call.

    To send the same order again is safe: the place answers with the same receipt. Raises `PlaceDown` (send it
    again), `PlaceRefused` and `NotBelieved` (a person has to look), `BadWire` for an order that is none.
    """
    body = to_bytes(order)
    order_from(body)
    url = httpx.URL(endpoint.url.rstrip("/") + "/orders")
    parts = Parts(unix_seconds(now), "POST", url.raw_path.decode(), order.order, body)
    answer = _post(url, endpoint, headers(key, parts), body, timeout)
    if answer.status_code in LATER or answer.status_code >= 500:
        raise PlaceDown(endpoint.url, str(answer.status_code), _retry_after(answer, now))
    if answer.status_code != 200:
        raise PlaceRefused(endpoint.url, answer.status_code, _said(answer))
    return _believed(answer, endpoint, key, parts)


def _post(
    url: httpx.URL, endpoint: Endpoint, signed: dict[str, str], body: bytes, timeout: float
) -> httpx.Response:
    try:
        ca = endpoint.ca
        trust = _trust(ca, ca.stat().st_mtime_ns if ca else 0)
    except OSError as unread:
        raise BadEndpoint(endpoint.url, f"its authorities {endpoint.ca}: {unread}") from None
    plain = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
    request = httpx.Request("POST", url, content=body, headers=signed | plain)
    try:
        return asyncio.run(asyncio.wait_for(_answer(request, trust, endpoint.url), timeout))
    except TimeoutError:
        raise PlaceDown(endpoint.url, f"no whole answer in {timeout:g} s") from None
    except httpx.TransportError as failed:
        if _distrust(failed):
            raise NotBelieved(endpoint.url, f"its certificate: {failed}") from None
        raise PlaceDown(endpoint.url, type(failed).__name__) from None


@lru_cache
def _trust(ca: Path | None, changed: int) -> ssl.SSLContext:
    """Whom to believe, by a file as it was `changed`; kept, because reading the system's takes 20 ms."""
    del changed
    return ssl.create_default_context(cafile=ca)


async def _answer(request: httpx.Request, trust: ssl.SSLContext, url: str) -> httpx.Response:
    """The answer in full; asynchronous, because only so a time for the whole of it can be set."""
    async with httpx.AsyncClient(verify=trust, timeout=None, trust_env=False) as client:  # noqa: S113
        answer = await client.send(request, stream=True)
        try:
            read = bytearray()
            async for chunk in answer.aiter_raw():
                read += chunk
                if len(read) > LONGEST_ANSWER:
                    raise NotBelieved(url, f"it is longer than {LONGEST_ANSWER:,} bytes")
        finally:
            await answer.aclose()
    return httpx.Response(answer.status_code, headers=answer.headers, content=bytes(read))


def _believed(
    answer: httpx.Response, endpoint: Endpoint, key: Key, asked: Parts
) -> Acknowledgement:
    """The answer is signed with the key of the request, over its path and its idempotency key."""
    given = answer.headers
    stamp = given.get(TIMESTAMP, "")
    if given.get(KEY_ID) != key.id or given.get(IDEMPOTENCY_KEY) != asked.idempotency_key:
        raise NotBelieved(endpoint.url, "it is to another request or by another key")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise NotBelieved(endpoint.url, "it has no timestamp")
    parts = Parts(
        int(stamp), str(answer.status_code), asked.path, asked.idempotency_key, answer.content
    )
    if not verify(key, parts, given.get(SIGNATURE, "")):
        raise NotBelieved(endpoint.url, "its signature is not the place's")
    try:
        said = acknowledgement_from(answer.content)
    except BadWire as wrong:
        raise NotBelieved(endpoint.url, wrong.why) from None
    if said.order != asked.idempotency_key:
        raise NotBelieved(endpoint.url, "it acknowledges another order")
    return said


def _said(answer: httpx.Response) -> str:
    text = answer.content[: 4 * SAID].decode("utf-8", "replace")
    return "".join(one if one.isprintable() else " " for one in text)[:SAID]


def _retry_after(answer: httpx.Response, now: datetime) -> float | None:
    said = answer.headers.get("Retry-After", "")
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - unix_seconds(now))
    except (ValueError, OverflowError):
        return None


def _distrust(failed: BaseException | None) -> bool:
    while failed is not None:
        if isinstance(failed, ssl.SSLCertVerificationError):
            return True
        failed = failed.__cause__ or failed.__context__
    return False


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
