"""Words of tips (举报线索): the list, one tip, what is sealed of it."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "tips.list": ("举报线索", "Tips"),
    "tips.lead": (
        "举报内容和举报人分别加密保存；举报人只有联络员可以查看，每次查看都须写明理由并留痕。",
        "What a tip says and who gave it are sealed, each for itself. Who gave it is for the liaison alone;"
        " every look needs a reason and is audited.",
    ),
    "tips.waiting": ("未答复", "Not answered"),
    "tips.none": ("没有这样的举报线索。", "There is no such tip."),
    "tips.shown": (
        "显示 {n} / 共 {total} 条，最早收到的在前",
        "{n} of {total} shown, oldest first",
    ),
    "tips.no": ("编号", "No."),
    "tips.received": ("收到", "Received"),
    "tips.channel": ("渠道", "Channel"),
    "tips.channel.phone": ("电话", "telephone"),
    "tips.channel.letter": ("来信", "letter"),
    "tips.channel.visit": ("来访", "visit"),
    "tips.channel.web": ("网络", "online"),
    "tips.channel.handed": ("转办", "handed over"),
    "tips.due": ("核查期限", "Check by"),
    "tips.case": ("案件", "Case"),
    "tips.receive": ("登记举报", "Receive a tip"),
    "tips.receive.do": ("登记举报", "Enter the tip"),
    "tips.receive.write": ("请写明举报内容。", "Say what was reported."),
    "tips.content": ("举报内容", "What it says"),
    "tips.reporter": ("举报人", "Who gave it"),
    "tips.reporter.unknown": (
        "姓名、联系方式；不填为匿名",
        "Name and how to reach them; empty: not known",
    ),
    "tips.one": ("举报线索 {no}", "Tip {no}"),
    "tips.unknown": ("没有举报线索 {tip}。", "There is no tip {tip}."),
    "tips.facts": (
        "{who} 于 {at} 收到；渠道 {channel}；地区 {area}；承办人 {assignee}",
        "Received by {who} on {at}; channel {channel}; division {area}; assigned to {assignee}",
    ),
    "tips.due.said": (
        "核查并决定是否立案的期限：{ends}　{law} {mark}",
        "To be checked, and filed or not, by {ends} ({law} {mark})",
    ),
    "tips.sealed": (
        "默认遮蔽。逐项查看须填写理由，查看即留痕，{seconds} 秒后自动遮蔽。举报人只有联络员可以查看。",
        "Masked. Each part is shown alone, for a reason, with an audit entry, and hidden again after {seconds} seconds."
        " Who gave it is for the liaison alone.",
    ),
    "tips.assign.text": ("分派理由", "Why this person"),
    "tips.assign.do": ("分派举报", "Assign the tip"),
    "tips.assign.name": ("请填写承办人。", "Say whom it is given to."),
    "tips.result.text": ("核查结果", "What it came to"),
    "tips.result.do": ("记录结果", "Note the result"),
    "tips.result.said": ("核查结果：{text}", "Result: {text}"),
    "tips.answer.text": ("答复内容", "What the reporter was told"),
    "tips.answer.do": ("记录答复", "Note the answer"),
    "tips.done": ("已办完，没有下一步。", "All is done; there is no next step."),
    "tips.answered": ("已于 {at} 答复举报人", "The reporter was answered on {at}"),
    "tips.case.see": ("打开案件 {case}", "Open case {case}"),
    "tips.case.none": ("尚未立案。", "No case was opened from it yet."),
    "tips.case.do": ("据此立案", "Open a case from it"),
    "tips.see": ("查看举报线索", "See the tip"),
    "tips.history": ("经过，含每次查看", "What happened, every look among it"),
    "tip_state.received": ("待分派", "to be assigned"),
    "tip_state.assigned": ("核查中", "being checked"),
    "tip_state.result": ("待答复", "to be answered"),
    "tip_state.answered": ("已答复", "answered"),
}
