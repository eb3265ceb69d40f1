"""Words of measures against a place, of one line of points, of repair, and of credit."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "measure.find": ("查找机构并提请处理", "Find a place to propose a measure"),
    "measure.find.hint": ("机构名称或编码", "Name or code of the place"),
    "measure.choose": ("可选多人", "one or more"),
    "measure.place": ("对机构的处理：{name}", "Measures against a place: {name}"),
    "measure.unknown": (
        "数据里没有编号末尾为 {id} 的机构，或不在您的地区。",
        "No place in the data has an id ending in {id}, or it is outside your regions.",
    ),
    "measure.facts": (
        "{code}；{area}；登记人员 {staff} 名；信用 {grade}，{score} 分；评分方案：{scheme}",
        "{code}; {area}; {staff} practitioners registered; credit {grade}, score {score}; scheme: {scheme}",
    ),
    "measure.none": ("对该机构没有处理。", "Nothing was decided on this place."),
    "measure.propose": ("提请对机构的处理", "Propose a measure"),
    "measure.propose.do": ("提请处理", "Propose the measure"),
    "measure.kind": ("处理种类", "Measure"),
    "measure.law": ("依据（文书编号和条款）", "Law (document and article)"),
    "measure.law.hint": ("如：服务协议 第三十二条", "such as: service agreement, article 32"),
    "measure.ends": ("截止日（不填则至解除为止）", "Last day (none: until it is lifted)"),
    "measure.ends.before": ("截止日不能早于起始日。", "The last day cannot be before the first."),
    "measure.place_only": (
        "这项处理只针对机构，不影响任何人员的支付资格，也不产生指令。",
        "This measure is against the place alone: it touches nobody's qualification and makes no order.",
    ),
    "measure.cascade": (
        "只有负有责任的人员随之{kind}，涉及其在各机构的全部登记；无责任的人员不受影响。",
        "It means {kind} for those responsible alone, at every place they are registered; others stay untouched.",
    ),
    "measure.responsible": ("负有责任的人员", "Responsible"),
    "measure.clear": ("已认定无责任的人员", "Found not responsible"),
    "measure.clear.help": (
        "写明理由，随提请留存，并在影响范围下列出。",
        "With the reason; kept with the proposal and listed below its reach.",
    ),
    "measure.why_responsible": ("{who}：有责任的理由", "{who}: why responsible"),
    "measure.why_clear": ("{who}：无责任的理由", "{who}: why not responsible"),
    "measure.missing": (
        "请填写依据，并为所选的每名人员写明理由；之后显示影响范围，即可提请。",
        "Give the law, and the reason for each person chosen; then the reach is shown and the measure can be proposed.",
    ),
    "measure.rest": (
        "该机构另有 {n} 名登记人员未作责任认定，不受影响。",
        "{n} more practitioners registered there were not judged and stay untouched.",
    ),
    "pointing.one": ("台账第 {no} 条：{kind} {points} 分", "Line {no}: {kind}, {points} points"),
    "pointing.document": ("{document}（{day}）", "{document} ({day})"),
    "pointing.facts": (
        "{maker} 于 {at} 提出；依据 {law}",
        "Proposed by {maker} on {at}; law {law}",
    ),
    "pointing.grounds": ("事由：{grounds}（{duty}）", "Grounds: {grounds} ({duty})"),
    "pointing.unknown": (
        "台账中没有第 {no} 条，或不在您的地区。",
        "The ledger has no line {no}, or it is outside your regions.",
    ),
    "pointing.person": ("查看此人的记分与处理", "See this person's points and sanctions"),
    "repair": ("提出记分修复", "Propose to repair points"),
    "repair.none": (
        "当地法规包没有修复记分的规定。",
        "The pack of law of this place has no rule on repairing points.",
    ),
    "repair.cap": (
        "{kind}：一年内最多 {most} 分（{law}{unverified}）。",
        "{kind}: at most {most} points a year ({law}{unverified}).",
    ),
    "repair.kind": ("修复方式", "Repaired by"),
    "repair.points": ("修复分值", "Points to take back"),
    "repair.document": ("证明文书编号", "Number of the proof"),
    "repair.do": ("提出修复", "Propose the repair"),
    "credit": ("信用", "Credit"),
    "credit.grade": (
        "{day}：{grade} 级，{score} 分（满分 {full} 分）",
        "On {day}: grade {grade}, score {score} of {full}",
    ),
    "credit.scheme": (
        "评分方案：{scheme}。近 {years} 年内生效的记分和处理按次扣分；"
        "A 级 {A} 分以上，B 级 {B} 分以上，C 级 {C} 分以上，其余为 D 级。",
        "Scheme: {scheme}. Points and sanctions of the last {years} years each take something;"
        " A from {A}, B from {B}, C from {C}, else D.",
    ),
    "credit.none": (
        "近 {years} 年没有已批准的记分或处理。",
        "No points or sanctions were approved in the last {years} years.",
    ),
    "credit.what": ("事项", "What"),
    "credit.document": ("文书或依据", "Document or law"),
    "credit.takes": ("分值变动", "Change of score"),
    "credit.decided": ("记分与处理", "Points and sanctions"),
}
