"""`huancha assist`: letters asking other bureaux for help, and the monthly batches of cross-province bills."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from huancha.commands.acting import acting, now, writing
from huancha.commands.options import JsonOption, WorkspaceOption, listing, workspace_path
from huancha.commands.output import plain_table, print_json, print_line, print_shown, say, stdout
from huancha.workspace import open_workspace

if TYPE_CHECKING:
    from casework.assistance import Bill, Directory, Request

app = typer.Typer(
    help="""Assistance between bureaux (协查): letters with their clocks, monthly batches of bills.

    Without a command it lists the letters. Letters and results go and come with `huancha room exchange`.

    Example: huancha assist send 1
    """,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)

DAY = ["%Y-%m-%d"]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The number in the list.")]
From = Annotated[str, typer.Option("--from", metavar="CODE", help="Our body, a 区划 code.")]
To = Annotated[str, typer.Option("--to", metavar="CODE", help="The body asked.")]
Day = Annotated[datetime, typer.Option(formats=DAY, metavar="YYYY-MM-DD")]
Text = Annotated[str, typer.Option(metavar="TEXT")]
STATES = {
    "made": "未发出", "sent": "已发出", "taken": "办理中", "answered": "已回复", "withdrawn": "已撤回",
}  # fmt: skip
DIRECTIONS = {"out": "发出", "in": "收到"}


@app.command("create")
def create(
    ctx: typer.Context, from_: From, to: To, case: Text, law: Text, subject: Text, what: Text,
    contacts: Text, first: Day, last: Day,
    reply_by: Annotated[
        datetime | None,
        typer.Option("--reply-by", formats=DAY, metavar="YYYY-MM-DD", help="Else by the law."),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:  # fmt: skip
    """Write a letter that asks another body to check something; the liaison sends it.

    Example: huancha assist create --from 110000 --to 131000 --case "…" --law "…" --subject "…" --what "…" --contacts "…" --first 2025-01-01 --last 2025-06-30
    """
    from casework import assistance
    from casework.law import read_calendar

    path, today = workspace_path(ctx, workspace), now().date()
    due = reply_by.date() if reply_by else assistance.reply_by(to, today, read_calendar(path))
    wanted = assistance.Wanted(case, law, subject, what, first.date(), last.date(), due, contacts)
    with writing(path) as tx:
        made = assistance.create(
            tx, acting(), _key(path), _directory(path), from_, to, wanted, now()
        )
    say(f"{made.no}: 协查函已拟 the letter is written, 回复期限 due {made.reply_by}")


@app.command("send")
def send(ctx: typer.Context, no: Number, workspace: WorkspaceOption = None) -> None:
    """Release a letter: it goes with the next exchange of a review, or on paper.

    Example: huancha assist send 1
    """
    from casework import assistance

    with writing(workspace_path(ctx, workspace)) as tx:
        _said(assistance.send(tx, acting(), no, now()))


@app.command("take")
def take(ctx: typer.Context, no: Number, workspace: WorkspaceOption = None) -> None:
    """Take a letter that came, as its first responder (第一响应人), who finishes it in time.

    Example: huancha assist take 1
    """
    from casework import assistance

    with writing(workspace_path(ctx, workspace)) as tx:
        _said(assistance.take(tx, acting(), no, now()))


@app.command("answer")
def answer(ctx: typer.Context, no: Number, text: Text, workspace: WorkspaceOption = None) -> None:
    """Answer a letter that was taken.

    Example: huancha assist answer 1 --text "确有住院"
    """
    from casework import assistance

    path = workspace_path(ctx, workspace)
    with writing(path) as tx:
        _said(assistance.answer(tx, acting(), _key(path), no, text, now()))


@app.command("withdraw")
def withdraw(ctx: typer.Context, no: Number, why: Text, workspace: WorkspaceOption = None) -> None:
    """Take back a letter of ours that is not answered.

    Example: huancha assist withdraw 1 --why "已查清"
    """
    from casework import assistance

    path = workspace_path(ctx, workspace)
    with writing(path) as tx:
        _said(assistance.withdraw(tx, acting(), _key(path), no, why, now()))


@app.command("read")
def read(
    ctx: typer.Context, no: Number, workspace: WorkspaceOption = None, json_: JsonOption = False
) -> None:
    """What a letter says of whom, and its answer; who reads it is kept in the audit.

    Example: huancha assist read 1
    """
    from casework import assistance

    path = workspace_path(ctx, workspace)
    with writing(path) as tx:
        found = assistance.read_request(tx, acting(), _key(path), no, now())
    if json_:
        print_json(found)
        return
    for name, text in found.items():
        print_line(f"{name}: {text}")


@app.command("list")
def list_(ctx: typer.Context, workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """The letters in and out, oldest first, with their clocks and first responders.

    Example: huancha assist list
    """
    from casework import assistance
    from casework.people import inside

    person = acting()
    with open_workspace(workspace_path(ctx, workspace)).casework() as store, store.read() as tx:
        found = [one for one in assistance.requests(tx) if inside(person.regions, one.own)]
    if json_:
        print_json([vars(one) | {"state": one.state, "responder": one.responder} for one in found])
        return
    table = plain_table(
        no=">号", way="方向", asker="请求方", asked="被请求方", due="期限", state="状态",
        responder="第一响应人", case="案号",
    )  # fmt: skip
    for one in found:
        late = one.state in assistance.OPEN and one.reply_by < now().date()
        due = f"{one.reply_by}{' 逾期 late' if late else ''}"
        cells = (
            DIRECTIONS[one.direction], one.asker, one.asked, due, STATES[one.state],
            one.responder or "", one.case_no,
        )  # fmt: skip
        table.add_row(str(one.no), *map(escape, cells))
    stdout.print(table)
    print_shown(len(found), len(found))


@app.command("batch")
def batch(
    ctx: typer.Context,
    from_: From,
    to: To,
    day: Annotated[
        datetime, typer.Option("--day", formats=DAY, metavar="YYYY-MM-DD", help="The 26th.")
    ],
    workspace: WorkspaceOption = None,
) -> None:
    """Take the month's suspicious inpatient bills of our insured there into a batch; nothing of it changes later.

    Example: huancha assist batch --from 110000 --to 130000 --day 2026-03-26
    """
    from casework import assistance
    from huancha.bureaux import batch_entries

    path, last = workspace_path(ctx, workspace), day.date()
    entries = batch_entries(path, from_, to, _before(last), last)
    with writing(path) as tx:
        found = assistance.take_batch(
            tx, acting(), _key(path), _directory(path), from_, to, last, entries, now()
        )
    say(f"{last}: {len(found)} 笔列入协查批次 bills in the batch")


@app.command("bills")
def bills(ctx: typer.Context, workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """The bills of all batches, oldest first: when they are due, how often they rolled over, what came of them.

    Example: huancha assist bills
    """
    from casework import assistance
    from casework.people import inside

    person = acting()
    with open_workspace(workspace_path(ctx, workspace)).casework() as store, store.read() as tx:
        every = assistance.bills(tx, now().date())
    found = [one for one in every if inside(person.regions, one.own)]
    if json_:
        results = {one.no: one.result and vars(one.result) for one in found}
        print_json([vars(one) | {"result": results[one.no]} for one in found])
        return
    table = plain_table(
        no=">号", way="方向", batch="批次", due="期限", rolled=">顺延", stay="住院号",
        total=">费用分", result="结果", place="机构",
    )  # fmt: skip
    for one in found:
        cells = (
            one.no, DIRECTIONS[one.direction], one.batch, one.due, one.rolled, one.stay, one.total,
            _result(one), one.place,
        )  # fmt: skip
        table.add_row(*(escape(str(cell)) for cell in cells))
    stdout.print(table)
    print_shown(len(found), len(found))


@app.command("bill")
def bill(ctx: typer.Context, no: Number, workspace: WorkspaceOption = None) -> None:
    """The identity number of a bill, for the liaison; who reads it is kept in the audit.

    Example: huancha assist bill 2
    """
    from casework import assistance

    path = workspace_path(ctx, workspace)
    with writing(path) as tx:
        print_line(assistance.read_bill(tx, acting(), _key(path), no, now()))


@app.command("result")
def result(
    ctx: typer.Context,
    no: Number,
    correct: Annotated[bool, typer.Option("--correct/--wrong", help="核查无误, or 核查有误.")],
    why: Annotated[str, typer.Option(metavar="TEXT", help="What is wrong.")] = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Say what the check of a bill that came found.

    Example: huancha assist result 2 --wrong --why "费用不符"
    """
    from casework import assistance

    with writing(workspace_path(ctx, workspace)) as tx:
        found = assistance.answer_bill(tx, acting(), no, why, now(), correct=correct)
    say(f"{found.no}: {_result(found)}")


@app.command("confirm")
def confirm(ctx: typer.Context, no: Number, workspace: WorkspaceOption = None) -> None:
    """Confirm the result of a bill of ours.

    Example: huancha assist confirm 2
    """
    from casework import assistance

    with writing(workspace_path(ctx, workspace)) as tx:
        found = assistance.confirm(tx, acting(), no, now())
    say(f"{found.no}: {_result(found)}")


def _before(day: date) -> date:
    """The day of the batch before."""
    last = day.replace(day=1) - timedelta(1)
    return last.replace(day=min(day.day, last.day))


def _key(path: Path) -> bytes:
    from huancha.bureaux import sealing_key

    return sealing_key(path)


def _directory(path: Path) -> "Directory":
    from casework.assistance import read_directory

    return read_directory(now().date(), path)


def _said(found: "Request") -> None:
    say(f"{found.no}: {STATES[found.state]} {found.state}")


def _result(one: "Bill") -> str:
    if one.result is None:
        return "待核查 waits"
    said = "核查无误" if one.result.correct else f"核查有误：{one.result.reason}"
    return f"{said}（已确认）" if one.confirmed_at else said


listing(app, list_)
