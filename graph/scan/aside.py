"""Honouring people's decisions in a scan: ignored tokens join nobody, ignored pairs seed nothing, ignored rings step back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.scan.grading import Graded
from graph.scan.ignored import Ignore, Ignores
from graph.scan.world import World
from graph.schema import Grade

PAIRS = "ignored_pairs"
USED = "ignored_used"


def lay_aside(world: World, ignores: Ignores) -> None:
    """Make `joining`, the tokens that may join people, and note the ignored pairs for `unignored`. Once per world.

    `tokens` itself stays whole: an ignored address still tells a household.
    """
    world.con.execute(
        "CREATE TABLE ignored_tokens AS SELECT token FROM tokens WHERE id IN (SELECT unnest(?::VARCHAR[]))",
        [sorted(ignores.tokens)],
    )
    world.con.execute(
        "CREATE VIEW joining AS SELECT * FROM tokens WHERE token NOT IN (SELECT token FROM ignored_tokens)"
    )
    ids = sorted({id_ for pair in ignores.pairs for id_ in pair})
    sql = "SELECT id, patient FROM patients WHERE id IN (SELECT unnest(?::VARCHAR[]))"
    key = dict(world.con.execute(sql, [ids]).fetchall())
    known = [sorted((key[a], key[b])) for a, b in sorted(ignores.pairs) if a in key and b in key]
    world.notes[PAIRS] = np.array(known, dtype=np.int64).reshape(-1, 2)
    world.notes[USED] = set()


def unignored(world: World, a: npt.NDArray[Any], b: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Per pair of patient keys (a < b), whether nobody wants it ignored; the ignored ones are counted."""
    pairs = world.notes.get(PAIRS)
    if pairs is None or not len(pairs):
        return np.ones(len(a), dtype=np.bool_)
    given = a.astype(np.int64) << 32 | b.astype(np.int64)
    dropped = np.isin(given, pairs[:, 0] << 32 | pairs[:, 1])
    world.notes[USED] |= set(given[dropped].tolist())
    return ~dropped


def set_aside(graded: Sequence[Graded], ignores: Ignores) -> list[Graded]:
    """Ignored rings become grade C with a note; all else stays."""
    found = []
    for item in graded:
        why = ignores.rings.get(item.ring)
        found.append(item if why is None else replace(item, grade=Grade.C, note=_note(why)))
    return found


def _note(why: Ignore) -> tuple[str, str]:
    return (
        f"已按第 {why.no} 号决定暂不核查，至 {why.until}（{why.author}）：{why.reason}",
        f"Set aside by decision {why.no} until {why.until} ({why.author}): {why.reason}",
    )


def counts(world: World, graded: Sequence[Graded]) -> dict[str, int]:
    """What was ignored in this scan, for run.json: tokens of the snapshot, pairs that would have seeded, rings."""
    tokens = world.con.execute("SELECT token FROM ignored_tokens").fetchall()
    return {
        "ignored_tokens": len(tokens),
        "ignored_pairs": len(world.notes.get(USED, ())),
        "ignored_rings": sum(item.note is not None for item in graded),
    }
