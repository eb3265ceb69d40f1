"""`huancha room`: the review room of a joint review — opinions, sign-off, tasks, disputes, meetings, exchange."""

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
    from casework.rooms import RingRoom, Room

app = typer.Typer(
    help="""The review room of a joint review (联审室): what the sides say of its rings, and sign.

    Without a command it lists the reviews. What is said here reaches the others with `huancha room exchange`.

    Example: huancha room show jr_x7…
    """,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)

DAY = ["%Y-%m-%d"]
Review = Annotated[str, typer.Argument(metavar="REVIEW", help="The review, jr_…")]
Ring = Annotated[str, typer.Argument(metavar="RING", help="The joint ring, jg_…")]
Text = Annotated[str, typer.Option(metavar="TEXT")]
SideOption = Annotated[str, typer.Option("--side", metavar="CODE", help="A side, its 区划 code.")]
Day = Annotated[datetime, typer.Option(formats=DAY, metavar="YYYY-MM-DD")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="The Word file to write.")]


@app.command("list")
def list_(ctx: typer.Context, workspace: WorkspaceOption = None, json_: JsonOption = False) -> None:
    """The reviews with how many of their rings are settled, newest first.

    Example: huancha room list
    """
    from casework import joint, rooms
    from huancha.bureaux import seat_in

    acting()
    with open_workspace(workspace_path(ctx, workspace)).casework() as store, store.read() as tx:
        found = [(one, rooms.room_of(tx, seat_in(tx, one.id))) for one in joint.reviews(tx)]
    rows = [
        {
            "review": one.id, "side": one.side, "state": one.state, "rings": len(room.rings),
            "settled": sum(ring.settled for ring in room.rings),
        }
        for one, room in found
    ]  # fmt: skip
    if json_:
        print_json(rows)
        return
    table = plain_table(review="联审", side="我方", state="状态", rings=">线索", settled=">办结")
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in row.values()))
    stdout.print(table)
    print_shown(len(rows), len(rows))


@app.command("show")
def show(
    ctx: typer.Context, review: Review, workspace: WorkspaceOption = None, json_: JsonOption = False
) -> None:
    """A room: who takes part, what was said of each ring, who signed, the tasks.

    Example: huancha room show jr_x7…
    """
    found = _room(workspace_path(ctx, workspace), review)
    if json_:
        facts = vars(found) | {"rings": [_facts(one) for one in found.rings]}
        print_json(facts | {"tasks": [vars(one) for one in found.tasks]})
        return
    for side, people in found.participants.items():
        print_line(f"{side}: {'、'.join(people)}")
    for ring in found.rings:
        print_line(f"{ring.ring}  {'已会签 settled' if ring.settled else '未办结 open'}")
        for one in ring.opinions:
            print_line(f"  {one.side} {one.author}: {one.finding} {one.lead} {one.text}")
        print_line(
            f"  分歧 disputes: {'、'.join(sorted(ring.disputes))}  会签 signed: {'、'.join(ring.signatures)}"
        )
    for task in found.tasks:
        print_line(f"{task.id}  {task.side} {task.due} {task.what} → {task.result or '…'}")


@app.command("join")
def join(ctx: typer.Context, review: Review, workspace: WorkspaceOption = None) -> None:
    """Take part in a review for our side.

    Example: huancha room join jr_x7…
    """
    from casework import rooms
    from huancha.bureaux import seat_in

    with writing(workspace_path(ctx, workspace)) as tx:
        rooms.enter_room(tx, acting(), seat_in(tx, review), now())
    say(f"{review}: 已参加 you take part")


@app.command("leave")
def leave(ctx: typer.Context, review: Review, workspace: WorkspaceOption = None) -> None:
    """Take part no more.

    Example: huancha room leave jr_x7…
    """
    from casework import rooms
    from huancha.bureaux import seat_in

    with writing(workspace_path(ctx, workspace)) as tx:
        rooms.leave_room(tx, acting(), seat_in(tx, review), now())
    say(f"{review}: 已退出 you left")


