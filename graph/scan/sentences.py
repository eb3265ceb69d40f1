"""One sentence per motif that a judge can read, in Chinese and English. Always a lead, never guilt."""

import math

from graph.scan.candidates import Candidate

ZH = {
    "covisit": "在 {gatherings} 次聚集中，{members} 张凭证里至少 {least} 张于 {window} 分钟内在同一机构结算；若各人互不相约、按该机构平日就诊时段独立前往，预期为 {expected} 次。",
    "operator_bundle": "{members} 张凭证中至少 {least} 张于 {window} 分钟内由同一收费员工号连续结算，共 {gatherings} 次，涉及 {tills} 个工号；按该工号平日节奏，预期为 {expected} 次。",
    "relay": "这批凭证的聚集先后换了 {stages} 处机构且不再回头；自 {day} 换点时，此前 {before} 人、此后 {after} 人，其中 {same} 人相同。",
    "recruitment": "{gatherings} 次聚集中，除中心人物外的 {joined} 名成员在 {weeks} 周内先后加入，其中 {introduced} 名第一次参加时中心人物均在场（其本人共到场 {hub_gatherings} 次）。",
    "cross_region": "共用同一{token_zh}的 {holders} 名参保人中，{members} 名（参保地涉及 {homes} 个省份，{away} 名为跨省就医）在 {places} 家机构有 {days} 次三户以上同日到访；若各自前往，预期为 {expected} 次。",
    "impossible_patient": "{members} 名参保人有 {conflicts} 次结算与其住院或另一城市的结算在时间上不能并存；按总体水平，预期约 {expected} 次。",
    "shared_token": "{holders} 名参保人（{households} 户）共用同一{token_zh}。",
    "receipts": "{receipts} 张零星报销票据涉及 {members} 名参保人（{households} 户），由相同代办人送办或打入相同账户。",
    "costay": "{members} 名参保人在 {gatherings} 次住院中同进同出（入院、出院均相差不超过两日）。",
    "funnel": "持该医师外配处方的 {of} 名参保人中，{patients} 名以同一药店为主（处方 {scripts} 张）；按同机构其他医师患者的流向，预期约 {expected} 名。",
    "funnel.again": "多次持该医师外配处方的 {of} 名参保人中，{patients} 名以同一药店为主（该医师流向该店的处方共 {scripts} 张）；按其他医师同类患者的流向，预期约 {expected} 名。",
    "funnel.block": "{prescribers} 名不同机构的医师共有 {patients} 名外配处方参保人，这些人的 {scripts} 张处方几乎全部流向 {pharmacies} 家药店，其他参保人持处方到这些药店的比例约为 {share}。",
    "two_places": "该工号有 {moves} 次在短于路程的时间内先后于两家机构结算，分布于 {days} 日；其中未登记备案的机构 {unregistered} 家。",
    "two_places.unfiled": "该工号在 {unregistered} 家未登记备案（或备案已终止）的机构坐诊 {days} 日，结算 {visits} 次，每日均有两名以上患者。",
    "trace_loop": "{codes} 个药品追溯码扣除退货、拆零后仍被重复结算，共 {sales} 次，涉及 {members} 名参保人、{places} 家机构。",
    "after_death": "{dead} 名参保人登记死亡之后仍发生 {uses} 次结算。",
    "drug_rounds": "{members} 名参保人在 {days} 日里共 {rounds} 人次于一日之内在两家以上机构买同一种药，涉及 {places} 家机构、{drugs} 种药；按其他参保人的情形，预期为 {expected} 人次。",
    "staff_patient": "{staff} 名医务人员住院期间，其本人工号仍在 {days} 个日期开单结算。",
    "substitution": "一名医师自 {day} 起暂停支付资格后，同机构另一工号的结算由 {before} 次增至 {after} 次（预期约 {expected} 次），其中 {panel} 次为前者的原有患者。",
    "list_sharing": "{patients} 名参保人在 {days} 日内按同一次序先后到 {places} 家机构，共 {moves} 次；其中 {again} 人至少两次，偶然衔接的预期为 {expected} 人。",
    "list_sharing.rounds": "一家机构的 {patients} 名就诊者此前均未到过另一家机构，自某日起分 {rounds} 轮到该机构结算 {visits} 次，每轮数日，先后次序一致程度 {agreement}%；首轮 {listed} 人，若互不相约，预期为 {expected} 人。",
    "serial_stays": "{patients} 名参保人在 {places} 家医院之间循环，出院后 {gap} 日内入住另一家，共 {handovers} 次。",
    "scheduled.absent": "{members} 名参保人在同一机构的 {visits} 次疗程时段内，有 {conflicts} 次本人又在另一处较远机构结算。",
    "scheduled": "{members} 名参保人按固定日程一同就诊 {sessions} 次；其中 {conflicts} 次（共 {visits} 次）与本人在别处的结算相隔不足路程。",
    "dense_block": "{members} 名参保人被 {layers} 类彼此独立的联系（{ties_zh}）结成一团；其中{tested_zh}共 {joins} 处相连，若各人互不相干，预期为 {expected} 处。",
}

