"""`huancha scan` and `huancha communities`."""

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from graph.results import Scan
from graph.scan.run import run_scan
from huancha import __version__
from huancha.commands.options import JsonOption, WorkspaceOption, workspace_path
from huancha.commands.output import print_json, say, stdout, step_lines
from huancha.workspace import Workspace, open_workspace


def scan(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    seed: Annotated[int, typer.Option(help="Seed of everything that draws lots.")] = 1,
    json_: JsonOption = False,
) -> None:
    """Look for rings in the live snapshot.

    Example: huancha scan --workspace office
    """
    found = scan_workspace(open_workspace(workspace_path(ctx, workspace)), seed)
    if json_:
        run = found.run
        print_json(
            {
                "scan": run.scan,
                "snapshot": run.snapshot,
                "seconds": run.seconds,
                "counts": dict(run.counts),
            }
        )


def scan_workspace(workspace: Workspace, seed: int) -> Scan:
    """Scan and say what was found."""
    with step_lines() as progress:
        found = run_scan(
            workspace.path,
            seed=seed,
            now=datetime.now(),  # noqa: DTZ005 local by contract
            version=__version__,
            progress=progress,
        )
    run = found.run
    say(f"扫描 {run.scan}: {run.counts['rings']} 条线索 leads, {run.seconds:.1f} s")
    return found


def communities(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    seed: Annotated[int, typer.Option(help="Seed of the partition.")] = 1,
    limit: Annotated[int, typer.Option(help="Communities to show.")] = 20,
    json_: JsonOption = False,
) -> None:
    """The analyst's overview: communities of the co-visit graph by python-louvain. Not rings, not ranked by suspicion.

    Example: huancha communities --limit 10
    """
    from graph.scan.overview import overview_scan

    found = overview_scan(workspace_path(ctx, workspace), seed=seed)
    if json_:
        print_json(found[:limit])
        return
    table = Table("community", "patients", "pairs", "places", "members")
    for row in found[:limit]:
        members = row["members"]
        assert isinstance(members, list)
        shown = ", ".join(members[:4]) + (" …" if len(members) > 4 else "")
        table.add_row(
            str(row["community"]),
            str(row["patients"]),
            str(row["pairs"]),
            str(row["places"]),
            shown,
        )
    stdout.print(table)
    stdout.print(
        f"显示 {min(limit, len(found))} / {len(found)}  shown {min(limit, len(found))} of {len(found)}"
    )
