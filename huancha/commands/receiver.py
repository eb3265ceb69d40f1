"""`huancha receiver`: the place's side of orders, for facilities, pharmacies and an area's platform."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huancha.commands.options import JsonOption, WorkspaceOption, listing, workspace_path
from huancha.commands.output import print_json, print_line, say
from huancha.settings import Settings, read_settings

if TYPE_CHECKING:
    from casework.orders.keys import Keyring
    from casework.receiver.ledger import Ledger

app = typer.Typer(
    help="""The place's side of orders: take, acknowledge, and say who may be paid.

    Without a command it shows what came.

    Example: huancha receiver serve --workspace hospital --port 8443""",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)

DATABASE = "receiver.db"
KEYS = "receiver-keys.toml"
DEFAULT_PORT = 8443
DAY = ["%Y-%m-%d"]
SAID = {
    "active": "正常", "suspended": "暂停", "terminated": "终止",
    "suspend": "暂停", "terminate": "终止", "reinstate": "恢复",
    "acknowledged": "已接收", "rejected": "已拒绝",
}  # fmt: skip


@app.command("serve")
def serve(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65_535, metavar="N", help="0: any free port.")
    ] = DEFAULT_PORT,
    address: Annotated[
        str,
        typer.Option(metavar="IP", help="Listen here; other than 127.0.0.1 needs a certificate."),
    ] = "127.0.0.1",
) -> None:
    """Take orders over HTTPS for the places of HUANCHA_RECEIVER_PLACES. Ctrl+C ends it.

    Keys: receiver-keys.toml of the workspace, or HUANCHA_RECEIVER_KEYS. TLS: HUANCHA_RECEIVER_CERTIFICATE.

    Example: huancha receiver serve --workspace hospital --port 8443
    """
    from casework.beijing import beijing_now
    from casework.receiver.app import Settings as Receiver
    from casework.receiver.serving import serve as run

    def ready(where: str) -> None:
        print_line(f"环查接收端 huancha receiver: {where}")
        sys.stdout.flush()
        say("Ctrl+C 停止 to stop")

    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    path, settings = workspace_path(ctx, workspace), read_settings()
    taking = Receiver(
        settings.places(), _keyring(path, settings), beijing_now, settings.receiver_window
    )
    with _ledger(path) as ledger, suppress(KeyboardInterrupt):
        run(taking, ledger, address, port, settings.receiver_certificate, ready)
    say("已停止 stopped")


@app.command("batch")
def batch(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The signed batch of orders.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The acknowledgement file.", show_default="FILE.ack"),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Take a batch file of orders, whole or not at all, and write the file that acknowledges it.

    Example: huancha receiver batch orders.jsonl --workspace hospital
    """
    from casework.beijing import beijing_now
    from casework.receiver.batches import take_batch

    path, settings = workspace_path(ctx, workspace), read_settings()
    keyring, places, content = _keyring(path, settings), settings.places(), file.read_bytes()
    with _ledger(path) as ledger:
        answer = take_batch(content, ledger, keyring, places, beijing_now())
    target = out or file.with_name(f"{file.name}.ack")
    written = target.with_name(f"{target.name}.part")
    written.write_bytes(answer)
    written.replace(target)
    say(f"回执文件 acknowledgements: {target}")


@app.command("show")
def show(
    ctx: typer.Context,
    practitioner: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="A practitioner's code here.")
    ] = None,
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=DAY, metavar="YYYY-MM-DD", help="On this day, not today."),
    ] = None,
    place: Annotated[
        str | None, typer.Option(metavar="CODE", help="The place, where there are several.")
    ] = None,
    workspace: WorkspaceOption = None,
    json_: JsonOption = False,
) -> None:
    """What orders came and what was said; of one practitioner: whether work may be settled on a day.

    Example: huancha receiver show D110101000001 --on 2026-04-01
    """
    from casework.beijing import beijing_now
    from casework.receiver.qualification import qualification

    path = workspace_path(ctx, workspace)
    if practitioner is None:
        _show_all(path, json_=json_)
        return
    where = (place,) if place else tuple(sorted(read_settings().places()))
    day = (on or beijing_now()).date()
    with _ledger(path) as ledger:
        found = [
            qualification(code, practitioner, ledger.about(code, practitioner), day)
            for code in where
        ]
    if json_:
        print_json([vars(one) for one in found])
        return
    for one in found:
        print_line(f"机构 place {one.place_code}: {SAID[one.state]} {one.state}")
        if one.since:
            print_line(f"  自 since {one.since} 至 until {one.until or '—'}")
            print_line(f"  指令 order {one.order}")
            print_line(f"  依据 law {one.law}")


def _show_all(workspace: Path, *, json_: bool) -> None:
    with _ledger(workspace) as ledger:
        came = ledger.all()
    if json_:
        print_json([vars(one.order) | vars(one.acknowledgement) for one in came])
        return
    print_line(
        "回执 receipt  收到 received  机构 place  医师 practitioner  指令 order  答复 answer"
    )
    for one in came:
        order, said = one.order, one.acknowledgement
        days = f"{order.begins} – {order.ends or '—'}"
        print_line(
            f"{said.receipt}  {said.received:%Y-%m-%d %H:%M}  {order.place_code}  "
            f"{order.practitioner_code}  {SAID[order.kind]} {order.kind} {days} ({order.order})  "
            f"{SAID[said.status]} {said.status}"
        )


@contextmanager
def _ledger(workspace: Path) -> Iterator["Ledger"]:
    from casework.receiver.ledger import Ledger

    ledger = Ledger(workspace / DATABASE)
    try:
        yield ledger
    finally:
        ledger.close()


def _keyring(workspace: Path, settings: Settings) -> "Keyring":
    from casework.orders.keys import read_keys

    return read_keys(settings.receiver_keys or workspace / KEYS)


listing(app, show)
