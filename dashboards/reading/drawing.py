"""Draws as the page shows them, and what a pool is laid down from. Readers of draws raise `CaseworkError`."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from casework.audit import Page
from casework.draws import Draw, draw, draws, places_of
from casework.draws.errors import NoDraw
from casework.people import Actor, inside
from dashboards.reading.caseload import history
from dashboards.reading.numbers import number_of
from graph.snapshot import Snapshot
from huancha.workspace import open_workspace


@dataclass(frozen=True)
class DrawFile:
    """One draw, and what the audit told of it last."""

    draw: Draw
    told: Page


def draws_seen(workspace: Path, who: Actor) -> tuple[Draw, ...]:
    """Those in the person's regions, the newest first."""
    with open_workspace(workspace).casework() as store, store.read() as tx:
        return tuple(one for one in draws(tx) if inside(who.regions, one.area))


def draw_file(workspace: Path, who: Actor, id_: str) -> DrawFile | None:
    """One draw by its id (`draw_3`); None where there is none the person may see."""
    no = number_of(id_, "draw_")
    if no is None:
        return None
    with open_workspace(workspace).casework() as store:
        with store.read() as tx:
            try:
                found = draw(tx, no)
            except NoDraw:
                return None
        told = history(store, found.id)
    return DrawFile(found, told) if inside(who.regions, found.area) else None


def group_sizes(snapshot: Snapshot, area: str) -> dict[str, int]:
    """How many places each group of `area` has, by the group."""
    return dict(sorted(Counter(place.group for place in places_of(snapshot, area)).items()))


def ids_of_codes(snapshot: Snapshot, codes: Iterable[str]) -> dict[str, str]:
    """The id of each place by its code of the platform; unknown codes are left out."""
    with snapshot.connect() as con:
        found = con.execute(
            "SELECT code, id FROM places WHERE code IN (SELECT unnest(?::VARCHAR[]))", [list(codes)]
        ).fetchall()
    return dict(found)
