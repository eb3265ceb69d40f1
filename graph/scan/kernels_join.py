"""Compiled loops of the co-visit join; numba itself stays behind `kernels`."""

from typing import Any

import numpy as np

from graph.scan.kernels import compiled, doubled

FILTER_SMALLEST = 256
FILTER_LARGEST = 1 << 20
SLOTS_KEPT = 1 << 10
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@compiled
def fill_windows(
    minute: Any, offsets: Any, window: int, spans: Any, ahead: Any, first: int, last: int
) -> None:
    """For the places [first, last): rows [lo, hi) in reach of each row, and pairs of rows in reach.

    Writes spans int32[N, 2] and ahead int64[F].
    """
    for f in range(first, last):
        lo = hi = offsets[f]
        end = offsets[f + 1]
        pairs = 0
        for row in range(offsets[f], end):
            while minute[row] - minute[lo] > window:
                lo += 1
            while hi < end and minute[hi] - minute[row] <= window:
                hi += 1
            spans[row, 0] = lo
            spans[row, 1] = hi
            pairs += hi - row - 1
        ahead[f] = pairs


@compiled
def _slot_of(key: int, slots: Any, entries: Any, shift: Any) -> Any:
    """The slot of partner `key` in an open-addressing table of entry numbers, or its empty slot."""
    at = np.int64((np.uint64(key) * MULTIPLIER) >> shift)
    while slots[at] != -1 and entries[slots[at], 0] != key:
        at = (at + 1) & (len(slots) - 1)
    return at


@compiled
def _regrown(slots: Any, entries: Any, used: int, shift: Any) -> Any:
    """Slots and entries at twice their size, and the shift that goes with them."""
    larger = np.full(2 * len(slots), -1, np.int32)
    more = np.empty((2 * len(entries), 5), np.int32)
    shift -= np.uint64(1)
    for entry in range(used):
        more[entry] = entries[entry]
        at = _slot_of(more[entry, 0], larger, more, shift)
        larger[at] = entry
    return larger, more, shift


@compiled
def _emptied(table: Any) -> Any:
    """The table without entries, and small again if it had grown beyond the caches."""
    slots, entries, shift = table
    if len(slots) > SLOTS_KEPT:
        return np.full(64, -1, np.int32), np.empty((32, 5), np.int32), np.uint64(64 - 6)
    slots[:] = -1
    return slots, entries, shift


@compiled
def _sift(patient: Any, rows: Any, spans: Any, who: int, sieve: Any, shift: Any) -> None:
    """Count the later patients in the windows of `rows`, by hash, saturating at 255."""
    for row in rows:
        for q in range(np.uint32(spans[row, 0]), np.uint32(spans[row, 1])):
            j = patient[q]
            at = (np.uint64(j) * MULTIPLIER) >> shift
            seen = sieve[at]
            sieve[at] = seen + np.uint8((j > who) & (seen < 255))


@compiled
def _let_through(
    patient: Any, lo: int, hi: int, who: int, sieve: Any, shift: Any, floor: int, through: Any
) -> int:
    """Put the rows in [lo, hi) whose patients come after `who` and whose counter reached `floor` in `through`; how many."""
    found = 0
    for q in range(np.uint32(lo), np.uint32(hi)):
        j = patient[q]
        through[found] = q
        found += (sieve[(np.uint64(j) * MULTIPLIER) >> shift] >= floor) & (j > who)
    return found


@compiled
def _tally(
    patient: Any, rows: Any, spans: Any, who: int, sieve: Any, shift: Any, floor: int, table: Any,
    through: Any,
) -> Any:  # fmt: skip
    """The table with exact counts for the partners that the sieve lets through; how many.

    table = (slots int32[n], all -1; entries int32[n / 2, 5]; shift). An entry is: partner, visits
    of `who` in reach of the partner, visits of the partner in reach of `who`, last row of `who`
    counted, 0. The windows of one patient only move forward, so a visit of the partner is new
    exactly when it lies beyond all earlier windows.
    """
    slots, entries, slot_shift = table
    used, beyond = 0, -1
    for row in rows:
        lo, hi = spans[row, 0], spans[row, 1]
        for k in range(_let_through(patient, lo, hi, who, sieve, shift, floor, through)):
            q = through[k]
            j = patient[q]
            at = _slot_of(j, slots, entries, slot_shift)
            if slots[at] == -1:
                if used == len(entries):
                    slots, entries, slot_shift = _regrown(slots, entries, used, slot_shift)
                    at = _slot_of(j, slots, entries, slot_shift)
                entries[used, 0] = j
                entries[used, 1] = entries[used, 2] = entries[used, 4] = 0
                entries[used, 3] = -1
                slots[at] = used
                used += 1
            entry = slots[at]
            if entries[entry, 3] != row:
                entries[entry, 3] = row
                entries[entry, 1] += 1
            if q >= beyond:
                entries[entry, 2] += 1
        beyond = max(beyond, hi)
    return (slots, entries, slot_shift), used


@compiled
def _count_places(
    patient: Any,
    place: Any,
    rows: Any,
    spans: Any,
    who: int,
    sieve: Any,
    shift: Any,
    floor: int,
    least: int,
    table: Any,
    through: Any,
) -> None:
    """Put the distinct places of their co-visits in the fifth column of the entries worth it."""
    slots, entries, slot_shift = table
    entries[:, 3] = -1
    for row in rows:
        lo, hi = spans[row, 0], spans[row, 1]
        for k in range(_let_through(patient, lo, hi, who, sieve, shift, floor, through)):
            entry = slots[_slot_of(patient[through[k]], slots, entries, slot_shift)]
            if min(entries[entry, 1], entries[entry, 2]) < least:
                continue
            if entries[entry, 3] != place[row]:
                entries[entry, 3] = place[row]
                entries[entry, 4] += 1


