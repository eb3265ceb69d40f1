"""From a ring to orders at two hundred places and back: two people, a third of the places in trouble, an appeal won."""

from datetime import timedelta
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from casework import appeals, audit, cases, points, sanctions
from casework.appeals import Outcome
from casework.cases import Source, Status
from casework.errors import SamePerson
from casework.law import read_calendar
from casework.notices import About, Kind, serve
from casework.orders import ledger
from casework.orders.ledger import State
from casework.orders.push import Pace
from casework.people import Actor, Role
from casework.points import Act, Measure, Responsibility
from casework.store import open_store
from graph.snapshot import current_snapshot
from tests.casework.conftest import NOW
from tests.casework.decided import WU, ZHOU
from tests.factory import add_scan, small_world
from tests.places import Fault, places
from tests.pushing import CHECKER, Clock, lines_to, pusher

AREA, DAY, LATER = "110105", NOW.date(), NOW + timedelta(days=20)
CHEN = Actor("陈晨", frozenset({Role.INVESTIGATOR, Role.APPROVER}))
PLACES = 200
FAULTS = (Fault.ERROR, Fault.BUSY, Fault.LOST, Fault.TWICE, Fault.FORGED)
PACE = Pace(timeout=8.0, lease=10.0, apart=0.0, first=1.0, longest=5.0, at_once=32)


@pytest.fixture
def office(tmp_path):
    """A workspace whose first practitioner is registered at every place, and a scan of it."""
    workspace = small_world(tmp_path, seed=3, places=PLACES, visits=400)
    snapshot = current_snapshot(workspace)
    (file,) = snapshot.files("prac_reg_d")
    table = pq.read_table(file)
    row = table.to_pylist()[0] | {"practitioner": 0, "reg_stas": "正常"}
    rows = [row | {"place": key, "line": key, "main": key == 0} for key in range(PLACES)]
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), file)
    return snapshot, add_scan(workspace)


@pytest.fixture
def registry(office):
    with office[0].connect() as con:
        codes = dict(con.execute("SELECT id, code FROM places").fetchall())
        who = con.execute("SELECT id FROM practitioners").fetchall()
    codes |= {id_: f"D110105{number:06}" for number, (id_,) in enumerate(who)}
    return sanctions.registry(
        office[0], lambda pairs: {(a, b): (codes[a], codes[b]) for a, b in pairs}
    )


@pytest.fixture
def store(office):
    with open_store(office[0].workspace) as opened:
        yield opened


def punish(store, office, registry):
    """A case from a ring, points by it, a sanction with its reach, a second person's approval: its number."""
    with office[0].connect() as con:
        who = con.execute("SELECT id FROM practitioners WHERE practitioner = 0").fetchone()[0]
    with store.write() as tx:
        source = Source.of_ring(office[1].rings().items[0])
        opened = cases.open_case(tx, CHEN, "八张卡", source, AREA, "可信", NOW)
        cases.move(tx, CHEN, opened.id, Status.INVESTIGATING, "核实", NOW)
        act = Act(
            who, "fa_x", AREA, 7, 9, Responsibility.MAIN, Measure.PENALTY, "罚1号", DAY, "冒名结算"
        )
        line = points.propose_act(tx, CHEN, act, NOW)
        points.review(tx, CHECKER, line.no, "属实", NOW, approve=True)
        draft = sanctions.draft_by_points(tx, who, AREA, 2026, DAY, 2, opened.id)
        seen = registry.reach(draft, DAY).registrations
        made = sanctions.propose(tx, CHEN, draft, registry, "累计9分", NOW)
    with pytest.raises(SamePerson), store.write() as tx:
        sanctions.decide_sanction(tx, CHEN, made.no, registry, "同意", NOW, approve=True)
    with store.write() as tx:
        assert ledger.orders_of(tx, made.no) == ()
        sanctions.decide_sanction(tx, CHECKER, made.no, registry, "同意", NOW, approve=True)
        ordered = ledger.orders_of(tx, made.no)
    assert len(seen) == PLACES
    assert sorted((one.practitioner, one.place, one.area) for one in ordered) == sorted(
        (line.practitioner, line.place, line.area) for line in seen
    )
    return made.no


def settle(store, world, no, clock):
    """Push until every order is acknowledged; places that are down come back after a while."""
    worker = pusher(store, lines_to(world), clock, PACE)
    for round_ in range(12):
        worker.push(once=True)
        if round_ == 1:
            for place in world:
                place.come_back()
        clock.sleep(8.0)
        with store.read() as tx:
            if all(one.state is State.ACKNOWLEDGED for one in ledger.orders_of(tx, no)):
                return
    raise AssertionError("orders are left")


def appeal(store, no, now):
    """The objection against sanction `no`, decided for who objected by people who had not decided before."""
    about = About(None, no)
    with store.write() as tx:
        serve(tx, CHEN, Kind.DECISION, about, "处8号", DAY, b"notice", NOW)
        filed = appeals.file_appeal(
            tx, CHEN, about, DAY, "当日在外地进修", b"letter", read_calendar(), now
        )
        effects = appeals.suggested(tx, filed, filed.filed_on)
        appeals.propose_decision(tx, ZHOU, filed.no, Outcome.UPHELD, effects, "证据不足", now)
        appeals.decide(tx, WU, filed.no, "同意", now, approve=True)


def test_from_a_ring_to_every_place_and_back(store, office, registry, tmp_path):
    chance, clock = Random(5), Clock()
    with office[0].connect() as con:
        codes = [code for (code,) in con.execute("SELECT code FROM places").fetchall()]
    with places(codes, tmp_path / "places", clock) as world:
        no = punish(store, office, registry)
        for number, place in enumerate(chance.sample(list(world), PLACES // 3)):
            if number < 2:
                place.misbehave(Fault.SILENT)
            elif number < 12:
                place.go_down()
            else:
                place.misbehave(chance.choice(FAULTS), chance.choice((1, 1, 2)))
        settle(store, world, no, clock)
        clock.now = LATER
        for place in world:
            (held,) = place.applied
            assert (held.kind, held.begins, place.state(held.practitioner_code, DAY).state) == (
                "suspend", DAY, "suspended",
            )  # fmt: skip
        appeal(store, no, LATER)
        settle(store, world, no, clock)
        for place in world:
            first, second = place.applied
            assert (second.kind, second.reverses) == ("reinstate", first.order)
            assert place.state(first.practitioner_code, LATER.date()).state == "active"
    assert audit.verify(store) is None
    assert audit.entries(store, action="order.acknowledged").total == 2 * PLACES
