"""What simpler methods foretell, against the plain words for each."""

import numpy as np
import pytest

from bridgehead.picture.baselines import Past, baselines, newest

NAN = np.nan
VALUE = np.array([[50.0, 40.0, NAN, 70.0], [60.0, NAN, NAN, 70.0], [56.0, 48.0, NAN, 70.0]])


def past(value=VALUE, luck=40.0):
    return Past(np.array([2015, 2016, 2017]), value, np.full(value.shape, luck), 61.0)


def test_newest_skips_years_without_a_figure():
    assert newest(VALUE, 2)[:, 1].tolist() == [48.0, 40.0]
    assert np.isnan(newest(VALUE, 2)[:, 2]).all()


def test_each_baseline_is_what_its_name_says():
    said = baselines(past(), 2018)
    assert said["last_year"][0] == 56
    assert said["two_year_mean"][0] == 58
    assert said["straight_line"][0] == 52
    assert said["straight_line"][1] == pytest.approx(48 + 8 / 2)  # two years apart
    assert said["england_mean"][0] == 61
    assert all(np.isnan(values[2]) for values in said.values())


def test_size_weighted_shrinkage_draws_small_schools_further():
    draw = np.random.default_rng(1)
    level = draw.normal(0, 10, 400)
    value = 60 + level + draw.normal(0, 8, (3, 400))
    luck = np.full(value.shape, 64.0)
    luck[:, :200] *= 4
    said = baselines(Past(np.array([2015, 2016, 2017]), value, luck, NAN), 2018)["eb"]
    far = np.abs(said - 60)
    mean = np.abs(value.mean(axis=0) - 60)
    assert (far[:200] / mean[:200]).mean() < (far[200:] / mean[200:]).mean()
    assert np.mean((said - 60 - level) ** 2) < np.mean((value[-1] - 60 - level) ** 2)
