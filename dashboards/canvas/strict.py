"""Reading JSON that a browser or a file sent: every value is what it must be, or the reading ends."""

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

Value = TypeVar("Value")
Object = Mapping[str, Any]

MOST_TEXT = 4_000
MOST_ITEMS = 20_000


class CanvasError(Exception):
    """Something given to the canvas, or sent back by it, breaks the contract; `where` says which."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


def an_object(value: object, where: str, names: frozenset[str]) -> Object:
    """`value` as an object that holds no other names than `names`."""
    if not isinstance(value, Mapping):
        raise CanvasError(where, "an object is expected")
    unknown = sorted(str(name) for name in value if name not in names)
    if unknown:
        raise CanvasError(where, f"unknown field {unknown[0][:40]}")
    return value


def a_text(value: object, where: str) -> str:
    """`value` as text of at most 4,000 characters."""
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        raise CanvasError(where, f"a text of at most {MOST_TEXT} characters is expected")
    return value


def a_number(value: object, where: str) -> float:
    """`value` as a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise CanvasError(where, "a finite number is expected")
    return float(value)


def a_count(value: object, where: str) -> int:
    """`value` as a whole number from 0."""
    number = a_number(value, where)
    if number < 0 or number != int(number):
        raise CanvasError(where, "a whole number from 0 is expected")
    return int(number)


def a_switch(value: object, where: str) -> bool:
    """`value` as true or false."""
    if not isinstance(value, bool):
        raise CanvasError(where, "true or false is expected")
    return value


def a_day(value: object, where: str) -> date | None:
    """`value` as a day (ISO text); None for null."""
    if value is None:
        return None
    try:
        return date.fromisoformat(a_text(value, where))
    except ValueError:
        raise CanvasError(where, "a day such as 2025-03-01 is expected") from None


def a_list(value: object, where: str, each: Callable[[object, str], Value]) -> tuple[Value, ...]:
    """`value` as a list of at most 20,000 items, each read by `each`."""
    if not isinstance(value, list | tuple) or len(value) > MOST_ITEMS:
        raise CanvasError(where, f"a list of at most {MOST_ITEMS} items is expected")
    return tuple(each(item, where) for item in value)


def a_point(value: object, where: str) -> tuple[float, float]:
    """`value` as x and y in picture units."""
    found = a_list(value, where, a_number)
    if len(found) != 2:
        raise CanvasError(where, "x and y are expected")
    return found[0], found[1]


def a_mapping(value: object, where: str, each: Callable[[object, str], Value]) -> dict[str, Value]:
    """`value` as an object of texts to what `each` reads, at most 20,000 of them."""
    if not isinstance(value, Mapping) or len(value) > MOST_ITEMS:
        raise CanvasError(where, f"an object of at most {MOST_ITEMS} names is expected")
    return {a_text(name, where): each(item, where) for name, item in value.items()}
