"""`huancha bodies`: the directory of bodies and liaison officers, and who stands above several."""

from typing import Annotated

import typer
from rich.markup import escape

from huancha.commands.acting import acting, now
from huancha.commands.options import JsonOption, WorkspaceOption, listing, workspace_path
from huancha.commands.output import plain_table, print_json, print_shown, say, stdout

app = typer.Typer(
    help="""The directory of 医保 bodies (机构树) and their liaison officers, as this office keeps it.

    Without a command it lists the bodies of today.

    Example: huancha bodies superior 110000 120000 130000
    """,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)

Codes = Annotated[list[str], typer.Argument(metavar="CODE…", help="区划 codes of six digits.")]


@app.command("list")
def list_(ctx: typer.Context, workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """Every body of today with the one above it and its officers.

    Example: huancha bodies list
    """
    from casework.assistance import read_directory

    acting()
    found = read_directory(now().date(), workspace_path(ctx, workspace))
    if json_:
        print_json(
            [
                vars(b) | {"officers": [vars(o) for o in found.of(b.code)]}
                for b in found.bodies.values()
            ]
        )
        return
    table = plain_table(code="代码", superior="上级", officer="联络员", tel="电话", name="名称")
    for body in found.bodies.values():
        officers = found.of(body.code)
        names, tels = (
            "、".join(getattr(one, name) for one in officers) for name in ("name", "tel")
        )
        cells = (body.code, body.superior or "", names, tels, body.zh)
        table.add_row(*map(escape, cells))
    stdout.print(table)
    print_shown(len(found.bodies), len(found.bodies))


@app.command("superior")
def superior(
    ctx: typer.Context, codes: Codes, workspace: WorkspaceOption = None, json_: JsonOption = False
) -> None:
    """The lowest body above all of those named, who decides on their disputes (条例 第二十六条).

    Example: huancha bodies superior 110000 120000 130000
    """
    from casework.assistance import read_directory

    acting()
    found = read_directory(now().date(), workspace_path(ctx, workspace)).common_superior(codes)
    if json_:
        print_json(vars(found))
        return
    stdout.print(f"{found.code} {found.zh} {found.en}", markup=False)


@app.command("edit")
def edit(ctx: typer.Context, workspace: WorkspaceOption = None) -> None:
    """Write our files into the workspace's `directory/`, to be edited there; what is there stays.

    Example: huancha bodies edit
    """
    from casework.assistance import lay_out

    acting()
    for file in lay_out(workspace_path(ctx, workspace)):
        say(f"已写出 written: {file}")


listing(app, list_)
