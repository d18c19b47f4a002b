"""What a parent is told, and what the figures cannot bear."""

from dataclasses import replace

import pytest

from bridgehead.measures.loader import measures
from bridgehead.picture.beside_england import side_of_england
from bridgehead.picture.model import Direction, Point, School, SchoolPicture, Series, Travel
from bridgehead.picture.words import (
    headline_series,
    verdict,
    what_stands_out,
)
from bridgehead.web import words

RWM, PERSISTENT = "ks2.rwm_expected", "absence.persistent"
PLAIN = Point(
    year=2018,
    value=70.0,
    raw="70%",
    reason=None,
    cohort=40.0,
    england=65.0,
    percentile=None,
    similar_place=None,
    similar_median=None,
    level=68.0,
    low=62.0,
    high=74.0,
    release="r",
    row=2,
    column="C",
    status="final",
)
STILL = Travel(Direction.NO_CLEAR_CHANGE, 0.2, 0.2, 2015, 2018)
SCHOOL = School(**dict.fromkeys(School.__dataclass_fields__, ""))


def series(key, travel=STILL, **point):
    measure = measures()[key]
    return Series(key, measure, "all", (replace(PLAIN, **point),), travel)


def pictured(*found, **facts):
    school = replace(SCHOOL, phase="primary", phase_detail="Primary", **facts)
    series = {one.key: one for one in found}
    return SchoolPicture(school, series, tuple(series), (), "", (), {})


def test_an_interval_that_holds_englands_figure_makes_no_claim():
    text = verdict(pictured(series(RWM))).text
    assert "not clearly different from England’s" in text
    assert "70%" in text
    assert "2018/19" in text
    assert "above" not in text


def test_an_interval_clear_of_england_is_above_or_below():
    assert "above England’s" in verdict(pictured(series(RWM, low=66.0, high=70.0))).text
    low = series(RWM, value=50.0, level=52.0, low=46.0, high=58.0)
    assert "below England’s" in verdict(pictured(low)).text
    assert (side_of_england(low), side_of_england(series(RWM, low=66.0, high=70.0))) == (-1, 1)


def test_no_side_is_taken_against_the_figure_that_is_printed_beside_it():
    one = series(RWM, value=66.0, england=65.0, level=58.0, low=54.0, high=62.0)
    assert side_of_england(one) == 0
    assert not what_stands_out(pictured(one))


@pytest.mark.parametrize(
    ("value", "level", "low", "high", "said"),
    [
        (66.0, 58.0, 54.0, 62.0, "were above England’s, though the level under them is below"),
        (50.0, 70.0, 66.0, 74.0, "were below England’s, though the level under them is above"),
    ],
)
def test_a_figure_and_a_level_on_either_side_of_england_are_both_told(
    value, level, low, high, said
):
    text = verdict(pictured(series(RWM, value=value, level=level, low=low, high=high))).text
    assert said in text
    assert "not clearly different" not in text
    near = series(RWM, value=value, level=level, low=54.0, high=74.0)
    assert "not clearly different from England’s" in verdict(pictured(near)).text


def test_a_difference_that_is_not_printed_takes_no_side():
    tiny = {"value": 5.01, "england": 5.04, "level": 5.01, "low": 5.0, "high": 5.02}
    one = series("absence.overall", **tiny)
    assert side_of_england(one) == 0
    assert what_stands_out(pictured(one)) == []
    text = verdict(pictured(one)).text
    assert "the same as England’s (5.0%; England 5.0%)" in text
    assert "below" not in text
    apart = series("absence.overall", **(tiny | {"england": 5.14}))
    assert "below England’s (5.0%; England 5.1%)" in verdict(pictured(apart)).text


def test_a_figure_printed_as_englands_is_the_same_and_one_beside_it_is_not_different():
    assert "the same as England’s" in verdict(pictured(series(RWM, value=65.2))).text
    clear = {"level": 64.0, "low": 63.6, "high": 64.4}
    one = series(RWM, value=64.6, england=65.4, **clear)
    assert side_of_england(one) == 0
    assert "the same as England’s (Reading, writing and maths: 65%" in verdict(pictured(one)).text
    beside = series(RWM, value=64.4, england=64.6, level=60.0, low=58.0, high=62.0)
    assert side_of_england(beside) == 0
    assert "not clearly different from England’s" in verdict(pictured(beside)).text


@pytest.mark.parametrize(
    ("key", "said"), [(RWM, "was the same as that of"), ("ks4.attainment8", "were level with")]
)
def test_a_gap_that_is_printed_as_nought_is_level(key, said):
    one = gap(key, value=0.01, england=-20.0, level=0.0, low=-3.0, high=3.0)
    told = what_stands_out(pictured(one))[0].words
    assert f"{said} other pupils in England (nationally" in told.replace("on Attainment 8 ", "")
    assert not set(told.split()) & {"above", "below"}


def test_where_high_is_worse_below_england_is_better():
    one = series(PERSISTENT, value=5.0, england=14.0, level=6.0, low=4.0, high=8.0)
    assert side_of_england(one) == 1
    assert "below England’s" in verdict(pictured(one)).text
    assert "which is better" in what_stands_out(pictured(one))[0].words


@pytest.mark.parametrize(
    ("label", "words"),
    [
        (Direction.IMPROVING, "are improving"),
        (Direction.PROBABLY_DECLINING, "are probably declining"),
        (Direction.NO_CLEAR_CHANGE, "no clear change"),
        (Direction.TOO_FEW, "too few data"),
    ],
)
def test_direction_is_told_in_its_own_words(label, words):
    one = series(RWM, replace(STILL, label=label))
    assert words in verdict(pictured(one)).text


