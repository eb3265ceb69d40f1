"""The visits of one ring, read once into the table `mine` and summed from there."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from dashboards.reading.ground import Month, without_gaps
from dashboards.reading.ring_parts import Place, PlaceUse, Use, Visit
from graph.duck import Connection
from graph.model import NodeKind, Shown
from graph.results import MemberRow
from graph.snapshot import Snapshot

MOST_VISITS = 4000
MOST_SNAPSHOTS = 4


def gather(con: Connection, ring: str, own: Iterable[int]) -> None:
    """The ring's visits that count as table `mine`, from the view of `lay_bills`."""
    con.execute(
        "CREATE TEMP TABLE mine AS SELECT setl_id, patient, place, practitioner, moment, fund, named,"
        " coalesce(place IN (SELECT unnest($own::INTEGER[])), false) AS in_ring FROM bills"
        " WHERE counts AND ring = $ring",
        {"own": sorted(own), "ring": ring},
    )


def uses(con: Connection) -> dict[int, Use]:
    """What was done at each place, the ring's own first, then by money."""
    rows = con.execute(
        "SELECT place, count(*), count(DISTINCT patient), sum(fund) FROM mine"
        " WHERE place IS NOT NULL GROUP BY place ORDER BY any_value(in_ring) DESC, 4 DESC, place"
    ).fetchall()
    return {
        key: Use(int(visits), int(people), int(fund or 0)) for key, visits, people, fund in rows
    }


@lru_cache(maxsize=MOST_SNAPSHOTS)
def place_funds(snapshot: Path) -> Mapping[int, int]:
    """What was paid at each place in all (fen), by its key; what is published never changes."""
    with Snapshot(snapshot).connect() as con:
        rows = con.execute(
            "SELECT place, sum(net_fund)::BIGINT FROM setl_d WHERE counts AND place IS NOT NULL"
            " GROUP BY place HAVING sum(net_fund) IS NOT NULL"
        ).fetchall()
    return dict(rows)


def with_places(
    used: dict[int, Use], places: dict[int, Place], own: set[int], whole: Mapping[int, int]
) -> tuple[PlaceUse, ...]:
    """`used` with the places' names and shares of the `whole`; places of the ring nobody used come last."""
    found = []
    for key in [*used, *sorted(own - set(used))]:
        use = used.get(key, Use(0, 0, 0))
        share = use.fund / whole[key] if whole.get(key) else None
        if key in places:
            found.append(PlaceUse(places[key], use, share, key in own))
    return tuple(found)


def work(con: Connection) -> dict[int, Use]:
    """What each practitioner did in the ring's visits."""
    rows = con.execute(
        "SELECT practitioner, count(*), count(DISTINCT patient), sum(fund) FROM mine"
        " WHERE practitioner IS NOT NULL GROUP BY practitioner"
    ).fetchall()
    return {
        key: Use(int(visits), int(people), int(fund or 0)) for key, visits, people, fund in rows
    }


def billed(con: Connection) -> dict[tuple[int, int], Use]:
    """What each practitioner billed at each place."""
    rows = con.execute(
        "SELECT practitioner, place, count(*), count(DISTINCT patient), sum(fund) FROM mine"
        " WHERE practitioner IS NOT NULL AND place IS NOT NULL GROUP BY practitioner, place"
    ).fetchall()
    return {(who, at): Use(int(v), int(n), int(f or 0)) for who, at, v, n, f in rows}


def months(con: Connection) -> tuple[Month, ...]:
    """Visits at the ring's places, or named by its evidence, by month."""
    rows: list[tuple[date, int, int]] = con.execute(
        "SELECT date_trunc('month', moment)::DATE AS month, count(*), sum(fund) FROM mine"
        " WHERE in_ring OR named GROUP BY month ORDER BY month"
    ).fetchall()
    found = (Month(month, int(visits), int(fund or 0)) for month, visits, fund in rows)
    return tuple(without_gaps(found))


def people(con: Connection, patients: dict[int, str], members: Sequence[MemberRow]) -> list[int]:
    """Who has a row on the timeline: the member patients, or those of the named visits."""
    mine = [m.key for m in members if m.kind == NodeKind.PATIENT]
    if mine:
        return mine
    rows = con.execute("SELECT patient FROM mine GROUP BY patient ORDER BY count(*) DESC, patient")
    return [key for (key,) in rows.fetchall() if key in patients]


def visits(con: Connection, people: list[int], patients: dict[int, str]) -> Shown[Visit]:
    """The visits of `people`, oldest first; when there are too many the named ones stay."""
    total = con.execute("SELECT count(*) FROM mine").fetchone()
    rows = con.execute(
        "SELECT setl_id, patient, p.name, moment, fund, named, in_ring FROM mine"
        " LEFT JOIN places p USING (place) WHERE patient IN (SELECT unnest(?::INTEGER[]))"
        " ORDER BY named DESC, in_ring DESC, moment, setl_id LIMIT ?",
        [people, MOST_VISITS],
    ).fetchall()
    visits = [
        Visit(id_, patients[who], place or "", at, int(fund or 0), named, inside)
        for id_, who, place, at, fund, named, inside in rows
    ]
    visits.sort(key=lambda visit: (visit.at, visit.setl_id))
    return Shown(tuple(visits), int(total[0]) if total else 0)
