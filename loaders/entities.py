"""Patients and places: which codes there are, their keys and blind ids, and their tables."""

from collections.abc import Mapping

import pyarrow as pa

from graph.ids import Prefix
from graph.schema import WARNINGS
from loaders.blind import blind_ids
from loaders.checkdigits import failing_certnos, uscc_passes
from loaders.run import Run

PATIENT_CODES = {
    "setl_d": ("psn_no",),
    "fee_list_d": ("psn_no",),
    "mnl_reim_d": ("psn_no",),
    "out_appy_evt_c": ("psn_no",),
    "psn_kin_d": ("psn_no", "kin_psn_no"),
    "psn_info_b": ("psn_no",),
}
PLACE_CODES = {
    "setl_d": ("fixmedins_code",),
    "fee_list_d": ("fixmedins_code", "presc_fixmedins_code"),
    "mnl_reim_d": ("fixmedins_code",),
    "prac_reg_d": ("fixmedins_code",),
    "pena_d": ("fixmedins_code",),
    "fixmedins_b": ("fixmedins_code", "prnt_rtal_phac_code"),
}
PRACTITIONER_CODES = {
    "setl_d": ("atddr_no",),
    "fee_list_d": ("bilg_dr_codg",),
    "prac_reg_d": ("prac_psn_code",),
    "pena_psn_d": ("prac_psn_code",),
    "prac_psn_b": ("prac_psn_code",),
}
EMPTY_PEOPLE = pa.schema(
    {
        "patient": pa.int32(), "id": pa.string(), "psn_no": pa.string(), "name": pa.string(),
        "certno": pa.string(), "tel": pa.string(), "live_addr": pa.string(),
        "bankacct": pa.string(), "emp_no": pa.string(), "emp_name": pa.string(),
    }
).empty_table()  # fmt: skip


def codes_in(run: Run, columns: Mapping[str, tuple[str, ...]]) -> str:
    """A query for the distinct codes (column `code`) that the staged rows mention."""
    parts = [
        f"SELECT DISTINCT {column} AS code FROM {stage} WHERE fate IS NULL"
        for table, names in columns.items()
        if (stage := run.stage(table))
        for column in names
    ]
    if not parts:
        return "SELECT NULL::VARCHAR AS code WHERE FALSE"
    return f"SELECT DISTINCT code FROM ({' UNION ALL '.join(parts)}) WHERE code IS NOT NULL"


def number_codes(run: Run, name: str, codes: str, before: str) -> int:
    """Make the table `<name>_new` (code, key): codes not in `before` (code, key), numbered in order.

    Keys go on from the largest one there is. Returns how many are new.
    """
    run.execute(
        f"CREATE OR REPLACE TABLE {name}_fresh AS SELECT code FROM ({codes}) AS c "
        f"WHERE NOT EXISTS (FROM {before} AS b WHERE b.code = c.code) ORDER BY code"
    )
    run.execute(
        f"CREATE OR REPLACE TABLE {name}_new AS SELECT code, "
        f"(rowid + (SELECT coalesce(max(key) + 1, 0) FROM {before}))::INTEGER AS key FROM {name}_fresh"
    )
    return int(run.one(f"SELECT count(*) FROM {name}_new"))


def blind_new(run: Run, name: str, prefix: Prefix, where: str = "TRUE") -> None:
    """Fill `<name>_id` (code, id) for the codes of `<name>_new` that meet a condition."""
    ids = blind_ids(
        run.connection, run.keys.id, prefix, f"SELECT code FROM {name}_new WHERE {where}"
    )
    run.connection.register("fresh_ids", ids)
    run.execute(f"CREATE TABLE IF NOT EXISTS {name}_id (code VARCHAR, id VARCHAR)")
    run.execute(f"INSERT INTO {name}_id FROM fresh_ids")
    run.connection.unregister("fresh_ids")


def mark_certnos(run: Run, table: str, column: str, where: str = "TRUE") -> None:
    """Set `certno_check` on staged rows whose identity number fails, of those that meet `where`."""
    stage = run.stage(table)
    if stage is None:
        return
    asked = f"{column} IS NOT NULL AND ({where})"
    distinct = run.arrow(
        f"SELECT DISTINCT {column} AS v FROM {stage} WHERE fate IS NULL AND {asked}"
    )
    failing = failing_certnos(distinct["v"])
    if len(failing):
        run.take("failing", pa.table({"v": failing}))
        run.execute(
            f"UPDATE {stage} SET warn = warn | {WARNINGS['certno_check']} "
            f"WHERE {asked} AND {column} IN (SELECT v FROM failing)"
        )


