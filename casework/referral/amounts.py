"""What the settlements behind a referral come to: by ring, by month, each settlement once; and the law's amounts."""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.exports.content import Money, RingContent
from casework.exports.rings import money
from casework.law import Law, Rule


@dataclass(frozen=True)
class RingMoney:
    """A ring's settlements and fund (fen), `shared` of it in settlements that stand behind an earlier ring too."""

    ring: str
    settlements: int
    fund: int
    shared: int


@dataclass(frozen=True)
class Amounts:
    """`total` counts each settlement once, however many rings it stands behind."""

    total: Money
    rings: tuple[RingMoney, ...]


@dataclass(frozen=True)
class Threshold:
    """An amount from which the law of the place names a grade; for information, nothing follows from it."""

    rule: Rule
    least: int
    most: int
    says: str
    law: str
    unverified: bool


def amounts(rings: Sequence[RingContent]) -> Amounts:
    """What `rings` come to together and each by itself."""
    seen: set[str] = set()
    lines = []
    for ring in rings:
        counted = [one for one in ring.settlements if one.counts]
        again = sum(one.net_fund for one in counted if one.row in seen)
        lines.append(RingMoney(ring.ring.ring, ring.money.settlements, ring.money.fund, again))
        seen |= {one.row for one in counted}
    return Amounts(money(one for ring in rings for one in ring.settlements), tuple(lines))


def thresholds(law: Law) -> tuple[Threshold, ...]:
    """The amounts of fraud as the law of the place has them."""
    found = []
    for rule in (Rule.FRAUD_LARGE, Rule.FRAUD_HUGE, Rule.FRAUD_GREATEST):
        said = law.find(rule)
        if said is not None:
            cited = law.cite(said)
            found.append(Threshold(rule, said.least, said.most, said.zh, cited, said.unverified))
    return tuple(found)
