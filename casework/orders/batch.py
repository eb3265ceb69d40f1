"""Orders of an area in one signed file, for places without a line, and the signed file that comes back.

A file is JSON lines: a manifest, then one order or acknowledgement a line, by order. The manifest's signature
stands over its kind (as the method), what it is about (as the path), and the SHA-256 of the lines.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from casework.orders.errors import BadBatch, BadWire
from casework.orders.signing import Key, Parts, sign, unix_seconds, verify
from casework.orders.wire import (
    Acknowledgement,
    Code,
    Order,
    acknowledgement_from,
    canonical,
    order_from,
    to_bytes,
)


class Content(StrEnum):
    """What the lines of a file are."""

    ORDERS = "orders"
    ACKNOWLEDGEMENTS = "acknowledgements"


@dataclass(frozen=True)
class Manifest:
    """The first line. `about` is the area of orders, or the batch that is acknowledged: the SHA-256 of its lines."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    content: Content
    about: Code
    count: Annotated[int, Field(ge=0)]
    sha256: str
    key_id: str
    timestamp: int
    signature: str

    def parts(self, lines: bytes) -> Parts:
        """What its signature stands over."""
        return Parts(self.timestamp, self.content.upper(), self.about, self.sha256, lines)


@dataclass(frozen=True)
class Batch:
    """A batch of orders as it was read, and the key it was signed with; `id` is the SHA-256 of its lines."""

    id: str
    area: str
    key: Key
    orders: tuple[Order, ...]


@dataclass(frozen=True)
class Fault:
    """A line of an acknowledgement file that says nothing we can use, and why; lines count from 1."""

    line: int
    why: str


@dataclass(frozen=True)
class Returned:
    """What came back for a batch: what is good, which lines are not, and the orders nothing was said of."""

    batch: str
    acknowledgements: tuple[Acknowledgement, ...]
    faults: tuple[Fault, ...]
    missing: frozenset[str]


_MANIFEST: TypeAdapter[Manifest] = TypeAdapter(Manifest)


def write_orders(area: str, orders: Sequence[Order], key: Key, now: datetime) -> bytes:
    """A batch file; the same orders at the same time give the same bytes unless SM2 signs them.

    Raises `BadBatch` for a doubled order.
    """
    _once([one.order for one in orders])
    return _signed(Content.ORDERS, area, orders, key, now)


def read_orders(content: bytes, keys: Mapping[str, Key]) -> Batch:
    """The batch in a file; raises `BadBatch` unless it is whole, signed with one of `keys` and all orders are."""
    manifest, key, lines = _opened(Content.ORDERS, content, keys)
    try:
        orders = tuple(map(order_from, lines))
    except BadWire as wrong:
        raise BadBatch(Content.ORDERS, wrong.why) from None
    _once([one.order for one in orders])
    return Batch(manifest.sha256, manifest.about, key, orders)


def write_acknowledgements(
    batch: Batch, acknowledgements: Sequence[Acknowledgement], now: datetime
) -> bytes:
    """The file that answers `batch`, signed with its key."""
    return _signed(Content.ACKNOWLEDGEMENTS, batch.id, acknowledgements, batch.key, now)


def read_acknowledgements(
    content: bytes, sent: Collection[str], keys: Mapping[str, Key]
) -> Returned:
    """What a place says of the orders `sent` to it; raises `BadBatch` unless the file is whole and signed.

    A line that is no acknowledgement, names an order that was not sent or says an order's second thing is a
    fault and takes nothing from the other lines. Two lines that contradict each other are both faults.
    """
    manifest, _, lines = _opened(Content.ACKNOWLEDGEMENTS, content, keys)
    good: dict[str, Acknowledgement] = {}
    faults: list[Fault] = []
    torn: set[str] = set()
    for number, line in enumerate(lines, start=2):
        try:
            said = acknowledgement_from(line)
        except BadWire as wrong:
            faults.append(Fault(number, wrong.why))
            continue
        first = good.setdefault(said.order, said)
        if said.order not in sent:
            faults.append(Fault(number, f"order {said.order} was not sent"))
        elif first is not said:
            torn |= {said.order} if first != said else set()
            faults.append(Fault(number, f"order {said.order} is acknowledged twice"))
    kept = {id_: one for id_, one in good.items() if id_ in sent and id_ not in torn}
    return Returned(
        manifest.about, tuple(kept.values()), tuple(faults), frozenset(sent) - kept.keys()
    )


def _signed(
    content: Content,
    about: str,
    written: Sequence[Order | Acknowledgement],
    key: Key,
    now: datetime,
) -> bytes:
    by_order = sorted(written, key=lambda one: one.order)
    lines = b"".join(to_bytes(one) + b"\n" for one in by_order)
    digest = hashlib.sha256(lines).hexdigest()
    unsigned = Manifest(content, about, len(by_order), digest, key.id, unix_seconds(now), "")
    signature = sign(key, unsigned.parts(lines))
    return canonical(asdict(unsigned) | {"signature": signature}) + b"\n" + lines


def _opened(
    what: Content, content: bytes, keys: Mapping[str, Key]
) -> tuple[Manifest, Key, list[bytes]]:
    first, _, rest = content.partition(b"\n")
    try:
        manifest = _MANIFEST.validate_json(first)
    except ValidationError:
        raise BadBatch(what, "its first line is no manifest") from None
    lines = rest.split(b"\n")
    if manifest.content is not what:
        raise BadBatch(what, f"it holds {manifest.content}")
    if lines[-1] or len(lines) - 1 != manifest.count:
        whole = f"{len(lines) - 1} whole lines of {manifest.count}"
        raise BadBatch(what, f"it is cut or grown: {whole}")
    if hashlib.sha256(rest).hexdigest() != manifest.sha256:
        raise BadBatch(what, "its lines were changed")
    key = keys.get(manifest.key_id)
    if key is None:
        raise BadBatch(what, f"its key {manifest.key_id!r} is not known here")
    if not verify(key, manifest.parts(rest), manifest.signature):
        raise BadBatch(what, "its signature does not hold")
    return manifest, key, lines[:-1]


def _once(orders: Sequence[str]) -> None:
    if len(set(orders)) != len(orders):
        raise BadBatch(Content.ORDERS, "it holds an order twice")
