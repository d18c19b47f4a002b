"""The fast filter and smoother against a slow plain one, and what the model claims of luck."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.picture.direction import (
    Hyper,
    Panel,
    filtered,
    log_likelihood,
    probabilities,
    share_real,
    smoothed,
)


def solve(matrix: list[list[float]], right: list[list[float]]) -> list[list[float]]:
    """Gauss-Jordan elimination with pivoting, in plain Python."""
    size, width = len(matrix), len(right[0])
    rows = [list(matrix[i]) + list(right[i]) for i in range(size)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for r in range(size):
            if r != i:
                factor = rows[r][i]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i], strict=True)]
    return [row[size : size + width] for row in rows]


def determinant(matrix: list[list[float]]) -> float:
    rows, value = [list(r) for r in matrix], 1.0
    for i in range(len(rows)):
        pivot = max(range(i, len(rows)), key=lambda r: abs(rows[r][i]))
        if pivot != i:
            rows[i], rows[pivot] = rows[pivot], rows[i]
            value = -value
        value *= rows[i][i]
        for r in range(i + 1, len(rows)):
            factor = rows[r][i] / rows[i][i]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i], strict=True)]
    return value


def oracle(years, seen, noise, prior, hyper, first, last):
    """One school as one joint Gaussian over all its years, conditioned on what was seen."""
    size = len(years)
    cov = [
        [hyper.between + hyper.drift * (min(years[i], years[j]) - years[0]) for j in range(size)]
        for i in range(size)
    ]
    there = [t for t in range(size) if not math.isnan(seen[t])]
    if not there:
        mean, post, likelihood = [prior] * size, cov, 0.0
    else:
        total = [
            [cov[i][j] + ((noise[i] + hyper.excess) if i == j else 0.0) for j in there]
            for i in there
        ]
        miss = [[seen[t] - prior] for t in there]
        weights = solve(total, miss)
        mean = [
            prior + sum(cov[i][t] * w[0] for t, w in zip(there, weights, strict=True))
            for i in range(size)
        ]
        across = solve(total, [[cov[t][j] for j in range(size)] for t in there])
        post = [
            [
                cov[i][j] - sum(cov[i][t] * across[k][j] for k, t in enumerate(there))
                for j in range(size)
            ]
            for i in range(size)
        ]
        quadratic = sum(m[0] * w[0] for m, w in zip(miss, weights, strict=True))
        likelihood = -0.5 * (
            quadratic + math.log(determinant(total)) + len(there) * math.log(2 * math.pi)
        )
    change = mean[last] - mean[first]
    spread = post[last][last] + post[first][first] - 2 * post[last][first]
    return mean, [post[i][i] for i in range(size)], change, spread, likelihood


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), times=st.integers(2, 10), gaps=st.floats(0, 0.7))
def test_fast_smoother_agrees_with_the_joint_gaussian(seed, times, gaps):
    rng = random.Random(seed)
    years = sorted(rng.sample(range(2010, 2030), times))
    hyper = Hyper(rng.uniform(0.1, 20), rng.uniform(1, 200), rng.uniform(0, 30))
    schools = 4
    seen = np.array(
        [
            [math.nan if rng.random() < gaps else rng.gauss(0, 12) for _ in range(schools)]
            for _ in years
        ]
    )
    noise = np.array([[rng.uniform(5, 300) for _ in range(schools)] for _ in years])
    prior = np.array([rng.gauss(0, 5) for _ in range(schools)])
    first = np.array([rng.randrange(times - 1) for _ in range(schools)])
    last = np.array([rng.randrange(f + 1, times) for f in first])
    panel = Panel(np.array(years), seen, noise, prior)
    fast = smoothed(panel, hyper, first, last)
    likelihood = filtered(panel, hyper).log_likelihood
    assert log_likelihood(panel)(hyper) == pytest.approx(likelihood.sum(), rel=1e-9, abs=1e-9)
    for s in range(schools):
        mean, variance, change, spread, slow = oracle(
            years, list(seen[:, s]), list(noise[:, s]), prior[s], hyper, first[s], last[s]
        )
        assert fast.mean[:, s] == pytest.approx(mean, rel=1e-9, abs=1e-9)
        assert fast.variance[:, s] == pytest.approx(variance, rel=1e-9, abs=1e-9)
        assert fast.change[s] == pytest.approx(change, rel=1e-9, abs=1e-9)
        assert fast.change_variance[s] == pytest.approx(spread, rel=1e-9, abs=1e-9)
        assert likelihood[s] == pytest.approx(slow, rel=1e-9, abs=1e-9)


def test_a_gap_of_four_years_loosens_the_level_more_than_one_step():
    hyper = Hyper(drift=10.0, between=100.0, excess=0.0)
    noise = np.full((2, 1), 20.0)
    seen = np.array([[5.0], [np.nan]])
    widths = [
        smoothed(
            Panel(np.array([2018, year]), seen, noise, np.zeros(1)),
            hyper,
            np.zeros(1, int),
            np.ones(1, int),
        ).variance[1, 0]
        for year in (2019, 2022)
    ]
    assert widths[1] == pytest.approx(widths[0] + 3 * hyper.drift)


def test_no_two_years_give_no_change():
    panel = Panel(np.array([2017, 2018]), np.array([[1.0], [2.0]]), np.ones((2, 1)), np.zeros(1))
    one = np.ones(1, int)
    done = smoothed(panel, Hyper(1, 1, 1), one, one)
    assert np.isnan(done.change).all()
    up, down = probabilities(done.change, done.change_variance, 2.5)
    assert np.isnan(up).all()
    assert np.isnan(down).all()


def test_share_real_is_drift_over_drift_and_luck():
    panel = Panel(
        np.array([2017, 2018]), np.array([[50.0], [60.0]]), np.full((2, 1), 45.0), np.zeros(1)
    )
    got = share_real(panel, Hyper(4, 150, 18), np.array([1]), np.array([0]))
    assert got[0] == pytest.approx(4 / (4 + 2 * 45 + 2 * 18))
