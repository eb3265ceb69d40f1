"""The snapshot as the scan sees it: views over the tables, people's households, places' whereabouts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from threading import RLock
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from graph.duck import Connection
from graph.scan.parameters import Parameters
from graph.snapshot import Snapshot

T = TypeVar("T")

INPATIENT_TYPES = ("21", "22", "23", "24", "25", "26", "28", "2101", "2105")
"""med_type codes of stays; source: the national dictionary's 21–28 and provincial 21xx."""
CHECKUP_TYPE = "9107"
INTERNET = "5"
"""pay_loc of an internet hospital: nobody was there in person."""
EARTH_KM = 6371.0
CELL = 0.4
"""Degrees, some 40 km: from one cell to the next but one nobody gets within minutes."""
BATCH = 1 << 17
"""Rows at a time from DuckDB: few enough for their memory to be used again rather than asked of the system anew."""

VISITS = f"""
SELECT setl_id, patient, place, practitioner, med_type, begntime, endtime, setl_time, diag,
  net_medfee, net_fund, insu_admdvs, fix_blng_admdvs, operator, er_flag,
  coalesce(pay_loc = '{INTERNET}', false) AS online,
  med_type IN {INPATIENT_TYPES} AS stay
FROM setl_d WHERE counts
"""
"""What a settlement is to the scan, of the rows that count."""

STAYS = """
CREATE TABLE IF NOT EXISTS stays AS
SELECT patient, place, setl_id, begntime, coalesce(endtime, setl_time) AS endtime, net_fund,
  CAST(begntime AS DATE) - DATE '2000-01-01' AS adm,
  CAST(coalesce(endtime, setl_time) AS DATE) - DATE '2000-01-01' AS dis
FROM visits WHERE stay
"""

EMPTY = {
    "psn_kin_d": "patient INTEGER, kin INTEGER, relation VARCHAR",
    "holds": "owner_kind VARCHAR, owner INTEGER, token INTEGER, field VARCHAR",
    "tokens": "token INTEGER, id VARCHAR, kind VARCHAR, holders INTEGER",
}
"""Tables every motif may ask for without asking whether they are there."""


