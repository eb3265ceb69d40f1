"""Where a sanction would reach: every registration of each person it touches, before anything is decided."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from casework.sanctions.rules import Kind, Person, Sanction
from graph.snapshot import Snapshot

DAYS = 90
"""How far back patients are counted who would be affected."""
EMERGENCY = ("13", "24")
"""med_type 急诊 and 急诊转住院, whose fees stay payable after a look by a person."""
NORMAL = "正常"
STATES = {Kind.SUSPENSION: "暂停", Kind.TERMINATION: "终止"}


@dataclass(frozen=True)
class Reached:
    """One registration that would change. Money in fen.

    `confidence` is that of the codes being one person. `patients` were treated there in the last `DAYS` days;
    `alone`: the place would have nobody else of that profession and department in normal state. `unpayable`
    settlements with `fund` lie in the sanction's interval already, besides `exempt` emergencies.
    """

    practitioner: str
    place: str
    area: str | None
    department: str | None
    main: bool
    confidence: float
    basis: str
    before: str | None
    after: str
    patients: int
    alone: bool
    unpayable: int
    fund: int
    exempt: int


@dataclass(frozen=True)
class Reach:
    """What a sanction would change, and who of the place stays untouched, with the reason."""

    registrations: tuple[Reached, ...]
    untouched: tuple[Person, ...]


Codes = Mapping[tuple[str, str], tuple[str, str]]
"""prac_psn_code and fixmedins_code of a registration, by practitioner and place; empty where unknown."""


@dataclass(frozen=True)
class Registry:
    """Where registrations are looked up: a snapshot's id, the reach of a sanction on a day, their codes."""

    snapshot: str
    reach: Callable[[Sanction, date], Reach]
    codes: Callable[[Collection[tuple[str, str]]], Codes]


def registry(snapshot: Snapshot, codes: Callable[[Collection[tuple[str, str]]], Codes]) -> Registry:
    """The registry of a snapshot; `codes` gives those of registrations."""
    return Registry(snapshot.id, partial(preview, snapshot), codes)


def preview(snapshot: Snapshot, sanction: Sanction, today: date) -> Reach:
    """The reach of a sanction over the whole data, whatever region; raises `NoTable` without registrations.

    The last `DAYS` are counted back from `today`, or from the end of data that is older.
    """
    effects = sanction.effects
    untouched = tuple(p for p in sanction.persons if p.practitioner not in effects)
    registrations = _reached(snapshot, effects, sanction, today) if effects else ()
    return Reach(registrations, untouched)


def _reached(
    snapshot: Snapshot, effects: Mapping[str, Kind], sanction: Sanction, today: date
) -> tuple[Reached, ...]:
    snapshot.files("prac_reg_d")
    ended = snapshot.manifest.get("date_to")
    today = min(today, datetime.fromisoformat(ended).date()) if ended else today
    given: Sequence[object] = [
        list(effects), today - timedelta(days=DAYS), today, sanction.begins,
        sanction.ends or date.max, list(EMERGENCY), NORMAL,
    ]  # fmt: skip
    with snapshot.connect() as con:
        rows = con.execute(_QUERY, given).fetchall()
    return tuple(Reached(*(*row[:8], STATES[effects[row[0]]], *row[8:])) for row in rows)


_QUERY = """
WITH who AS (
  SELECT practitioner, id, profession, confidence, basis FROM practitioners
  WHERE id IN (SELECT unnest($1::VARCHAR[]))
), registered AS (
  SELECT r.practitioner, r.place, r.dept_name, r.main, r.reg_stas
  FROM prac_reg_d AS r SEMI JOIN who USING (practitioner)
  QUALIFY row_number() OVER (PARTITION BY practitioner, place ORDER BY begntime DESC, line DESC) = 1
), visits AS (
  SELECT practitioner, place, patient, net_fund,
    setl_time::DATE BETWEEN $2 AND $3 AS recent,
    setl_time::DATE BETWEEN $4 AND $5 AS within,
    er_flag IS TRUE OR med_type IN (SELECT unnest($6::VARCHAR[])) AS urgent
  FROM setl_d SEMI JOIN who USING (practitioner) WHERE counts
), treated AS (
  SELECT practitioner, place, count(DISTINCT patient) FILTER (recent) AS patients,
    count(*) FILTER (within AND NOT urgent) AS unpayable,
    coalesce(sum(net_fund) FILTER (within AND NOT urgent), 0)::BIGINT AS fund,
    count(*) FILTER (within AND urgent) AS exempt
  FROM visits GROUP BY ALL
), staying AS (
  SELECT DISTINCT o.place, o.dept_name, p.profession
  FROM prac_reg_d AS o JOIN practitioners AS p USING (practitioner)
  WHERE o.reg_stas = $7 AND o.practitioner NOT IN (SELECT practitioner FROM who)
    AND o.place IN (SELECT place FROM registered)
)
SELECT w.id, l.id, l.admdvs, r.dept_name, r.main, w.confidence, w.basis, r.reg_stas,
  coalesce(t.patients, 0),
  NOT EXISTS (FROM staying AS s WHERE s.place = r.place AND s.profession = w.profession
    AND s.dept_name IS NOT DISTINCT FROM r.dept_name),
  coalesce(t.unpayable, 0), coalesce(t.fund, 0), coalesce(t.exempt, 0)
FROM registered AS r JOIN who AS w USING (practitioner) JOIN places AS l USING (place)
LEFT JOIN treated AS t USING (practitioner, place)
ORDER BY w.id, r.main DESC, l.id
"""
