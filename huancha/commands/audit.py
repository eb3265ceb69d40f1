"""`huancha audit`: what was done, by whom, why; and whether the record is whole."""

from datetime import datetime
from typing import Annotated

import typer
from rich.markup import escape

from huancha.commands.options import (
    JsonOption,
    LimitOption,
    WorkspaceOption,
    listing,
    workspace_path,
)
from huancha.commands.output import plain_table, print_json, print_shown, say, stdout
from huancha.workspace import open_workspace

app = typer.Typer(
    help="""The record of who did what, when and why: list and verify it.

    Without a command it lists.

    Example: huancha audit verify""",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)

DAY = ["%Y-%m-%d"]
SHOWN = 50


@app.command("list")
def list_(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="NAME", help="Only what this person did.")
    ] = None,
    action: Annotated[
        str | None, typer.Option("--action", metavar="NAME", help="Only this action.")
    ] = None,
    subject: Annotated[
        str | None, typer.Option("--subject", metavar="ID", help="Only what was done to this.")
    ] = None,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=DAY, metavar="YYYY-MM-DD", help="From this day on."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=DAY, metavar="YYYY-MM-DD", help="Up to this day."),
    ] = None,
    limit: LimitOption = None,
    json_: JsonOption = False,
) -> None:
    """The entries, newest first.

    Example: huancha audit list --person chen --from 2026-03-01
    """
    from casework.audit import entries

    with open_workspace(workspace_path(ctx, workspace)).casework() as store:
        page = entries(
            store, actor=person, action=action, subject=subject, limit=limit or SHOWN,
            first=first.date() if first else None, last=last.date() if last else None,
        )  # fmt: skip
    if json_:
        print_json([vars(one) for one in page.entries])
        return
    table = plain_table(
        no=">号", at="时间", person="人员", action="操作", subject="对象", law="依据", why="理由"
    )
    for one in page.entries:
        cells = (one.actor, one.action, one.subject, one.law or "", one.why)
        table.add_row(str(one.no), f"{one.at:%Y-%m-%d %H:%M:%S}", *map(escape, cells))
    stdout.print(table)
    print_shown(len(page.entries), page.total)


@app.command("verify")
def verify(
    ctx: typer.Context, workspace: WorkspaceOption = None, json_: JsonOption = False
) -> None:
    """Read the whole record: every entry as it was written, none missing. Else the first that is not.

    Example: huancha audit verify
    """
    from casework import audit
    from casework.errors import BrokenAudit

    with open_workspace(workspace_path(ctx, workspace)).casework() as store:
        broken = audit.verify(store)
        if broken is not None:
            raise BrokenAudit(broken.no, broken.why)
        with store.read() as tx:
            head = audit.head(tx)
    if json_:
        print_json(vars(head))
        return
    say(f"留痕完整 {head.entries:,} 条 the record is whole, {head.entries:,} entries")
    say(f"末条摘要（请抄存于别处） hash of the last, to be noted elsewhere: {head.hash}")


listing(app, list_)
