"""`huancha announce`: sanctions told to the other sides of a review, and what this side makes of theirs."""

from datetime import datetime
from typing import Annotated

import typer
from rich.markup import escape

from huancha.commands.acting import acting, now, writing
from huancha.commands.options import JsonOption, WorkspaceOption, listing, workspace_path
from huancha.commands.output import plain_table, print_json, print_shown, say, stdout
from huancha.commands.sanctions import registered
from huancha.workspace import open_workspace

app = typer.Typer(
    help="""Sanctions announced between the sides of a joint review (共同退出); each side decides for itself.

    Without a command it lists them. They go and come with `huancha room exchange`.

    Example: huancha announce make jr_x7… 3 --why "共同退出"
    """,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The number in the list.")]
Who = Annotated[str, typer.Argument(metavar="PRACTITIONER", help="Our own blind id, pr_…")]
Area = Annotated[str, typer.Option("--area", metavar="CODE", help="The 区划 code here.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept.")]
Begins = Annotated[
    datetime,
    typer.Option("--begins", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The first day."),
]
ANSWERS = {
    "waiting": "待决定", "proposed": "已提请处理", "sanctioned": "已处理", "declining": "已提请不处理",
    "declined": "不处理",
}  # fmt: skip


@app.command("make")
def make(
    ctx: typer.Context,
    review: Annotated[str, typer.Argument(metavar="REVIEW", help="The review, jr_…")],
    sanction: Annotated[int, typer.Argument(metavar="SANCTION", help="Its number.")],
    why: Why,
    workspace: WorkspaceOption = None,
) -> None:
    """Tell the other sides of a review of a sanction of ours that is in force, or of its lift.

    Example: huancha announce make jr_x7… 3 --why "共同退出"
    """
    from casework import announcements
    from huancha.bureaux import seat_in

    with writing(workspace_path(ctx, workspace)) as tx:
        side = seat_in(tx, review).side
        made = announcements.announce(tx, acting(), review, side, sanction, why, now())
    say(f"{made.no}: 待寄 to be sent, {made.total} 人 persons")


@app.command("list")
def list_(ctx: typer.Context, workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """Announcements of ours and of others: how many people, who of them is known here, what was decided.

    Example: huancha announce list
    """
    from casework import announcements

    acting()
    with open_workspace(workspace_path(ctx, workspace)).casework() as store, store.read() as tx:
        found = announcements.announcements(tx)
    if json_:
        print_json([vars(one) | {"persons": [vars(p) for p in one.persons]} for one in found])
        return
    table = plain_table(
        no=">号", who="我方已知的人", side="来自", total=">人数", kind="处理", begins="起", ends="止",
        answer="我方决定",
    )  # fmt: skip
    for one in found:
        if not one.persons:
            table.add_row(str(one.no), "", one.side, str(one.total), "", "", "", "")
        for person in one.persons:
            answer = "" if one.sanction is not None else ANSWERS[person.answer]
            lifted = f" {person.lifted} 解除" if person.lifted else ""
            cells = (
                one.no, person.practitioner, one.side, one.total, person.kind, person.begins,
                person.ends or "…", answer + lifted,
            )  # fmt: skip
            table.add_row(*(escape(str(cell)) for cell in cells))
    stdout.print(table)
    print_shown(len(found), len(found))


@app.command("follow")
def follow(
    ctx: typer.Context, no: Number, who: Who, area: Area, begins: Begins, why: Why,
    workspace: WorkspaceOption = None,
) -> None:  # fmt: skip
    """Propose the same sanction here, with the reach it has here; another person decides.

    Example: huancha announce follow 2 pr_x7… --area 120101 --begins 2026-04-01 --why "共同退出"
    """
    from casework import announcements

    path = workspace_path(ctx, workspace)
    with writing(path) as tx:
        found = announcements.announcement(tx, no)
        draft = announcements.draft(found, who, area, begins.date())
        made = announcements.propose(tx, acting(), no, draft, registered(path), why, now())
    say(f"{made.no}: {made.kind} 待决定 waits; huancha sanction show {made.no}")


@app.command("decline")
def decline(
    ctx: typer.Context, no: Number, who: Who, area: Area, why: Why, workspace: WorkspaceOption = None
) -> None:  # fmt: skip
    """Propose that nothing follows here; another person decides.

    Example: huancha announce decline 2 pr_x7… --area 120101 --why "不在我市执业"
    """
    from casework import announcements

    with writing(workspace_path(ctx, workspace)) as tx:
        made = announcements.propose_decline(tx, acting(), no, who, area, why, now())
    say(f"{made.no}: 待决定 waits")


@app.command("decide")
def decide(
    ctx: typer.Context,
    no: Annotated[int, typer.Argument(metavar="PROPOSAL", help="The number that decline gave.")],
    why: Why,
    approve: Annotated[
        bool, typer.Option("--approve/--refuse", help="Nothing follows, or not so.")
    ],
    workspace: WorkspaceOption = None,
) -> None:
    """Decide that nothing follows here, as somebody else proposed; sanctions with `huancha sanction decide`.

    Example: huancha announce decide 5 --approve --why "同意"
    """
    from casework import announcements

    with writing(workspace_path(ctx, workspace)) as tx:
        made = announcements.decide_decline(tx, acting(), no, why, now(), approve=approve)
    say(f"{no}: {'已批准 approved' if made.approved else '未批准 refused'}")


listing(app, list_)
