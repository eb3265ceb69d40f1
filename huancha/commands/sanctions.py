"""`huancha sanction`: look at a reach, propose a sanction with it, decide on one, lift one."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from huancha.commands.acting import acting, now, writing
from huancha.commands.options import JsonOption, WorkspaceOption, listing, workspace_path
from huancha.commands.output import plain_table, print_json, print_line, print_shown, say, stdout
from huancha.workspace import open_workspace

if TYPE_CHECKING:
    from casework.sanctions import Person, Reach, Registry, Sanction

app = typer.Typer(
    help="""Sanctions: their reach, who proposed and who decided, and the end of one before its time.

    Without a command it lists what waits for a decision. Who acts is the login name, with the roles of HUANCHA_PEOPLE.

    Example: huancha sanction preview pr_x7… --area 110105 --year 2026 --begins 2026-04-01 --months 3
    """,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)

DAY = ["%Y-%m-%d"]
Practitioner = Annotated[str, typer.Argument(metavar="PRACTITIONER", help="A blind id, pr_…")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The number of what was proposed.")]
Area = Annotated[str, typer.Option("--area", metavar="CODE", help="The 区划 code.")]
Year = Annotated[int, typer.Option("--year", help="The natural year of the points.")]
Begins = Annotated[
    datetime, typer.Option("--begins", formats=DAY, metavar="YYYY-MM-DD", help="The first day.")
]
Months = Annotated[int, typer.Option("--months", min=1, help="As the law allows.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept.")]
CaseOption = Annotated[str | None, typer.Option("--case", metavar="CASE", help="Its case, cs_…")]
Persons = Annotated[
    list[str] | None, typer.Option(metavar="PRACTITIONER=REASON", help="May be given many times.")
]


@app.command("preview")
def preview(
    ctx: typer.Context,
    practitioner: Practitioner,
    area: Area,
    year: Year,
    begins: Begins,
    months: Months,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """Where a sanction by points would reach: each registration, its patients, what could no longer be settled.

    Example: huancha sanction preview pr_x7… --area 110105 --year 2026 --begins 2026-04-01 --months 3
    """
    from casework import sanctions
    from casework.people import Role, require

    path = workspace_path(ctx, workspace)
    require(acting(), Role.INVESTIGATOR, area)
    with open_workspace(path).casework() as store, store.read() as tx:
        draft = sanctions.draft_by_points(tx, practitioner, area, year, begins.date(), months)
    _show(draft, registered(path).reach(draft, now().date()), json_)


@app.command("propose")
def propose(
    ctx: typer.Context,
    practitioner: Practitioner,
    area: Area,
    year: Year,
    begins: Begins,
    months: Months,
    why: Why,
    case: CaseOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Propose what somebody's points lead to, with the reach it has now; another person decides.

    Example: huancha sanction propose pr_x7… --area 110105 --year 2026 --begins 2026-04-01 --months 3 --why "9 points"
    """
    from casework import sanctions

    path = workspace_path(ctx, workspace)
    day = begins.date()
    with writing(path) as tx:
        draft = sanctions.draft_by_points(tx, practitioner, area, year, day, months, case)
        _said(sanctions.propose(tx, acting(), draft, registered(path), why, now()))


