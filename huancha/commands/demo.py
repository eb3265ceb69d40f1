"""`huancha demo`: a synthetic office end to end, then the dashboard."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from casework.beijing import beijing_now
from huancha.commands.data import load_into, write_office
from huancha.commands.options import WorkspaceOption, workspace_path
from huancha.commands.output import say
from huancha.commands.scans import scan_workspace
from huancha.commands.serve import DEFAULT_PORT, PortOption, refuse_taken, run_dashboard
from huancha.errors import DemoBusy, NotADemo
from huancha.settings import read_settings
from huancha.workspace import Workspace, open_workspace

DEMO_VISITS = 200_000
DEMO_SEED = 7


def demo(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    folder: Annotated[
        Path, typer.Option(metavar="PATH", help="Where the demo lives; made when missing.")
    ] = Path("demo"),
    visits: Annotated[
        int, typer.Option(min=2_000, metavar="N", help="Size of the synthetic office.")
    ] = DEMO_VISITS,
    port: PortOption = DEFAULT_PORT,
    serve: Annotated[bool, typer.Option(help="End with the dashboard.")] = True,
) -> None:
    """Make a synthetic office, load it, scan it and show it. Run again, it only shows.

    Its workspace is FOLDER/workspace unless another is named. Remove the folder for a new demo.

    Example: huancha demo --port 8501
    """
    if serve:
        refuse_taken(port)
    opened = open_workspace(_place(ctx, workspace, folder))
    make_demo(opened, folder, visits)
    if serve:
        run_dashboard(opened.path, port, roots=(folder,))


def make_demo(workspace: Workspace, folder: Path, visits: int) -> None:
    """Do what is not done yet: exports, load, scan. Each step is whole or absent, whenever it was killed.

    Raises `DemoBusy` while another process makes it, `NotADemo` where an office's own tables lie.
    """
    exports = folder / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        if workspace.path != folder / "workspace" and not _of_demo(workspace, exports):
            raise NotADemo(workspace.path)
        if workspace.scan() is not None:
            say(f"演示已就绪 the demo is ready: {workspace.path}")
            return
        if not exports.exists():
            say(f"1/3 合成数据 synthetic office: {visits:,} → {exports}")
            _write_exports(folder, exports, visits)
        if workspace.snapshot() is None:
            say(f"2/3 加载 load: {exports} → {workspace.path}")
            load_into(workspace.path, exports, beijing_now())
        say("3/3 扫描 scan")
        scan_workspace(workspace, seed=1)


def _place(ctx: typer.Context, given: Path | None, folder: Path) -> Path:
    named = given or ctx.obj or "workspace" in read_settings().model_fields_set
    return workspace_path(ctx, given if named else folder / "workspace")


def _of_demo(workspace: Workspace, exports: Path) -> bool:
    """Whether the workspace is empty, or holds files of these exports."""
    live = workspace.snapshot()
    if live is None:
        return True
    sizes = ((exports / origin["name"], origin["bytes"]) for origin in live.manifest["sources"])
    return any(file.is_file() and file.stat().st_size == size for file, size in sizes)


def _write_exports(folder: Path, exports: Path, visits: int) -> None:
    """Write the office beside its place, and put it there whole."""
    draft = folder / "exports.draft"
    truth = folder / "exports.truth.json"
    shutil.rmtree(draft, ignore_errors=True)
    write_office(draft, visits, DEMO_SEED, truth=truth)
    draft.rename(exports)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second demo out of the folder; the lock dies with its process."""
    with (folder / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoBusy(folder) from None
        yield
