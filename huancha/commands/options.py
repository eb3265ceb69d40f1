"""Options that every command shares."""

from pathlib import Path
from typing import Annotated

import typer

from huancha.settings import Settings

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        help="The workspace folder; also HUANCHA_WORKSPACE.",
        show_default="workspace",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


def workspace_path(ctx: typer.Context, given: Path | None) -> Path:
    """The workspace of this call: the command's option, the one before the command, the environment."""
    parent: Path | None = ctx.obj
    return given or parent or Settings().workspace
