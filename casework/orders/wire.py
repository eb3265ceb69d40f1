"""What goes over the wire: an order, and the acknowledgement of its place, as canonical JSON.

Canonical: UTF-8, keys sorted, no spaces, dates and times in ISO 8601, what is not set is null.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, TypeVar

from pydantic import ConfigDict, Field, NaiveDatetime, TypeAdapter, ValidationError

from casework.orders.errors import BadWire

EARLIEST = date(2000, 1, 1)
_STRICT = ConfigDict(extra="forbid", strict=True)
Id = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{8,64}$")]
Code = Annotated[str, Field(pattern=r"^[^\s/\x00-\x1f\x7f]{1,64}$")]
Sentence = Annotated[str, Field(min_length=1, max_length=4_000)]


class OrderKind(StrEnum):
    """What an order does to a practitioner's payment qualification at one place."""

    SUSPEND = "suspend"
    TERMINATE = "terminate"
    REINSTATE = "reinstate"


class Answer(StrEnum):
    """What a place says to an order."""

    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Order:
    """A sanction of one practitioner at one place; both by the codes they are registered under.

    It holds from `begins` to `ends`, both included; no `ends`: until an order says otherwise. It undoes the
    order `reverses` from `begins` on. `sequence` grows per practitioner and place; `law` cites document and
    article; `issued` is Beijing time; `issuer` is the 区划 code of the office.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    order: Id
    kind: OrderKind
    place_code: Code
    practitioner_code: Code
    begins: Annotated[date, Field(ge=EARLIEST)]
    ends: date | None
    law: Sentence
    issued: NaiveDatetime
    issuer: Code
    reverses: Id | None
    sequence: Annotated[int, Field(ge=1, lt=2**53)]


@dataclass(frozen=True)
class Acknowledgement:
    """A place's answer to an order: its own number `receipt`, when it had it (Beijing time), why if rejected."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    order: Id
    status: Answer
    receipt: Annotated[str, Field(min_length=1, max_length=100)]
    received: NaiveDatetime
    reason: Annotated[str, Field(max_length=1_000)] | None


_ORDER: TypeAdapter[Order] = TypeAdapter(Order)
_ACKNOWLEDGEMENT: TypeAdapter[Acknowledgement] = TypeAdapter(Acknowledgement)
_T = TypeVar("_T")


def to_bytes(one: Order | Acknowledgement) -> bytes:
    """The canonical bytes."""
    return canonical(asdict(one))


def canonical(fields: dict[str, object]) -> bytes:
    """`fields` as canonical JSON."""
    text = json.dumps(
        fields,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        default=lambda day: day.isoformat(),
    )
    return text.encode()


def order_from(content: bytes) -> Order:
    """The order that `content` holds; raises `BadWire`."""
    order = _read(_ORDER, content, "order")
    if order.ends is not None and order.ends < order.begins:
        raise BadWire("order", "it ends before it begins")
    return order


def acknowledgement_from(content: bytes) -> Acknowledgement:
    """The acknowledgement that `content` holds; raises `BadWire`."""
    return _read(_ACKNOWLEDGEMENT, content, "acknowledgement")


def _read(form: TypeAdapter[_T], content: bytes, what: str) -> _T:
    try:
        return form.validate_json(content)
    except ValidationError as wrong:
        first = wrong.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadWire(what, f"{where}: {first['msg']}" if where else first["msg"]) from None
