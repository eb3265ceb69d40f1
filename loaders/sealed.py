"""The smaller tables of the vault: what tips say, what agents are called, which code is registered where."""

from loaders.run import Run


def seal_tips(run: Run) -> None:
    """Seal the contents of tips; a corrected tip replaces the one before."""
    stage = run.stage("tip_d")
    if stage is None:
        run.keep_sealed("tips")
        return
    query = f"SELECT tip_id, content FROM {stage} WHERE fate IS NULL AND content IS NOT NULL"
    if run.vault and run.vault.has("tips"):
        run.take("tips_before", run.vault.table("tips"))
        query += (
            " UNION ALL SELECT tip_id, content FROM tips_before WHERE tip_id NOT IN "
            f"(SELECT tip_id FROM {stage} WHERE fate IS NULL)"
        )
    run.seal("tips", f"FROM ({query}) ORDER BY tip_id")


def seal_agents(run: Run) -> None:
    """Seal the names under which agents signed, by their certno's token or, without one, their phone's."""
    parts = [
        f"SELECT k.token, s.agnter_name AS name FROM {stage} AS s JOIN token_key AS k "
        f"ON k.kind = '{kind}' AND k.value = token_{kind}(s.{column}) "
        f"WHERE s.fate IS NULL AND s.agnter_name IS NOT NULL AND {condition}"
        for table in ("mnl_reim_d", "out_appy_evt_c")
        if (stage := run.stage(table))
        for kind, column, condition in (
            ("certno", "agnter_certno", "TRUE"),
            ("phone", "agnter_tel", "s.agnter_certno IS NULL"),
        )
    ]
    if not parts:
        run.keep_sealed("agents")
        return
    if run.vault and run.vault.has("agents"):
        run.take("agents_before", run.vault.table("agents"))
        parts.append("SELECT token, name FROM agents_before")
    run.seal(
        "agents", f"SELECT DISTINCT token, name FROM ({' UNION ALL '.join(parts)}) ORDER BY ALL"
    )


def seal_registered(run: Run) -> None:
    """Seal under which staff codes places know people: each code's latest registration at each place."""
    stage = run.stage("prac_reg_d")
    if stage is None:
        run.keep_sealed("registered")
        return
    query = (
        f"SELECT s.prac_psn_code, k.key AS place, s.begntime FROM {stage} AS s "
        "JOIN place_key AS k ON k.code = s.fixmedins_code WHERE s.fate IS NULL"
    )
    if run.vault and run.vault.has("registered"):
        run.take("registered_before", run.vault.table("registered"))
        query += " UNION ALL FROM registered_before"
    run.seal(
        "registered",
        f"SELECT prac_psn_code, place, max(begntime) AS begntime FROM ({query}) "
        "GROUP BY prac_psn_code, place ORDER BY ALL",
    )
