"""`huancha scan` and `huancha communities`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from casework.beijing import beijing_now
from graph.errors import NoSnapshot
from huancha import __version__
from huancha.commands.graph_scans import write_back
from huancha.commands.options import (
    GraphOption,
    JsonOption,
    LimitOption,
    SeedOption,
    WorkspaceOption,
    workspace_path,
)
from huancha.commands.output import (
    plain_table,
    print_json,
    print_shown,
    say,
    stdout,
    step_lines,
)
from huancha.workspace import Workspace, graph_server, open_workspace

if TYPE_CHECKING:
    from graph.results import Scan

SHOWN = 20
FEW = 4
"""Members named per community."""


def scan(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    seed: SeedOption = 1,
    json_: JsonOption = False,
    decoys: Annotated[
        int,
        typer.Option(
            "--decoys",
            min=0,
            metavar="N",
            help="Repeat the co-visit search on N decoys, to estimate how many of its groups are chance.",
        ),
    ] = 0,
    graph: GraphOption = None,
) -> None:
    """Look for rings in what was loaded.

    Where a Neo4j server is named, it shows the new scan's rings, members and pairs too.

    Example: huancha scan --workspace office
    """
    server = graph_server(graph)
    path = workspace_path(ctx, workspace)
    found = scan_workspace(open_workspace(path), seed, decoys)
    if json_:
        run = found.run
        print_json({
            "scan": run.scan, "snapshot": run.snapshot, "seed": run.seed, "seconds": run.seconds,
            "counts": dict(run.counts),
            "stages": [vars(stage) for stage in run.stages],
        })  # fmt: skip
    if server is not None:
        write_back(path, found, server)


def scan_workspace(workspace: Workspace, seed: int, decoys: int = 0) -> "Scan":
    """Scan with progress on stderr, and say what was found.

    Raises `NoSnapshot` before the first load, `WrongKeys` when the workspace's keys are broken.
    """
    from graph.scan.parameters import Parameters
    from graph.scan.run import run_scan
    from loaders.vault import open_vault

    live = workspace.snapshot()
    if live is None:
        raise NoSnapshot(workspace.path)
    open_vault(workspace.path, live.id)
    with step_lines() as progress:
        found = run_scan(
            workspace.path,
            seed=seed,
            now=beijing_now(),
            version=__version__,
            parameters=Parameters(decoys=decoys),
            progress=progress,
        )
    run = found.run
    say(f"扫描 scan {run.scan}: {run.counts['rings']} 条线索 leads, {run.seconds:.1f} s")
    if run.counts.get("decoys"):
        say(_chance(run.counts))
    return found


def _chance(counts: Mapping[str, int]) -> str:
    """Per grade, co-visit groups found and found on an average decoy."""
    runs = counts["decoys"]
    told = (
        f"{grade} {counts[f'decoy_real_{grade.lower()}']} / {counts[f'decoy_found_{grade.lower()}'] / runs:.1f}"
        for grade in "ABC"
    )
    return f"同现团伙 实有／打乱后 co-visit groups, real / on decoys ({runs}): {', '.join(told)}"


def communities(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    seed: SeedOption = 1,
    limit: LimitOption = None,
    json_: JsonOption = False,
) -> None:
    """The analyst's overview: communities of people seen together, by python-louvain.

    They are no rings and not ranked by suspicion; the largest comes first.

    Example: huancha communities --limit 10
    """
    path = workspace_path(ctx, workspace)
    from graph.scan.overview import overview_scan

    found = overview_scan(path, seed=seed)
    if json_:
        print_json(found[:limit])
        return
    table = plain_table(
        no=">群", patients=">参保人", pairs=">同现对", places=">机构", members="成员"
    )
    for row in found[: limit or SHOWN]:
        members = row["members"]
        assert isinstance(members, list)
        shown = " ".join(members[:FEW]) + (" …" if len(members) > FEW else "")
        numbers = (str(row[name]) for name in ("community", "patients", "pairs", "places"))
        table.add_row(*numbers, shown)
    stdout.print(table)
    print_shown(min(limit or SHOWN, len(found)), len(found))