@app.command("opinion")
def opinion(
    ctx: typer.Context,
    review: Review,
    ring: Ring,
    finding: Annotated[str, typer.Option(metavar="WORD", help="confirmed, refuted or more.")],
    text: Text,
    lead: Annotated[str, typer.Option(metavar="CODE", help="Which side should handle it.")] = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Say what our side holds of a ring; people by their blind ids only.

    Example: huancha room opinion jr_x7… jg_q2… --finding confirmed --text "…"
    """
    from casework import rooms
    from huancha.bureaux import seat_in

    if finding not in set(rooms.Finding):
        raise typer.BadParameter(f"{finding} is none of {', '.join(rooms.Finding)}.")
    held = rooms.Finding(finding)
    with writing(workspace_path(ctx, workspace)) as tx:
        rooms.give_opinion(tx, acting(), seat_in(tx, review), ring, held, lead, text, now())
    say(f"{ring}: 意见已记录 the opinion is kept")


@app.command("sign")
def sign(
    ctx: typer.Context, review: Review, ring: Ring, why: Text, workspace: WorkspaceOption = None
) -> None:
    """Sign a ring off for our side; not by who wrote an opinion on it, and void with a later opinion.

    Example: huancha room sign jr_x7… jg_q2… --why "同意"
    """
    from casework import rooms
    from huancha.bureaux import seat_in

    with writing(workspace_path(ctx, workspace)) as tx:
        seat = seat_in(tx, review)
        rooms.sign_off(tx, acting(), seat, ring, why, now())
        settled = rooms.room_of(tx, seat).ring(ring).settled
    say(f"{ring}: 已会签 signed{'，各方会签完成 by all sides' if settled else ''}")


@app.command("task")
def task(
    ctx: typer.Context, review: Review, side: SideOption, what: Text, due: Day,
    ring: Annotated[str, typer.Option(metavar="RING", help="The ring it is about.")] = "",
    workspace: WorkspaceOption = None,
) -> None:  # fmt: skip
    """Ask a side to do something until a day.

    Example: huancha room task jr_x7… --side 120000 --what "…" --due 2026-03-09
    """
    from casework import rooms
    from huancha.bureaux import seat_in

    with writing(workspace_path(ctx, workspace)) as tx:
        seat = seat_in(tx, review)
        made = rooms.give_room_task(tx, acting(), seat, side, ring, what, due.date(), now())
    say(f"{made.id}: 任务已布置 the task is given")


@app.command("done")
def done(
    ctx: typer.Context,
    review: Review,
    task_id: Annotated[str, typer.Argument(metavar="TASK", help="The task's id, re_…")],
    result: Text,
    workspace: WorkspaceOption = None,
) -> None:
    """Say what came of a task of our side.

    Example: huancha room done jr_x7… re_1f… --result "…"
    """
    from casework import rooms
    from huancha.bureaux import seat_in

    with writing(workspace_path(ctx, workspace)) as tx:
        rooms.end_room_task(tx, acting(), seat_in(tx, review), task_id, result, now())
    say(f"{task_id}: 已完成 done")


@app.command("escalate")
def escalate(
    ctx: typer.Context, review: Review, ring: Ring, text: Text, workspace: WorkspaceOption = None
) -> None:
    """Take what the sides dispute to their common superior (条例 第二十六条).

    Example: huancha room escalate jr_x7… jg_q2… --text "管辖不一致"
    """
    from casework import rooms
    from casework.assistance import read_directory
    from huancha.bureaux import seat_in

    path = workspace_path(ctx, workspace)
    directory = read_directory(now().date(), path)
    with writing(path) as tx:
        made = rooms.escalate(tx, acting(), seat_in(tx, review), directory, ring, text, now())
    say(f"{ring}: 已报 taken to {directory[made.content['superior']].zh}")


@app.command("ruling")
def ruling(
    ctx: typer.Context, review: Review, ring: Ring, document: Text,
    lead: Annotated[str, typer.Option(metavar="CODE", help="The side that handles it.")],
    text: Text, workspace: WorkspaceOption = None,
) -> None:  # fmt: skip
    """Enter what the common superior decided by a document: which side handles the ring.

    Example: huancha room ruling jr_x7… jg_q2… --document "…" --lead 110000 --text "…"
    """
    from casework import rooms
    from huancha.bureaux import seat_in

    with writing(workspace_path(ctx, workspace)) as tx:
        seat = seat_in(tx, review)
        rooms.enter_ruling(tx, acting(), seat, ring, document, lead, text, now())
    say(f"{ring}: 指定管辖已录入 the ruling is entered")


@app.command("meeting")
def meeting(
    ctx: typer.Context, review: Review, held: Day, place: Text, text: Text,
    workspace: WorkspaceOption = None,
) -> None:  # fmt: skip
    """Note that a joint meeting (联席会议) was held and what it came to.

    Example: huancha room meeting jr_x7… --held 2026-03-02 --place "…" --text "…"
    """
    from casework import rooms
    from huancha.bureaux import seat_in

    with writing(workspace_path(ctx, workspace)) as tx:
        rooms.hold_meeting(tx, acting(), seat_in(tx, review), held.date(), place, text, now())
    say(f"{review}: 会议已记录 the meeting is kept")


@app.command("paper")
def paper(
    ctx: typer.Context,
    review: Review,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="minutes or agenda.")],
    number: Text,
    held: Day,
    place: Text,
    out: Out,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the minutes (会议纪要) or the agenda (会议议程) of a room as a Word file.

    Example: huancha room paper jr_x7… minutes --number "…" --held 2026-03-02 --place "…" --out m.docx
    """
    from casework import assistance, rooms
    from casework.rooms import papers
    from huancha.bureaux import seat_in

    if kind not in set(papers.Paper):
        raise typer.BadParameter(f"{kind} is none of {', '.join(papers.Paper)}.")
    path = workspace_path(ctx, workspace)
    heading = papers.Heading(number, held.date(), place)
    directory = assistance.read_directory(now().date(), path)
    with writing(path) as tx:
        found, asked = rooms.room_of(tx, seat_in(tx, review)), assistance.requests(tx)
        content = papers.write(
            tx, acting(), papers.Paper(kind), found, heading, directory, asked, path, now()
        )
    out.write_bytes(content)
    say(f"{out}: 已写出 written")


@app.command("templates")
def templates(ctx: typer.Context, workspace: WorkspaceOption = None) -> None:
    """Write our templates into the workspace's `templates/room/`, to be edited in Word; what is there stays.

    Example: huancha room templates
    """
    from casework.rooms.papers import lay_out

    acting()
    for file in lay_out(workspace_path(ctx, workspace)):
        say(f"已写出 written: {file}")


@app.command("exchange")
def exchange(ctx: typer.Context, review: Review, workspace: WorkspaceOption = None) -> None:
    """Take in what came with parcels, and put in the post what the others were not told yet.

    Example: huancha room exchange jr_x7…
    """
    from huancha import bureaux

    path = workspace_path(ctx, workspace)
    with writing(path) as tx:
        found = bureaux.exchange(tx, path, acting(), review, now())
    news = ", ".join(f"{kind} {new}" for kind, new in found.new.items())
    say(f"{review}: 新收 new: {news}; 待寄 parcels to send: {found.sent}")


def _room(path: Path, review: str) -> "Room":
    from casework import rooms
    from huancha.bureaux import seat_in

    acting()
    with open_workspace(path).casework() as store, store.read() as tx:
        return rooms.room_of(tx, seat_in(tx, review))


def _facts(one: "RingRoom") -> dict[str, object]:
    return vars(one) | {
        "opinions": [vars(said) for said in one.opinions],
        "rulings": [vars(said) | {"covers": sorted(said.covers)} for said in one.rulings],
        "signatures": {
            side: vars(signed) | {"covers": sorted(signed.covers)}
            for side, signed in one.signatures.items()
        },
        "disputes": sorted(one.disputes),
    }


listing(app, list_)
