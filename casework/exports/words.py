"""What kinds of nodes and edges are called in files people read, in the words of the screen."""

from collections.abc import Mapping

from graph.model import EdgeKind, NodeKind

NODE_WORDS: Mapping[str, str] = {
    NodeKind.PATIENT: "参保人",
    NodeKind.PRACTITIONER: "医护药师",
    NodeKind.FACILITY: "定点医疗机构",
    NodeKind.PHARMACY: "定点零售药店",
    NodeKind.TOKEN: "共享标识",
    NodeKind.RING: "线索",
}
EDGE_WORDS: Mapping[str, str] = {
    EdgeKind.VISITED: "就诊结算",
    EdgeKind.TREATED_BY: "接诊",
    EdgeKind.REGISTERED_AT: "登记备案",
    EdgeKind.PRESCRIBED_TO: "外配处方",
    EdgeKind.HOLDS: "共用标识",
    EdgeKind.KIN_OF: "家庭共济",
    EdgeKind.CO_VISITED: "同时就诊",
    EdgeKind.MEMBER_OF: "线索成员",
}
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
