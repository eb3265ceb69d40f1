"""Rings found against rings planted: one-to-one at Jaccard ≥ 0.5, in rank order.

Stricter than the research note (§6.3) in one thing: a fragment of a planted ring, or a second finding
of it, counts against precision; both are reported apart so that one can see how many there are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

JACCARD = 0.5
FRAGMENT = 0.2
"""Likeness from which a miss is a piece of a planted ring rather than a false alarm."""
TWIN_JACCARD = 0.3
TWIN_CONTAINED = 0.5
CUTS = (10, 20, 50, 100, 200)
BY_OTHERS = ("two_places", "substitution")
"""Kinds whose ring is practitioners and places; the patients are only whom they billed."""


@dataclass(frozen=True)
class Found:
    """A group a scan lists; codes or ids, as the planted rings have them."""

    ring: str
    rank: int
    grade: str
    motifs: tuple[str, ...]
    patients: frozenset[str]
    others: frozenset[str]


@dataclass(frozen=True)
class Planted:
    """A ring of the truth; `others` are practitioners and places, `amount` fund money in fen."""

    ring: str
    kind: str
    patients: frozenset[str]
    others: frozenset[str]
    amount: int = 0


@dataclass
class Score:
    """What a list of rings is worth. Figures at A+B unless the name says otherwise."""

    precision: float = 1.0
    recall: float = 1.0
    ap: float = 1.0
    """Over the whole list. Where nothing is planted, recall, AP and money are 1: nothing is missed."""
    at: dict[int, float] = field(default_factory=dict)
    """k → precision of the first k, for lists at least that long."""
    at_planted: float = 1.0
    """Precision of the first R, R being how many are planted (R-precision); a short list is filled with misses."""
    money_recall: float = 1.0
    money_anywhere: float = 1.0
    """Recall over the whole list, rings weighed by their fund money."""
    twins_in_a: int = 0
    twins_in_ab: int = 0
    false_in_a: int = 0
    """Neither a planted ring nor a piece of one; look-alikes included."""
    listed: int = 0
    listed_a: int = 0
    listed_ab: int = 0
    planted: int = 0
    hits: int = 0
    hits_a: int = 0
    hits_ab: int = 0
    fragments_ab: int = 0
    repeats_ab: int = 0
    """Findings of a ring that a better ranked one had found."""
    money: tuple[int, int, int] = (0, 0, 0)
    """Fen in A+B, anywhere, planted."""
    by_kind: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """kind → (found in A+B, found anywhere, planted)."""
    false_by: Counter[str] = field(default_factory=Counter)
    """Motifs and twin of the false alarms in A+B."""


def rows_to_found(rows: Iterable[Mapping[str, str]]) -> list[Found]:
    """The lines of `huancha rings --format csv --codes` as rings, best rank first."""
    members: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in rows:
        members[row["ring"]].append(row)
    found = [
        Found(
            ring,
            int(m[0]["rank"]),
            m[0]["grade"],
            tuple(m[0]["motifs"].split(";")),
            frozenset(r["entity"] for r in m if r["kind"] == "patient"),
            frozenset(r["entity"] for r in m if r["kind"] != "patient"),
        )
        for ring, m in members.items()
    ]
    return sorted(found, key=lambda f: f.rank)


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Shared members over all members."""
    return len(a & b) / len(a | b) if a or b else 0.0


def likeness(found: Found, planted: Planted) -> float:
    """How well a found ring names a planted one: by patients where it has any, else by the others."""
    if planted.kind == "funnel":
        return max(jaccard(found.patients, planted.patients), jaccard(found.others, planted.others))
    if planted.patients and planted.kind not in BY_OTHERS:
        return jaccard(found.patients, planted.patients)
    return jaccard(found.others, planted.others)


def score(
    found: Sequence[Found],
    planted: Sequence[Planted],
    twins: Sequence[Planted] = (),
    *,
    least: float = JACCARD,
) -> Score:
    """Match `found`, best rank first, with `planted` one-to-one at Jaccard >= `least`, and count."""
    holders = _holders([p.patients | p.others for p in planted])
    twin_holders = _holders([p.patients or p.others for p in twins])
    taken: dict[int, Found] = {}
    s = Score(listed=len(found), planted=len(planted))
    gained, in_first = 0.0, 0
    for position, f in enumerate(found, 1):
        near = {i for code in f.patients | f.others for i in holders.get(code, ())}
        best = max(((likeness(f, planted[i]), -i) for i in near - taken.keys()), default=(0.0, 0))
        ab = f.grade in ("A", "B")
        s.listed_ab += ab
        s.listed_a += f.grade == "A"
        if best[0] >= least:
            taken[-best[1]] = f
            s.hits += 1
            s.hits_a += f.grade == "A"
            s.hits_ab += ab
            in_first += position <= len(planted)
            gained += s.hits / position
        elif ab:
            partial = max((likeness(f, planted[i]) for i in near), default=0.0)
            _miss(s, f, partial, _twin(f, twins, twin_holders), least)
        if position in CUTS:
            s.at[position] = s.hits / position
    s.precision = s.hits_ab / s.listed_ab if s.listed_ab else 1.0
    if planted:
        s.recall = s.hits_ab / len(planted)
        s.ap = gained / len(planted)
        s.at_planted = in_first / len(planted)
    _by_kind(s, planted, taken)
    return s


