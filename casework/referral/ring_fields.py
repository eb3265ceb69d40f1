"""What papers say of one ring: members, evidence with source rows, robustness, explanations, what speaks against it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from casework.exports.content import Content, Finding, RingContent, Source
from casework.referral.checklist import against, counter_word
from casework.referral.rules import Answer
from graph.answered import Answered
from graph.model import short_label
from graph.words import word

MOST_MEMBERS = 100
MOST_FINDINGS = 60
MOST_NAMED = 12
MOST_SOURCES = 4
NONE = "—"
Row = dict[str, str]


def yuan(fen: int) -> str:
    """Money as papers have it: 1,234.50."""
    return f"{fen / 100:,.2f}"


def minute(at: datetime | None) -> str:
    """2026-03-02 09:30."""
    return f"{at:%Y-%m-%d %H:%M}" if at else NONE


def days(first: datetime | None, last: datetime | None) -> str:
    """2026年3月2日至2026年4月1日."""
    if first is None or last is None:
        return NONE
    one, two = (f"{at.year}年{at.month}月{at.day}日" for at in (first, last))
    return one if one == two else f"{one}至{two}"


def named(id_: str, identities: Mapping[str, Mapping[str, str]]) -> str:
    """A name where it is known, with the end of the blind id; the end of the id alone where not."""
    name = identities.get(id_, {}).get("name")
    return f"{name}（{short_label(id_)}）" if name else short_label(id_)


def shown(count: int, total: int, rest: str) -> str:
    """How many of how many stand here, where not all do."""
    return f"列出{count}条，共{total}条，其余见{rest}。" if count < total else ""


def ring_fields(
    no: int, ring: RingContent, content: Content, answers: Sequence[Answer]
) -> dict[str, object]:
    """The fields of a ring's page, as the layout of 证据目录 names them."""
    row, who = ring.ring, content.identities
    members, findings = ring.members[:MOST_MEMBERS], ring.findings[:MOST_FINDINGS]
    return {
        "no": str(no), "id": row.ring, "label": short_label(row.ring), "grade": word("grade", row.grade),
        "sentence": row.sentence_zh, "period": days(row.first, row.last),
        "patients": str(row.patients), "practitioners": str(row.practitioners),
        "places": str(row.places), "settlements": str(ring.money.settlements),
        "fund": yuan(ring.money.fund),
        "members": [
            {
                "no": str(n), "name": _label(one.id, one.label, who), "role": word("role", one.role),
                "core": "是" if one.core else "否", "visits": str(one.visits), "fund": yuan(one.fund),
            }
            for n, one in enumerate(members, 1)
        ],
        "members_shown": shown(len(members), len(ring.members), "成员清单（network文件夹）"),
        "findings": [_finding(one, who) for one in findings],
        "findings_shown": shown(len(findings), len(ring.findings), "network文件夹"),
        "minimal": _minimal(ring.minimal),
        "robustness": or_none(
            [_check(one) for one in ring.robustness],
            "name", "observed", "expected", "log10_p", "outcome",
        ),
        "explanations": or_none(
            [
                {
                    "name": word("explanation", one.name), "outcome": word("outcome", one.outcome),
                    "figures": _figures(one),
                }
                for one in ring.explanations
            ],
            "name", "outcome", "figures",
        ),
        "against": or_none(against_rows(ring, answers), "name", "figures", "answer"),
    }  # fmt: skip


def against_rows(ring: RingContent, answers: Sequence[Answer]) -> list[Row]:
    """Each note that speaks against a ring, with what the officers found on it."""
    said = {(a.motif, a.name): a.text for a in answers if a.ring == ring.ring.ring}
    notes = {(one.motif, one.name): one for one in (*ring.explanations, *ring.counter)}
    return [
        {
            "label": short_label(ring.ring.ring), "name": counter_word(notes[key].name),
            "figures": _figures(notes[key]), "answer": said.get(key, NONE),
        }
        for key in against(ring)
    ]  # fmt: skip


def or_none(rows: list[Row], *names: str) -> list[Row]:
    """The lines of a table, or one that says there are none."""
    return rows or [dict.fromkeys(names, NONE)]


def source(one: Source) -> str:
    """A source row as papers cite it: setl_d:123（setl_d.csv：45）."""
    return f"{one.row}（{one.file}：{one.line}）" if one.file else f"{one.row}（文件不明）"


def _label(id_: str, label: str, who: Mapping[str, Mapping[str, str]]) -> str:
    return named(id_, who) if "name" in who.get(id_, {}) else f"{label}（{short_label(id_)}）"


def _finding(one: Finding, who: Mapping[str, Mapping[str, str]]) -> Row:
    people = "、".join(named(id_, who) for id_ in one.members[:MOST_NAMED])
    people += f"等{len(one.members)}人" if len(one.members) > MOST_NAMED else ""
    rows = [source(row) for row in one.sources[:MOST_SOURCES]]
    rest = f"等{len(one.sources)}条" if len(one.sources) > MOST_SOURCES else ""
    return {
        "no": str(one.no), "at": minute(one.at), "place": one.place_name or NONE,
        "says": "；".join(filter(None, [word("evidence", one.kind), people, one.note_zh])),
        "sources": "；".join(rows) + rest, "fund": yuan(one.fund),
    }  # fmt: skip


def _check(one: Answered) -> Row:
    figures = {name: one.figure(name) or NONE for name in ("observed", "expected", "log10_p")}
    return {
        "name": word("check", one.name), "outcome": word("outcome", one.outcome), **figures,
    }  # fmt: skip


def _figures(one: Answered) -> str:
    if one.name == "weak_cells":
        return "、".join(word("check", cell) for cell in one.figure("cells").split())
    return "，".join(f"{word('figure', name)} {value}" for name, value in one.figures) or NONE


def _minimal(notes: Sequence[Answered]) -> str:
    said = (
        f"仅凭其中第{'、'.join(one.figure('numbers').split())}次（共{one.figure('n')}次）即可成立，建议先核对。"
        for one in notes
    )
    return "".join(said)
