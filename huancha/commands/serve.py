"""`huancha serve`: the dashboard on loopback, for as long as this command runs."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import typer

from huancha.commands.options import WorkspaceOption, workspace_path
from huancha.commands.output import print_line, say
from huancha.commands.signing_in import check_sign_in
from huancha.errors import NoDashboard, PortTaken
from huancha.jobs.parentage import ending_with_us
from huancha.settings import SignIn, read_settings
from huancha.workspace import open_workspace

HOST = "127.0.0.1"
ANY = {"0.0.0.0": HOST, "::": "::1"}  # noqa: S104 what they are reached by from here
DEFAULT_PORT = 8501
PATIENCE = 90.0
"""Seconds the server may take to answer for the first time."""
GRACE = 10.0
"""Seconds it may take to end."""
LOOK = 0.5
"""Seconds between two looks at the worker."""
AGAIN = 5.0
"""Seconds after its start before a worker that ended is started again."""
NICE = 10
"""The worker's: screens come first on a busy machine, also while it starts."""
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

PortOption = Annotated[
    int, typer.Option("--port", min=1, max=65_535, metavar="N", help="The port on 127.0.0.1.")
]


class _Ended(Exception):
    """We were asked to end."""


def serve(
    ctx: typer.Context,
    workspace: WorkspaceOption = None,
    port: PortOption = DEFAULT_PORT,
    address: Annotated[
        str, typer.Option(metavar="IP", help="Listen here; the demo's sign-in needs 127.0.0.1.")
    ] = HOST,
    sign_in: Annotated[
        SignIn | None,
        typer.Option(help="How people sign in; also HUANCHA_SIGN_IN.", show_default="demo"),
    ] = None,
) -> None:
    """Show the workspace in a browser, on this machine unless another address is named. Ctrl+C ends it.

    Example: huancha serve --workspace office --port 8501
    """
    path = workspace_path(ctx, workspace)
    if open_workspace(path).snapshot() is None:
        say(f"{path}: 尚未加载数据 nothing is loaded yet")
    run_dashboard(path, port, address=_parsed(address), sign_in=sign_in)


def _parsed(address: str) -> str:
    try:
        return str(ip_address(address))
    except ValueError:
        raise typer.BadParameter("name an IP address", param_hint="--address") from None


def refuse_taken(port: int, address: str = HOST) -> None:
    """Raise `PortTaken` when another program listens on `port` of `address`."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except PermissionError:
            raise
        except OSError:
            raise PortTaken(port) from None


def run_dashboard(
    workspace: Path,
    port: int,
    roots: Sequence[Path] = (),
    *,
    address: str = HOST,
    sign_in: SignIn | None = None,
) -> None:
    """Serve `workspace` on `address`:`port` until Ctrl+C, SIGTERM or SIGHUP; no process is left behind.

    A worker does what is asked for on the screen; exports may be loaded from `roots` and from those of the settings.

    People sign in as `sign_in` says, or as the settings do.

    Prints the address once it answers. Raises `PortTaken`, `NoSignIn`, or `NoDashboard` when the server ends by itself.
    """
    settings = read_settings()
    settings.sign_in = sign_in or settings.sign_in
    check_sign_in(settings, address)
    refuse_taken(port, address)
    if settings.sign_in is SignIn.DEMO:
        say("演示登录：本机上的人可任选角色 demo sign-in: whoever uses this machine picks a role")
    roots = (*roots, *settings.roots())
    home = f"[{address}]" if ":" in address else address
    server: subprocess.Popen[bytes] | None = None
    with _ended_by(signal.SIGTERM, signal.SIGHUP):
        try:
            with _deaf():
                server = _start(workspace, roots, port, address, settings.sign_in)
            _await_answer(server, port, ANY.get(address, address))
            print_line(f"环查 huancha: http://{home}:{port}")
            sys.stdout.flush()
            say("Ctrl+C 停止 to stop")
            code = _with_worker(workspace, roots, server)
            raise NoDashboard(port, f"its server ended with {code}")
        except (KeyboardInterrupt, _Ended):
            say("已停止 stopped")
        finally:
            if server is not None:
                _end(server)


def _with_worker(workspace: Path, roots: Sequence[Path], server: "subprocess.Popen[bytes]") -> int:
    """Wait for the server's end, a worker beside it; its exit code. A worker that ended is started again."""
    worker, began = None, 0.0
    try:
        while True:
            ended = worker is None or worker.poll() is not None
            if ended and time.monotonic() - began > AGAIN:
                began = time.monotonic()
                with _deaf():
                    worker = _start_worker(workspace, roots)
            with suppress(subprocess.TimeoutExpired):
                return server.wait(LOOK)
    finally:
        if worker is not None:
            _end(worker)