@dataclass
class World:
    """One snapshot opened for one scan. Arrays are indexed by key."""

    snapshot: Snapshot
    con: Connection
    parameters: Parameters
    notes: dict[str, Any] = field(default_factory=dict)
    """What stages leave for later ones and for run.json."""
    turn: RLock = field(default_factory=RLock)
    """Held while the attendance is made, which several threads ask for."""
    other_turn: RLock = field(default_factory=RLock)
    """Held while anything else is made that several threads ask for; nobody waits for the attendance holding it."""
    _made: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def open(cls, snapshot: Snapshot, parameters: Parameters, memory: str = "3GB") -> "World":
        """Connect to the snapshot's tables; the caller closes `con`."""
        con = snapshot.connect(memory=memory)
        for table, columns in EMPTY.items():
            if not snapshot.has(table):
                con.execute(f"CREATE TABLE {table} ({columns})")
        con.execute(f"CREATE VIEW visits AS {VISITS}")
        return cls(snapshot, con, parameters)

    def beside(self) -> "World":
        """The same world on a connection of its own, for another thread; the caller closes its `con`."""
        other = copy(self)
        other.con = self.con.cursor()
        return other

    @contextmanager
    def shared(self, lanes: int) -> Iterator[None]:
        """Give each query its share of the processors where so many `lanes` ask at once: more threads than processors only get in
        each other's way."""
        with closing(self.con.cursor()) as con:
            threads = int(con.execute("SELECT current_setting('threads')").fetchall()[0][0])
            con.execute(f"SET threads = {max(1, threads // lanes)}")
            yield
            con.execute(f"SET threads = {threads}")

    def has(self, *tables: str) -> bool:
        """Whether the snapshot carries all `tables`."""
        return all(self.snapshot.has(table) for table in tables)

    def arrays(self, sql: str, parameters: Sequence[object] = ()) -> dict[str, npt.NDArray[Any]]:
        """The columns of a query as NumPy arrays; NULLs must have been dealt with in SQL."""
        return {
            name: np.ma.getdata(column)
            for name, column in self.con.execute(sql, list(parameters)).fetchnumpy().items()
        }

    def streamed(
        self, sql: str, most: int, parameters: Mapping[str, object] | None = None
    ) -> dict[str, npt.NDArray[Any]]:
        """As `arrays`, for results as long as the visits, `most` rows: each row goes where it stays. NULLs are errors."""
        columns: dict[str, npt.NDArray[Any]] = {}
        rows = 0
        for batch in self.batches(sql, parameters):
            if not columns:
                columns = {name: np.empty(most, column.dtype) for name, column in batch.items()}
            first = rows
            for name, column in batch.items():
                rows = first + len(column)
                columns[name][first:rows] = column
        return {name: column[:rows] for name, column in columns.items()}

    def batches(
        self, sql: str, parameters: Mapping[str, object] | None = None
    ) -> Iterator[dict[str, npt.NDArray[Any]]]:
        """The columns of a query, `BATCH` rows at a time; an empty batch last. NULLs are errors."""
        found = self.con.sql(sql, params=dict(parameters or {})).to_arrow_reader(BATCH)
        for batch in found:
            yield {
                name: column.to_numpy()
                for name, column in zip(batch.schema.names, batch.columns, strict=True)
            }
        empty = found.schema.empty_table()
        yield {name: empty[name].to_numpy() for name in empty.column_names}

    def lay_out_stays(self) -> None:
        """Make the table `stays`, once for all connections: visits that are in-patient stays, `adm` and `dis` in days since 2000-01-01.

        An unknown end is the settlement's; `adm` is NULL where the begin is unknown.
        """
        with self.other_turn:
            self.con.execute(STAYS)

    @cached_property
    def patients(self) -> int:
        """How many patients: keys run from 0 to this less one."""
        return self._size("patients", "patient")

    @cached_property
    def places(self) -> int:
        """How many places."""
        return self._size("places", "place")

    def _size(self, table: str, key: str) -> int:
        return int(
            self.con.execute(f"SELECT coalesce(max({key}) + 1, 0) FROM {table}").fetchall()[0][0]
        )

    def once(self, name: str, made: Callable[[], T]) -> T:
        """What takes long to make, for this world and all beside it."""
        if name not in self._made:
            self._made[name] = made()
        found: T = self._made[name]
        return found

    @property
    def household(self) -> npt.NDArray[np.int32]:
        """A household number per patient: joined by 家庭共济 filings and by addresses of few people."""
        return self.once("household", self._households)

    def _households(self) -> npt.NDArray[np.int32]:
        edges = self.arrays(
            """
            SELECT patient AS a, kin AS b FROM psn_kin_d WHERE kin IS NOT NULL AND patient IS NOT NULL
            UNION ALL
            SELECT h.owner, min(h.owner) OVER (PARTITION BY h.token)
            FROM holds h JOIN tokens t USING (token)
            WHERE h.owner_kind = 'patient' AND t.kind = 'address' AND t.holders BETWEEN 2 AND ?
            """,
            [self.parameters.household_most],
        )
        return components(edges["a"], edges["b"], self.patients)

    @cached_property
    def facility(self) -> npt.NDArray[np.bool_]:
        """Per place, whether it is a facility rather than a pharmacy."""
        rows = self.arrays("SELECT place, kind = 'facility' AS facility FROM places")
        found = np.zeros(self.places, dtype=np.bool_)
        found[rows["place"]] = rows["facility"]
        return found

    @cached_property
    def birth_year(self) -> npt.NDArray[np.int32]:
        """Year of birth per patient, 0 where unknown."""
        rows = self.arrays("SELECT patient, coalesce(birth_year, 0) AS born FROM patients")
        found = np.zeros(self.patients, dtype=np.int32)
        found[rows["patient"]] = rows["born"]
        return found

    @property
    def latest_year(self) -> int:
        """The year of the latest visit."""
        return self.once("latest_year", self._latest_year)

    def _latest_year(self) -> int:
        last_day = "WHERE setl_time >= (SELECT max(setl_time) FROM setl_d) - INTERVAL 1 DAY"
        for where in (last_day, ""):  # the last day is soon found, and hardly ever all refunds
            sql = f"SELECT year(max(setl_time)) FROM visits {where}"
            year = self.con.execute(sql).fetchall()[0][0]
            if year is not None:
                return int(year)
        return 0

    def token_of(self, kind: str) -> npt.NDArray[np.int32]:
        """The token of `kind` (phone, account, address, employer, certno) per patient, -1 where none."""
        return self.once(kind, lambda: self._tokens(kind))

    def _tokens(self, kind: str) -> npt.NDArray[np.int32]:
        rows = self.arrays(
            """
            SELECT owner, token FROM holds SEMI JOIN (SELECT token FROM tokens WHERE kind = ?) USING (token)
            WHERE owner_kind = 'patient'
            """,
            [kind],
        )
        none = np.iinfo(np.int32).max
        found = np.full(self.patients, none, dtype=np.int32)
        np.minimum.at(found, rows["owner"], rows["token"])
        found[found == none] = -1
        return found

    @cached_property
    def where(self) -> npt.NDArray[np.float64]:
        """Longitude and latitude per place, shape (places, 2), NaN where unknown."""
        rows = self.arrays(
            "SELECT place, coalesce(lnt, 'nan'::DOUBLE) AS lnt, coalesce(lat, 'nan'::DOUBLE) AS lat FROM places"
        )
        found = np.full((self.places, 2), np.nan)
        found[rows["place"], 0] = rows["lnt"]
        found[rows["place"], 1] = rows["lat"]
        return found

    @cached_property
    def district(self) -> npt.NDArray[np.int32]:
        """The six-digit area code per place as a number, 0 where unknown."""
        rows = self.arrays(
            "SELECT place, coalesce(try_cast(admdvs AS INTEGER), 0) AS admdvs FROM places"
        )
        found = np.zeros(self.places, dtype=np.int32)
        found[rows["place"]] = rows["admdvs"]
        return found

    @cached_property
    def city(self) -> npt.NDArray[np.int32]:
        """A number per place that tells cities (four digits of the area code) apart, -1 where unknown."""
        rows = self.arrays(
            "SELECT place, CAST(if(admdvs IS NULL, -1, dense_rank() OVER (ORDER BY left(admdvs, 4))) AS INTEGER) AS city "
            "FROM places"
        )
        found = np.full(self.places, -1, dtype=np.int32)
        found[rows["place"]] = rows["city"]
        return found

    @cached_property
    def area(self) -> npt.NDArray[np.int32]:
        """A number per place that tells cities apart, and in large ones cells of about `CELL` degrees; -1 where neither is known."""
        cell = np.floor(np.nan_to_num(self.where / CELL, nan=-1e6))
        known = ~np.isnan(self.where[:, 0]) | (self.city >= 0)
        keys = np.column_stack([self.city, cell])
        number = np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1)
        return np.where(known, number, -1).astype(np.int32)

    def distance(self, a: npt.NDArray[Any], b: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """Great-circle kilometres between places `a` and `b`, NaN where either is unknown."""
        p, q = np.radians(self.where[a]), np.radians(self.where[b])
        half = (q - p) / 2
        h = (
            np.sin(half[..., 1]) ** 2
            + np.cos(p[..., 1]) * np.cos(q[..., 1]) * np.sin(half[..., 0]) ** 2
        )
        found: npt.NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.sqrt(h))
        return found

    def travel_minutes(self, a: npt.NDArray[Any], b: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """The shortest credible way from `a` to `b`.

        By distance where both are on the map; else an hour between cities and the floor inside one.
        """
        p = self.parameters
        km = self.distance(a, b)
        city = self.district // 100
        blind = np.where(city[a] == city[b], float(p.travel_floor), 60.0)
        return np.where(np.isnan(km), blind, km / p.travel_kmh * 60.0)


def components(a: npt.NDArray[Any], b: npt.NDArray[Any], size: int) -> npt.NDArray[np.int32]:
    """The connected component of each of `size` nodes under edges `a`–`b`."""
    if not len(a):
        return np.arange(size, dtype=np.int32)
    matrix = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(size, size))
    labels: npt.NDArray[np.int32] = connected_components(matrix, directed=False)[1]
    return labels
