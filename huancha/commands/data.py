"""`huancha synth` and `huancha load`: exports made, exports in."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casework.beijing import beijing_now
from huancha.commands.load_screen import LoadScreen, print_report, say_outcome
from huancha.commands.options import JsonOption, SeedOption, WorkspaceOption, workspace_path
from huancha.commands.output import print_json, say, step_lines
from huancha.errors import NoWorld
from loaders.report import LoadReport

if TYPE_CHECKING:
    from graph.store.neo4j_bulk import ImportFiles
    from graph.store.neo4j_load import GraphLoad
    from loaders.synthetic import WorldSummary


def synth(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder to write: new or empty.")
    ],
    visits: Annotated[
        int, typer.Option(min=2_000, metavar="N", help="Settlements to write, about.")
    ] = 100_000,
    seed: SeedOption = 1,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace", metavar="PATH", help="Taken as everywhere; synth writes FOLDER alone."
        ),
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Write a synthetic office: its exports, with planted rings and honest look-alikes.

    The truth about the rings goes to FOLDER.truth.json beside the folder; only tests and benchmarks read it.

    Example: huancha synth exports --visits 200000 --seed 7
    """
    summary = write_office(folder, visits, seed)
    if json_:
        print_json(asdict(summary))


def write_office(folder: Path, visits: int, seed: int, truth: Path | None = None) -> "WorldSummary":
    """Write the synthetic office with progress on stderr; raises `NoWorld`."""
    from loaders.synthetic import write_world

    try:
        with step_lines() as progress:
            summary = write_world(folder, visits=visits, seed=seed, progress=progress, truth=truth)
    except ValueError as refused:
        raise NoWorld(folder, str(refused)) from refused
    say(
        f"{folder}: {summary.visits:,} 次就诊 visits, {summary.patients:,} 参保人 patients, "
        f"{summary.places:,} 机构 places"
    )
    return summary


def load(
    ctx: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="FOLDER",
            help="The folder of exports; may be left out with --graph or --graph-files.",
            show_default=False,
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    graph: Annotated[
        str | None,
        typer.Option(
            "--graph",
            metavar="ADDRESS",
            help="Then put the graph on this Neo4j server (neo4j://host:7687); its password from "
            "HUANCHA_GRAPH_PASSWORD or a file, HUANCHA_GRAPH_PASSWORD_FILE.",
        ),
    ] = None,
    graph_files: Annotated[
        Path | None,
        typer.Option(
            "--graph-files",
            metavar="DIR",
            help="Then write the graph as files for Neo4j's own import, much faster for a first "
            "load than --graph: a new or empty folder.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report, publish nothing.")] = False,
    json_: JsonOption = False,
) -> None:
    """Load a folder of exports: every row kept, superseded or quarantined.

    The same files twice change nothing; further files add to what is there. With --graph the live tables
    and the rings of the latest scan are put on a Neo4j server too; what was written there by hand stays.

    Example: huancha load exports --workspace office
    """
    if folder is None and (dry_run or (graph is None and graph_files is None)):
        raise typer.BadParameter(
            "Missing argument 'FOLDER'; with --graph or --graph-files alone it may be left out."
        )
    path = workspace_path(ctx, workspace)
    now = beijing_now()
    report = load_into(path, folder, now, dry_run=dry_run) if folder else None
    written = write_files(path, graph_files) if graph_files and not dry_run else None
    loaded = put_on_server(path, graph) if graph and not dry_run else None
    if json_:
        done = loaded or written
        print_json(report.to_json() if report else asdict(done) if done else {})
    elif report:
        print_report(report)


def put_on_server(workspace: Path, address: str) -> "GraphLoad":
    """Put the live snapshot and the latest scan on the server at `address`, progress on stderr."""
    from graph.snapshot import current_snapshot
    from graph.store.neo4j_load import load_graph
    from graph.store.neo4j_store import Neo4jStore
    from huancha.workspace import graph_server, open_workspace

    snapshot, scan = current_snapshot(workspace), open_workspace(workspace).scan()
    server = graph_server(address)
    assert server is not None
    with step_lines() as progress:
        loaded = load_graph(snapshot, server, progress=progress)
    store = Neo4jStore(workspace, server)
    if scan is not None:
        store.writer().rings(scan)
    store.close()
    say(
        f"{address}: {loaded.nodes:,} 节点 nodes, {loaded.edges:,} 边 edges of {loaded.snapshot}, "
        f"{loaded.sent:,} 新送 sent"
        + (
            f" （自 since {loaded.before}：{loaded.added:,} 增 added, {loaded.changed:,} 改 changed, "
            f"{loaded.removed:,} 删 removed）"
            if loaded.before
            else ""
        )
        + (f", {scan.id} 团伙 rings" if scan else "")
    )
    return loaded


def write_files(workspace: Path, folder: Path) -> "ImportFiles":
    """Write the live snapshot as import files into `folder` and say how they get onto a server."""
    from graph.snapshot import current_snapshot
    from graph.store.neo4j_bulk import write_import

    with step_lines() as progress:
        written = write_import(current_snapshot(workspace), folder, progress=progress)
    say(
        f"{folder}: {written.nodes:,} 节点 nodes, {written.edges:,} 边 edges of {written.snapshot}, "
        f"{written.bytes / 1e6:,.1f} MB"
    )
    say(
        "在图服务器上停止 Neo4j（空数据库），于该文件夹内执行，启动后再用 huancha load --graph 建索引并核对："
    )
    say(
        "Stop Neo4j (its database empty), run this there in that folder, start it, then huancha load --graph:"
    )
    say(f"  {written.command}")
    return written


def load_into(workspace: Path, folder: Path, now: datetime, *, dry_run: bool = False) -> LoadReport:
    """Load with progress and the outcome on stderr."""
    from loaders.load import load_folder

    with LoadScreen() as screen:
        report = load_folder(folder, workspace, now=now, dry_run=dry_run, progress=screen)
    say_outcome(report)
    return report
