"""What kinds of nodes and edges are called in files people read, in the words of the screen."""

from collections.abc import Mapping

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
