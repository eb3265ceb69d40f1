"""What a notice says: its fields from the ledger, the sanction and the pack, in Chinese."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from casework import approval, points, sanctions
from casework.errors import NoReason
from casework.law import Law, Provision, Rule, law_on
from casework.notices.served import About, Kind
from casework.sanctions import Kind as Measure
from casework.store import Tx
from graph.ids import Prefix

UNVERIFIED = "（待核）"
RESPONSIBILITIES = {
    points.Responsibility.GENERAL: "一般责任",
    points.Responsibility.IMPORTANT: "重要责任",
    points.Responsibility.MAIN: "主要责任",
}
MEASURES = {
    Measure.SUSPENSION: "暂停医保支付资格",
    Measure.TERMINATION: "终止医保支付资格",
    Measure.TALK: "约谈",
    Measure.RECTIFY: "责令改正",
    Measure.WITHHOLD_PAY: "暂停拨付医疗保障基金",
    Measure.REFUSE_PAY: "拒付违规费用",
    Measure.SUSPEND_AGREEMENT: "中止医疗保障服务协议",
    Measure.END_AGREEMENT: "解除医疗保障服务协议",
}
DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")


@dataclass(frozen=True)
class Heading:
    """What a person puts on a notice: the office, the notice's number, whom it is to, in clear.

    `answer_by` is the day until which somebody may state their case, on a notice in advance.
    """

    office: str
    number: str
    addressee: str
    answer_by: date | None = None


def fields(tx: Tx, kind: Kind, about: About, heading: Heading, day: date) -> Mapping[str, str]:
    """Every field of a notice of `kind` written on `day`.

    A person's name is masked where the notice is made public. Raises `NoReason` for a heading that leaves
    something out, `NoLine`, `NoSanction`, and `NotInLaw` where the law names no days to object.
    """
    wanted = [heading.office, heading.number, heading.addressee]
    if not all(one.strip() for one in wanted) or (kind is Kind.ADVANCE and not heading.answer_by):
        raise NoReason(f"notice.{kind}")
    found = about.read(tx)
    law = law_on(found.decided_on if isinstance(found, points.Points) else found.begins, found.area)
    public = kind is Kind.PUBLICITY and about.subject(tx).startswith(f"{Prefix.PRACTITIONER}_")
    said = {
        "office": heading.office,
        "number": heading.number,
        "date": plain(day),
        "date_han": han(day),
        "addressee": masked(heading.addressee) if public else heading.addressee,
        "law": marked(law, found.law),
    }
    if isinstance(found, points.Points):
        said |= _of_points(found)
    else:
        said |= _of_sanction(found, approval.proposal(tx, found.no).why)
    return said | _own(kind, found, heading, law_on(day, found.area))


def plain(day: date) -> str:
    """2026年3月2日."""
    return f"{day.year}年{day.month}月{day.day}日"


def han(day: date) -> str:
    """二〇二六年三月二日."""
    return f"{str(day.year).translate(DIGITS)}年{_number(day.month)}月{_number(day.day)}日"


def masked(name: str) -> str:
    """A name as notices publish it: 唐*生, 唐*."""
    return f"{name[0]}*{name[-1] if len(name) > 2 else ''}"


def marked(law: Law, cited: str) -> str:
    """A citation, marked where no official text was read that says so."""
    known = [
        one.unverified
        for pack in law.packs
        for one in (*pack.bands, *pack.provisions.values())
        if pack.cite(one) == cited
    ]
    return cited if known and not any(known) else f"{cited}{UNVERIFIED}"


def _number(value: int) -> str:
    """1 to 99 as it is read: 十, 十二, 二十, 二十一."""
    tens, ones = divmod(value, 10)
    before = "" if tens < 2 else str(tens).translate(DIGITS)
    return before + "十" * bool(tens) + (str(ones).translate(DIGITS) if ones else "")


def _of_points(line: points.Points) -> dict[str, str]:
    bare = f"{line.document}（{plain(line.decided_on)}作出）"
    if line.kind is not points.Kind.ACT or line.responsibility is None:
        taken = "撤销" if line.kind is points.Kind.REVERSAL else "修复"
        return {"facts": f"依据{bare}", "matter": f"{taken}记分{line.points}分"}
    return {
        "facts": f"{line.grounds}（{bare}，{RESPONSIBILITIES[line.responsibility]}）",
        "matter": f"对本人在{line.decided_on.year}自然年度记{line.points}分",
    }


def _of_sanction(found: sanctions.Sanction, why: str) -> dict[str, str]:
    until = f"至{plain(found.ends)}止" if found.ends else ""
    return {"facts": why, "matter": f"自{plain(found.begins)}起{until}{MEASURES[found.kind]}"}


def _own(
    kind: Kind, found: points.Points | sanctions.Sanction, heading: Heading, law: Law
) -> dict[str, str]:
    """The fields of one kind alone."""
    if kind is Kind.ADVANCE:
        return {"answer_by": plain(heading.answer_by)} if heading.answer_by else {}
    if kind is Kind.DECISION:
        said = law[Rule.OBJECTION]
        return {"objection": f"可在收到本通知书之日起{_days(law, said)}"}
    if kind is Kind.PUBLICITY:
        term = law.find(Rule.PUBLICITY)
        held = f"公示期限{_days(law, term)}" if term else f"公示期限未见规定{UNVERIFIED}"
        return {"term": f"{held}。"}
    return _restored(found)


def _days(law: Law, said: Provision) -> str:
    return f"{said.most}个工作日内（{marked(law, law.cite(said))}）"


def _restored(found: points.Points | sanctions.Sanction) -> dict[str, str]:
    if isinstance(found, points.Points) or found.last is None:
        raise NoReason("notice.reinstatement")
    restored = found.last + timedelta(1)
    reason = "经批准解除" if found.lifted == restored else "期限届满"
    return {"reason": reason, "restored_on": plain(restored)}
