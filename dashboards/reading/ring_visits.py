"""The visits of one ring, read from the snapshot once into the table `mine` and summed from there."""

from collections.abc import Iterable, Sequence
from datetime import date

from dashboards.reading.ground import Month, without_gaps
from dashboards.reading.ring_parts import Place, PlaceUse, Use, Visit
from graph.duck import Connection
from graph.model import NodeKind, Shown
from graph.results import EvidenceRow, MemberRow

VISIT_ROW = "setl_d:"
MOST_VISITS = 4000


def gather(
    con: Connection,
    members: Sequence[MemberRow],
    evidence: Sequence[EvidenceRow],
    own: Iterable[int],
) -> None:
    """The ring's visits as table `mine`, read from the snapshot once."""
    rows = {row for entry in evidence for row in entry.rows if row.startswith(VISIT_ROW)}
    named = sorted(row.removeprefix(VISIT_ROW) for row in rows)
    patients = [m.key for m in members if m.kind == NodeKind.PATIENT]
    con.execute(
        "CREATE TEMP TABLE mine AS SELECT setl_id, patient, place, practitioner, setl_time AS moment,"
        " net_fund AS fund, setl_id IN (SELECT unnest($named::VARCHAR[])) AS named,"
        " coalesce(place IN (SELECT unnest($own::INTEGER[])), false) AS in_ring FROM setl_d"
        " WHERE counts AND (patient IN (SELECT unnest($patients::INTEGER[]))"
        " OR setl_id IN (SELECT unnest($named::VARCHAR[])))",
        {"named": named, "own": sorted(own), "patients": patients},
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


def with_places(
    con: Connection, used: dict[int, Use], places: dict[int, Place], own: set[int]
) -> tuple[PlaceUse, ...]:
    """`used` with the places' names and shares; places of the ring nobody used come last."""
    whole = dict(
        con.execute(
            "SELECT place, sum(net_fund) FROM setl_d WHERE counts"
            " AND place IN (SELECT place FROM mine) GROUP BY place"
        ).fetchall()
    )
    found = []
    for key in [*used, *sorted(own - set(used))]:
        use = used.get(key, Use(0, 0, 0))
        share = use.fund / int(whole[key]) if whole.get(key) else None
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