def _holders(groups: Iterable[frozenset[str]]) -> dict[str, set[int]]:
    """Code → the groups it is in."""
    found: dict[str, set[int]] = defaultdict(set)
    for i, codes in enumerate(groups):
        for code in codes:
            found[code].add(i)
    return found


def _miss(s: Score, f: Found, partial: float, twin: str, least: float) -> None:
    """Count a ring of grade A or B that matched nothing still free."""
    repeat, fragment = partial >= least, FRAGMENT <= partial < least
    s.repeats_ab += repeat
    s.fragments_ab += fragment
    alarm = not repeat and not fragment
    s.twins_in_ab += alarm and bool(twin)
    if f.grade == "A" and alarm:
        s.false_in_a += 1
        s.twins_in_a += bool(twin)
    label = "repeat" if repeat else "fragment" if fragment else twin or "none"
    s.false_by[f"{f.grade}:{'+'.join(f.motifs)}:{label}"] += 1


def _by_kind(s: Score, planted: Sequence[Planted], taken: Mapping[int, Found]) -> None:
    """Fill what depends on which rings were found: money and kinds."""
    strong = {i for i, f in taken.items() if f.grade in ("A", "B")}
    whole = sum(p.amount for p in planted)
    s.money = (
        sum(planted[i].amount for i in strong),
        sum(planted[i].amount for i in taken),
        whole,
    )
    if whole:
        s.money_recall, s.money_anywhere = s.money[0] / whole, s.money[1] / whole
    for kind in sorted({p.kind for p in planted}):
        mine = {i for i, p in enumerate(planted) if p.kind == kind}
        s.by_kind[kind] = (len(mine & strong), len(mine & taken.keys()), len(mine))


def _twin(f: Found, twins: Sequence[Planted], holders: Mapping[str, set[int]]) -> str:
    mine = f.patients or f.others
    for i in sorted({i for code in mine for i in holders.get(code, ())}):
        theirs = twins[i].patients or twins[i].others
        inside = len(mine & theirs) / max(len(mine), 1)
        if jaccard(mine, theirs) >= TWIN_JACCARD or inside >= TWIN_CONTAINED:
            return twins[i].kind
    return ""


def pooled(scores: Sequence[Score]) -> Score:
    """Several worlds as one: counts and money added up; AP and precision of the first k the mean of the worlds
    with rings. Raises ValueError without scores."""
    if not scores:
        raise ValueError("need at least one score to pool")
    counts = (
        "twins_in_a twins_in_ab false_in_a listed listed_a listed_ab planted hits hits_a hits_ab"
        " fragments_ab repeats_ab"
    )
    s = Score(**{name: sum(getattr(one, name) for one in scores) for name in counts.split()})
    s.precision = s.hits_ab / s.listed_ab if s.listed_ab else 1.0
    s.recall = s.hits_ab / s.planted if s.planted else 1.0
    ringed = [one for one in scores if one.planted]
    if ringed:
        s.ap = sum(one.ap for one in ringed) / len(ringed)
        s.at_planted = sum(one.at_planted for one in ringed) / len(ringed)
        for k in CUTS:
            known = [one.at[k] for one in ringed if k in one.at]
            if len(known) == len(ringed):
                s.at[k] = sum(known) / len(known)
    strong, anywhere, whole = (sum(one.money[n] for one in scores) for n in range(3))
    s.money = (strong, anywhere, whole)
    if whole:
        s.money_recall, s.money_anywhere = strong / whole, anywhere / whole
    for one in scores:
        for kind, found in one.by_kind.items():
            before = s.by_kind.get(kind, (0, 0, 0))
            s.by_kind[kind] = (before[0] + found[0], before[1] + found[1], before[2] + found[2])
        s.false_by.update(one.false_by)
    return s


def interval(hits: int, of: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share; (0, 1) where `of` is 0."""
    if not of:
        return 0.0, 1.0
    z = 1.959964
    share, slack = hits / of, z * z / of
    middle = (share + slack / 2) / (1 + slack)
    half = z / (1 + slack) * sqrt(share * (1 - share) / of + slack / (4 * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def lines(name: str, s: Score) -> list[str]:
    """The score as text, a line per kind."""
    head = (
        f"{name}: A+B precision {s.precision:.3f} recall {s.recall:.3f} AP {s.ap:.3f} "
        f"money {s.money_recall:.3f} (anywhere {s.money_anywhere:.3f}) twins-in-A {s.twins_in_a} "
        f"false-in-A {s.false_in_a} listed {s.listed} P@k {s.at}"
    )
    kinds = [f"  {k:24} {ab}/{n} (anywhere {a})" for k, (ab, a, n) in s.by_kind.items()]
    false = [f"  false {n} × {what}" for what, n in s.false_by.most_common(12)]
    return [head, *kinds, *false]
