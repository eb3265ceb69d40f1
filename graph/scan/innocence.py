"""Innocent explanations that several motifs try, answered from the data alone."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from graph.scan.candidates import Explanation, Keys, Outcome, keys
from graph.scan.world import World

MOST = 0.7
"""A share of the members from which an explanation covers the group."""
SOME = 0.4
SCHOOL_AGE = 19
OWN_STAFF = 0.5
"""Share of the members registered at the place from which it is their work that brings them there."""
AT_WORK = 5
"""Days on which a place's own staff were its patients together, from which it is neither a check-up nor a vaccination."""

INSURED_STAFF = """
SELECT DISTINCT p.owner AS patient, r.place FROM holds p JOIN tokens t ON t.token = p.token
JOIN holds c ON c.token = p.token JOIN prac_reg_d r ON r.practitioner = c.owner
WHERE t.kind = 'certno' AND p.owner_kind = 'patient' AND c.owner_kind = 'practitioner' AND r.place IS NOT NULL
"""
"""Who is insured and by one identity number registered at a place as staff."""


def one_household(world: World, patients: Keys) -> Explanation:
    """Are the members one family? By 家庭共济 filings and addresses of few people."""
    share = _largest_share(world.household[patients])
    return _by_share("household", share, len(np.unique(world.household[patients])))


def one_employer(world: World, patients: Keys) -> Explanation:
    """Do the members work for one employer?"""
    return _by_token(world, "employer", "employer", patients)


def employed_at(world: World, patients: Keys, place: int, days: int) -> Explanation:
    """Do the people, together on so many `days`, work for one employer? Where that is the very `place`, work brings them there,
    and no illness does so together."""
    found = one_employer(world, patients)
    if found.outcome is not Outcome.EXPLAINS or days < AT_WORK:
        return found
    share = own_staff(world, patients, place)
    if share < OWN_STAFF:
        return found
    return replace(
        found, outcome=Outcome.WEAKENS, numbers={**found.numbers, "own_staff": round(share, 3)}
    )


def own_staff(world: World, patients: Keys, place: int) -> float:
    """The share of the members who are registered as staff at the place."""
    if not world.has("prac_reg_d"):
        return 0.0
    at = world.once("insured staff", lambda: world.arrays(INSURED_STAFF))
    return float(np.isin(patients, keys(at["patient"][at["place"] == place])).mean())


def one_address(world: World, patients: Keys) -> Explanation:
    """Do the members live at one address, as in a care home or a dormitory?"""
    return _by_token(world, "care_home", "address", patients)


def one_school(world: World, patients: Keys) -> Explanation:
    """Are the members of one school age, as when a class comes for vaccination or a check?"""
    born = world.birth_year[patients]
    born = born[born > 0]
    if not len(born):
        return Explanation("school", Outcome.UNKNOWN)
    young = float((world.latest_year - born <= SCHOOL_AGE).mean())
    outcome = Outcome.EXPLAINS if young >= MOST else Outcome.RULED_OUT
    return Explanation("school", outcome, {"share": round(young, 3), "span": int(np.ptp(born))})


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
