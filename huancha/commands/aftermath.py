"""`huancha watch` and `huancha credit`: what the data shows after a sanction, and the grade decisions add up to."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from huancha.commands.acting import acting, now
from huancha.commands.options import JsonOption, WorkspaceOption, workspace_path
from huancha.commands.output import print_json, print_line
from huancha.workspace import open_workspace


def watch(ctx: typer.Context, workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """Leads after sanctions: settlements in a held name, patients taken over, places with many sanctioned.

    Example: huancha watch --json
    """
    from casework import watch as watching
    from casework.people import Role, require
    from casework.sanctions import approved
    from graph.snapshot import current_snapshot

    path = workspace_path(ctx, workspace)
    require(acting(), Role.INVESTIGATOR)
    with open_workspace(path).casework() as store, store.read() as tx:
        sanctions = approved(tx)
    found = watching.watch(current_snapshot(path), sanctions, now().date())
    if json_:
        print_json([asdict(one) | {"key": one.key} for one in found])
        return
    for one in found:
        money = f"{one.fund / 100:,.2f}"
        print_line(f"{one.first} – {one.last}  {one.count}/{one.base}  {money} 元  {one.key}")


def credit(
    ctx: typer.Context,
    subject: Annotated[
        str,
        typer.Argument(metavar="ID", help="A practitioner's or place's id, pr_…, fa_… or ph_…."),
    ],
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The day; today."),
    ] = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """The credit of a practitioner or place on a day, with every decision it follows from.

    The workspace's credit.toml, else the scheme that ships.

    Example: huancha credit pr_… --on 2026-03-31
    """
    from casework import credit as crediting

    path = workspace_path(ctx, workspace)
    acting()
    with open_workspace(path).casework() as store, store.read() as tx:
        found = crediting.credit(tx, subject, (on or now()).date(), crediting.scheme(path))
    if json_:
        print_json(asdict(found))
        return
    print_line(f"{found.grade}  {found.score}  {found.day}  {found.scheme.name}")
    for line in found.lines:
        print_line(f"  {line.on}  {-line.takes:+d}  {line.what}  {line.document}")
