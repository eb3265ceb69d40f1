"""连环住院 · Serial stays.

含义: 参保人出院当日或次日即入住另一家医院，在两至四家医院之间循环，全年多次；多名参保人走同样的路线。相隔数周、但四人以上各循环四次以上的，也列为线索。已成线索的一圈上，间隔五日以内走同样路线三次以上者一并列入。两条路线共用部分医院的，按各人所走路线分开。
误判: 转院治疗（一次为主）、康复与安宁疗护的接续、按病组付费下的分解住院。只计同一人在同一组（至多四家）医院之间至少三次衔接、且另有他人走过同样一段者；人均不足五次的不作高等级线索。
Meaning: People leave one hospital and enter another within a day, going round two to four hospitals many times a year;
several people take the same round. With weeks in between, four people or more who each go round four times or more are listed too. Others who make three or more
moves of such a round, up to five days apart, are listed with it and add nothing to its weight. Two rounds that share some hospitals
are told apart by who goes which.
Misleads: Transfers (mostly once), chains of rehabilitation or hospice care, stays split under case-group payment. Only people
with at least three such hand-overs within one set of up to four hospitals count, on ways that others of them took too; fewer
than five each on average never make a grade A.
Source: 四川通报 (一年 16 次、约 200 日，出甲院即入乙院).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from scipy.sparse import coo_array

from graph.motifs.base import Motif
from graph.scan.candidates import CAP, Candidate, Event, Explanation, Outcome, keys
from graph.scan.world import World, components

LINKS = """
WITH chain AS (
  SELECT patient, place, setl_id, begntime, endtime, net_fund, dis,
    lead(place) OVER w AS next_place, lead(adm) OVER w AS next_adm, lead(setl_id) OVER w AS next_id
  FROM stays WHERE adm IS NOT NULL WINDOW w AS (PARTITION BY patient ORDER BY adm, dis, setl_id))
