"""Parcels as files: what this office sent lies in a folder from which somebody carries it; what came is taken from one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from casework import audit
from casework.bundles import SealKeys
from casework.joint.errors import BadParcel, Fault
from casework.joint.parcels import Logged, files, receive
from casework.people import Actor
from casework.store import Store

SUFFIX = ".parcel"


@dataclass(frozen=True)
class Collected:
    """What was taken from a folder, and by file name what was refused and why; parcels taken before are neither."""

    taken: tuple[Logged, ...]
    refused: tuple[tuple[str, BadParcel], ...]


def put_out(store: Store, review_id: str, folder: Path) -> tuple[Path, ...]:
    """Write each parcel this office sent in a review to the folder of its recipient, `folder`/<区划 code>, unless it is there."""
    with store.read() as tx:
        held = files(tx, review_id)
    written = []
    for name, content in held.items():
        file = folder / name.partition("-")[0] / (review_id + "-" + name.partition("-")[2] + SUFFIX)
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            half = file.with_suffix(".half")
            half.write_bytes(content)
            half.replace(file)
            written.append(file)
    return tuple(written)


def collect(store: Store, keys: SealKeys, actor: Actor, folder: Path, now: datetime) -> Collected:
    """Take every parcel of `folder` that is for this office, in whatever order they lie; each refusal is audited."""
    taken: list[Logged] = []
    left = sorted(folder.glob(f"*{SUFFIX}"))
    while True:
        refused = []
        for file in left:
            try:
                with store.write() as tx:
                    taken.append(receive(tx, keys, actor, file.read_bytes(), now))
            except BadParcel as bad:
                refused.append((file, bad))
        waiting = [file for file, bad in refused if bad.fault is Fault.OUT_OF_ORDER]
        if not waiting or len(refused) == len(left):
            break
        left = [file for file, _ in refused]
    news = [(file.name, bad) for file, bad in refused if bad.fault is not Fault.REPLAYED]
    _note(store, actor, news, now)
    return Collected(tuple(taken), tuple(news))


def _note(
    store: Store, actor: Actor, refused: Sequence[tuple[str, BadParcel]], now: datetime
) -> None:
    if refused:
        with store.write() as tx:
            for name, bad in refused:
                facts = {"fault": bad.fault.name.lower()}
                audit.append(tx, actor, "joint.refuse", name, str(bad), now, facts=facts)
