"""Event tables: staged rows with their codes turned into keys, beside the parts of earlier loads."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from graph.duck import parquet
from graph.schema import EVENT_TABLES, WARNINGS
from loaders.convert import ROUNDED
from loaders.dedupe import EVENT_KEYS
from loaders.publish import linked
from loaders.refunds import net_columns
from loaders.run import Run

_PATIENT, _PLACE, _STAFF = "patient_key", "place_key", "staff_key"
_MASTERS = {
    _PATIENT: ("psn_info_b", "unknown_patient"),
    _PLACE: ("fixmedins_b", "unknown_place"),
    _STAFF: ("prac_psn_b", "unknown_practitioner"),
}


@dataclass(frozen=True)
class _Code:
    """A code of a staged row and the key it becomes. `warns`: an unknown code is worth a warning."""

    column: str
    keys: str
    name: str
    warns: bool = True


_CODES: dict[str, tuple[_Code, ...]] = {
    "setl_d": (
        _Code("psn_no", _PATIENT, "patient"),
        _Code("fixmedins_code", _PLACE, "place"),
        _Code("atddr_no", _STAFF, "practitioner"),
    ),
    "fee_list_d": (
        _Code("psn_no", _PATIENT, "patient"),
        _Code("fixmedins_code", _PLACE, "place"),
        _Code("bilg_dr_codg", _STAFF, "practitioner"),
        _Code("presc_fixmedins_code", _PLACE, "presc_place"),
    ),
    "prac_reg_d": (
        _Code("prac_psn_code", _STAFF, "practitioner"),
        _Code("fixmedins_code", _PLACE, "place"),
    ),
    "psn_kin_d": (_Code("psn_no", _PATIENT, "patient"), _Code("kin_psn_no", _PATIENT, "kin")),
    "mnl_reim_d": (
        _Code("psn_no", _PATIENT, "patient"),
        _Code("fixmedins_code", _PLACE, "place", warns=False),
    ),
    "out_appy_evt_c": (_Code("psn_no", _PATIENT, "patient"),),
    "pena_d": (_Code("fixmedins_code", _PLACE, "place"),),
    "pena_psn_d": (_Code("prac_psn_code", _STAFF, "practitioner"),),
    "tip_d": (),
}
_TOKENS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "setl_d": (("opter", "operator", "operator"),),
    "mnl_reim_d": (
        ("agnter_certno", "certno", "agent"),
        ("agnter_tel", "phone", "agent_phone"),
        ("bankacct", "account", "account"),
    ),
    "out_appy_evt_c": (
        ("agnter_certno", "certno", "agent"),
        ("agnter_tel", "phone", "agent_phone"),
    ),
}
_RENAMED = {
    "setl_d": {
        "diag": "dscg_maindiag_code", "medfee": "medfee_sumamt", "fund": "fund_pay_sumamt",
        "cash_pay": "cash_payamt",
    },
    "fee_list_d": {
        "item": "med_list_codg", "item_name": "med_list_name", "amount": "det_item_fee_sumamt",
        "fee_time": "fee_ocur_time", "rx_circ": "rx_circ_flag", "trace_codes": "drug_trac_codg",
        "trdn": "trdn_flag",
    },
    "prac_reg_d": {"main": "main_flag"},
    "mnl_reim_d": {"place_name": "fixmedins_name", "medfee": "medfee_sumamt", "fund": "fund_pay_sumamt"},
}  # fmt: skip


def write_events(run: Run) -> None:
    """Write every event table there is, this load's rows and those of earlier loads."""
    # Left joins as written keep the order of the rows on their left; swapped ones do not.
    run.execute("SET disabled_optimizers = 'build_side_probe_side'")
    for table in EVENT_TABLES:
        if not run.loaded(table):
            continue
        _earlier_parts(run, table)
        if stage := run.stage(table):
            run.written.setdefault(table, [])
            if run.one(f"SELECT count(*) FROM {stage} WHERE fate IS NULL"):
                part = run.write(table, _query(run, table, stage))
                _count_warnings(run, part)
    run.execute("SET disabled_optimizers = ''")


