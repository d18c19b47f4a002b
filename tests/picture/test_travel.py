"""Direction over whole pools: simulated schools of which the truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.simulate import simulated
from bridgehead.measures.loader import measures
from bridgehead.measures.model import Break, High
from bridgehead.picture.labels import APART, DIRECTIONS, NEITHER, WHY
from bridgehead.picture.model import Direction
from bridgehead.picture.noise import Seen
from bridgehead.picture.pool import One, regimes, work
from bridgehead.picture.travel import (
    _foretell,
    _share_real,
    _smooth,
    blank,
    travels,
    travels_together,
)

RWM = measures()["ks2.rwm_expected"]
SURE = (DIRECTIONS.index(Direction.IMPROVING), DIRECTIONS.index(Direction.DECLINING))
LIKELY = (
    *SURE,
    DIRECTIONS.index(Direction.PROBABLY_IMPROVING),
    DIRECTIONS.index(Direction.PROBABLY_DECLINING),
)


def test_pure_noise_makes_few_claims():
    seen, _ = simulated(drift=0.0)
    said = travels(seen, RWM)
    assert np.isin(said.label, SURE).mean() <= 0.01
    assert np.isin(said.label, LIKELY).mean() <= 0.03


def test_true_drift_is_found_and_the_probabilities_are_calibrated():
    seen, level = simulated(drift=8.0)
    said = travels(seen, RWM)
    first = np.searchsorted(seen.years, said.from_year[0])
    truth = level[-1] - level[first]
    risen = truth > 2.5
    for low in np.arange(0, 1, 0.2):
        some = (said.p_up >= low) & (said.p_up < low + 0.2)
        if some.sum() >= 200:
            assert abs(said.p_up[some].mean() - risen[some].mean()) < 0.08
    gains = truth >= 8
    improving = DIRECTIONS.index(Direction.IMPROVING)
    declining = DIRECTIONS.index(Direction.DECLINING)
    assert (said.label[gains] == improving).mean() >= 0.39
    assert (said.label[gains] == declining).mean() <= 0.05


def test_eighty_per_cent_intervals_hold_the_true_level_eighty_per_cent_of_the_time():
    seen, level = simulated(drift=4.0)
    said = travels(seen, RWM)
    inside = np.abs(said.level - 65 - level) <= said.half
    assert 0.76 < inside.mean() < 0.84


def test_hyperparameters_are_found_where_there_is_enough():
    seen, _ = simulated(drift=8.0)
    figures = travels(seen, RWM).fits[0].figures
    assert figures["drift"] == pytest.approx(8.0, rel=0.3)
    assert figures["between"] == pytest.approx(81.0, rel=0.3)
    assert figures["excess"] == pytest.approx(18.0, rel=0.5)


def test_with_few_schools_the_priors_stand_alone():
    seen, _ = simulated(drift=8.0, schools=15)
    fit = travels(seen, RWM).fits[0]
    assert not fit.estimated
    assert fit.figures == fit.prior_figures
    assert not fit.drift_told


def test_the_work_is_repeatable_to_the_last_digit():
    seen, _ = simulated(drift=4.0, schools=400)
    one, two = travels(seen, RWM), travels(seen, RWM)
    np.testing.assert_array_equal(one.level, two.level)
    np.testing.assert_array_equal(one.p_up, two.p_up)


def test_a_break_starts_a_new_history():
    broken = replace(RWM, breaks=(Break(2022, "a new test"),))
    seen, _ = simulated(drift=4.0, schools=300)
    said = travels(seen, broken)
    assert set(said.from_year.tolist()) == {2022}
    assert not np.isnan(said.level).any()  # earlier years keep levels of their own
    assert [seen.years[part].tolist() for part in regimes(seen.years, broken)] == [
        [2015, 2016, 2017, 2018],
        [2022, 2023, 2024],
    ]
    changed = replace(seen, value=seen.value.copy())
    changed.value[:4] += 20  # what was before a break says nothing of direction after it
    np.testing.assert_allclose(travels(changed, broken).p_up, said.p_up)


def test_a_measure_without_better_or_worse_gets_no_direction():
    seen, _ = simulated(drift=4.0, schools=50)
    said = travels(seen, replace(RWM, high=High.NEITHER))
    assert set(said.label.tolist()) == {DIRECTIONS.index(Direction.NOT_GIVEN)}
    assert WHY[said.why[0]] == WHY[NEITHER]
    assert np.isnan(said.level).all()


def test_a_missing_figure_has_no_level():
    seen, _ = simulated(drift=4.0, schools=100)
    seen.value[2, 7] = np.nan
    said = travels(seen, RWM)
    assert np.isnan(said.level[2, 7])
    assert not np.isnan(said.level[3, 7])


def test_without_englands_figure_schools_are_compared_with_one_another():
    seen, _ = simulated(drift=0.0, schools=300)
    seen.national[:] = np.nan
    said = travels(seen, RWM)
    assert not np.isnan(said.level).any()
    assert np.isin(said.label, SURE).mean() <= 0.02


def test_a_hundred_per_cent_of_nine_pupils_is_not_certain():
    seen, _ = simulated(drift=0.0, schools=200)
    seen.value[:, 0], seen.cohort[:, 0] = 100.0, 9.0
    said = travels(seen, RWM)
    assert 4 < said.half[-1, 0] < 25
    assert said.level[-1, 0] < 98


def test_larger_cohorts_have_narrower_intervals_whatever_the_law():
    for measure in (RWM, measures()["ks2.reading_average"], measures()["absence.overall"]):
        seen, _ = simulated(drift=0.0, schools=200)
        seen.cohort[:, 0], seen.cohort[:, 1] = 10.0, 200.0
        said = travels(seen, measure)
        assert said.half[-1, 0] > said.half[-1, 1]


def test_three_years_cannot_tell_drift_and_claim_less_for_it():
    few, _ = simulated(drift=0.0, schools=200, years=(2016, 2017, 2018), seed=3)
    said = travels(few, RWM)
    assert not said.told.any()
    assert len(list(said.fits[0].believable())) > 1
    assert np.isin(said.label, SURE).mean() <= 0.01
    many, _ = simulated(drift=8.0)
    assert travels(many, RWM).told.all()


def test_a_forecast_holds_the_next_figure_eighty_per_cent_of_the_time():
    seen, _ = simulated(drift=8.0, years=(2015, 2016, 2017, 2018, 2022, 2023, 2024, 2025))
    past = Seen(
        **{
            name: getattr(seen, name)[:-1]
            if getattr(seen, name).ndim == 2 and name != "context"
            else getattr(seen, name)[:-1]
            if name == "years"
            else getattr(seen, name)
            for name in ("years", "value", "national", "cohort", "roll", "pool", "context")
        }
    )
    said = travels(past, RWM)
    assert set(said.forecast_year.tolist()) == {2025}
    inside = np.abs(seen.value[-1] - said.forecast) <= said.forecast_half
    assert 0.77 < inside.mean() < 0.83


def test_a_measure_that_will_not_be_published_is_not_foretold():
    seen, _ = simulated(drift=4.0, schools=100, years=(2016, 2017, 2018))  # no tests in 2019/20
    assert set(travels(seen, RWM).forecast_year.tolist()) == {-1}


def related(schools=400, seed=5):
    """Two measures of one standing, and what is known of the cohort, which moves both."""
    draw = np.random.default_rng(seed)
    years = np.array([2015, 2016, 2017, 2018])
    standing = draw.normal(0, 8, schools)
    cohort = draw.normal(0, 6, (4, schools))
    pupils = draw.integers(30, 90, schools).astype(float)

    def series(mean, own, weight):
        value = mean + standing + weight * cohort + draw.normal(0, own, (4, schools))
        return Seen(
            years=years,
            value=value,
            national=np.full(value.shape, mean),
            cohort=np.broadcast_to(pupils, value.shape).copy(),
            roll=pupils * 7,
            pool=np.zeros(schools, dtype=np.int64),
            context=np.full((schools, 1), np.nan),
        )

    prior = replace(series(16.0, 0.1, 1.0), value=16.0 + cohort / 6)
    return (
        One(series(65.0, 5.0, 1.0), RWM),
        One(series(65.0, 5.0, 1.0), measures()["ks2.reading_expected"]),
        One(prior, measures()["ks2.cohort_prior"], outcome=False),
        standing,
    )


def test_what_is_known_of_a_cohort_and_of_other_measures_makes_the_level_surer():
    rwm, reading, prior, standing = related()
    wrong = [
        np.abs(said.level[-1] - 65 - standing).mean()
        for said in (
            travels(rwm.seen, RWM),
            travels_together([rwm, reading])[0],
            travels_together([rwm, reading, prior])[0],
        )
    ]
    assert wrong[1] < wrong[0] * 0.97
    assert wrong[2] < wrong[1] * 0.9


def test_what_is_only_known_of_a_cohort_gets_nothing_of_its_own():
    rwm, reading, prior, _ = related(schools=100)
    said = travels_together([rwm, reading, prior])
    assert np.isnan(said[2].level).all()
    assert not np.isnan(said[1].level).any()


def test_a_small_group_is_drawn_towards_its_school():
    rwm, *_ = related(schools=300)
    of_school = travels(rwm.seen, RWM)
    draw = np.random.default_rng(8)
    few = np.full(rwm.seen.value.shape, 6.0)
    group = replace(
        rwm.seen,
        value=rwm.seen.value - 15 + draw.normal(0, 18, few.shape),
        national=rwm.seen.national - 15,
        cohort=few,
    )
    alone = travels(group, RWM).level[-1] - 50
    drawn = travels(group, RWM, of_school.base).level[-1] - 50
    school = of_school.level[-1] - 65
    assert np.abs(drawn - school).mean() < np.abs(alone - school).mean() * 0.7
    assert np.corrcoef(drawn, school)[0, 1] > np.corrcoef(alone, school)[0, 1]


def test_what_is_believed_is_mixed_with_how_far_it_lies_apart():
    few, _ = simulated(drift=0.0, schools=200, years=(2016, 2017, 2018), seed=3)
    one = One(few, RWM)
    worked = work([one], np.arange(200))
    assert worked is not None
    smooth = _smooth(worked)
    believable, (mean, variance) = smooth.believable, smooth.level
    assert len(believable) > 1
    inside = sum(weight * done.variance for weight, done in believable)
    assert (variance >= inside - 1e-12).all()
    assert (variance > inside + 1e-9).any()
    low = np.min([done.mean for _, done in believable], axis=0)
    assert (mean >= low - 1e-9).all()


def test_a_school_without_the_newest_figure_is_not_foretold():
    seen, _ = simulated(drift=4.0, schools=200)
    seen.value[-1, 5] = np.nan
    said = travels(seen, RWM)
    assert said.forecast_year[5] == -1
    assert np.isnan(said.forecast[5])
    assert said.forecast_year[6] == 2025


def test_a_forecast_is_of_the_estimate_itself_whatever_else_is_believed():
    seen, _ = simulated(drift=4.0, schools=200)
    worked = work([One(seen, RWM)], np.arange(200))
    assert worked is not None
    said = []
    for believed in ((1.0, 0.0, 0.0, 0.0), (0.0, 0.5, 0.0, 0.5)):
        out = blank(seen, RWM)
        held = replace(worked, fit=replace(worked.fit, believed=believed))
        _foretell(out, One(seen, RWM), held, 0, done=_smooth(held).estimate, base=None)
        said.append(out.forecast)
    np.testing.assert_array_equal(said[0], said[1])


def test_englands_figure_that_is_not_loaded_is_never_nought():
    seen, _ = simulated(drift=4.0, schools=200)
    seen.national[-1, 5] = seen.value[-1, 5] = np.nan
    said, whole = travels(seen, RWM), travels(simulated(drift=4.0, schools=200)[0], RWM)
    np.testing.assert_allclose(said.half[0, 7], whole.half[0, 7], rtol=0.05)


def test_the_share_that_is_real_counts_how_much_schools_differ_in_the_first_years():
    """Schools that differ by little at first and drift apart move more than those that differ by
    what they end at would: the share of the variance of a raw change, drawn."""
    seen, _ = simulated(drift=4.0, schools=100, years=(2016, 2017, 2018))
    worked = work([One(seen, RWM)], np.arange(100))
    assert worked is not None
    hyper = replace(worked.fit.hyper, stay=0.5, first=0.1, excess=0.0)
    held = replace(worked, fit=replace(worked.fit, hyper=hyper, believed=(1.0, 0.0, 0.0, 0.0)))
    ends = np.full(100, 2), np.full(100, 1)
    said = _share_real(held, 0, *ends)
    draw, between = np.random.default_rng(4), float(hyper.between[0, 0])
    levels = [draw.normal(0, np.sqrt(0.1 * between), 400_000)]
    for _ in range(2):
        levels.append(0.5 * levels[-1] + draw.normal(0, np.sqrt(0.75 * between), 400_000))
    luck = sum(worked.panel.luck(t, hyper)[:, 0, 0] for t in (1, 2))
    moved = float(np.var(levels[2] - levels[1]))
    np.testing.assert_allclose(said, moved / (moved + luck), rtol=0.01)


def group_of(seen, few=12.0, below=15.0):
    """A group of pupils of the same schools, so much below them, with luck of its own."""
    draw = np.random.default_rng(11)
    return replace(
        seen,
        value=np.clip(seen.value - below + draw.normal(0, 9, seen.value.shape), 0, 100),
        national=seen.national - below,
        cohort=np.full(seen.value.shape, few),
    )


def test_a_gap_is_said_exactly_what_is_said_of_its_disadvantaged_pupils():
    """What is taken off is England's, of half a million pupils: it adds no luck."""
    seen, _ = simulated(drift=8.0, schools=300)
    base = travels(seen, RWM).base
    group = group_of(seen)
    others = np.broadcast_to(68.0 + np.arange(7.0)[:, None], group.value.shape)  # they rise
    group = replace(group, national=group.national + np.arange(7.0)[:, None])
    gap = replace(
        group, value=group.value - others, national=group.national - others, less=others.copy()
    )
    ours, theirs = (travels(one, RWM, base) for one in (gap, group))
    np.testing.assert_allclose(ours.p_up, theirs.p_up, atol=1e-9)
    np.testing.assert_allclose(ours.level + others, theirs.level, atol=1e-9)
    np.testing.assert_allclose(ours.half, theirs.half, atol=1e-9)


