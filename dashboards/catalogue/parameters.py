"""Words of the scan's thresholds: what each is called, its unit, what it means."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "group.covisits": ("同时就诊", "Seen together"),
    "group.rings": ("团伙大小与对照", "Rings and decoys"),
    "group.tokens": ("共享标识与票据", "Shared values and receipts"),
    "group.stays": ("住院与死亡", "Stays and deaths"),
    "group.practice": ("处方与在岗", "Prescriptions and presence"),
    "parameter_unit.minutes": ("分钟", "minutes"),
    "parameter_unit.days": ("天", "days"),
    "parameter_unit.times": ("次", "times"),
    "parameter_unit.people": ("人", "people"),
    "parameter_unit.visits": ("笔结算", "visits"),
    "parameter_unit.chance": ("概率", "probability"),
    "parameter_unit.density": ("密度", "density"),
    "parameter_unit.rounds": ("轮", "rounds"),
    "parameter_unit.receipts": ("张", "receipts"),
    "parameter_unit.scripts": ("张处方", "prescriptions"),
    "parameter_unit.fold": ("倍", "times the usual"),
    "parameter_unit.kmh": ("公里每小时", "km/h"),
    "parameter.seed": ("随机种子", "Seed"),
    "parameter.seed.means": (
        "同一快照、同样阈值、同一种子，结果逐字节相同。",
        "The same snapshot, thresholds and seed give the same result, byte for byte.",
    ),
    "parameter.window": ("同时就诊时间窗", "Window of a co-visit"),
    "parameter.window.means": (
        "两人在同一机构结算相隔不超过这么久，算同时就诊一次。",
        "Two people who settle at one place within this time were seen together once.",
    ),
    "parameter.least_covisits": ("最少同时就诊", "Least co-visits"),
    "parameter.least_covisits.means": (
        "一对人至少同时就诊这么多次才考虑。",
        "A pair counts from so many co-visits on.",
    ),
    "parameter.pair_p": ("成对偶然概率上限", "Chance of a pair, at most"),
    "parameter.pair_p.means": (
        "按各自就诊习惯，碰巧同到这么多次的概率不超过此值，才作为团伙的起点。",
        "A pair starts a ring only where habit alone makes so many meetings at most this likely.",
    ),
    "parameter.schedule_p": ("固定日程判定概率", "Chance of a schedule"),
    "parameter.schedule_p.means": (
        "就诊碰巧如此规律的概率不超过此值，就认为按日程就诊（如透析），这类就诊不计入同时就诊。",
        "Visits this regular by chance at most this often follow a schedule (dialysis) and make no co-visit.",
    ),
    "parameter.many_visits": ("大数据量起点", "Many visits from"),
    "parameter.many_visits.means": (
        "结算数达到此值后，只找同到次数较多的对子，以控制用时。",
        "From so many visits on only pairs with more meetings are sought, to bound the time.",
    ),
    "parameter.most_visits": ("超大数据量起点", "Very many visits from"),
    "parameter.most_visits.means": (
        "结算数达到此值后，共用名单的机构只凭先后转移的人群查找。",
        "From so many visits on places that share a list are sought by repeated moves alone.",
    ),
    "parameter.least_members": ("团伙最少人数", "Least members"),
    "parameter.least_members.means": ("人数更少的不成团伙。", "Fewer people make no ring."),
    "parameter.most_members": ("团伙最多人数", "Most members"),
    "parameter.most_members.means": (
        "人数更多的视为人群，不作为团伙。",
        "More people are a crowd, not a ring.",
    ),
    "parameter.resolution": ("团内联系密度下限", "Least density inside a ring"),
    "parameter.resolution.means": (
        "团伙内部成对联系的最低密度；调高则团伙更小、更紧密。",
        "The least density of pairs inside a ring; higher makes rings smaller and tighter.",
    ),
    "parameter.household_most": ("一户最多人数", "Most of one household"),
    "parameter.household_most.means": (
        "同一住址的人数超过此值，不再当作一家人。",
        "An address with more people than this is no household.",
    ),
    "parameter.decoys": ("打乱对照轮数", "Decoys"),
    "parameter.decoys.means": (
        "把就诊日期打乱后重找若干轮，估计偶然占比；每轮约等于一次同现查找的用时。",
        "The search repeated on shuffled dates, to tell the share of chance; each takes as long as the co-visit search.",
    ),
    "parameter.hub_holders": ("常见标识人数", "Holders of a common value"),
    "parameter.hub_holders.means": (
        "一个电话、住址等的持有人超过此值，就不再说明问题。",
        "A phone or address with more holders than this says nothing by itself.",
    ),
    "parameter.least_phone_holders": ("共用电话最少人数", "Least holders of a phone"),
    "parameter.least_phone_holders.means": (
        "至少这么多人留同一电话才成线索。",
        "So many people must give one phone before it makes a lead.",
    ),
    "parameter.least_account_holders": ("共用账户最少人数", "Least holders of an account"),
    "parameter.least_account_holders.means": (
        "至少这么多人报销到同一银行账户才成线索。",
        "So many people must be paid to one account before it makes a lead.",
    ),
    "parameter.least_receipts": ("票据最少张数", "Least receipts"),
    "parameter.least_receipts.means": (
        "零星报销票据团伙至少有这么多张票据。",
        "A receipt mill has at least so many receipts.",
    ),
    "parameter.least_repeated_codes": ("追溯码重复最少次数", "Least repeated trace codes"),
    "parameter.least_repeated_codes.means": (
        "药品追溯码至少重复售出这么多次才成线索。",
        "Trace codes must be sold again so many times before they make a lead.",
    ),
    "parameter.costay_days": ("同步住院日差", "Days between stays"),
    "parameter.costay_days.means": (
        "入院与出院日相差都不超过这么多天，算同步住院。",
        "Stays that begin and end within so many days of each other are stays together.",
    ),
    "parameter.least_costays": ("最少同步住院", "Least stays together"),
    "parameter.least_costays.means": (
        "一对人至少同步住院这么多次才考虑。",
        "A pair counts from so many stays together on.",
    ),
    "parameter.death_grace_days": ("死亡后宽限", "Days after a death"),
    "parameter.death_grace_days.means": (
        "死亡后这么多天内的结算可能只是迟报，不计。",
        "Uses within so many days of a death may be late reports and do not count.",
    ),
    "parameter.funnel_p": ("处方集中偶然概率上限", "Chance of a funnel, at most"),
    "parameter.funnel_p.means": (
        "处方碰巧如此集中到一家药店的概率不超过此值，才成线索。",
        "Prescriptions must be this unlikely to gather at one pharmacy by chance.",
    ),
    "parameter.funnel_lift": ("处方集中倍数", "Lift of a funnel"),
    "parameter.funnel_lift.means": (
        "流向该药店的处方至少是同行水平的这么多倍。",
        "So many times as many prescriptions as peers send must reach the pharmacy.",
    ),
    "parameter.least_scripts": ("最少处方数", "Least prescriptions"),
    "parameter.least_scripts.means": (
        "医师流向一家药店的处方至少这么多张才考虑。",
        "A practitioner and a pharmacy count from so many prescriptions on.",
    ),
    "parameter.presence_gap": ("两地结算最长间隔", "Longest gap between two places"),
    "parameter.presence_gap.means": (
        "同一医师在两家机构开单相隔不超过这么久，才可能分身乏术。",
        "Work at two places within this time can still be a conflict.",
    ),
    "parameter.travel_kmh": ("路上车速", "Speed of travel"),
    "parameter.travel_kmh.means": (
        "两家机构之间按直线距离估算路程用时的车速。",
        "The speed at which the way between two places is reckoned.",
    ),
    "parameter.travel_floor": ("最短路程用时", "Shortest way"),
    "parameter.travel_floor.means": (
        "没有坐标的两家机构之间，路上至少用这么久。",
        "The shortest credible way between two places without coordinates.",
    ),
    "parameter.least_presence": ("最少在岗冲突", "Least conflicts of presence"),
    "parameter.least_presence.means": (
        "至少冲突这么多次才成线索。",
        "So many conflicts make a lead.",
    ),
    "parameter.ignores": ("排除的对象与线索（条）", "What is left aside (number)"),
    "parameter.decided_cases": ("已结案件（件）", "Decided cases (number)"),
}
