"""Words of the ring list."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "rings.lead": (
        "按可追回金额与证据强度排序。每条都是待核查的线索，不是认定结论。",
        "Ranked by recoverable money and strength of evidence. Each is a lead to check, not a finding.",
    ),
    "rings.search": ("搜索", "Search"),
    "rings.search.hint": (
        "线索编号、人员编号、机构代码或名称",
        "Ring id, person id, place code or name",
    ),
    "rings.search.help": (
        "可输入编号的一部分，不少于 3 个字符；也可输入完整的参保人编号或医师代码。",
        "Part of an id, at least 3 characters; or a whole patient number or staff code.",
    ),
    "rings.grade": ("等级", "Grade"),
    "rings.motif": ("特征", "Motif"),
    "rings.region": ("地区", "Region"),
    "rings.place": ("机构", "Place"),
    "rings.any": ("不限", "Any"),
    "rings.sort": ("排序", "Sort by"),
    "rings.sort.rank": ("综合排名", "Rank"),
    "rings.sort.recoverable": ("可追回金额", "Recoverable"),
    "rings.sort.fund": ("基金支付", "Fund paid"),
    "rings.sort.patients": ("参保人数", "Patients"),
    "rings.sort.last": ("最近发生", "Latest"),
    "rings.export": ("导出 CSV", "Export CSV"),
    "rings.export.help": (
        "导出当前筛选的全部线索，只含编号，不含姓名和证件号。",
        "All leads under these filters: ids only, no names or identity numbers.",
    ),
    "rings.total": (
        "显示 {first}–{last}，共 {n} 条（全部 {total} 条）",
        "Showing {first}–{last} of {n} (all leads: {total})",
    ),
    "rings.zero": ("共 0 条（全部 {total} 条）", "0 of {total} leads"),
    "rings.column.rank": ("排名", "Rank"),
    "rings.column.ring": ("线索", "Lead"),
    "rings.column.why": ("特征与理由", "Motif and reason"),
    "rings.column.patients": ("参保人", "Patients"),
    "rings.column.places": ("机构", "Places"),
    "rings.column.visits": ("结算笔数", "Visits"),
    "rings.column.fund": ("基金支付", "Fund paid"),
    "rings.column.recoverable": ("可追回", "Recoverable"),
    "rings.column.span": ("起止日期", "Dates"),
    "rings.column.region": ("地区", "Region"),
    "rings.place.code": ("{name}（{code}）", "{name} ({code})"),
}
