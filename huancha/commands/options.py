"""Options that every command shares."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from huancha.errors import NotAWorkspace
from huancha.settings import read_settings

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        metavar="PATH",
        help="The workspace folder; also HUANCHA_WORKSPACE, or before the command.",
        show_default="workspace",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
LimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, metavar="N", help="Only the first N.")
]
SeedOption = Annotated[
    int, typer.Option("--seed", min=0, help="The same seed gives the same answer.")
]
GraphOption = Annotated[
    str | None,
    typer.Option(
        "--graph",
        metavar="ADDRESS",
        help="A Neo4j server (neo4j://host:7687); also HUANCHA_GRAPH. Its password comes from "
        "HUANCHA_GRAPH_PASSWORD or from the file HUANCHA_GRAPH_PASSWORD_FILE names.",
    ),
]


def workspace_path(ctx: typer.Context, given: Path | None) -> Path:
    """The workspace of this call: the command's option, the one before the command, the environment.

    Raises `NotAWorkspace` when a file lies there.
    """
    named: Path | None = given or ctx.obj
    path = named or read_settings().workspace
    if path.exists() and not path.is_dir():
        raise NotAWorkspace(path)
    return path


def listing(app: typer.Typer, list_: Callable[..., None]) -> None:
    """Let the group `app` without a command do what its command `list` does."""

    @app.callback()
    def _group(
        ctx: typer.Context, workspace: WorkspaceOption = None, json_: JsonOption = False
    ) -> None:
        ctx.obj = workspace or ctx.obj
        if ctx.invoked_subcommand is None:
            list_(ctx, json_=json_)
