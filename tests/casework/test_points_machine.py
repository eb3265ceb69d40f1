"""Any order of proposals, reviews, repairs and reversals: sums, caps and second persons hold."""

import tempfile
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from casework import audit, points
from casework.errors import CaseworkError, NoLine, SamePerson
from casework.law import Rule, law_on
from casework.people import Actor, Role
from casework.points import Act, Effect, Kind, Measure, Points, Repair, Responsibility
from casework.points.rules import consequence, stand
from casework.store import open_store
from tests.casework.conftest import NOW

BANDS = {1: 3, 4: 6, 7: 9, 10: 12}
PEOPLE = st.sampled_from(
    [Actor(name, frozenset({Role.INVESTIGATOR, Role.APPROVER})) for name in ("甲", "乙", "丙")]
)
DAYS = st.dates(date(2025, 6, 1), NOW.date())
LAW = law_on(NOW.date(), "520000")


def line(no, kind, many, day, approved=True, undoes=None):
    return Points(
        no, kind, "pr_a", "52", many, "号", day, "law", "甲", NOW, undoes=undoes, approved=approved
    )


LINES = st.lists(
    st.builds(
        line, st.integers(1, 99), st.sampled_from([Kind.ACT, Kind.ACT, Kind.STUDY]),
        st.integers(1, 12), DAYS, st.sampled_from([True, True, False, None]),
    ),
    unique_by=lambda one: one.no,
)  # fmt: skip


@settings(deadline=None)
@given(lines=LINES, cap=st.integers(9, 15))
def test_a_sum_stays_within_its_year_and_its_cap(lines, cap):
    for year in (2025, 2026):
        standing = stand(year, lines, cap)
        own = [one for one in lines if one.approved and one.decided_on.year == year]
        given_ = sum(one.points for one in own if one.kind is Kind.ACT)
        assert 0 <= standing.points <= min(cap, given_)
        if all(one.kind is Kind.ACT for one in own):
            assert standing.points == min(cap, given_)
        assert stand(year, reversed(lines), cap) == standing
        assert stand(year, own, cap) == standing


@settings(deadline=None)
@given(lines=LINES)
def test_what_was_undone_is_as_if_it_had_never_been(lines):
    for one in lines:
        undo = line(100, Kind.REVERSAL, one.points, NOW.date(), undoes=one.no)
        rest = [other for other in lines if other is not one]
        for year in (2025, 2026):
            assert stand(year, [*lines, undo], 12) == stand(year, rest, 12)


@settings(deadline=None)
@given(lines=LINES)
def test_the_effect_follows_the_sum(lines):
    standing = stand(2026, lines, 12)
    expected = Effect.TERMINATION if standing.points == 12 else Effect.NONE
    if 9 <= standing.points <= 11:
        expected = Effect.SUSPENSION
    found = consequence(LAW, standing)
    assert found.effect is expected
    assert (found.months is None) == (expected is Effect.NONE)


class Ledger(RuleBasedStateMachine):
    """Three people, two practitioners, one store."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = open_store(Path(self.folder.name))
        self.documents = 0

    def teardown(self):
        assert audit.verify(self.store) is None
        self.store.close()
        self.folder.cleanup()

    def _all(self):
        with self.store.read() as tx:
            return [*points.history(tx, "pr_a"), *points.history(tx, "pr_b")]

    @rule(who=PEOPLE, practitioner=st.sampled_from(["pr_a", "pr_b"]), band=st.sampled_from([*BANDS]),
          many=st.integers(1, 12), day=DAYS)  # fmt: skip
    def propose(self, who, practitioner, band, many, day):
        self.documents += 1
        act = Act(practitioner, "fa", "520102", band, many, Responsibility.MAIN, Measure.PENALTY,
                  f"{self.documents}号", day, "事实")  # fmt: skip
        fits = band <= many <= BANDS[band]
        before = len(self._all())
        with suppress(CaseworkError), self.store.write() as tx:
            points.propose_act(tx, who, act, NOW)
        assert len(self._all()) == before + fits

    @rule(
        who=PEOPLE,
        kind=st.sampled_from([Kind.STUDY, Kind.ACTIVITY]),
        many=st.integers(1, 4),
        day=DAYS,
    )
    def repair(self, who, kind, many, day):
        self.documents += 1
        made = Repair("pr_a", "520102", kind, many, f"修复{self.documents}", day)
        with suppress(CaseworkError), self.store.write() as tx:
            points.propose_repair(tx, who, made, "合格", NOW)

    @rule(who=PEOPLE, no=st.integers(1, 20))
    def undo(self, who, no):
        with suppress(NoLine), self.store.write() as tx:
            points.propose_reversal(tx, who, no, "复核", NOW.date(), "申诉成立", NOW)

    @rule(who=PEOPLE, no=st.integers(1, 20), approve=st.booleans())
    def review(self, who, no, approve):
        known = {one.no: one for one in self._all()}
        try:
            with self.store.write() as tx:
                points.review(tx, who, no, "核过", NOW + timedelta(days=1), approve=approve)
        except NoLine:
            assert no not in known or known[no].approved is not None
        except SamePerson:
            assert known[no].maker == who.name

    @invariant()
    def sums_and_second_persons_hold(self):
        lines = self._all()
        undone = {one.undoes for one in lines if one.approved}
        for one in lines:
            assert (one.approved is None) == (one.reviewer is None)
            assert one.reviewer != one.maker
        for kind, cap in (
            (Kind.STUDY, Rule.REPAIR_BY_STUDY),
            (Kind.ACTIVITY, Rule.REPAIR_BY_ACTIVITY),
        ):
            for year in (2025, 2026):
                repaired = [
                    one.points for one in lines
                    if one.kind is kind and one.approved and one.decided_on.year == year
                    and one.no not in undone
                ]  # fmt: skip
                assert sum(repaired) <= LAW[cap].most


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=8, stateful_step_count=20, deadline=None)