def test_a_group_is_foretold_where_its_school_is_expected_to_stand():
    """Schools that are drawn back by half every year: so are their groups, and the interval holds
    what came."""
    draw, schools, years = np.random.default_rng(3), 1500, np.arange(2012, 2020)
    level = [draw.normal(0, 12, schools)]
    for _ in years[1:]:
        level.append(0.5 * level[-1] + draw.normal(0, 12 * np.sqrt(0.75), schools))
    standing = np.array(level)
    departure = draw.normal(0, 4, schools)

    def series(value, pupils):
        return Seen(
            years=years[:-1],
            value=(value + draw.normal(0, 50 / np.sqrt(pupils), value.shape))[:-1],
            national=np.full((len(years) - 1, schools), 50.0),
            cohort=np.full((len(years) - 1, schools), pupils),
            roll=np.full(schools, 400.0),
            pool=np.zeros(schools, dtype=np.int64),
            context=np.full((schools, 1), np.nan),
        )

    always = replace(RWM, missing_years=(), first_year=2000)
    school = travels(series(50 + standing, 60.0), always)
    group = series(50 + standing + departure, 15.0)
    said = travels(group, always, school.base)
    assert set(said.forecast_year.tolist()) == {2019}
    came = 50 + standing[-1] + departure + draw.normal(0, 50 / np.sqrt(15.0), schools)
    inside = np.abs(came - said.forecast) <= said.forecast_half
    assert 0.76 < inside.mean() < 0.84
    # Not where the school stands in the last year: that is too far out, and too sure.
    out_by = said.forecast - 50
    assert np.polyfit(out_by, came - 50, 1)[0] == pytest.approx(1.0, abs=0.12)
    assert (school.base.next_variance > school.base.variance[-1]).all()


