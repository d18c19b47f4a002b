"""Direction over whole pools: simulated schools of which the truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from bridgehead.measures.loader import measures
from bridgehead.measures.model import Break, High
from bridgehead.picture.labels import DIRECTIONS, NEITHER, WHY
from bridgehead.picture.model import Direction
from bridgehead.picture.noise import sampling_variance
from bridgehead.picture.travel import Seen, regimes, travels

RWM = measures()["ks2.rwm_expected"]
SURE = (DIRECTIONS.index(Direction.IMPROVING), DIRECTIONS.index(Direction.DECLINING))
LIKELY = (
    *SURE,
    DIRECTIONS.index(Direction.PROBABLY_IMPROVING),
    DIRECTIONS.index(Direction.PROBABLY_DECLINING),
)


def simulated(
    drift: float, *, schools=3000, seed=1, years=(2015, 2016, 2017, 2018, 2022, 2023, 2024)
):
    """Schools of 30 to 90 pupils around England's 65 %, and the true relative level of each."""
    draw = np.random.default_rng(seed)
    at = np.array(years)
    pupils = draw.integers(30, 90, schools).astype(float)
    context = draw.normal(size=(schools, 2))
    level = np.empty((len(at), schools))
    level[0] = 4 * context[:, 0] + draw.normal(0, 9, schools)
    for t in range(1, len(at)):
        step = np.sqrt(drift * (at[t] - at[t - 1]))
        level[t] = level[t - 1] + draw.normal(0, step or 1e-12, schools)
    p = np.clip(65 + level + draw.normal(0, np.sqrt(18), level.shape), 1, 99) / 100
    value = np.round(100 * draw.binomial(pupils.astype(int)[None, :], p) / pupils)
    seen = Seen(
        years=at,
        value=value,
        national=np.full(value.shape, 65.0),
        cohort=np.broadcast_to(pupils, value.shape).copy(),
        roll=pupils * 7,
        pool=np.zeros(schools, dtype=np.int64),
        context=context,
    )
    return seen, level


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
    hyper = travels(seen, RWM).fits[0].hyper
    assert hyper.drift == pytest.approx(8.0, rel=0.3)
    assert hyper.between == pytest.approx(81.0, rel=0.3)
    assert hyper.excess == pytest.approx(18.0, rel=0.5)


def test_with_few_schools_the_priors_stand_alone():
    seen, _ = simulated(drift=8.0, schools=15)
    fit = travels(seen, RWM).fits[0]
    assert not fit.estimated
    assert fit.hyper == fit.prior


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
    noise = sampling_variance(
        np.array([[35.0]]), np.array([[65.0]]), np.array([[9.0]]), RWM.law, None
    )
    assert 10 < noise[0, 0] ** 0.5 < 25


def test_larger_cohorts_have_less_noise_whatever_the_law():
    for measure in (RWM, measures()["ks2.reading_average"], measures()["absence.overall"]):
        small, large = (
            sampling_variance(
                np.zeros((1, 1)), np.full((1, 1), 50.0), np.full((1, 1), n), measure.law, None
            )[0, 0]
            for n in (10.0, 100.0)
        )
        assert small == pytest.approx(10 * large, rel=0.01)
