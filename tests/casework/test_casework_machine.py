"""Any order of steps by any people: nothing closes and nothing is in force without a second person and a law."""

import tempfile
from contextlib import suppress
from datetime import date, timedelta
from enum import Enum, auto
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from casework import approval, audit, cases, points, sanctions
from casework.cases import Origin, Outcome, Source, Status
from casework.errors import CaseworkError
from casework.law import law_on
from casework.orders import ledger
from casework.orders.channels import Channels, Line
from casework.orders.errors import PlaceDown, PlaceRefused
from casework.orders.https import Endpoint
from casework.orders.push import Pace, Pusher
from casework.orders.signing import Algorithm, Key
from casework.orders.wire import Acknowledgement, Answer
from casework.people import Actor, Role
from casework.points import Act, Measure, Responsibility
from casework.sanctions import Kind, Person
from casework.steps import TRANSITIONS
from casework.store import open_store
from tests.casework.conftest import NOW, REGISTRY

AREA, TODAY = "110105", NOW.date()
PEOPLE = [Actor(name, frozenset({Role.INVESTIGATOR, Role.APPROVER})) for name in ("甲", "乙", "丙")]
PEOPLE.append(Actor("看客", frozenset({Role.VIEWER})))
LIAISON = Actor("联络", frozenset({Role.LIAISON}))
KEY = Key("k", Algorithm.HMAC_SHA256, b"k" * 32)
WHO, NO, CASE = st.sampled_from(PEOPLE), st.integers(1, 12), st.sampled_from(["cs_1", "cs_2"])
DAY = st.dates(date(2024, 1, 1), date(2026, 12, 31))
STEPS = {(step.source, step.target) for step in TRANSITIONS}


class Answered(Enum):
    """What becomes of a call; `LOST` is kept by its place, and nobody hears of it."""

    WELL = auto()
    LOST = auto()
    NO = auto()
    AWAY = auto()


