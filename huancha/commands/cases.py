"""`huancha case`: open, list, show and move cases; one person proposes to close, another decides."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from casework.steps import PLAIN, Status
from huancha.commands.acting import acting, now, writing
from huancha.commands.options import (
    JsonOption,
    LimitOption,
    WorkspaceOption,
    listing,
    workspace_path,
)
from huancha.commands.output import plain_table, print_json, print_line, print_shown, say, stdout
from huancha.workspace import open_workspace

if TYPE_CHECKING:
    from casework.cases import Case, Source

app = typer.Typer(
    help="""Cases: what people opened, look into and decide on.

    Without a command it lists what waits. Who acts is the login name, with the roles of HUANCHA_PEOPLE.

    Example: huancha case open "Eight cards, one till" --ring rg_w5… --area 110105 --why "grade A"
    """,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)

CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="A case's id, cs_…")]
WhyOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept.")]
SHOWN = 50


@app.command("open")
def open_(
    ctx: typer.Context,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What it is about; no names.")],
    area: Annotated[str, typer.Option("--area", metavar="CODE", help="The 区划 code.")],
    why: WhyOption,
    ring: Annotated[
        str | None, typer.Option("--ring", metavar="RING", help="From this ring of the last scan.")
    ] = None,
    penalty: Annotated[
        str | None, typer.Option("--penalty", metavar="NUMBER", help="From this document.")
    ] = None,
    bureau: Annotated[
        str | None, typer.Option("--bureau", metavar="NUMBER", help="From a bureau's letter.")
    ] = None,
    watch: Annotated[
        str | None, typer.Option("--watch", metavar="KEY", help="From a lead of `huancha watch`.")
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Open a case from a ring, a penalty, a bureau's request, a lead after a sanction, or by hand.

    Example: huancha case open "Eight cards, one till" --ring rg_w5… --area 110105 --why "grade A"
    """
    from casework import cases

    path = workspace_path(ctx, workspace)
    with writing(path) as tx:
        source = _source(path, ring=ring, penalty=penalty, bureau=bureau, watch=watch)
        _say(cases.open_case(tx, acting(), title, source, area, why, now()))


@app.command("list")
def list_(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    status: Annotated[
        Status | None, typer.Option("--status", help="Only cases of this status.")
    ] = None,
    assignee: Annotated[
        str | None, typer.Option("--assignee", metavar="NAME", help="Only this person's.")
    ] = None,
    limit: LimitOption = None,
    json_: JsonOption = False,
) -> None:
    """What waits for somebody, longest untouched first; with --status any others.

    Example: huancha case list --assignee chen
    """
    from casework import cases

    with open_workspace(workspace_path(ctx, workspace)).casework() as store, store.read() as tx:
        found = cases.queue(
            tx, now().date(), status=status, assignee=assignee, regions=acting().regions,
            limit=limit or SHOWN,
        )  # fmt: skip
    if json_:
        print_json([_facts(one) for one in found.cases])
        return
    table = plain_table(
        case="案件", status="状态", outcome="结论", area="区划", assignee="承办人", title="标题"
    )
    for one in found.cases:
        cells = (one.id, one.status, one.outcome or "", one.area, one.assignee or "", one.title)
        table.add_row(*map(escape, cells))
    stdout.print(table)
    print_shown(len(found.cases), found.total)


