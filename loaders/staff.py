"""Staff codes of a load: the persons they are, their tables, and what earlier loads knew of them."""

import pyarrow as pa

from graph.ids import Prefix
from graph.schema import WARNINGS, Basis
from loaders.blind import blind_ids
from loaders.convert import create_staging
from loaders.entities import PRACTITIONER_CODES, codes_in, mark_certnos
from loaders.practitioners import CONFIDENCE, Staff, person_rows, profession, resolve
from loaders.run import Run

_TEXTS = ("prac_psn_code", "name", "certno", "prac_cert_no", "tel", "bankacct", "prac_psn_type")
_EMPTY = pa.schema(
    [("practitioner", pa.int32()), ("id", pa.string()), *((name, pa.string()) for name in _TEXTS),
     ("mul_prac_flag", pa.bool_()), ("known", pa.bool_()),
     ("src", pa.int16()), ("line", pa.int32()), ("warn", pa.int32())]
).empty_table()  # fmt: skip
_STAGED = (
    "certno",
    "prac_cert_no",
    "tel",
    "bankacct",
    "prac_psn_type",
    "mul_prac_flag",
    "src",
    "line",
    "warn",
)


def key_staff(run: Run) -> bool:
    """Make `staff_key` (code, key, id, known) and `practitioner_moved` (old, new).

    Says whether any staff code is new or described anew.
    """
    mark_certnos(run, "prac_psn_b", "certno", "strlen(certno) >= 15")
    create_staging(run.connection, run.sources["prac_psn_b"])
    run.take(
        "staff_before", run.vault.table("staff") if run.vault and run.vault.has("staff") else _EMPTY
    )
    run.execute(
        "CREATE TABLE staff_codes AS SELECT code FROM "
        f"({codes_in(run, PRACTITIONER_CODES)}) UNION SELECT prac_psn_code FROM staff_before"
    )
    described = "s.prac_psn_code IS NOT NULL"
    columns = ", ".join(f"CASE WHEN {described} THEN s.{n} ELSE p.{n} END AS {n}" for n in _STAGED)
    run.execute(
        "CREATE TABLE staff_now AS SELECT c.code, p.practitioner AS person, "
        f"{described} OR coalesce(p.known, FALSE) AS known, "
        f"CASE WHEN {described} THEN s.psn_name ELSE p.name END AS name, {columns} FROM staff_codes AS c "
        "LEFT JOIN (FROM stage_prac_psn_b WHERE fate IS NULL) AS s ON s.prac_psn_code = c.code "
        "LEFT JOIN staff_before AS p ON p.prac_psn_code = c.code"
    )
    new = run.one("SELECT count(*) FROM staff_now WHERE person IS NULL")
    changed = bool(new) or not {"prac_psn_b", "prac_reg_d"}.isdisjoint(run.staged)
    if changed:
        _resolve(run)
    else:
        run.execute("CREATE TABLE practitioner_moved (old INTEGER, new INTEGER)")
        run.execute(
            "CREATE TABLE staff_key AS SELECT prac_psn_code AS code, practitioner AS key, id, known "
            "FROM staff_before"
        )
    return changed


def _resolve(run: Run) -> None:
    persons = resolve(_staff(run))
    first = int(run.one("SELECT coalesce(max(practitioner) + 1, 0) FROM staff_before"))
    run.take("person", person_rows(persons, first))
    run.execute(
        "CREATE TABLE practitioner_moved AS SELECT DISTINCT n.person AS old, p.key AS new "
        "FROM staff_now AS n JOIN person AS p USING (code) WHERE n.person <> p.key"
    )
    fresh = "SELECT DISTINCT least AS code FROM person WHERE key >= " + str(first)
    run.take("person_id", blind_ids(run.connection, run.keys.id, Prefix.PRACTITIONER, fresh))
    run.execute(
        "CREATE TABLE staff_key AS SELECT p.code, p.key, coalesce(b.id, i.id) AS id, n.known "
        "FROM person AS p JOIN staff_now AS n USING (code) LEFT JOIN person_id AS i ON i.code = p.least "
        "LEFT JOIN (SELECT DISTINCT practitioner, id FROM staff_before) AS b ON b.practitioner = p.key"
    )


