"""`huancha referral`: write the referral of a case, report it, decide, and keep what public security answers."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from casework.terms import term
from huancha.commands import referral_steps
from huancha.commands.acting import acting, now, writing
from huancha.commands.options import JsonOption, WorkspaceOption, listing, workspace_path
from huancha.commands.output import plain_table, print_json, print_line, say, stdout
from huancha.commands.referral_said import Said, saying
from huancha.workspace import open_workspace

if TYPE_CHECKING:
    from casework.referral import Draft, Referral

app = typer.Typer(
    help="""Referral (行刑衔接) of a case to public security: written, reported, decided, sealed, sent, answered.

    Without a command it lists them. Who acts is the login name, with the roles of HUANCHA_PEOPLE.

    Example: huancha referral draft cs_1 --ring rg_w5… --crime 诈骗罪 --suspects …
    """,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="A referral's number.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept.")]


@app.command("draft")
@saying
def draft(
    ctx: typer.Context,
    case: Annotated[str, typer.Argument(metavar="CASE", help="A case's id, cs_…")],
    said: Said,
    workspace: WorkspaceOption = None,
) -> None:
    """Begin the referral of a case; without --ring it rests on the ring the case was opened from.

    Example: huancha referral draft cs_1 --ring rg_w5… --crime 诈骗罪
    """
    from casework import cases, referral
    from casework.referral import Draft

    path = workspace_path(ctx, workspace)
    with writing(path) as tx:
        origin = cases.case(tx, case).source.id
        if not said.ring and origin and origin.startswith("rg_"):
            said = replace(said, ring=[origin])
        _say(referral.draft(tx, acting(), case, said.into(path, Draft()), now()))


@app.command("write")
@saying
def write(
    ctx: typer.Context,
    no: Number,
    said: Said,
    workspace: WorkspaceOption = None,
) -> None:
    """Change what it says; what is not named stays. Every version is kept.

    Example: huancha referral write 1 --number 京医保移〔2026〕1号
    """
    path = workspace_path(ctx, workspace)
    _revise(path, no, lambda draft: said.into(path, draft))


@app.command("officers")
def officers(
    ctx: typer.Context,
    no: Number,
    officer: Annotated[
        list[str], typer.Argument(metavar="NAME=CERTIFICATE", help="Each officer (执法证号).")
    ],
    workspace: WorkspaceOption = None,
) -> None:
    """Name the enforcement officers, at least two; none of them may decide.

    Example: huancha referral officers 1 Chen=110105001 Zheng=110105002
    """
    from casework.referral import Officer

    named = tuple(Officer(*_parted(one, 2)) for one in officer)
    _revise(workspace_path(ctx, workspace), no, lambda said: replace(said, officers=named))


@app.command("items")
def items(
    ctx: typer.Context,
    no: Number,
    item: Annotated[
        list[str] | None, typer.Argument(metavar="NAME=QUANTITY=PLACE[=NOTE]", help="Each item.")
    ] = None,
    none: Annotated[
        str, typer.Option("--none", metavar="TEXT", help="There are none, and why.")
    ] = "",
    workspace: WorkspaceOption = None,
) -> None:
    """The list of items (涉案物品清单), in place of the one before.

    Example: huancha referral items 1 处方=12张=档案室=原件
    """
    from casework.referral import Item

    listed = tuple(Item(*_parted(one, 3, 4)) for one in item or ())
    _revise(
        workspace_path(ctx, workspace), no, lambda said: replace(said, items=listed, no_items=none)
    )


@app.command("answer")
def answer(
    ctx: typer.Context,
    no: Number,
    ring: Annotated[str, typer.Argument(metavar="RING", help="The ring.")],
    motif: Annotated[str, typer.Argument(metavar="MOTIF", help="As `checklist` names it.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="As `checklist` names it.")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What was found on it.")],
    workspace: WorkspaceOption = None,
) -> None:
    """What the officers found on a note that speaks against a ring.

    Example: huancha referral answer 1 rg_w5… covisit household "no kin"
    """
    from casework.referral import Answer

    new = Answer(ring, motif, name, text)

    def changed(said: "Draft") -> "Draft":
        about = (ring, motif, name)
        others = [one for one in said.answers if (one.ring, one.motif, one.name) != about]
        return replace(said, answers=(*others, new))

    _revise(workspace_path(ctx, workspace), no, changed)


@app.command("report")
def report(ctx: typer.Context, no: Number, why: Why, workspace: WorkspaceOption = None) -> None:
    """Report it in writing to the head, who decides within the days of the law.

    Example: huancha referral report 1 --why "suspected fraud, to be referred"
    """
    from huancha import referring

    path = workspace_path(ctx, workspace)
    with writing(path) as tx:
        _say(referring.reported(tx, acting(), path, no, why, now()))


@app.command("decide")
def decide(
    ctx: typer.Context,
    no: Number,
    why: Why,
    approve: Annotated[bool, typer.Option("--approve/--refuse", help="Refer it, or not.")],
    workspace: WorkspaceOption = None,
) -> None:
    """The head approves or refuses; never one of the officers, nor who wrote it.

    Example: huancha referral decide 1 --approve --why "agreed"
    """
    from casework import referral

    with writing(workspace_path(ctx, workspace)) as tx:
        _say(referral.decide(tx, acting(), no, why, now(), approve=approve))


@app.command("list")
def list_(ctx: typer.Context, workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """Every referral and where it is.

    Example: huancha referral list --json
    """
    from casework import referral
    from casework.people import inside

    who = acting()
    with open_workspace(workspace_path(ctx, workspace)).casework() as store, store.read() as tx:
        found = [one for one in referral.referrals(tx) if inside(who.regions, one.area)]
    if json_:
        print_json([told(one) for one in found])
        return
    table = plain_table(no="编号", case="案件", state="状态", number="文号", police="公安机关")
    for one in found:
        cells = (
            str(one.no),
            one.case_id,
            term("referral_state", one.state),
            one.draft.number,
            one.draft.police,
        )
        table.add_row(*map(escape, cells))
    stdout.print(table)


@app.command("show")
def show(
    ctx: typer.Context, no: Number, workspace: WorkspaceOption = None, json_: JsonOption = False
) -> None:
    """One referral: what it says, who decided, and what became of it.

    Example: huancha referral show 1
    """
    from casework import referral
    from casework.people import Role, require

    who = acting()
    with open_workspace(workspace_path(ctx, workspace)).casework() as store, store.read() as tx:
        found = referral.referral(tx, no)
        require(who, Role.APPROVER if Role.APPROVER in who.roles else Role.INVESTIGATOR, found.area)
    if json_:
        print_json(told(found))
        return
    print_line(
        f"{found.no}  {term('referral_state', found.state)}  {found.case_id}  {found.draft.number}"
    )
    for name, value in vars(found.draft).items():
        print_line(f"  {name}: {value}")
    for made in found.reports:
        print_line(f"  {made.maker}: {made.why} → {made.reviewer or '…'} {made.review or ''}")
    for one in found.events:
        print_line(
            f"  {one.happened:%Y-%m-%d %H:%M} {term('referral_state', one.event)} {one.document} {one.reason}"
        )


def told(found: "Referral") -> dict[str, object]:
    """A referral as JSON."""
    reports = [vars(one) for one in found.reports]
    events = [vars(one) for one in found.events]
    said = vars(found.draft) | {
        name: [vars(one) for one in getattr(found.draft, name)]
        for name in ("officers", "items", "answers")
    }
    return vars(found) | {
        "state": found.state, "draft": said, "reports": reports, "events": events,
    }  # fmt: skip


def _revise(path: Path, no: int, changed: Callable[["Draft"], "Draft"]) -> None:
    from casework import referral

    with writing(path) as tx:
        said = changed(referral.referral(tx, no).draft)
        _say(referral.revise(tx, acting(), no, said, now()))


def _parted(text: str, least: int, most: int | None = None) -> list[str]:
    parts = [part.strip() for part in text.split("=")]
    if not least <= len(parts) <= (most or least) or not all(parts):
        raise typer.BadParameter(f"{text!r} has not {least} parts with = between them.")
    return parts


def _say(found: "Referral") -> None:
    say(
        f"移送 referral {found.no}: {term('referral_state', found.state)} {found.state} ({found.case_id})"
    )


listing(app, list_)
referral_steps.add(app)
