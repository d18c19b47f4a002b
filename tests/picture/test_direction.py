"""The fast filter and smoother, with matrices and without, against a slow plain one."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.picture.direction import (
    Hyper,
    Panel,
    ahead,
    log_likelihood,
    probabilities,
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


def oracle(years, seen, luck, hyper):
    """One school as one joint Gaussian over all years and measures, in plain Python.

    ``seen[t][m]`` NaN where nothing; ``luck[t][m][n]`` the covariance of a year's noise. Gives the
    mean and covariance of every standing given what was seen, by (year, measure) in one list, and
    the log-likelihood.
    """
    measures = len(seen[0])
    between = hyper.between.tolist()

    def prior(s, m, t, n):
        """Cov(z(s, m), z(t, n)): the first year's stays, what is new since comes in."""
        early, late = min(s, t), max(s, t)
        kept = hyper.stay ** (years[early] - years[0])
        variance = 1.0 - kept * kept + kept * kept * hyper.first
        return hyper.stay ** (years[late] - years[early]) * variance * between[m][n]

    at = [(t, m) for t in range(len(years)) for m in range(measures)]
    cov = [[prior(s, m, t, n) for t, n in at] for s, m in at]
    there = [k for k, (t, m) in enumerate(at) if not math.isnan(seen[t][m])]
    if not there:
        return [0.0] * len(at), cov, 0.0
    total = [
        [
            cov[i][j] + (luck[at[i][0]][at[i][1]][at[j][1]] if at[i][0] == at[j][0] else 0.0)
            for j in there
        ]
        for i in there
    ]
    figures = [[seen[at[k][0]][at[k][1]]] for k in there]
    weights = solve(total, figures)
    mean = [
        sum(cov[i][k] * w[0] for k, w in zip(there, weights, strict=True)) for i in range(len(at))
    ]
    across = solve(total, [[cov[k][j] for j in range(len(at))] for k in there])
    post = [
        [
            cov[i][j] - sum(cov[i][k] * across[n][j] for n, k in enumerate(there))
            for j in range(len(at))
        ]
        for i in range(len(at))
    ]
    quadratic = sum(f[0] * w[0] for f, w in zip(figures, weights, strict=True))
    likelihood = -0.5 * (
        quadratic + math.log(determinant(total)) + len(there) * math.log(2 * math.pi)
    )
    return mean, post, likelihood


def positive(draw, size, scale):
    """A covariance matrix."""
    root = draw.normal(size=(size, size + 1))
    return scale * root @ root.T / size


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    times=st.integers(2, 6),
    measures=st.integers(1, 3),
    gaps=st.floats(0, 0.7),
)
def test_the_smoother_agrees_with_the_joint_gaussian(seed, times, measures, gaps):
    draw, rng = np.random.default_rng(seed), random.Random(seed)
    schools = 3
    years = sorted(rng.sample(range(2010, 2030), times))
    hyper = Hyper(
        positive(draw, measures, 100.0),
        positive(draw, measures, 2000.0),
        stay=rng.uniform(0.5, 0.999),
        excess=rng.uniform(0, 0.02),
        first=rng.uniform(0.3, 1.0),
    )
    seen = draw.normal(0, 12, (times, schools, measures))
    seen[draw.random(seen.shape) < gaps] = np.nan
    panel = Panel(
        np.array(years),
        seen,
        1.0 / draw.integers(5, 100, (times, schools)),
        draw.uniform(0.5, 1.2, (schools, measures)),
    )
    first = np.array([[rng.randrange(times - 1) for _ in range(measures)] for _ in range(schools)])
    last = np.array([[rng.randrange(f + 1, times) for f in row] for row in first])
    fast = smoothed(panel, hyper, first, last)
    likelihood = 0.0
    near = {"rel": 1e-9, "abs": 1e-9}
    for s in range(schools):
        luck = [panel.luck(t, hyper)[s].tolist() for t in range(times)]
        mean, post, slow = oracle(years, seen[:, s].tolist(), luck, hyper)
        likelihood += slow
        for t in range(times):
            for m in range(measures):
                k = t * measures + m
                assert fast.mean[t, s, m] == pytest.approx(mean[k], **near)
                assert fast.variance[t, s, m] == pytest.approx(post[k][k], **near)
        for m in range(measures):
            a, b = int(first[s, m]) * measures + m, int(last[s, m]) * measures + m
            spread = post[a][a] + post[b][b] - 2 * post[a][b]
            assert fast.change[s, m] == pytest.approx(mean[b] - mean[a], **near)
            assert fast.change_variance[s, m] == pytest.approx(spread, **near)
        end = (times - 1) * measures
        assert fast.end[s] == pytest.approx(np.array(mean[end:]), **near)
        covariance = np.array([row[end:] for row in post[end:]])
        assert fast.end_covariance[s] == pytest.approx(covariance, **near)
    assert log_likelihood(panel, hyper) == pytest.approx(likelihood, **near)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), known=st.lists(st.booleans(), min_size=3, max_size=3))
