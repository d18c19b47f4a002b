"""What a chart says to a parent: every direction, every kind of measure, and no claim beyond the
figures. The schools are invented."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.core.figures import Reason
from bridgehead.measures.loader import measures
from bridgehead.measures.model import High
from bridgehead.picture.model import Ahead, Direction, Point, Series, Travel
from bridgehead.picture.sentences import chances, chart_sentence, share_in_words

RWM, PERSISTENT, PROGRESS = "ks2.rwm_expected", "absence.persistent", "ks2.reading_progress"
PLAIN = Point(
    year=2018,
    value=64.0,
    raw="64%",
    reason=None,
    cohort=31.0,
    england=65.0,
    percentile=None,
    similar_place=None,
    similar_median=None,
    level=64.0,
    low=58.0,
    high=70.0,
    release="r",
    row=2,
    column="C",
    status="final",
)
STILL = Travel(Direction.NO_CLEAR_CHANGE, 0.2, 0.2, 2016, 2018, 1.0, 0.033)
NOT_GIVEN = Travel(Direction.NOT_GIVEN, None, None, None, None)
JARGON = re.compile(
    r"standard deviation|standard error|latent|interval|confidence|probabilit|percentile|"
    r"significan|variance|smooth|posterior|\bnan\b|None\b(?! of)|inf\b|\{|\}",
    re.IGNORECASE,
)


def series(key: str = RWM, travel: Travel = STILL, group: str = "all", **point) -> Series:
    newest = replace(PLAIN, **point)
    before = replace(PLAIN, year=2017, value=None if newest.value is None else newest.value - 4)
    return Series(key, measures()[key], group, (before, newest), travel)


def moving(label: Direction, chance: float) -> Travel:
    return Travel(label, chance, 0.05, 2016, 2018, 4.0, 0.033)


def test_where_it_stands_how_sure_and_that_it_may_be_luck():
    assert chart_sentence(series()) == (
        "About 64 in 100 pupils reached the expected standard in reading, writing and maths in "
        "2018/19; that is not clearly different from England’s (65%). Allowing for luck, the "
        "school’s level is likely (8 chances in 10) to be between 58% and 70%. The figures cannot "
        "tell whether it has changed since 2016/17; about 1 part in 30 of the latest change is "
        "likely to be real."
    )


def test_next_year_is_foretold_as_a_range_that_is_no_news():
    foretold = replace(
        STILL, forecast_year=2019, forecast=64.0, forecast_low=53.2, forecast_high=74.9
    )
    said = chart_sentence(series(travel=foretold))
    assert said.endswith(
        "As things stand, the figure of 2019/20 will probably (8 chances in 10) be between 53% and "
        "75%: a figure in that range is no news."
    )
    assert "2019/20" not in chart_sentence(series(travel=foretold), full=False)


def test_next_year_is_foretold_to_the_drawing_as_it_is_to_the_ear():
    foretold = replace(
        STILL, forecast_year=2019, forecast=64.0, forecast_low=53.2, forecast_high=74.9
    )
    assert series(travel=foretold).ahead == Ahead(2019, 64.0, 53.2, 74.9, following=True)
    later = series(travel=replace(foretold, forecast_year=2022)).ahead
    assert later is not None
    assert not later.following
    assert series().ahead is None
    hidden = series(travel=foretold, value=None, reason=Reason.SUPPRESSED)
    assert replace(hidden, points=hidden.points[1:]).ahead is None
    assert replace(hidden, points=()).ahead is None


def test_nothing_is_foretold_across_a_break_of_definition():
    foretold = replace(
        STILL, forecast_year=2027, forecast=0.4, forecast_low=-2.0, forecast_high=2.8
    )
    old = series(PROGRESS, foretold, year=2025)
    assert 2027 in {b.year for b in old.measure.breaks}
    assert old.ahead is None
    assert "As things stand" not in chart_sentence(old)
    same = series(PROGRESS, replace(foretold, forecast_year=2026), year=2025)
    assert same.ahead is not None
    assert "As things stand" in chart_sentence(same)


def test_too_few_years_to_tell_how_fast_schools_move_is_said():
    said = chart_sentence(series(travel=replace(STILL, drift_told=False)))
    assert "cannot tell how fast schools like this one really move" in said
    assert "how fast" not in chart_sentence(series())


@pytest.mark.parametrize(
    ("label", "chance", "said"),
    [
        (Direction.IMPROVING, 0.91, "it has improved since 2016/17: about 9 chances in 10."),
        (Direction.PROBABLY_IMPROVING, 0.72, "it has probably improved since 2016/17: about 7"),
        (Direction.PROBABLY_DECLINING, 0.68, "it has probably got worse since 2016/17: about 7"),
        (Direction.DECLINING, 0.99, "it has got worse since 2016/17: more than 9 chances in 10."),
    ],
)
def test_which_way_it_is_going_against_england(label, chance, said):
    assert f"Compared with England, {said}" in chart_sentence(series(travel=moving(label, chance)))


def test_where_low_is_better_an_improvement_is_a_fall():
    fallen = chart_sentence(series(PERSISTENT, moving(Direction.IMPROVING, 0.85), value=12.4))
    assert fallen.startswith("About 12 in 100 pupils missed a tenth or more of their sessions")
    assert "Lower is better." in fallen
    assert "it has improved (fallen) since 2016/17" in fallen
    risen = chart_sentence(series(PERSISTENT, moving(Direction.PROBABLY_DECLINING, 0.7)))
    assert "it has probably got worse (risen) since 2016/17" in risen


def test_above_and_below_england_are_said_only_of_a_clear_level():
    above = series(low=66.0, high=74.0, level=70.0, value=71.0)
    assert "that is clearly above England’s (65%)" in chart_sentence(above)
    high_absence = series(PERSISTENT, value=71.0, low=66.0, high=74.0, level=70.0)
    assert "that is clearly above England’s (65.0%)" in chart_sentence(high_absence)


def test_a_figure_printed_as_englands_is_the_same():
    tiny = {"value": 0.001, "england": 0.004, "level": 0.001, "low": 0.0, "high": 0.002}
    said = chart_sentence(series("suspensions.permanent", **tiny))
    assert "that is the same as England’s (0.00%)" in said
    assert "clearly" not in said


def test_a_figure_and_a_level_on_either_side_of_england_are_both_told():
    said = chart_sentence(series(value=50.0, level=70.0, low=66.0, high=74.0))
    assert "that is below England’s (65%), though the level under it is above" in said
    assert "not clearly different" not in said


def test_progress_keeps_its_sign_and_says_what_nought_means():
    said = chart_sentence(series(PROGRESS, value=-1.2, england=0.0, level=-0.8, low=-2.1, high=0.5))
    assert "Reading: progress from key stage 1: −1.2 in 2018/19" in said
    assert "0 is the average in England." in said
    assert "between −2.1 and +0.5" in said


@pytest.mark.parametrize(
    ("key", "start"),
    [
        ("census.pupils", "Pupils on roll: 64 in 2018/19"),
        ("census.ehcp", "Education, health and care plans: 64.0% in 2018/19"),
        ("suspensions.permanent", "Permanent exclusions: 64.00% in 2018/19"),
        ("absence.overall", "Overall absence was 64.0% in 2018/19"),
        ("ks4.attainment8", "Attainment 8 was 64.0 in 2018/19"),
    ],
)
def test_a_title_in_the_plural_was_nothing(key, start):
    assert chart_sentence(series(key)).startswith(start)


def test_a_gap_is_told_as_a_gap():
    one = series(RWM, STILL, "gap", value=-17.0, england=-20.0, level=-17.0, low=-24.0, high=-9.0)
    said = chart_sentence(one)
    assert said.startswith("In 2018/19 the share of disadvantaged pupils at the expected standard")
    assert "17 percentage points below that of other pupils in England" in said
    assert "the gap is likely (8 chances in 10) to be between −24 and −9" in said


LUCK = "the part beyond it is more likely luck than change"


@pytest.mark.parametrize(("value", "side"), [(50.0, "below"), (80.0, "above")])
def test_a_figure_outside_the_range_of_the_level_is_said_to_be(value, side):
    said = chart_sentence(series(value=value))
    assert f"between 58% and 70%: this figure lies {side} that, and {LUCK}." in said


@pytest.mark.parametrize("value", [60.0, 70.3])
def test_a_figure_inside_the_range_as_printed_is_not(value):
    assert "this figure lies" not in chart_sentence(series(value=value))


@pytest.mark.parametrize("share", [None, 0.5, 0.9])
def test_luck_is_not_claimed_where_most_of_a_change_is_likely_real(share):
    said = chart_sentence(series(travel=replace(STILL, share_real=share), value=50.0))
    assert "this figure lies below that." in said
    assert LUCK not in said


def test_what_is_counted_and_not_sampled_is_set_beside_england_without_a_claim():
    said = chart_sentence(
        series("ks2.cohort_prior", NOT_GIVEN, value=16.6, level=None, low=None, high=None)
    )
    assert said == (
        "Prior attainment of the Year 6 cohort was 16.6 in 2018/19; England’s figure was 65.0. "
        "A high figure is neither good nor bad."
    )


def test_nought_is_englands_average_for_all_pupils_only():
    progress = {"value": -1.2, "england": -0.4, "level": -0.8, "low": -2.1, "high": 0.5}
    assert "0 is the average" in chart_sentence(series(PROGRESS, **progress))
    assert "0 is the average" not in chart_sentence(
        series(PROGRESS, STILL, "disadvantaged", **progress)
    )


@pytest.mark.parametrize("why", ["fewer than 3 years of figures", ""])
def test_too_few_data_is_said_with_its_reason(why):
    few = Travel(Direction.TOO_FEW, None, None, None, None, why=why)
    said = chart_sentence(series(travel=few))
    assert "It is too early to say which way it is going" in said
    assert why in said
    assert "improved" not in said


def test_a_hidden_figure_is_never_a_nought():
    hidden = series(value=None, reason=Reason.SUPPRESSED, level=None, low=None, high=None)
    said = chart_sentence(hidden)
    assert "hidden by the publisher because too few pupils are in it" in said
    assert "0" not in said.replace("2018/19", "")
    assert "cannot say where the school stands" in said


def test_a_newer_year_that_is_hidden_is_not_passed_over():
    newest = replace(PLAIN, year=2022, value=None, reason=Reason.SUPPRESSED)
    one = replace(series(), points=(*series().points, newest))
    assert "For 2022/23 no figure is shown: hidden by the publisher" in chart_sentence(one)


def test_nothing_published():
    assert chart_sentence(replace(series(), points=())) == "Nothing is published for this school."


def test_a_provisional_figure_says_so():
    assert "provisional and may change" in chart_sentence(series(status="provisional"))
    assert "provisional" not in chart_sentence(series())


def test_a_figure_that_did_not_change_has_no_part_that_is_real():
    same = replace(series(), points=(replace(PLAIN, year=2017), PLAIN))
    assert "latest change" not in chart_sentence(same)


def test_without_sight_of_the_school_only_published_figures_are_told():
    said = chart_sentence(series(travel=moving(Direction.DECLINING, 0.9)), full=False)
    assert said == (
        "About 64 in 100 pupils reached the expected standard in reading, writing and maths in "
        "2018/19; England’s figure was 65%."
    )


@pytest.mark.parametrize(
    ("value", "start"),
    [
        (0.0, "None of the pupils"),
        (0.3, "Fewer than 1 in 100 pupils"),
        (99.7, "More than 99 in 100 pupils"),
        (100.0, "All the pupils"),
    ],
)
def test_none_and_all(value, start):
    assert chart_sentence(series(value=value)).startswith(start)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "hardly any"),
        (0.033, "about 1 part in 30"),
        (0.14, "about 1 part in 7"),
        (0.25, "about a quarter"),
        (0.5, "about half"),
        (0.9, "most"),
    ],
)
def test_a_share_of_a_change(share, said):
    assert share_in_words(share) == said


@given(st.floats(0, 1))
def test_chances_are_never_none_and_never_certain(chance):
    assert re.fullmatch(
        r"about [2-9] chances in 10|more than 9 chances in 10|1 chance in 10 or less",
        chances(chance),
    )


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False)


@st.composite
def any_series(draw: st.DrawFn) -> Series:
    measure = draw(st.sampled_from(sorted(measures().values(), key=lambda m: m.key)))
    group = draw(st.sampled_from(sorted(measure.groups)))
    spread = (0, 100) if measure.unit == "percent" and group != "gap" else (-120, 120)
    points = []
    for year in sorted(draw(st.sets(st.integers(2015, 2025), max_size=5))):
        value = draw(st.none() | numbers(*spread))
        level = draw(st.none() | numbers(*spread))
        wide = draw(numbers(0, 30))
        points.append(
            replace(
                PLAIN,
                year=year,
                value=value,
                reason=draw(st.sampled_from(Reason)) if value is None else None,
                england=draw(st.none() | numbers(*spread)),
                cohort=draw(st.none() | numbers(0, 200)),
                level=level,
                low=None if level is None else level - wide,
                high=None if level is None else level + wide,
                status=draw(st.sampled_from(("provisional", "revised", "final"))),
            )
        )
    chance = st.none() | numbers(0, 1)
    years = st.none() | st.integers(2015, 2025)
    travel = Travel(
        draw(st.sampled_from(Direction)),
        draw(chance),
        draw(chance),
        draw(years),
        draw(years),
        share_real=draw(chance),
        why=draw(st.sampled_from(("", "fewer than 3 years of figures"))),
    )
    return Series(measure.key, measure, group, tuple(points), travel)


@given(any_series(), st.booleans())
def test_every_chart_is_told_in_plain_whole_sentences(one, full):
    said = chart_sentence(one, full=full)
    assert said[0].isupper() or said[0].isdigit()
    assert said.endswith(".")
    assert ".." not in said
    assert "  " not in said
    assert not JARGON.search(said), said
    if not full:
        assert not re.search("likely|improved|worse|luck|chances|clearly", said)


@given(any_series())
def test_no_direction_is_told_that_the_series_does_not_have(one):
    said = chart_sentence(one)
    better = one.travel.label in (Direction.IMPROVING, Direction.PROBABLY_IMPROVING)
    worse = one.travel.label in (Direction.DECLINING, Direction.PROBABLY_DECLINING)
    assert ("improved" in said) <= better
    assert ("got worse" in said) <= worse
    if one.measure.high is not High.WORSE:
        assert "(fallen)" not in said
        assert "(risen)" not in said
