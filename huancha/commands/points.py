"""`huancha points`: propose points for an act, review them as another person, see where somebody stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from casework.people import prefix_of
from huancha.commands.acting import acting, now, writing
from huancha.commands.options import JsonOption, WorkspaceOption, listing, workspace_path
from huancha.commands.output import plain_table, print_json, say, stdout
from huancha.workspace import open_workspace

if TYPE_CHECKING:
    from casework.points import Points

app = typer.Typer(
    help="""Points of the payment qualification: proposed after a decided document, counted once another person agrees.

    Without a command it lists what waits for a review.

    Example: huancha points show pr_x7…""",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)

Practitioner = Annotated[str, typer.Argument(metavar="PRACTITIONER", help="A blind id, pr_…")]


@app.command("add")
def add(
    ctx: typer.Context,
    practitioner: Practitioner,
    place: Annotated[str, typer.Argument(metavar="PLACE", help="A blind id, fa_… or ph_…")],
    area: Annotated[str, typer.Option("--area", metavar="CODE", help="The 区划 code.")],
    points: Annotated[int, typer.Option("--points", min=1)],
    band: Annotated[int, typer.Option("--band", help="The least points of the band: 1, 4, 7, 10.")],
    document: Annotated[str, typer.Option("--document", metavar="NUMBER", help="Its number.")],
    decided_on: Annotated[
        datetime,
        typer.Option("--on", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Its day."),
    ],
    grounds: Annotated[str, typer.Option("--grounds", metavar="TEXT", help="What was done.")],
    responsibility: Annotated[
        str, typer.Option("--responsibility", help="general, important or main.")
    ],
    measure: Annotated[str, typer.Option("--measure", help="penalty or agreement.")],
    village: Annotated[bool, typer.Option("--village", help="At a township's place.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Propose points for an act by a document that is already decided; another person reviews them.

    Example: huancha points add pr_x7… fa_q2… --area 110105 --points 9 --band 7 --document "罚〔2026〕1号" --on 2026-03-01 --grounds "冒名" --responsibility main --measure penalty
    """
    from casework.points import Act, Measure, Responsibility, propose_act

    try:
        act = Act(
            practitioner, place, area, band, points, Responsibility(responsibility),
            Measure(measure), document, decided_on.date(), grounds, village,
        )  # fmt: skip
    except ValueError as unknown:
        raise typer.BadParameter(f"{unknown}; see --help.") from None
    with writing(workspace_path(ctx, workspace)) as tx:
        line = propose_act(tx, acting(), act, now())
    say(f"{line.no}: {line.points} 分待复核 points wait for another person")


@app.command("review")
def review(
    ctx: typer.Context,
    no: Annotated[int, typer.Argument(metavar="NUMBER", help="A line of the ledger.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept.")],
    approve: Annotated[bool, typer.Option("--approve/--refuse", help="Count them, or not.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Approve or refuse points that somebody else proposed; says what follows from the sum.

    Example: huancha points review 1 --approve --why "the file agrees"
    """
    from casework import points

    with writing(workspace_path(ctx, workspace)) as tx:
        done = points.review(tx, acting(), no, why, now(), approve=approve)
    standing = done.standing
    say(f"{no}: {standing.year} 年 {standing.points} 分 points → {done.consequence.effect}")


@app.command("show")
def show(
    ctx: typer.Context,
    practitioner: Practitioner,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Every line of a practitioner in one's regions, oldest first.

    Example: huancha points show pr_x7…
    """
    from casework import points

    with open_workspace(workspace_path(ctx, workspace)).casework() as store, store.read() as tx:
        _show(points.history(tx, practitioner), json_)


@app.command("list")
def list_(ctx: typer.Context, workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """The lines in one's regions that wait for a review, oldest first.

    Example: huancha points list
    """
    from casework import points

    with open_workspace(workspace_path(ctx, workspace)).casework() as store, store.read() as tx:
        _show(points.waiting(tx), json_)


def _show(lines: "Sequence[Points]", json_: bool) -> None:
    regions = tuple(map(prefix_of, acting().regions)) or ("",)
    found = [line for line in lines if line.area.startswith(regions)]
    if json_:
        print_json([vars(line) for line in found])
        return
    table = plain_table(
        no=">号", kind="种类", points=">分", decided_on="日期", approved="复核", document="文书"
    )
    for line in found:
        held = {None: "…", True: "是", False: "否"}[line.approved]
        cells = (line.no, line.kind, line.points, line.decided_on, held, line.document)
        table.add_row(*(escape(str(cell)) for cell in cells))
    stdout.print(table)


listing(app, list_)
