"""Finding the signs of `casework.watch.rules` in a snapshot."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.law import Rule, law_on
from casework.sanctions import Sanction
from casework.sanctions.reach import EMERGENCY, NORMAL
from casework.watch.rules import SHOWN, Sign, Watched
from graph.duck import Connection
from graph.snapshot import Snapshot

DAYS = 180
"""How long before and after a sanction's first day patients are followed."""
LEAST = 10
"""Fewest settlements after it that are told of."""
LIFT = 4
"""Times as many settlements with these patients as before."""
MOSTLY = 0.5
"""Share of the patients who come back that one code must have."""


@dataclass(frozen=True)
class _Held:
    """A person's qualification, held from `first` to `last`."""

    sanction: Sanction
    practitioner: str
    first: date
    last: date


def watch(snapshot: Snapshot, sanctions: Sequence[Sanction], today: date) -> tuple[Watched, ...]:
    """The leads of a snapshot after approved `sanctions`, settlements in a held person's name first.

    Needs the tables of settlements and registrations; raises `NoTable` without them.
    """
    held = tuple(_held(sanctions, today))
    if not held:
        return ()
    snapshot.files("setl_d")
    snapshot.files("prac_reg_d")
    with snapshot.connect() as con:
        con.execute(
            "CREATE TEMP TABLE held AS SELECT * FROM (SELECT unnest(?::INTEGER[]) AS no,"
            " unnest(?::VARCHAR[]) AS id, unnest(?::DATE[]) AS first, unnest(?::DATE[]) AS last)"
            " JOIN practitioners USING (id)",
            [
                [one.sanction.no for one in held],
                [one.practitioner for one in held],
                [one.first for one in held],
                [one.last for one in held],
            ],
        )
        return (*_billed(con), *_taken_over(con), *_shares(con, held, today))


def _held(sanctions: Sequence[Sanction], today: date) -> Iterator[_Held]:
    for one in sanctions:
        for practitioner in one.effects:
            yield _Held(one, practitioner, one.begins, min(today, one.last or today))


def _billed(con: Connection) -> Iterator[Watched]:
    for row in con.execute(_BILLED, [list(EMERGENCY), SHOWN]).fetchall():
        yield _told(Sign.BILLED, row)


def _taken_over(con: Connection) -> Iterator[Watched]:
    for row in con.execute(_TAKEN_OVER, [DAYS, LEAST, LIFT, MOSTLY, SHOWN]).fetchall():
        yield _told(Sign.TAKEN_OVER, row)


def _told(sign: Sign, row: Sequence[Any]) -> Watched:
    return Watched(sign, *row[:-2], *map(tuple, row[-2:]))


def _shares(con: Connection, held: Sequence[_Held], today: date) -> Iterator[Watched]:
    """Places by the share of their people sanctioned in the year of `today`."""
    first = date(today.year, 1, 1)
    year = {
        one.practitioner: one for one in held if one.first.year == today.year and one.first <= today
    }
    for place, area, people, who in con.execute(_PEOPLE, [NORMAL, list(year)]).fetchall():
        law = law_on(today, area or "")
        least = law.find(Rule.SHARE_WITHHOLDS_PAY)
        most = law.find(Rule.SHARE_SUSPENDS_AGREEMENT)
        share = 100 * len(who)
        reached = [rule for rule in (most, least) if rule and share >= rule.least * people]
        if reached:
            yield Watched(
                Sign.SHARE, place, place, area, first, today, len(who), people,
                sanctions=_numbers(year, who), law=law.cite(reached[0]),
            )  # fmt: skip


def _numbers(held: Mapping[str, _Held], who: Sequence[str]) -> tuple[int, ...]:
    return tuple(sorted({held[one].sanction.no for one in who}))


_BILLED = """
SELECT h.id, l.id, l.admdvs, min(s.setl_time)::DATE, max(s.setl_time)::DATE,
  count(DISTINCT s.setl_id),
  (SELECT count(*) FROM setl_d AS a WHERE a.counts AND a.practitioner = any_value(h.practitioner)),
  sum(s.net_fund)::BIGINT, NULL, list_sort(list(DISTINCT h.no)),
  list_slice(list_sort(list(DISTINCT s.setl_id)), 1, $2)
FROM (SELECT DISTINCT * FROM held) AS h
JOIN setl_d AS s ON s.practitioner = h.practitioner AND s.setl_time::DATE BETWEEN h.first AND h.last
JOIN places AS l USING (place)
WHERE s.counts AND s.er_flag IS NOT TRUE
  AND coalesce(s.med_type, '') NOT IN (SELECT unnest($1::VARCHAR[]))
GROUP BY h.id, l.id, l.admdvs ORDER BY h.id, l.id
"""
_TAKEN_OVER = """
WITH own AS (
  SELECT DISTINCT h.no, h.id, h.practitioner, h.first, s.place, s.patient
  FROM held AS h JOIN setl_d AS s USING (practitioner)
  WHERE s.counts AND s.setl_time::DATE BETWEEN h.first - $1::INTEGER AND h.first - 1
), again AS (
  SELECT o.no, o.id, o.first, s.place, s.practitioner AS other, s.patient, s.setl_id,
    s.setl_time::DATE AS day, s.net_fund, s.setl_time::DATE >= o.first AS after
  FROM own AS o JOIN setl_d AS s ON s.place = o.place AND s.patient = o.patient
  WHERE s.counts AND s.practitioner <> o.practitioner
    AND s.setl_time::DATE BETWEEN o.first - $1::INTEGER AND o.first + $1::INTEGER
), back AS (
  SELECT no, place, count(DISTINCT patient) AS came FROM again WHERE after GROUP BY ALL
)
SELECT a.id, l.id, l.admdvs, min(a.day) FILTER (after), max(a.day) FILTER (after),
  count(DISTINCT patient) FILTER (after) AS patients, b.came,
  (sum(net_fund) FILTER (after))::BIGINT, p.id, [a.no],
  list_slice(list_sort(list(setl_id) FILTER (after)), 1, $5)
FROM again AS a JOIN back AS b USING (no, place) JOIN places AS l USING (place)
JOIN practitioners AS p ON p.practitioner = a.other
GROUP BY a.no, a.id, l.id, l.admdvs, p.id, b.came
HAVING count(*) FILTER (after) >= $2 AND count(*) FILTER (after) >= $3 * count(*) FILTER (NOT after)
  AND patients >= $4 * b.came
ORDER BY a.no, l.id, p.id
"""
_PEOPLE = """
SELECT l.id, l.admdvs, count(DISTINCT w.id), list_sort(list(DISTINCT w.id) FILTER (w.id IN
  (SELECT unnest($2::VARCHAR[])))) AS who
FROM prac_reg_d AS r JOIN practitioners AS w USING (practitioner) JOIN places AS l USING (place)
WHERE r.reg_stas = $1 OR w.id IN (SELECT unnest($2::VARCHAR[]))
GROUP BY l.id, l.admdvs HAVING who IS NOT NULL AND len(who) > 0 ORDER BY l.id
"""
