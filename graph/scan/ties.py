"""The layers of one snapshot read: meetings, turns in a queue, shared tokens, stay dates, prescriptions, trace codes."""

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa

from graph.scan.candidates import Event, Keys
from graph.scan.dense import Held
from graph.scan.layers import Ints, Layer
from graph.scan.turns import turns
from graph.scan.visits import Attendance
from graph.scan.world import World

MEETING, TURN, TOKEN, STAY, SCRIPT, CODE = "meeting", "turn", "token", "stay", "script", "code"
PRESENCE = dict.fromkeys((MEETING, TURN), "presence")
"""Layers of people who were there at one time."""
SAID_BY: dict[str, tuple[str, ...]] = {
    MEETING: ("covisit", "operator_bundle", "relay", "recruitment", "cross_region"),
    TURN: ("operator_bundle",),
    TOKEN: ("shared_token", "receipts", "cross_region"),
    STAY: ("costay", "serial_stays"),
    SCRIPT: ("funnel",),
    CODE: ("trace_loop",),
}
"""The motifs that speak of one layer alone."""
TURN_P = 0.05
WEAK_P = 1e-2
"""Up to this p a pair of the co-visit stage is a tie."""
MOST_PAIRS = 50_000
"""Of very many pairs most are chance: only so many of the least probable are ties."""

KINDS = ("phone", "account", "address")
"""Tokens that everybody has one of."""

HELD = """
SELECT h.owner AS patient, CAST(t.token AS BIGINT) AS code FROM holds h JOIN joining t USING (token)
WHERE h.owner_kind = 'patient' AND t.kind IN {kinds}
  AND t.holders BETWEEN CASE t.kind WHEN 'address' THEN {home} + 1 ELSE 2 END AND {most}
  AND NOT (t.kind = 'phone' AND t.token IN (SELECT token FROM holds WHERE owner_kind = 'facility' AND token IS NOT NULL))
"""
"""A clinic's own telephone, typed in for those without one, ties nobody."""
FILED = """
SELECT f.patient, CAST(t.token AS BIGINT) FROM {table} f, LATERAL (SELECT unnest([{fields}]) AS token) x
JOIN joining t ON t.token = x.token WHERE f.patient IS NOT NULL AND t.holders BETWEEN 2 AND {most}
"""
FIELDS = {
    "out_appy_evt_c": "f.agent, f.agent_phone",
    "mnl_reim_d": "f.agent, f.agent_phone, f.account",
}
STAYS = """
SELECT patient, place, setl_id, net_fund AS fund, begntime AS at, endtime AS until, '' AS name,
  (CAST(place AS BIGINT) * 32768 + adm) * 4096 + greatest(0, least(4095, dis - adm)) AS code
FROM stays WHERE adm >= 0 AND dis IS NOT NULL AND patient IS NOT NULL AND place IS NOT NULL
"""
SCRIPTS = """
SELECT patient, place, setl_id, amount AS fund, fee_time AS at, NULL AS until, '' AS name,
  (CAST(practitioner AS BIGINT) * 16777216 + place) * 32768 + (CAST(fee_time AS DATE) - DATE '2000-01-01') AS code
FROM fee_list_d WHERE rx_circ AND cnt > 0 AND patient IS NOT NULL AND practitioner IS NOT NULL AND place IS NOT NULL
  AND fee_time >= DATE '2000-01-01' AND place IS DISTINCT FROM presc_place
"""
SALES = """
SELECT patient, place, setl_id, amount AS fund, moment AS at, NULL AS until, code AS name,
  CAST(dense_rank() OVER (ORDER BY code) AS BIGINT) AS code
FROM codes_sold
"""
ROWS = {STAY: STAYS, SCRIPT: SCRIPTS, CODE: SALES}
KIND = {STAY: "stay", SCRIPT: "script", CODE: "sale"}
DATED = """
SELECT w.block, w.code, any_value(r.name), min(r.at), max(r.until), any_value(r.place), list(DISTINCT r.patient ORDER BY r.patient),
  list(DISTINCT 'setl_d:' || r.setl_id ORDER BY 'setl_d:' || r.setl_id), CAST(sum(r.fund) AS BIGINT)
FROM wanted w JOIN ({rows}) r ON r.code = w.code AND r.patient = w.patient GROUP BY w.block, w.code ORDER BY w.block, 4, w.code
"""


def layers(world: World, seen: Attendance) -> list[Layer]:
    """The layers for which this snapshot has tables and that tie anybody."""
    world.lay_out_stays()
    found = [*_met(world, seen), _tokens(world), _layer(world, STAY, STAYS)]
    if world.has("fee_list_d"):
        found += [_layer(world, SCRIPT, SCRIPTS), _codes(world, seen)]
    return [layer for layer in found if len(layer)]