def _count_warnings(run: Run, part: Path) -> None:
    counts = run.rows(f"SELECT warn, count(*) FROM {parquet([part])} WHERE warn <> 0 GROUP BY warn")
    for bits, count in counts:
        for name, bit in WARNINGS.items():
            if bits & bit:
                run.report.warnings[name] += count


def _query(run: Run, table: str, stage: str) -> str:
    """This load's rows of `table`, in the order they were read."""
    joins, columns, warns = [], [], [f"coalesce(s.warn, 0) & {~ROUNDED}"]
    for number, code in enumerate(_CODES[table]):
        alias = f"k{number}"
        joins.append(f"LEFT JOIN {code.keys} AS {alias} ON {alias}.code = s.{code.column}")
        columns.append(f"{alias}.key AS {code.name}")
        master, warning = _MASTERS[code.keys]
        if code.warns and run.loaded(master):
            warns.append(f"CASE WHEN {alias}.known = FALSE THEN {WARNINGS[warning]} ELSE 0 END")
    for number, (column, kind, name) in enumerate(_TOKENS.get(table, ())):
        alias = f"t{number}"
        run.execute(
            f"CREATE OR REPLACE TABLE {table}_{name} AS SELECT v.value, k.token FROM "
            f"(SELECT DISTINCT {column} AS value FROM {stage} WHERE {column} IS NOT NULL) AS v "
            f"JOIN token_key AS k ON k.kind = '{kind}' AND k.value = token_{kind}(v.value)"
        )
        joins.append(f"LEFT JOIN {table}_{name} AS {alias} ON {alias}.value = s.{column}")
        columns.append(f"{alias}.token AS {name}")
    own = _OWN.get(table)
    if own is not None:
        more, warn, joined = own(run)
        columns.append(more)
        warns.append(warn)
        joins.append(joined)
    made = {word for column in columns for word in column.replace(",", " ").split()}
    renamed = _RENAMED.get(table, {})
    columns += [
        f"s.{renamed.get(name, name)} AS {name}"
        for name in EVENT_TABLES[table].columns
        if name not in made and name != "warn"
    ]
    warn = " | ".join(f"({term})" for term in warns)
    return f"SELECT {', '.join(columns)}, {warn} AS warn FROM {stage} AS s {' '.join(joins)} WHERE s.fate IS NULL"


def _receipts(run: Run) -> tuple[str, str, str]:
    """Receipts are numbered by their reim_id; one that came before keeps its number."""
    before = run.previous_table("mnl_reim_d")
    earlier = f"SELECT reim_id AS code, reim AS key FROM {before}" if before else _NO_KEYS
    run.execute(f"CREATE TABLE receipt_before AS {earlier}")
    run.execute(
        "CREATE TABLE receipt_key AS FROM receipt_before UNION ALL SELECT reim_id, row_number() OVER "
        "(ORDER BY reim_id) - 1 + (SELECT coalesce(max(key) + 1, 0) FROM receipt_before) "
        "FROM stage_mnl_reim_d AS s WHERE fate IS NULL "
        "AND NOT EXISTS (FROM receipt_before AS b WHERE b.code = s.reim_id)"
    )
    return "rk.key AS reim", "0", "LEFT JOIN receipt_key AS rk ON rk.code = s.reim_id"


def _filings(run: Run) -> tuple[str, str, str]:
    before = run.previous_table("out_appy_evt_c")
    first = run.one(f"SELECT coalesce(max(filing) + 1, 0) FROM {before}") if before else 0
    return f"row_number() OVER (ORDER BY s.src, s.line) - 1 + {first} AS filing", "0", ""


