"""The places of a snapshot that an office may draw from."""

from casework.draws.rules import Place
from casework.people import prefix_of
from graph.snapshot import Snapshot


def places_of(snapshot: Snapshot, area: str) -> tuple[Place, ...]:
    """The facilities and pharmacies the master tables know in `area`, grouped by kind and level, by id."""
    with snapshot.connect() as con:
        found = con.execute(
            "SELECT id, concat_ws(' ', kind, level) FROM places"
            " WHERE known AND starts_with(admdvs, ?) ORDER BY id",
            [prefix_of(area)],
        ).fetchall()
    return tuple(Place(*row) for row in found)