def _met(world: World, seen: Attendance) -> Iterable[Layer]:
    """Weak pairs of the co-visit stage, and those among them who are served in turn."""
    pairs = world.notes.get("pairs")
    if not isinstance(pairs, pa.Table) or not len(pairs):
        return
    a, b = (pairs[c].to_numpy().astype(np.int32) for c in ("a", "b"))
    p, observed = pairs["p"].to_numpy(), pairs["observed"].to_numpy()
    weak = p <= WEAK_P
    if weak.sum() > MOST_PAIRS:
        weak = p <= np.partition(p, MOST_PAIRS)[MOST_PAIRS]
    yield Layer.of_pairs(MEETING, a[weak], b[weak], np.log10(np.maximum(p[weak], 1e-300)))
    if (seen.operator >= 0).any():
        often, log10_p = turns(seen, a, b, observed, world.parameters.window)
        kept = often & (log10_p <= np.log10(TURN_P))
        yield Layer.of_pairs(TURN, a[kept], b[kept], log10_p[kept])


def _tokens(world: World) -> Layer:
    most = world.parameters.hub_holders
    sql = HELD.format(most=most, kinds=KINDS, home=world.parameters.household_most)
    for table, fields in FIELDS.items():
        if world.has(table):
            sql += "UNION ALL" + FILED.format(table=table, fields=fields, most=most)
    return _layer(world, TOKEN, sql, np.full(world.patients, len(KINDS), dtype=np.int32))


def _codes(world: World, seen: Attendance) -> Layer:
    """Codes sold again, as the trace-code motif left them. Who visits more buys more."""
    sales = world.notes.get("sales")
    if not isinstance(sales, pa.Table):
        none = np.zeros(0, dtype=np.int32)
        return Layer.of_pairs(CODE, none, none, np.zeros(0))
    world.con.register("codes_sold", sales)
    visits = np.diff(seen.columns.patient_offsets).astype(np.int32)
    return _layer(world, CODE, SALES, visits)


def _layer(world: World, name: str, sql: str, activity: Ints | None = None) -> Layer:
    rows = world.arrays(f"SELECT patient, code FROM ({sql})")
    who: Ints = rows["patient"].astype(np.int32)
    code = rows["code"].astype(np.int64)
    return Layer.of(
        name, who, code, world.household, most=world.parameters.hub_holders, activity=activity
    )


def dated(
    world: World, blocks: Sequence[tuple[Keys, Sequence[tuple[Layer, Held]]]]
) -> list[tuple[Event, ...]]:
    """For each block of (members, what its layers hold) the events behind the ties, meetings left out."""
    found: list[list[Event]] = [[] for _ in blocks]
    wanted: dict[str, list[tuple[int, int, int]]] = {}
    for number, (members, holding) in enumerate(blocks):
        for layer, held in holding:
            for attribute in held.attributes:
                code = int(layer.code[attribute])
                who = np.intersect1d(layer.holders(attribute), members).tolist()
                wanted.setdefault(layer.name, []).extend((number, code, k) for k in who)
    for name, rows in wanted.items():
        if name in ROWS:
            for number, event in _rows(world, name, rows):
                found[number].append(event)
        elif name == TOKEN:
            for number, event in _shared(world, rows):
                found[number].append(event)
    return [tuple(events) for events in found]


def _rows(
    world: World, name: str, wanted: Sequence[tuple[int, int, int]]
) -> Iterable[tuple[int, Event]]:
    """Dated events of a layer of settlements."""
    columns = [pa.array([row[k] for row in wanted], pa.int64()) for k in range(3)]
    world.con.register("wanted", pa.table(columns, names=["block", "code", "patient"]))
    found = world.con.execute(DATED.format(rows=ROWS[name])).fetchall()
    world.con.unregister("wanted")
    for block, _, code, at, until, place, who, rows, fund in found:
        facts = {"code": code} if name == CODE else {}
        yield block, Event(KIND[name], at, until, place, tuple(who), tuple(rows), fund, facts)


def _shared(world: World, wanted: Sequence[tuple[int, int, int]]) -> Iterable[tuple[int, Event]]:
    """A token event for each block and token."""
    holders: dict[tuple[int, int], list[int]] = {}
    for block, token, patient in wanted:
        holders.setdefault((block, token), []).append(patient)
    tokens = sorted({token for _, token in holders})
    sql = "SELECT token, kind FROM tokens WHERE token IN (SELECT unnest(?::INTEGER[]))"
    kind = dict(world.con.execute(sql, [tokens]).fetchall())
    for (block, token), who in sorted(holders.items()):
        facts = {"kind": kind[token], "token": token}
        yield block, Event("token", None, patients=tuple(sorted(who)), facts=facts)
