"""The tables of a snapshot and of a scan as facts: columns in order, their types, warnings, kinds.

`docs/snapshot.md` says the same in prose; `tests/graph/test_snapshot.py` keeps the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import pyarrow as pa

FORMAT = 1

KEY = pa.int32()
TEXT = pa.string()
FLAG = pa.bool_()
WHOLE = pa.int32()
REAL = pa.float64()
FEN = pa.int64()
DAY = pa.date32()
TIME = pa.timestamp("us")
TEXTS = pa.list_(pa.string())
KEYS = pa.list_(pa.int32())

_TYPES: Mapping[str, pa.DataType] = {
    "key": KEY,
    "text": TEXT,
    "flag": FLAG,
    "whole": WHOLE,
    "real": REAL,
    "fen": FEN,
    "day": DAY,
    "time": TIME,
    "texts": TEXTS,
    "keys": KEYS,
    "short": pa.int16(),
}
_ORIGIN = "src:short line:whole warn:whole"


class PlaceKind(StrEnum):
    """`places.kind`."""

    FACILITY = "facility"
    PHARMACY = "pharmacy"


class Profession(StrEnum):
    """`practitioners.profession`."""

    DOCTOR = "doctor"
    NURSE = "nurse"
    PHARMACIST = "pharmacist"
    TECHNICIAN = "technician"


class TokenKind(StrEnum):
    """`tokens.kind`: what sort of value is shared."""

    PHONE = "phone"
    ACCOUNT = "account"
    ADDRESS = "address"
    CERTNO = "certno"
    EMPLOYER = "employer"
    OPERATOR = "operator"


class OwnerKind(StrEnum):
    """`holds.owner_kind`: which table `holds.owner` points into."""

    PATIENT = "patient"
    PRACTITIONER = "practitioner"
    FACILITY = "facility"
    PHARMACY = "pharmacy"
    RECEIPT = "receipt"
    FILING = "filing"


class Basis(StrEnum):
    """`practitioners.basis`: what made several staff codes one person, strongest first."""

    CERTNO = "certno"
    CERTIFICATE = "certificate"
    NAME_PLACE = "name+place"
    CODE = "code"


class Grade(StrEnum):
    """`rings.grade`: how well a ring stands up to the tests, A best."""

    A = "A"
    B = "B"
    C = "C"


class RingState(StrEnum):
    """`rings.state`: what became of a ring since the scan before."""

    NEW = "new"
    GROWN = "grown"
    SHRUNK = "shrunk"
    SPLIT = "split"
    MERGED = "merged"
    SAME = "same"


DISSOLVED = "dissolved"
"""`lineage.state` of a ring of the scan before that has no successor; else a `RingState`."""


@dataclass(frozen=True)
class Table:
    """One table: its name and its columns with their Arrow types, in order."""

    name: str
    columns: Mapping[str, pa.DataType]

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema every file of this table is written with."""
        return pa.schema(list(self.columns.items()))


def _tables(*specs: tuple[str, str]) -> Mapping[str, Table]:
    tables = {}
    for name, spec in specs:
        pairs = (word.split(":") for word in spec.split())
        columns = {column: _TYPES[kind] for column, kind in pairs}
        tables[name] = Table(name, MappingProxyType(columns))
    return MappingProxyType(tables)


ENTITY_TABLES = _tables(
    (
        "patients",
        "patient:key id:text known:flag gend:text birth_year:short insu_admdvs:text surv_stas:text"
        f" die_date:day {_ORIGIN}",
    ),
    (
        "places",
        "place:key id:text kind:text code:text name:text level:text admdvs:text lnt:real lat:real"
        f" beds:whole parent:key uscc:text known:flag {_ORIGIN}",
    ),
    (
        "practitioners",
        "practitioner:key id:text profession:text multi_site:flag known:flag codes:whole basis:text"
        f" confidence:real {_ORIGIN}",
    ),
    ("tokens", "token:key id:text kind:text holders:whole"),
    ("holds", "owner_kind:text owner:key token:key field:text"),
)

