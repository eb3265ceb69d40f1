"""Which files of a folder belong to which table, which were loaded before, and which are none."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from loaders.source import TableSource

_CSV = (".csv", ".tsv", ".txt")
_EXCEL = (".xlsx", ".xlsm", ".xls", ".xlsb")
_GZIP = ".gz"


@dataclass(frozen=True)
class ExportFile:
    """One file of the folder: `name` is its path below it, `table` the table its name says (or None).

    `form` is csv, parquet or excel.
    """

    path: Path
    name: str
    form: str
    table: str | None
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Intake:
    """What a folder holds, in the order of the names."""

    files: tuple[ExportFile, ...]
    not_tables: tuple[str, ...]


def table_of(name: str, known: Collection[str]) -> str | None:
    """The table a file or sheet belongs to: its name up to the first `.` or `__`, any case."""
    stem = name.strip().split("__")[0].split(".")[0].strip().lower()
    return stem if stem in known else None


def form_of(path: Path) -> str | None:
    """How a file is written, by its ending: csv, parquet or excel; None for anything else."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] == _GZIP:
        return "csv" if len(suffixes) < 2 or suffixes[-2] in _CSV else None
    last = suffixes[-1] if suffixes else ""
    if last in _CSV:
        return "csv"
    if last in (".parquet", ".pq"):
        return "parquet"
    return "excel" if last in _EXCEL else None


def take_in(folder: Path, known: Mapping[str, TableSource], workspace: Path) -> Intake:
    """Look through a folder and its folders below.

    Hidden files and Office's lock files are no tables. The workspace is left out if it lies inside, all but
    the files that were sent up to its `uploads/`.
    """
    own = workspace.resolve()
    sent_up = folder.resolve().is_relative_to(own / "uploads")
    files, others = [], []
    for path in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or (not sent_up and path.resolve().is_relative_to(own)):
            continue
        hidden = any(part.startswith((".", "~$")) for part in Path(name).parts)
        form = None if hidden else form_of(path)
        table = table_of(path.name, known)
        if form is None or (table is None and form != "excel"):
            others.append(name)
            continue
        files.append(ExportFile(path, name, form, table, _sha256(path), path.stat().st_size))
    return Intake(tuple(files), tuple(others))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
