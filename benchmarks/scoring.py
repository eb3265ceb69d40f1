"""Rings found against rings planted: one-to-one at Jaccard ≥ 0.5, in rank order."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

JACCARD = 0.5
TWIN_JACCARD = 0.3
TWIN_CONTAINED = 0.5


@dataclass(frozen=True)
class Found:
    """A ring of a scan in platform codes."""

    ring: str
    rank: int
    grade: str
    motifs: tuple[str, ...]
    patients: frozenset[str]
    others: frozenset[str]


@dataclass(frozen=True)
class Planted:
    """A ring of the truth; `others` are practitioners and places."""

    ring: str
    kind: str
    patients: frozenset[str]
    others: frozenset[str]
    amount: int = 0


@dataclass
class Score:
    """What a list of rings is worth. Figures at A+B unless the name says otherwise."""

    precision: float = 0.0
    recall: float = 0.0
    ap: float = 0.0
    at: dict[int, float] = field(default_factory=dict)
    money_recall: float = 0.0
    twins_in_a: int = 0
    false_in_a: int = 0
    listed: int = 0
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
    if planted.patients and planted.kind not in ("two_places", "substitution"):
        return jaccard(found.patients, planted.patients)
    return jaccard(found.others, planted.others)


def score(
    found: Sequence[Found], planted: Sequence[Planted], twins: Sequence[Planted] = ()
) -> Score:
    """Match in rank order and count."""
    holders: dict[str, set[int]] = defaultdict(set)
    for i, p in enumerate(planted):
        for code in p.patients | p.others:
            holders[code].add(i)
    twin_holders: dict[str, set[int]] = defaultdict(set)
    for i, p in enumerate(twins):
        for code in p.patients or p.others:
            twin_holders[code].add(i)
    taken: dict[int, Found] = {}
    result = Score(listed=len(found))
    hits, hits_ab, listed_ab = 0, 0, 0
    for position, f in enumerate(found, 1):
        near = {i for code in f.patients | f.others for i in holders[code]}
        best = max(((likeness(f, planted[i]), -i) for i in near - taken.keys()), default=(0.0, 0))
        ab = f.grade in "AB"
        listed_ab += ab
        if best[0] >= JACCARD:
            taken[-best[1]] = f
            hits += 1
            hits_ab += ab
            result.ap += hits / position / len(planted)
        elif ab:
            partial = max((likeness(f, planted[i]) for i in near), default=0.0)
            twin = _twin(f, twins, twin_holders)
            label = "fragment" if partial >= 0.2 else twin or "none"
            result.false_by[f"{f.grade}:{'+'.join(f.motifs)}:{label}"] += 1
            if f.grade == "A" and partial < 0.2:
                result.false_in_a += 1
                result.twins_in_a += bool(twin)
        if position in (10, 50, 100, 200):
            result.at[position] = hits / position
    result.precision = hits_ab / listed_ab if listed_ab else 1.0
    result.recall = hits_ab / len(planted) if planted else 1.0
    whole = sum(p.amount for p in planted)
    result.money_recall = sum(planted[i].amount for i in taken) / whole if whole else 1.0
    for kind in sorted({p.kind for p in planted}):
        mine = [i for i, p in enumerate(planted) if p.kind == kind]
        in_ab = sum(i in taken and taken[i].grade in "AB" for i in mine)
        result.by_kind[kind] = (in_ab, sum(i in taken for i in mine), len(mine))
    return result


def _twin(f: Found, twins: Sequence[Planted], holders: Mapping[str, set[int]]) -> str:
    mine = f.patients or f.others
    for i in sorted({i for code in mine for i in holders.get(code, ())}):
        theirs = twins[i].patients or twins[i].others
        inside = len(mine & theirs) / max(len(mine), 1)
        if jaccard(mine, theirs) >= TWIN_JACCARD or inside >= TWIN_CONTAINED:
            return twins[i].kind
    return ""


def lines(name: str, s: Score) -> list[str]:
    """The score as text, a line per kind."""
    head = (
        f"{name}: A+B precision {s.precision:.3f} recall {s.recall:.3f} AP {s.ap:.3f} "
        f"money {s.money_recall:.3f} twins-in-A {s.twins_in_a} false-in-A {s.false_in_a} listed {s.listed} "
        f"P@k {s.at}"
    )
    kinds = [f"  {k:24} {ab}/{n} (anywhere {a})" for k, (ab, a, n) in s.by_kind.items()]
    false = [f"  false {n} × {what}" for what, n in s.false_by.most_common(12)]
    return [head, *kinds, *false]
