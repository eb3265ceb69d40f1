"""Credit: a grade follows from approved decisions of the scheme's years, line by line, on both databases."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from casework import credit as package
from casework import points, sanctions
from casework.credit import Grade, credit, read_scheme, scheme
from casework.errors import BadPack
from casework.sanctions import Kind
from casework.sanctions.rules import CASCADES, PERSONAL
from tests.casework.conftest import NOW, REGISTRY
from tests.casework.test_sanctions import ACT, STAFF

TODAY = NOW.date()
SHIPPED = Path(package.__file__).with_name("scheme.toml")


def scored(act, chen, li, given):
    line = act(points.propose_act, chen, given, NOW)
    act(points.review, li, line.no, "属实", NOW, approve=True)
    return line.no


def measured(act, chen, li, kind, begins=TODAY, *, approve=True):
    draft = sanctions.draft_measure(kind, "fa_a", "110105", begins, None, "条例 第四十条", STAFF)
    made = act(sanctions.propose, chen, draft, REGISTRY, "骗保", NOW)
    act(sanctions.decide_sanction, li, made.no, REGISTRY, "同意", NOW, approve=approve)
    return made.no


def test_nothing_decided_is_the_best_grade(act):
    found = act(credit, "pr_a", TODAY, scheme())
    assert (found.grade, found.score, found.lines) == (Grade.A, scheme().full, ())


def test_points_cost_by_their_number_until_they_are_undone_or_repaired(act, chen, li):
    no = scored(act, chen, li, ACT)
    act(points.propose_act, chen, replace(ACT, document="京医保罚〔2026〕2号"), NOW)
    found = act(credit, "pr_a", TODAY, scheme())
    (line,) = found.lines
    assert (line.on, line.document, line.takes) == (ACT.decided_on, ACT.document, 45)
    assert (found.score, found.grade) == (55, Grade.D)
    assert act(credit, "pr_a", ACT.decided_on - timedelta(days=1), scheme()).lines == ()
    back = act(points.propose_reversal, chen, no, "京医保复〔2026〕1号", TODAY, "申诉成立", NOW)
    assert act(credit, "pr_a", TODAY, scheme()).score == 55
    act(points.review, li, back.no, "同意", NOW, approve=True)
    assert act(credit, "pr_a", TODAY, scheme()).grade is Grade.A


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in PERSONAL])
def test_a_measure_costs_the_place_and_through_it_the_responsible_alone(act, chen, li, kind):
    measured(act, chen, li, kind)
    place = act(credit, "fa_a", TODAY, scheme())
    assert place.score == 100 - scheme().sanctions[kind]
    effect = CASCADES.get(kind)
    person = act(credit, "pr_a", TODAY, scheme())
    assert person.score == 100 - (scheme().sanctions[effect] if effect else 0)
    assert act(credit, "pr_b", TODAY, scheme()).score == 100


def test_what_was_refused_lifted_from_the_first_day_or_is_old_costs_nothing(act, chen, li):
    measured(act, chen, li, Kind.TALK, approve=False)
    no = measured(act, chen, li, Kind.REFUSE_PAY)
    assert act(credit, "fa_a", TODAY, scheme()).score == 90
    assert act(credit, "fa_a", TODAY - timedelta(days=1), scheme()).score == 100
    assert act(credit, "fa_a", date(2029, 3, 1), scheme()).score == 90
    assert act(credit, "fa_a", date(2029, 3, 3), scheme()).score == 100
    lift = act(sanctions.propose_lift, chen, no, TODAY, "误", NOW)
    act(sanctions.decide_lift, li, lift.no, "同意", NOW, approve=True)
    assert act(credit, "fa_a", TODAY, scheme()).grade is Grade.A


def test_the_score_stays_between_nothing_and_full(act, chen, li):
    for kind in (
        Kind.END_AGREEMENT,
        Kind.SUSPEND_AGREEMENT,
        Kind.REFUSE_PAY,
        Kind.WITHHOLD_PAY,
        Kind.RECTIFY,
    ):
        measured(act, chen, li, kind)
    found = act(credit, "fa_a", TODAY, scheme())
    assert (found.score, found.grade) == (0, Grade.D)
    assert [line.takes for line in found.lines] == [45, 30, 10, 10, 5]


def test_the_scheme_that_ships_says_that_no_official_text_stands_behind_it():
    assert scheme().unverified
    assert "待核" in scheme().name
    assert [scheme().grade(score) for score in (100, 90, 89, 75, 60, 59, 0)] == list("AABBCDD")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("full = 100", ""),
        ("full = 100", "full = 80"),
        ("years = 3", "years = 0"),
        ("point = 5", "point = -5"),
        ("B = 75", "B = 95"),
        ("D = 0", "D = 10"),
        ("D = 0", ""),
        ("talk = 2\n", ""),
        ("talk = 2", "chat = 2"),
        ("talk = 2", 'talk = "2"'),
        ("talk = 2", "talk = "),
    ],
)
def test_a_wrong_scheme_is_refused(tmp_path, old, new):
    text = SHIPPED.read_text("utf-8")
    assert old in text
    file = tmp_path / "credit.toml"
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadPack, match=file.stem):
        read_scheme(file)
