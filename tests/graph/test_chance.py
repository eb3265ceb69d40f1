"""The null model against exact tails, by-hand sums and simulation."""

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats
from scipy.special import gammainc

from graph.scan.chance import Chance, Strata, evidence_weight, log10_poisson_tail
from graph.scan.covisits import VisitColumns, covisits

Ints = npt.NDArray[np.int32]
DAY = 1440


def clinic_days(rng: np.random.Generator, n: int, days: int, spread: float) -> Ints:
    """Minutes of n visits: a morning peak on each of `days` consecutive days."""
    inside = np.clip(rng.normal(570, spread, n), 0, DAY - 1).astype(np.int64)
    return (rng.integers(0, days, n) * DAY + inside).astype(np.int32)


def world(seed: int) -> tuple[Ints, Ints, Ints]:
    """Patients, places, minutes: four places, from sleepy to one open on ten short mornings."""
    rng = np.random.default_rng(seed)
    shapes = [(6_000, 200, 80.0), (3_000, 100, 60.0), (1_500, 50, 40.0), (700, 10, 40.0)]
    patients = [(250 * rng.random(n) ** 1.5).astype(np.int32) for n, _, _ in shapes]
    places = [np.full(n, f, np.int32) for f, (n, _, _) in enumerate(shapes)]
    minutes = [clinic_days(rng, n, days, spread) for n, days, spread in shapes]
    return np.concatenate(patients), np.concatenate(places), np.concatenate(minutes)


def build(patient: Ints, place: Ints, minute: Ints) -> VisitColumns:
    return VisitColumns.build(patient, place, minute, patients=250, places=4)


def permuted(rng: np.random.Generator, patient: Ints, place: Ints) -> Ints:
    """Patients dealt anew to the visits of each place."""
    shuffled = patient.copy()
    for f in np.unique(place):
        at = np.flatnonzero(place == f)
        shuffled[at] = patient[rng.permutation(at)]
    return shuffled


@pytest.mark.parametrize("mean", [1e-9, 0.003, 0.4, 3.0, 40.0])
def test_poisson_tail_is_exact_and_does_not_underflow(mean: float) -> None:
    x = np.arange(0, 120)
    ours = log10_poisson_tail(x, np.full(len(x), mean))
    direct = np.array([1.0 if k == 0 else gammainc(k, mean) for k in x])
    safe = direct > 1e-280
    np.testing.assert_allclose(10 ** ours[safe], direct[safe], rtol=1e-8)
    assert np.isfinite(ours).all()
    assert (np.diff(ours) < 1e-15).all()
    far = log10_poisson_tail([200], [1e-6])[0]
    assert far == pytest.approx((200 * np.log(1e-6) - 1e-6) / np.log(10) - 374.8968886, abs=1e-3)


def test_published_thresholds_of_the_note() -> None:
    """Research note §2.3: X for p <= 1e-3, 1e-5, 1e-7, 1e-10 at mu = 0.026 and 0.42."""
    for mean, expected in ((0.026, [2, 3, 4, 5]), (0.42, [4, 6, 8, 10])):
        tail = log10_poisson_tail(np.arange(12), np.full(12, mean))
        assert [int(np.argmax(tail <= -p)) for p in (3, 5, 7, 10)] == expected


def test_rate_and_expectation_by_hand() -> None:
    patient, place, minute = world(1)
    columns = build(patient, place, minute)
    chance = Chance.fit(columns, 10)
    visits = columns.distinct()
    n = np.zeros((250, 4), np.int64)
    np.add.at(n, (visits.patient, visits.place), 1)
    total = n.sum(axis=0)
    possible = total * (total - 1) // 2 - (n * (n - 1) // 2).sum(axis=0)
    pairs = covisits(columns, window=10, least=1)
    np.testing.assert_allclose(chance.rate, pairs.window_pairs / possible)
    np.testing.assert_allclose(chance.place_rate, chance.rate)
    judged = chance.judge_pairs(pairs)
    mu = (n[pairs.a] * n[pairs.b]) @ chance.rate
    np.testing.assert_allclose(judged.expected, mu)
    np.testing.assert_allclose(judged.weight, evidence_weight(pairs.observed, mu))
    only_sleepy = (np.minimum(n[pairs.a], n[pairs.b])[:, chance.rate > 0.01] == 0).all(axis=1)
    assert only_sleepy.any()
    poisson = np.asarray(stats.poisson.sf(pairs.observed - 1, mu))
    np.testing.assert_allclose(judged.p[only_sleepy], poisson[only_sleepy], rtol=1e-7)


