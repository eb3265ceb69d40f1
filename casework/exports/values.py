"""How a value stands in a format that lacks its type, so that it can be told from every other value.

Dates are ISO text, tuples of texts a JSON array. A backslash begins JSON: `\\null`, `\\NaN`, `\\12` and
any text that would be read as something else or that XML forbids, e.g. `\\"2026-03-02"`. All other
texts stand as they are. `docs/exports.md` says it for those who read our files.
"""

import json
import math
import re
from collections.abc import Container
from datetime import date, datetime
from typing import Any

from graph.model import Value

_ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{6})?)?")
_RISKY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_LARGEST = 2**63


def native(value: Value) -> str | int | float | bool:
    """`value` as text, whole number of 64 bits, finite number or truth value, `text` where it is none."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and -_LARGEST <= value < _LARGEST:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    return text(value)


def text(value: Value) -> str:
    """`value` as a text that `read` gives back."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        return quoted(value) if _needs_escape(value) else str(value)
    if value is None or isinstance(value, bool | int | float):
        return "\\" + json.dumps(value)
    return _json(list(value))


def quoted(written: str) -> str:
    """A text as JSON behind a backslash, for where it would be taken for something else."""
    return "\\" + _json(written)


def column(name: str, reserved: Container[str]) -> str:
    """The name of a property where a format keeps the names `reserved` to itself."""
    return f"\\{name}" if name in reserved or name.startswith("\\") else name


def _needs_escape(value: str) -> bool:
    if value.startswith("\\") or value.strip() != value or _RISKY.search(value):
        return True
    return read(value) != value


def read(written: str) -> Value:
    """What `text` was given. Raises ValueError for a text it never gives."""
    if written.startswith("\\"):
        found: Value = json.loads(written[1:])
        return found
    if _ISO.fullmatch(written):
        return _iso(written)
    if written.startswith("["):
        return _array(written)
    return written


def _iso(written: str) -> Value:
    try:
        whole = datetime.fromisoformat(written)
    except ValueError:
        return written
    return whole if "T" in written else whole.date()


def _array(written: str) -> Value:
    try:
        items: Any = json.loads(written)
    except ValueError:
        return written
    if all(isinstance(item, str) for item in items):
        return tuple(items)
    return written


def _json(value: object) -> str:
    plain = json.dumps(value, ensure_ascii=False)
    return _RISKY.sub(lambda found: f"\\u{ord(found[0]):04x}", plain)
