"""What to expect of a school, against a slow plain version that leaves schools out by refitting."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.picture import local, similar
from bridgehead.picture.nearest import nearest


def invented(seed, schools=140, inputs=4, gaps=0.0, without=0.0):
    """Invented schools: an outcome that bends with its first input, and chance."""
    rng = np.random.default_rng(seed)
    context = rng.normal(size=(schools, inputs))
    outcome = 50 + context @ np.linspace(3, 1, inputs) + context[:, 0] ** 2
    outcome = outcome + rng.normal(0, 2, schools)
    context[rng.random(context.shape) < gaps] = np.nan
    outcome[rng.random(schools) < without] = np.nan
    scaled = similar.standardise(context).astype(np.float64)
    return scaled, outcome, nearest(scaled.astype(np.float32)).who.astype(np.int64)


def plain_line(of, which, leave):
    """The ridge regression refitted without one school: its columns and coefficients."""
    line = local._line(of, which)
    makes = [
        i
        for i in range(len(of.outcome))
        if i != leave
        and not np.isnan(of.outcome[i])
        and not np.isnan(of.scaled[i, line.columns]).any()
    ]
    design = np.array([[1.0, *of.scaled[i, line.columns]] for i in makes])
    held = np.diag([1e-9] + [line.penalty] * len(line.columns))
    beta = np.linalg.solve(design.T @ design + held, design.T @ of.outcome[makes])
    return line.columns, beta


def plain(of, i):
    """One school's expectation, step by step."""
    penalty, taper = of.choice
    rows, left, far = [], [], []
    for j in of.who[i]:
        if j < 0 or j == i or np.isnan(of.outcome[j]):
            continue
        both = ~np.isnan(of.scaled[i]) & ~np.isnan(of.scaled[j])
        columns, beta = plain_line(of, both, i)
        left.append(of.outcome[j] - beta[0] - of.scaled[j, columns] @ beta[1:])
        apart = np.where(both, of.scaled[j] - of.scaled[i], 0.0)
        rows.append([1.0, *apart])
        far.append((apart**2).sum() / max(both.sum(), 1))
    if len(left) < 10:
        return np.nan, len(left)
    weight = np.diag(1 - taper * np.array(far) / max(far))
    design = np.array(rows)
    held = np.diag([1e-9] + [penalty] * of.scaled.shape[1])
    found = np.linalg.solve(design.T @ weight @ design + held, design.T @ weight @ np.array(left))
    columns, beta = plain_line(of, ~np.isnan(of.scaled[i]), i)
    return beta[0] + of.scaled[i, columns] @ beta[1:] + found[0], len(left)


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    gaps=st.sampled_from([0.0, 0.15]),
    without=st.sampled_from([0.0, 0.2]),
)
def test_the_fast_way_finds_what_refitting_finds(seed, gaps, without):
    of = local.phase(*invented(seed, gaps=gaps, without=without))
    some = np.arange(0, 140, 23)
    got = local.expect(of, some)
    for at, i in enumerate(some):
        value, near = plain(of, i)
        assert got.near[at] == near
        assert got.value[at] == pytest.approx(value, abs=1e-7, nan_ok=True)
        assert near < 10 or got.low[at] < got.value[at] < got.high[at]


def test_a_schools_own_outcome_has_no_part_in_what_is_expected_of_it():
    scaled, outcome, who = invented(3)
    of = local.phase(scaled, outcome, who)
    changed = outcome.copy()
    changed[7] += 1.5
    again = local.phase(scaled, changed, who)
    assert (again.choice, local._line(again, np.ones(4, bool)).penalty) == (
        of.choice,
        local._line(of, np.ones(4, bool)).penalty,
    )
    seven = np.array([7])
    assert local.expect(again, seven).value == pytest.approx(local.expect(of, seven).value)
    neighbour = np.array([int(np.flatnonzero((who == 7).any(axis=1))[0])])
    assert local.expect(again, neighbour).value != pytest.approx(
        local.expect(of, neighbour).value, abs=1e-6
    )


def test_it_does_better_than_a_line_where_the_outcome_bends():
    scaled, outcome, who = invented(5, schools=1200)
    of = local.phase(scaled, outcome, who)
    every = np.arange(1200)
    corrected = outcome - local.expect(of, every).value
    straight = outcome - local.plain_line(of, every)
    assert (corrected**2).mean() < 0.85 * (straight**2).mean()


def test_four_in_five_schools_are_where_they_are_expected():
    scaled, outcome, who = invented(8, schools=2000, gaps=0.05)
    hidden = np.arange(2000) % 5 == 0
    known = np.where(hidden, np.nan, outcome)
    of = local.phase(scaled, known, who)
    got = local.expect(of, np.flatnonzero(hidden))
    inside = (got.low <= outcome[hidden]) & (outcome[hidden] <= got.high)
    assert 0.75 < inside.mean() < 0.85


def test_a_missing_input_is_left_out_not_filled_with_an_average():
    scaled, outcome, who = invented(11, schools=400)
    blank, middling = scaled.copy(), scaled.copy()
    blank[0, 0], middling[0, 0] = np.nan, 0.0  # the mean of a standardised input
    zero = np.array([0])
    without = local.expect(local.phase(blank, outcome, who), zero)
    filled = local.expect(local.phase(middling, outcome, who), zero)
    assert np.isfinite(without.value[0])
    assert without.value[0] != pytest.approx(filled.value[0], abs=0.1)


def test_an_input_that_nobody_knows_and_one_that_few_know_do_no_harm():
    scaled, outcome, who = invented(13, schools=200)
    rare = np.full((200, 2), np.nan)
    rare[:3, 1] = [0.5, -1.0, 0.5]
    of = local.phase(np.hstack([scaled, rare]), outcome, who)
    got, plain_ = (
        local.expect(of, np.arange(200)),
        local.expect(local.phase(scaled, outcome, who), np.arange(200)),
    )
    assert np.isfinite(got.value).all()
    assert got.value[3:] == pytest.approx(plain_.value[3:], abs=0.2)


def test_where_too_little_is_known_nothing_is_expected():
    scaled, outcome, who = invented(17)
    few = np.where(np.arange(140) < 20, outcome, np.nan)
    assert local.phase(scaled, few, who) is None
    assert local.phase(scaled, np.full(140, 60.0), who) is None
    of = local.phase(scaled, outcome, who)
    lonely = np.full((1, who.shape[1]), -1)
    lonely[0, :9] = range(1, 10)
    got = local.expect(of, np.array([0]), lonely)
    assert np.isnan(got.value[0])
    assert got.near[0] == 9


def test_a_phase_of_noise_is_held_to_its_mean():
    rng = np.random.default_rng(19)
    scaled, _, who = invented(19, schools=600)
    outcome = rng.normal(50, 5, 600)
    got = local.expect(local.phase(scaled, outcome, who), np.arange(600))
    assert got.value.std() < 1.5
