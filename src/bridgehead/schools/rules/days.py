"""School days: when schools are open, by local term dates or the common English pattern."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from bridgehead.core.errors import Refused
from bridgehead.core.fields import read_text
from bridgehead.core.years import year_of

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both counted."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class SchoolCalendar:
    """On which days schools are open. ``terms`` holds the spans when they are, by the year in which
    an academic year starts; ``closed`` single days within them, beside the early May holiday.

    A year that is not listed follows the common English pattern, drawn narrow: a clock that runs in
    school days may then end later than the local dates would have it, and never earlier.
    """

    terms: Mapping[int, tuple[Span, ...]]
    closed: frozenset[date]

    def is_school_day(self, day: date) -> bool:
        """Whether schools are open: a weekday in term that is not a bank holiday."""
        year = year_of(day)
        spans = self.terms.get(year) or common_pattern(year)
        shut = day.weekday() >= 5 or day in self.closed or day == early_may(day.year)
        return not shut and any(day in span for span in spans)

    def add_school_days(self, start: date, n: int) -> date:
        """The ``n``-th school day after ``start``, which itself does not count; ``start`` for 0."""
        if n < 0:
            raise ValueError("school days are counted forwards")
        day = start
        while n:
            day += DAY
            n -= self.is_school_day(day)
        return day

    def school_days_between(self, start: date, end: date) -> int:
        """How many school days lie after ``start``, up to and with ``end``."""
        return sum(self.is_school_day(day) for day in _days(start + DAY, end))


def common_pattern(year: int) -> tuple[Span, ...]:
    """The terms that most English authorities share in an academic year, without the days on which
    they differ: six half terms around three holidays, Easter and three half-term weeks."""
    easter = easter_sunday(year + 1)
    october = _last_monday(year, 10)
    february = _monday_of(date(year + 1, 2, 17))
    may = _last_monday(year + 1, 5)
    return (
        Span(date(year, 9, 5), october - 3 * DAY),
        Span(october + WEEK, date(year, 12, 18)),
        Span(date(year + 1, 1, 6), february - 3 * DAY),
        Span(february + WEEK, easter - 9 * DAY),
        Span(easter + 15 * DAY, may - 3 * DAY),
        Span(may + WEEK, date(year + 1, 7, 17)),
    )


def easter_sunday(year: int) -> date:
    """Easter in the Gregorian calendar (the anonymous algorithm, Nature, 20 April 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    g = (8 * b + 13) // 25
    h = (19 * a + b - b // 4 - g + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 19 * k) // 433
    month = (h + k - 7 * m + 90) // 25
    return date(year, month, (h + k - 7 * m + 33 * month + 19) % 32)


def early_may(year: int) -> date:
    """The one bank holiday of England that always falls inside a term: the first Monday of May."""
    return _monday_of(date(year, 5, 7))


def read_calendar(text: str, *, file: str) -> SchoolCalendar:
    """Read a calendar (the layout is that of ``terms.yaml``). Raises ``Refused`` with the place."""
    try:
        content: dict[str, Any] = yaml.safe_load(text)
        terms = {
            int(year[:4]): tuple(Span(first, last) for first, last in spans)
            for year, spans in content["terms"].items()
        }
        closed = frozenset(content.get("closed") or ())
        for year, spans in terms.items():
            _check_in_order(year, spans, file)
    except (KeyError, TypeError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise Refused(
            f"the term dates cannot be read: {error}.",
            "Copy the layout of docs/how-to/run-it.md.",
            file=file,
        ) from error
    return SchoolCalendar(terms, closed)


def calendar(home: Path) -> SchoolCalendar:
    """The partnership's own calendar, ``terms.yaml`` in the home folder, else the one shipped."""
    own = home / "terms.yaml"
    if own.is_file():
        return read_calendar(read_text(own), file=str(own))
    shipped = files("bridgehead.schools") / "terms.yaml"
    return read_calendar(shipped.read_text(encoding="utf-8"), file="terms.yaml")


def _check_in_order(year: int, spans: tuple[Span, ...], file: str) -> None:
    edges = [day for span in spans for day in (span.first, span.last)]
    if edges != sorted(edges) or not all(d in _academic_year(year) for d in edges):
        raise Refused(
            f"the spans of {year}/{(year + 1) % 100:02d} overlap or leave their academic year.",
            "Write them in order, each as [first day, last day].",
            file=file,
        )


def _academic_year(year: int) -> Span:
    return Span(date(year, 9, 1), date(year + 1, 8, 31))


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += DAY


def _monday_of(day: date) -> date:
    return day - day.weekday() * DAY


def _last_monday(year: int, month: int) -> date:
    return _monday_of(date(year, month, 31))
