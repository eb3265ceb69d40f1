"""`huancha appeal`: file, admit, ask a third party, propose and decide; never by who decided before."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from huancha.commands.acting import acting, now, writing
from huancha.commands.notices import LineOption, SanctionOption, about_of
from huancha.commands.options import JsonOption, WorkspaceOption, listing, workspace_path
from huancha.commands.output import plain_table, print_json, print_line, say, stdout
from huancha.workspace import open_workspace

if TYPE_CHECKING:
    from casework.appeals import Appeal, Effects

app = typer.Typer(
    help="""Appeals (申诉) against points and sanctions.

    Without a command it lists those that wait. Who acts is the login name, with the roles of HUANCHA_PEOPLE.

    Example: huancha appeal file a.pdf --line 3 --on 2026-03-10 --why "was away"
    """,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)

AppealArgument = Annotated[int, typer.Argument(metavar="APPEAL", help="An appeal's number.")]
WhyOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept.")]


@app.command("file")
def file(
    ctx: typer.Context,
    letter: Annotated[Path, typer.Argument(metavar="LETTER", help="The signed letter.")],
    on: Annotated[
        datetime,
        typer.Option("--on", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="When it came."),
    ],
    why: WhyOption,
    line: LineOption = None,
    sanction: SanctionOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Enter an objection in writing; after the last day of the pack it is entered as late.

    Example: huancha appeal file a.pdf --line 3 --on 2026-03-10 --why "was away"
    """
    from casework import appeals
    from casework.law import read_calendar

    path, about = workspace_path(ctx, workspace), about_of(line, sanction)
    content, calendar = letter.read_bytes(), read_calendar(path)
    with writing(path) as tx:
        made = appeals.file_appeal(tx, acting(), about, on.date(), why, content, calendar, now())
    _say(made)


@app.command("admit")
def admit(
    ctx: typer.Context,
    appeal: AppealArgument,
    why: WhyOption,
    admitted: Annotated[
        bool, typer.Option("--admit/--turn-down", help="Look at it all the same, or not.")
    ],
    workspace: WorkspaceOption = None,
) -> None:
    """Decide whether a late appeal is looked at all the same.

    Example: huancha appeal admit 2 --admit --why "was in hospital"
    """
    from casework import appeals

    with writing(workspace_path(ctx, workspace)) as tx:
        _say(appeals.admit(tx, acting(), appeal, why, now(), admitted=admitted))


