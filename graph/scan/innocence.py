"""Innocent explanations that several motifs try, answered from the data alone."""

import numpy as np
import numpy.typing as npt

from graph.scan.candidates import Explanation, Keys, Outcome
from graph.scan.world import World

MOST = 0.7
"""A share of the members from which an explanation covers the group."""
SOME = 0.4


def one_household(world: World, patients: Keys) -> Explanation:
    """Are the members one family? By 家庭共济 filings and addresses of few people."""
    share = _largest_share(world.household[patients])
    return _by_share("household", share, len(np.unique(world.household[patients])))


def one_employer(world: World, patients: Keys) -> Explanation:
    """Do the members work for one employer?"""
    return _by_token(world, "employer", "employer", patients)


def one_address(world: World, patients: Keys) -> Explanation:
    """Do the members live at one address, as in a care home or a dormitory?"""
    return _by_token(world, "care_home", "address", patients)


def _by_token(world: World, name: str, kind: str, patients: Keys) -> Explanation:
    held = world.token_of(kind)[patients]
    held = held[held >= 0]
    counts = np.unique(held, return_counts=True)[1]
    return _by_share(name, counts.max(initial=0) / max(len(patients), 1), len(counts))


def _by_share(name: str, share: float, groups: int) -> Explanation:
    outcome = Outcome.RULED_OUT
    if share >= MOST:
        outcome = Outcome.EXPLAINS
    elif share >= SOME:
        outcome = Outcome.WEAKENS
    return Explanation(name, outcome, {"share": round(float(share), 3), "groups": groups})


def _largest_share(labels: npt.NDArray[np.int32]) -> float:
    counts = np.unique(labels, return_counts=True)[1]
    return float(counts.max() / counts.sum()) if len(counts) else 0.0
