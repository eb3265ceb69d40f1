"""How likely a lead is true, learned from closed cases as soon as there are enough of them.

Until then the built-in curve speaks, which was chosen on synthetic worlds. Source: research on isotonic calibration
of ranked leads; at least about a hundred investigated rings are needed before it says more than the curve.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from graph.errors import BrokenLedger
from graph.scan import ledger

FILE = "outcomes.jsonl"
HALF = 5.0
"""Evidence at which an unexplained ring is as likely true as not, by the built-in curve."""
WIDTH = 2.0
WEAKENED = 0.8
"""What each innocent explanation that weakens a ring leaves of its probability."""
ENOUGH = 100
"""Decided cases from which their outcomes replace the built-in curve."""

Reals = npt.NDArray[np.float64]


class Finding(StrEnum):
    """What a closed case found."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    DATA_ERROR = "data_error"
    LEGITIMATE = "legitimate"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class Closed:
    """The outcome of one case and the evidence its ring had in the scan it came from.

    `evidence` and `weakened` are those of `rings`; `on` is the day the case was closed.
    """

    ring: str
    outcome: Finding
    on: date
    motifs: tuple[str, ...]
    evidence: float
    weakened: int = 0

    @property
    def decided(self) -> bool:
        """Whether it says anything about the lead's truth."""
        return self.outcome is not Finding.INCONCLUSIVE


def built_in(evidence: float, weakened: int = 0) -> float:
    """The curve used before there are outcomes: logistic in the evidence, less for what weakens it."""
    return float(WEAKENED**weakened / (1.0 + np.exp(-(evidence - HALF) / WIDTH)))


@dataclass(frozen=True)
class Calibration:
    """P(true) as a rising function of the built-in curve; `decided` cases are behind it, 0 for the curve itself.

    Between the knots it is linear. Below the weakest closed case it never exceeds the built-in curve, since
    nobody has looked there.
    """

    decided: int = 0
    scores: tuple[float, ...] = ()
    shares: tuple[float, ...] = ()

    @classmethod
    def of(cls, outcomes: Sequence[Closed]) -> Self:
        """Isotonic regression over the decided outcomes; the built-in curve if they are fewer than `ENOUGH`.

        Shares of 0 and 1 are kept off the ends by one case in n + 2: no number of cases makes a lead certain.
        """
        decided = [one for one in outcomes if one.decided]
        if len(decided) < ENOUGH:
            return cls()
        from scipy.optimize import isotonic_regression

        given = np.array([built_in(one.evidence, one.weakened) for one in decided])
        true = np.array([one.outcome is Finding.CONFIRMED for one in decided], dtype=np.float64)
        scores, group, weights = np.unique(given, return_inverse=True, return_counts=True)
        means: Reals = np.bincount(group, true) / weights
        fitted = isotonic_regression(means, weights=weights.astype(np.float64)).x
        least = 1.0 / (len(decided) + 2)
        shares = np.clip(fitted, least, 1.0 - least)
        return cls(len(decided), tuple(scores.tolist()), tuple(shares.tolist()))

    def probability(self, evidence: float, weakened: int = 0) -> float:
        """P(true) of a ring with this evidence and so many explanations that weaken it."""
        score = built_in(evidence, weakened)
        if not self.scores:
            return score
        share = float(np.interp(score, self.scores, self.shares))
        return min(score, share) if score < self.scores[0] else share


BUILT_IN = Calibration()


def probability(evidence: float, weakened: int, outcomes: Sequence[Closed]) -> float:
    """P(true) of one ring, given the outcomes of closed cases; for many rings fit `Calibration` once."""
    return Calibration.of(outcomes).probability(evidence, weakened)


def load_outcomes(workspace: Path, today: date) -> tuple[Closed, ...]:
    """Outcomes of cases closed up to `today`, by ring; of a ring closed twice the last line counts.

    None if there is no `outcomes.jsonl`. Raises `BrokenLedger`.
    """
    path = workspace / FILE
    last: dict[str, Closed] = {}
    for line, row in enumerate(ledger.rows(path), 1):
        try:
            one = _closed(row)
        except (KeyError, TypeError, ValueError) as wrong:
            raise BrokenLedger(path, line, f"{type(wrong).__name__} {wrong}") from wrong
        if one.on <= today:
            last[one.ring] = one
    return tuple(last[ring] for ring in sorted(last))


def _closed(row: Mapping[str, Any]) -> Closed:
    evidence = float(row["evidence"])
    if not np.isfinite(evidence):
        raise ValueError("evidence is not finite")
    return Closed(
        str(row["ring"]), Finding(row["outcome"]), date.fromisoformat(row["date"]),
        tuple(str(m) for m in row["motifs"]), evidence, int(row.get("weakened", 0)),
    )  # fmt: skip


def record_outcomes(workspace: Path, closed: Sequence[Closed]) -> None:
    """Append outcomes of closed cases for the next scan to learn from; raises `BrokenLedger`."""
    lines = [
        {
            "ring": one.ring, "outcome": one.outcome, "date": one.on.isoformat(), "motifs": list(one.motifs),
            "evidence": one.evidence, "weakened": one.weakened,
        }
        for one in closed
    ]  # fmt: skip
    ledger.append(workspace / FILE, lambda _: lines)
