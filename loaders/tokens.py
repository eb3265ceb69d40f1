"""Tokens: the phones, accounts, addresses and numbers that several may share, and who holds them."""

from dataclasses import dataclass

import pyarrow as pa

from graph.ids import Prefix
from graph.schema import OwnerKind, TokenKind
from loaders.blind import blind_ids
from loaders.run import Run

_WIDE = "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ－＃（），．"
_NARROW = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-#(),."
_UNITS = "号楼|号院|单元|号|栋|幢|座|院|门|室|户|#"
"""What stands after the numbers of an address: 8号楼1单元2404室 and 8-1-2404 are one door."""
_MACROS = rf"""
CREATE MACRO plain(x) AS upper(translate(x, '{_WIDE}', '{_NARROW}'));
CREATE MACRO phone_digits(x) AS regexp_replace(plain(x), '[^0-9]', '', 'g');
CREATE MACRO token_phone(x) AS CASE
  WHEN regexp_full_match(x, '1\d{{10}}') THEN x
  WHEN regexp_full_match(phone_digits(x), '(00)?861\d{{10}}') THEN right(phone_digits(x), 11)
  WHEN strlen(phone_digits(x)) >= 7 THEN phone_digits(x) END;
CREATE MACRO token_account(x) AS CASE
  WHEN regexp_full_match(x, '\d{{6,}}') THEN x
  WHEN strlen(regexp_replace(plain(x), '[\s-]', '', 'g')) >= 6
    THEN regexp_replace(plain(x), '[\s-]', '', 'g') END;
CREATE MACRO token_certno(x) AS CASE
  WHEN regexp_full_match(x, '[0-9X]{{6,}}') THEN x
  WHEN strlen(regexp_replace(plain(x), '\s', '', 'g')) >= 6 THEN regexp_replace(plain(x), '\s', '', 'g') END;
CREATE MACRO numbered(x) AS rtrim(regexp_replace(x, '([0-9])(?:{_UNITS}|-)+', '\1-', 'g'), '-');
CREATE MACRO token_address(x) AS CASE
  WHEN regexp_full_match(x, '[\p{{Han}}0-9A-Z#-]{{4,}}') THEN numbered(x)
  WHEN length(x) >= 4 THEN numbered(regexp_replace(plain(x), '[\s,.，。;；、()（）\x{{3000}}]', '', 'g')) END;
CREATE MACRO token_employer(x) AS CASE
  WHEN regexp_full_match(x, '[\p{{Han}}0-9A-Z]+') THEN x ELSE nullif(trim(plain(x)), '') END;
CREATE MACRO token_operator(x) AS token_employer(x);
"""


@dataclass(frozen=True)
class _Holding:
    """A column of an owner's table that holds a token."""

    owner_kind: str
    owner: str
    table: str
    column: str
    kind: TokenKind
    field: str

    @property
    def query(self) -> str:
        return (
            f"SELECT {self.owner_kind} AS owner_kind, {self.owner} AS owner, '{self.kind}' AS kind, "
            f"token_{self.kind}({self.column}) AS value, '{self.field}' AS field "
            f"FROM {self.table} WHERE {self.column} IS NOT NULL"
        )


def _quoted(kind: OwnerKind) -> str:
    return f"'{kind}'"


_PATIENT = tuple(
    _Holding(_quoted(OwnerKind.PATIENT), "patient", "people", column, kind, name)
    for column, kind, name in (
        ("tel", TokenKind.PHONE, "tel"),
        ("bankacct", TokenKind.ACCOUNT, "bankacct"),
        ("live_addr", TokenKind.ADDRESS, "live_addr"),
        ("certno", TokenKind.CERTNO, "certno"),
        ("coalesce(emp_no, emp_name)", TokenKind.EMPLOYER, "emp_no"),
    )
)
_PRACTITIONER = tuple(
    _Holding(_quoted(OwnerKind.PRACTITIONER), "practitioner", "staff", column, kind, column)
    for column, kind in (
        ("tel", TokenKind.PHONE),
        ("bankacct", TokenKind.ACCOUNT),
        ("certno", TokenKind.CERTNO),
    )
)
_PLACE = tuple(
    _Holding("k.kind", "place", "place_secrets JOIN place_key AS k ON k.key = place", column, kind, column)
    for column, kind in (
        ("tel", TokenKind.PHONE),
        ("bankacct", TokenKind.ACCOUNT),
        ("addr", TokenKind.ADDRESS),
        ("legrep_certno", TokenKind.CERTNO),
    )
)  # fmt: skip
_MENTIONED = (
    ("mnl_reim_d", "agnter_certno", TokenKind.CERTNO),
    ("mnl_reim_d", "agnter_tel", TokenKind.PHONE),
    ("mnl_reim_d", "bankacct", TokenKind.ACCOUNT),
    ("out_appy_evt_c", "agnter_certno", TokenKind.CERTNO),
    ("out_appy_evt_c", "agnter_tel", TokenKind.PHONE),
    ("setl_d", "opter", TokenKind.OPERATOR),
)
_EMPTY = pa.schema(
    [("token", pa.int32()), ("id", pa.string()), ("kind", pa.string()), ("value", pa.string())]
).empty_table()


