"""Evidence checked by hand: every row named exists, and counting it again gives the numbers told."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from graph.duck import Connection
from graph.results import EvidenceRow, RingRow
from graph.scan.sentences import EN
from graph.snapshot import current_snapshot
from tests.graph.found import Scanned

KEY = {
    "setl_d": "setl_id",
    "mnl_reim_d": "reim_id",
    "fee_list_d": "feedetl_sn",
    "patients": "id",
    "out_appy_evt_c": "filing::VARCHAR",
}
WHOLE = ("gathering", "stay", "death_use", "substitute", "move")
"""Kinds of event whose money is the net fund of all the settlements they name."""


@pytest.fixture(scope="module")
def con(loaded: Scanned) -> Iterator[Connection]:
    connection = current_snapshot(loaded.workspace).connect()
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def rings(loaded: Scanned) -> list[RingRow]:
    return list(loaded.scan.rings(limit=None).items)


@pytest.fixture(scope="module")
def evidence(loaded: Scanned, rings: list[RingRow]) -> dict[str, list[EvidenceRow]]:
    return {ring.ring: list(loaded.scan.evidence(ring.ring)) for ring in rings}


def every(evidence: dict[str, list[EvidenceRow]], *kinds: str) -> list[EvidenceRow]:
    return [e for events in evidence.values() for e in events if e.kind in kinds or not kinds]


def named(rows: tuple[str, ...], table: str) -> list[str]:
    return [row.partition(":")[2] for row in rows if row.startswith(f"{table}:")]


def one(con: Connection, sql: str, *parameters: object) -> tuple[object, ...]:
    row = con.execute(sql, list(parameters)).fetchone()
    assert row is not None
    return tuple(row)


def test_every_row_named_is_in_the_snapshot(
    con: Connection, evidence: dict[str, list[EvidenceRow]]
) -> None:
    rows = {row for event in every(evidence) for row in event.rows}
    assert len(rows) > 200
    assert {row.partition(":")[0] for row in rows} <= set(KEY)
    for table in {row.partition(":")[0] for row in rows}:
        names = named(tuple(rows), table)
        sql = f"SELECT count(DISTINCT {KEY[table]}) FROM {table} WHERE {KEY[table]} IN (SELECT unnest(?))"
        found = one(con, sql, names)
        assert found == (len(names),)


def test_every_holder_of_a_shared_identifier_is_on_a_row_that_names_it(
    con: Connection, evidence: dict[str, list[EvidenceRow]]
) -> None:
    """All the rows named lead to the people told of, and one token is on all of them."""
    events = every(evidence, "token")
    assert len(events) > 3
    given = """
        SELECT 'patients:' || p.id AS row, p.patient, h.token FROM patients p
        JOIN holds h ON h.owner_kind = 'patient' AND h.owner = p.patient
        UNION SELECT 'out_appy_evt_c:' || filing, patient, unnest([agent, agent_phone]) FROM out_appy_evt_c
        UNION SELECT 'mnl_reim_d:' || reim_id, patient, unnest([agent, agent_phone, account]) FROM mnl_reim_d
    """
    for event in events:
        shared = con.execute(
            f"SELECT token, list(DISTINCT patient ORDER BY patient), count(DISTINCT row) FROM ({given})"
            " WHERE row IN (SELECT unnest(?)) AND token IS NOT NULL GROUP BY token",
            [list(event.rows)],
        ).fetchall()
        assert (sorted(event.members), len(set(event.rows))) in [tuple(one[1:]) for one in shared]


def test_money_is_the_net_fund_of_the_settlements_named(
    con: Connection, evidence: dict[str, list[EvidenceRow]]
) -> None:
    events = every(evidence, *WHOLE)
    assert len(events) > 40
    for event in events:
        names = named(event.rows, "setl_d")
        assert len(set(names)) == len(event.rows)
        sql = "SELECT sum(net_fund) FROM setl_d WHERE counts AND setl_id IN (SELECT unnest(?))"
        assert one(con, sql, names) == (event.fund,)


def test_a_gathering_is_what_the_settlements_of_its_place_and_span_show(
    con: Connection, evidence: dict[str, list[EvidenceRow]]
) -> None:
    events = every(evidence, "gathering")
    assert len(events) > 30
    for event in events:
        assert event.at is not None
        assert event.until is not None
        present = one(
            con,
            """
            SELECT list(DISTINCT patient ORDER BY patient), list(DISTINCT 'setl_d:' || setl_id)
            FROM setl_d WHERE counts AND place = ? AND setl_time >= ? AND setl_time < ?
              AND patient IN (SELECT unnest(?::INTEGER[]))
            """,
            event.place, event.at, event.until + timedelta(minutes=1), list(event.members),
        )  # fmt: skip
        assert present[0] == sorted(event.members)
        assert set(event.rows) <= set(present[1])  # type: ignore[call-overload]
        assert len(event.rows) >= len(event.members) >= 3
        who = "SELECT list(DISTINCT patient ORDER BY patient) FROM setl_d WHERE setl_id IN (SELECT unnest(?))"
        assert one(con, who, named(event.rows, "setl_d"))[0] == sorted(event.members)


def test_patients_of_an_event_are_those_of_its_rows(
    con: Connection, evidence: dict[str, list[EvidenceRow]]
) -> None:
    """The person an event speaks of is on the first of its rows, its place on one of them."""
    for event in every(evidence):
        names = named(event.rows, "setl_d")
        if names and len(event.members) == 1:
            sql = "SELECT bool_or(patient = ?) FROM setl_d WHERE setl_id IN (SELECT unnest(?))"
            assert one(con, sql, event.members[0], names) == (True,)
        if names and event.place is not None:
            sql = "SELECT bool_or(place = ?) FROM setl_d WHERE setl_id IN (SELECT unnest(?))"
            assert one(con, sql, event.place, names) == (True,)


def told(motif: str, sentence: str) -> dict[str, str]:
    """The figures in a sentence, by their names in the template it was made from."""
    parts = re.split(r"\{(\w+)\}", EN[motif])
    pattern = "".join(
        re.escape(part) if i % 2 == 0 else f"(?P<{part}>.+?)" for i, part in enumerate(parts)
    )
    match = re.fullmatch(f"Lead: {pattern}", sentence)
    assert match is not None, sentence
    return match.groupdict()


def recounted(events: list[EvidenceRow]) -> dict[str, dict[str, int]]:
    """Figures of each motif's sentence, counted from its dated events."""
    members = len({m for e in events for m in e.members})
    places = len({e.place for e in events})
    days = len({e.until.date() for e in events if e.until})
    return {
        "receipts": {"receipts": len(events), "members": members},
        "costay": {"gatherings": len(events), "members": members},
        "funnel": {"scripts": len(events)},
        "two_places": {"moves": len(events), "days": days},
        "trace_loop": {"sales": len(events), "members": members, "places": places},
        "after_death": {"uses": len(events), "dead": members},
        "staff_patient": {"staff": members},
        "substitution": {"after": len(events)},
        "serial_stays": {"patients": members, "handovers": len(events)},
        "list_sharing": {"patients": members},
    }


