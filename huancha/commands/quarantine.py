"""`huancha quarantine`: the rejected rows, listed, exported, replayed."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from casework.beijing import beijing_now
from huancha.commands.load_screen import LoadScreen, print_report, say_outcome
from huancha.commands.options import (
    JsonOption,
    LimitOption,
    WorkspaceOption,
    listing,
    workspace_path,
)
from huancha.commands.output import print_json, print_line, print_shown, say

app = typer.Typer(
    help="""Rows that could not be kept: list, export, replay them after a fix.

    Without a command it lists.

    Example: huancha quarantine export rejects.csv""",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)

TableOption = Annotated[
    str | None, typer.Option("--table", metavar="NAME", help="Only rows of this table.")
]
FileOption = Annotated[
    str | None, typer.Option("--file", metavar="NAME", help="Only rows of this file.")
]
ReasonOption = Annotated[
    str | None, typer.Option("--reason", metavar="CODE", help="Only reasons that begin so.")
]
SHOWN = 50


@app.command("list")
def list_(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    table: TableOption = None,
    file: FileOption = None,
    reason: ReasonOption = None,
    limit: LimitOption = None,
    json_: JsonOption = False,
) -> None:
    """List rejected rows: file, line, table, reason, and the row as read.

    Example: huancha quarantine list --table setl_d --reason unreadable
    """
    from loaders.quarantine import list_rejects

    path = workspace_path(ctx, workspace)
    rejects = list_rejects(path, table=table, file=file, reason=reason)
    if json_:
        print_json([asdict(r) | {"heading": r.names} for r in rejects[:limit]])
        return
    for r in rejects[: limit or SHOWN]:
        where = f"{r.file}:{r.line}" if r.sheet is None else f"{r.file} [{r.sheet}]:{r.line}"
        print_line(f"{r.reject}  {where}  {r.table}  {r.reason}")
        print_line(f"    {r.row}")
    print_shown(min(limit or SHOWN, len(rejects)), len(rejects))


@app.command("export")
def export(
    ctx: typer.Context,
    target: Annotated[Path, typer.Argument(metavar="FILE", help="The CSV file to write.")],
    workspace: WorkspaceOption = None,
    table: TableOption = None,
    file: FileOption = None,
    reason: ReasonOption = None,
) -> None:
    """Write rejected rows to a CSV file, to be corrected there. It holds personal data: guard it.

    Example: huancha quarantine export rejects.csv --table setl_d
    """
    from loaders.quarantine import export_rejects

    path = workspace_path(ctx, workspace)
    n = export_rejects(path, target, table=table, file=file, reason=reason)
    say(f"{n:,} 行 rows → {target}")


@app.command("replay")
def replay(
    ctx: typer.Context,
    corrected: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="A corrected export; without it all open rows are tried again."
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    table: TableOption = None,
    json_: JsonOption = False,
) -> None:
    """Read rejected rows again, after a fix, and publish what can now be kept.

    Example: huancha quarantine replay rejects.csv
    """
    from loaders.replay import replay_rejects

    path = workspace_path(ctx, workspace)
    now = beijing_now()
    with LoadScreen() as screen:
        report = replay_rejects(path, corrected, now=now, table=table, progress=screen)
    say_outcome(report)
    if json_:
        print_json(report.to_json())
    else:
        print_report(report)


listing(app, list_)
