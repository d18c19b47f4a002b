"""The window, the thresholds, and what is too little to say anything."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.measures.loader import measures
from bridgehead.picture import labels
from bridgehead.picture.labels import DIRECTIONS, WHY, smallest_change, verdicts, window
from bridgehead.picture.model import Direction

BETTER = measures()["ks2.rwm_expected"]
WORSE = measures()["absence.persistent"]


def looked_at(years, there):
    seen = np.where(np.array(there, bool)[:, None], 1.0, np.nan)
    found = window(seen, np.array(years))
    return tuple(
        None if at < 0 else years[at] for at in (found.first[0], found.last[0], found.before[0])
    )


def test_the_window_holds_the_newest_five_years_with_figures():
    years = list(range(2010, 2020))
    assert looked_at(years, [1] * 10) == (2015, 2019, 2018)


def test_a_gap_counts_as_the_years_that_it_is():
    years = [2015, 2016, 2017, 2018, 2022, 2023, 2024]
    assert looked_at(years, [1] * 7) == (2017, 2024, 2023)
    assert looked_at(years, [1, 1, 1, 0, 1, 0, 1]) == (2015, 2024, 2022)


def test_nothing_older_than_ten_years_is_looked_at():
    assert looked_at([2005, 2006, 2022, 2023, 2024], [1] * 5) == (2022, 2024, 2023)
    lonely = window(np.ones((3, 1)), np.array([2005, 2006, 2024]))
    assert lonely.count[0] == 1  # too few, whatever is older


def test_the_window_starts_and_ends_where_figures_are():
    assert looked_at([2016, 2017, 2018, 2019], [0, 1, 1, 0]) == (2017, 2018, 2017)
    assert looked_at([2016, 2017], [0, 0]) == (None, None, None)


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=16))
def test_the_window_agrees_with_a_plain_reading(there):
    years = list(range(2010, 2010 + len(there)))
    held = [year for year, is_there in zip(years, there, strict=True) if is_there]
    if not held:
        expected = (None, None, None)
    else:
        first = next(year for year in held[-5:] if year >= held[-1] - 10)
        expected = (first, held[-1], held[-2] if len(held) > 1 else None)
    assert looked_at(years, there) == expected


def said(measure, up, down, count=4, pupils=200.0):
    label, why = verdicts(
        measure, np.array([up]), np.array([down]), np.array([count]), np.array([pupils])
    )
    return DIRECTIONS[label[0]], WHY[why[0]]


@pytest.mark.parametrize(
    ("up", "down", "label"),
    [
        (0.80, 0.05, Direction.IMPROVING),
        (0.79, 0.05, Direction.PROBABLY_IMPROVING),
        (0.65, 0.05, Direction.PROBABLY_IMPROVING),
        (0.64, 0.05, Direction.NO_CLEAR_CHANGE),
        (0.05, 0.64, Direction.NO_CLEAR_CHANGE),
        (0.05, 0.65, Direction.PROBABLY_DECLINING),
        (0.05, 0.80, Direction.DECLINING),
    ],
)
def test_labels_follow_the_probabilities(up, down, label):
    assert said(BETTER, up, down)[0] is label


def test_where_high_is_worse_rising_is_declining():
    assert said(WORSE, 0.9, 0.01)[0] is Direction.DECLINING
    assert said(WORSE, 0.01, 0.9)[0] is Direction.IMPROVING


def test_too_few_years_or_pupils_say_nothing_however_sure_the_model_is():
    assert said(BETTER, 0.99, 0.0, count=2)[0] is Direction.TOO_FEW
    assert said(BETTER, 0.99, 0.0, pupils=29.0)[0] is Direction.TOO_FEW
    assert said(BETTER, 0.99, 0.0, count=3, pupils=30.0)[0] is Direction.IMPROVING
    assert said(BETTER, np.nan, np.nan, count=0)[1] == WHY[labels.NOTHING]


def test_the_smallest_change_is_in_points_for_percentages_of_pupils_only():
    assert smallest_change(BETTER, 13.0) == 2.5
    assert smallest_change(measures()["ks2.reading_average"], 3.0) == pytest.approx(0.3)
