"""The first leads shown, not all of one institution: what exceeds its share steps back, never below a lower grade."""

from collections import Counter
from collections.abc import Iterable, Sequence

from graph.scan.grading import Graded

SHOWN = 50
"""Leads that an office looks through first."""
MOST = 3
"""Rings of one institution among them."""


def spread(graded: Sequence[Graded], order: Iterable[int]) -> list[int]:
    """`order`, positions in `graded` by grade, with at most `MOST` rings of a chief place among the first `SHOWN`.

    What is too many follows, in its order, after the others of its grade that are shown first. Rings without a place never step
    back. A rule of ours: a list filled by one institution hides the others.
    """
    found: list[int] = []
    held: list[int] = []
    seen: Counter[int] = Counter()
    for i in order:
        if held and (len(found) >= SHOWN or graded[held[0]].grade is not graded[i].grade):
            found += held
            held = []
        places = graded[i].draft.places[:1]
        if len(found) < SHOWN and places and seen[places[0]] >= MOST:
            held.append(i)
        else:
            found.append(i)
            seen.update(places)
    return found + held
