"""What the papers of a referral say, by field; every sentence speaks of leads and suspicion, never of guilt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from casework.cases import Case
from casework.exports.content import Content, Settlement
from casework.exports.words import decided_words, hands
from casework.law import Law, Rule
from casework.notices.fields import UNVERIFIED, han, plain
from casework.referral.amounts import amounts, thresholds
from casework.referral.ring_fields import (
    NONE,
    Row,
    against_rows,
    days,
    minute,
    named,
    or_none,
    ring_fields,
    yuan,
)
from casework.referral.ring_fields import shown as n_of_all
from casework.referral.rules import Referral
from graph.model import short_label

MOST_SETTLEMENTS = 400
PENDING = "（待批准）"


@dataclass(frozen=True)
class Dossier:
    """All a referral's papers are written from; `content` is dressed for public security."""

    found: Referral
    case: Case
    content: Content
    law: Law
    day: date
    attachments: tuple[str, ...] = ()


def paper_fields(dossier: Dossier) -> Mapping[str, object]:
    """Every field that any of the papers may name."""
    said, content = dossier.found.draft, dossier.content
    rings = [
        ring_fields(no, ring, content, said.answers) for no, ring in enumerate(content.rings, 1)
    ]
    against = [row for ring in content.rings for row in against_rows(ring, said.answers)]
    return {
        "office": said.office, "police": said.police, "number": said.number,
        "suspects": said.suspects, "crime": said.crime, "law": said.law, "facts": said.facts,
        "case": dossier.case.id, "case_title": dossier.case.title,
        "opened_on": plain(dossier.case.opened_at.date()),
        "date": plain(dossier.day), "date_han": han(dossier.day),
        "officers": [
            {"no": str(no), **vars(one)} for no, one in enumerate(said.officers, 1)
        ],
        "attachments": [
            {"no": str(no), "name": name} for no, name in enumerate(dossier.attachments, 1)
        ],
        "items": or_none(
            [{"no": str(no), **vars(one)} for no, one in enumerate(said.items, 1)],
            "no", "name", "quantity", "place", "note",
        ),
        "no_items": "" if said.items else f"无涉案物品。{said.no_items}",
        "police_term": _term(dossier.law),
        "rings": rings, "against": or_none(against, "label", "name", "figures", "answer"),
        "against_none": "" if against else "数据中未见不利于线索的情况。",
        "scan": said.scan, "snapshot": content.network.provenance.get("snapshot", NONE),
        "catalogue": _catalogue(dossier),
        "measures": or_none(_measures(content), "what", "on", "state", "at", "law"),
        **_decided(dossier.found), **_money(dossier), **_settlements(content),
    }  # fmt: skip


def _decided(found: Referral) -> dict[str, object]:
    report = found.report
    if report is None:
        return {"head": PENDING, "approved_on": PENDING, "opinion": PENDING, "decision": PENDING}
    opinion = f"{report.why}（{report.maker}，{plain(report.made_at.date())}报）"
    if report.approved is None or report.reviewed_at is None:
        return {"head": PENDING, "approved_on": PENDING, "opinion": opinion, "decision": PENDING}
    on = plain(report.reviewed_at.date())
    word = "批准移送" if report.approved else "不批准移送"
    decision = f"负责人{report.reviewer}于{on}{word}：{report.review}"
    return {
        "head": report.reviewer or "", "approved_on": on, "opinion": opinion, "decision": decision,
    }  # fmt: skip


def _measures(content: Content) -> list[Row]:
    """What had been decided in the case when it was reported."""
    rows = []
    for one in content.decided.decisions if content.decided else ():
        kind, what, state = decided_words(one)
        number = "" if one.count is None else f"×{one.count}"
        rows.append(
            {
                "what": f"{kind}：{what}{number}", "state": state, "at": plain(one.at),
                "on": named(one.on, content.identities) if one.on else NONE,
                "law": "；".join(filter(None, (*one.documents, one.law, "、".join(hands(one))))) or NONE,
            }
        )  # fmt: skip
    return rows


def _term(law: Law) -> str:
    said = law[Rule.POLICE_DECISION]
    mark = UNVERIFIED if said.unverified else ""
    return f"{said.most}日内（{law.cite(said)}{mark}）"


def _money(dossier: Dossier) -> dict[str, object]:
    found = amounts(dossier.content.rings)
    times = sorted(
        one.at for ring in dossier.content.rings for one in ring.settlements if one.at is not None
    )
    return {
        "fund": yuan(found.total.fund), "settlements": str(found.total.settlements),
        "period": days(times[0], times[-1]) if times else NONE,
        "ring_money": [
            {
                "label": short_label(one.ring), "settlements": str(one.settlements),
                "fund": yuan(one.fund), "shared": yuan(one.shared),
            }
            for one in found.rings
        ],
        "months": [
            {"month": f"{month.year}年{month.month}月", "fund": yuan(fund)}
            for month, fund in found.total.by_month.items()
        ],
        "thresholds": [
            {
                "says": one.says,
                "amount": yuan(one.least) + (f"至{yuan(one.most)}" if one.most > one.least else ""),
                "law": one.law.removesuffix(UNVERIFIED) + UNVERIFIED * one.unverified,
            }
            for one in thresholds(dossier.law)
        ],
    }  # fmt: skip


def _settlements(content: Content) -> dict[str, object]:
    behind: dict[str, list[str]] = {}
    rows: dict[str, Settlement] = {}
    for ring in content.rings:
        for one in ring.settlements:
            rows[one.row] = one
            behind.setdefault(one.row, []).append(short_label(ring.ring.ring))
    ordered = sorted(rows.values(), key=lambda one: (str(one.at or ""), one.row))
    listed = ordered[:MOST_SETTLEMENTS]
    return {
        "settlements_shown": n_of_all(len(listed), len(ordered), "network文件夹")
        or f"共{len(ordered)}条。",
        "settlement_rows": [
            {
                "row": one.row, "at": minute(one.at), "place": one.place_name or NONE,
                "patient": named(one.patient, content.identities),
                "medfee": yuan(one.net_medfee), "fund": yuan(one.net_fund),
                "rings": "、".join(behind[one.row]),
                "source": f"{one.file}：{one.line}" if one.file else NONE,
            }
            for one in listed
        ],
    }  # fmt: skip


def _catalogue(dossier: Dossier) -> list[Row]:
    lines: Sequence[tuple[str, str, str]] = [
        *(
            (
                f"团伙线索{short_label(ring.ring.ring)}", ring.ring.sentence_zh,
                f"{len(ring.findings)}条证据",
            )
            for ring in dossier.content.rings
        ),
        ("结算记录摘录", "各线索涉及的结算及其源记录", f"{len(_distinct(dossier.content))}条"),
        ("源记录清单", "每条源记录所在的导出文件和行号", "source_rows.csv"),
        ("网络图数据", "成员、机构、共享标识及其联系", "network文件夹"),
        *((item.name, item.note or "随案移送", item.quantity) for item in dossier.found.draft.items),
    ]  # fmt: skip
    return [
        {"no": str(no), "name": name, "proves": proves, "amount": amount}
        for no, (name, proves, amount) in enumerate(lines, 1)
    ]


def _distinct(content: Content) -> set[str]:
    return {one.row for ring in content.rings for one in ring.settlements}
