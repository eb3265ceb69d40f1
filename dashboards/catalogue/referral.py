"""Words of the page on reports and referral."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "nav.referral": ("移送与报告", "Reports and referral"),
    "referral.lead": (
        "一条线索目前可以导出的材料，以及移送时还须由承办人员备齐的内容。",
        "What can be taken along of one lead today, and what people must still add for a referral.",
    ),
    "referral.have": ("现有材料", "What there is"),
    "referral.masked": (
        "以下材料只含编号、机构的公开名称和结算记录号，不含姓名、证件号、电话和账户。",
        "All of it holds ids, public names of places and settlement numbers; no names of people, identity numbers, phones or accounts.",
    ),
    "referral.get": ("下载", "Download"),
    "referral.rows": ("{n} 行 · SHA-256 {hash}", "{n} rows · SHA-256 {hash}"),
    "referral.evidence": ("证据清单（CSV）", "Evidence (CSV)"),
    "referral.evidence.what": (
        "每条证据的时间、机构、参保人编号、基金支付、说明和源记录号。",
        "Each entry's time, place, patients' ids, money, what it says, and the numbers of its source rows.",
    ),
    "referral.members": ("成员清单（CSV）", "Members (CSV)"),
    "referral.members.what": (
        "成员编号、类别、角色、核心或外围、证据所列次数与基金支付。",
        "Each member's id, kind, role, core or periphery, times and money in evidence.",
    ),
    "referral.places": ("机构清单（CSV）", "Places (CSV)"),
    "referral.places.what": (
        "成员就诊机构的代码、名称、地区、结算笔数、人数与基金支付。",
        "Code, name, division, visits, people and money of each place the members used.",
    ),
    "referral.standalone": ("离线图谱（网页）", "Offline network (web page)"),
    "referral.standalone.what": (
        "一个网页文件，无需联网即可打开，可筛选、展开分组、查路径和导出图片。",
        "One web page that opens without any network: filter, group, find ways, save a picture.",
    ),
    "referral.attachment.what": (
        "随核查报告附送的简版互动图，可拖动、缩放和查看说明。",
        "A simple interactive picture to go with a report: move, zoom, hover for what it says.",
    ),
    "referral.attachment": ("报告附件图（网页）", "Report attachment (web page)"),
    "referral.picture": ("图谱图片（PNG）", "Picture of the network (PNG)"),
    "referral.picture.what": (
        "在团伙详情或图谱调查的画布上导出，图下注明标题、时间、数据版本和校验值。",
        "Made on the canvas of the lead or the workbench, with caption, time, version of the data and a hash.",
    ),
    "referral.picture.go": ("前往画布", "To the canvas"),
    "referral.nobundle": (
        "画布组件未构建，暂不能导出图谱。",
        "The canvas is not built here, so the network cannot be exported.",
    ),
    "referral.check": ("移送核对清单", "Checklist for a referral"),
    "referral.check.note": (
        "仅为核对清单：以下文书本系统目前不生成，须由承办人员制作；是否移送由负责人依法决定。依据医保发〔2021〕49号、国务院令第310号。",
        "A checklist only: this system does not make these papers yet. Whether to refer is for the head to decide. After NHSA notice 49 of 2021 and State Council Order 310.",
    ),
    "referral.item": ("材料或步骤", "Paper or step"),
    "referral.rule": ("要求", "What is required"),
    "referral.state": ("本系统现有", "In this system"),
    "referral.part": ("部分", "in part"),
    "referral.not": ("无，须人工", "no, by hand"),
    "referral.team": ("专案组", "Team"),
    "referral.team.rule": ("不少于两名执法人员。", "At least two enforcement officers."),
    "referral.report": ("书面报告与审批", "Written report and approval"),
    "referral.report.rule": (
        "报正职负责人或主持工作的负责人，3 日内决定；不批准的记录理由。",
        "To the head of the department, who decides within 3 days and records reasons for a refusal.",
    ),
    "referral.send": ("移送时限", "Time limit"),
    "referral.send.rule": (
        "批准后 24 小时内移送同级公安机关。",
        "To public security of the same level within 24 hours of approval.",
    ),
    "referral.letter": ("案件移送书及回执", "Letter of referral and receipt"),
    "referral.letter.rule": (
        "按通知附件 2、附件 4 的格式。",
        "In the form of annexes 2 and 4.",
    ),
    "referral.inquiry": ("案件调查报告", "Report of the inquiry"),
    "referral.inquiry.rule": (
        "按通知附件 3 的格式；可引用上方的证据、成员和机构清单。",
        "In the form of annex 3; the lists above can be quoted.",
    ),
    "referral.goods": ("涉案物品清单", "List of items"),
    "referral.goods.rule": (
        "立案后 3 日内移交物品和其余材料，并办理交接。",
        "Items and remaining material go over within 3 days of the opening of the case, against receipt.",
    ),
    "referral.originals": ("书证、物证", "Documents and exhibits"),
    "referral.originals.rule": (
        "原始处方、病历、票据等；可按上方的源记录号调取。",
        "Original prescriptions, records, receipts; fetch them by the source rows above.",
    ),
    "referral.expert": ("检验报告或鉴定结论", "Expert findings"),
    "referral.expert.rule": ("有则附上。", "Where there are any."),
    "referral.column.core": ("核心", "Core"),
    "referral.column.until": ("结束", "Until"),
    "referral.column.code": ("机构代码", "Place code"),
    "referral.column.patients": ("参保人编号", "Patients' ids"),
}
