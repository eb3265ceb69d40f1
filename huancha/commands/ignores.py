"""`huancha ignore`: what the scan is to leave aside, who decided it, why and until when."""

import getpass
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from casework.beijing import beijing_now
from huancha.commands.options import (
    JsonOption,
    LimitOption,
    WorkspaceOption,
    listing,
    workspace_path,
)
from huancha.commands.output import plain_table, print_json, print_shown, say, stdout

if TYPE_CHECKING:
    from graph.scan.ignored import Ignore

app = typer.Typer(
    help="""Tokens, pairs and rings the scan leaves aside: record, list, end.

    Without a command it lists. The next scan honours what is in force on its day.

    Example: huancha ignore token tk_4m… --reason hotline --until 2026-12-31""",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)

ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept.")]
UntilOption = Annotated[
    datetime,
    typer.Option("--until", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The last day."),
]
AuthorOption = Annotated[
    str | None,
    typer.Option("--author", metavar="NAME", help="Who decides; your login name if left out."),
]
SHOWN = 50


@app.command("token")
def token(
    ctx: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids that begin with tk_.")],
    reason: ReasonOption,
    until: UntilOption,
    author: AuthorOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """A shared phone, account or agent that is to join nobody.

    Example: huancha ignore token tk_4m… --reason hotline --until 2026-12-31
    """
    _record(ctx, workspace, "token", [[id_] for id_ in ids], reason, until, author)


@app.command("pair")
def pair(
    ctx: typer.Context,
    one: Annotated[str, typer.Argument(metavar="ID", help="A patient's id, pt_…")],
    other: Annotated[str, typer.Argument(metavar="ID", help="The other patient's id.")],
    reason: ReasonOption,
    until: UntilOption,
    author: AuthorOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Two patients whose visits together are not to start a ring.

    Example: huancha ignore pair pt_a3… pt_q7… --reason kin --until 2026-12-31
    """
    _record(ctx, workspace, "pair", [[one, other]], reason, until, author)


@app.command("ring")
def ring(
    ctx: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids that begin with rg_.")],
    reason: ReasonOption,
    until: UntilOption,
    author: AuthorOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """A ring that is to be listed as grade C, with the reason.

    Example: huancha ignore ring rg_w5… --reason hospice --until 2026-12-31
    """
    _record(ctx, workspace, "ring", [[id_] for id_ in ids], reason, until, author)


@app.command("list")
def list_(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    limit: LimitOption = None,
    json_: JsonOption = False,
) -> None:
    """All decisions, newest first: in force, yet to come, over or ended.

    Example: huancha ignore list --json
    """
    from graph.scan.ignored import list_ignores

    found = list_ignores(workspace_path(ctx, workspace))[::-1]
    if json_:
        print_json([_json(one) for one in found[:limit]])
        return
    table = plain_table(
        no=">号", force="状态", until="止", ids="标识", author_and_reason="决定人：理由"
    )
    for one in found[: limit or SHOWN]:
        why = escape(f"{one.author}: {one.reason}")
        table.add_row(str(one.no), _force(one), str(one.until), "\n".join(one.ids), why)
    stdout.print(table)
    print_shown(min(limit or SHOWN, len(found)), len(found))


@app.command("end")
def end(
    ctx: typer.Context,
    no: Annotated[int, typer.Argument(metavar="NO", help="The decision's number in the list.")],
    reason: ReasonOption,
    author: AuthorOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """End a decision before its time; the record of it stays.

    Example: huancha ignore end 3 --reason "the clinic has closed"
    """
    from graph.scan.ignored import end_ignore

    path = workspace_path(ctx, workspace)
    end_ignore(path, no, reason=reason, author=_author(author), now=beijing_now())
    say(f"第 {no} 号已终止 number {no} ended")


def _record(
    ctx: typer.Context,
    workspace: Path | None,
    kind: str,
    named: Sequence[Sequence[str]],
    reason: str,
    until: datetime,
    author: str | None,
) -> None:
    from graph.scan.ignored import Ignorable, record_ignores

    recorded = record_ignores(
        workspace_path(ctx, workspace), Ignorable(kind), named,
        reason=reason, author=_author(author), until=until.date(), now=beijing_now(),
    )  # fmt: skip
    for one in recorded:
        ids = " ".join(one.ids)
        say(f"第 {one.no} 号 number {one.no}: {ids} → {one.until}; 下次扫描生效 from the next scan")


def _author(given: str | None) -> str:
    if given is not None:
        return given
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise typer.BadParameter("say who decides with --author.") from None


def _force(one: "Ignore") -> str:
    today = beijing_now().date()
    if one.ended is not None:
        return "已终止 ended"
    if today > one.until:
        return "已到期 over"
    return "生效 in force" if one.holds(today) else "未到期 to come"


def _json(one: "Ignore") -> dict[str, Any]:
    ended = vars(one.ended) if one.ended else None
    facts = vars(one) | {"ended": ended, "in_force": one.holds(beijing_now().date())}
    facts["from"] = facts.pop("since")
    return facts


listing(app, list_)
