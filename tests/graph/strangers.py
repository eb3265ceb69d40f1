"""What may answer at a server's address in its place."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

Talk = Callable[[socket.socket], None]


@contextmanager
def listening(talk: Talk) -> Iterator[str]:
    """The address of something that holds `talk` with whoever comes, each in a thread of its own."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def greet(guest: socket.socket) -> None:
            with guest, suppress(OSError):
                talk(guest)

        def wait() -> None:
            with suppress(OSError):
                while True:
                    Thread(target=greet, args=(door.accept()[0],), daemon=True).start()

        Thread(target=wait, daemon=True).start()
        yield f"bolt://127.0.0.1:{door.getsockname()[1]}"
        door.shutdown(socket.SHUT_RDWR)


def saying(answer: bytes) -> Talk:
    """Hear one thing, answer it, hang up."""

    def talk(guest: socket.socket) -> None:
        guest.recv(1024)
        guest.sendall(answer)

    return talk


def altered(port: int, old: bytes, new: bytes) -> Talk:
    """The server on `port`, its every `old` turned into `new` of the same length."""
    assert len(old) == len(new)

    def carry(source: socket.socket, target: socket.socket, old: bytes, new: bytes) -> None:
        with suppress(OSError):
            while heard := source.recv(65_536):
                target.sendall(heard.replace(old, new))
            target.shutdown(socket.SHUT_WR)

    def talk(guest: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", port)) as server:
            back = Thread(target=carry, args=(server, guest, old, new), daemon=True)
            back.start()
            carry(guest, server, b"", b"")
            back.join()

    return talk
