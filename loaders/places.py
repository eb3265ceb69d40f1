"""Places: facilities and pharmacies, what is known of them, and who runs them."""

import pyarrow as pa

from graph.ids import Prefix
from graph.schema import ENTITY_TABLES, PlaceKind
from loaders.convert import create_staging
from loaders.entities import (
    PLACE_CODES,
    blind_new,
    codes_in,
    mark_certnos,
    mark_usccs,
    number_codes,
)
from loaders.run import Run

_OPEN = ("name", "level", "admdvs", "lnt", "lat", "beds", "uscc", "src", "line", "warn")
_SEALED = ("legrep_name", "legrep_certno", "hi_resper_name", "tel", "addr", "bankacct")
_EMPTY_SEALED = pa.schema(
    [("place", pa.int32()), *((name, pa.string()) for name in _SEALED)]
).empty_table()
_NAMES = {
    "fixmedins_name": "name",
    "hosp_lv": "level",
    "fix_blng_admdvs": "admdvs",
    "aprv_bed_cnt": "beds",
}


def key_places(run: Run) -> bool:
    """Make `place_key` (code, key, id, kind, known); says whether any is new or described anew."""
    mark_certnos(run, "fixmedins_b", "legrep_certno", "strlen(legrep_certno) >= 15")
    mark_usccs(run)
    before = run.previous_table("places")
    if before:
        run.execute(f"CREATE TABLE places_before AS FROM {before}")
    else:
        run.take("places_before", ENTITY_TABLES["places"].arrow.empty_table())
    run.execute("CREATE VIEW place_before AS SELECT code, place AS key FROM places_before")
    new = number_codes(run, "place", codes_in(run, PLACE_CODES), "place_before")
    create_staging(run.connection, run.sources["fixmedins_b"])
    run.execute(
        f"CREATE TABLE place_kind AS SELECT code, CASE WHEN s.fixmedins_type = '2' "
        f"OR (s.fixmedins_type IS NULL AND code[1] = 'P') THEN '{PlaceKind.PHARMACY}' "
        f"ELSE '{PlaceKind.FACILITY}' END AS kind FROM place_new AS n "
        "LEFT JOIN stage_fixmedins_b AS s ON s.fixmedins_code = n.code AND s.fate IS NULL"
    )
    for prefix, kind in (
        (Prefix.FACILITY, PlaceKind.FACILITY),
        (Prefix.PHARMACY, PlaceKind.PHARMACY),
    ):
        blind_new(
            run, "place", prefix, f"code IN (SELECT code FROM place_kind WHERE kind = '{kind}')"
        )
    run.execute(
        "CREATE TABLE place_key AS SELECT code, key, id, kind, known "
        "OR code IN (SELECT fixmedins_code FROM stage_fixmedins_b WHERE fate IS NULL) AS known FROM ("
        "SELECT code, place AS key, id, kind, known FROM places_before UNION ALL "
        "SELECT code, key, id, kind, FALSE FROM place_new JOIN place_id USING (code) "
        "JOIN place_kind USING (code))"
    )
    return bool(new) or "fixmedins_b" in run.staged


def write_places(run: Run) -> None:
    """Write `places`, seal who runs them, and leave `place_secrets` for the tokens."""
    staged = ", ".join(f"{old} AS {new}" for old, new in _NAMES.items())
    run.execute(
        f"CREATE TABLE place_now AS SELECT *, {staged} FROM stage_fixmedins_b WHERE fate IS NULL"
    )
    known = "s.fixmedins_code IS NOT NULL"
    opened = ", ".join(
        f"CASE WHEN {known} THEN s.{n} ELSE p.{n} END AS {n}" for n in _OPEN if n != "admdvs"
    )
    run.write(
        "places",
        f"SELECT k.key AS place, k.id, k.kind, k.code, k.known, {opened}, "
        f"CASE WHEN {known} THEN s.admdvs ELSE coalesce(p.admdvs, "
        "CASE WHEN regexp_full_match(k.code[2:7], '\\d{6}') THEN k.code[2:7] END) END AS admdvs, "
        f"CASE WHEN {known} THEN parent.key ELSE p.parent END AS parent "
        "FROM place_key AS k LEFT JOIN place_now AS s ON s.fixmedins_code = k.code "
        "LEFT JOIN places_before AS p ON p.place = k.key "
        "LEFT JOIN place_key AS parent ON parent.code = s.prnt_rtal_phac_code ORDER BY k.key",
    )
    before = run.vault.table("places") if run.vault and run.vault.has("places") else _EMPTY_SEALED
    run.take("place_secrets_before", before)
    sealed = ", ".join(f"CASE WHEN {known} THEN s.{n} ELSE p.{n} END AS {n}" for n in _SEALED)
    run.execute(
        f"CREATE TABLE place_secrets AS SELECT k.key AS place, {sealed} FROM place_key AS k "
        "LEFT JOIN place_now AS s ON s.fixmedins_code = k.code "
        "LEFT JOIN place_secrets_before AS p ON p.place = k.key ORDER BY k.key"
    )
    run.seal("places", "FROM place_secrets")
