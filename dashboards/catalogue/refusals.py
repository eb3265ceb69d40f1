"""Why a step was refused: a sentence for each error of casework that a screen can meet, by the error's name."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "refusal.UnknownActor": (
        "没有登录人，或登录人没有角色。请登录，或请管理员授予角色。",
        "Nobody with a role is named as acting: sign in, or have an administrator give a role.",
    ),
    "refusal.NoReason": ("请写明理由，理由记入留痕。", "Say why: the reason is kept in the audit."),
    "refusal.RefusedByStore": (
        "案件库按其规则拒绝（{why}），没有更改。",
        "The store's own rules refuse this ({why}): nothing was changed.",
    ),
    "refusal.UnusableStore": (
        "案件库 {store} 不能使用（{why}）。请联系管理员。",
        "The store of decisions {store} cannot be used ({why}): ask an administrator.",
    ),
    "refusal.NoLaw": (
        "{day} 没有适用的法规包。请改用以后的日期，或补充当时的法规包。",
        "No pack of law is in force on {day}: take a later day, or add the pack of that time.",
    ),
    "refusal.NotInLaw": (
        "法规包 {pack} 在 {day} 没有 {rule} 的规定。请先补充文号和条款。",
        "The pack {pack} has no {rule} on {day}: add it there, with document and article.",
    ),
    "refusal.NoHolidays": (
        "没有 {year} 年的节假日安排，不能推算期限。请补充当年的放假通知。",
        "The holidays of {year} are not known: put that year's notice into the workspace; nothing is guessed.",
    ),
    "refusal.NotAllowed": (
        "{name} 在 {area} 没有“{role}”角色。请由有此角色的人员办理。",
        "{name} does not hold the role {role} for {area}: ask somebody who does.",
    ),
    "refusal.SamePerson": (
        "{name} 是提出人，不能自行审批。请由另一人办理。",
        "{name} proposed this and may not decide on it: ask another person.",
    ),
    "refusal.NoDocument": (
        "须填写已作出的文书编号和日期，日期不得晚于今天。",
        "Give the number of a document that is already decided, and its day, not later than today.",
    ),
    "refusal.SameDocument": (
        "此人已因文书 {document} 记分。如有错误，请先撤销原记分。",
        "The person already has points by {document}: reverse that line first.",
    ),
    "refusal.OutsideBand": (
        "记 {points} 分不在所选情形的分值范围内。请先选情形，再填分值。",
        "{points} points are not in that band: choose the band of the act, then points inside it.",
    ),
    "refusal.NotRepairable": (
        "本年不能修复 {points} 分，最多还可修复 {left} 分。",
        "{points} points cannot be repaired this year: at most {left} are left.",
    ),
    "refusal.NoLine": (
        "记分台账第 {no} 条不能这样办理。请刷新后再看。",
        "Line {no} of the points ledger is not open to this: look at the ledger again.",
    ),
    "refusal.NoProposal": (
        "没有待审批的事项，可能已由他人办理。请刷新后再看。",
        "Nothing proposed waits for a decision here: somebody may have decided; look again.",
    ),
    "refusal.NoCase": ("没有案件 {case}。", "There is no case {case}."),
    "refusal.OpenAlready": (
        "同一来源已有未结案件 {case}，请在该案中办理。",
        "The same source has the open case {case}: go on with that one.",
    ),
    "refusal.NoTransition": (
        "案件 {case} 现为“{source}”，不能变为“{target}”。",
        "Case {case} is “{source}” and cannot go to “{target}” like this.",
    ),
    "refusal.NoEnd": (
        "搁置日期须晚于今天（现填 {until}）。",
        "Set it aside until a day after today (not {until}).",
    ),
    "refusal.NotASecondCase": (
        "案件 {case} 不能与 {other} 关联或并案：须是另一件未结且尚未关联的案件。",
        "Case {case} cannot be joined with {other}: name another case, open and not joined yet.",
    ),
    "refusal.NoTask": (
        "任务 {no} 已完成或不存在。",
        "Task {no} is done or does not exist.",
    ),
    "refusal.TooLarge": (
        "{name} 有 {size} 字节，超过上限 {most} 字节。请分成几份。",
        "{name} has {size} bytes, at most {most} are kept: attach it in parts.",
    ),
    "refusal.ChangedAttachment": (
        "附件 {no} 与添加时不一致，不能下载。请告知审计员并从备份恢复。",
        "Attachment {no} is not as it was attached: tell the auditor and take it from a backup.",
    ),
    "refusal.WrongKey": (
        "密钥不符，封存的内容不能打开。请管理员恢复工作区的密钥文件。",
        "The key does not fit, so what is sealed does not open: put the workspace's files of keys back.",
    ),
    "refusal.NoTip": (
        "举报线索 {no} 不能这样办理，可能已有人办理。请刷新后再看。",
        "Tip {no} is not open to this: somebody may have acted; look again.",
    ),
    "refusal.NoReporter": (
        "举报线索 {no} 是匿名举报，没有登记举报人。",
        "Tip {no} came without a name: nobody knows who gave it.",
    ),
    "refusal.UnusablePool": (
        "此名单不能用于抽取：{unfair}。请更正。",
        "Nothing can be drawn from this pool: {unfair}. Correct it.",
    ),
    "refusal.NobodyLeft": (
        "能派往编号末尾为 {place} 的机构的检查人员不足 {team} 人。请增加检查人员，或商请其他单位支援。",
        "Fewer than {team} inspectors may be sent to the place whose id ends in {place}: add inspectors,"
        " or ask another office for them.",
    ),
    "refusal.NotADrawDay": (
        "{day} 不可以：种子须在封存名单的次日或以后公布，公布当天起才能抽取。",
        "{day} does not do: the seed comes out after the day the pool is laid down, and nothing is drawn before.",
    ),
    "refusal.NoDraw": (
        "抽查 {no} 不能这样办理，可能已抽取或已变更。请刷新后再看。",
        "Draw {no} is not open to this: it may have been drawn or changed; look again.",
    ),
    "refusal.NotDue": (
        "累计 {points} 分不应作出 {months} 个月的处理。请核对分值和期限。",
        "{points} points are not due a sanction of {months} months: see the standing and the length the law gives.",
    ),
    "refusal.NoSanction": (
        "处理 {no} 不能这样办理，可能已有人办理。请刷新后再看。",
        "Sanction {no} is not open to this: somebody may have acted; look again.",
    ),
    "refusal.NoCode": (
        "编号末尾为 {id} 的人员或机构没有平台编码，不能向其发出指令。请先加载含编码的表。",
        "Who or what has the id ending in {id} has no code of the platform, no order could name it:"
        " load the tables that hold it.",
    ),
    "refusal.ReachChanged": (
        "处理 {no} 提出后，所涉登记已有变化。请退回，重新预览并提出。",
        "Sanction {no} reaches other registrations now than were proposed: refuse it, preview and propose again.",
    ),
    "refusal.NoAppeal": (
        "申诉 {appeal} 不能这样办理，可能已有人办理。请刷新后再看。",
        "Appeal {appeal} is not open to this: somebody may have acted; look again.",
    ),
    "refusal.NotAppealable": (
        "不能登记这件申诉：须针对已批准且尚未申诉的记分或处理（修复和撤销除外），日期不得晚于今天。",
        "This appeal cannot be entered: what it is against must be points given or a sanction, approved and not"
        " appealed against before, and the day not later than today.",
    ),
    "refusal.DecidedBefore": (
        "{name} 参与过申诉 {appeal} 所针对的决定，须回避。请由未参与的人员办理。",
        "{name} took part in what appeal {appeal} is against: ask somebody who did not.",
    ),
    "refusal.WrongEffects": (
        "处理意见与所选结论不符：支持即撤销原决定，部分支持即减轻，驳回即维持。",
        "The decision does not fit its outcome: upheld undoes, partly leaves less, rejected does nothing.",
    ),
    "refusal.NoNotice": (
        "现在不能登记这种文书：告知书须在批准之前，其他文书须在批准之后。",
        "There can be no such notice now: a notice in advance comes before the approval, every other after it.",
    ),
    "refusal.NotServed": (
        "尚未登记处理通知书的送达，不能登记申诉。请先登记送达日期。",
        "The notice of the decision was not served by then: record when it was served first.",
    ),
    "refusal.BadTemplate": (
        "文书模板 {template} 有误（{why}）。请法制人员更正。",
        "The template {template} is wrong ({why}): have it corrected.",
    ),
    "unfair.no_place": ("没有机构", "it names no place"),
    "unfair.place_twice": ("有机构重复", "a place stands in it twice"),
    "unfair.inspector_twice": ("有检查人员重复", "an inspector stands in it twice"),
    "unfair.share": ("抽取比例须为 1% 至 100%", "its share is not 1 to 100 percent"),
    "unfair.team": ("检查人员少于每家所需人数", "it has fewer inspectors than a team needs"),
    "unfair.team_of_law": ("每家检查人员少于法定人数", "its team is smaller than the law asks for"),
    "unfair.no_reason": ("有回避没有写明理由", "a recusal has no reason"),
    "unfair.other_place": ("回避所指机构不在名单中", "a recusal names another place"),
    "unfair.other_inspector": ("回避所指人员不在名单中", "a recusal names another inspector"),
    "unfair.columns": (
        "回避每行须写检查人员、机构、理由三项",
        "a recusal has not its three parts: inspector, place, reason",
    ),
}
