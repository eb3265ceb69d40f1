"""`huancha graph`: which scan a Neo4j server shows; its rings put there and taken away."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graph.errors import OtherSnapshot, ServerFault
from graph.results import Scan, latest_scan
from huancha.commands.options import GraphOption, JsonOption, WorkspaceOption, workspace_path
from huancha.commands.output import print_json, print_line, say, step_lines
from huancha.errors import NoServer
from huancha.workspace import graph_server

if TYPE_CHECKING:
    from graph.store.neo4j_ import Server

app = typer.Typer(
    help="""The graph on a Neo4j server: what it holds, a scan shown there or removed.

    Without a command it says what the server holds.

    Example: huancha graph --graph neo4j://host:7687""",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def _group(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    graph: GraphOption = None,
    json_: JsonOption = False,
) -> None:
    ctx.obj = workspace or ctx.obj
    ctx.meta["graph"] = graph
    if ctx.invoked_subcommand is None:
        holds(named_server(graph), json_)


@app.command("show")
def show(
    ctx: typer.Context,
    scan: Annotated[
        str | None,
        typer.Argument(metavar="SCAN", help="A scan's id; the latest if left out."),
    ] = None,
    workspace: WorkspaceOption = None,
    graph: GraphOption = None,
) -> None:
    """Show a scan on the server: its rings, members and pairs, in place of those shown before.

    Readers see the one or the other, never half. What was interrupted goes on when called again.

    Example: huancha graph show --graph neo4j://host:7687
    """
    path = workspace_path(ctx, workspace)
    wanted = Scan(path / "scans" / scan) if scan else latest_scan(path)
    assert wanted.run
    put_scan(path, wanted, named_server(graph or ctx.meta["graph"]))


@app.command("remove")
def remove(
    ctx: typer.Context,
    scan: Annotated[str, typer.Argument(metavar="SCAN", help="The scan's id.")],
    workspace: WorkspaceOption = None,
    graph: GraphOption = None,
) -> None:
    """Take all that a scan wrote off the server, and nothing else. The workspace keeps the scan.

    Example: huancha graph remove 20250701-0900 --graph neo4j://host:7687
    """
    del workspace
    from graph.store.neo4j_ import Connection
    from graph.store.neo4j_scan import remove_scan

    server = named_server(graph or ctx.meta["graph"])
    connection = Connection(server)
    try:
        there = remove_scan(connection, scan)
    finally:
        connection.close()
    said = "已移除 removed" if there else "服务器上没有 was not there"
    say(f"{server.address}: {scan} {said}")


def named_server(address: str | None) -> "Server":
    """The server of this call; raises `NoServer` where neither the call nor the settings name one."""
    server = graph_server(address)
    if server is None:
        raise NoServer
    return server


def holds(server: "Server", json_: bool) -> None:
    """Print what the server holds."""
    from graph.store.neo4j_ import Connection
    from graph.store.neo4j_parity import held

    connection = Connection(server)
    try:
        found = held(connection)
    finally:
        connection.close()
    if json_:
        print_json(asdict(found))
        return
    print_line(f"快照 snapshot {found.snapshot}")
    print_line(f"扫描 scan {found.scan or '—'}")
    for kind, number in (*found.counts.nodes.items(), *found.counts.edges.items()):
        print_line(f"{kind} {number:,}")


def put_scan(workspace: Path, scan: Scan, server: "Server") -> None:
    """Show `scan` on `server`, progress and outcome on stderr.

    Raises `OtherSnapshot` where the server holds another snapshot than the scan was made of.
    """
    from graph.store.neo4j_load import loaded_snapshot
    from graph.store.neo4j_store import Neo4jStore

    store = Neo4jStore(workspace, server)
    try:
        there = loaded_snapshot(store.connection)
        if there != scan.run.snapshot:
            raise OtherSnapshot(server.address, there, scan.run.snapshot)
        with step_lines() as progress:
            store.writer().rings(scan, progress)
    finally:
        store.close()
    say(f"{server.address}: {scan.id} {len(scan.rings(None))} 团伙 rings")


def write_back(workspace: Path, scan: Scan, server: "Server") -> None:
    """`put_scan` for a scan just made. Whatever goes wrong is the server's: the scan stands in the workspace."""
    try:
        put_scan(workspace, scan, server)
    except ServerFault:
        say(f"扫描已完成，未写入图服务器 the scan stands; it is not on {server.address}")
        raise