EVENT_TABLES = _tables(
    (
        "setl_d",
        "setl_id:text mdtrt_id:text patient:key place:key practitioner:key med_type:text"
        " begntime:time endtime:time setl_time:time diag:text medfee:fen fund:fen acct_pay:fen"
        " acct_mulaid_pay:fen cash_pay:fen refund:flag init_setl_id:text net_medfee:fen"
        " net_fund:fen counts:flag insu_admdvs:text fix_blng_admdvs:text pay_loc:text"
        f" mdtrt_cert_type:text operator:key er_flag:flag updt_time:time {_ORIGIN}",
    ),
    (
        "fee_list_d",
        "feedetl_sn:text setl_id:text patient:key place:key item:text item_name:text cnt:real"
        " pric:fen amount:fen fee_time:time practitioner:key rxno:text rx_circ:flag presc_place:key"
        f" trace_codes:texts trdn:flag {_ORIGIN}",
    ),
    (
        "prac_reg_d",
        "practitioner:key place:key main:flag dept_name:text begntime:time endtime:time"
        f" reg_stas:text commit_flag:flag {_ORIGIN}",
    ),
    ("psn_kin_d", f"patient:key kin:key relation:text {_ORIGIN}"),
    (
        "mnl_reim_d",
        "reim:key reim_id:text patient:key invono:text place_name:text place:key begndate:day"
        " enddate:day medfee:fen fund:fen agent:key agent_phone:key account:key acp_admdvs:text"
        f" acp_time:time {_ORIGIN}",
    ),
    (
        "out_appy_evt_c",
        "filing:key patient:key rloc_admdvs:text begndate:day enddate:day agent:key"
        f" agent_phone:key {_ORIGIN}",
    ),
    (
        "pena_d",
        "doc_no:text doc_date:day pena_type:text place:key law_article:text measure:text"
        f" begn_date:day end_date:day amount:fen {_ORIGIN}",
    ),
    ("pena_psn_d", f"doc_no:text practitioner:key duty:text points:real {_ORIGIN}"),
    (
        "tip_d",
        "tip_id:text tip_time:time channel:text target_type:text target_kind:text target:key"
        f" content_ref:text {_ORIGIN}",
    ),
)

TABLES: Mapping[str, Table] = MappingProxyType({**ENTITY_TABLES, **EVENT_TABLES})

SCAN_TABLES = _tables(
    ("pairs", "a:key b:key observed:whole expected:real p:real places:whole"),
    (
        "rings",
        "ring:text rank:whole score:real grade:text motifs:texts patients:whole"
        " practitioners:whole places:whole visits:whole total:fen fund:fen recoverable:fen"
        " first:time last:time sentence_zh:text sentence_en:text regions:texts state:text"
        " evidence:real weakened:whole",
    ),
    (
        "members",
        "ring:text kind:text key:key id:text role:text core:flag visits:whole fund:fen note:text",
    ),
    (
        "evidence",
        "ring:text no:whole motif:text kind:text at:time until:time place:key members:keys"
        " rows:texts fund:fen note_zh:text note_en:text",
    ),
    ("lineage", "ring:text state:text previous:texts overlap:real"),
    (
        "profiles",
        "practitioner:key id:text profession:text level:text dept:text place:key patients:whole"
        " visits:whole stays:whole total:fen fund:fen visit_cost:fen visits_first:whole"
        " visits_second:whole visit_growth:real cost_growth:real lines:whole quantity:real"
        " visit_lines:real visit_quantity:real top_share:real places:whole days:whole peers:whole"
        " by_dept:flag z_patients:real z_visits:real z_visit_cost:real z_visit_growth:real"
        " z_cost_growth:real z_visit_lines:real z_visit_quantity:real z_top_share:real",
    ),
)

_WARNING_NAMES = (
    "certno_check",
    "uscc_check",
    "unknown_patient",
    "unknown_place",
    "unknown_practitioner",
    "end_before_begin",
    "fund_over_total",
    "unreadable_value",
    "unknown_value",
    "refund_without_origin",
    "refund_over_origin",
    "implausible_date",
    "weak_identity",
    "unknown_settlement",
    "amount_mismatch",
    "negative_amount",
)
WARNINGS: Mapping[str, int] = MappingProxyType(
    {name: 1 << bit for bit, name in enumerate(_WARNING_NAMES)}
)


def warnings_in(bits: int) -> tuple[str, ...]:
    """The names of the warnings set in a row's `warn`, in the order of their bits."""
    return tuple(name for name, bit in WARNINGS.items() if bits & bit)
