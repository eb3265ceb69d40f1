"""Words of the door: signing in, roles, what is refused, and showing what is masked."""

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "access.sign_in": ("登录", "Sign in"),
    "access.sign_out": ("退出登录", "Sign out"),
    "access.nobody": ("请先登录。", "Sign in first."),
    "access.away.sign_in": (
        "请用单位的账号登录。",
        "Sign in with your office's account.",
    ),
    "access.away.over": (
        "本次登录已结束。请重新登录。",
        "This sign-in has ended. Sign in again.",
    ),
    "access.away.unknown": (
        "已登录，但名册里没有“{name}”。请管理员在名册中登记角色和地区。",
        "You are signed in, but “{name}” is not on the list of people. Ask an administrator for a role.",
    ),
    "access.away.outside": (
        "演示登录只能在本机上使用：服务须只监听本机地址，前面也不能有代理。请改用统一身份认证或可信代理登录。",
        "The demo's sign-in works on this machine only: the server must listen on loopback, without a proxy before it."
        " Set up sign-in by OIDC or by a trusted proxy.",
    ),
    "access.away.proxy": (
        "没有收到可信代理给出的登录人。请从单位的入口打开本系统。",
        "No trusted proxy says who you are. Open this system through your office's entrance.",
    ),
    "access.away.settings": (
        "登录设置有误，所有人都不能进入。请管理员检查登录设置和名册。",
        "The settings of the sign-in cannot be used, so nobody may enter. Ask an administrator to check them and the list of people.",
    ),
    "access.page": (
        "您的角色不能打开本页。可以打开的角色：{roles}。",
        "Your role may not open this page. These may: {roles}.",
    ),
    "access.refused": (
        "您的角色不能{action}，没有做任何更改。",
        "Your role may not {action}; nothing was changed.",
    ),
    "access.action.scan": ("发起或取消扫描", "start or cancel scans"),
    "access.action.load": ("加载数据", "load data"),
    "access.action.note": ("写备注", "write notes"),
    "access.action.save_view": ("保存视图", "save views"),
    "access.action.export": ("导出", "take anything along"),
    "access.action.unmask": ("查看明文", "see what is masked"),
    "access.only": (
        "只有{roles}可以{action}。",
        "Only these roles may {action}: {roles}.",
    ),
    "access.action.case": (
        "立案、分派、写意见、布置任务、添加附件、关联案件",
        "open and assign cases, comment, give tasks, attach files, link cases",
    ),
    "access.action.case_step": ("办理案件的下一步", "take a case to its next step"),
    "access.action.sanction": (
        "提出记分与处理，登记文书和申诉",
        "propose points and sanctions, enter notices and appeals",
    ),
    "access.action.decide": (
        "复核记分，审批处理和申诉",
        "decide on points, sanctions and appeals",
    ),
    "access.action.tip": ("登记、分派、答复举报", "receive, assign and answer tips"),
    "access.action.tip_check": (
        "记录举报核查结果、据此立案",
        "note what tips came to, open cases from them",
    ),
    "access.action.tip_read": ("查看举报内容", "read what tips say"),
    "access.action.tip_reporter": ("查看举报人", "see who gave a tip"),
    "access.action.draw": ("封存抽查名单、抽取", "lay pools down and draw"),
    "access.action.recuse": ("批准抽取后的回避", "decide on recusals after a draw"),
    "access.action.refer": ("起草、审批、办理移送", "write, decide on and send referrals"),
    "access.action.order": ("重发指令", "send orders again"),
    "access.action.joint": ("办理联审和协查", "take part in joint reviews and assistance"),
    "access.action.release": ("提请、批准或送出对外提供", "propose, release or send exports"),
    "access.action.export_audit": ("导出留痕", "take the audit along"),
    "access.unrecorded": (
        "留痕写不进去，因此没有显示，也没有更改：{why}",
        "The audit cannot be written, so nothing was shown or changed: {why}",
    ),
    "access.demo": ("演示角色", "Demo role"),
    "access.demo.help": (
        "演示登录：在本机上任选角色。正式使用须设置统一身份认证或可信代理。",
        "The demo's sign-in: pick any role on this machine. An office sets up OIDC or a trusted proxy.",
    ),
    "access.demo.region": ("演示地区", "Demo region"),
    "access.anywhere": ("全部地区", "All regions"),
    "identity": ("身份信息", "Identity"),
    "identity.lead": (
        "默认遮蔽。逐项查看须填写理由，查看即留痕，{seconds} 秒后自动遮蔽。",
        "Masked. Each value is shown alone, for a reason, with an audit entry, and hidden again after {seconds} seconds.",
    ),
    "identity.code": ("平台编号", "Platform code"),
    "identity.name": ("姓名", "Name"),
    "identity.certno": ("证件号码", "Identity number"),
    "identity.tel": ("电话", "Telephone"),
    "identity.bankacct": ("银行账号", "Bank account"),
    "identity.addr": ("地址", "Address"),
    "identity.legrep_name": ("法定代表人", "Legal representative"),
    "identity.legrep_certno": ("法定代表人证件号码", "Their identity number"),
    "identity.hi_resper_name": ("医保负责人", "Person in charge of insurance"),
    "identity.value": ("标识内容", "Value"),
    "identity.show": ("查看", "Show"),
    "identity.left": ("{seconds} 秒后遮蔽", "hidden in {seconds} s"),
    "identity.why": ("查看明文", "Show what is masked"),
    "identity.why.lead": ("要查看：{field}", "To be shown: {field}"),
    "identity.reason": ("理由（记入留痕）", "Reason (kept in the audit)"),
    "identity.no_reason": ("请写明理由，至少 {n} 个字。", "Say why, in at least {n} characters."),
    "identity.outside": (
        "此人或机构不属于您的地区，不能查看明文。请联系当地同事。",
        "This person or place is outside your regions. Ask a colleague there.",
    ),
    "identity.too_many": (
        "您今天已查看 {most} 项，达到单人上限。请由另一名有权限的人员查看。",
        "You have seen {most} values today, the most one person may. Have a second person with the role look.",
    ),
    "identity.no_vault": (
        "这个工作区里没有身份信息，或密钥不符。",
        "This workspace holds no identities, or its keys do not fit.",
    ),
}