def test_a_group_is_not_foretold_for_a_year_that_is_not_foretold_of_its_school():
    seen, _ = simulated(drift=4.0, schools=200)
    base = travels(seen, RWM).base
    assert set(travels(group_of(seen), RWM, base).forecast_year.tolist()) == {2025}
    base.next_year[7] = 2026
    said = travels(group_of(seen), RWM, base)
    assert said.forecast_year[7] == -1
    assert said.forecast_year[8] == 2025


def test_a_groups_year_without_its_schools_standing_is_set_aside():
    """Beside its school in one year and beside England in another would be no change at all."""
    seen, _ = simulated(drift=4.0, schools=200)
    base, group = travels(seen, RWM).base, group_of(seen)
    base.relative[-1, :50] = base.variance[-1, :50] = np.nan
    said = travels(group, RWM, base)
    assert np.isnan(said.level[-1, :50]).all()
    assert not np.isnan(said.level[-2]).any()
    assert not np.isnan(said.level[-1, 50:]).any()
    assert set(said.to_year[:50].tolist()) == {2023}
    assert set(said.to_year[50:].tolist()) == {2024}
    assert (said.forecast_year[:50] == -1).all()
    altered = replace(group, value=group.value.copy())
    altered.value[-1, :50] = 100.0
    again = travels(altered, RWM, base)
    np.testing.assert_allclose(again.p_up[:50], said.p_up[:50], atol=0.02)


def test_a_group_of_a_school_of_which_nothing_else_is_known_is_given_no_direction_and_told_why():
    seen, _ = simulated(drift=4.0, schools=200)
    base, group = travels(seen, RWM).base, group_of(seen)
    base.relative[:, 3] = base.variance[:, 3] = np.nan
    said = travels(group, RWM, base)
    assert said.label[3] == DIRECTIONS.index(Direction.TOO_FEW)
    assert WHY[said.why[3]] == WHY[APART]
    base.relative[:] = base.variance[:] = np.nan  # of no school at all
    said = travels(group, RWM, base)
    assert set(said.why.tolist()) == {APART}
    assert np.isnan(said.level).all()
