"""Candidates become rings: merged where their members overlap, whatever order they come in."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.scan.assemble import Draft, assemble
from graph.scan.candidates import CAP, Candidate, Explanation, Outcome, keys


def candidate(
    patients: list[int] | range,
    motif: str = "covisit",
    surprise: float = 10.0,
    explained: bool = False,
    practitioners: tuple[int, ...] = (),
    places: tuple[int, ...] = (),
) -> Candidate:
    outcome = Outcome.EXPLAINS if explained else Outcome.RULED_OUT
    return Candidate(
        motif=motif,
        patients=keys(list(patients)),
        surprise=surprise,
        practitioners=practitioners,
        places=places,
        explanations=(Explanation("household", outcome),),
    )


def members(drafts: list[Draft]) -> set[tuple[int, ...]]:
    return {tuple(draft.patients.tolist()) for draft in drafts}


def test_candidates_with_mostly_the_same_people_are_one_ring() -> None:
    drafts = assemble([candidate(range(8)), candidate(range(1, 9), "shared_token")])
    assert members(drafts) == {tuple(range(9))}
    assert set(drafts[0].motifs) == {"covisit", "shared_token"}


def test_a_group_inside_another_joins_it() -> None:
    drafts = assemble([candidate(range(30)), candidate([3, 4, 5, 6], "shared_token")])
    assert members(drafts) == {tuple(range(30))}


def test_candidates_with_few_people_in_common_stay_apart() -> None:
    drafts = assemble([candidate(range(10)), candidate(range(7, 17))])
    assert len(drafts) == 2


def test_two_common_people_do_not_draw_a_pair_in() -> None:
    drafts = assemble([candidate(range(10)), candidate([1, 2], "after_death")])
    assert len(drafts) == 2


def test_an_explained_group_inside_a_ring_does_not_join_it() -> None:
    drafts = assemble([candidate(range(30)), candidate([3, 4, 5, 6], explained=True)])
    assert len(drafts) == 2
    assert sorted(draft.explained for draft in drafts) == [False, True]


def test_members_and_core_come_from_what_is_not_explained() -> None:
    drafts = assemble([candidate(range(6)), candidate(range(8), explained=True, surprise=40.0)])
    assert members(drafts) == {tuple(range(6))}
    assert not drafts[0].explained
    assert drafts[0].evidence == pytest.approx(10.0)


def test_the_core_is_the_strongest_group_and_those_in_several() -> None:
    strong = candidate(range(6), surprise=30.0)
    weak = candidate([*range(1, 9)], "receipts", surprise=5.0)
    weaker = candidate([4, 5, 6, 7, 8], "shared_token", surprise=4.0)
    draft = assemble([weaker, weak, strong])[0]
    assert draft.patients.tolist() == list(range(9))
    assert draft.core.tolist() == list(range(9))
    assert assemble([weak, strong])[0].core.tolist() == list(range(6))
    assert draft.motifs[0] == "covisit"


def test_practitioners_alone_merge_when_they_are_the_same() -> None:
    lent = candidate([], "two_places", practitioners=(7,), places=(1, 2))
    again = candidate([], "substitution", practitioners=(7,), places=(2,))
    other = candidate([], "two_places", practitioners=(8,))
    drafts = assemble([lent, again, other])
    assert sorted(draft.practitioners for draft in drafts) == [(7,), (8,)]
    assert sorted(drafts[0].places + drafts[1].places) == [1, 2]


def test_evidence_counts_each_motif_once_and_is_capped() -> None:
    twice = [candidate(range(8), surprise=9.0), candidate(range(8), surprise=7.0, places=(1,))]
    assert assemble(twice)[0].evidence == pytest.approx(9.0)
    two = [*twice, candidate(range(8), "shared_token", surprise=4.0)]
    assert assemble(two)[0].evidence == pytest.approx(13.0)
    assert assemble([candidate(range(8), surprise=900.0)])[0].evidence == CAP


def test_nothing_makes_no_rings() -> None:
    assert assemble([]) == []


groups = st.lists(
    st.builds(
        candidate,
        st.lists(st.integers(0, 25), min_size=0, max_size=10),
        st.sampled_from(["covisit", "receipts", "costay", "funnel"]),
        st.floats(0, 60).map(lambda x: round(x, 3)),
        st.booleans(),
        st.lists(st.integers(0, 3), max_size=2, unique=True).map(tuple),
        st.lists(st.integers(0, 5), max_size=2, unique=True).map(tuple),
    ),
    max_size=12,
)


def outline(drafts: list[Draft]) -> Sequence[object]:
    return sorted(
        (
            d.patients.tolist(), d.core.tolist(), d.motifs, d.practitioners, d.places,
            round(d.evidence, 9), d.explained, len(d.candidates),
        )
        for d in drafts
    )  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(groups, st.integers(0, 1000))
def test_the_order_of_candidates_does_not_matter(candidates: list[Candidate], seed: int) -> None:
    other = list(candidates)
    Random(seed).shuffle(other)
    assert outline(assemble(other)) == outline(assemble(candidates))


@settings(max_examples=200, deadline=None)
@given(groups)
def test_every_candidate_is_in_one_ring_and_rings_hold_their_people(
    candidates: list[Candidate],
) -> None:
    drafts = assemble(candidates)
    assert sum(len(draft.candidates) for draft in drafts) == len(candidates)
    for draft in drafts:
        strong = [c for c in draft.candidates if not c.explained] or list(draft.candidates)
        assert set(draft.patients.tolist()) == {p for c in strong for p in c.patients.tolist()}
        assert set(draft.core.tolist()) <= set(draft.patients.tolist())
        assert np.all(np.diff(draft.patients) > 0)


def test_few_holders_of_a_token_go_with_the_ring_of_half_of_them() -> None:
    drafts = assemble([candidate(range(10)), candidate([8, 9, 20, 21], "shared_token")])
    assert members(drafts) == {(*range(10), 20, 21)}


def test_one_common_holder_brings_nobody_in() -> None:
    drafts = assemble([candidate(range(10)), candidate([9, 20], "shared_token")])
    assert len(drafts) == 2


def test_a_token_of_many_brings_nobody_in() -> None:
    drafts = assemble([candidate(range(10)), candidate(range(3, 17), "shared_token")])
    assert len(drafts) == 2


def test_what_tells_one_fact_counts_once() -> None:
    agent = [
        replace(candidate(range(6), motif, 3.5), same_fact="agent")
        for motif in ("receipts", "shared_token")
    ]
    assert assemble(agent)[0].evidence == 3.5
    assert assemble([*agent, candidate(range(6), "covisit", 3.0)])[0].evidence == 6.5
