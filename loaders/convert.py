"""Text to typed columns, set-wise: the SQL that reads a block of text into its staging table."""

from collections.abc import Mapping, Sequence

from graph.duck import Connection, quoted
from graph.schema import WARNINGS
from loaders.source import Column, ColumnType, Heading, TableSource

ROUNDED = 1 << 30
"""Set on a staged row whose money had more than two decimals; counted, not kept on the record."""
SQL_TYPES: Mapping[ColumnType, str] = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.CODE: "VARCHAR",
    ColumnType.TIME: "TIMESTAMP",
    ColumnType.DATE: "DATE",
    ColumnType.MONEY: "BIGINT",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.WHOLE: "INTEGER",
    ColumnType.FLAG: "BOOLEAN",
    ColumnType.TEXTS: "VARCHAR[]",
}
_DASHED = (
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?)?\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?"
)
_SOLID = (
    r"(\d{4})(\d{2})(\d{2})(?:[ T]?(\d{2})(\d{2})(\d{2})(?:\.?(\d{1,6})\d*)?)?"
    r"(Z|z|[+-]\d{2}(?::?\d{2})?)?"
)
_PARTS = "['y', 'mo', 'd', 'h', 'mi', 's', 'f', 'z']"
_MACROS = f"""
CREATE MACRO time_parts(x) AS CASE
  WHEN regexp_full_match(x, {quoted(_DASHED)}) THEN regexp_extract(x, {quoted("^" + _DASHED + "$")}, {_PARTS})
  WHEN regexp_full_match(x, {quoted(_SOLID)}) THEN regexp_extract(x, {quoted("^" + _SOLID + "$")}, {_PARTS})
END;
CREATE MACRO zone_minutes(z) AS CASE
  WHEN z = '' THEN 480
  WHEN upper(z) = 'Z' THEN 0
  ELSE (CASE WHEN z[1] = '-' THEN -1 ELSE 1 END)
    * (z[2:3]::INTEGER * 60 + coalesce(try_cast(right(replace(z[4:], ':', ''), 2) AS INTEGER), 0))
END;
CREATE MACRO time_of(p) AS try_cast(
    p.y || '-' || lpad(p.mo, 2, '0') || '-' || lpad(p.d, 2, '0') || ' '
    || CASE WHEN p.h = '' THEN '00:00:00' ELSE lpad(p.h, 2, '0') || ':' || p.mi || ':'
       || CASE WHEN p.s = '' THEN '00' ELSE p.s END || CASE WHEN p.f = '' THEN '' ELSE '.' || p.f END END
    AS TIMESTAMP) + to_minutes(480 - zone_minutes(p.z));
CREATE MACRO read_time(x) AS CASE
  WHEN x LIKE '____-__-__ __:__:__' THEN try_cast(x AS TIMESTAMP)
  WHEN x IS NOT NULL THEN time_of(time_parts(x)) END;
CREATE MACRO read_date(x) AS CASE
  WHEN x LIKE '____-__-__' THEN try_cast(x AS DATE)
  WHEN x IS NOT NULL THEN time_of(time_parts(x))::DATE END;
CREATE MACRO read_money(x) AS CASE
  WHEN regexp_full_match(x, '[+-]?\\d{{1,14}}(\\.\\d{{1,2}})?')
    THEN (try_cast(x AS DECIMAL(18, 2)) * 100)::BIGINT
  WHEN regexp_full_match(x, '[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{{1,3}})?')
    OR regexp_full_match(x, '[+-]?\\d{{1,3}}(,\\d{{3}})+(\\.\\d*)?')
    THEN (try_cast(replace(x, ',', '') AS DECIMAL(18, 2)) * 100)::BIGINT END;
CREATE MACRO read_number(x) AS CASE
  WHEN regexp_full_match(x, '[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{{1,2}})?') THEN try_cast(x AS DOUBLE)
  WHEN regexp_full_match(x, '[+-]?\\d{{1,3}}(,\\d{{3}})+(\\.\\d*)?')
    THEN try_cast(replace(x, ',', '') AS DOUBLE) END;
CREATE MACRO read_whole(x) AS CASE
  WHEN regexp_full_match(x, '[+-]?\\d{{1,9}}(\\.0*)?') THEN try_cast(x AS INTEGER) END;
CREATE MACRO read_flag(x) AS CASE
  WHEN x IN ('0', '1') THEN x = '1'
  WHEN lower(x) IN ('是', 'y', 'yes', 'true', 't', '1.0', '01') THEN TRUE
  WHEN lower(x) IN ('否', 'n', 'no', 'false', 'f', '0.0', '00') THEN FALSE END;
CREATE MACRO read_texts(x) AS CASE
  WHEN strpos(x, ';') = 0 AND strpos(x, '；') = 0 THEN [x]
  ELSE list_filter(list_transform(string_split(replace(x, '；', ';'), ';'), lambda t: trim(t)),
    lambda t: t <> '') END;
"""


def define_macros(connection: Connection) -> None:
    """Make `read_time`, `read_money` … known to a connection."""
    connection.execute(_MACROS)


def typed(column: Column, text: str) -> str:
    """The SQL that reads the SQL expression `text` as the type of `column`; NULL if unreadable."""
    match column.type:
        case ColumnType.TEXT:
            return text
        case ColumnType.CODE:
            if not column.maps:
                return text
            cases = " ".join(
                f"WHEN {quoted(word)} THEN {quoted(code)}" for word, code in column.maps.items()
            )
            return f"CASE {text} {cases} ELSE {text} END"
        case _:
            return f"read_{column.type}({text})"


def staging_table(source: TableSource) -> str:
    """The name of the staging table of a source."""
    return f"stage_{source.table}"


