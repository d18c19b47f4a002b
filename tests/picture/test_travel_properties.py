"""Direction over odd pools: random gaps, schools and years without figures, no variance, cohorts
that are not known, of one pupil or huge, breaks. Nothing may be claimed of nothing, and neither the
order of the schools nor one more school without figures may change what is said of the others."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.measures.loader import measures
from bridgehead.measures.model import Break
from bridgehead.picture.noise import Seen
from bridgehead.picture.pool import One, of_years
from bridgehead.picture.travel import travels, travels_together

KEYS = (
    "ks2.rwm_expected",
    "ks2.reading_average",
    "ks2.maths_progress",
    "absence.overall",
    "suspensions.permanent",
    "ks4.attainment8",
)
#: Of the two, one arithmetic in another order.
NEAR = {"rtol": 1e-9, "atol": 1e-9, "equal_nan": True}


def pool(draw: np.random.Generator) -> Seen:
    """One odd pool of invented schools."""
    years = np.sort(draw.choice(np.arange(2005, 2026), draw.integers(1, 7), replace=False))
    shape = (len(years), int(draw.choice([1, 2, 3, 12, 40])))
    schools = shape[1]
    value = np.clip(draw.normal(60, 12, schools) + draw.normal(0, 8, shape), 0, 100)
    odd = draw.integers(6)
    if odd == 0:
        value[:] = 50.0
    elif odd == 1:
        value = draw.choice([0.0, 100.0], size=shape)
    elif odd == 2:
        value[:] = value[0]
    elif odd == 3:
        value[:, -1] = value[:, 0]
    value[draw.random(shape) < draw.choice([0.0, 0.3, 0.9])] = np.nan
    if draw.random() < 0.3:
        value[:, draw.integers(schools)] = np.nan
    if draw.random() < 0.3:
        value[draw.integers(len(years))] = np.nan
    cohort = draw.choice([1.0, 5.0, 30.0, 200.0], size=shape)
    cohort[:] = draw.choice([0.0, 1.0, 1e12]) if draw.random() < 0.3 else cohort
    cohort[draw.random(shape) < draw.choice([0.0, 0.5, 1.0])] = np.nan
    national = np.full(shape, 61.0)
    national[draw.random(shape) < draw.choice([0.0, 0.3, 1.0])] = np.nan
    context = draw.normal(size=(schools, 3))
    context[draw.random(context.shape) < draw.choice([0.0, 0.5, 1.0])] = np.nan
    return Seen(
        years=years.astype(np.int64),
        value=value,
        national=national,
        cohort=cohort,
        roll=np.where(draw.random(schools) < 0.5, 210.0, np.nan),
        pool=draw.integers(0, 2, schools) * int(draw.integers(2)),
        context=context,
    )


def taken(seen, which):
    """Some of the schools."""
    by_school = {n: getattr(seen, n)[:, which] for n in ("value", "national", "cohort")}
    return replace(
        seen, **by_school, **{n: getattr(seen, n)[which] for n in ("roll", "pool", "context")}
    )


def with_one_more(seen):
    """The same and a school of which everything is known but figures."""
    again = taken(seen, np.append(np.arange(len(seen.roll)), 0))
    again.value[:, -1], again.cohort[:, -1] = np.nan, 500.0
    again.roll[-1], again.context[-1] = 900.0, 7.0
    return again


def check_claims(said, seen, beside=True):
    """Nothing of nothing, and no figure that is none. ``beside`` (years, schools) says where a
    figure of a group stands beside its school's: elsewhere it is set aside."""
    there = ~np.isnan(seen.value) & beside
    for one in (said.level, said.half):
        assert (np.isfinite(one) == there).all()
        assert (np.isnan(one) == ~there).all()
    assert (said.half[there] >= 0).all()
    claimed = ~np.isnan(said.p_up)
    for one in (said.p_down, said.change):
        assert (np.isfinite(one) == claimed).all()
    assert (np.minimum(said.p_up, said.p_down)[claimed] >= 0).all()
    assert ((said.p_up + said.p_down)[claimed] <= 1 + 1e-12).all()
    share = said.share[~np.isnan(said.share)]
    assert ((share >= 0) & (share <= 1)).all()
    foretold = said.forecast_year >= 0
    assert (np.isfinite(said.forecast) == foretold).all()
    assert (said.forecast_half[foretold] >= 0).all()
    nobody = ~there.any(axis=0)
    assert not (claimed | foretold | (said.to_year >= 0))[nobody].any()


def check_same(one, other):
    """The same to the last digits."""
    for name in ("level", "half", "p_up", "p_down", "change", "share", "forecast", "forecast_half"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), **NEAR, err_msg=name)
    for name in ("label", "why", "from_year", "to_year", "forecast_year", "told"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def measure(draw, key, years):
    """A measure, in one of three with a break in one of the years, the newest too."""
    known = measures()[key]
    broken = (Break(int(draw.choice(years)), "invented"),)
    return replace(known, breaks=broken) if draw.random() < 0.3 else known


@pytest.mark.filterwarnings("error")
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9), key=st.sampled_from(KEYS))
def test_of_an_odd_pool_nothing_is_claimed_that_is_not_there(seed, key):
    draw = np.random.default_rng(seed)
    seen = pool(draw)
    about = measure(draw, key, seen.years)
    said = travels(seen, about)
    check_claims(said, seen)
    order = draw.permutation(len(seen.roll))
    check_same(said.take(order), travels(taken(seen, order), about))
    more = with_one_more(seen)
    again = travels(more, about)
    check_claims(again, more)
    check_same(said, again.take(np.arange(len(order))))


@pytest.mark.filterwarnings("error")
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_the_same_of_measures_that_go_together(seed):
    draw = np.random.default_rng(seed)
    seen = pool(draw)
    series = []
    for key in KEYS[:3]:
        value = seen.value + draw.normal(0, 3, seen.value.shape)
        value[draw.random(value.shape) < 0.2] = np.nan
        one = replace(seen, value=value)
        series.append(One(one, measure(draw, key, seen.years)))
    if draw.random() < 0.5:
        prior = replace(seen, value=draw.normal(28, 2, seen.value.shape))
        series.append(One(prior, measures()["ks2.cohort_prior"], outcome=False))
    said = travels_together(series)
    order = draw.permutation(len(seen.roll))
    mixed = travels_together([replace(one, seen=taken(one.seen, order)) for one in series])
    more = travels_together([replace(one, seen=with_one_more(one.seen)) for one in series])
    for n, one in enumerate(series):
        if one.outcome:
            check_claims(said[n], one.seen)
        else:
            assert np.isnan(said[n].level).all()
        check_same(said[n].take(order), mixed[n])
        check_same(said[n], more[n].take(np.arange(len(order))))


@pytest.mark.filterwarnings("error")
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**9), key=st.sampled_from(KEYS))
def test_the_same_of_a_group_whose_years_are_not_its_schools(seed, key):
    draw = np.random.default_rng(seed)
    seen = pool(draw)
    about = measures()[key]
    base = travels(seen, about).base
    group = replace(seen, value=seen.value - 10 + draw.normal(0, 9, seen.value.shape))
    if draw.random() < 0.3:
        group = replace(group, years=group.years + 1)
    said = travels(group, about, base)
    check_claims(said, group, ~np.isnan(of_years(base, base.relative, group.years)))
    order = draw.permutation(len(seen.roll))
    check_same(said.take(order), travels(taken(group, order), about, base.take(order)))