SELECT patient, place, next_place, setl_id, next_id, begntime, endtime, net_fund FROM chain
WHERE next_place <> place AND next_adm - dis BETWEEN -1 AND {gap} ORDER BY patient, begntime, setl_id
"""

NEXT_DAY = (1, 3, 3)
WITHIN_WEEKS = (21, 4, 4)
"""Days from the one hospital to the other at most; hand-overs of each patient; patients."""
FOLLOWING = 5
"""Days from the one hospital to the other within which others go round with those who go within a day."""
ROUND = 5
"""Hand-overs per patient below which a chain of treatment is as likely."""
ALONE = 9.0
"""Most that such few say, or rounds with weeks in between: never a grade A."""
MOST_HOSPITALS = 4
"""Whoever is handed on between more hospitals than this goes no round."""
COMMON = 2
"""People who must have made the same move before it belongs to a round."""


def detect(world: World) -> Iterable[Candidate]:
    """Sets of hospitals that at least three patients go round, each with three hand-overs or more among them; four with four, if
    weeks lie between."""
    world.lay_out_stays()
    links = {gap: _links(world, gap) for gap in (NEXT_DAY[0], FOLLOWING, WITHIN_WEEKS[0])}
    told: set[int] = set()
    for gap, least, people in (NEXT_DAY, WITHIN_WEEKS):
        for going in _rounds(world, links[gap], least):
            if len(going) >= people and not told & going.keys():
                core = [row for mine in going.values() for row in mine]
                wider = _following(links[FOLLOWING], core, least) if gap < FOLLOWING else {}
                members = going | wider
                rows = [row for who in sorted(members) for row in members[who]]
                yield _candidate(going, rows, gap if members == going else FOLLOWING, len(core))
                told |= members.keys()


def _links(world: World, gap: int) -> list[tuple[object, ...]]:
    return world.con.execute(LINKS.format(gap=gap)).fetchall()


def _following(
    links: Sequence[tuple[object, ...]], core: Sequence[tuple[object, ...]], least: int
) -> dict[int, list[tuple[object, ...]]]:
    """Who makes at least `least` of the moves of the core, some days apart, and these: the core's people too. Not who goes
    another round that has some of these moves."""
    round_ = {_pair(row) for row in core}
    moves: dict[int, list[tuple[object, ...]]] = {}
    own: dict[int, set[tuple[int, int]]] = {}
    for row in links:
        own.setdefault(int(str(row[0])), set()).add(_pair(row))
        if _pair(row) in round_:
            moves.setdefault(int(str(row[0])), []).append(row)
    return {
        who: found
        for who, found in moves.items()
        if _goes_round(found, least)
        and (own[who] <= round_ or 2 * len(own[who] & round_) >= len(own[who] | round_))
    }


def _rounds(
    world: World, rows: Sequence[tuple[object, ...]], least: int
) -> list[dict[int, list[tuple[object, ...]]]]:
    """Per set of hospitals joined by common moves, who goes round it with at least `least` hand-overs, and these."""
    moves: dict[int, list[tuple[object, ...]]] = {}
    for row in rows:
        moves.setdefault(int(str(row[0])), []).append(row)
    going = {p: found for p, found in moves.items() if len(found) >= least}
    times = Counter(pair for found in going.values() for pair in {_pair(r) for r in found})
    common = sorted(pair for pair, n in times.items() if n >= COMMON)
    if not common:
        return []
    label = components(
        np.array([a for a, _ in common]), np.array([b for _, b in common]), world.places
    )
    rounds: dict[int, dict[int, list[tuple[object, ...]]]] = {}
    for patient, found in going.items():
        inside: dict[int, list[tuple[object, ...]]] = {}
        for row in found:
            a, b = _pair(row)
            if label[a] == label[b]:
                inside.setdefault(int(label[a]), []).append(row)
        for number, mine in inside.items():
            if _goes_round(mine, least):
                rounds.setdefault(number, {})[patient] = mine
    return [one for _, members in sorted(rounds.items()) for one in _apart(members)]


def _apart(
    members: dict[int, list[tuple[object, ...]]],
) -> list[dict[int, list[tuple[object, ...]]]]:
    """Those of one set of hospitals by the round they go: where there are more hospitals than a round has, two rounds share some.

    Two people go the same round if half of the moves of both are common, or all that one of them makes.
    """
    moves = {who: frozenset(_pair(row) for row in rows) for who, rows in members.items()}
    kinds = sorted(set(moves.values()), key=sorted)
    if len({place for kind in kinds for pair in kind for place in pair}) <= MOST_HOSPITALS:
        return [members]
    pairs = {pair: n for n, pair in enumerate(sorted(set().union(*kinds)))}
    size = np.array([len(kind) for kind in kinds])
    of = np.repeat(np.arange(len(kinds)), size)
    made = coo_array((np.ones(len(of), np.int64), (of, [pairs[p] for k in kinds for p in k])))
    common = (made @ made.T).tocoo()
    (a, b), n = common.coords, common.data
    same = (2 * n >= size[a] + size[b] - n) | (n == np.minimum(size[a], size[b]))
    label = components(a[same], b[same], len(kinds)).tolist()
    number = {kind: label[n] for n, kind in enumerate(kinds)}
    rounds: dict[int, dict[int, list[tuple[object, ...]]]] = {}
    for who, rows in members.items():
        rounds.setdefault(number[moves[who]], {})[who] = rows
    return [one for _, one in sorted(rounds.items())]


def _pair(row: tuple[object, ...]) -> tuple[int, int]:
    """The two hospitals of a hand-over, the lower key first."""
    a, b = int(str(row[1])), int(str(row[2]))
    return min(a, b), max(a, b)


def _goes_round(found: list[tuple[object, ...]], least: int) -> bool:
    """Hand-overs enough, among few hospitals."""
    hospitals = {place for row in found for place in _pair(row)}
    return len(found) >= least and len(hospitals) <= MOST_HOSPITALS


def _candidate(
    core: Collection[int], rows: Sequence[tuple[object, ...]], gap: int, handovers: int
) -> Candidate:
    """What `handovers` of the core say; who goes round with it stands beside."""
    patients = {int(str(row[0])) for row in rows}
    places = np.unique([[int(str(r[1])), int(str(r[2]))] for r in rows])
    events = tuple(
        Event(
            "handover", r[5], r[6], place=int(str(r[1])), patients=(int(str(r[0])),),  # type: ignore[arg-type]
            rows=(f"setl_d:{r[3]}", f"setl_d:{r[4]}"), fund=int(str(r[7])),
        )
        for r in rows
    )  # fmt: skip
    each = round(handovers / len(core), 2)
    most = CAP if gap <= FOLLOWING and each >= ROUND else ALONE
    return Candidate(
        motif=MOTIF.name,
        patients=keys(sorted(patients)),
        surprise=float(min(most, 1.5 * handovers)),
        places=tuple(int(f) for f in places[:6]),
        events=events,
        facts={
            "patients": len(patients),
            "handovers": len(rows),
            "places": len(places),
            "gap": gap,
        },
        explanations=(Explanation("transfer", Outcome.RULED_OUT, {"times_each": each}),),
    )


MOTIF = Motif("serial_stays", detect)
