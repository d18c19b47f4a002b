"""Every step of an estimate raises the likelihood, and the prior holds where little is seen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.picture import search
from bridgehead.picture.direction import Panel, log_likelihood
from bridgehead.picture.estimate import SLOWER, fit
from bridgehead.picture.priors import middle, prior_of, starting

PRIOR = prior_of("ks2")


def panel(seed, schools=60, measures=3, gaps=0.3, years=(2015, 2016, 2018, 2019), noise=1500.0):
    """Schools drawn from the model itself, with some figures missing."""
    draw = np.random.default_rng(seed)
    root = draw.normal(size=(measures, measures))
    between = 60 * (root @ root.T / measures + np.eye(measures))
    luck = noise * (0.5 * np.ones((measures, measures)) + 0.5 * np.eye(measures))
    share = 1.0 / draw.integers(15, 90, (len(years), schools))
    level = draw.multivariate_normal(np.zeros(measures), between, schools)
    seen = np.empty((len(years), schools, measures))
    for t in range(len(years)):
        if t:
            kept = 0.93 ** (years[t] - years[t - 1])
            new = draw.multivariate_normal(np.zeros(measures), (1 - kept**2) * between, schools)
            level = kept * level + new
        each = draw.multivariate_normal(np.zeros(measures), luck, schools)
        seen[t] = level + each * np.sqrt(share[t] + 0.0075)[:, None]
    seen[draw.random(seen.shape) < gaps] = np.nan
    return Panel(np.array(years), seen, share, np.ones((schools, measures)))


def worth(data, hyper, start):
    """The likelihood with what is known beforehand of the two matrices."""
    total = log_likelihood(data, hyper)
    for weight, matrix, known in (
        (PRIOR.between_weight, hyper.between, start.between),
        (PRIOR.noise_weight, hyper.noise, start.noise),
    ):
        total -= 0.5 * weight * np.linalg.slogdet(matrix)[1]
        total -= 0.5 * weight * np.trace(np.linalg.solve(matrix, known))
    return total


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), gaps=st.sampled_from([0.0, 0.3, 0.6]))
def test_each_step_raises_the_likelihood(seed, gaps):
    data = panel(seed, gaps=gaps)
    start = starting(data, PRIOR, np.full(3, 1500.0))
    hyper, last = start, -np.inf
    for _ in range(4):
        now = worth(data, hyper, start)
        assert now >= last - 1e-6 * abs(now)
        last = now
        hyper, _ = search.improved(data, PRIOR, start, hyper, 1)
        assert np.linalg.eigvalsh(hyper.between).min() > 0
        assert np.linalg.eigvalsh(hyper.noise).min() > 0


def test_what_measures_have_in_common_is_found():
    found = fit(panel(3, schools=300, gaps=0.1), PRIOR, np.full(3, 1500.0))
    luck = found.hyper.noise
    shared = luck[0, 1] / np.sqrt(luck[0, 0] * luck[1, 1])
    # A half is true; none is what is believed beforehand, and few steps are taken from there.
    assert 0.25 < shared < 0.65
    assert found.hyper.stay == pytest.approx(0.93, abs=0.04)


def test_a_measure_of_which_nothing_is_seen_beside_the_others_does_no_harm():
    data = panel(4, schools=80)
    data.seen[1:, :, 2] = np.nan  # a measure that was published once
    found = fit(data, PRIOR, np.full(3, 1500.0))
    assert np.isfinite(found.hyper.between).all()
    assert np.isfinite(found.offset).all()


def test_all_speeds_of_drift_are_believed_where_nothing_is_estimated():
    found = fit(panel(5, schools=10), PRIOR, np.full(3, 1500.0))
    assert not found.estimated
    assert found.believed == tuple(1 / len(SLOWER) for _ in SLOWER)
    assert not found.drift_told


def test_what_is_believed_adds_up_and_keeps_the_likelier():
    data = panel(6, schools=400, measures=1, gaps=0.0, years=tuple(range(2012, 2020)))
    found = fit(data, PRIOR, np.full(1, 1500.0))
    assert sum(found.believed) == pytest.approx(1)
    slow = [weight for weight, _ in found.believable()]
    assert sum(slow) == pytest.approx(1)


def test_standing_that_does_not_move_is_taken_for_such():
    draw = np.random.default_rng(9)
    schools, years = 800, np.arange(2012, 2020)
    share = np.full((8, schools), 0.02)
    seen = draw.normal(0, 9, schools) + draw.normal(0, 6, (8, schools))
    data = Panel(years, seen[:, :, None], share, np.ones((schools, 1)))
    found = fit(data, PRIOR, np.full(1, 1800.0))
    believed = sum(w * float(h.drift[0]) for w, h in found.believable())
    assert believed < 2.0


def test_luck_is_never_taken_for_all_that_is_seen():
    start = starting(panel(1, measures=1), PRIOR, np.full(1, 1e9))
    assert start.between[0, 0] > 0


@pytest.mark.parametrize("measures", [1, 2])
def test_a_search_that_was_ended_before_it_came_to_rest_is_told(measures, monkeypatch):
    data, pupil = panel(8, schools=80, measures=measures), np.full(measures, 1500.0)
    assert fit(data, PRIOR, pupil).settled
    monkeypatch.setattr(search, "STEPS_OF_ONE", 2)
    monkeypatch.setattr(search, "LOOKS_BETWEEN", 4)
    ended = fit(data, PRIOR, pupil)
    assert not ended.settled
    assert ended.estimated  # the best that was found is used
    assert np.isfinite(ended.hyper.between).all()


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_the_middle_is_the_median(values):
    assert middle(np.array(values)) == pytest.approx(np.median(values))
