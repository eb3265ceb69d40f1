"""Refunds netted into the visits they refund, over loads too."""

from graph.schema import WARNINGS
from loaders.run import Run

REFUND = "(coalesce(s.refd_setl_flag, FALSE) OR s.medfee_sumamt < 0)"
"""Whether a staged settlement `s` is a refund: by its flag, or by its negative total."""


def net_refunds(run: Run) -> None:
    """Make `refund_net` (setl_id, medfee, fund: what was refunded, positive) and its companions.

    `refund_origin` (setl_id) are the refunded rows that exist, `setl_patch` (setl_id, net_medfee,
    net_fund, counts) rows of earlier loads whose net changes. All are small: they hold refunds only.
    """
    stage = run.stage("setl_d")
    before = run.previous_table("setl_d")
    nothing = "SELECT NULL::VARCHAR AS setl_id, NULL::VARCHAR AS init, 0::BIGINT AS medfee, 0::BIGINT AS fund WHERE FALSE"
    run.execute(
        "CREATE TABLE refund_row AS SELECT s.setl_id, s.init_setl_id AS init, "
        "abs(s.medfee_sumamt) AS medfee, abs(s.fund_pay_sumamt) AS fund "
        f"FROM {stage} AS s WHERE s.fate IS NULL AND {REFUND} AND s.init_setl_id IS NOT NULL"
        if stage
        else f"CREATE TABLE refund_row AS {nothing}"
    )
    if before:
        _earlier(run, before, stage)
    else:
        run.execute("CREATE TABLE setl_touched (setl_id VARCHAR)")
    run.execute(
        "CREATE TABLE refund_net AS SELECT init AS setl_id, sum(medfee)::BIGINT AS medfee, "
        "sum(fund)::BIGINT AS fund FROM refund_row GROUP BY init"
    )
    origins = []
    if stage:
        origins.append(
            f"SELECT s.setl_id FROM {stage} AS s SEMI JOIN refund_net AS r ON r.setl_id = s.setl_id "
            f"WHERE s.fate IS NULL AND NOT {REFUND}"
        )
    if before:
        origins.append(
            f"SELECT p.setl_id FROM {before} AS p SEMI JOIN refund_net AS r ON r.setl_id = p.setl_id "
            "WHERE NOT p.refund AND p.setl_id NOT IN (SELECT key FROM replaced_setl_d)"
        )
    found = " UNION ALL ".join(origins) or "SELECT ''::VARCHAR AS setl_id WHERE FALSE"
    run.execute(f"CREATE TABLE refund_origin AS {found}")
    _patch(run, before)


def _earlier(run: Run, before: str, stage: str | None) -> None:
    """Add the refunds of earlier loads that bear on rows this load brings, changes or refunds."""
    run.execute(
        "CREATE TABLE setl_touched AS SELECT DISTINCT init AS setl_id FROM refund_row UNION "
        f"SELECT p.init_setl_id FROM {before} AS p JOIN replaced_setl_d AS x ON x.key = p.setl_id "
        "WHERE p.refund AND p.init_setl_id IS NOT NULL"
    )
    new = f"UNION ALL SELECT s.setl_id FROM {stage} AS s WHERE s.fate IS NULL" if stage else ""
    run.execute(
        "INSERT INTO refund_row SELECT p.setl_id, p.init_setl_id, abs(p.medfee), abs(p.fund) "
        f"FROM (FROM {before} WHERE refund AND init_setl_id IS NOT NULL) AS p "
        "WHERE p.setl_id NOT IN (SELECT key FROM replaced_setl_d) "
        f"AND p.init_setl_id IN (SELECT setl_id FROM setl_touched {new})"
    )


def _patch(run: Run, before: str | None) -> None:
    if before is None:
        run.execute(
            "CREATE TABLE setl_patch (setl_id VARCHAR, net_medfee BIGINT, net_fund BIGINT, counts BOOLEAN)"
        )
        return
    run.execute(
        "CREATE TABLE setl_patch AS SELECT p.setl_id, p.medfee - coalesce(r.medfee, 0) AS net_medfee, "
        "p.fund - coalesce(r.fund, 0) AS net_fund, "
        "r.setl_id IS NULL OR p.medfee - r.medfee > 0 AS counts "
        f"FROM {before} AS p JOIN setl_touched AS t ON t.setl_id = p.setl_id "
        "LEFT JOIN refund_net AS r ON r.setl_id = p.setl_id "
        "WHERE NOT p.refund AND p.setl_id NOT IN (SELECT key FROM replaced_setl_d)"
    )


def net_columns(run: Run) -> tuple[str, str, str]:
    """SQL for a staged settlement `s`: its net columns, its refund warnings, and what they join."""
    if not run.one("SELECT count(*) FROM refund_row"):
        columns = (
            f"{REFUND} AS refund, CASE WHEN {REFUND} THEN 0 ELSE s.medfee_sumamt END AS net_medfee, "
            f"CASE WHEN {REFUND} THEN 0 ELSE s.fund_pay_sumamt END AS net_fund, NOT {REFUND} AS counts"
        )
        warn = f"CASE WHEN {REFUND} THEN {WARNINGS['refund_without_origin']} ELSE 0 END"
        return columns, warn, ""
    columns = (
        f"{REFUND} AS refund, "
        f"CASE WHEN {REFUND} THEN 0 ELSE s.medfee_sumamt - coalesce(r.medfee, 0) END AS net_medfee, "
        f"CASE WHEN {REFUND} THEN 0 ELSE s.fund_pay_sumamt - coalesce(r.fund, 0) END AS net_fund, "
        f"NOT {REFUND} AND (r.setl_id IS NULL OR s.medfee_sumamt - r.medfee > 0) AS counts"
    )
    warn = (
        f"CASE WHEN {REFUND} AND o.setl_id IS NULL THEN {WARNINGS['refund_without_origin']} "
        f"WHEN NOT {REFUND} AND r.medfee > s.medfee_sumamt THEN {WARNINGS['refund_over_origin']} ELSE 0 END"
    )
    joins = (
        "LEFT JOIN refund_net AS r ON r.setl_id = s.setl_id "
        "LEFT JOIN refund_origin AS o ON o.setl_id = s.init_setl_id"
    )
    return columns, warn, joins
