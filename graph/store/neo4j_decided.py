"""What people decided, on the server: a `HandState` per target and case, and its mirror in the graph."""

from collections.abc import Iterable

from graph.store.decisions import Decision, Decisions, Target, columns_of, target_of
from graph.store.neo4j_ import Transaction

_STATES = "MATCH (h:HandState) RETURN h.kind, h.source, h.target, h.case, h.decided ORDER BY h.no"
_ON_NODES = """
    UNWIND $rows AS row MATCH (n:Entity {id: row[1]}) SET n.decided = row[3], n.decided_case = row[4]
"""
_ON_REGISTRATIONS = """
    UNWIND $rows AS row
    MATCH (:Entity {id: row[1]})-[r:REGISTERED_AT]->(:Entity {id: row[2]})
    SET r.decided = row[3], r.decided_case = row[4]
"""


def decisions_of(tx: Transaction) -> dict[Target, Decision]:
    """The state decided last per target."""
    rows = tx.rows(_STATES)
    return {target_of(*row[:3]): Decision(row[4], row[3] or None) for row in rows}


def decide(tx: Transaction, decisions: Decisions) -> set[Target]:
    """Take up `decisions` in the ledger; the targets on which something may have changed.

    A state said again keeps its place; another, or a new one, stands above all there are.
    """
    withdraw = """
        MATCH (h:HandState) WHERE h.case IN $cases
        WITH h, h.kind AS kind, h.source AS source, h.target AS target DELETE h
        RETURN kind, source, target
    """
    withdrawn = tx.rows(withdraw, cases=list(decisions.withdrawn)) if decisions.withdrawn else []
    touched = {target_of(*row) for row in withdrawn} | {target for target, _ in decisions.states}
    lifted = [
        _key(target, case) for (target, case), state in decisions.states.items() if state is None
    ]
    tx.rows("UNWIND $keys AS key MATCH (h:HandState {key: key}) DELETE h", keys=lifted)
    last = int(tx.one("MATCH (h:HandState) RETURN coalesce(max(h.no), 0)") or 0)
    rows = []
    for no, ((target, case), state) in enumerate(decisions.states.items(), start=last + 1):
        kind, source, end = columns_of(target)
        facts = {"kind": kind, "source": source, "target": end, "case": case or ""}
        if state is not None:
            rows.append({"key": _key(target, case), **facts, "decided": state, "no": no})
    query = """
        UNWIND $rows AS row MERGE (h:HandState {key: row.key})
        WITH h, row WHERE h.decided IS NULL OR h.decided <> row.decided SET h += row
    """
    tx.rows(query, rows=rows)
    return touched


def mirror_decisions(tx: Transaction, targets: Iterable[Target] | None = None) -> None:
    """Put what was decided on `targets`, or on all, into the graph; nothing where it was lifted."""
    decided = decisions_of(tx)
    rows: dict[bool, list[list[str | None]]] = {True: [], False: []}
    for target in decided if targets is None else targets:
        found = decided.get(target)
        state = [found.state, found.case] if found else [None, None]
        rows[isinstance(target, str)].append([*columns_of(target), *state])
    tx.rows(_ON_NODES, rows=rows[True])
    tx.rows(_ON_REGISTRATIONS, rows=rows[False])


def _key(target: Target, case: str | None) -> str:
    return " ".join((*columns_of(target), case or ""))
