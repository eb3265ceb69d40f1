"""What kinds of nodes and edges are called in files people read, in the words of the screen."""

from collections.abc import Mapping

from casework.exports.content import Decision, DecisionKind
from casework.terms import term
from graph.model import EdgeKind, NodeKind
from graph.words import word

NODE_WORDS: Mapping[str, str] = {kind: word("kind", kind) for kind in NodeKind}
EDGE_WORDS: Mapping[str, str] = {kind: word("edge", kind) for kind in EdgeKind}
MUTUAL = frozenset((EdgeKind.CO_VISITED, EdgeKind.KIN_OF))
"""Edges that say the same of both ends, whichever stands first."""
FIELD_WORDS: Mapping[str, str] = {
    "name": "姓名",
    "certno": "证件号码",
    "tel": "电话",
    "bankacct": "银行账户",
    "addr": "地址",
    "code": "编码",
    "value": "标识值",
    "legrep_name": "法定代表人",
    "legrep_certno": "法定代表人证件号码",
    "hi_resper_name": "医保负责人",
}
"""What the vault holds, field by field."""
DECIDED: Mapping[DecisionKind, tuple[str, str]] = {
    DecisionKind.CLOSURE: ("case_outcome", "case_status"),
    DecisionKind.POINTS: ("points_kind", "points_state"),
    DecisionKind.SANCTION: ("sanction_kind", "sanction_stage"),
    DecisionKind.ORDER: ("order_kind", "order_state"),
    DecisionKind.APPEAL: ("decided_kind", "appeal_state"),
    DecisionKind.REFERRAL: ("decided_kind", "referral_state"),
}
"""Where the words for what was decided, and for where that stands, are."""


def decided_words(one: Decision) -> tuple[str, str, str]:
    """The words for the kind of a decision, for what was decided, and for where it stands."""
    what, state = DECIDED[one.kind]
    return term("decided_kind", one.kind), term(what, one.what), term(state, one.state)


def hands(one: Decision) -> tuple[str, ...]:
    """Who had a hand in it, each with the role: 调查员 陈晨."""
    return tuple(f"{term('role_of', hand.role)} {hand.name or ''}".rstrip() for hand in one.by)