def key_patients(run: Run) -> bool:
    """Make `patient_key` (code, key, id, known); says whether any patient is new or described anew."""
    mark_certnos(
        run, "psn_info_b", "certno",
        "psn_cert_type = '01' OR (psn_cert_type IS NULL AND strlen(certno) >= 15)",
    )  # fmt: skip
    people = run.vault.table("people") if run.vault and run.vault.has("people") else EMPTY_PEOPLE
    run.take("people_before", people)
    run.execute(
        "CREATE VIEW patient_before AS SELECT psn_no AS code, patient AS key FROM people_before"
    )
    new = number_codes(run, "patient", codes_in(run, PATIENT_CODES), "patient_before")
    blind_new(run, "patient", Prefix.PATIENT)
    before = run.previous_table("patients")
    known = f"SELECT patient FROM {before} WHERE known" if before else "SELECT 0 WHERE FALSE"
    stage = run.stage("psn_info_b")
    described = (
        f"SELECT psn_no FROM {stage} WHERE fate IS NULL" if stage else "SELECT '' WHERE FALSE"
    )
    run.execute(
        "CREATE TABLE patient_key AS SELECT code, key, id, "
        f"key IN ({known}) OR code IN ({described}) AS known FROM ("
        "SELECT psn_no AS code, patient AS key, id FROM people_before UNION ALL "
        "SELECT code, key, id FROM patient_new JOIN patient_id USING (code))"
    )
    return bool(new) or stage is not None


_PATIENT = ("gend", "insu_admdvs", "surv_stas", "die_date", "src", "line", "warn")
_PERSON = ("certno", "tel", "live_addr", "bankacct", "emp_no", "emp_name")


def _described(names: tuple[str, ...], key: str) -> str:
    """Columns of staged row `s` where there is one, else of `p`, the one before."""
    return ", ".join(
        f"CASE WHEN s.{key} IS NOT NULL THEN s.{n} ELSE p.{n} END AS {n}" for n in names
    )


def write_patients(run: Run) -> None:
    """Write `patients`, seal `people`, and leave `people` (as the vault has it) for the tokens."""
    run.execute("CREATE TABLE IF NOT EXISTS stage_psn_info_b AS SELECT * FROM ("
        "SELECT NULL::VARCHAR AS psn_no, NULL::VARCHAR AS psn_name, NULL::VARCHAR AS certno, "
        "NULL::DATE AS brdy, NULL::VARCHAR AS tel, NULL::VARCHAR AS live_addr, NULL::VARCHAR AS emp_no, "
        "NULL::VARCHAR AS emp_name, NULL::VARCHAR AS gend, NULL::VARCHAR AS insu_admdvs, "
        "NULL::VARCHAR AS surv_stas, NULL::DATE AS die_date, NULL::VARCHAR AS bankacct, "
        "NULL::SMALLINT AS src, NULL::INTEGER AS line, NULL::INTEGER AS warn, NULL::VARCHAR AS fate) "
        "WHERE FALSE")  # fmt: skip
    staged = "LEFT JOIN (FROM stage_psn_info_b WHERE fate IS NULL) AS s ON s.psn_no = k.code"
    before = run.previous_table("patients")
    born = "coalesce(year(s.brdy), CASE WHEN regexp_full_match(s.certno, '\\d{17}[\\dXx]') "
    born += "THEN s.certno[7:10]::INTEGER END)"
    if before:
        columns = _described(_PATIENT, "psn_no")
        born = f"CASE WHEN s.psn_no IS NOT NULL THEN {born} ELSE p.birth_year END"
        joined = f"{staged} LEFT JOIN {before} AS p ON p.patient = k.key"
    else:
        columns, joined = ", ".join(f"s.{name}" for name in _PATIENT), staged
    run.write(
        "patients",
        f"SELECT k.key AS patient, k.id, k.known, {born} AS birth_year, {columns} "
        f"FROM patient_key AS k {joined} ORDER BY k.key",
    )
    person = _described(_PERSON, "psn_no")
    run.execute(
        "CREATE TABLE people AS SELECT k.key AS patient, k.id, k.code AS psn_no, "
        f"CASE WHEN s.psn_no IS NOT NULL THEN s.psn_name ELSE p.name END AS name, {person} "
        f"FROM patient_key AS k {staged} LEFT JOIN people_before AS p ON p.patient = k.key ORDER BY k.key"
    )
    run.seal("people", "FROM people")


def mark_usccs(run: Run) -> None:
    """Set `uscc_check` on staged places whose 统一社会信用代码 fails."""
    stage = run.stage("fixmedins_b")
    if stage is None:
        return
    codes = run.rows(f"SELECT DISTINCT uscc FROM {stage} WHERE fate IS NULL AND uscc IS NOT NULL")
    failing = [code for (code,) in codes if not uscc_passes(code)]
    if failing:
        run.take("failing", pa.table({"v": pa.array(failing, pa.string())}))
        run.execute(
            f"UPDATE {stage} SET warn = warn | {WARNINGS['uscc_check']} "
            "WHERE uscc IN (SELECT v FROM failing)"
        )
