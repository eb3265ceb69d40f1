"""A batch file at the place's side: taken whole or not at all."""

from collections.abc import Collection
from datetime import datetime

from casework.orders.batch import read_orders, write_acknowledgements
from casework.orders.keys import Keyring
from casework.orders.wire import to_bytes
from casework.receiver.ledger import Ledger


def take_batch(
    content: bytes, ledger: Ledger, keyring: Keyring, places: Collection[str], now: datetime
) -> bytes:
    """Keep every order of a batch file and return the acknowledgement file; the same file again, the same receipts.

    Raises `BadBatch`, `Contradiction`, `UnusableLedger`; nothing of the file is kept then.
    """
    batch = read_orders(content, keyring.keys)
    said = ledger.take([(one, to_bytes(one)) for one in batch.orders], places, now)
    return write_acknowledgements(batch, said, now)
