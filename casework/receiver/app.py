"""The receiver's HTTP side, and the OpenAPI document it describes itself with."""

import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response, Security
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from casework.orders.errors import BadWire
from casework.orders.keys import Keyring
from casework.orders.signing import (
    IDEMPOTENCY_KEY,
    KEY_ID,
    SIGNATURE,
    TIMESTAMP,
    WINDOW,
    Key,
    Parts,
    headers,
    unix_seconds,
    verify,
)
from casework.orders.wire import Acknowledgement, order_from, to_bytes
from casework.receiver.errors import Contradiction, UnusableLedger
from casework.receiver.ledger import Ledger, Taken
from casework.receiver.qualification import Qualification, qualification

VERSION = "1"
LONGEST = 65_536
"""Bytes an order may have."""
ABOUT = """\
The reference side of a designated facility, pharmacy or an area's platform: takes signed orders of the
medical-insurance office, acknowledges them, and says whether a practitioner's work may be settled on a day."""


@dataclass(frozen=True)
class Settings:
    """For which `places` (codes) orders are taken, with which keys, and how old a request may be in seconds.

    `clock` gives naive Beijing time.
    """

    places: frozenset[str]
    keyring: Keyring
    clock: Callable[[], datetime]
    window: int = WINDOW


@dataclass(frozen=True)
class Health:
    """The receiver and its database answer; `orders` came so far."""

    orders: int


def app(settings: Settings, ledger: Ledger) -> FastAPI:
    """The receiver over an open ledger, which it closes when its server ends."""

    @asynccontextmanager
    async def closing(_: FastAPI) -> AsyncIterator[None]:
        yield
        ledger.close()

    api = FastAPI(
        title="huancha receiver", version=VERSION, description=ABOUT, lifespan=closing,
        docs_url=None, redoc_url=None,
    )  # fmt: skip
    api.add_exception_handler(UnusableLedger, _unusable)
    _take_orders(api, settings, ledger)
    _answer_readers(api, settings, ledger)
    return api


def _take_orders(api: FastAPI, settings: Settings, ledger: Ledger) -> None:
    refusals: dict[int | str, dict[str, Any]] = {
        401: {"description": "unknown key, wrong signature or stale timestamp; nothing was kept"},
        409: {"description": "the order came before with other bytes; nothing was kept"},
        413: {"description": f"more than {LONGEST:,} bytes"},
        422: {"description": "the body is no order, or not the one of the Idempotency-Key"},
        200: {
            "description": "acknowledged or rejected, and on disk; the same order again gives the same bytes",
            "model": Acknowledgement,
            "headers": {one["name"]: {"schema": one["schema"]} for one in _HEADERS},
        },
    }

    @api.post("/orders", openapi_extra=_SIGNED, responses=refusals, response_class=Response)
    def take_order(request: Request, body: Annotated[bytes, Depends(_body)]) -> Response:
        """Take one signed order."""
        now = settings.clock()
        key, asked = _believed(request, body, settings, now)
        try:
            order = order_from(body)
            if order.order != asked.idempotency_key:
                raise HTTPException(422, "The Idempotency-Key is not the order's id.")
            (said,) = ledger.take([(order, body)], settings.places, now)
        except BadWire as wrong:
            raise HTTPException(422, str(wrong)) from None
        except Contradiction as wrong:
            raise HTTPException(409, str(wrong)) from None
        written = to_bytes(said)
        answer = Parts(unix_seconds(now), "200", asked.path, asked.idempotency_key, written)
        return Response(written, media_type="application/json", headers=headers(key, answer))


def _answer_readers(api: FastAPI, settings: Settings, ledger: Ledger) -> None:
    bearer = HTTPBearer(auto_error=False, description="a token of the receiver's key file")

    def reader(
        given: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
    ) -> None:
        token = given.credentials.encode() if given else b""
        known = [hmac.compare_digest(token, one.encode()) for one in settings.keyring.readers]
        if not any(known):
            raise HTTPException(401, "Ask with a token of [readers] in the receiver's key file.")

    refused: dict[int | str, dict[str, Any]] = {401: {"description": "no token, or a wrong one"}}

    never: dict[int | str, dict[str, Any]] = {404: {"description": "it never came"}}

    @api.get("/orders/{order}", dependencies=[Depends(reader)], responses=refused | never)
    def one_order(order: str) -> Taken:
        """An order and what was said to it."""
        found = ledger.taken(order)
        if found is None:
            raise HTTPException(404, f"Order {order} never came.")
        return found

    @api.get("/practitioners/{code}", dependencies=[Depends(reader)], responses=refused)
    def practitioner(
        code: str,
        on: Annotated[date | None, Query(description="the day; today unless given")] = None,
        place: Annotated[
            str | None, Query(description="the place's code; only where a receiver has several")
        ] = None,
    ) -> Qualification:
        """Whether a practitioner's work may be settled: only while `active`. Unknown codes are active."""
        where = place or (next(iter(settings.places)) if len(settings.places) == 1 else None)
        if where not in settings.places:
            raise HTTPException(422, "Name one of this receiver's places: place=CODE.")
        day = on or settings.clock().date()
        return qualification(where, code, ledger.about(where, code), day)

    @api.get("/health")
    def health() -> Health:
        """Whether the receiver and its database answer."""
        return Health(ledger.count())


async def _body(request: Request) -> bytes:
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > LONGEST:
            raise HTTPException(413, f"An order has at most {LONGEST:,} bytes.")
    return bytes(read)


def _believed(
    request: Request, body: bytes, settings: Settings, now: datetime
) -> tuple[Key, Parts]:
    """The key a request is signed with, and what it signed; else 401."""
    given = request.headers
    key = settings.keyring.keys.get(given.get(KEY_ID, ""))
    if key is None:
        raise HTTPException(401, f"No such {KEY_ID} is known here.")
    stamp = given.get(TIMESTAMP, "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise HTTPException(401, f"{TIMESTAMP} is not in unix seconds.")
    path = request.scope["raw_path"].decode("latin-1")
    parts = Parts(int(stamp), request.method, path, given.get(IDEMPOTENCY_KEY, ""), body)
    if not verify(key, parts, given.get(SIGNATURE, "")):
        raise HTTPException(401, f"{SIGNATURE} is not that of this request.")
    if abs(unix_seconds(now) - parts.timestamp) > settings.window:
        raise HTTPException(401, f"{TIMESTAMP} is more than {settings.window} s off our clock.")
    return key, parts


def _unusable(_: Request, failed: Exception) -> JSONResponse:
    del failed
    return JSONResponse(
        {"detail": "The receiver's database cannot be used: send again later."}, 503
    )


def _header(name: str, form: str, says: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": form}
    return {"name": name, "in": "header", "required": True, "description": says, "schema": schema}


_HEADERS = (
    _header(KEY_ID, "^[0-9A-Za-z._-]{1,64}$", "which key signs"),
    _header(TIMESTAMP, "^[0-9]{1,12}$", "unix seconds"),
    _header(IDEMPOTENCY_KEY, "^[0-9A-Za-z_-]{8,64}$", "the order's id"),
    _header(
        SIGNATURE,
        "^(hmac-(sha256|sm3)=[0-9a-f]{64}|sm2-sm3=([0-9a-f]{2}){8,72})$",
        "see docs/receiver.md",
    ),
)
_SIGNED: dict[str, Any] = {
    "parameters": list(_HEADERS),
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}},
    },
}