def test_sentences_tell_what_the_events_add_up_to(
    evidence: dict[str, list[EvidenceRow]],
) -> None:
    checked: Counter[str] = Counter()
    for events in evidence.values():
        summaries = [e for e in events if e.kind == "summary"]
        for summary in summaries:
            alone = [s.motif for s in summaries].count(summary.motif) == 1
            mine = [e for e in events if e.motif == summary.motif and e.at is not None]
            if not alone or len(events) >= 500:
                continue
            figures = told(summary.motif, summary.note_en)
            if summary.motif == "covisit":
                strong = [e for e in mine if len(e.members) >= int(figures["least"])]
                counted = {"gatherings": len(strong)}
            else:
                counted = recounted(mine).get(summary.motif, {})
            assert {name: int(figures[name]) for name in counted} == counted
            checked[summary.motif] += 1
    assert checked["covisit"] >= 3
    assert len(checked) >= 6


def test_a_rings_money_and_rows_are_those_of_its_evidence(
    con: Connection, rings: list[RingRow], evidence: dict[str, list[EvidenceRow]]
) -> None:
    for ring in rings:
        events = [e for e in evidence[ring.ring] if e.rows and e.kind != "token"]
        if len(evidence[ring.ring]) >= 500:
            continue
        rows = tuple({row for e in events for row in e.rows})
        assert ring.visits == len(rows)
        assert 0 <= ring.recoverable <= ring.fund
        bills = "SELECT coalesce(sum(net_fund), 0) FROM setl_d WHERE counts AND setl_id IN (SELECT unnest(?))"
        receipts = (
            "SELECT coalesce(sum(coalesce(nullif(fund, 0), medfee)), 0) FROM mnl_reim_d "
            "WHERE reim_id IN (SELECT unnest(?))"
        )
        counted = one(con, bills, named(rows, "setl_d"))[0]
        counted += one(con, receipts, named(rows, "mnl_reim_d"))[0]
        assert ring.fund == counted
        times = [e.at for e in events if e.at]
        assert (ring.first, ring.last) == (min(times, default=None), max(times, default=None))


def test_no_row_is_paid_back_twice(
    con: Connection, rings: list[RingRow], evidence: dict[str, list[EvidenceRow]]
) -> None:
    rows = {row for event in every(evidence) for row in event.rows}
    bills = one(
        con,
        "SELECT coalesce(sum(net_medfee), 0) FROM setl_d WHERE setl_id IN (SELECT unnest(?))",
        named(tuple(rows), "setl_d"),
    )[0]
    receipts = one(
        con,
        "SELECT coalesce(sum(medfee), 0) FROM mnl_reim_d WHERE reim_id IN (SELECT unnest(?))",
        named(tuple(rows), "mnl_reim_d"),
    )[0]
    assert 0 < sum(ring.recoverable for ring in rings) <= int(str(bills)) + int(str(receipts))


def test_every_ring_lists_the_explanations_tried(
    rings: list[RingRow], evidence: dict[str, list[EvidenceRow]]
) -> None:
    for ring in rings:
        tried = [e for e in evidence[ring.ring] if e.kind == "explanation"]
        assert {e.motif for e in tried} == set(ring.motifs)
        for note in tried:
            name, outcome, _ = note.note_en.split("|")
            assert name
            assert outcome in {"explains", "weakens", "ruled_out", "unknown"}


def test_evidence_is_numbered_from_one(evidence: dict[str, list[EvidenceRow]]) -> None:
    for events in evidence.values():
        assert [e.no for e in events] == list(range(1, len(events) + 1))
