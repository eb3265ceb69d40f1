"""`huancha demo`: a synthetic office end to end, then the dashboard."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from huancha.commands.data import load_into, write_office
from huancha.commands.output import say
from huancha.commands.scans import scan_workspace
from huancha.commands.serve import DEFAULT_PORT, run_dashboard
from huancha.workspace import open_workspace

DEMO_VISITS = 200_000
DEMO_SEED = 7


def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo lives; made when missing.")] = Path(
        "demo"
    ),
    visits: Annotated[int, typer.Option(help="Size of the synthetic office.")] = DEMO_VISITS,
    port: Annotated[int, typer.Option(help="The port on 127.0.0.1.")] = DEFAULT_PORT,
    serve: Annotated[bool, typer.Option(help="End with the dashboard.")] = True,
) -> None:
    """Make a synthetic office, load it, scan it and show it. Run again, it only shows.

    Example: huancha demo --port 8501
    """
    workspace = open_workspace(folder / "workspace")
    exports = folder / "exports"
    if workspace.scan() is None:
        if not (exports.parent / "exports.truth.json").exists():
            say(f"1/3 合成数据 synthetic office: {visits:,} visits → {exports}")
            write_office(exports, visits, DEMO_SEED)
        say(f"2/3 加载 load: {exports} → {workspace.path}")
        load_into(workspace.path, exports, datetime.now(), dry_run=False)  # noqa: DTZ005 local by contract
        say("3/3 扫描 scan")
        scan_workspace(workspace, seed=1)
    if serve:
        raise typer.Exit(run_dashboard(workspace.path, port))