def test_crowded_place_uses_the_exact_tail() -> None:
    """One place with q > 0.01: each visit is met with 1 - (1 - q)^n, a binomial number in all."""
    rng = np.random.default_rng(5)
    minute = clinic_days(rng, 800, 8, 40.0)
    columns = build((30 * rng.random(800)).astype(np.int32), np.zeros(800, np.int32), minute)
    chance = Chance.fit(columns, 10)
    q = chance.rate[0]
    assert q > 0.01
    pairs = covisits(columns, window=10, least=2)
    visits = np.bincount(columns.distinct().patient, minlength=250)
    i, j = visits[pairs.a], visits[pairs.b]
    one = np.asarray(stats.binom.sf(pairs.observed - 1, i, 1 - (1 - q) ** j))
    other = np.asarray(stats.binom.sf(pairs.observed - 1, j, 1 - (1 - q) ** i))
    judged = chance.judge_pairs(pairs)
    np.testing.assert_allclose(judged.p, np.minimum(one, other), rtol=1e-6)


def shares(strata: Strata | None, within_hours: bool) -> dict[float, float]:
    """Share of all pairs that share a place with p <= alpha, over relabelled worlds."""
    patient, place, minute = world(2)
    cell = place.astype(np.int64)
    if within_hours:
        cell = cell * 12 + minute % DAY // 120
    rng = np.random.default_rng(7)
    hits, tests = {1e-2: 0, 1e-3: 0}, 0
    for _ in range(8):
        relabelled = permuted(rng, patient, cell.astype(np.int32))
        columns = build(relabelled, place, minute)
        chance = Chance.fit(columns, 10, strata=strata)
        judged = chance.judge_pairs(covisits(columns, window=10, least=1))
        there = np.zeros((250, 4), np.bool_)
        there[relabelled, place] = True
        tests += int(np.triu(there.astype(int) @ there.T.astype(int) > 0, 1).sum())
        for alpha in hits:
            hits[alpha] += int((judged.log10_p <= np.log10(alpha)).sum())
    return {alpha: n / tests for alpha, n in hits.items()}


@pytest.mark.parametrize(
    ("strata", "within_hours"),
    [(None, False), (Strata(days=20, visits=200), False), (Strata(days=20, visits=200), True)],
)
def test_p_values_are_conservative(strata: Strata | None, within_hours: bool) -> None:
    share = shares(strata, within_hours)
    assert share[1e-2] <= 1.1e-2
    assert share[1e-3] <= 1.3e-3
    assert share[1e-2] > 1e-3


@pytest.mark.parametrize("strata", [None, Strata(days=20, visits=200)])
def test_mean_of_observed_matches_expectation(strata: Strata | None) -> None:
    """For chosen pairs the mean of X over many relabelled worlds is mu, within its error."""
    patient, place, minute = world(3)
    quiet = place < 2
    patient, place, minute = patient[quiet], place[quiet], minute[quiet]
    rng = np.random.default_rng(11)
    chosen = np.array(list(itertools.combinations(range(20, 40), 2)), np.int32)
    totals, expected = [], []
    for _ in range(60):
        columns = build(permuted(rng, patient, place), place, minute)
        pairs = covisits(columns, window=10, least=1)
        seen = dict(zip(zip(pairs.a, pairs.b, strict=True), pairs.observed, strict=True))
        totals.append(sum(int(seen.get((a, b), 0)) for a, b in chosen))
        chance = Chance.fit(columns, 10, strata=strata)
        nothing = np.zeros(len(chosen), np.int32)
        a, b = (np.ascontiguousarray(chosen[:, k]) for k in (0, 1))
        expected.append(chance.judge(a, b, nothing).expected.sum())
    error = np.std(totals) / np.sqrt(len(totals))
    assert np.mean(totals) > 50
    assert abs(np.mean(totals) - np.mean(expected)) < 4 * error


