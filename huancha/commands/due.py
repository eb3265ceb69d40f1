"""`huancha due`: what is overdue and what is due next, by the pack of each place."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from huancha.commands.acting import acting, now
from huancha.commands.options import JsonOption, LimitOption, WorkspaceOption, workspace_path
from huancha.commands.output import plain_table, print_json, print_shown, stdout
from huancha.workspace import open_workspace

if TYPE_CHECKING:
    from casework.deadlines import Due

WORDS = {
    "task": "任务",
    "tip": "举报核查",
    "filing": "线索核查",
    "publicity": "公示",
    "objection": "申诉期",
    "reinstatement": "恢复通知",
    "referral_approval": "移送审批",
    "referral_sending": "移送公安",
    "police_decision": "立案决定",
    "reconsideration": "提请复议",
    "handover": "移交物品材料",
    "assistance": "协查回复",
    "bill": "费用协查",
    "confirmation": "协查确认",
    "room_task": "联审任务",
}
SHOWN = 50


def due(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    only_overdue: Annotated[
        bool, typer.Option("--overdue", help="Only what should have been done by now.")
    ] = False,
    limit: LimitOption = None,
    json_: JsonOption = False,
) -> None:
    """Tasks, checks of tips and clues, publicity, objections, suspensions, referrals, assistance: overdue first.

    Working days follow the State Council's notices; a year without one is named, never guessed.

    Example: huancha due --overdue
    """
    from casework import deadlines
    from casework.law import read_calendar

    path, who, today = workspace_path(ctx, workspace), acting(), now().date()
    calendar = read_calendar(path)
    with open_workspace(path).casework() as store, store.read() as tx:
        late = deadlines.overdue(tx, today, calendar, who.regions)
        coming = () if only_overdue else deadlines.due(tx, today, calendar, who.regions)
    found = (*late, *coming)
    shown = found[: limit or SHOWN]
    if json_:
        print_json([vars(one) | {"overdue": one.over(today)} for one in shown])
        return
    table = plain_table(due="期限", kind="事项", law="依据", assignee="承办人", subject="对象")
    for one in shown:
        mark = "（待核）" if one.unverified else ""
        said = f"{one.subject} {one.what}".rstrip()
        cells = (_ends(one), WORDS[one.kind], f"{one.law or ''}{mark}", one.assignee or "", said)
        table.add_row(*map(escape, cells))
    stdout.print(table)
    print_shown(len(shown), len(found))


def _ends(one: "Due") -> str:
    if one.ends is None:
        return f"? 缺{one.unknown}年节假日安排 holidays/{one.unknown}.toml"
    return f"{one.ends:%Y-%m-%d %H:%M}"
