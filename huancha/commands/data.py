"""`huancha synth` and `huancha load`: exports made, exports in."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TaskID
from rich.table import Table

from huancha.commands.options import JsonOption, WorkspaceOption, workspace_path
from huancha.commands.output import byte_bars, print_json, say, stderr, stdout, step_lines
from loaders.load import load_folder
from loaders.report import LoadReport


def synth(
    folder: Annotated[Path, typer.Argument(help="The folder to write; made when missing.")],
    visits: Annotated[int, typer.Option(help="Settlements to write, about.")] = 100_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 1,
) -> None:
    """Write a synthetic office: its exports, with planted rings and honest look-alikes.

    The truth about the rings goes to FOLDER.truth.json beside the folder; nothing but tests and benchmarks reads it.

    Example: huancha synth office-exports --visits 200000 --seed 7
    """
    write_office(folder, visits, seed)


def write_office(folder: Path, visits: int, seed: int) -> None:
    """Write the synthetic office with progress on stderr."""
    from loaders.synthetic import write_world

    with step_lines() as progress:
        write_world(folder, visits=visits, seed=seed, progress=progress)
    say(f"已写入 written: {folder}")


def load(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The folder of exports.")],
    workspace: WorkspaceOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report, publish nothing.")] = False,
    json_: JsonOption = False,
) -> None:
    """Load a folder of exports into the workspace: every row kept, superseded or quarantined.

    Example: huancha load office-exports --workspace office
    """
    path = workspace_path(ctx, workspace)
    now = datetime.now()  # noqa: DTZ005 local by contract
    report = load_into(path, folder, now, dry_run, quiet=json_)
    if json_:
        print_json(report.to_json())


def load_into(
    workspace: Path, folder: Path, now: datetime, dry_run: bool, *, quiet: bool = False
) -> LoadReport:
    """Load with progress on stderr and, unless `quiet`, the report on stdout."""
    with LoadScreen() as screen:
        report = load_folder(folder, workspace, now=now, dry_run=dry_run, progress=screen)
    if not quiet:
        print_report(report)
    return report


def print_report(report: LoadReport) -> None:
    """The load report for a person: rows by fate, warnings, what is switched off."""
    facts = report.to_json()
    table = Table("table", "read", "kept", "superseded", "quarantined")
    for name, n in facts["tables"].items():
        table.add_row(name, *(f"{n[k]:,}" for k in ("read", "kept", "superseded", "quarantined")))
    stdout.print(table)
    for code, n in facts["warnings"].items():
        stdout.print(f"warning {code}: {n:,}")
    for column in facts["unknown_columns"]:
        stdout.print(f"unknown column {column['column']} in {column['file']}", markup=False)
    for value in facts["unknown_values"]:
        stdout.print(
            f"unknown value {value['value']} in {value['table']}.{value['column']}: {value['rows']:,} rows",
            markup=False,
        )
    for file in facts["skipped"]:
        stdout.print(f"skipped {file['file']}: {file['why']}", markup=False)
    for name in facts["not_tables"]:
        stdout.print(f"not a table: {name}", markup=False)
    for item in facts["absent"]:
        stdout.print(f"absent {item['table']}: switches off {item['switches_off']}", markup=False)
    if facts["date_from"]:
        stdout.print(f"dates {facts['date_from']} … {facts['date_to']}")


class LoadScreen:
    """Progress of a load: bars with rows, bytes and time left on a terminal, plain lines elsewhere."""

    def __init__(self) -> None:
        self._bars: Progress | None = byte_bars() if stderr.is_terminal else None
        self._task: TaskID | None = None
        self._file = ""
        self._rows = 0

    def __enter__(self) -> "LoadScreen":
        if self._bars:
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bars:
            self._bars.stop()

    def begin(self, files: int, total: int) -> None:
        """Announce the load."""
        if self._bars:
            self._task = self._bars.add_task("load", total=total, rows=0)
        else:
            say(f"… load: {files} files, {total:,} bytes")

    def advance(self, file: str, rows: int, done: int, total: int) -> None:
        """Draw how far the files are read."""
        if file != self._file:
            self._file, self._rows = file, 0
            if not self._bars:
                say(f"… {file}")
        self._rows = rows
        if self._bars and self._task is not None:
            self._bars.update(self._task, completed=done, rows=rows, description=file)

    def stage(self, name: str) -> None:
        """Draw what comes after reading."""
        if self._bars and self._task is not None:
            self._bars.update(self._task, description=name)
        else:
            say(f"… {name}")

    def end(self) -> None:
        """Nothing more to draw."""
