"""`huancha serve`: the dashboard on loopback."""

import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from huancha.commands.options import WorkspaceOption, workspace_path
from huancha.commands.output import say

DEFAULT_PORT = 8501


def serve(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    port: Annotated[int, typer.Option(help="The port on 127.0.0.1.")] = DEFAULT_PORT,
) -> None:
    """Show the workspace in a browser.

    Example: huancha serve --workspace office --port 8501
    """
    raise typer.Exit(run_dashboard(workspace_path(ctx, workspace), port))


def run_dashboard(workspace: Path, port: int) -> int:
    """Serve `workspace` on 127.0.0.1:`port` until stopped; the server's exit code."""
    found = find_spec("dashboards")
    assert found is not None
    assert found.origin is not None
    folder = Path(found.origin).parent
    command = [
        sys.executable, "-m", "streamlit", "run", str(folder / "app.py"),
        "--server.address=127.0.0.1", f"--server.port={port}", "--server.headless=true",
        "--browser.gatherUsageStats=false", "--client.toolbarMode=minimal",
        "--client.showErrorDetails=none", "--server.fileWatcherType=none",
    ]  # fmt: skip
    environment = os.environ | {"HUANCHA_WORKSPACE": str(workspace.resolve())}
    say(f"环查 huancha: http://127.0.0.1:{port}  (Ctrl+C 停止 to stop)")
    with subprocess.Popen(command, cwd=folder.parent, env=environment) as server:  # noqa: S603
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        try:
            return server.wait()
        except KeyboardInterrupt:
            server.terminate()
            return 0
