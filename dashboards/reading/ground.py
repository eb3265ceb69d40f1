"""What the live snapshot holds in all, or in some regions: counts, money, months. Reads, never writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from dashboards.reading.regions import ANYWHERE, Regions, lay_settlements, residents, within
from graph.schema import PlaceKind
from graph.snapshot import Snapshot


@dataclass(frozen=True)
class Figures:
    """Figures of a snapshot, or of some regions in it. Money in fen, net of refunds."""

    patients: int
    practitioners: int
    facilities: int
    pharmacies: int
    visits: int
    fund: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class Month:
    """Visits that count and the fund paid on them (fen) in one calendar month."""

    month: date
    visits: int
    fund: int


def figures(snapshot: Snapshot, limits: Regions = ANYWHERE) -> Figures:
    """Counts and sums over what belongs to `limits`; a table that was not loaded counts as empty."""
    with snapshot.connect() as con:
        counts = residents(con, snapshot, limits)
        kinds: dict[str, int] = {}
        if snapshot.has("places"):
            rows = con.execute(
                "SELECT kind, count(*) FROM places"
                " WHERE regexp_matches(coalesce(admdvs, ''), ?) GROUP BY kind",
                [within(limits)],
            )
            kinds = dict(rows.fetchall())
        visits, fund, first, last = (0, 0, None, None)
        if snapshot.has("setl_d"):
            lay_settlements(con, snapshot, limits)
            row = con.execute(
                "SELECT count(*), coalesce(sum(net_fund), 0), min(setl_time), max(setl_time)"
                " FROM settled"
            ).fetchone()
            visits, fund, first, last = row or (0, 0, None, None)
    return Figures(
        patients=counts.get("patients", 0),
        practitioners=counts.get("practitioners", 0),
        facilities=kinds.get(PlaceKind.FACILITY, 0),
        pharmacies=kinds.get(PlaceKind.PHARMACY, 0),
        visits=int(visits),
        fund=int(fund),
        first=first,
        last=last,
    )


def months(snapshot: Snapshot, limits: Regions = ANYWHERE) -> list[Month]:
    """Visits and fund by month of settlement of what belongs to `limits`, oldest first."""
    if not snapshot.has("setl_d"):
        return []
    with snapshot.connect() as con:
        lay_settlements(con, snapshot, limits)
        rows = con.execute(
            "SELECT date_trunc('month', setl_time)::DATE AS month, count(*), sum(net_fund)"
            " FROM settled GROUP BY month ORDER BY month"
        ).fetchall()
    return without_gaps(Month(month, int(visits), int(fund or 0)) for month, visits, fund in rows)


def without_gaps(months: Iterable[Month]) -> list[Month]:
    """`months`, oldest first, with every month between the first and the last, empty ones as zero."""
    found = {month.month: month for month in months}
    if not found:
        return []
    at, last = min(found), max(found)
    whole = []
    while at <= last:
        whole.append(found.get(at, Month(at, 0, 0)))
        at = at.replace(year=at.year + at.month // 12, month=at.month % 12 + 1)
    return whole
