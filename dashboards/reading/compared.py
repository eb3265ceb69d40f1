"""Two scans compared, for the screen: rings of both sides with their money, filters, sums, CSV."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.reading.regions import ANYWHERE, Regions, touches
from graph.results import RingRow, Scan
from graph.scan.compare import compare
from graph.schema import DISSOLVED, RingState

STATES = (*(str(state) for state in RingState), DISSOLVED)


@dataclass(frozen=True)
class Pair:
    """What became of a ring: `before` are the rings it comes from, `after` is None where it dissolved."""

    state: str
    before: tuple[RingRow, ...]
    after: RingRow | None
    overlap: float

    @property
    def fund_before(self) -> int:
        """Fund paid of the rings before, fen."""
        return sum(ring.fund for ring in self.before)

    @property
    def fund_after(self) -> int:
        """Fund paid now, fen."""
        return self.after.fund if self.after else 0

    @property
    def grade(self) -> str:
        """The grade now; of one that dissolved, its last."""
        return self.after.grade if self.after else self.before[0].grade


@dataclass(frozen=True)
class Compared:
    """The pairs by rank in the later scan, the dissolved last; `carried` where the later scan follows the earlier."""

    pairs: tuple[Pair, ...]
    carried: bool


@dataclass(frozen=True)
class Sum:
    """The pairs of one state: how many, and their money in fen. Rings that several come from count once."""

    state: str
    pairs: int
    fund_before: int
    fund_after: int
    recoverable_before: int
    recoverable_after: int


def compared(earlier: Scan, later: Scan, limits: Regions = ANYWHERE) -> Compared:
    """What became of the rings of `earlier` in `later`, as far as they touch `limits`."""
    found = compare(earlier, later)
    old, new = (
        {ring.ring: ring for ring in scan.rings(limit=None) if touches(ring.regions, limits)}
        for scan in (earlier, later)
    )
    pairs = [
        Pair(
            change.state,
            tuple(old[ring] for ring in change.previous if ring in old),
            new.get(change.ring) if change.ring else None,
            change.overlap,
        )
        for change in found.changes
    ]
    whole = [pair for pair in pairs if pair.after or pair.before]
    last = len(whole)
    whole.sort(key=lambda pair: pair.after.rank if pair.after else last + pair.before[0].rank)
    return Compared(tuple(whole), found.carried)


def sums(pairs: Sequence[Pair]) -> tuple[Sum, ...]:
    """A sum per state that occurs, in the order of `STATES`."""
    found = []
    for state in STATES:
        mine = [pair for pair in pairs if pair.state == state]
        if not mine:
            continue
        before = {ring.ring: ring for pair in mine for ring in pair.before}.values()
        after = [pair.after for pair in mine if pair.after]
        found.append(
            Sum(
                state,
                len(mine),
                sum(ring.fund for ring in before),
                sum(ring.fund for ring in after),
                sum(ring.recoverable for ring in before),
                sum(ring.recoverable for ring in after),
            )
        )
    return tuple(found)


def filtered(
    pairs: Sequence[Pair], states: Sequence[str] = (), grades: Sequence[str] = ()
) -> tuple[Pair, ...]:
    """The pairs of any of `states` and any of `grades`; empty means any."""
    return tuple(
        pair
        for pair in pairs
        if (not states or pair.state in states) and (not grades or pair.grade in grades)
    )


def compared_csv(pairs: Sequence[Pair]) -> bytes:
    """`pairs` as CSV that Excel opens with Chinese intact. Ids only; money in yuan."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["change", "ring", "previous", "overlap", "grade", "patients_before", "patients", "fund_before", "fund"]
    )  # fmt: skip
    for pair in pairs:
        writer.writerow([
            pair.state,
            pair.after.ring if pair.after else "",
            ";".join(ring.ring for ring in pair.before),
            f"{pair.overlap:.3f}",
            pair.grade,
            pair.before[0].patients if pair.before else "",
            pair.after.patients if pair.after else "",
            f"{pair.fund_before / 100:.2f}",
            f"{pair.fund_after / 100:.2f}",
        ])  # fmt: skip
    return out.getvalue().encode("utf-8-sig")
