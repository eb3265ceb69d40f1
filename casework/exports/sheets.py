"""What each sheet of the workbook of an export holds: headings and rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from casework.exports.cells import Fen, Known, Shown
from casework.exports.columns import name_of, said
from casework.exports.content import Content, Decided, RingContent
from casework.exports.rounding import MONEY
from casework.exports.words import (
    EDGE_WORDS,
    FIELD_WORDS,
    NODE_WORDS,
    decided_words,
    hands,
)
from casework.terms import term
from graph.model import Value

YUAN = "（元）"


@dataclass(frozen=True)
class Sheet:
    """A sheet: None is an empty cell."""

    name: str
    heading: Sequence[str]
    rows: Iterable[Sequence[Shown]]


def sheets(content: Content) -> Iterator[Sheet]:
    """The sheets in their order; those of rings only where there are rings."""
    yield Sheet("说明", ("项目", "内容"), [list(pair) for pair in _about(content)])
    if content.rings:
        yield _members(content)
        yield _findings(content.rings)
        yield _settlements(content)
        yield _sources(content.rings)
        yield _money(content)
        yield _tests(content.rings)
    if content.decided:
        yield _decided(content, content.decided)


def _about(content: Content) -> Iterator[tuple[str, Shown]]:
    yield from said(content.network).items()
    for ring in content.rings:
        row = ring.ring
        yield "线索", row.ring
        yield "等级", row.grade
        yield "结论", row.sentence_zh
        yield "说明（英文）", row.sentence_en
        yield "证据所涉结算（笔）", ring.money.settlements
        yield "证据所涉总费用（元）", Fen(ring.money.medfee)
        yield "证据所涉基金支付（元）", Fen(ring.money.fund)


def _members(content: Content) -> Sheet:
    held = {field for known in content.identities.values() for field in known}
    fields = [field for field in FIELD_WORDS if field in held]
    heading = ("线索", "编号", "类别", "名称", *(FIELD_WORDS[field] for field in fields))
    more = ("角色", "核心", "就诊次数", f"基金支付{YUAN}", "备注")

    def rows() -> Iterator[Sequence[Shown]]:
        for ring in content.rings:
            for m in ring.members:
                known = content.identities.get(m.id, {})
                identity = [known.get(field) for field in fields]
                kind = NODE_WORDS.get(m.kind, m.kind)
                said = (m.role, m.core, m.visits, Fen(m.fund), m.note)
                yield ring.ring.ring, m.id, kind, m.label, *identity, *said

    return Sheet("成员", (*heading, *more), rows())


def _findings(rings: Iterable[RingContent]) -> Sheet:
    heading = ("线索", "序号", "模式", "类型", "起", "止", "机构编号", "机构", "人数", "参保人编号")
    more = (f"基金支付{YUAN}", "说明", "说明（英文）")
    rows = (
        (
            *(ring.ring.ring, f.no, f.motif, f.kind, f.at, f.until, f.place, f.place_name),
            *(len(f.members), f.members, Fen(f.fund), f.note_zh, f.note_en),
        )
        for ring in rings
        for f in ring.findings
    )
    return Sheet("聚集与其他证据", (*heading, *more), rows)


def _settlements(content: Content) -> Sheet:
    heading = (
        "线索",
        "结算",
        "参保人编号",
        "参保人",
        "机构编号",
        "机构",
        "医护药师编号",
        "医护药师",
    )
    times = ("就诊类别", "开始", "结束", "结算时间", "诊断")
    money = tuple(
        f"{word}{YUAN}" for word in ("总费用", "基金支付", "退费后总费用", "退费后基金支付")
    )
    more = ("计入", "来源文件", "行", "证据序号")

    def rows() -> Iterator[Sequence[Shown]]:
        for ring in content.rings:
            for one in ring.settlements:
                who, doctor = one.patient, one.practitioner
                named = (who, name_of(content, who), one.place, one.place_name)
                yield (
                    *(ring.ring.ring, one.row, *named, doctor, name_of(content, doctor)),
                    *(one.med_type, one.begin, one.end, one.at, one.diag),
                    *map(Fen, (one.medfee, one.fund, one.net_medfee, one.net_fund)),
                    *(one.counts, one.file, one.line, tuple(map(str, one.findings))),
                )

    return Sheet("结算", (*heading, *times, *money, *more), rows())


def _sources(rings: Iterable[RingContent]) -> Sheet:
    rows = (
        (ring.ring.ring, finding.no, source.row, source.file, source.line)
        for ring in rings
        for finding in ring.findings
        for source in finding.sources
    )
    return Sheet("来源行", ("线索", "证据序号", "行", "来源文件", "行号"), rows)


def _money(content: Content) -> Sheet:
    """Each settlement once, after refunds."""

    def rows() -> Iterator[Sequence[Shown]]:
        for ring in content.rings:
            id_, money = ring.ring.ring, ring.money
            yield id_, "合计", None, None, Fen(money.fund)
            for place, fen in money.by_place.items():
                yield id_, "按机构", place, name_of(content, place), Fen(fen)
            for patient, fen in money.by_patient.items():
                yield id_, "按参保人", patient, name_of(content, patient), Fen(fen)
            for month, fen in money.by_month.items():
                yield id_, "按月", month, None, Fen(fen)

    return Sheet("金额", ("线索", "口径", "编号", "名称", f"基金支付{YUAN}"), rows())


def _tests(rings: Iterable[RingContent]) -> Sheet:
    rows = (
        (ring.ring.ring, word, n.motif, n.name, n.outcome, tuple(f"{k}={v}" for k, v in n.figures))
        for ring in rings
        for word, notes in (
            ("稳健性", ring.robustness),
            ("最小证据", ring.minimal),
            ("合理解释", ring.explanations),
            ("反证", ring.counter),
        )
        for n in notes
    )
    return Sheet("检验", ("线索", "检验", "模式", "名称", "结果", "数值"), rows)


def _decided(content: Content, decided: Decided) -> Sheet:
    """The case as it stands, then each decision."""
    heading = ("对象", "名称", "事项", "处理", "数量", "处理状态", "日期", "起", "止")
    outcome = term("case_outcome", decided.outcome) if decided.outcome else None
    status = term("case_status", decided.status)

    def rows() -> Iterator[Sequence[Shown]]:
        yield decided.case, None, "案件", outcome, None, status, decided.at, *(None,) * 5
        for one in decided.decisions:
            kind, what, state = decided_words(one)
            yield (
                *(one.on, name_of(content, one.on), kind, what, one.count, state, one.at),
                *(one.first, one.last, hands(one) or None, one.documents or None, one.law),
            )

    return Sheet("处理", (*heading, "经办和审批", "文书号", "依据"), rows())


def network_sheets(content: Content) -> Iterator[Sheet]:
    """All nodes and edges with every property; an empty cell is a property that is not there."""
    graph = content.network.graph
    nodes = [properties for _, properties in graph.nodes(data=True)]
    edges = [properties for *_, properties in graph.edges(data=True)]
    names = sorted({name for properties in nodes for name in properties})
    rows = [[node, *_properties(graph.nodes[node], names)] for node in graph]
    yield Sheet("节点", ["编号", *map(_titled, names)], rows)
    names = sorted({name for properties in edges for name in properties})
    linked = zip(graph.edges(), edges, strict=True)
    rows = [[*ends, EDGE_WORDS[e["kind"]], *_properties(e, names)] for ends, e in linked]
    yield Sheet("关系", ["自", "至", "关系", *map(_titled, names)], rows)


def _properties(properties: Mapping[str, Value], names: Iterable[str]) -> list[Shown]:
    return [_shown(name, properties[name]) if name in properties else None for name in names]


def _shown(name: str, value: Value) -> Shown:
    if name in MONEY and isinstance(value, int) and not isinstance(value, bool):
        return Fen(value)
    return Known(value)


def _titled(name: str) -> str:
    return f"{name}{YUAN}" if name in MONEY else name
