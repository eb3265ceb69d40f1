"""`huancha push`: take approved orders to their places, and see how far each is."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from huancha.commands.acting import acting, now, writing
from huancha.commands.options import JsonOption, LimitOption, WorkspaceOption, workspace_path
from huancha.commands.output import complain, plain_table, print_json, print_shown, say, stdout
from huancha.workspace import open_workspace

if TYPE_CHECKING:
    from casework.orders.channels import Channels
    from casework.orders.ledger import Issued

app = typer.Typer(
    help="""Take approved orders to their places, as channels.toml of the workspace says.

    Without a command it sends what is due and ends; with --watch it goes on. Several may run at once.

    Example: huancha push --watch""",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)
SHOWN = 50
NO_CHANNEL = "没有通道 no channel"


@app.callback()
def push(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    watch: Annotated[
        bool, typer.Option("--watch/--once", help="Go on until Ctrl+C, or end when nothing is due.")
    ] = False,
) -> None:
    """Send what is due."""
    ctx.obj = workspace or ctx.obj
    if ctx.invoked_subcommand is None:
        run_pusher(workspace_path(ctx, None), once=not watch)


def run_pusher(path: Path, *, once: bool) -> None:
    """Send what is due until nothing is (`once`), or until somebody stops us."""
    from casework.orders import ledger
    from casework.orders.channels import read_channels
    from casework.orders.https import deliver
    from casework.orders.push import Pace, Pusher

    channels = read_channels(path)
    with open_workspace(path).casework() as store:
        seed = time.time_ns()
        Pusher(store, channels, Pace(), deliver, now, time.sleep, seed).push(once=once)
        with store.read() as tx:
            found = ledger.counts(tx)
    say(", ".join(f"{state} {many:,}" for state, many in found.items()))


def keep_pushing(path: Path) -> None:
    """Push beside other work, where the workspace has channels; whatever stops it is one sentence."""
    from casework.errors import CaseworkError
    from casework.orders.channels import FILE

    if (path / FILE).exists():
        try:
            run_pusher(path, once=False)
        except CaseworkError as stopped:
            complain(str(stopped))


@app.command("status")
def status(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    sanction: Annotated[
        int | None, typer.Option("--sanction", metavar="NUMBER", help="All orders of this one.")
    ] = None,
    limit: LimitOption = None,
    json_: JsonOption = False,
) -> None:
    """The orders that are not acknowledged, oldest first, and why.

    Example: huancha push status --sanction 3
    """
    from casework.orders import ledger
    from casework.orders.channels import read_channels

    acting()
    path = workspace_path(ctx, workspace)
    channels = read_channels(path)
    with open_workspace(path).casework() as store, store.read() as tx:
        left = [state for state in ledger.State if state is not ledger.State.ACKNOWLEDGED]
        found = ledger.orders_in(tx, *left) if sanction is None else ledger.orders_of(tx, sanction)
    shown = [_facts(one, channels) for one in found[: limit or SHOWN]]
    if json_:
        print_json(shown)
        return
    table = plain_table(
        order="指令", kind="种类", place="机构", state="状态", due="再送", reason="说明"
    )
    for one in shown:
        due = f"{one['due']:%m-%d %H:%M:%S}" if one["due"] else ""
        cells = (one["id"], one["kind"], one["place"], one["state"], due, one["reason"] or "")
        table.add_row(*(escape(str(cell)) for cell in cells))
    stdout.print(table)
    print_shown(len(shown), len(found))


@app.command("reopen")
def reopen(
    ctx: typer.Context,
    order: Annotated[str, typer.Argument(metavar="ORDER", help="An order's id, od_…")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason; it is kept.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Have a rejected order sent again, once what its place said is put right.

    Example: huancha push reopen od_3f… --why "the hospital corrected its code"
    """
    from casework.orders import ledger

    with writing(workspace_path(ctx, workspace)) as tx:
        found = ledger.reopen(tx, acting(), order, why, now())
    say(f"{found.id}: {found.state}")


def _facts(one: "Issued", channels: "Channels") -> dict[str, object]:
    waits = one.state == "pending" and channels.of(one.order.place_code, one.area) is None
    facts = {name: getattr(one, name) for name in ("id", "sanction", "practitioner", "place")}
    return facts | {
        "kind": one.order.kind, "begins": one.order.begins, "ends": one.order.ends,
        "state": one.state, "due": one.due, "receipt": one.receipt,
        "reason": NO_CHANNEL if waits else one.reason,
    }  # fmt: skip
