"""One module per group of commands; each command calls one function of a package below.

What is slow to import (compiled joins, statistics, Excel) is imported when its command runs, so that help
and small commands answer at once.
"""

from pathlib import Path
from typing import Annotated

import typer

from huancha import __version__
from huancha.commands import (
    aftermath,
    announcements,
    appeals,
    assistance,
    audit,
    bodies,
    cases,
    data,
    demo,
    draws,
    due,
    exports,
    graph_scans,
    ignores,
    joint,
    notices,
    points,
    push,
    quarantine,
    receiver,
    referral,
    rings,
    rooms,
    sanctions,
    scans,
    serve,
    verify,
    work,
)

EXIT_CODES = """Exit codes: 0 done; 1 refused, and said why; 2 wrong call; 130 stopped by Ctrl+C.

Data goes to stdout, progress and sentences to stderr."""

app = typer.Typer(
    name="huancha",
    help="""huancha 环查: exports in, ranked leads on organised medical-insurance fraud out.

    Example: huancha load exports && huancha scan && huancha rings""",
    epilog=EXIT_CODES,
    invoke_without_command=True,
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
        typer.Option(
            "--workspace",
            metavar="PATH",
            help="The workspace folder; also HUANCHA_WORKSPACE, or after the command.",
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    ctx.obj = workspace
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


app.command("synth")(data.synth)
app.command("load")(data.load)
app.add_typer(quarantine.app, name="quarantine")
app.command("scan")(scans.scan)
app.command("communities")(scans.communities)
app.command("rings")(rings.rings)
app.command("show")(rings.show)
app.add_typer(ignores.app, name="ignore")
app.add_typer(graph_scans.app, name="graph")
app.add_typer(cases.app, name="case")
app.command("due")(due.due)
app.add_typer(notices.app, name="notices")
app.add_typer(appeals.app, name="appeal")
app.add_typer(referral.app, name="referral")
app.add_typer(points.app, name="points")
app.add_typer(sanctions.app, name="sanction")
app.add_typer(push.app, name="push")
app.command("watch")(aftermath.watch)
app.command("credit")(aftermath.credit)
app.add_typer(draws.app, name="draw")
app.add_typer(exports.app, name="export")
app.command("verify")(verify.verify)
app.add_typer(joint.app, name="joint")
app.add_typer(rooms.app, name="room")
app.add_typer(assistance.app, name="assist")
app.add_typer(announcements.app, name="announce")
app.add_typer(bodies.app, name="bodies")
app.add_typer(audit.app, name="audit")
app.add_typer(receiver.app, name="receiver")
app.command("serve")(serve.serve)
app.command("work")(work.work)
app.command("demo")(demo.demo)
