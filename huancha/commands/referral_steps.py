"""`huancha referral` from the approval on: the checklist, the sealed package, and what public security answers."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from huancha.commands.acting import acting, now, writing
from huancha.commands.options import JsonOption, WorkspaceOption, workspace_path
from huancha.commands.output import complain, print_json, print_line, say
from huancha.workspace import open_workspace

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="A referral's number.")]
On = Annotated[
    datetime | None,
    typer.Option(
        "--on", formats=["%Y-%m-%d %H:%M", "%Y-%m-%d"], metavar="TIME", help="When; else now."
    ),
]
DocumentOption = Annotated[
    str, typer.Option("--document", metavar="TEXT", help="The paper's number, or of the receipt.")
]
NEEDS = {
    "case": "案件", "officers": "执法人员", "heading": "机关和文号", "suspects": "涉嫌主体",
    "facts": "涉嫌事实", "crime": "涉嫌罪名", "law": "法律依据", "evidence": "证据",
    "sources": "源记录", "counter": "不利情况的说明", "amount": "数额", "items": "物品清单",
    "report": "书面报告", "approval": "负责人批准",
}  # fmt: skip


def add(app: typer.Typer) -> None:
    """Put these commands into the group."""
    for name, command in (
        ("checklist", checklist), ("build", build), ("sent", sent), ("reply", reply),
        ("templates", templates),
    ):  # fmt: skip
        app.command(name)(command)


def checklist(
    ctx: typer.Context, no: Number, workspace: WorkspaceOption = None, json_: JsonOption = False
) -> None:
    """What it must hold before it is sealed, and what is missing of it.

    Example: huancha referral checklist 1
    """
    from casework.people import Role, require
    from casework.referral.checklist import checklist as checks
    from huancha.referring import matter_of

    path, who = workspace_path(ctx, workspace), acting()
    with open_workspace(path).casework() as store, store.read() as tx:
        matter, _ = matter_of(tx, path, no, now())
        area = matter.found.area
        require(who, Role.APPROVER if Role.APPROVER in who.roles else Role.INVESTIGATOR, area)
    found = checks(matter)
    if json_:
        print_json({check.need: list(check.missing) for check in found})
        return
    for check in found:
        print_line(f"{'✗' if check.missing else '✓'} {NEEDS[check.need]} {check.need}")
        for one in check.missing:
            print_line(f"    {one}")


def build(
    ctx: typer.Context,
    no: Number,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The sealed .zip to write.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Write the papers and the network, seal them, and keep the package's SHA-256.

    Example: huancha referral build 1 --out referral.zip
    """
    from huancha.referring import sealed

    path = workspace_path(ctx, workspace)
    with open_workspace(path).casework() as store:
        made = sealed(store, acting(), path, no, out, now())
    if made.warnings:
        signs = " ".join(f"U+{ord(sign):04X}" for sign in made.warnings)
        complain(f"没有字体可显示这些字符 no font draws these, PDFs have their numbers: {signs}")
    say(f"已封包 sealed: {out} ({len(made.files)} files)")


def sent(
    ctx: typer.Context,
    no: Number,
    document: DocumentOption,
    on: On = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Record that the package was sent to public security.

    Example: huancha referral sent 1 --document "handed over by Chen"
    """
    _note(workspace_path(ctx, workspace), no, "sent", on, document, "")


def reply(
    ctx: typer.Context,
    no: Number,
    event: Annotated[
        str,
        typer.Argument(
            metavar="STEP",
            help="received, filed, not_filed, reconsideration, upheld, supervision, ended, handed_over.",
        ),
    ],
    document: DocumentOption,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Where there is one.")] = "",
    on: On = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Record the receipt, the decision of public security, and what follows from it.

    Example: huancha referral reply 1 not_filed --document 1号 --why "no facts"
    """
    from casework.referral import Event

    if event not in set(Event) - {Event.SEALED, Event.SENT}:
        raise typer.BadParameter(f"{event} is none of the steps.")
    _note(workspace_path(ctx, workspace), no, event, on, document, why)


def templates(ctx: typer.Context, workspace: WorkspaceOption = None) -> None:
    """Write our templates into `templates/referral/`, to be edited in Word; what is there stays.

    Example: huancha referral templates
    """
    from casework.referral.papers import lay_out

    acting()
    for file in lay_out(workspace_path(ctx, workspace)):
        say(f"已生成模板 written: {file}")


def _note(path: Path, no: int, event: str, on: datetime | None, document: str, why: str) -> None:
    from casework import referral

    with writing(path) as tx:
        at = now()
        found = referral.note(tx, acting(), no, referral.Event(event), on or at, document, why, at)
    say(f"移送 referral {no}: {found.state}")
