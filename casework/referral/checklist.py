"""What a referral must hold before it is sealed; whatever is missing is named one by one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from casework.cases import Case, Outcome
from casework.exports.content import RingContent
from casework.law import Law, Rule
from casework.referral.amounts import amounts
from casework.referral.rules import Referral, State
from graph.words import word

SPEAKS_AGAINST = ("weakens", "explains")
"""Answers to an innocent explanation that an officer has to look into."""
NOT_REFERRED = (Outcome.REFUTED, Outcome.DATA_ERROR, Outcome.LEGITIMATE)


class Need(StrEnum):
    """What must be there."""

    CASE = "case"
    OFFICERS = "officers"
    HEADING = "heading"
    SUSPECTS = "suspects"
    FACTS = "facts"
    CRIME = "crime"
    LAW = "law"
    EVIDENCE = "evidence"
    SOURCES = "sources"
    COUNTER = "counter"
    AMOUNT = "amount"
    ITEMS = "items"
    REPORT = "report"
    APPROVAL = "approval"


@dataclass(frozen=True)
class Check:
    """One line of the checklist: what is missing of it, in short words and ids; nothing: it is there."""

    need: Need
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Matter:
    """What a checklist looks at: the referral, its case, the rings it rests on, the law of the place.

    `rings` holds what the data still have of them, so that one that is gone is seen as missing.
    """

    found: Referral
    case: Case
    rings: tuple[RingContent, ...]
    law: Law


def checklist(matter: Matter) -> tuple[Check, ...]:
    """Every line, in the order of the papers."""
    return tuple(Check(need, tuple(_CHECKS[need](matter))) for need in Need)


def missing(checks: Iterable[Check]) -> tuple[str, ...]:
    """What is missing in all, each with the line it belongs to."""
    return tuple(f"{check.need}: {one}" for check in checks for one in check.missing)


def against(ring: RingContent) -> Iterator[tuple[str, str]]:
    """Motif and name of every note that speaks against a ring and that officers have to answer."""
    found = {(one.motif, one.name): None for one in ring.counter}
    found |= {
        (one.motif, one.name): None for one in ring.explanations if one.outcome in SPEAKS_AGAINST
    }
    yield from found


def _case(matter: Matter) -> Iterator[str]:
    if matter.case.outcome in NOT_REFERRED:
        yield f"结论为{matter.case.outcome}，不移送"
    if matter.case.merged_into is not None:
        yield f"已并入{matter.case.merged_into}"


def _officers(matter: Matter) -> Iterator[str]:
    needed = matter.law[Rule.INSPECTORS].least
    there = len({one.certificate for one in matter.found.draft.officers})
    if there < needed:
        yield f"执法人员{there}名，应不少于{needed}名"


def _heading(matter: Matter) -> Iterator[str]:
    said = matter.found.draft
    for value, name in (
        (said.office, "移送机关"), (said.police, "公安机关"), (said.number, "文号")
    ):  # fmt: skip
        if not value.strip():
            yield name


def _written(value: str) -> Iterator[str]:
    if not value.strip():
        yield "未填写"


def _evidence(matter: Matter) -> Iterator[str]:
    if not matter.found.draft.rings:
        yield "未列团伙线索"
    there = {ring.ring.ring: ring for ring in matter.rings}
    for id_ in matter.found.draft.rings:
        if id_ not in there:
            yield f"{id_}不在扫描{matter.found.draft.scan}中"
        elif not there[id_].findings:
            yield f"{id_}没有证据"


def _sources(matter: Matter) -> Iterator[str]:
    for ring in matter.rings:
        bare = [str(one.no) for one in ring.findings if not one.sources]
        if bare:
            yield f"{ring.ring.ring}第{'、'.join(bare)}条无源记录"
        rows = {one.row for each in ring.findings for one in each.sources if one.file is None}
        if rows:
            yield f"{ring.ring.ring}有{len(rows)}条源记录不知文件和行号，如{min(rows)}"


def _counter(matter: Matter) -> Iterator[str]:
    answered = {
        (one.ring, one.motif, one.name) for one in matter.found.draft.answers if one.text.strip()
    }
    for ring in matter.rings:
        for motif, name in against(ring):
            if (ring.ring.ring, motif, name) not in answered:
                yield f"{ring.ring.ring} {motif} {name}（{counter_word(name)}）未说明"


def counter_word(name: str) -> str:
    """What a note against a ring is called."""
    return "不成立的检验" if name == "weak_cells" else word("explanation", name)


def _amount(matter: Matter) -> Iterator[str]:
    stated, rows = matter.found.draft.fund, amounts(matter.rings).total.fund
    if stated is None or stated <= 0:
        yield "未填写"
    elif stated != rows:
        yield f"填写{stated / 100:,.2f}元，源记录合计{rows / 100:,.2f}元"


def _items(matter: Matter) -> Iterator[str]:
    if not matter.found.draft.items and not matter.found.draft.no_items.strip():
        yield "未列物品，也未说明无物品"


def _report(matter: Matter) -> Iterator[str]:
    if matter.found.report is None:
        yield "未书面报告"


def _approval(matter: Matter) -> Iterator[str]:
    if matter.found.state is State.REFUSED:
        yield "负责人不批准"
    elif matter.found.report is None or not matter.found.report.approved:
        yield "负责人未批准"


_CHECKS: dict[Need, Callable[[Matter], Iterator[str]]] = {
    Need.CASE: _case,
    Need.OFFICERS: _officers,
    Need.HEADING: _heading,
    Need.SUSPECTS: lambda matter: _written(matter.found.draft.suspects),
    Need.FACTS: lambda matter: _written(matter.found.draft.facts),
    Need.CRIME: lambda matter: _written(matter.found.draft.crime),
    Need.LAW: lambda matter: _written(matter.found.draft.law),
    Need.EVIDENCE: _evidence,
    Need.SOURCES: _sources,
    Need.COUNTER: _counter,
    Need.AMOUNT: _amount,
    Need.ITEMS: _items,
    Need.REPORT: _report,
    Need.APPROVAL: _approval,
}