def test_strata_explain_habits() -> None:
    """Patients who always come at the same hour meet often; finer strata expect as much."""
    rng = np.random.default_rng(13)
    habit = rng.integers(0, 4, 250)
    patient = rng.integers(0, 250, 20_000).astype(np.int32)
    inside = 480 + habit[patient] * 120 + rng.integers(0, 120, len(patient))
    minute = (rng.integers(0, 364, len(patient)) * DAY + inside).astype(np.int32)
    columns = build(patient, np.zeros(len(patient), np.int32), minute)
    pairs = covisits(columns, window=10, least=1)
    coarse = Chance.fit(columns, 10).judge_pairs(pairs)
    fine = Chance.fit(columns, 10, strata=Strata()).judge_pairs(pairs)
    same = habit[pairs.a] == habit[pairs.b]
    observed = pairs.observed[same].sum()
    assert coarse.expected[same].sum() < 0.6 * observed
    assert fine.expected[same].sum() == pytest.approx(observed, rel=0.1)


def test_strata_without_enough_days_or_visits_stay_together() -> None:
    patient, place, minute = world(4)
    columns = build(patient, place, minute)
    plain = Chance.fit(columns, 10)
    for strata in (Strata(days=1000), Strata(visits=10**6)):
        thin = Chance.fit(columns, 10, strata=strata)
        assert thin.sizes.tolist() == [1, 1, 1, 1]
        np.testing.assert_allclose(thin.rate, plain.rate)
    fine = Chance.fit(columns, 10, strata=Strata())
    assert fine.sizes[0] > 2
    np.testing.assert_allclose(fine.place_rate, plain.place_rate)


@pytest.mark.parametrize("strata", [None, Strata()])
def test_members_do_not_set_their_own_rate(strata: Strata | None) -> None:
    """Taking members out equals fitting without their visits, stratum by stratum."""
    patient, place, minute = world(6)
    columns = build(patient, place, minute)
    chance = Chance.fit(columns, 10, strata=strata)
    members = np.array([3, 9, 27, 81, 200], np.int32)
    without = chance.without(members)
    left = ~np.isin(chance.columns.patient, members)
    if strata is None:
        again = Chance.fit(columns.distinct().only(left), 10)
        np.testing.assert_array_equal(without.met, again.met)
        np.testing.assert_array_equal(without.possible, again.possible)
    assert not np.array_equal(without.met, chance.met)
    pooled = Chance.fit(columns.distinct().only(left), 10).place_rate
    np.testing.assert_allclose(without.place_rate, pooled)


def test_nobody_to_compare_with_proves_nothing() -> None:
    """Without others, or with others who never met, a pair is not infinitely improbable."""
    patient = np.tile(np.array([0, 1], np.int32), 6)
    minute = np.repeat(np.arange(6, dtype=np.int32) * DAY + 600, 2)
    columns = build(patient, np.zeros(12, np.int32), minute)
    pairs = covisits(columns, window=10, least=1)
    alone = Chance.fit(columns, 10).without(np.array([0, 1], np.int32)).judge_pairs(pairs)
    assert alone.log10_p[0] > -0.5
    others = np.array([2, 3], np.int32)
    columns = build(
        np.concatenate([patient, others]),
        np.zeros(14, np.int32),
        np.concatenate([minute, np.array([5_000, 9_000], np.int32)]),
    )
    apart = Chance.fit(columns, 10).without(np.array([0, 1], np.int32)).judge_pairs(pairs)
    assert apart.expected[0] == pytest.approx(18.0)


def test_no_pairs_no_judgement() -> None:
    columns = build(*world(1)).only(np.zeros(11_200, np.bool_))
    pairs = covisits(columns, window=10)
    judged = Chance.fit(columns, 10, strata=Strata()).judge_pairs(pairs)
    assert len(pairs) == len(judged.p) == 0


def test_window_of_pairs_and_null_must_agree() -> None:
    columns = build(*world(1))
    with pytest.raises(ValueError, match="null within 30"):
        Chance.fit(columns, 30).judge_pairs(covisits(columns, window=10))


def gatherings_by_hand(
    columns: VisitColumns, members: list[int], window: int, least: int
) -> list[tuple[int, int, int, int]]:
    found = []
    for f in range(columns.places):
        rows = [
            r
            for r in range(columns.place_offsets[f], columns.place_offsets[f + 1])
            if columns.patient[r] in members
        ]
        while rows:
            reach = [r for r in rows if columns.minute[r] - columns.minute[rows[0]] <= window]
            who = {int(columns.patient[r]) for r in reach}
            if len(who) >= least:
                first, last = int(columns.minute[reach[0]]), int(columns.minute[reach[-1]])
                found.append((f, first, last, len(who)))
                rows = rows[len(reach) :]
            else:
                rows = rows[1:]
    return found
