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
AGAIN = "again"
"""The fate of a row that the quick reading left over for the full one."""
_DAY = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
_CLOCK = r"[ T]+\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?"
_ZONE = r"\s*([Zz]|[+-]\d{2}(:?\d{2})?)"
_PLAIN_MONEY = r"-?\d{1,14}(\.\d{1,2})?"
_REAL = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?"
_GROUPED = r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?"
_MACROS = rf"""
CREATE MACRO moment(x) AS CASE
  WHEN regexp_full_match(x, '\d{{8}}') THEN try_strptime(x, '%Y%m%d')
  WHEN regexp_full_match(x, '\d{{8}}[ T]?\d{{6}}(\.?\d{{1,6}})?')
    THEN try_strptime(left(replace(replace(x, 'T', ''), ' ', ''), 14), '%Y%m%d%H%M%S')
  WHEN regexp_full_match(x, '{_DAY}({_CLOCK})?')
    THEN try_cast(replace(left(x, 10), '.', '-') || replace(substr(x, 11), ',', '.') AS TIMESTAMP) END;
CREATE MACRO zone_minutes(z) AS CASE WHEN upper(z) = 'Z' THEN 0
  ELSE (CASE WHEN z[1] = '-' THEN -1 ELSE 1 END)
    * (z[2:3]::INTEGER * 60 + coalesce(try_cast(replace(z[4:], ':', '') AS INTEGER), 0)) END;
CREATE MACRO full_time(x) AS CASE
  WHEN regexp_matches(x, '\d:?\d\d{_ZONE}$') AND strpos(x, ':') + strpos(x, 'T') > 0
    THEN moment(regexp_replace(x, '{_ZONE}$', ''))
      + to_minutes(480 - zone_minutes(regexp_extract(x, '{_ZONE}$', 1)))
  ELSE moment(x) END;
CREATE MACRO full_date(x) AS full_time(x)::DATE;
CREATE MACRO full_money(x) AS CASE
  WHEN regexp_full_match(x, '{_REAL}') OR regexp_full_match(x, '{_GROUPED}')
    THEN (try_cast(replace(x, ',', '') AS DECIMAL(18, 2)) * 100)::BIGINT END;
CREATE MACRO full_number(x) AS CASE
  WHEN regexp_full_match(x, '{_REAL}') OR regexp_full_match(x, '{_GROUPED}')
    THEN (CASE WHEN isfinite(try_cast(replace(x, ',', '') AS DOUBLE)) THEN try_cast(replace(x, ',', '') AS DOUBLE) END) END;
CREATE MACRO full_whole(x) AS CASE
  WHEN regexp_full_match(x, '[+-]?\d{{1,9}}(\.0*)?') THEN try_cast(x AS INTEGER) END;
CREATE MACRO full_flag(x) AS CASE
  WHEN lower(x) IN ('1', '是', 'y', 'yes', 'true', 't', '1.0', '01') THEN TRUE
  WHEN lower(x) IN ('0', '否', 'n', 'no', 'false', 'f', '0.0', '00') THEN FALSE END;
CREATE MACRO full_texts(x) AS
  list_filter(list_transform(string_split(replace(x, '；', ';'), ';'), lambda t: trim(t)),
    lambda t: t <> '');
CREATE MACRO quick_time(x) AS
  CASE WHEN x LIKE '____-__-__ __:__:__' THEN try_cast(x AS TIMESTAMP) END;
CREATE MACRO quick_date(x) AS CASE WHEN x LIKE '____-__-__' THEN try_cast(x AS DATE) END;
CREATE MACRO quick_money(x) AS CASE
  WHEN regexp_full_match(x, '{_PLAIN_MONEY}') THEN (try_cast(x AS DECIMAL(18, 2)) * 100)::BIGINT END;
CREATE MACRO quick_number(x) AS CASE
  WHEN regexp_full_match(x, '-?\d{{1,15}}(\.\d+)?') THEN try_cast(x AS DOUBLE) END;
CREATE MACRO quick_whole(x) AS CASE
  WHEN regexp_full_match(x, '-?\d{{1,9}}') THEN try_cast(x AS INTEGER) END;
CREATE MACRO quick_flag(x) AS CASE x WHEN '1' THEN TRUE WHEN '0' THEN FALSE END;
CREATE MACRO quick_texts(x) AS CASE
  WHEN strpos(x, ';') = 0 AND strpos(x, '；') = 0 THEN [x] END;
"""


def define_macros(connection: Connection) -> None:
    """Make `quick_time`, `full_time`, `quick_money` … known to a connection.

    The quick ones read the form nearly every row has and leave the rest NULL; the full ones read all.
    """
    connection.execute(_MACROS)


