"""A receiver that is killed outright after an order is on disk and before its answer leaves: `python -m … FOLDER`."""

import os
import signal
import sys
from pathlib import Path

from casework.beijing import beijing_now
from casework.orders.keys import Keyring
from casework.orders.signing import Algorithm, Key
from casework.receiver import serving
from casework.receiver.app import Settings, app
from casework.receiver.ledger import Ledger

KEY = Key("k", Algorithm.HMAC_SHA256, b"0123456789abcdef0123456789abcdef")
PLACE = "H11010100001"
DIE = "die"
"""A file of this name in the folder makes it die, once."""


def dying(folder: Path):
    """What takes the place of the receiver's app: the same, until an answer is about to be sent."""

    def made(settings, ledger):
        whole = app(settings, ledger)

        async def deadly(scope, receive, send):
            async def sending(message):
                if message["type"] == "http.response.start" and (folder / DIE).exists():
                    (folder / DIE).unlink()
                    os.kill(os.getpid(), signal.SIGKILL)
                await send(message)

            await whole(scope, receive, sending)

        return deadly

    return made


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    serving.app = dying(folder)
    settings = Settings(frozenset({PLACE}), Keyring({KEY.id: KEY}), beijing_now)
    ledger = Ledger(folder / "receiver.db")
    serving.serve(settings, ledger, "127.0.0.1", 0, None, lambda url: print(url, flush=True))
