"""Exact co-visits: who was at the same place within the same few minutes, and how often.

A visit is one (patient, place, minute); repeated rows of it count once. For two patients i and j

    X_ij = min(visits of i with a visit of j in reach, visits of j with a visit of i in reach)

where in reach means at the same place, not more than `window` minutes apart, edges included. Nobody
gains from repeated rows, nor from one of the two staying all morning.
"""

from dataclasses import dataclass, replace
from typing import Self

import duckdb
import numpy as np
import numpy.typing as npt

from graph.scan import kernels, kernels_join

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

CHUNKS = 256
MOST_VISITS = 2**31 - 2


@dataclass(frozen=True)
class VisitColumns:
    """Visits sorted by (place, minute, patient), indexed by place and by patient.

    patient, place int32[N] dense keys; minute int32[N], minutes since 2000-01-01 local;
    source int32[N], the row of the input behind each visit; place_offsets int64[F + 1];
    order int32[N], rows grouped by patient and ascending inside each; patient_offsets int64[P + 1].
    """

    patient: Ints
    place: Ints
    minute: Ints
    source: Ints
    place_offsets: Longs
    order: Ints
    patient_offsets: Longs

    @classmethod
    def build(
        cls,
        patient: npt.ArrayLike,
        place: npt.ArrayLike,
        minute: npt.ArrayLike,
        *,
        patients: int,
        places: int,
        threads: int | None = None,
    ) -> Self:
        """Sort and index N visits in any order, equal rows in the order given.

        Raises ValueError where the lengths differ, a key is outside [0, patients) or [0, places),
        or there are more than 2^31 - 2 rows.
        """
        who, where, when = (_int32(c) for c in (patient, place, minute))
        _require_keys(who, where, when, patients, places)
        least = int(when.min()) if len(when) else 0
        reach = int(when.max()) - least if len(when) else 0
        low_bits = max(1, (patients - 1).bit_length())
        bits = low_bits + reach.bit_length()
        offsets: Longs = kernels.count_keys(where, places)
        keys, source = kernels.scatter_by_place(where, when, who, offsets, least, low_bits)
        del patient, place, minute, who, where, when  # as long as what comes now
        kernels.in_chunks(
            lambda a, b: kernels.sort_places(keys, source, offsets, bits, a, b),
            even_bounds(offsets),
            threads,
        )
        sorted_who, sorted_where, sorted_when = kernels.unpack_keys(keys, offsets, least, low_bits)
        patient_offsets = kernels.count_keys(sorted_who, patients)
        order = kernels.order_by_patient(sorted_who, patient_offsets)
        return cls(sorted_who, sorted_where, sorted_when, source, offsets, order, patient_offsets)

    def __len__(self) -> int:
        return len(self.patient)

    @property
    def patients(self) -> int:
        """How many patient keys there are, with or without visits."""
        return len(self.patient_offsets) - 1

    @property
    def places(self) -> int:
        """How many place keys there are, with or without visits."""
        return len(self.place_offsets) - 1

    def only(self, kept: Flags) -> Self:
        """The visits flagged in bool[N] `kept`, under the same keys; `source` still leads back."""
        if kept.shape != self.patient.shape:
            raise ValueError(f"{len(self)} visits need as many flags, not {kept.shape}")
        if kept.all():
            return self
        patient, place, minute, source, place_offsets = kernels.keep_rows(
            kept, self.patient, self.place, self.minute, self.source, self.place_offsets
        )
        patient_offsets = kernels.count_keys(patient, self.patients)
        order = kernels.order_by_patient(patient, patient_offsets)
        return replace(
            self,
            patient=patient,
            place=place,
            minute=minute,
            source=source,
            place_offsets=place_offsets,
            order=order,
            patient_offsets=patient_offsets,
        )

    def distinct(self, excluded: Flags | None = None) -> Self:
        """One row for each (patient, place, minute), without the rows flagged in `excluded`."""
        out = np.zeros(len(self), np.bool_) if excluded is None else excluded
        kept = np.empty(len(self), np.bool_)
        kernels.flag_first(self.patient, self.minute, self.place_offsets, out, kept)
        return self.only(kept)


@dataclass(frozen=True)
class Pairs:
    """Pairs of patients a < b seen together, sorted by (a, b), and how crowded each place is.

    a, b, observed (X), places (distinct places of their co-visits): int32[n].
    window_pairs int64[F]: pairs of visits of different patients in reach of each other, by place.
    """

    window: int
    a: Ints
    b: Ints
    observed: Ints
    places: Ints
    window_pairs: Longs

    def __len__(self) -> int:
        return len(self.a)


def windows(columns: VisitColumns, window: int, threads: int | None = None) -> tuple[Ints, Longs]:
    """Rows in reach of each row, int32[N, 2] as [first, last + 1), and pairs in reach, int64[F].

    The pairs include those of one patient with themselves.
    """
    spans = np.empty((len(columns), 2), np.int32)
    ahead = np.zeros(columns.places, np.int64)
    offsets, minute = columns.place_offsets, columns.minute
    kernels.in_chunks(
        lambda a, b: kernels_join.fill_windows(minute, offsets, window, spans, ahead, a, b),
        even_bounds(offsets),
        threads,
    )
    return spans, ahead