@contextmanager
def _deaf() -> Iterator[None]:
    """Hear of signals after the body only: one that came while a child is started would leave the child behind, known to nobody."""
    if sys.platform != "linux":
        yield
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def _start_worker(workspace: Path, roots: Sequence[Path]) -> "subprocess.Popen[bytes]":
    command = ["-m", "huancha.cli", "work", "--workspace", str(workspace.resolve())]
    return _child([sys.executable, *command], workspace, roots, NICE)


def _start(
    workspace: Path, roots: Sequence[Path], port: int, address: str, sign_in: SignIn
) -> "subprocess.Popen[bytes]":
    found = find_spec("dashboards")
    assert found is not None
    assert found.origin is not None
    folder = Path(found.origin).parent
    command = [
        sys.executable, "-m", "dashboards.started", "run", str(folder / "app.py"),
        f"--server.address={address}", f"--server.port={port}", "--server.headless=true",
        "--browser.gatherUsageStats=false", "--client.toolbarMode=minimal",
        "--client.showErrorDetails=none", "--server.fileWatcherType=none", "--runner.postScriptGC=false",
    ]  # fmt: skip
    # without this the server takes a caller's X-Forwarded-For for where the call comes from
    settings = {"FORWARDED_ALLOW_IPS": "", "HUANCHA_SIGN_IN": str(sign_in)}
    return _child(command, workspace, roots, 0, **settings)


def _child(
    command: Sequence[str],
    workspace: Path,
    roots: Sequence[Path],
    behind: int,
    **settings: str,
) -> "subprocess.Popen[bytes]":
    found = find_spec("huancha")
    assert found is not None
    assert found.origin is not None
    environment = (
        os.environ
        | settings
        | {
            "HUANCHA_WORKSPACE": str(workspace.resolve()),
            "HUANCHA_LOAD_ROOTS": os.pathsep.join(str(root.resolve()) for root in roots),
        }
    )
    return subprocess.Popen(  # noqa: S603
        command,
        cwd=Path(found.origin).parents[1],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        preexec_fn=_beginning(behind) if sys.platform == "linux" else None,
    )


def _beginning(behind: int) -> Callable[[], None]:
    """What a child does first: hear what we were deaf to, end with us, stand `behind` the screens."""
    end_with_us = ending_with_us(signal.SIGTERM)

    def begin() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        end_with_us()
        os.nice(behind)

    return begin


def _await_answer(server: "subprocess.Popen[bytes]", port: int, host: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        code = server.poll()
        if code is not None:
            raise NoDashboard(port, f"its server ended with {code}")
        if _answers(host, port):
            return
        time.sleep(0.1)
    raise NoDashboard(port, f"no answer within {PATIENCE:.0f} s")


def _answers(host: str, port: int) -> bool:
    asked = HTTPConnection(host, port, timeout=5)
    try:
        asked.request("GET", "/_stcore/health")
        return asked.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        asked.close()


def _end(server: "subprocess.Popen[bytes]") -> None:
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(again, signal.SIG_IGN)
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(GRACE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def _ended_by(*signals: signal.Signals) -> Iterator[None]:
    """Turn `signals` into `_Ended`; everything is as before afterwards."""

    def end(number: int, frame: object) -> None:
        raise _Ended

    before = {one: signal.getsignal(one) for one in (*signals, signal.SIGINT)}
    for one in signals:
        signal.signal(one, end)
    try:
        yield
    finally:
        for one, what in before.items():
            signal.signal(one, what)
