"""The audit as a file to take along."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from casework.audit import Entry


def as_csv(entries: Sequence[Entry]) -> bytes:
    """`entries` as CSV that Excel opens with Chinese intact and without running what somebody wrote."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = [field.name for field in fields(Entry)]
    writer.writerow(names)
    writer.writerows([_value(getattr(entry, name)) for name in names] for entry in entries)
    return out.getvalue().encode("utf-8-sig")


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