class Casework(RuleBasedStateMachine):
    """Four people, two cases, one practitioner with nine points."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = open_store(Path(self.folder.name))
        self.now, self.applied = NOW, []
        self.before = {"cs_1": Status.NEW, "cs_2": Status.NEW}

    @initialize()
    def begin(self):
        act = Act(
            "pr_a", "fa_a", AREA, 7, 9, Responsibility.MAIN, Measure.PENALTY, "1号", TODAY, "事实"
        )
        with self.store.write() as tx:
            for title in ("一", "二"):
                cases.open_case(tx, PEOPLE[0], title, Source(Origin.HAND), AREA, "why", NOW)
            line = points.propose_act(tx, PEOPLE[0], act, NOW)
            points.review(tx, PEOPLE[1], line.no, "属实", NOW, approve=True)

    def teardown(self):
        assert audit.verify(self.store) is None
        self.store.close()
        self.folder.cleanup()

    def attempt(self, what, *arguments, **named):
        with suppress(CaseworkError), self.store.write() as tx:
            what(tx, *arguments, **named)

    @rule(who=WHO, case=CASE, to=st.sampled_from(Status))
    def move(self, who, case, to):
        self.attempt(cases.move, who, case, to, "why", NOW)

    @rule(who=WHO, case=CASE, until=DAY)
    def snooze(self, who, case, until):
        self.attempt(cases.snooze, who, case, until, "why", NOW)

    @rule(who=WHO, case=CASE, outcome=st.sampled_from(Outcome))
    def propose_closure(self, who, case, outcome):
        self.attempt(cases.propose_closure, who, case, outcome, "why", NOW)

    @rule(who=WHO, case=CASE, approve=st.booleans())
    def decide_closure(self, who, case, approve):
        self.attempt(cases.decide_closure, who, case, "why", NOW, approve=approve)

    @rule(who=WHO, begins=DAY, months=st.integers(0, 8))
    def suspend(self, who, begins, months):
        def proposing(tx):
            draft = sanctions.draft_by_points(tx, "pr_a", AREA, 2026, begins, months)
            sanctions.propose(tx, who, draft, REGISTRY, "why", NOW)

        self.attempt(proposing)

    @rule(who=WHO, kind=st.sampled_from(Kind), begins=DAY)
    def measure(self, who, kind, begins):
        persons = (Person("pr_a", True, "主刀"), Person("pr_b", False, "休假"))

        def proposing(tx):
            ends = begins + timedelta(days=60)
            draft = sanctions.draft_measure(kind, "fa_a", AREA, begins, ends, "条例", persons)
            sanctions.propose(tx, who, draft, REGISTRY, "why", NOW)

        self.attempt(proposing)

    @rule(who=WHO, no=NO, begins=DAY)
    def lift(self, who, no, begins):
        self.attempt(sanctions.propose_lift, who, no, begins, "why", NOW)

    @rule(who=WHO, no=NO, approve=st.booleans())
    def decide(self, who, no, approve):
        self.attempt(sanctions.decide_sanction, who, no, REGISTRY, "why", NOW, approve=approve)

    @rule(who=WHO, no=NO, approve=st.booleans())
    def decide_lift(self, who, no, approve):
        self.attempt(sanctions.decide_lift, who, no, "why", NOW, approve=approve)

    @rule(days=st.integers(0, 40), answers=st.lists(st.sampled_from(Answered), max_size=6))
    def push(self, days, answers):
        """The worker, some days later, to places that answer, refuse or are away."""
        self.now += timedelta(days=days)
        said = iter(answers)

        def deliver(order, *_):
            match next(said, Answered.AWAY):
                case Answered.WELL:
                    self.applied.append(order.order)
                    return Acknowledgement(order.order, Answer.ACKNOWLEDGED, "R1", self.now, None)
                case Answered.LOST:
                    self.applied.append(order.order)
                case Answered.NO:
                    raise PlaceRefused("url", 422, "no")
            raise PlaceDown("url", "away")

        lines = {code: Line(Endpoint("https://a.example"), KEY) for code in ("FA_A", "FA_B")}
        worker = Pusher(
            self.store,
            Channels(lines, {}),
            Pace(apart=0.0),
            deliver,
            lambda: self.now,
            lambda _: None,
            1,
        )
        worker.push(once=True)

    @rule(no=NO, who=st.sampled_from([*PEOPLE, LIAISON]))
    def reopen(self, no, who):
        with self.store.read() as tx:
            rejected = ledger.orders_in(tx, ledger.State.REJECTED)
        for one in rejected[:1]:
            self.attempt(ledger.reopen, who, one.id, "why", self.now)

    @invariant()
    def every_approved_registration_has_one_order_and_no_other_has(self):
        with self.store.read() as tx:
            for one in sanctions.sanctions_of(tx, "pr_a"):
                made = [o for o in ledger.orders_of(tx, one.no) if o.order.reverses is None]
                undone = [o for o in ledger.orders_of(tx, one.no) if o.order.reverses is not None]
                reach = [
                    (r.practitioner, r.place) for r in sanctions.reach_of(tx, one.no).registrations
                ]
                ordered = [(o.practitioner, o.place) for o in made]
                assert ordered == (reach if one.approved else [])
                lifted = [(o.practitioner, o.place) for o in undone]
                assert lifted == (reach if one.lifted else [])
                for o in (*made, *undone):
                    assert o.state is not ledger.State.ACKNOWLEDGED or o.order.order in self.applied

    @invariant()
    def a_second_person_stands_behind_every_decision(self):
        with self.store.read() as tx:
            for id_, before in self.before.items():
                with suppress(CaseworkError):
                    found = cases.case(tx, id_)
                    assert found.status is before or (before, found.status) in STEPS
                    self.before[id_] = found.status
                    if found.status is Status.CLOSED:
                        self.decided(approval.proposal(tx, found.closure), id_)
                        said = approval.proposal(tx, found.closure).content
                        assert said == {"outcome": found.outcome}
            for one in sanctions.sanctions_of(tx, "pr_a"):
                if one.approved:
                    self.decided(approval.proposal(tx, one.no), one.target)
                    law_on(one.begins, AREA)
                assert one.approved or not one.in_force(one.begins)
                assert "pr_b" not in one.effects

    def decided(self, proposal, subject):
        assert proposal.approved
        assert proposal.subject == subject
        assert proposal.reviewer not in (proposal.maker, None)


TestCasework = Casework.TestCase
TestCasework.settings = settings(max_examples=8, stateful_step_count=20, deadline=None)
