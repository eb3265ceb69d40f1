"""Everything the tables hold about one person, place or token, for its page. Money in fen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dashboards.reading.ground import Month, without_gaps
from graph.duck import Connection
from graph.model import NodeKind
from graph.snapshot import Snapshot

_TABLES = {
    NodeKind.PATIENT: ("patients", "patient"),
    NodeKind.PRACTITIONER: ("practitioners", "practitioner"),
    NodeKind.FACILITY: ("places", "place"),
    NodeKind.PHARMACY: ("places", "place"),
}
"""Where an entity's key stands, and the column of `setl_d` that holds it."""


@dataclass(frozen=True)
class Settled:
    """The visits that count of one entity: how many, with how many others, the fund's part, the days."""

    visits: int
    patients: int
    practitioners: int
    places: int
    fund: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class Registration:
    """A row of `prac_reg_d` with where it was read: the exported file and its line."""

    practitioner: str
    place: str
    name: str
    code: str
    admdvs: str
    main: bool | None
    dept: str
    begin: date | datetime | None
    end: date | datetime | None
    state: str
    source: str
    line: int | None
    visits: int
    fund: int


@dataclass(frozen=True)
class Entity:
    """What the tables say; `settled` None where the table of settlements is absent or does not apply."""

    id: str
    kind: NodeKind
    settled: Settled | None = None
    months: tuple[Month, ...] = ()
    registrations: tuple[Registration, ...] = ()


def entity(snapshot: Snapshot, id_: str) -> Entity | None:
    """What `snapshot` holds about `id_`; None for a token, a ring, or an id nobody knows."""
    kind = NodeKind.of(id_)
    if kind not in _TABLES:
        return None
    table, column = _TABLES[kind]
    if not snapshot.has(table):
        return None
    with snapshot.connect() as con:
        row = con.execute(f"SELECT {column} FROM {table} WHERE id = ?", [id_]).fetchone()
        if row is None:
            return None
        key, visits = int(row[0]), snapshot.has("setl_d")
        if visits:
            _gather(con, column, key)
        return Entity(
            id=id_,
            kind=kind,
            settled=_settled(con) if visits else None,
            months=_months(con) if visits else (),
            registrations=_registrations(con, snapshot, kind, key),
        )


def _gather(con: Connection, column: str, key: int) -> None:
    """The visits that count as table `mine`, read once."""
    con.execute(
        "CREATE TEMP TABLE mine AS SELECT patient, practitioner, place, net_fund, begntime, setl_time"
        f" FROM setl_d WHERE counts AND {column} = ?",
        [key],
    )


def _settled(con: Connection) -> Settled:
    row = con.execute(
        "SELECT count(*), count(DISTINCT patient), count(DISTINCT practitioner), count(DISTINCT place),"
        " coalesce(sum(net_fund), 0), min(coalesce(begntime, setl_time)),"
        " max(coalesce(begntime, setl_time)) FROM mine"
    ).fetchone()
    visits, patients, practitioners, places, fund, first, last = row or (0, 0, 0, 0, 0, None, None)
    return Settled(visits, patients, practitioners, places, int(fund), first, last)


def _months(con: Connection) -> tuple[Month, ...]:
    rows = con.execute(
        "SELECT date_trunc('month', setl_time)::DATE AS month, count(*), sum(net_fund) FROM mine"
        " WHERE setl_time IS NOT NULL GROUP BY month ORDER BY month"
    ).fetchall()
    return tuple(without_gaps(Month(month, int(n), int(fund or 0)) for month, n, fund in rows))


def _registrations(
    con: Connection, snapshot: Snapshot, kind: NodeKind, key: int
) -> tuple[Registration, ...]:
    """Every registration of a practitioner, or at a place, the newest first, with what was billed there."""
    if kind is NodeKind.PATIENT or not snapshot.has("prac_reg_d"):
        return ()
    column = "practitioner" if kind is NodeKind.PRACTITIONER else "place"
    billed = "SELECT 0 AS who, 0 AS at, 0 AS visits, 0 AS fund WHERE false"
    if snapshot.has("setl_d"):
        billed = (
            "SELECT practitioner AS who, place AS at, count(*) AS visits, sum(net_fund) AS fund"
            " FROM mine GROUP BY ALL"
        )
    rows = con.execute(
        f"WITH billed AS ({billed}) SELECT w.id, p.id, p.name, p.code, p.admdvs, r.main, r.dept_name,"
        " r.begntime, r.endtime, r.reg_stas, r.src, r.line, b.visits, b.fund FROM prac_reg_d r"
        " JOIN practitioners w USING (practitioner) JOIN places p ON p.place = r.place"
        f" LEFT JOIN billed b ON b.who = r.practitioner AND b.at = r.place WHERE r.{column} = ?"
        " ORDER BY r.main DESC NULLS LAST, r.begntime DESC NULLS LAST, p.id, w.id, r.line",
        [key],
    ).fetchall()
    files = [str(source["name"]) for source in snapshot.manifest.get("sources", ())]
    return tuple(_registration(row, files) for row in rows)


def _registration(row: tuple[object, ...], files: list[str]) -> Registration:
    who, place, name, code, admdvs, main, dept, begin, end, state, src, line, visits, fund = row
    known = isinstance(src, int) and src < len(files)
    return Registration(
        practitioner=str(who),
        place=str(place),
        name=str(name or code or place),
        code=str(code or ""),
        admdvs=str(admdvs or ""),
        main=main if isinstance(main, bool) else None,
        dept=str(dept or ""),
        begin=begin if isinstance(begin, date) else None,
        end=end if isinstance(end, date) else None,
        state=str(state or ""),
        source=files[src] if known and isinstance(src, int) else "",
        line=line if isinstance(line, int) else None,
        visits=visits if isinstance(visits, int) else 0,
        fund=int(str(fund or 0)),
    )


def latest(registrations: Sequence[Registration]) -> dict[str, Registration]:
    """By practitioner the registration that began last; of several of one day the main one."""
    begun = sorted(registrations, key=lambda one: (str(one.begin or ""), one.main is True))
    return {one.practitioner: one for one in begun}


def by_state(registrations: tuple[Registration, ...]) -> Mapping[str, int]:
    """How many different practitioners are registered in each state."""
    found: dict[str, set[str]] = {}
    for row in registrations:
        found.setdefault(row.state, set()).add(row.practitioner)
    return {state: len(people) for state, people in sorted(found.items())}