def create_staging(connection: Connection, source: TableSource) -> None:
    """An empty staging table: typed columns, then src, line, warn and fate (NULL: kept so far)."""
    columns = ", ".join(f'"{c.name}" {SQL_TYPES[c.type]}' for c in source.columns.values())
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS {staging_table(source)} "
        f"({columns}, src SMALLINT, line INTEGER, warn INTEGER, fate VARCHAR)"
    )


def _text(heading: Heading, column: Column) -> str | None:
    places = heading.positions.get(column.name)
    if not places:
        return None
    names = [f"c{place}" for place in places]
    return names[0] if len(names) == 1 else f"coalesce({', '.join(names)})"


def _fate(columns: Sequence[Column], present: Mapping[str, str]) -> str:
    cases = []
    for column in columns:
        if column.name not in present:
            cases.append(f"WHEN TRUE THEN 'missing:{column.name}'")
            continue
        cases.append(f"WHEN t_{column.name} IS NULL THEN 'missing:{column.name}'")
    for column in columns:
        if column.name in present and column.type is not ColumnType.TEXT:
            cases.append(f"WHEN \"{column.name}\" IS NULL THEN 'unreadable:{column.name}'")
    return f"CASE {' '.join(cases)} END" if cases else "NULL"


def _warnings(source: TableSource, present: Mapping[str, str]) -> str:
    """The warnings a row earns by its own values alone."""
    terms = []
    unreadable, unknown, rounded = [], [], []
    for column in source.columns.values():
        if column.name not in present:
            continue
        name, text = f'"{column.name}"', f"t_{column.name}"
        if column.type is ColumnType.CODE and column.values:
            known = ", ".join(quoted(value) for value in column.values)
            unknown.append(f"{name} NOT IN ({known})")
        elif column.type not in (ColumnType.TEXT, ColumnType.CODE, ColumnType.TEXTS):
            if not column.mandatory:
                open_end = (
                    f" AND NOT coalesce({_is_open(column, text)}, FALSE)" if column.open_end else ""
                )
                unreadable.append(f"({text} IS NOT NULL AND {name} IS NULL{open_end})")
            if column.type is ColumnType.MONEY and not column.fractions:
                rounded.append(f"regexp_matches({text}, '\\.\\d{{2}}\\d*[1-9]')")
    for conditions, bit in (
        (unreadable, WARNINGS["unreadable_value"]),
        (unknown, WARNINGS["unknown_value"]),
        (rounded, ROUNDED),
    ):
        if conditions:
            terms.append(f"CASE WHEN {' OR '.join(conditions)} THEN {bit} ELSE 0 END")
    for name, condition in _conditions(source, present):
        terms.append(f"CASE WHEN {condition} THEN {WARNINGS[name]} ELSE 0 END")
    return " + ".join(terms) or "0"


def _is_open(column: Column, text: str) -> str:
    read = "read_time" if column.type is ColumnType.TIME else "read_date"
    return f"year({read}({text})) >= 9000"


_RANGES = (("begntime", "endtime"), ("begndate", "enddate"), ("begn_date", "end_date"))
_HAPPENED = (
    "begntime",
    "setl_time",
    "fee_ocur_time",
    "acp_time",
    "tip_time",
    "doc_date",
    "brdy",
    "die_date",
)


def _conditions(source: TableSource, present: Mapping[str, str]) -> list[tuple[str, str]]:
    found = [
        ("end_before_begin", f"{end} < {begin}")
        for begin, end in _RANGES
        if begin in present and end in present
    ]
    if "medfee_sumamt" in present and "fund_pay_sumamt" in present:
        found.append(("fund_over_total", "abs(fund_pay_sumamt) > abs(medfee_sumamt)"))
    if "medfee_sumamt" in present:
        refund = "coalesce(refd_setl_flag, FALSE)" if "refd_setl_flag" in present else "FALSE"
        found.append(("negative_amount", f"medfee_sumamt < 0 AND NOT {refund}"))
    if source.table == "fee_list_d" and {"cnt", "pric", "det_item_fee_sumamt"} <= set(present):
        off = "abs(cnt * pric - det_item_fee_sumamt)"
        found.append(("amount_mismatch", f"{off} > greatest(5, abs(det_item_fee_sumamt) * 0.01)"))
    times = [name for name in _HAPPENED if name in present]
    if times:
        odd = [
            f"{name} < TIMESTAMP '1900-01-01' OR {name} > getvariable('until')" for name in times
        ]
        found.append(("implausible_date", " OR ".join(odd)))
    return found


def staging_query(source: TableSource, heading: Heading, src: int) -> str:
    """INSERT of the registered Arrow table `block` (columns c0 …, line) into the staging table."""
    texts = {}
    for column in source.columns.values():
        text = _text(heading, column)
        if text is not None:
            texts[column.name] = text
    inner, outer = [], []
    for column in source.columns.values():
        if column.name not in texts:
            outer.append(f'NULL AS "{column.name}"')
            continue
        text = f"t_{column.name}"
        value = typed(column, texts[column.name])
        if column.open_end:
            value = f"(CASE WHEN year({value}) < 9000 THEN {value} END)"
        inner.append(f"{texts[column.name]} AS {text}")
        inner.append(f'{value} AS "{column.name}"')
        outer.append(f'"{column.name}"')
    warn = _warnings(source, texts)
    fate = _fate(source.mandatory, texts)
    return (
        f"INSERT INTO {staging_table(source)} SELECT {', '.join(outer)}, {src} AS src, line, "
        f"{warn} AS warn, {fate} AS fate FROM (SELECT line, {', '.join(inner)} FROM block)"
    )
