"""How well a school is matched, and what a picture expects of it."""

from dataclasses import replace

import numpy as np
import pytest

from bridgehead.measures.loader import measures
from bridgehead.measures.model import High
from bridgehead.picture import context
from bridgehead.picture.alike import INPUT_SERIES, Alike
from bridgehead.picture.alike_words import expectation_words, match_words, rests_on
from bridgehead.picture.model import Expectation, Match, Standing

RWM = "ks2.rwm_expected"


def primaries(picture):
    frame = picture.schools
    return frame.filter(frame["phase"] == "primary")["urn"].to_list()


def with_expectation(picture, key=RWM):
    """The first school for which something is expected."""
    found = ((urn, picture.expected(key, urn)) for urn in primaries(picture))
    return next((urn, one) for urn, one in found if one is not None and one.value is not None)


def test_a_match_is_told_by_the_distances_and_the_inputs_that_are_stored(picture):
    urn, _ = with_expectation(picture)
    school, match = picture.school(urn), picture.match(urn)
    distances = [n.distance for n in school.similar]
    assert match.found == len(distances)
    assert match.distance == pytest.approx(np.mean(distances), abs=1e-3)
    assert 0 <= match.looser <= 100
    wanted = [i.key for i in context.INPUTS if context.PRIMARY in i.kinds]
    assert list(match.apart) == wanted
    assert match.inputs == len(wanted)
    assert match.known == sum(school.context[key] is not None for key in wanted)
    for key, one in match.apart.items():
        theirs = [v for n in school.similar if (v := n.differences[key]) is not None]
        assert one.known >= len(theirs)
        if one.difference is not None:
            assert one.difference == pytest.approx(-np.mean(theirs), abs=1e-3)


def test_the_closer_the_match_the_more_schools_are_matched_less_closely(picture):
    matches = [m for urn in primaries(picture) if (m := picture.match(urn)) is not None]
    for usual in {m.usual for m in matches}:
        some = sorted((m for m in matches if m.usual == usual), key=lambda m: m.distance)
        looser = [m.looser for m in some]
        assert looser == sorted(looser, reverse=True)
        assert all(m.looser >= 50 for m in some if m.distance < usual)


def test_what_is_expected_has_an_interval_and_four_in_five_are_inside(picture):
    found = [one for urn in primaries(picture) if (one := picture.expected(RWM, urn)) is not None]
    told = [one for one in found if one.value is not None]
    assert len(told) >= 50
    for one in told:
        assert 0 <= one.low <= one.expected <= one.high <= 100
        assert one.near >= 10
    inside = [one.standing is Standing.IN_LINE for one in told]
    assert 0.65 < np.mean(inside) < 0.95


def test_the_year_asked_is_the_year_given(picture):
    urn, newest = with_expectation(picture)
    points = picture.school(urn).series[RWM].points
    earlier = next(p.year for p in points if p.value is not None)
    one = picture.expected(RWM, urn, earlier)
    assert one.year == earlier < newest.year
    assert one.value == picture.school(urn).series[RWM].at(earlier).value


def test_nothing_is_expected_of_what_schools_are_matched_on(picture):
    urn = primaries(picture)[0]
    asked = INPUT_SERIES & set(picture.series_keys())
    assert asked
    assert all(picture.expected(key, urn) is None for key in asked)


def test_where_few_similar_schools_have_the_figure_the_nearest_that_do_stand_in(picture):
    """As where one authority's results are loaded beside England's census."""
    alike, number = picture._alike, picture._index(RWM)
    _, whole = with_expectation(picture)
    assert not whole.stand_in
    ours = picture.schools.filter(picture.schools["la"] == picture.schools["la"][0])["urn"]

    class Part:
        """The same series, for one authority only."""

        clips = picture._columns.clips

        def series(self, number):
            whole = picture._columns.series(number)
            return whole.filter(whole["urn"].is_in(ours.to_list()))

    part = Alike(alike._frame, alike._inputs, alike._who, alike._distance, Part())
    found = [part.expected(picture._position(u), RWM, number, None) for u in ours.to_list()]
    told = [one for one in found if one is not None]
    assert told
    for one in told:
        assert one.stand_in
        assert 10 <= one.near <= one.schools < whole.schools
        assert rests_on(one).startswith("Few of the similar schools have this figure")
    assert rests_on(whole).startswith("It rests on")


@pytest.mark.parametrize(
    ("value", "high", "words"),
    [
        (47.1, High.BETTER, "is in line with what is expected: 47.1 here"),
        (51.0, High.BETTER, "is above what is expected, which is better: 51.0 here"),
        (51.0, High.WORSE, "is above what is expected, which is worse: 51.0 here"),
        (43.0, High.NEITHER, "is below what is expected: 43.0 here"),
        (None, High.BETTER, "has no figure here"),
    ],
)
def test_the_verdict_comes_first_and_says_whether_it_is_good(value, high, words):
    measure = replace(measures()["ks4.attainment8"], high=high)
    one = Expectation(measure.key, 2024, value, 47.0, 44.0, 50.0, 50, 900, stand_in=False)
    said = expectation_words(one, measure)
    assert said.startswith(f"Attainment 8 in 2024/25 {words}")
    assert said.endswith("four in five are expected to have 44.0 to 50.0.")


@pytest.mark.parametrize(
    ("looser", "words"), [(90, "closer match than"), (50, "about as close"), (10, "looser match")]
)
def test_a_match_is_judged_by_what_is_usual(looser, words):
    assert words in match_words(Match(50, 6, 7, 0.9, 1.0, looser, {}))


def test_an_old_urn_will_do_and_an_unknown_school_or_series_will_not(picture):
    chained = picture.schools.filter(picture.schools["urns"].list.len() > 1).row(0, named=True)
    assert picture.match(chained["urns"][0]) == picture.match(chained["urn"])
    with pytest.raises(KeyError):
        picture.match(999999)
    with pytest.raises(KeyError):
        picture.expected("ks2.nothing", chained["urn"])
    with pytest.raises(KeyError):
        picture.expected(RWM, 999999)


def test_a_school_that_is_not_matched_has_no_match_and_no_expectation(picture):
    alone = [u for u in picture.schools["urn"].to_list() if not picture.school(u).similar]
    assert alone
    for urn in alone:
        assert picture.match(urn) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, None), (44.0, Standing.IN_LINE), (43.9, Standing.BELOW), (50.1, Standing.ABOVE)],
)
def test_where_a_figure_stands(value, expected):
    one = Expectation(RWM, 2018, value, 47.0, 44.0, 50.0, 50, 900, stand_in=False)
    assert one.standing is expected
