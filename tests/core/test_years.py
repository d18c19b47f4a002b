"""Academic years are integers inside and words outside."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.core.years import label, parse_year, slug, year_of

years = st.integers(1900, 2098)


@given(years)
def test_what_is_shown_and_written_reads_back(year: int) -> None:
    assert parse_year(label(year)) == year
    assert parse_year(slug(year)) == year
    assert parse_year(f"{year}-{year + 1}") == year
    assert parse_year(f"{year}{(year + 1) % 100:02d}") == year


def test_the_turn_of_a_century_is_one_year() -> None:
    assert label(1999) == "1999/00"
    assert parse_year("1999/00") == 1999


@pytest.mark.parametrize("text", ["2018", "2018-20", "2018-2020", "18-19", "2018–19 or so", ""])
def test_what_is_not_one_academic_year_is_refused_in_plain_words(text: str) -> None:
    with pytest.raises(ValueError, match="write it like 2018-19"):
        parse_year(text)


@given(st.dates(date(1900, 9, 1), date(2098, 8, 31)))
def test_a_day_is_in_the_year_between_two_septembers(day: date) -> None:
    year = year_of(day)
    assert date(year, 9, 1) <= day < date(year + 1, 9, 1)


def test_the_year_turns_on_the_first_of_september() -> None:
    assert (year_of(date(2019, 8, 31)), year_of(date(2019, 9, 1))) == (2018, 2019)