EN = {
    "covisit": "On {gatherings} occasions at least {least} of these {members} cards were settled at one place within {window} minutes; had the people come independently at the hours that place is usually busy, {expected} such occasions would be expected.",
    "operator_bundle": "On {gatherings} occasions at least {least} of these {members} cards were settled by one operator code within {window} minutes ({tills} codes in all); in that till's own rhythm {expected} such occasions would be expected.",
    "relay": "The gatherings of these cards went through {stages} places one after another, never back; at the move of {day} there were {before} people before and {after} after, {same} of them the same.",
    "recruitment": "Apart from the hub, {joined} members joined one after another over {weeks} weeks ({gatherings} gatherings); at the first gathering of {introduced} of them the hub was present (it attended {hub_gatherings} in all).",
    "cross_region": "Of {holders} people who share one {kind}, {members} (insured in {homes} provinces, {away} of them away from their own) were at {places} places on {days} common days, three households or more at a time; {expected} would be expected had they gone independently.",
    "impossible_patient": "{conflicts} settlements of {members} people cannot be squared with their own hospital stay or with a settlement in another city; by the general rate about {expected} would be expected.",
    "shared_token": "{holders} patients of {households} households share one {kind}.",
    "receipts": "{receipts} manual receipts of {members} patients ({households} households) came through the same agent or were paid to the same account.",
    "costay": "{members} patients were admitted and discharged together (within two days at both ends) on {gatherings} occasions.",
    "funnel": "{patients} of the {of} patients with this practitioner's external prescriptions take them mainly to one pharmacy ({scripts} prescriptions); by where colleagues' patients go, about {expected} would be expected.",
    "funnel.again": "{patients} of the {of} patients with several of this practitioner's external prescriptions take them mainly to one pharmacy ({scripts} prescriptions went there); by where such patients of others go, about {expected} would be expected.",
    "funnel.block": "{prescribers} practitioners of different places have {patients} patients with external prescriptions in common; nearly all of these, {scripts} prescriptions, go to {pharmacies} pharmacies, where other patients take a share of about {share}.",
    "two_places": "This staff code settled at two facilities within less time than the way between them on {moves} occasions over {days} days; {unregistered} of the facilities hold no registration.",
    "two_places.unfiled": "This staff code held surgery on {days} days, {visits} settlements, at {unregistered} facilities that hold no registration (or hold one no longer); two patients or more each day.",
    "trace_loop": "{codes} drug trace codes were settled again after returns and split packs are netted: {sales} sales, {members} patients, {places} places.",
    "after_death": "Cards of {dead} patients settled {uses} times after their registered death.",
    "drug_rounds": "{members} people bought the same drug at two places or more within one day, {rounds} times on {days} days, {drugs} drugs at {places} places; as others do, {expected} times would be expected.",
    "staff_patient": "{staff} practitioners billed under their own codes on {days} days inside their own hospital stays.",
    "substitution": "After a practitioner's suspension on {day}, another staff code of the same facility rose from {before} to {after} settlements (about {expected} expected), {panel} of them for the suspended practitioner's own patients.",
    "list_sharing": "{patients} patients went from one to another of {places} facilities within {days} days, in the same order, {moves} times in all; {again} of them at least twice, where chance would bring about {expected}.",
    "list_sharing.rounds": "{patients} patients of one facility, never seen at the other before, were settled there in {rounds} rounds of some days each, {visits} times, and from round to round in the same order ({agreement}% agreement); {listed} of them began in the first round, where {expected} would have, had they come independently.",
    "serial_stays": "{patients} patients went round {places} hospitals, entering one within {gap} days of leaving another, {handovers} times.",
    "scheduled.absent": "In {visits} sessions of {members} patients at one place, {conflicts} times the same person settled at another, distant place within the session's hours.",
    "scheduled": "{members} patients come together on a schedule, {sessions} sessions; {conflicts} of {visits} visits conflict with the same person's settlement too far away.",
    "dense_block": "{members} patients are held together by {layers} independent kinds of ties ({ties_en}); {tested_en} tie them in {joins} places, where {expected} would be expected among unrelated people.",
}