def test_a_year_ahead_is_the_joint_gaussian_of_what_is_known(seed, known):
    """The figures of 2018 given those before and what is known of its cohort, all figures as one
    Gaussian in plain Python."""
    draw = np.random.default_rng(seed)
    years, measures = [2015, 2016, 2018], 3
    hyper = Hyper(positive(draw, 3, 100.0), positive(draw, 3, 2000.0), 0.9, 0.01)
    seen = draw.normal(0, 12, (3, 1, measures))
    seen[:2][draw.random((2, 1, measures)) < 0.3] = np.nan
    cohort = np.where(known, seen[2, 0], np.nan)[None, :]
    share = 1.0 / draw.integers(5, 100, (3, 1))
    whole = Panel(np.array(years), seen, share, draw.uniform(0.5, 1.2, (1, 3)))
    before = Panel(whole.years[:2], seen[:2], share[:2], whole.factor)
    nobody = np.full((1, 3), -1)
    done = smoothed(before, hyper, nobody, nobody)
    mean, variance = ahead(before, hyper, done, year=2018, share=share[2], known=cohort)

    def covariance(s, m, t, n):
        luck = whole.luck(t, hyper)[0][m][n] if s == t else 0.0
        return hyper.stay ** abs(years[s] - years[t]) * hyper.between[m][n] + luck

    given_ = [
        (t, m)
        for t in range(3)
        for m in range(measures)
        if (t < 2 and not math.isnan(seen[t, 0, m])) or (t == 2 and known[m])
    ]
    total = [[covariance(*a, *b) for b in given_] for a in given_]
    for m in range(measures):
        across = [covariance(2, m, *b) for b in given_]
        if not given_:
            expected, spread = 0.0, covariance(2, m, 2, m)
        else:
            weights = solve(total, [[x] for x in across])
            expected = sum(w[0] * seen[t, 0, n] for w, (t, n) in zip(weights, given_, strict=True))
            less = sum(w[0] * x for w, x in zip(weights, across, strict=True))
            spread = covariance(2, m, 2, m) - less
        assert mean[0, m] == pytest.approx(expected, rel=1e-7, abs=1e-7)
        assert variance[0, m] == pytest.approx(spread, rel=1e-7, abs=1e-6)


def one(years, seen, share, schools=1):
    return Panel(
        np.array(years), np.array(seen)[:, :, None], np.array(share), np.ones((schools, 1))
    )


def alone(between, noise, stay, excess=0.0):
    return Hyper(np.array([[between]]), np.array([[noise]]), stay, excess)


def test_a_gap_of_four_years_loosens_the_level_more_than_one_step():
    ends = np.zeros((1, 1), int), np.ones((1, 1), int)
    hyper = alone(100.0, 2000.0, 0.95)
    widths = [
        smoothed(one([2018, year], [[5.0], [np.nan]], np.full((2, 1), 0.01)), hyper, *ends).variance
        for year in (2019, 2022)
    ]
    assert widths[1][1, 0, 0] > widths[0][1, 0, 0] + 10


def test_a_local_level_is_the_limit_of_standing_that_stays():
    years, q, start = [2015, 2016, 2020], 8.0, 80.0
    wide = 1e7  # standing hardly drawn back to the mean at all
    hyper = Hyper(np.array([[wide]]), np.array([[2000.0]]), 1 - q / 2 / wide, 0.0, start / wide)
    panel = one(years, [[5.0], [9.0], [-3.0]], np.full((3, 1), 0.02))
    fast = smoothed(panel, hyper, np.zeros((1, 1), int), np.full((1, 1), 2))
    cov = [[start + q * (min(a, b) - 2015) for b in years] for a in years]
    total = [[cov[i][j] + (40.0 if i == j else 0.0) for j in range(3)] for i in range(3)]
    weights = solve(total, [[5.0], [9.0], [-3.0]])
    level = [sum(cov[i][k] * weights[k][0] for k in range(3)) for i in range(3)]
    assert fast.mean[:, 0, 0] == pytest.approx(level, rel=1e-4)


def test_no_two_years_give_no_change():
    at = np.ones((1, 1), int)
    done = smoothed(one([2017, 2018], [[1.0], [2.0]], np.ones((2, 1))), alone(1, 1, 0.9), at, at)
    assert np.isnan(done.change).all()
    up, down = probabilities(done.change, done.change_variance, 2.5)
    assert np.isnan(up).all()
    assert np.isnan(down).all()


def test_measures_that_go_together_inform_one_another():
    between = np.array([[100.0, 90.0], [90.0, 100.0]])
    noise = np.array([[2000.0, 0.0], [0.0, 2000.0]])
    seen = np.array([[[10.0, np.nan]]])
    panel = Panel(np.array([2018]), seen, np.full((1, 1), 0.02), np.ones((1, 2)))
    nobody = np.full((1, 2), -1)
    together = smoothed(panel, Hyper(between, noise, 0.9, 0.0), nobody, nobody).mean[0, 0, 1]
    apart = smoothed(panel, Hyper(np.diag([100.0, 100.0]), noise, 0.9, 0.0), nobody, nobody)
    assert together > 5
    assert apart.mean[0, 0, 1] == 0


@pytest.mark.parametrize("first", [0.2, 1.0])
@pytest.mark.parametrize(("start", "years"), [(0, 1), (0, 5), (3, 2)])
def test_the_variance_of_a_move_is_that_of_schools_that_were_drawn(first, start, years):
    """Also where schools drift apart, so that they differ less in the first years."""
    hyper = Hyper(np.array([[50.0]]), np.array([[2000.0]]), 0.6, 0.0, first)
    draw, schools = np.random.default_rng(7), 200_000
    standing = draw.normal(0, np.sqrt(50.0 * first), schools)
    levels = [standing]
    for _ in range(start + years):
        standing = 0.6 * standing + draw.normal(0, np.sqrt((1 - 0.6**2) * 50.0), schools)
        levels.append(standing)
    found = 50.0 * float(hyper.moved(np.array(float(years)), np.array(float(start))))
    # A variance of two hundred thousand draws is out by a third of a per cent.
    assert found == pytest.approx(np.var(levels[-1] - levels[start]), rel=0.015)
    if (start, years) == (0, 1):
        assert hyper.drift[0] == pytest.approx(found)
