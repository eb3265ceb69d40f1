"""Making a load visible at once or not at all: lock, sweep, rename, `CURRENT`."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from graph.errors import NoSnapshot
from graph.snapshot import Snapshot, current_snapshot
from loaders.errors import BusyWorkspace

CURRENT = "CURRENT"
MANIFEST = "manifest.json"
_LOCK = "load.lock"


@contextmanager
def locked(workspace: Path) -> Iterator[None]:
    """Keep other loads out of the workspace; raises `BusyWorkspace` when one is at work.

    The lock dies with the process that holds it.
    """
    workspace.mkdir(parents=True, exist_ok=True)
    with (workspace / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyWorkspace(workspace) from None
        yield


def live_snapshot(workspace: Path) -> Snapshot | None:
    """The live snapshot, None before the first load."""
    try:
        return current_snapshot(workspace)
    except NoSnapshot:
        return None


def _lineage(workspace: Path, live: Snapshot | None) -> set[str]:
    names: set[str] = set()
    name = live.id if live else None
    while name and name not in names:
        names.add(name)
        try:
            name = json.loads((workspace / "tables" / name / MANIFEST).read_text("utf-8"))["parent"]
        except (OSError, ValueError, KeyError):
            name = None
    return names


def sweep(workspace: Path, live: Snapshot | None) -> None:
    """Remove what killed loads left: drafts, and snapshots that never became the live one.

    Where no snapshot is live, whole ones are left alone: `CURRENT` may have been lost. Call under
    the lock only.
    """
    for draft in (workspace / "tmp").glob("load-*"):
        shutil.rmtree(draft, ignore_errors=True)
    for spill in (workspace / "tmp").glob("duckdb-*"):
        if not _alive(spill.name):
            shutil.rmtree(spill, ignore_errors=True)
    tables, vault = workspace / "tables", workspace / "vault"
    published = _lineage(workspace, live)
    for found in tables.glob("*"):
        finished = (found / MANIFEST).exists() and (live is None or found.name in published)
        if found.is_dir() and not finished:
            shutil.rmtree(found, ignore_errors=True)
    for found in [*vault.glob("*"), *(vault / "quarantine").glob("*")]:
        if found.name != "quarantine" and not (tables / found.name).exists():
            shutil.rmtree(found, ignore_errors=True)


def _alive(name: str) -> bool:
    parts = name.split("-")
    if len(parts) < 2 or not parts[1].isdigit():
        return False
    try:
        os.kill(int(parts[1]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def linked(source: Path, target: Path) -> None:
    """Make `target` the same file as `source`: a hard link, or a copy where there are none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):
        os.link(source, target)
        return
    shutil.copy2(source, target)


def publish(workspace: Path, draft: Path, snapshot: str, manifest: dict[str, Any]) -> None:
    """Move a finished draft (`tables/`, `vault/`, `quarantine/`) into place and make it live.

    The tables come last, with their manifest in them: whoever sees a manifest sees a whole snapshot.
    """
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (draft / "tables" / MANIFEST).write_text(text + "\n", "utf-8")
    for part in ("quarantine", "vault", "tables"):
        _sync(draft / part)
    for part, place in (
        ("quarantine", workspace / "vault" / "quarantine"),
        ("vault", workspace / "vault"),
        ("tables", workspace / "tables"),
    ):
        place.mkdir(parents=True, exist_ok=True)
        (draft / part).rename(place / snapshot)
        _sync_folder(place)
    pointer = draft / CURRENT
    pointer.write_text(snapshot + "\n", "utf-8")
    _sync_file(pointer)
    pointer.replace(workspace / CURRENT)
    _sync_folder(workspace)


def _sync(folder: Path) -> None:
    for found in folder.rglob("*"):
        if found.is_file():
            _sync_file(found)
        else:
            _sync_folder(found)
    _sync_folder(folder)


def _sync_file(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    _sync_file(folder)
