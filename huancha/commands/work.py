"""`huancha work`: the process that does what screens ask for."""

import signal
import threading
from typing import Annotated

import typer

from huancha.commands.options import WorkspaceOption, workspace_path
from huancha.commands.output import say
from huancha.commands.push import keep_pushing


class _Ended(Exception):
    """We were asked to end."""


def work(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    once: Annotated[bool, typer.Option("--once", help="End when no job waits.")] = False,
) -> None:
    """Do the scans and loads that were asked for on the screen, one by one. Ctrl+C ends it.

    `huancha serve` and `huancha demo` start one of their own; a second one stands by and takes over when the
    first ends. Beside them it takes approved orders to their places, where channels.toml says how.

    Example: huancha work --workspace office
    """
    path = workspace_path(ctx, workspace)
    from huancha.jobs.worker import Worker

    def end(number: int, frame: object) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise _Ended

    before = {one: signal.signal(one, end) for one in (signal.SIGTERM, signal.SIGHUP)}
    try:
        if not once:
            threading.Thread(target=keep_pushing, args=(path,), daemon=True).start()
        Worker(path, say).work(once=once)
    except (KeyboardInterrupt, _Ended):
        say("工作进程已停止 worker stopped")
    finally:
        for one, what in before.items():
            signal.signal(one, what)
