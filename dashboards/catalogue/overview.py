"""Words of the overview."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "overview.lead": (
        "结算期间 {dates}，数据载入于 {loaded}",
        "Settlements {dates}, loaded {loaded}",
    ),
    "overview.patients": ("参保人", "Patients"),
    "overview.practitioners": ("医护药师", "Practitioners"),
    "overview.facilities": ("定点医疗机构", "Facilities"),
    "overview.pharmacies": ("定点零售药店", "Pharmacies"),
    "overview.visits": ("有效就诊结算", "Visits that count"),
    "overview.visits.help": (
        "已冲销退费；全额退费的结算不计。",
        "Net of refunds; visits refunded in full do not count.",
    ),
    "overview.fund": ("基金支付（净额）", "Fund paid, net"),
    "overview.leads": ("团伙线索", "Leads"),
    "overview.recoverable": ("预计可追回", "Recoverable"),
    "overview.recoverable.help": (
        "各线索可追回金额的合计，同一笔结算可能出现在几条线索中；以核查认定为准。",
        "Sum over leads; one visit may stand in several. An estimate until checked.",
    ),
    "overview.people": ("涉及参保人", "Patients in leads"),
    "overview.top": ("排名靠前的线索", "Leads at the top"),
    "overview.top.all": ("查看全部 {n} 条线索", "See all {n} leads"),
    "overview.scan": ("最新扫描", "Latest scan"),
    "overview.scan.facts": (
        "{started} 开始，用时 {took}；参数种子 {seed}，快照 {snapshot}",
        "Started {started}, took {took}; seed {seed}, snapshot {snapshot}",
    ),
    "overview.scan.stale": (
        "这次扫描所用的快照（{scanned}）不是当前快照（{live}）。请重新运行 huancha scan。",
        "This scan used snapshot {scanned}, which is not the live one ({live}). Run huancha scan again.",
    ),
    "overview.stage": ("阶段", "Stage"),
    "overview.stage.rows": ("产出行数", "Rows out"),
    "overview.stage.seconds": ("用时", "Time"),
    "overview.grades": ("按等级", "By grade"),
    "overview.motifs": ("按特征", "By motif"),
    "overview.months": ("每月有效结算与基金支付", "Visits and fund paid by month"),
    "overview.months.visits": ("有效结算（笔）", "Visits"),
    "overview.months.fund": ("基金支付（万元）", "Fund paid (¥10,000)"),
    "overview.month": ("月份", "Month"),
    "overview.load": ("数据质量", "Data quality"),
    "overview.load.more": ("查看数据接入报告", "See the load report"),
    "overview.off": ("未启用的分析", "What is switched off"),
    "overview.count": ("条数", "Leads"),
}