TOKEN_ZH = {"account": "银行账户", "phone": "电话", "agent": "备案代办人"}

TIE_ZH = {
    "meeting": "同现",
    "turn": "窗口前后相接",
    "token": "共享标识",
    "stay": "同住院起止日",
    "script": "同日同医师同药店处方",
    "code": "同一追溯码",
}

TIE_EN = {
    "meeting": "meetings",
    "turn": "turns in one queue",
    "token": "shared identifiers",
    "stay": "the same dates in hospital",
    "script": "prescriptions of one day",
    "code": "trace codes",
}

PREFIX_ZH, PREFIX_EN = "线索：", "Lead: "


def plainly(figure: float) -> str:
    """A small figure without powers of ten, as a court reads it: 0.0031, 12.4, < 0.000001."""
    if figure < 1e-6:
        return "< 0.000001"
    if figure >= 10:
        return f"{figure:.1f}"
    digits = max(2, 1 - math.floor(math.log10(figure)))
    return f"{figure:.{digits}f}".rstrip("0").rstrip(".")


def sentence(candidate: Candidate) -> tuple[str, str]:
    """The candidate in words: (Chinese, English)."""
    facts = dict(candidate.facts) | {"members": len(candidate.patients)}
    facts["token_zh"] = TOKEN_ZH.get(str(facts.get("kind")), "标识")
    for name in ("ties", "tested"):
        named = str(facts.get(name, "")).split()
        facts[f"{name}_zh"] = "、".join(TIE_ZH[tie] for tie in named)
        facts[f"{name}_en"] = ", ".join(TIE_EN[tie] for tie in named)
    expected = facts.get("expected")
    if isinstance(expected, float):
        facts["expected"] = plainly(expected)
    special = f"{candidate.motif}.{facts.get('kind')}"
    name = special if special in ZH else candidate.motif
    return PREFIX_ZH + ZH[name].format_map(facts), PREFIX_EN + EN[name].format_map(facts)


EVENT_ZH = {
    "gathering": "{n} 人在 {minutes} 分钟内先后结算",
    "token": "{n} 人共用同一标识",
    "receipt": "零星报销票据 {invono}",
    "stay": "{n} 人同进同出",
    "script": "外配处方结算",
    "presence": "两地结算相隔 {gap} 分钟，路程约 {way} 分钟",
    "unfiled": "在未备案机构坐诊，{n} 名患者",
    "sale": "追溯码 {code} 结算",
    "death_use": "死亡登记后第 {days_after} 日结算",
    "substitute": "被暂停医师的同机构工号结算",
    "move": "先后到两家机构结算",
    "round": "{n} 人在 {days} 日内按同一次序先后结算",
    "handover": "出院即转入另一家医院",
    "joining": "第 {rank} 名成员首次参加，中心人物在场",
    "away": "{n} 人同日到同一机构，其中有跨省者",
    "conflict": "与本人另一结算不能并存",
    "rounds": "{n} 人当日各在两家以上机构买同一种药",
    "own_stay": "住院期间本人工号在 {days} 日开单",
}

EVENT_EN = {
    "gathering": "{n} people settled within {minutes} minutes",
    "token": "{n} people share one identifier",
    "receipt": "manual receipt {invono}",
    "stay": "{n} people admitted and discharged together",
    "script": "external prescription settled",
    "presence": "settled {gap} minutes apart, about {way} minutes' way",
    "unfiled": "surgery of {n} patients at a place without registration",
    "sale": "trace code {code} settled",
    "death_use": "settled {days_after} days after the registered death",
    "substitute": "settled under another code of the facility",
    "move": "settled at two facilities in turn",
    "round": "{n} people settled within {days} days, in the list's order",
    "handover": "left one hospital and entered another",
    "joining": "member {rank} comes for the first time, with the hub",
    "away": "{n} people at one place on one day, some of them from another province",
    "conflict": "cannot be squared with another settlement of the same person",
    "rounds": "{n} people each bought one drug at two places or more that day",
    "own_stay": "own code billed on {days} days of the stay",
}
