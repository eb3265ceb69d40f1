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
    "overview.work": ("当前工作", "Work at hand"),
    "overview.work.jobs": ("进行中的任务", "Jobs at work"),
    "overview.work.jobs.help": (
        "正在运行或排队的扫描与加载，见“扫描任务”和“数据接入”。",
        "Scans and loads that run or wait; see Scans and Data intake.",
    ),
    "overview.work.new": ("新出现的线索", "New leads"),
    "overview.work.new.help": (
        "与上一次扫描（{before}）相比新出现的线索；另有扩大、合并或拆分的 {changed} 条。",
        "New since the scan before ({before}); {changed} more have grown, merged or split.",
    ),
    "overview.work.first": (
        "这是第一次扫描，没有可比的上一次。",
        "This is the first scan; there is none to compare with.",
    ),
    "overview.work.cases": ("待办案件", "Cases waiting"),
    "overview.work.fresh": ("数据截至", "Data up to"),
    "overview.work.tasks": ("即将到期的任务", "Tasks next due"),
    "overview.work.tasks.shown": (
        "显示 {n} / 共 {total} 项未完成任务",
        "{n} of {total} open tasks shown",
    ),
    "overview.count": ("条数", "Leads"),
}
