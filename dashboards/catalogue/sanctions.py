"""Words of the page on what a suspension reaches."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "nav.sanctions": ("中止协同", "Suspensions"),
    "sanctions.lead": (
        "记分、暂停与终止支付资格：先看涉及的全部机构，由第二人审批，再逐家发出指令并收回执。",
        "Points, suspensions and terminations: every place they reach, a second person's approval, one order to each place and its answer.",
    ),
    "sanctions.list": ("多点登记的医护药师", "Registered at several places"),
    "sanctions.led": ("只看线索中的人员", "Only those in leads"),
    "sanctions.shown": (
        "显示 {n} / 共 {total} 人，线索中的人员在前",
        "{n} of {total} shown, those in leads first",
    ),
    "sanctions.none": ("没有在多家机构登记备案的人员。", "Nobody is registered at several places."),
    "sanctions.who": ("人员", "Practitioner"),
    "sanctions.places": ("登记机构", "Places"),
    "sanctions.running": ("仍在期", "Still running"),
    "sanctions.areas": ("涉及省份", "Provinces"),
    "sanctions.rings": ("线索", "Leads"),
    "sanctions.rings.value": ("{n} 条，最高第 {rank} 位", "{n}, best rank {rank}"),
    "sanctions.penalties": ("载入的处罚", "Penalties loaded"),
    "sanctions.one": ("{kind} {name}：中止所涉机构", "{kind} {name}: what a suspension reaches"),
    "sanctions.reach": (
        "登记机构 {filed} 家、另有未登记而有结算的 {other} 家，分布于 {areas}；近 {days} 日涉及参保人 {patients} 人次（按机构计）。",
        "{filed} registered places and {other} without registration but with settlements, in {areas}; {patients} patients in the last {days} days (counted per place).",
    ),
    "sanctions.source": (
        "登记信息出自登记备案表的原始行；结算笔数、金额、最近结算和近期参保人出自快照 {snapshot} 的结算表（退费冲减后，截至 {ended}）。",
        "Registrations from their own rows; visits, money, last settlement and recent patients from the settlements of snapshot {snapshot}, net of refunds, up to {ended}.",
    ),
    "sanctions.unfiled": ("未登记", "not registered"),
    "sanctions.filed": ("登记起止", "Registered"),
    "sanctions.last": ("最近结算", "Last settlement"),
    "sanctions.recent": ("近期参保人", "Recent patients"),
    "sanctions.profile": ("查看实体档案", "See the profile"),
    "sanctions.known": ("已知处理与记分", "Penalties and points known"),
    "sanctions.known.none": (
        "载入的处理数据中没有此人。",
        "The penalties loaded do not name this person.",
    ),
    "sanctions.document": ("文书", "Document"),
    "sanctions.day": ("日期", "Date"),
    "sanctions.measure": ("措施", "Measure"),
    "sanctions.term": ("起止", "Term"),
    "sanctions.duty": ("责任", "Duty"),
    "sanctions.points": ("记分", "Points"),
}
