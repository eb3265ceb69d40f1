"""Money by month, kind of place, where the place is and where the patient is insured. Fen, net of refunds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboards.reading.regions import ANYWHERE, Regions, lay_settlements
from graph.snapshot import Snapshot

AREAS = ("11", "12", "13")
"""Beijing, Tianjin, Hebei: the three that act together."""
ELSEWHERE = "99"
"""Stands for every other province."""
COLUMNS = ("month", "kind", "there", "home", "visits", "fund")

_UNIT = (
    "CASE WHEN {0} IS NULL THEN '' WHEN {0}[3:4] IN ('', '00') THEN {0}[:2]"
    " WHEN {0}[:2] IN ('11', '12') THEN {0} WHEN {0}[:2] = '13' THEN {0}[:4] ELSE {0}[:2] END"
)
"""A division as the page tells it apart: districts of Beijing and Tianjin, cities of Hebei, else provinces."""


_SUMS = (
    "SELECT month, kind, there, home, sum(n)::BIGINT AS visits, sum(fund)::BIGINT AS fund FROM ("
    " SELECT month, coalesce(kind, '') AS kind, coalesce(there, '') AS there,"
    f" {_UNIT.format('insured')} AS home, n, fund FROM (SELECT date_trunc('month', setl_time)::DATE"
    " AS month, kind, there, {} AS insured, count(*) AS n, sum(net_fund) AS fund FROM settled v"
    f" LEFT JOIN (SELECT place, kind, {_UNIT.format('admdvs')} AS there FROM places) USING (place)"
    " {} WHERE setl_time IS NOT NULL GROUP BY ALL)) GROUP BY ALL ORDER BY ALL"
)
_SETTLED = _SUMS.format("v.insu_admdvs", "")
_PATIENTS = _SUMS.format(
    "coalesce(v.insu_admdvs, h.insu_admdvs)", "LEFT JOIN patients h USING (patient)"
)
"""Where a settlement does not say where the patient is insured, the patient's own division stands in; that takes longer."""


@dataclass(frozen=True)
class Chosen:
    """What is looked at; empty means all. `there` and `home` are codes or beginnings of codes, months by their first day."""

    kind: str = ""
    there: str = ""
    home: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Flow:
    """Visits and fund (fen) of patients insured in one division at the places of another."""

    home: str
    there: str
    visits: int
    fund: int


def flows(snapshot: Snapshot, limits: Regions = ANYWHERE) -> pd.DataFrame:
    """One row per month (its first day), kind of place, division there and division at home, with `visits` and `fund`.

    Only what was settled in `limits`, or for patients insured there.
    """
    if not (snapshot.has("setl_d") and snapshot.has("places")):
        return pd.DataFrame(columns=list(COLUMNS))
    with snapshot.connect() as con:
        lay_settlements(con, snapshot, limits)
        gap = con.execute("SELECT coalesce(bool_or(insu_admdvs IS NULL), false) FROM setl_d")
        asked = bool((gap.fetchone() or (False,))[0]) and snapshot.has("patients")
        return con.execute(_PATIENTS if asked else _SETTLED).df()


def months_of(found: pd.DataFrame) -> list[date]:
    """The first day of every month that occurs, oldest first."""
    return [month.date() for month in sorted(found["month"].unique())]


def narrowed(found: pd.DataFrame, chosen: Chosen) -> pd.DataFrame:
    """The rows of `found` that are `chosen`."""
    keep = pd.Series(True, index=found.index)
    if chosen.kind:
        keep &= found["kind"] == chosen.kind
    for side in ("there", "home"):
        code = getattr(chosen, side)
        if code:
            keep &= found[side].str.startswith(code)
    if chosen.first is not None:
        keep &= found["month"] >= pd.Timestamp(chosen.first)
    if chosen.last is not None:
        keep &= found["month"] <= pd.Timestamp(chosen.last)
    return found[keep]


def area_of(code: str) -> str:
    """The province of `code` if it is one of the three, else `ELSEWHERE`; empty stays empty."""
    return code[:2] if not code or code[:2] in AREAS else ELSEWHERE


def summed(found: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """`visits` and `fund` of `found` by the columns `by`; `home_area` and `there_area` are provinces."""
    whole = found.assign(
        home_area=found["home"].map(area_of), there_area=found["there"].map(area_of)
    )
    return whole.groupby(list(by), as_index=False)[["visits", "fund"]].sum()


def crossing(found: pd.DataFrame) -> list[Flow]:
    """The flows from one division to another, most money first."""
    away = found[(found["home"] != found["there"]) & (found["home"] != "") & (found["there"] != "")]
    rows = summed(away, ("home", "there")).sort_values(
        ["fund", "home", "there"], ascending=[False, True, True]
    )
    return [
        Flow(home, there, int(visits), int(fund))
        for home, there, visits, fund in rows.itertuples(index=False)
    ]
