"""Grades by evidence and by what speaks against it; ranks by grade, then money that may come back."""

from collections.abc import Sequence

import pytest

from graph.scan.assemble import assemble
from graph.scan.candidates import Candidate, Event, Explanation, Outcome, keys
from graph.scan.evidence import rank
from graph.scan.grading import A_EVIDENCE, B_EVIDENCE, Graded, grade


def graded(
    patients: range,
    surprise: float,
    outcomes: Sequence[Outcome] = (Outcome.RULED_OUT,),
    bills: Sequence[tuple[str, int]] = (),
    motif: str = "covisit",
) -> Graded:
    candidate = Candidate(
        motif=motif,
        patients=keys(list(patients)),
        surprise=surprise,
        events=tuple(
            Event("gathering", None, patients=tuple(patients), rows=(row,), fund=fund)
            for row, fund in bills
        ),
        explanations=tuple(Explanation(f"reason{k}", o) for k, o in enumerate(outcomes)),
    )
    return grade(assemble([candidate])[0])


def test_strong_evidence_that_nothing_weakens_is_grade_a() -> None:
    assert graded(range(6), A_EVIDENCE).grade == "A"
    assert graded(range(6), A_EVIDENCE, [Outcome.RULED_OUT, Outcome.UNKNOWN]).grade == "A"


def test_a_weakening_explanation_takes_grade_a_away() -> None:
    sound, weak = graded(range(6), 30.0), graded(range(6), 30.0, [Outcome.WEAKENS])
    assert weak.grade == "B"
    assert weak.probability < sound.probability


def test_less_evidence_is_grade_b_and_little_is_c() -> None:
    assert graded(range(6), (A_EVIDENCE + B_EVIDENCE) / 2).grade == "B"
    assert graded(range(6), B_EVIDENCE / 2).grade == "C"


@pytest.mark.parametrize("surprise", [1.0, 20.0, 50.0])
def test_what_is_explained_is_grade_c_however_strong(surprise: float) -> None:
    explained = graded(range(6), surprise, [Outcome.EXPLAINS, Outcome.RULED_OUT])
    assert explained.grade == "C"
    assert explained.probability <= 0.05


def test_probability_grows_with_evidence_and_stays_between_0_and_1() -> None:
    found = [graded(range(6), surprise).probability for surprise in (0.0, 2.0, 5.0, 12.0, 50.0)]
    assert found == sorted(found)
    assert 0 < found[0] < 0.5 < found[-1] < 1 + 1e-9


def test_grade_comes_before_money_and_money_before_evidence() -> None:
    poor_a = graded(range(6), 30.0, bills=[("setl_d:S1", 100)])
    rich_a = graded(range(10, 16), 20.0, bills=[("setl_d:S2", 900_000)])
    rich_b = graded(range(20, 26), 8.0, bills=[("setl_d:S3", 90_000_000)])
    explained = graded(range(30, 36), 50.0, [Outcome.EXPLAINS], bills=[("setl_d:S4", 10**9)])
    order = [item.graded for item in rank([explained, rich_b, poor_a, rich_a])]
    assert order == [rich_a, poor_a, rich_b, explained]
    assert [i.graded for i in rank([poor_a, rich_a, explained, rich_b])] == order


def test_a_row_of_two_rings_is_recoverable_from_the_first_alone() -> None:
    shared = ("setl_d:S1", 50_000)
    first = graded(range(6), 30.0, bills=[shared, ("setl_d:S2", 20_000)])
    second = graded(range(10, 16), 8.0, bills=[shared, ("setl_d:S3", 1_000)])
    ranked = rank([second, first])
    assert [(item.fund, item.recoverable) for item in ranked] == [(70_000, 70_000), (51_000, 1_000)]


def test_a_row_in_two_events_of_one_ring_counts_once() -> None:
    found = rank([graded(range(6), 30.0, bills=[("setl_d:S1", 500), ("setl_d:S1", 500)])])
    assert (found[0].fund, found[0].recoverable) == (500, 500)
