"""Append-only files of one JSON object per line: what people decided, never rewritten."""

import fcntl
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from graph.errors import BrokenLedger

Rows = list[dict[str, Any]]


def rows(path: Path) -> Rows:
    """The lines of a ledger, oldest first; none if there is no file. Raises `BrokenLedger`."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return []
    except UnicodeDecodeError as wrong:
        raise BrokenLedger(path, 0, "it is not UTF-8") from wrong
    return [_row(path, number, line) for number, line in enumerate(text.splitlines(), 1) if line]


def _row(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as wrong:
        raise BrokenLedger(path, number, "it is not JSON") from wrong
    if not isinstance(row, dict):
        raise BrokenLedger(path, number, "it is no JSON object")
    return row


def append(path: Path, make: Callable[[Rows], Sequence[Mapping[str, Any]]]) -> None:
    """Append what `make` answers to the lines so far; others wait meanwhile. On disk when it returns.

    Raises `BrokenLedger`, and whatever `make` raises; then nothing is written.
    """
    with path.open("ab") as ledger:
        fcntl.flock(ledger, fcntl.LOCK_EX)
        made = make(rows(path))
        lines = (json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in made)
        ledger.write(("" if _ends_well(path) else "\n").encode() + "".join(lines).encode())
        ledger.flush()
        os.fsync(ledger.fileno())


def _ends_well(path: Path) -> bool:
    """Whether the last line is closed; an editor may have left it open."""
    with path.open("rb") as ledger:
        size = ledger.seek(0, os.SEEK_END)
        if not size:
            return True
        ledger.seek(size - 1)
        return ledger.read(1) == b"\n"