def _fees(run: Run) -> tuple[str, str, str]:
    """A fee whose settlement was never loaded is worth a warning."""
    sources = []
    if stage := run.stage("setl_d"):
        sources.append(f"SELECT setl_id FROM {stage} WHERE fate IS NULL")
    if before := run.previous_table("setl_d"):
        sources.append(f"SELECT setl_id FROM {before}")
    if not sources:
        return "s.rxno AS rxno", "0", ""
    run.execute(
        "CREATE TABLE fee_orphan AS SELECT DISTINCT setl_id FROM stage_fee_list_d AS s "
        f"ANTI JOIN ({' UNION ALL '.join(sources)}) AS v USING (setl_id) WHERE s.fate IS NULL"
    )
    if not run.one("SELECT count(*) FROM fee_orphan"):
        return "s.rxno AS rxno", "0", ""
    warn = f"CASE WHEN orphan.setl_id IS NOT NULL THEN {WARNINGS['unknown_settlement']} ELSE 0 END"
    return "s.rxno AS rxno", warn, "LEFT JOIN fee_orphan AS orphan ON orphan.setl_id = s.setl_id"


def _tips(run: Run) -> tuple[str, str, str]:
    """A tip's target is whoever has its code; what it says stays in the vault."""
    run.execute(
        "CREATE TABLE target_key AS SELECT code, key, kind FROM place_key UNION ALL "
        "SELECT code, key, 'patient' FROM patient_key UNION ALL "
        "SELECT code, key, 'practitioner' FROM staff_key"
    )
    columns = (
        "tk.kind AS target_kind, tk.key AS target, "
        "CASE WHEN s.content IS NOT NULL THEN s.tip_id END AS content_ref"
    )
    joined = (
        "LEFT JOIN (SELECT code, arg_min(key, kind) AS key, min(kind) AS kind FROM target_key "
        "GROUP BY code) AS tk ON tk.code = s.target_code"
    )
    return columns, "0", joined


_NO_KEYS = "SELECT NULL::VARCHAR AS code, NULL::INTEGER AS key WHERE FALSE"
_OWN: dict[str, Callable[[Run], tuple[str, str, str]]] = {
    "setl_d": net_columns,
    "fee_list_d": _fees,
    "mnl_reim_d": _receipts,
    "out_appy_evt_c": _filings,
    "tip_d": _tips,
}
"""What only one table has: its columns, its warnings, what it joins."""


def _earlier_parts(run: Run, table: str) -> None:
    """Take over the parts of earlier loads; those a newer row touches are written anew."""
    for file in run.previous_files(table):
        changed = _changes(run, table, parquet([file]))
        if changed is None:
            linked(file, run.new_part(table))
        else:
            run.write(table, changed)


def _changes(run: Run, table: str, part: str) -> str | None:
    """A query for a part as it must be now, None when it may stay as it is."""
    query = f"FROM {part} AS p"
    changed = False
    key = EVENT_KEYS.get(table)
    if key and table in run.staged:
        gone = f"p.{key} IN (SELECT key FROM replaced_{table})"
        if run.one(f"SELECT count(*) FROM {part} AS p WHERE {gone}"):
            query, changed = f"FROM (SELECT * {query} WHERE NOT {gone}) AS p", True
    columns = EVENT_TABLES[table].columns
    if table == "setl_d" and run.one(
        f"SELECT count(*) FROM {part} AS p SEMI JOIN setl_patch AS x ON x.setl_id = p.setl_id"
    ):
        query = (
            "FROM (SELECT p.* REPLACE (CASE WHEN x.setl_id IS NULL THEN p.net_medfee ELSE x.net_medfee END "
            "AS net_medfee, CASE WHEN x.setl_id IS NULL THEN p.net_fund ELSE x.net_fund END AS net_fund, "
            "CASE WHEN x.setl_id IS NULL THEN p.counts ELSE x.counts END AS counts) "
            f"{query} LEFT JOIN setl_patch AS x ON x.setl_id = p.setl_id) AS p"
        )
        changed = True
    if "practitioner" in columns and run.one(
        f"SELECT count(*) FROM {part} AS p WHERE p.practitioner IN (SELECT old FROM practitioner_moved)"
    ):
        query = (
            "FROM (SELECT p.* REPLACE (coalesce(m.new, p.practitioner) AS practitioner) "
            f"{query} LEFT JOIN practitioner_moved AS m ON m.old = p.practitioner) AS p"
        )
        changed = True
    return f"SELECT p.* {query}" if changed else None
