"""`huancha notices`: templates an office edits, notices as Word files, and the day each was served."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from huancha.commands.acting import acting, now, writing
from huancha.commands.options import JsonOption, WorkspaceOption, listing, workspace_path
from huancha.commands.output import plain_table, print_json, say, stdout
from huancha.workspace import open_workspace

if TYPE_CHECKING:
    from casework.notices import About, Kind

app = typer.Typer(
    help="""Notices (公示, 事先告知书, 处理通知书, 恢复通知书) as Word files, and when they were served.

    Without a command it lists the served ones. Who acts is the login name, with the roles of HUANCHA_PEOPLE.

    Example: huancha notices write decision --line 3 --office "…" --number "…" --out notice.docx
    """,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)

KindArgument = Annotated[
    str, typer.Argument(metavar="KIND", help="publicity, advance, decision or reinstatement.")
]
LineOption = Annotated[
    int | None, typer.Option("--line", metavar="N", help="About this line of the points ledger.")
]
SanctionOption = Annotated[
    int | None, typer.Option("--sanction", metavar="N", help="About this sanction.")
]
NumberOption = Annotated[
    str, typer.Option("--number", metavar="TEXT", help="The notice's own number (文号).")
]


def about_of(line: int | None, sanction: int | None) -> "About":
    """What --line or --sanction name; exactly one of them."""
    from casework.notices import About

    if (line is None) == (sanction is None):
        raise typer.BadParameter("name one of --line and --sanction.")
    return About(line, sanction)


@app.command("templates")
def templates(ctx: typer.Context, workspace: WorkspaceOption = None) -> None:
    """Write our templates into the workspace's `templates/`, to be edited in Word; what is there stays.

    Example: huancha notices templates
    """
    from casework.notices.templates import lay_out

    acting()
    for file in lay_out(workspace_path(ctx, workspace)):
        say(f"已生成模板 written: {file}")


@app.command("write")
def write(
    ctx: typer.Context,
    kind: KindArgument,
    number: NumberOption,
    office: Annotated[str, typer.Option("--office", metavar="NAME", help="Who decides.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The .docx to write.")],
    line: LineOption = None,
    sanction: SanctionOption = None,
    answer_by: Annotated[
        datetime | None,
        typer.Option(
            "--answer-by", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="On an advance notice."
        ),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """A notice as a Word file; the name comes from the vault, masked where it is made public.

    Example: huancha notices write decision --line 3 --office "…" --number "…" --out notice.docx
    """
    from casework.notices.fields import Heading
    from casework.notices.writing import write as written
    from casework.people import Role, require

    wanted, about, who = _kind(kind), about_of(line, sanction), acting()
    path = workspace_path(ctx, workspace)
    with writing(path) as tx:
        require(who, Role.INVESTIGATOR, about.read(tx).area)
        name = open_workspace(path).name_of(about.subject(tx))
        heading = Heading(office, number, name, answer_by.date() if answer_by else None)
        content = written(tx, who, wanted, about, heading, path, now())
        out.write_bytes(content)
    say(f"已生成文书 written: {out}")


@app.command("serve")
def serve(
    ctx: typer.Context,
    kind: KindArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file as it was served.")],
    number: NumberOption,
    on: Annotated[
        datetime,
        typer.Option("--on", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The day."),
    ],
    line: LineOption = None,
    sanction: SanctionOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Record that a notice was served or made public; the days to object run from then.

    Example: huancha notices serve decision notice.docx --line 3 --number "…" --on 2026-03-02
    """
    from casework import notices

    wanted, about = _kind(kind), about_of(line, sanction)
    with writing(workspace_path(ctx, workspace)) as tx:
        made = notices.serve(
            tx, acting(), wanted, about, number, on.date(), file.read_bytes(), now()
        )
    say(f"已登记送达 notice {made.no}: {made.kind} {made.served_on} {made.sha256}")


@app.command("list")
def list_(ctx: typer.Context, workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """Every served notice, oldest first.

    Example: huancha notices list --json
    """
    from casework import notices

    acting()
    with open_workspace(workspace_path(ctx, workspace)).casework() as store, store.read() as tx:
        found = notices.notices(tx)
    if json_:
        print_json([vars(one) | {"about": vars(one.about)} for one in found])
        return
    table = plain_table(
        no="编号", kind="文书", line="记分", sanction="处理", on="送达日", number="文号"
    )
    for one in found:
        about = (str(number or "") for number in (one.about.line, one.about.sanction))
        cells = (str(one.no), one.kind, *about, str(one.served_on), one.number)
        table.add_row(*map(escape, cells))
    stdout.print(table)


def _kind(given: str) -> "Kind":
    from casework.notices import Kind

    if given not in set(Kind):
        raise typer.BadParameter(f"{given} is no notice; name one of {', '.join(Kind)}.")
    return Kind(given)


listing(app, list_)
