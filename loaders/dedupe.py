"""The same key twice: the newest `updt_time` wins, then the later load, file and line."""

from loaders.convert import staging_table
from loaders.run import Run
from loaders.source import TableSource

SUPERSEDED = "superseded"
EVENT_KEYS = {
    "setl_d": "setl_id",
    "fee_list_d": "feedetl_sn",
    "mnl_reim_d": "reim_id",
    "pena_d": "doc_no",
    "tip_d": "tip_id",
}
"""The tables that keep their key in the snapshot as it is."""


def supersede(run: Run, source: TableSource) -> None:
    """Mark the losers among the staged rows of a table, and name the rows of earlier loads that lost.

    The latter go to a table `replaced_<table>` (key), which is empty for a table without a key.
    """
    run.execute(f"CREATE TABLE replaced_{source.table} (key VARCHAR)")
    if source.key is None or source.table not in run.staged:
        return
    _within_load(run, source, source.key)
    before = run.previous_table(source.table) if source.table in EVENT_KEYS else None
    if before is not None:
        _over_loads(run, source, before)


def _within_load(run: Run, source: TableSource, key: str) -> None:
    stage = staging_table(source)
    newest = f"{source.newest} DESC NULLS LAST, " if source.newest else ""
    run.execute(
        "CREATE OR REPLACE TEMP TABLE twice AS SELECT h FROM "
        f"(SELECT hash({key}) AS h FROM {stage} WHERE fate IS NULL) GROUP BY h HAVING count(*) > 1"
    )
    if run.one("SELECT count(*) FROM twice"):
        run.execute(
            f"UPDATE {stage} SET fate = '{SUPERSEDED}' WHERE rowid IN (SELECT row FROM ("
            f"SELECT rowid AS row, row_number() OVER (PARTITION BY {key} "
            f"ORDER BY {newest} src DESC, line DESC) AS place "
            f"FROM {stage} WHERE fate IS NULL AND hash({key}) IN (FROM twice)) WHERE place > 1)"
        )
    run.execute("DROP TABLE twice")


def _over_loads(run: Run, source: TableSource, before: str) -> None:
    stage, key, newest = staging_table(source), source.key, source.newest
    older = "FALSE"
    if newest:
        older = f"p.{newest} IS NOT NULL AND (s.{newest} IS NULL OR p.{newest} > s.{newest})"
    run.execute(
        f"CREATE OR REPLACE TEMP TABLE met AS SELECT s.rowid AS row, p.{key} AS key, {older} AS older "
        f"FROM {before} AS p JOIN {stage} AS s ON s.{key} = p.{key} WHERE s.fate IS NULL"
    )
    run.execute(
        f"UPDATE {stage} SET fate = '{SUPERSEDED}' WHERE rowid IN (SELECT row FROM met WHERE older)"
    )
    run.execute(f"INSERT INTO replaced_{source.table} SELECT key FROM met WHERE NOT older")
    replaced = int(run.one("SELECT count(*) FROM met WHERE NOT older"))
    if replaced:
        run.report.replaced[source.table] = replaced
    run.execute("DROP TABLE met")
