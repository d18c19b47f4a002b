"""School days: nothing lapses while schools are closed."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.core.errors import Refused
from bridgehead.schools.rules import (
    SchoolCalendar,
    calendar,
    common_pattern,
    early_may,
    easter_sunday,
    read_calendar,
)

DAY = timedelta(days=1)
SHIPPED = calendar(Path("nowhere"))
UNLISTED = SchoolCalendar({}, frozenset())

days = st.dates(date(2016, 9, 1), date(2039, 8, 31))
calendars = st.sampled_from([SHIPPED, UNLISTED])
few = st.integers(0, 60)


@given(calendars, days, few)
def test_adding_and_counting_agree(kept: SchoolCalendar, start: date, n: int) -> None:
    assert kept.school_days_between(start, kept.add_school_days(start, n)) == n


@given(calendars, days, st.integers(1, 60))
def test_a_clock_ends_on_a_school_day(kept: SchoolCalendar, start: date, n: int) -> None:
    end = kept.add_school_days(start, n)
    assert kept.is_school_day(end)
    assert end > start
    assert end.month != 8


@given(calendars, days, few)
def test_a_later_start_never_ends_earlier(kept: SchoolCalendar, start: date, n: int) -> None:
    assert kept.add_school_days(start + DAY, n) >= kept.add_school_days(start, n)


@given(calendars, days, few, few)
def test_days_add_up(kept: SchoolCalendar, start: date, n: int, m: int) -> None:
    in_two_steps = kept.add_school_days(kept.add_school_days(start, n), m)
    assert in_two_steps == kept.add_school_days(start, n + m)


@given(days)
def test_nothing_is_open_in_august_or_at_the_weekend(day: date) -> None:
    for kept in (SHIPPED, UNLISTED):
        if day.month == 8 or day.weekday() >= 5:
            assert not kept.is_school_day(day)


def test_ten_school_days_over_the_summer() -> None:
    assert SHIPPED.add_school_days(date(2027, 7, 20), 2) == date(2027, 7, 22)
    assert SHIPPED.add_school_days(date(2027, 7, 20), 10) >= date(2027, 9, 10)


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # over a weekend
        (date(2026, 10, 22), 2, date(2026, 11, 2)),  # over half term
        (date(2026, 12, 10), 10, date(2027, 1, 7)),  # over Christmas
        (date(2027, 4, 30), 1, date(2027, 5, 4)),  # over the early May bank holiday
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_counted_by_hand(start: date, n: int, end: date) -> None:
    assert SHIPPED.add_school_days(start, n) == end


def test_nothing_counts_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        SHIPPED.add_school_days(date(2026, 11, 23), -1)
    assert SHIPPED.school_days_between(date(2026, 11, 23), date(2026, 11, 1)) == 0


def test_the_common_pattern_never_ends_a_clock_before_listed_dates_do() -> None:
    day = date(2026, 9, 1)
    while day < date(2027, 7, 10):
        assert UNLISTED.add_school_days(day, 10) >= SHIPPED.add_school_days(day, 10)
        day += DAY


@pytest.mark.parametrize("year", range(2016, 2060))
def test_the_common_pattern_is_a_school_year(year: int) -> None:
    spans = common_pattern(year)
    edges = [day for span in spans for day in (span.first, span.last)]
    assert edges == sorted(edges)
    length = UNLISTED.school_days_between(date(year, 8, 31), date(year + 1, 8, 31))
    assert 170 <= length <= 195  # schools must open for 190 in England


@pytest.mark.parametrize(
    ("year", "easter"),
    [(2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2027, (3, 28)), (2038, (4, 25))],
)
def test_easter(year: int, easter: tuple[int, int]) -> None:
    assert easter_sunday(year) == date(year, *easter)


def test_early_may() -> None:
    assert [early_may(y).day for y in (2024, 2025, 2026, 2027)] == [6, 5, 4, 3]


OWN = "terms:\n  2026-27:\n    - [2026-09-03, 2026-12-17]\nclosed: [2026-10-05]\n"


def test_a_partnerships_own_dates_come_first(tmp_path: Path) -> None:
    (tmp_path / "terms.yaml").write_text(OWN)
    own = calendar(tmp_path)
    assert not own.is_school_day(date(2026, 10, 5))
    assert own.add_school_days(date(2026, 12, 17), 1) >= date(2027, 9, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cannot be read"),
        ("terms: {2026-27: [[2026-09-03]]}", "cannot be read"),
        ("terms: {autumn: [[2026-09-03, 2026-12-17]]}", "cannot be read"),
        ("terms: {2026-27: [[2026-12-17, 2026-09-03]]}", "overlap or leave"),
        ("terms: {2026-27: [[2025-09-03, 2025-12-17]]}", "overlap or leave"),
        ("terms: [", "cannot be read"),
    ],
)
def test_wrong_dates_are_refused_with_the_file(text: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as caught:
        read_calendar(text, file="terms.yaml")
    assert caught.value.file == "terms.yaml"
    assert caught.value.remedy
