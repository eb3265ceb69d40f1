"""The receiver as a server, over TLS where it listens on more than loopback."""

import socket
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import uvicorn

from casework.receiver.app import Settings, app
from casework.receiver.errors import NoAddress
from casework.receiver.ledger import Ledger

GRACE = 10
"""Seconds that requests may take to end when the server is asked to."""


def serve(
    settings: Settings,
    ledger: Ledger,
    address: str,
    port: int,
    certificate: Path | None,
    ready: Callable[[str], None],
) -> None:
    """Serve until SIGINT or SIGTERM; `ready` hears the address once requests are taken. Port 0: any free one.

    `certificate` is a PEM file of the certificate, those above it, and the private key. Raises `NoAddress` without
    one on more than loopback, or where the port is taken.
    """
    if certificate is None and not ip_address(address).is_loopback:
        why = "orders travel over TLS; name HUANCHA_RECEIVER_CERTIFICATE, or 127.0.0.1"
        raise NoAddress(address, why)
    config = uvicorn.Config(
        app(settings, ledger), log_config=None, access_log=False, server_header=False,
        ssl_certfile=certificate, timeout_graceful_shutdown=GRACE,
    )  # fmt: skip
    config.load()
    host = f"[{address}]" if ":" in address else address
    try:
        listening = socket.create_server(
            (address, port), family=socket.AF_INET6 if ":" in address else socket.AF_INET
        )
    except OSError as refused:
        raise NoAddress(f"{host}:{port}", str(refused.strerror)) from None
    with listening:
        ready(f"{'https' if certificate else 'http'}://{host}:{listening.getsockname()[1]}")
        uvicorn.Server(config).run(sockets=[listening])