@app.command("ask")
def ask(
    ctx: typer.Context,
    appeal: AppealArgument,
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What is asked.")],
    expert: Annotated[str, typer.Option("--expert", metavar="NAME", help="Who is asked.")],
    body: Annotated[str, typer.Option("--body", metavar="NAME", help="Whom they belong to.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Ask a third party; no decision is proposed before it has answered.

    Example: huancha appeal ask 1 "was the stay needed?" --expert Qian --body "society"
    """
    from casework import appeals

    with writing(workspace_path(ctx, workspace)) as tx:
        made = appeals.ask_expert(tx, acting(), appeal, expert, body, question, now())
    say(f"已委托专家 expert {made.no}")


@app.command("opinion")
def opinion(
    ctx: typer.Context,
    expert: Annotated[int, typer.Argument(metavar="EXPERT", help="The number `ask` gave.")],
    paper: Annotated[Path, typer.Argument(metavar="PAPER", help="The signed opinion.")],
    said: Annotated[str, typer.Option("--said", metavar="TEXT", help="The opinion in short.")],
    recusal: Annotated[
        str,
        typer.Option("--recusal", metavar="TEXT", help="That nothing binds them, as they said."),
    ],
    workspace: WorkspaceOption = None,
) -> None:
    """Enter what a third party answered; the paper's hash is kept.

    Example: huancha appeal opinion 1 a.pdf --said "it was" --recusal "no ties"
    """
    from casework import appeals

    content = paper.read_bytes()
    with writing(workspace_path(ctx, workspace)) as tx:
        made = appeals.give_opinion(tx, acting(), expert, recusal, said, content, now())
    say(f"已登记专家意见 expert {made.no}: {made.sha256}")


@app.command("propose")
def propose(
    ctx: typer.Context,
    appeal: AppealArgument,
    outcome: Annotated[str, typer.Argument(help="upheld, partly or rejected.")],
    why: WhyOption,
    points: Annotated[
        int | None, typer.Option("--points", help="partly: the fewer points that stand.")
    ] = None,
    lift_from: Annotated[
        datetime | None,
        typer.Option(
            "--lift-from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="From when; else today."
        ),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Propose a decision; upheld undoes what the appeal is against and what rests on it.

    Example: huancha appeal propose 1 upheld --why "the opinion is clear"
    """
    from casework import appeals

    if outcome not in set(appeals.Outcome):
        raise typer.BadParameter(f"{outcome} is no outcome; name upheld, partly or rejected.")
    said = appeals.Outcome(outcome)
    with writing(workspace_path(ctx, workspace)) as tx:
        begins = (lift_from or now()).date()
        found = appeals.appeal(tx, appeal)
        follows = appeals.suggested(tx, found, begins, points)
        effects = appeals.NOTHING if said is appeals.Outcome.REJECTED else follows
        appeals.propose_decision(tx, acting(), appeal, said, effects, why, now())
    say(f"申诉 {appeal} 已提出处理意见，须由他人决定 another person decides; {_told(effects)}")


@app.command("decide")
def decide(
    ctx: typer.Context,
    appeal: AppealArgument,
    why: WhyOption,
    approve: Annotated[
        bool, typer.Option("--approve/--refuse", help="As proposed with all it does, or back.")
    ],
    workspace: WorkspaceOption = None,
) -> None:
    """Approve or refuse a proposed decision; approved, points and orders are reversed at once.

    Example: huancha appeal decide 1 --approve --why "agreed"
    """
    from casework import appeals

    with writing(workspace_path(ctx, workspace)) as tx:
        _say(appeals.decide(tx, acting(), appeal, why, now(), approve=approve))


@app.command("list")
def list_(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    all_: Annotated[bool, typer.Option("--all", help="Those that are over as well.")] = False,
    json_: JsonOption = False,
) -> None:
    """Appeals that wait for somebody, oldest first.

    Example: huancha appeal list --all
    """
    from casework import appeals
    from casework.people import inside

    who = acting()
    with open_workspace(workspace_path(ctx, workspace)).casework() as store, store.read() as tx:
        found = [one for one in appeals.appeals(tx, ended=all_) if inside(who.regions, one.area)]
    if json_:
        print_json([_facts(one) for one in found])
        return
    table = plain_table(no="编号", state="状态", filed="收到", due="期限", subject="对象")
    for one in found:
        cells = (str(one.no), one.state, str(one.filed_on), str(one.due), one.subject)
        table.add_row(*map(escape, cells))
    stdout.print(table)


@app.command("show")
def show(
    ctx: typer.Context,
    appeal: AppealArgument,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """One appeal: grounds, opinions, decisions and what they do.

    Example: huancha appeal show 1 --json
    """
    from casework import appeals
    from casework.people import Role, require

    who = acting()
    with open_workspace(workspace_path(ctx, workspace)).casework() as store, store.read() as tx:
        found = appeals.appeal(tx, appeal)
        require(who, Role.APPROVER if Role.APPROVER in who.roles else Role.INVESTIGATOR, found.area)
    if json_:
        print_json(_facts(found))
        return
    print_line(f"{found.no}  {found.state}  {found.area}  {found.subject}  {found.law}")
    print_line(f"{found.filed_on} ({found.due}): {found.grounds}")
    for one in found.opinions:
        print_line(f"  {one.expert}（{one.body}）: {one.question} → {one.opinion or '…'}")
    for made in found.decisions:
        print_line(f"  {made.maker} {made.outcome}: {made.why}; {_told(made.effects)}")


def _facts(one: "Appeal") -> dict[str, object]:
    decisions = [vars(made) | {"effects": vars(made.effects)} for made in one.decisions]
    opinions = [vars(made) for made in one.opinions]
    return vars(one) | {
        "state": one.state, "about": vars(one.about), "opinions": opinions, "decisions": decisions,
    }  # fmt: skip


def _told(effects: "Effects") -> str:
    """What a decision does, in words."""
    parts = [f"撤销记分 reverses line {no}" for no in effects.lines]
    parts += [f"改记 gives {effects.instead} points"] if effects.instead is not None else []
    parts += [f"自{effects.begins}解除处理 lifts sanction {no}" for no in effects.lifts]
    return "; ".join(parts) or "不变 nothing changes"


def _say(one: "Appeal") -> None:
    say(f"申诉 appeal {one.no}: {one.state} ({one.filed_on}, 期限 due {one.due})")


listing(app, list_)