@app.command("measure")
def measure(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="talk … end_agreement.")],
    place: Annotated[str, typer.Argument(metavar="PLACE", help="A blind id, fa_… or ph_…")],
    area: Area,
    begins: Begins,
    law: Annotated[str, typer.Option("--law", metavar="TEXT", help="Document and article.")],
    why: Why,
    ends: Annotated[
        datetime | None,
        typer.Option("--ends", formats=DAY, metavar="YYYY-MM-DD", help="The last day."),
    ] = None,
    responsible: Persons = None,
    untouched: Persons = None,
    case: CaseOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Propose a measure against a place, and say who of it is responsible and who is not; another person decides.

    Example: huancha sanction measure end_agreement fa_q2… --area 110105 --begins 2026-04-01 --law "条例 第四十条" --responsible pr_x7…=主刀 --why "骗保"
    """
    from casework import sanctions

    if kind not in set(sanctions.Kind):
        raise typer.BadParameter(f"{kind} is no sanction; name one of {', '.join(sanctions.Kind)}.")
    persons = [
        *(_person(text, responsible=True) for text in responsible or ()),
        *(_person(text, responsible=False) for text in untouched or ()),
    ]
    path = workspace_path(ctx, workspace)
    last = ends.date() if ends else None
    draft = sanctions.draft_measure(
        sanctions.Kind(kind), place, area, begins.date(), last, law, persons, case
    )
    with writing(path) as tx:
        _said(sanctions.propose(tx, acting(), draft, registered(path), why, now()))


@app.command("show")
def show(
    ctx: typer.Context, no: Number, workspace: WorkspaceOption = None, json_: JsonOption = False
) -> None:
    """A sanction with the reach it was proposed with, each line of which is one order once it is approved.

    Example: huancha sanction show 3
    """
    from casework import sanctions
    from casework.people import Role, require

    path = workspace_path(ctx, workspace)
    with open_workspace(path).casework() as store, store.read() as tx:
        found, reach = sanctions.sanction(tx, no), sanctions.reach_of(tx, no)
    person = acting()
    require(
        person, Role.APPROVER if Role.APPROVER in person.roles else Role.INVESTIGATOR, found.area
    )
    _show(found, reach, json_)


@app.command("list")
def list_(ctx: typer.Context, workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """The sanctions and lifts that wait for another person's decision, oldest first.

    Example: huancha sanction list
    """
    from casework import approval
    from casework.sanctions.ledger import LIFT, SANCTION

    acting()
    with open_workspace(workspace_path(ctx, workspace)).casework() as store, store.read() as tx:
        found = [one for one in approval.waiting(tx) if one.kind in (SANCTION, LIFT)]
    if json_:
        print_json([vars(one) for one in found])
        return
    table = plain_table(
        no=">号", kind="种类", subject="对象", area="区划", maker="提请人", why="理由"
    )
    for one in found:
        cells = (one.kind, one.subject, one.area, one.maker, one.why)
        table.add_row(str(one.no), *map(escape, cells))
    stdout.print(table)
    print_shown(len(found), len(found))


@app.command("decide")
def decide(
    ctx: typer.Context,
    no: Number,
    why: Why,
    approve: Annotated[
        bool, typer.Option("--approve/--refuse", help="Let it hold, or send it back.")
    ],
    workspace: WorkspaceOption = None,
) -> None:
    """Decide on a sanction or a lift that somebody else proposed; approved, its orders wait to be pushed.

    Example: huancha sanction decide 3 --approve --why "agreed"
    """
    from casework import approval, sanctions
    from casework.sanctions.ledger import LIFT

    path = workspace_path(ctx, workspace)
    with writing(path) as tx:
        if approval.proposal(tx, no).kind == LIFT:
            _said(sanctions.decide_lift(tx, acting(), no, why, now(), approve=approve))
        else:
            registry = registered(path)
            _said(
                sanctions.decide_sanction(tx, acting(), no, registry, why, now(), approve=approve)
            )


@app.command("lift")
def lift(
    ctx: typer.Context, no: Number, begins: Begins, why: Why, workspace: WorkspaceOption = None
) -> None:
    """Propose that a sanction end before its time; another person decides.

    Example: huancha sanction lift 3 --begins 2026-05-01 --why "appeal won"
    """
    from casework import sanctions

    with writing(workspace_path(ctx, workspace)) as tx:
        made = sanctions.propose_lift(tx, acting(), no, begins.date(), why, now())
    say(f"{made.no}: 解除已提请，须由他人决定 the lift is proposed, another person decides")


def registered(path: Path) -> "Registry":
    """Where a sanction's reach and codes are looked up."""
    from casework.sanctions import registry
    from graph.snapshot import current_snapshot

    return registry(current_snapshot(path), open_workspace(path).registration_codes)


def _person(text: str, *, responsible: bool) -> "Person":
    from casework.sanctions import Person

    practitioner, _, reason = text.partition("=")
    if not reason.strip():
        raise typer.BadParameter(f"{text} gives no reason; write PRACTITIONER=REASON.")
    return Person(practitioner, responsible, reason)


def _show(sanction: "Sanction", reach: "Reach", json_: bool) -> None:
    if json_:
        lines = [vars(line) for line in reach.registrations]
        persons = [vars(person) for person in reach.untouched]
        print_json(vars(sanction) | {"persons": persons, "reach": lines})
        return
    print_line(f"{sanction.kind}  {sanction.begins} – {sanction.ends or '…'}  {sanction.law}")
    table = plain_table(
        place="机构", practitioner="人员", before="现状", after="变为", patients=">患者",
        alone="独岗", unpayable=">不可结", fund=">金额分", department="科室",
    )  # fmt: skip
    for one in reach.registrations:
        cells = (
            one.place, one.practitioner, one.before or "", one.after, one.patients,
            "是" if one.alone else "", one.unpayable, one.fund, one.department or "",
        )  # fmt: skip
        table.add_row(*(escape(str(cell)) for cell in cells))
    stdout.print(table)
    for person in reach.untouched:
        print_line(f"  {person.practitioner}: 不受影响 untouched ({person.reason})")


def _said(sanction: "Sanction") -> None:
    held = {None: "待决定 waits", True: "已批准 approved", False: "未批准 refused"}
    lifted = f", 自 {sanction.lifted} 解除 lifted" if sanction.lifted else ""
    say(f"{sanction.no}: {sanction.kind} {held[sanction.approved]}{lifted}")


listing(app, list_)
