"""Where a screen may load from: folders the settings allow, and files that were sent up."""

import os
import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from huancha.jobs.errors import FolderNotAllowed

UPLOADS = "uploads"
DEPTH = 3
MOST_FOLDERS = 500
_UNFIT = re.compile(r"[^\w.\-（）()【】\[\] ]")


def allowed(folder: Path, roots: Sequence[Path], workspace: Path) -> Path:
    """`folder` without links, if it lies in one of `roots` or among the uploads; raises `FolderNotAllowed`."""
    place = folder.resolve()
    for root in (*roots, workspace / UPLOADS):
        if place.is_relative_to(root.resolve()):
            return place
    raise FolderNotAllowed(folder)


def folders(roots: Sequence[Path]) -> tuple[Path, ...]:
    """The folders with files in or below `roots`, three levels deep, at most 500, by name."""
    found: list[Path] = []
    for root in roots:
        level = [root.resolve()]
        for _ in range(DEPTH + 1):
            deeper: list[Path] = []
            for folder in level:
                here = _listed(folder)
                if any(path.is_file() for path in here):
                    found.append(folder)
                deeper += [path for path in here if path.is_dir() and not path.is_symlink()]
            level = deeper
    return tuple(sorted(dict.fromkeys(found))[:MOST_FOLDERS])


def _listed(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError:
        return []


def keep_uploads(workspace: Path, name: str, files: Iterable[tuple[str, BinaryIO]]) -> Path:
    """Write files that were sent up to `uploads/<name>/`, for the owner alone; the folder.

    They hold personal data in clear: the worker removes them once they are loaded or the load was cancelled, and a week
    after a load that failed.
    """
    folder = workspace / UPLOADS / name
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700)
    for given, content in files:
        target = folder / (_UNFIT.sub("_", Path(given).name).lstrip(".") or "file")
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            shutil.copyfileobj(content, out, 1 << 20)
    return folder


def sweep_uploads(workspace: Path, kept: Iterable[Path]) -> None:
    """Remove all that was sent up but `kept`."""
    spared = {folder.resolve() for folder in kept}
    for folder in _listed(workspace / UPLOADS):
        if folder.resolve() not in spared:
            drop_uploads(workspace, folder)


def drop_uploads(workspace: Path, folder: Path) -> None:
    """Remove `folder` if it was sent up; folders of the server stay."""
    place, root = folder.resolve(), (workspace / UPLOADS).resolve()
    if place != root and place.is_relative_to(root):
        shutil.rmtree(place, ignore_errors=True)
