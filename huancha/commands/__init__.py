"""One module per group of commands; each command calls one function of a package below."""

from pathlib import Path
from typing import Annotated

import typer

from huancha import __version__
from huancha.commands import data, demo, quarantine, rings, scans, serve

app = typer.Typer(
    name="huancha",
    help="huancha 环查: exports in, ranked leads on organised medical-insurance fraud out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _common(
    ctx: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", help="The workspace folder; also HUANCHA_WORKSPACE."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    ctx.obj = workspace


app.command("synth")(data.synth)
app.command("load")(data.load)
app.add_typer(quarantine.app, name="quarantine")
app.command("scan")(scans.scan)
app.command("communities")(scans.communities)
app.command("rings")(rings.rings)
app.command("show")(rings.show)
app.command("serve")(serve.serve)
app.command("demo")(demo.demo)