def covisits(
    columns: VisitColumns,
    *,
    window: int,
    least: int = 3,
    excluded: Flags | None = None,
    threads: int | None = None,
) -> Pairs:
    """All pairs of different patients with X >= `least` co-visits within `window` minutes.

    `excluded`, bool[N], leaves visits out of the pairs and of `window_pairs` alike. The answer is
    exact and does not depend on `threads`. Raises ValueError if window < 0 or least < 1.
    """
    if window < 0 or least < 1:
        raise ValueError(f"window {window} must be >= 0 minutes and least {least} >= 1")
    visits = columns.distinct(excluded)
    spans, ahead = windows(visits, window, threads)
    found = kernels.in_chunks(
        lambda a, b: kernels_join.walk_patients(
            visits.order, visits.patient_offsets, spans, visits.patient, visits.place, least, a, b
        ),
        even_bounds(visits.patient_offsets),
        threads,
    )
    pairs = np.concatenate([np.empty((0, 4), np.int32), *(p for p, _, _ in found)])
    echoes = np.concatenate([np.empty((0, 2), np.int32), *(e for _, e, _ in found)])
    packed = (pairs[:, 0].astype(np.uint64) << np.uint64(32)) | pairs[:, 1].astype(np.uint64)
    pairs = pairs[np.argsort(packed)]
    np.subtract.at(ahead, visits.place[echoes[:, 0]], echoes[:, 1])
    a, b, observed, places = (np.ascontiguousarray(pairs[:, k]) for k in range(4))
    return Pairs(window, a, b, observed, places, ahead)


def counted_again(
    columns: VisitColumns, pairs: Pairs, excluded: Flags, threads: int | None = None
) -> Ints:
    """The co-visits of the same pairs, int32[n], with the visits flagged in bool[N] `excluded` left out."""
    observed = np.zeros(len(pairs), np.int32)
    bounds = np.unique(np.linspace(0, len(pairs), CHUNKS + 1).astype(int)).tolist()
    kernels.in_chunks(
        lambda first, last: kernels_join.count_again(
            pairs.a, pairs.b, columns.order, columns.patient_offsets, columns.place, columns.minute,
            excluded, pairs.window, observed, first, last,
        ),
        bounds,
        threads,
    )  # fmt: skip
    return observed


def covisits_sql(
    connection: duckdb.DuckDBPyConnection, visits: str, window: int, least: int
) -> Pairs:
    """The same pairs by DuckDB's bucketed equi-join: the oracle of `covisits`, and its Spark form.

    `visits` is a table or view of the connection, or the path of a Parquet file, with integer
    columns patient, place, minute. `window_pairs` is as long as the highest place key needs.
    """
    path = visits.replace("'", "''")
    source = f"read_parquet('{path}')" if visits.endswith(".parquet") else visits
    either_way = f"""{_buckets(source, window)},
        met AS (
          SELECT DISTINCT v.patient AS i, v.place, v.minute, near.patient AS j
          FROM v JOIN near ON v.place = near.place AND v.g = near.g
            AND abs(v.minute - near.minute) <= $window AND v.patient <> near.patient
        ), counted AS (
          SELECT i, j, count(*) AS x, count(DISTINCT place) AS places FROM met GROUP BY i, j
        )
        SELECT t.i AS a, t.j AS b, least(t.x, u.x) AS observed, t.places
        FROM counted t JOIN counted u ON t.i = u.j AND t.j = u.i
        WHERE t.i < t.j AND least(t.x, u.x) >= $least ORDER BY a, b"""
    columns = connection.execute(either_way, {"window": window, "least": least}).fetchnumpy()
    crowd = f"""{_buckets(source, window)}
        SELECT v.place, count(near.patient) AS pairs
        FROM v LEFT JOIN near ON v.place = near.place AND v.g = near.g
          AND abs(v.minute - near.minute) <= $window AND v.patient < near.patient
        GROUP BY v.place"""
    crowded = connection.execute(crowd, {"window": window}).fetchnumpy()
    place = np.asarray(crowded["place"], np.int64)
    window_pairs = np.zeros(int(place.max()) + 1 if len(place) else 0, np.int64)
    window_pairs[place] = crowded["pairs"]
    a, b, x, places = (np.asarray(columns[k], np.int32) for k in ("a", "b", "observed", "places"))
    return Pairs(window, a, b, x, places, window_pairs)


def _buckets(source: str, window: int) -> str:
    """Each distinct visit in its bucket of window + 1 minutes, and again in the two beside it."""
    return f"""
        WITH v AS MATERIALIZED (
          SELECT DISTINCT patient, place, minute, floor(minute / {window + 1})::BIGINT AS g
          FROM {source}
        ), near AS (SELECT patient, place, minute, unnest([g - 1, g, g + 1]) AS g FROM v)"""


def _int32(values: npt.ArrayLike) -> Ints:
    """Values as contiguous int32, refusing those that do not fit."""
    given = np.asarray(values)
    if given.size and given.dtype != np.int32:
        bounds = np.iinfo(np.int32)
        if int(given.min()) < bounds.min or int(given.max()) > bounds.max:
            raise ValueError("keys and minutes must fit 32-bit integers")
    return np.require(given, np.int32, ["C", "W"])


def _require_keys(who: Ints, where: Ints, when: Ints, patients: int, places: int) -> None:
    if not len(who) == len(where) == len(when) <= MOST_VISITS:
        raise ValueError(f"need equal columns of at most {MOST_VISITS} visits")
    for name, keys, size in (("patient", who, patients), ("place", where, places)):
        if len(keys) and (int(keys.min()) < 0 or int(keys.max()) >= size):
            raise ValueError(f"{name} keys must lie in [0, {size})")


def even_bounds(offsets: Longs) -> list[int]:
    """Bounds that cut the keys of `offsets` into chunks of about equally many rows."""
    total = int(offsets[-1])
    steps = np.linspace(0, total, min(CHUNKS, len(offsets)) + 1)[1:-1]
    inner = np.searchsorted(offsets, steps)
    return [0, *(int(k) for k in np.unique(inner)), len(offsets) - 1]
