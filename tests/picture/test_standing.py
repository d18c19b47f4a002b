"""Percentiles and places by rank, with better at 100, against slow plain ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.picture import standing
from bridgehead.picture.standing import among_similar, percentile, ranked

whole = st.integers(0, 30).map(float)
#: Figures as published; small differences of large ones; neighbours that single precision levels.
figures = st.one_of(
    whole, whole.map(lambda n: n - 67.3), st.sampled_from([1e9, 1e9 + 1, 0.1 + 0.2])
)
numbers = st.lists(st.one_of(figures, st.just(float("nan"))), min_size=20, max_size=60)


def a_series(values, years):
    """Some years of the same figures, each year begun elsewhere: (years, schools)."""
    return np.array([np.roll(values, 7 * year) for year in range(years)])


@settings(deadline=None)
@given(numbers)
def test_ranks_are_positions_among_the_different_figures(values):
    found = ranked(np.array([values]))
    steps = sorted({v for v in values if not np.isnan(v)})
    assert found.steps.tolist() == steps
    wanted = [len(steps) if np.isnan(v) else steps.index(v) for v in values]
    assert found.rank.tolist() == [wanted]


def test_very_many_different_figures_are_ranked_too():
    values = np.random.default_rng(1).normal(size=(2, 70_000))
    found = ranked(values)
    assert (found.steps[found.rank] == values).all()


@settings(deadline=None)
@given(numbers, st.booleans(), st.integers(1, 3))
def test_percentile_counts_those_below_and_half_of_those_level(values, worse, years):
    series = a_series(values, years)
    got = percentile(ranked(series), np.zeros(len(values), int), worse=worse)
    for one, shares in zip(series, got, strict=True):
        known = one[~np.isnan(one)]
        for value, share in zip(one, shares, strict=True):
            if np.isnan(value) or len(known) < 20:
                assert np.isnan(share)
                continue
            beaten = sum(v > value if worse else v < value for v in known)
            level = sum(v == value for v in known)
            assert share == pytest.approx((beaten + level / 2) / len(known) * 100, abs=1e-4)


def test_unranked_schools_and_small_pools_have_no_percentile():
    values = np.arange(45.0)
    pool = np.array([0] * 30 + [1] * 10 + [-1] * 5)
    (got,) = percentile(ranked(values[None]), pool, worse=False)
    assert not np.isnan(got[:30]).any()
    assert np.isnan(got[30:]).all()


def test_a_pool_is_ranked_in_those_years_alone_in_which_enough_have_a_figure():
    values = np.array([np.arange(30.0), np.where(np.arange(30) < 19, np.arange(30.0), np.nan)])
    got = percentile(ranked(values), np.zeros(30, int), worse=False)
    assert not np.isnan(got[0]).any()
    assert np.isnan(got[1]).all()


@settings(deadline=None)
@given(
    numbers,
    st.booleans(),
    st.integers(1, 3),
    st.integers(0, 10**6),
    st.sampled_from([3, 16, 1024]),
)
def test_place_among_similar_is_by_rank(values, worse, years, seed, block):
    rng = np.random.default_rng(seed)
    series = a_series(np.where(rng.random(len(values)) < 0.2, np.nan, values), years)
    size = len(values)
    who = np.full((50, size), -1, dtype=np.int32)
    for i in range(size):
        others = rng.permutation([j for j in range(size) if j != i])[:50]
        who[: len(others), i] = others
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(standing, "BLOCK", block)
        place, median = among_similar(ranked(series), who, np.arange(size), worse=worse)
    single = series.astype(np.float32)  # what is stored, so what is level
    for t in range(years):
        for i in range(size):
            own = single[t, i]
            others = [single[t, j] for j in who[:, i] if j >= 0 and not np.isnan(single[t, j])]
            if len(others) < 10:
                assert np.isnan(place[i, t])
                assert np.isnan(median[i, t])
                continue
            assert median[i, t] == pytest.approx(np.median(others), rel=1e-6, abs=1e-4)
            if np.isnan(own):
                assert np.isnan(place[i, t])
                continue
            beaten = sum(v > own if worse else v < own for v in others)
            level = sum(v == own for v in others)
            assert place[i, t] == pytest.approx((beaten + level / 2) / len(others) * 100, abs=1e-4)


@pytest.mark.parametrize("steps", [2, 16, 17, 255, 256, 257])
def test_the_median_is_found_at_the_edges_of_a_byte(steps):
    values = np.arange(steps, dtype=float)
    who = np.tile(np.arange(steps)[-50:, None], (1, steps))
    place, median = among_similar(ranked(values[None]), who, np.arange(steps), worse=False)
    if steps < 10:
        assert np.isnan(median).all()
        assert np.isnan(place).all()
    else:
        assert (median == np.median(values[-50:])).all()
        assert place[-1, 0] == pytest.approx((min(steps, 50) - 0.5) / min(steps, 50) * 100)
