"""Ask a server one question over raw Bolt 4.4, so that readiness is known without the driver.

A port that listens proves little: Neo4j opens it before its databases are up. This logs in and has
`RETURN 1` answered. Source: Neo4j's Bolt protocol and PackStream specifications.
"""

import socket

HELLO, RUN, PULL = 0x01, 0x10, 0x3F
SUCCESS = 0x70
MAGIC = bytes.fromhex("6060b017")
VERSIONS = bytes.fromhex("00000404" + "00000000" * 3)
HEADER = 2


def ask(port: int, user: str, password: str, seconds: float = 5.0) -> str:
    """Log in at 127.0.0.1 and ask for 1. Empty if it was answered, else why not, in short."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=seconds) as wire:
            wire.sendall(MAGIC + VERSIONS)
            if _exactly(wire, 4) != VERSIONS[:4]:
                return "it does not speak Bolt 4.4"
            login = {"scheme": "basic", "principal": user, "credentials": password}
            _send(wire, HELLO, {"user_agent": "huancha/1", **login})
            said = _reply(wire)
            if said[1] == SUCCESS:
                _send(wire, RUN, "RETURN 1", {}, {})
                said = _reply(wire)
            if said[1] == SUCCESS:
                _send(wire, PULL, {"n": -1})
                _reply(wire)
                said = _reply(wire)
            return "" if said[1] == SUCCESS else said[2:].decode("utf-8", "replace")
    except OSError as wrong:
        return f"{type(wrong).__name__}: {wrong}"


def _send(wire: socket.socket, kind: int, *fields: object) -> None:
    body = bytes([0xB0 | len(fields), kind]) + b"".join(map(_packed, fields))
    wire.sendall(len(body).to_bytes(HEADER, "big") + body + bytes(HEADER))


def _reply(wire: socket.socket) -> bytes:
    """One message, joined from its chunks; empty chunks before it keep a connection alive."""
    whole = b""
    while True:
        size = int.from_bytes(_exactly(wire, HEADER), "big")
        if size == 0 and whole:
            return whole
        whole += _exactly(wire, size)


def _exactly(wire: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size:
        more = wire.recv(size - len(got))
        if not more:
            raise ConnectionError("the server hung up")
        got += more
    return got


def _packed(value: object) -> bytes:
    """PackStream of what is sent here: short texts, small whole numbers, small maps."""
    if isinstance(value, str):
        text = value.encode()
        return (bytes([0xD0, len(text)]) if len(text) > 15 else bytes([0x80 | len(text)])) + text
    if isinstance(value, int):
        return value.to_bytes(1, "big", signed=True)
    assert isinstance(value, dict)
    pairs = (_packed(name) + _packed(inner) for name, inner in value.items())
    return bytes([0xA0 | len(value)]) + b"".join(pairs)