def typed(column: Column, text: str, *, full: bool) -> str:
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
            return f"{'full' if full else 'quick'}_{column.type}({text})"


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
    """NULL for a row that is kept, else what is missing or unreadable in it."""
    cases = [
        f"WHEN t_{column.name} IS NULL THEN 'missing:{column.name}'"
        if column.name in present
        else f"WHEN TRUE THEN 'missing:{column.name}'"
        for column in columns
    ]
    cases += [
        f"WHEN \"{column.name}\" IS NULL THEN 'unreadable:{column.name}'"
        for column in columns
        if column.name in present and column.type is not ColumnType.TEXT
    ]
    return f"CASE {' '.join(cases)} END" if cases else "NULL"


def _again(source: TableSource, present: Mapping[str, str]) -> str:
    """Whether the quick reading left anything of a row unread."""
    return " OR ".join(
        f'(t_{column.name} IS NOT NULL AND "{column.name}" IS NULL)'
        for column in source.columns.values()
        if column.name in present and column.type not in (ColumnType.TEXT, ColumnType.CODE)
    )


def _unread(
    source: TableSource, present: Mapping[str, str], *, full: bool
) -> list[tuple[int, str]]:
    """Warnings about values that could not be read, are no known code, or were rounded."""
    unreadable, unknown, rounded = [], [], []
    for column in source.columns.values():
        if column.name not in present:
            continue
        name, text = f'"{column.name}"', f"t_{column.name}"
        if column.type is ColumnType.CODE and column.values:
            known = ", ".join(quoted(value) for value in column.values)
            unknown.append(f"{name} NOT IN ({known})")
        if not full or column.type in (ColumnType.TEXT, ColumnType.CODE):
            continue
        if not column.mandatory:
            unreadable.append(f"({text} IS NOT NULL AND {name} IS NULL)")
        if column.type is ColumnType.MONEY and not column.fractions:
            rounded.append(f"regexp_matches({text}, '\\.\\d{{2}}\\d*[1-9]')")
    found = (
        (WARNINGS["unreadable_value"], unreadable),
        (WARNINGS["unknown_value"], unknown),
        (ROUNDED, rounded),
    )
    return [(bit, " OR ".join(conditions)) for bit, conditions in found if conditions]


_RANGES = (("begntime", "endtime"), ("begndate", "enddate"), ("begn_date", "end_date"))
_HAPPENED = (
    "begntime", "setl_time", "fee_ocur_time", "acp_time", "tip_time", "doc_date", "brdy",
)  # fmt: skip


def _implied(source: TableSource, present: Mapping[str, str]) -> list[tuple[int, str]]:
    """Warnings about values that do not go together."""
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
            f"{name} NOT BETWEEN TIMESTAMP '1900-01-01' AND getvariable('until')" for name in times
        ]
        found.append(("implausible_date", " OR ".join(odd)))
    return [(WARNINGS[name], condition) for name, condition in found]


def staging_query(source: TableSource, heading: Heading, src: int, *, full: bool) -> str:
    """INSERT of the registered Arrow table `block` (columns c0 …, line) into the staging table.

    The quick query gives rows it cannot read whole the fate `again`; the full one reads them,
    taking the lines from the registered table `again` (line). An open end (the year 9000 or later)
    stays as it is until `close_ends`.
    """
    texts = {
        column.name: text
        for column in source.columns.values()
        if (text := _text(heading, column)) is not None
    }
    inner, outer = [], []
    for column in source.columns.values():
        if column.name not in texts:
            outer.append(f'NULL AS "{column.name}"')
            continue
        text = f"t_{column.name}"
        inner.append(f"{texts[column.name]} AS {text}")
        inner.append(f'{typed(column, texts[column.name], full=full)} AS "{column.name}"')
        outer.append(f'"{column.name}"')
    warnings = _unread(source, texts, full=full) + _implied(source, texts)
    warn = " + ".join(f"CASE WHEN {condition} THEN {bit} ELSE 0 END" for bit, condition in warnings)
    fate = _fate(source.mandatory, texts)
    where = " WHERE line IN (FROM again)" if full else ""
    if not full and (again := _again(source, texts)):
        fate = f"CASE WHEN {again} THEN '{AGAIN}' ELSE {fate} END"
    return (
        f"INSERT INTO {staging_table(source)} SELECT {', '.join(outer)}, {src} AS src, line, "
        f"{warn or 0} AS warn, {fate} AS fate FROM (SELECT line, {', '.join(inner)} FROM block{where})"
    )


def close_ends(connection: Connection, source: TableSource) -> None:
    """Make the open ends of a staging table (the year 9000 or later) missing values."""
    for column in source.columns.values():
        if column.open_end:
            connection.execute(
                f'UPDATE {staging_table(source)} SET "{column.name}" = NULL '
                f"WHERE \"{column.name}\" >= DATE '9000-01-01'"
            )
