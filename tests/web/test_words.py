"""How figures, places and dates are said."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.measures.wording import MINUS, bare
from bridgehead.web import words


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (-4.25, 1, "−4.3"),
        (-0.04, 1, "0.0"),
        (1234567, 0, "1,234,567"),
        (None, 0, "—"),
        (float("nan"), 1, "—"),
        (1.005, 2, "1.01"),
    ],
)
def test_numbers_round_halves_away_from_zero_with_a_true_minus(
    value: float | None, decimals: int, said: str
) -> None:
    assert words.number(value, decimals) == said


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_a_number_is_never_far_from_what_it_says(value: float, decimals: int) -> None:
    said = words.number(value, decimals)
    read = float(said.replace(",", "").replace(MINUS, "-"))
    assert abs(read - value) <= 0.5 * 10.0**-decimals + 1e-6
    assert not (read == 0 and MINUS in said)


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 3))
def test_a_page_and_a_measure_write_a_number_alike(value: float, decimals: int) -> None:
    assert words.number(value, decimals) == bare(value, decimals)


def test_signed_numbers_say_plus_only_above_zero() -> None:
    assert words.signed(3.26, 1) == "+3.3"
    assert words.signed(-3.26, 1) == "−3.3"
    assert words.signed(0.01, 1) == "0.0"
    assert words.signed(None) == "—"


def test_figures_carry_their_unit() -> None:
    assert words.figure(68.2, "percent") == "68%"
    assert words.figure(-9, "points") == "−9 points"
    assert words.figure(106.1, "score", 1) == "106.1"
    assert words.figure(None, "percent") == "—"


def test_nothing_is_certain() -> None:
    assert words.percent(0.72) == "72%"
    assert words.percent(1.0) == "over 99%"
    assert words.percent(0.0) == "under 1%"
    assert words.percent(None) == "—"


@pytest.mark.parametrize(
    ("rank", "said"),
    [
        (82, "higher than in eight of ten similar schools"),
        (50, "in the middle of similar schools"),
        (12, "lower than in nine of ten similar schools"),
        (100, "higher than in nearly all similar schools"),
        (0, "lower than in nearly all similar schools"),
        (None, "place among similar schools not known"),
    ],
)
def test_a_place_is_said_in_words(rank: float | None, said: str) -> None:
    assert words.place(rank) == said


@given(st.floats(0, 100))
def test_a_place_and_its_mirror_say_the_mirrored_words(rank: float) -> None:
    from math import floor

    tenths = floor(rank / 10 + 0.5)
    mirrored = floor((100 - rank) / 10 + 0.5)
    if tenths + mirrored == 10:
        one, other = words.place(rank), words.place(100 - rank)
        assert one.replace("higher", "lower") == other.replace("higher", "lower")


def test_a_place_can_be_better_or_worse() -> None:
    assert words.place(20, "schools", high="better") == "worse than in eight of ten schools"


def test_dates_lists_and_counts() -> None:
    assert words.day(date(2027, 2, 6)) == "6 February 2027"
    assert words.day(None) == ""
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed(["a"]) == "a"
    assert words.counted(1, "school") == "1 school"
    assert words.counted(0, "school") == "no schools"
    assert words.counted(2400, "child", "children") == "2,400 children"


def test_a_name_in_capitals_is_made_readable_and_others_stay() -> None:
    assert words.named("HARBOUR LEARNING TRUST") == "Harbour Learning Trust"
    assert words.named("REAch2 Trust") == "REAch2 Trust"
    assert words.named("16-18") == "16 to 18"


def test_apostrophes_are_curved_and_opening_marks_stay() -> None:
    assert words.typeset("the schools' and England's") == "the schools’ and England’s"
    assert words.typeset("say 'so") == "say 'so"


def test_a_heading_inside_a_sentence_keeps_its_names() -> None:
    assert words.within("Other pupils in England") == "other pupils in England"
    assert words.within("EAL pupils") == "EAL pupils"
