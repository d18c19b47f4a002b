"""The likelihood of one measure, its slope, and a search that ends where it is highest."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.picture.direction import Hyper, Panel, log_likelihood
from bridgehead.picture.likelihood import likelihood_one
from bridgehead.picture.priors import prior_of, starting
from bridgehead.picture.search import hold, search_one

NAMES = ("between", "noise", "stay", "excess", "first")


def hyper(figures):
    between, noise, stay, excess, first = figures
    return Hyper(np.array([[between]]), np.array([[noise]]), stay, excess, first)


def drawn(seed, *, schools=60, years=(2016, 2017, 2018, 2022, 2023, 2024), missing=0.3):
    draw = np.random.default_rng(seed)
    shape = (len(years), schools)
    z = np.cumsum(draw.normal(0, [[0.5], *[[0.15]] * (len(years) - 1)], shape), axis=0)
    pupils = draw.integers(8, 90, shape)
    seen = z + draw.normal(0, 1, shape) / np.sqrt(pupils)
    seen[draw.random(shape) < missing] = np.nan
    factor = draw.uniform(0.6, 1.1, (schools, 1))
    return Panel(np.array(years), seen[:, :, None], 1.0 / pupils, factor)


@settings(deadline=None, max_examples=30)
@given(
    seed=st.integers(0, 10_000),
    figures=st.tuples(
        st.floats(0.01, 2),
        st.floats(0.1, 20),
        st.floats(0.3, 0.999),
        st.floats(1e-4, 0.1),
        st.floats(0.05, 1),
    ),
    missing=st.sampled_from([0.0, 0.3, 0.9, 1.0]),
)
def test_the_likelihood_is_that_of_the_filter_and_its_slope_is_its_slope(seed, figures, missing):
    panel = drawn(seed, schools=12, missing=missing)
    value, slope = likelihood_one(panel)(hyper(figures))
    assert value == pytest.approx(log_likelihood(panel, hyper(figures)), rel=1e-9, abs=1e-9)
    for i, name in enumerate(NAMES):
        step = 1e-5 * figures[i]
        either = [
            log_likelihood(panel, hyper([f + way * step * (i == j) for j, f in enumerate(figures)]))
            for way in (1, -1)
        ]
        by_steps = (either[0] - either[1]) / (2 * step)
        assert slope[i] == pytest.approx(by_steps, rel=1e-3, abs=1e-3 * (1 + abs(value))), name


@pytest.mark.parametrize("seed", range(6))
def test_no_other_figures_near_or_far_are_likelier_than_those_found(seed):
    prior = prior_of("ks2")
    panel = drawn(seed, schools=400, missing=0.1)
    start = starting(panel, prior, np.array([1.0]))
    found, _, settled = search_one(panel, prior, start, 1)
    assert settled
    likelihood = likelihood_one(panel)

    def worth(one):
        known = [
            w / 2 * (np.log(v / o) + o / v)
            for w, v, o in (
                (prior.between_weight, one.between[0, 0], start.between[0, 0]),
                (prior.noise_weight, one.noise[0, 0], start.noise[0, 0]),
            )
        ]
        return likelihood(one)[0] - hold(one, prior) - sum(known)

    best = worth(found)
    own = (found.between[0, 0], found.noise[0, 0], found.stay, found.excess, found.first)
    draw = np.random.default_rng(seed)
    for width in (0.01, 0.1, 1.0):
        for _ in range(60):
            moved = np.exp(draw.normal(0, width, 5))
            other = hyper(
                (
                    own[0] * moved[0],
                    own[1] * moved[1],
                    1 - min((1 - own[2]) * moved[2], 0.99),
                    own[3] * moved[3],
                    min(own[4] * moved[4], 1.0),
                )
            )
            assert worth(other) <= best + 0.3
