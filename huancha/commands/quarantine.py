"""`huancha quarantine`: the rejected rows, listed, exported, replayed."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from huancha.commands.data import LoadScreen, print_report
from huancha.commands.options import JsonOption, WorkspaceOption, workspace_path
from huancha.commands.output import print_json, say, stdout
from loaders.quarantine import export_rejects, list_rejects

app = typer.Typer(
    help="Rows that could not be kept: list, export, replay them after a fix.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

TableOption = Annotated[str | None, typer.Option("--table", help="Only rows of this table.")]
FileOption = Annotated[str | None, typer.Option("--file", help="Only rows of this file.")]
ReasonOption = Annotated[str | None, typer.Option("--reason", help="Only reasons that begin so.")]
SHOWN = 50


@app.command("list")
def list_(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    table: TableOption = None,
    file: FileOption = None,
    reason: ReasonOption = None,
    limit: Annotated[int, typer.Option(help="Rows to show.")] = SHOWN,
    json_: JsonOption = False,
) -> None:
    """List rejected rows: file, line, table, reason, and the row as read.

    Example: huancha quarantine list --table setl_d --reason unreadable
    """
    path = workspace_path(ctx, workspace)
    rejects = list_rejects(path, table=table, file=file, reason=reason)
    if json_:
        print_json([asdict(reject) for reject in rejects])
        return
    shown = Table("no", "file", "line", "table", "reason", "row as read")
    for r in rejects[:limit]:
        where = r.file if r.sheet is None else f"{r.file} [{r.sheet}]"
        shown.add_row(str(r.reject), where, str(r.line), r.table, r.reason, r.row)
    stdout.print(shown)
    n = min(limit, len(rejects))
    stdout.print(f"显示 {n} / {len(rejects)}  shown {n} of {len(rejects)}", markup=False)


@app.command("export")
def export(
    ctx: typer.Context,
    target: Annotated[Path, typer.Argument(help="The CSV file to write.")],
    workspace: WorkspaceOption = None,
    table: TableOption = None,
    file: FileOption = None,
    reason: ReasonOption = None,
) -> None:
    """Write rejected rows to a CSV file, to be corrected there. It holds personal data: guard it.

    Example: huancha quarantine export rejects.csv --table setl_d
    """
    path = workspace_path(ctx, workspace)
    n = export_rejects(path, target, table=table, file=file, reason=reason)
    say(f"{n} rows → {target}")


@app.command("replay")
def replay(
    ctx: typer.Context,
    corrected: Annotated[
        Path | None,
        typer.Argument(help="A corrected export; without it all open rows are tried again."),
    ] = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Read rejected rows again, after a fix, and publish what can now be kept.

    Example: huancha quarantine replay rejects.csv
    """
    path = workspace_path(ctx, workspace)
    now = datetime.now()  # noqa: DTZ005 local by contract
    from loaders.replay import replay_rejects

    with LoadScreen() as screen:
        report = replay_rejects(path, corrected, now=now, progress=screen)
    if json_:
        print_json(report.to_json())
    else:
        print_report(report)