@compiled
def _echoes_of(rows: Any, spans: Any, echoes: Any, heard: int) -> Any:
    """Append (row, earlier rows of the same patient in its reach) where there are any."""
    near = 0
    for v in range(len(rows)):
        while rows[near] < spans[rows[v], 0]:
            near += 1
        if near < v:
            if heard == len(echoes):
                echoes = doubled(echoes)
            echoes[heard, 0] = rows[v]
            echoes[heard, 1] = v - near
            heard += 1
    return echoes, heard


@compiled
def walk_patients(
    order: Any,
    offsets: Any,
    spans: Any,
    patient: Any,
    place: Any,
    least: int,
    first: int,
    last: int,
) -> Any:
    """Pairs (i, j > i) of the patients [first, last) with at least `least` co-visits.

    A sieve of saturating counters first tells which partners cannot reach `least`; the few that
    remain are counted exactly. Returns pairs int32[n, 4] (a, b, observed, places), sorted by a
    only, echoes int32[m, 2] (see `_echoes_of`), and a sum that only keeps the early touches alive.
    """
    pairs, found = np.empty((1024, 4), np.int32), 0
    echoes, heard = np.empty((64, 2), np.int32), 0
    sieve = np.zeros(FILTER_SMALLEST, np.uint8)
    table = (np.full(64, -1, np.int32), np.empty((32, 5), np.int32), np.uint64(64 - 6))
    through = np.empty(1024, np.int32)
    touched, floor = 0, min(least, 255)
    for who in range(first, last):
        rows = order[offsets[who] : offsets[who + 1]]
        in_reach, widest = 0, 0
        for row in rows:
            lo, hi = spans[row, 0], spans[row, 1]
            in_reach += hi - lo - 1
            widest = max(widest, hi - lo)
            touched += patient[lo] + patient[hi - 1]  # many cache misses at once, not one by one
        echoes, heard = _echoes_of(rows, spans, echoes, heard)
        if len(rows) < least or in_reach < least:
            continue
        size, power = FILTER_SMALLEST, 8
        while size < 8 * in_reach and size < FILTER_LARGEST:
            size, power = 2 * size, power + 1
        if len(sieve) < size:
            sieve = np.zeros(size, np.uint8)
        if len(through) < widest:
            through = np.empty(2 * widest, np.int32)
        sieve[:size] = 0
        shift = np.uint64(64 - power)
        _sift(patient, rows, spans, who, sieve, shift)
        table, used = _tally(patient, rows, spans, who, sieve, shift, floor, table, through)
        if used == 0:
            continue
        entries, before = table[1], found
        for entry in range(used):
            observed = min(entries[entry, 1], entries[entry, 2])
            if observed >= least:
                if found == len(pairs):
                    pairs = doubled(pairs)
                pairs[found, 0] = who
                pairs[found, 1] = entries[entry, 0]
                pairs[found, 2] = observed
                pairs[found, 3] = entry
                found += 1
        if found > before:
            _count_places(
                patient, place, rows, spans, who, sieve, shift, floor, least, table, through
            )
            for pair in range(before, found):
                pairs[pair, 3] = entries[pairs[pair, 3], 4]
        table = _emptied(table)
    return pairs[:found].copy(), echoes[:heard].copy(), touched


@compiled
def _reached(mine: Any, theirs: Any, minute: Any, excluded: Any, window: int) -> int:
    """How many different minutes of `mine` have one of `theirs` within the window; rows of one place, ascending."""
    count, last, near = 0, -1, 0
    for row in mine:
        if excluded[row] or minute[row] == last:
            continue
        last = minute[row]
        while near < len(theirs) and (
            excluded[theirs[near]] or minute[theirs[near]] < minute[row] - window
        ):
            near += 1
        if near < len(theirs) and minute[theirs[near]] <= minute[row] + window:
            count += 1
    return count


@compiled
def count_again(
    a: Any,
    b: Any,
    order: Any,
    offsets: Any,
    place: Any,
    minute: Any,
    excluded: Any,
    window: int,
    out: Any,
    first: int,
    last: int,
) -> None:
    """Co-visits of the pairs [first, last) without the excluded rows, into `out`."""
    for q in range(first, last):
        mine = order[offsets[a[q]] : offsets[a[q] + 1]]
        theirs = order[offsets[b[q]] : offsets[b[q] + 1]]
        i, j, x, y = 0, 0, 0, 0
        while i < len(mine) and j < len(theirs):
            f, g = place[mine[i]], place[theirs[j]]
            i_end, j_end = i, j
            while i_end < len(mine) and place[mine[i_end]] == f:
                i_end += 1
            while j_end < len(theirs) and place[theirs[j_end]] == g:
                j_end += 1
            if f == g:
                x += _reached(mine[i:i_end], theirs[j:j_end], minute, excluded, window)
                y += _reached(theirs[j:j_end], mine[i:i_end], minute, excluded, window)
            if f <= g:
                i = i_end
            if g <= f:
                j = j_end
        out[q] = min(x, y)
