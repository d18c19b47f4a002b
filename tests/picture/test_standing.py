"""Percentiles and places by rank, with better at 100."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.picture.standing import among_similar, percentile

numbers = st.lists(st.integers(0, 30).map(float), min_size=20, max_size=60)


@settings(deadline=None)
@given(numbers, st.booleans())
def test_percentile_counts_those_below_and_half_of_those_level(values, worse):
    got = percentile(np.array(values), np.zeros(len(values), int), worse=worse)
    for value, share in zip(values, got, strict=True):
        beaten = sum(v > value if worse else v < value for v in values)
        level = sum(v == value for v in values)
        assert share == pytest.approx((beaten + level / 2) / len(values) * 100, abs=1e-4)


def test_unranked_schools_and_small_pools_have_no_percentile():
    values = np.arange(45.0)
    pool = np.array([0] * 30 + [1] * 10 + [-1] * 5)
    got = percentile(values, pool, worse=False)
    assert not np.isnan(got[:30]).any()
    assert np.isnan(got[30:]).all()


@settings(deadline=None)
@given(numbers, st.booleans(), st.integers(0, 10**6))
def test_place_among_similar_is_by_rank(values, worse, seed):
    rng = np.random.default_rng(seed)
    values = np.array(values)
    values[rng.random(len(values)) < 0.2] = np.nan
    size = len(values)
    who = np.full((size, 50), -1, dtype=np.int64)
    for i in range(size):
        others = rng.permutation([j for j in range(size) if j != i])[:50]
        who[i, : len(others)] = others
    place, median = among_similar(values, who, np.arange(size), worse=worse)
    for i in range(size):
        others = [values[j] for j in who[i] if j >= 0 and not np.isnan(values[j])]
        if len(others) < 10:
            assert np.isnan(place[i])
            assert np.isnan(median[i])
            continue
        assert median[i] == pytest.approx(np.median(others), abs=1e-4)
        if np.isnan(values[i]):
            assert np.isnan(place[i])
            continue
        beaten = sum(v > values[i] if worse else v < values[i] for v in others)
        level = sum(v == values[i] for v in others)
        assert place[i] == pytest.approx((beaten + level / 2) / len(others) * 100, abs=1e-4)