@dataclass(frozen=True)
class Changed:
    """Which entities a load describes anew."""

    patients: bool
    places: bool
    staff: bool


def key_tokens(run: Run, changed: Changed) -> bool:
    """Make `token_key` (kind, value, token, id) and `holding`; says whether any token is new.

    `holding` (owner_kind, owner, kind, value, field) is what the changed entities hold.
    """
    run.execute(_MACROS)
    holdings = (
        (_PATIENT if changed.patients else ())
        + (_PRACTITIONER if changed.staff else ())
        + (_PLACE if changed.places else ())
    )
    held = " UNION ALL ".join(holding.query for holding in holdings)
    nothing = (
        "SELECT '' AS owner_kind, 0 AS owner, '' AS kind, '' AS value, '' AS field WHERE FALSE"
    )
    run.execute(f"CREATE TABLE holding AS FROM ({held or nothing}) WHERE value IS NOT NULL")
    mentioned = [
        f"SELECT '{kind}' AS kind, token_{kind}({column}) AS value "
        f"FROM (SELECT DISTINCT {column} FROM {stage} WHERE fate IS NULL)"
        for table, column, kind in _MENTIONED
        if (stage := run.stage(table))
    ]
    values = " UNION ALL ".join(["SELECT kind, value FROM holding", *mentioned])
    run.take(
        "tokens_before",
        run.vault.table("tokens") if run.vault and run.vault.has("tokens") else _EMPTY,
    )
    run.execute(
        "CREATE TABLE token_fresh AS SELECT DISTINCT kind, value "
        f"FROM ({values}) AS v WHERE value IS NOT NULL "
        "AND NOT EXISTS (FROM tokens_before AS b WHERE b.kind = v.kind AND b.value = v.value) "
        "ORDER BY value, kind"
    )
    run.execute(
        "CREATE TABLE token_new AS SELECT kind, value, (rowid + "
        "(SELECT coalesce(max(token) + 1, 0) FROM tokens_before))::INTEGER AS token FROM token_fresh"
    )
    ids = blind_ids(
        run.connection, run.keys.id, Prefix.TOKEN,
        "SELECT kind || ':' || value AS code FROM token_new",
    )  # fmt: skip
    run.take("token_id", ids)
    run.execute(
        "CREATE TABLE token_key AS SELECT token, id, kind, value FROM tokens_before UNION ALL "
        "SELECT token, id, kind, value FROM token_new JOIN token_id ON code = kind || ':' || value"
    )
    return bool(run.one("SELECT count(*) FROM token_new"))


def write_tokens(run: Run, changed: Changed) -> None:
    """Write `tokens` and `holds`, seal the tokens' values."""
    anew = [
        kind
        for kind, now in (
            (OwnerKind.PATIENT, changed.patients),
            (OwnerKind.PRACTITIONER, changed.staff),
            (OwnerKind.FACILITY, changed.places),
            (OwnerKind.PHARMACY, changed.places),
            (OwnerKind.RECEIPT, "mnl_reim_d" in run.staged),
            (OwnerKind.FILING, "out_appy_evt_c" in run.staged),
        )
        if now
    ]
    parts = [
        "SELECT h.owner_kind, h.owner, k.token, h.field FROM holding AS h JOIN token_key AS k USING (kind, value)"
    ]
    parts += _from_events(run)
    before = run.previous_table("holds")
    if before and len(anew) < len(OwnerKind):
        kinds = ", ".join(f"'{kind}'" for kind in anew) or "''"
        parts.append(
            f"SELECT owner_kind, owner, token, field FROM {before} WHERE owner_kind NOT IN ({kinds})"
        )
    run.execute(f"CREATE TABLE holds AS SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)})")
    run.write("holds", "FROM holds ORDER BY owner_kind, owner, token, field")
    run.write(
        "tokens",
        "SELECT token, id, kind, coalesce(h.holders, 0) AS holders FROM token_key LEFT JOIN "
        "(SELECT token, count(*) AS holders FROM "
        "(SELECT DISTINCT token, owner_kind, owner FROM holds) GROUP BY token) AS h "
        "USING (token) ORDER BY token",
    )
    run.seal("tokens", "SELECT token, id, kind, value FROM token_key ORDER BY token")


def _from_events(run: Run) -> list[str]:
    """What receipts and filings hold, read from the parts this load wrote."""
    found = []
    for table, kind, owner, columns in (
        ("mnl_reim_d", OwnerKind.RECEIPT, "reim",
         (("agent", "agnter_certno"), ("agent_phone", "agnter_tel"), ("account", "bankacct"))),
        ("out_appy_evt_c", OwnerKind.FILING, "filing",
         (("agent", "agnter_certno"), ("agent_phone", "agnter_tel"))),
    ):  # fmt: skip
        if table in run.staged and (written := run.written_table(table)):
            found += [
                f"SELECT '{kind}' AS owner_kind, {owner} AS owner, {column} AS token, '{name}' AS field "
                f"FROM {written} WHERE {column} IS NOT NULL"
                for column, name in columns
            ]
    return found