def test_where_high_is_worse_a_decline_of_the_school_is_called_worsening():
    moving = replace(STILL, label=Direction.PROBABLY_DECLINING)
    text = verdict(pictured(series(PERSISTENT, moving))).text
    assert "is probably worsening" in text
    assert "declining" not in text


def test_a_place_at_the_end_and_between_two_tenths_is_told_as_beside_the_dial():
    for place, many in ((2.0, "nearly all"), (15.0, "nine of ten")):
        beside = {"similar_place": place, "similar_median": 9.0, "value": 17.0, "england": 14.0}
        one = series(PERSISTENT, level=16.0, low=13.0, high=19.0, **beside)
        said = verdict(pictured(one)).text
        assert f"higher than in {many} similar schools" in said
        assert words.place(100 - place) in said


def test_a_reader_of_published_figures_is_told_nothing_of_direction():
    for label in Direction:
        text = verdict(pictured(series(RWM, replace(STILL, label=label))), direction=False).text
        assert not any(word in text for word in ("improving", "declining", "change", "too few"))


def test_similar_schools_are_mentioned_only_in_the_outer_fifths_and_beyond_luck():
    far = {"similar_place": 12.0, "similar_median": 9.0, "value": 17.0, "england": 14.0}
    wide = series(PERSISTENT, level=15.0, low=8.0, high=22.0, **far)
    clear = series(PERSISTENT, level=16.0, low=13.0, high=19.0, **far)
    middle = series(PERSISTENT, level=16.0, low=13.0, high=19.0, **(far | {"similar_place": 40.0}))
    assert "higher than in nine of ten similar schools" in verdict(pictured(clear)).text
    assert "similar" not in verdict(pictured(wide)).text
    assert "similar" not in verdict(pictured(middle)).text


def test_provisional_figures_are_called_provisional():
    assert "provisional" in verdict(pictured(series(RWM, status="provisional"))).text
    assert "provisional" not in verdict(pictured(series(RWM))).text


def test_a_school_without_figures_is_told_so_without_blame():
    assert "No published results" in verdict(pictured()).text
    infant = SchoolPicture(replace(SCHOOL, phase_detail="Infant"), {}, (), (), "", (), {})
    assert "Pupils leave before" in verdict(infant).text


def test_at_most_five_dials_shared_between_stages():
    keys = [key for key, one in measures().items() if one.headline and one.high.value != "neither"]
    school = pictured(*(series(key) for key in keys))
    dials = headline_series(school)
    assert len(dials) == 5
    assert {"ks2", "ks4", "ks5", "absence"} <= {one.measure.stage for one in dials}
    assert headline_series(pictured(series(RWM, value=None, raw="SUPP", level=None))) == []


def test_what_was_said_is_not_said_again():
    one = series(RWM, low=66.0, high=70.0)
    school = pictured(one)
    assert [found.key for found in what_stands_out(school)] == [RWM]
    assert what_stands_out(school, without=verdict(school).keys) == []


def gap(key, **point):
    measure = measures()[key]
    return Series(f"{key}.gap", measure, "gap", (replace(PLAIN, **point),), STILL)


def test_a_gap_is_told_as_pupils_here_beside_other_pupils_in_england():
    wide = {"value": -3.9, "england": -1.1, "level": -3.5, "low": -4.5, "high": -2.5}
    progress = what_stands_out(pictured(gap("ks2.maths_progress", **wide)))[0].words
    assert progress == (
        "In 2018/19 disadvantaged pupils’ progress from key stage 1 in maths was 3.9 points below "
        "that of other pupils in England (nationally the gap is 1.1)."
    )
    share = {"value": 4.0, "england": -20.0, "level": 2.0, "low": -5.0, "high": 9.0, "cohort": 6.0}
    assert what_stands_out(pictured(gap(RWM, **share)))[0].words == (
        "In 2018/19 the share of disadvantaged pupils at the expected standard in reading, writing "
        "and maths was 4 percentage points above that of other pupils in England (nationally the "
        "gap is 20). It is a figure of 6 pupils only."
    )
    told = what_stands_out(pictured(gap("ks4.attainment8", **wide)))[0].words
    assert "were 3.9 points below other pupils in England on Attainment 8 (nationally" in told


@pytest.mark.parametrize(("key", "one"), list(measures().items()))
def test_every_gap_makes_a_sentence(key, one):
    if "gap" in one.groups and one.high.value != "neither":
        far = {"value": -30.0, "england": 2.0, "level": -30.0, "low": -31.0, "high": -29.0}
        told = what_stands_out(pictured(gap(key, **far)))[0].words
        assert told.startswith("In 2018/19 ")
        assert "’ expected" not in told
        assert "nationally they are 2" in told


def test_a_figure_of_few_pupils_says_how_many():
    assert "a figure of 8 pupils only" in verdict(pictured(series(RWM, cohort=8.0))).text
    assert "only" not in verdict(pictured(series(RWM, cohort=11.0))).text
    assert "only" not in verdict(pictured(series(RWM, cohort=None))).text


def test_apostrophes_are_typographic():
    school = pictured(series(RWM), series(PERSISTENT))
    assert "'" not in verdict(school).text
    assert "'" not in verdict(pictured(series(RWM, england=None))).text
