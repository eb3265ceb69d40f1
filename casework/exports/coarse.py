"""A ring without identity: ids anew, months, cities, rounded money, and no free text."""

import re
from collections.abc import Iterable
from dataclasses import replace

from casework.exports.content import Finding, Member, Money, RingContent, Settlement, Source
from casework.exports.rounding import Rounding
from graph.answered import Answered
from graph.results import RingRow

_NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?|<?\d+(\.\d+)?%")
_LONGEST_NUMBER = 8


def coarse_ring(ring: RingContent, rounding: Rounding) -> RingContent:
    """`ring` as somebody may have it who must not know whom it is about."""
    return RingContent(
        ring=_row(ring.ring, rounding),
        members=tuple(_member(member, rounding) for member in ring.members),
        findings=tuple(_finding(finding, rounding) for finding in ring.findings),
        robustness=_figures(ring.robustness),
        minimal=_figures(ring.minimal),
        explanations=_figures(ring.explanations),
        counter=_figures(ring.counter),
        settlements=tuple(_settlement(one, rounding) for one in ring.settlements),
        money=_money(ring.money, rounding),
    )


def _row(row: RingRow, rounding: Rounding) -> RingRow:
    return replace(
        row,
        ring=rounding.id(row.ring),
        total=rounding.money(row.total),
        fund=rounding.money(row.fund),
        recoverable=rounding.money(row.recoverable),
        first=rounding.time(row.first),
        last=rounding.time(row.last),
        sentence_zh="",
        sentence_en="",
        regions=tuple(dict.fromkeys(rounding.region(code) for code in row.regions)),
    )


def _member(member: Member, rounding: Rounding) -> Member:
    id_ = rounding.id(member.id)
    return replace(member, id=id_, label=id_[-6:], fund=rounding.money(member.fund), note=None)


def _finding(finding: Finding, rounding: Rounding) -> Finding:
    return replace(
        finding,
        at=rounding.time(finding.at),
        until=rounding.time(finding.until),
        place=rounding.id(finding.place) if finding.place else None,
        place_name=None,
        members=tuple(rounding.id(member) for member in finding.members),
        sources=tuple(Source(rounding.row(one.row), None, None) for one in finding.sources),
        fund=rounding.money(finding.fund),
        note_zh="",
        note_en="",
    )


def _settlement(one: Settlement, rounding: Rounding) -> Settlement:
    row = rounding.row(one.row)
    return replace(
        one,
        row=row,
        setl_id=row.partition(":")[2],
        patient=rounding.id(one.patient),
        place=rounding.id(one.place) if one.place else None,
        place_name=None,
        practitioner=rounding.id(one.practitioner) if one.practitioner else None,
        begin=rounding.time(one.begin),
        end=rounding.time(one.end),
        at=rounding.time(one.at),
        diag=None,
        medfee=rounding.money(one.medfee),
        fund=rounding.money(one.fund),
        net_medfee=rounding.money(one.net_medfee),
        net_fund=rounding.money(one.net_fund),
        file=None,
        line=None,
    )


def _money(money: Money, rounding: Rounding) -> Money:
    return Money(
        settlements=money.settlements,
        medfee=rounding.money(money.medfee),
        fund=rounding.money(money.fund),
        by_place={rounding.id(id_): rounding.money(fen) for id_, fen in money.by_place.items()},
        by_patient={rounding.id(id_): rounding.money(fen) for id_, fen in money.by_patient.items()},
        by_month={month: rounding.money(fen) for month, fen in money.by_month.items()},
    )


def _figures(notes: Iterable[Answered]) -> tuple[Answered, ...]:
    """The notes with those of their figures that are small numbers: no word, no day, no code."""
    return tuple(
        replace(
            note,
            figures=tuple(
                (name, text)
                for name, text in note.figures
                if _NUMBER.fullmatch(text) and len(text) <= _LONGEST_NUMBER
            ),
        )
        for note in notes
    )