def _staff(run: Run) -> list[Staff]:
    """The staff codes with what tells persons apart."""
    regs = []
    if stage := run.stage("prac_reg_d"):
        regs.append(
            f"SELECT prac_psn_code AS code, fixmedins_code AS place FROM {stage} WHERE fate IS NULL"
        )
    if before := run.previous_table("prac_reg_d"):
        regs.append(
            f"SELECT b.prac_psn_code, k.code FROM {before} AS r "
            "JOIN staff_before AS b USING (practitioner) JOIN place_key AS k ON k.key = r.place"
        )
    places = (
        " UNION ".join(regs) or "SELECT NULL::VARCHAR AS code, NULL::VARCHAR AS place WHERE FALSE"
    )
    basis = run.previous_table("practitioners")
    joined = f"LEFT JOIN {basis} AS b ON b.practitioner = n.person" if basis else ""
    known_basis = "b.basis, b.confidence" if basis else "NULL, NULL"
    rows = run.rows(
        "SELECT n.code, n.known, n.name, upper(n.certno), n.prac_cert_no, p.places, n.person, "
        f"n.warn & {WARNINGS['certno_check']} = 0 AND strlen(n.certno) = 18, {known_basis} "
        f"FROM staff_now AS n {joined} LEFT JOIN "
        f"(SELECT code, list(DISTINCT place ORDER BY place) AS places FROM ({places}) GROUP BY code) AS p "
        "ON p.code = n.code"
    )
    return [
        Staff(
            code, known, name, certno if sound else None, certificate, tuple(at or ()), person,
            Basis(why) if why else None, sure,
        )
        for code, known, name, certno, certificate, at, person, sound, why, sure in rows
    ]  # fmt: skip


def write_staff(run: Run) -> None:
    """Write `practitioners`, seal `staff`, and leave `staff` for the tokens."""
    run.execute(
        "CREATE TABLE staff AS SELECT p.key AS practitioner, k.id, p.code AS prac_psn_code, n.name, "
        "n.certno, n.prac_cert_no, n.tel, n.bankacct, n.prac_psn_type, n.mul_prac_flag, n.known, "
        "n.src, n.line, n.warn, p.first, p.codes, p.basis, p.confidence "
        "FROM person AS p JOIN staff_now AS n USING (code) JOIN staff_key AS k USING (code) "
        "ORDER BY p.key, p.code <> p.first, p.code"
    )
    run.seal("staff", "SELECT * EXCLUDE (first, codes, basis, confidence) FROM staff")
    firsts = run.rows(
        "SELECT practitioner, prac_psn_code, prac_psn_type FROM staff WHERE prac_psn_code = first"
    )
    kinds = pa.table(
        {
            "practitioner": pa.array([key for key, _, _ in firsts], pa.int32()),
            "profession": pa.array([str(profession(c, t)) for _, c, t in firsts], pa.string()),
        }
    )
    run.take("professions", kinds)
    weak = f"CASE WHEN any_value(confidence) < {CONFIDENCE[Basis.CERTIFICATE]} THEN {WARNINGS['weak_identity']} ELSE 0 END"
    run.write(
        "practitioners",
        "SELECT practitioner, any_value(id) AS id, any_value(profession) AS profession, "
        "bool_or(coalesce(mul_prac_flag, FALSE)) AS multi_site, bool_or(known) AS known, "
        "any_value(codes) AS codes, any_value(basis) AS basis, any_value(confidence) AS confidence, "
        "max(src) FILTER (prac_psn_code = first) AS src, max(line) FILTER (prac_psn_code = first) AS line, "
        f"bit_or(coalesce(warn, 0)) | CASE WHEN bool_or(known) THEN {weak} ELSE 0 END AS warn "
        "FROM staff JOIN professions USING (practitioner) GROUP BY practitioner ORDER BY practitioner",
    )
