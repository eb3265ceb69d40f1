"""Orders of areas without a line: batch files in `out` of a folder, acknowledgement files taken from its `in`."""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from casework import audit
from casework.orders.batch import Returned, read_acknowledgements, write_orders
from casework.orders.channels import Channels, Folder
from casework.orders.errors import BadBatch
from casework.orders.ledger import (
    Event,
    Issued,
    News,
    State,
    answered,
    append,
    orders_in,
    settle,
)
from casework.people import Actor
from casework.store import Store, Tx

OUT, IN, SUFFIX = "out", "in", ".jsonl"
TAKEN, REFUSED = ".taken", ".refused"


def hand_out(
    tx: Tx, actor: Actor, orders: Sequence[tuple[Issued, Folder]], now: datetime, again: datetime
) -> None:
    """Write one batch file per folder, then that its orders were sent; they are due again at `again`.

    A file whose transaction fails stays: its orders go out once more, and places know them by their ids.
    """
    by_folder: dict[Path, list[tuple[Issued, Folder]]] = {}
    for issued, folder in orders:
        by_folder.setdefault(folder.path, []).append((issued, folder))
    for path, batch in by_folder.items():
        folder = batch[0][1]
        content = write_orders(folder.area, [issued.order for issued, _ in batch], folder.key, now)
        name = f"{now:%Y%m%dT%H%M%S%f}{SUFFIX}"
        _write(path / OUT / name, content)
        for issued, _ in batch:
            append(tx, actor, issued, News(Event.SENT, f"in the batch {name}", due=again), now)


def collect(store: Store, actor: Actor, channels: Channels, now: datetime) -> None:
    """Take every acknowledgement file that came; one that is not whole and signed is put aside, and that is audited."""
    for folder in channels.folders:
        for file in sorted((folder.path / IN).glob(f"*{SUFFIX}")):
            content = file.read_bytes()
            with store.write() as tx:
                known = {
                    one.order.order: one
                    for one in orders_in(tx, State.SENT, State.ACKNOWLEDGED, State.REJECTED)
                    if channels.of(one.order.place_code, one.area) == folder
                }
                keys = {folder.key.id: folder.key}
                try:
                    returned = read_acknowledgements(content, known, keys)
                except BadBatch as bad:
                    audit.append(tx, actor, "batch.refuse", file.name, str(bad), now)
                    ending = REFUSED
                else:
                    _take(tx, actor, file.name, returned, known, now)
                    ending = TAKEN
            file.replace(file.with_name(file.name + ending))


def _take(
    tx: Tx, actor: Actor, name: str, returned: Returned, known: dict[str, Issued], now: datetime
) -> None:
    for said in returned.acknowledgements:
        if known[said.order].state is State.SENT:
            settle(tx, actor, known[said.order], answered(said), now)
    facts = {
        "batch": returned.batch,
        "taken": len(returned.acknowledgements),
        "faults": [vars(fault) for fault in returned.faults],
    }
    audit.append(tx, actor, "batch.take", name, "acknowledgements came", now, facts=facts)


def _write(file: Path, content: bytes) -> None:
    """On disk under its name whole, or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".half")
    with half.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    half.replace(file)