@app.command("show")
def show(
    ctx: typer.Context,
    case: CaseArgument,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """One case: where it is, its tasks and comments, what was done and why.

    Example: huancha case show cs_1
    """
    from casework import audit, cases
    from casework.people import Role, require

    with open_workspace(workspace_path(ctx, workspace)).casework() as store:
        with store.read() as tx:
            found = cases.case(tx, case)
            require(acting(), Role.INVESTIGATOR, found.area)
            comments, tasks = cases.comments(tx, case), cases.tasks(tx, case)
            files, linked = cases.attachments(tx, case), cases.linked(tx, case)
        done = audit.entries(store, subject=case).entries
    if json_:
        papers = {"comments": comments, "tasks": tasks, "attachments": files, "done": done}
        lists = {name: [vars(one) for one in kept] for name, kept in papers.items()}
        print_json(_facts(found) | {"linked": linked, **lists})
        return
    print_line(f"{found.id}  {found.status}  {found.outcome or ''}  {found.area}  {found.title}")
    for task in tasks:
        print_line(f"  {task.due} {task.assignee}: {task.what} → {task.result or '…'}")
    for entry in reversed(done):
        print_line(f"  {entry.at:%Y-%m-%d %H:%M} {entry.actor} {entry.action}: {entry.why}")


@app.command("move")
def move(
    ctx: typer.Context,
    case: CaseArgument,
    status: Annotated[Status, typer.Argument(help=f"One of {', '.join(sorted(PLAIN))}.")],
    why: WhyOption,
    workspace: WorkspaceOption = None,
) -> None:
    """Take a case to another status; put aside and close have commands of their own.

    Example: huancha case move cs_1 investigating --why "records arrived"
    """
    from casework import cases

    with writing(workspace_path(ctx, workspace)) as tx:
        _say(cases.move(tx, acting(), case, status, why, now()))


@app.command("snooze")
def snooze(
    ctx: typer.Context,
    case: CaseArgument,
    until: Annotated[
        datetime,
        typer.Option("--until", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The last day."),
    ],
    why: WhyOption,
    workspace: WorkspaceOption = None,
) -> None:
    """Put a case aside until the end of a day.

    Example: huancha case snooze cs_1 --until 2026-04-01 --why "waiting for March"
    """
    from casework import cases

    with writing(workspace_path(ctx, workspace)) as tx:
        _say(cases.snooze(tx, acting(), case, until.date(), why, now()))


@app.command("assign")
def assign(
    ctx: typer.Context,
    case: CaseArgument,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="Who is to look into it.")],
    why: WhyOption,
    workspace: WorkspaceOption = None,
) -> None:
    """Give a case to somebody.

    Example: huancha case assign cs_1 --to chen --why "knows the place"
    """
    from casework import cases

    with writing(workspace_path(ctx, workspace)) as tx:
        _say(cases.assign(tx, acting(), case, to, why, now()))


@app.command("close")
def close(
    ctx: typer.Context,
    case: CaseArgument,
    outcome: Annotated[
        str,
        typer.Argument(help="confirmed, refuted, data_error, legitimate or inconclusive."),
    ],
    why: WhyOption,
    workspace: WorkspaceOption = None,
) -> None:
    """Propose to close a case with an outcome; another person decides.

    Example: huancha case close cs_1 legitimate --why "dialysis shift"
    """
    from casework import cases

    if outcome not in set(cases.Outcome):
        raise typer.BadParameter(
            f"{outcome} is no outcome; name one of {', '.join(cases.Outcome)}."
        )
    with writing(workspace_path(ctx, workspace)) as tx:
        cases.propose_closure(tx, acting(), case, cases.Outcome(outcome), why, now())
    say(f"{case} 已提请审结，须由他人决定 closing is proposed, another person decides")


@app.command("decide")
def decide(
    ctx: typer.Context,
    case: CaseArgument,
    why: WhyOption,
    approve: Annotated[
        bool, typer.Option("--approve/--refuse", help="Close it as proposed, or send it back.")
    ],
    workspace: WorkspaceOption = None,
) -> None:
    """Decide on a closing somebody else proposed; the next scan learns from the outcomes of rings.

    Example: huancha case decide cs_1 --approve --why "agreed"
    """
    from casework import cases

    path = workspace_path(ctx, workspace)
    with open_workspace(path).casework() as store:
        with store.write() as tx:
            done = cases.decide_closure(tx, acting(), case, why, now(), approve=approve)
        cases.feed_scan(store, path)
    _say(done)


def _source(path: Path, **given: str | None) -> "Source":
    from casework.cases import Origin, Source
    from graph.errors import NoRing, NoScan

    named = [(Origin(origin), id_) for origin, id_ in given.items() if id_ is not None]
    if len(named) > 1:
        raise typer.BadParameter("name one of --ring, --penalty, --bureau and --watch.")
    ring = given["ring"]
    if ring is None:
        return Source(*named[0]) if named else Source(Origin.HAND)
    scan = open_workspace(path).scan()
    if scan is None:
        raise NoScan(path)
    row = scan.ring(ring)
    if row is None:
        raise NoRing(ring)
    return Source.of_ring(row)


def _facts(case: "Case") -> dict[str, object]:
    return vars(case) | {"source": vars(case.source)}


def _say(case: "Case") -> None:
    until = f" → {case.snoozed_until}" if isinstance(case.snoozed_until, date) else ""
    say(f"{case.id}: {case.status}{until} {case.outcome or ''}".rstrip())


listing(app, list_)
