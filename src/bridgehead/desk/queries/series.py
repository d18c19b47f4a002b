"""One series of one school, year by year, back to the cell in the file that it came from."""

from collections.abc import Iterator
from dataclasses import dataclass

from bridgehead.core.years import label
from bridgehead.desk.queries.figures import place, shown
from bridgehead.picture.model import Point, Series
from bridgehead.web import words

Cell = str | float | int | None


@dataclass(frozen=True, slots=True)
class YearRow:
    """One year in words. ``level`` is empty for readers who see only published figures; ``word``
    says what to know of the year, such as that schools were closed for part of it."""

    year: str
    value: str
    reason: str
    cohort: str
    england: str
    difference: str
    place: str
    level: str
    status: str
    word: str
    release: str
    row: int | None
    column: str
    raw: str


def year_rows(one: Series, *, full: bool) -> tuple[YearRow, ...]:
    """Every year from the first to the last that the picture knows, newest first. A year without
    published figures says why."""
    if not one.points:
        return ()
    years = range(one.points[-1].year, one.points[0].year - 1, -1)
    return tuple(_year_row(one, year, one.at(year), full=full) for year in years)


def _year_row(one: Series, year: int, point: Point | None, *, full: bool) -> YearRow:
    measure = one.measure
    why = measure.why_missing.get(year, "Nothing is published for this school.")
    if point is None:
        return YearRow(label(year), "", why, "", "", "", "", "", "", "", "", None, "", "")
    ranged = full and point.low is not None and point.high is not None
    return YearRow(
        year=label(year),
        value=shown(one, point.value),
        reason=point.reason.words if point.reason else "" if point.value is not None else why,
        cohort="" if point.cohort is None else words.number(point.cohort),
        england=shown(one, point.england),
        difference="" if point.difference is None else measure.format_difference(point.difference),
        place=place(point, one),
        level=f"{shown(one, point.level)} ({shown(one, point.low)} to {shown(one, point.high)})"
        if ranged
        else "",
        status=point.status,
        word=measure.marked_years.get(year, ""),
        release=point.release,
        row=point.row,
        column=point.column,
        raw=point.raw,
    )


@dataclass(frozen=True, slots=True)
class Expected:
    """What to expect of a year to come, for the row of a table that stands over the newest year."""

    year: str
    words: str


def expected(one: Series, *, full: bool) -> Expected | None:
    """The row of what to expect; None where nothing is foretold, and for readers who see only
    published figures."""
    ahead = one.ahead
    if ahead is None or not full:
        return None
    what = f"What to expect{' next year' if ahead.following else ''}"
    low, high = shown(one, ahead.low), shown(one, ahead.high)
    where = f"about {low}" if low == high else f"{low} to {high}"
    return Expected(label(ahead.year), f"{what}: {where}, 8 chances in 10")


def table(one: Series, *, full: bool) -> Iterator[list[Cell]]:
    """The rows of the download, headings first, oldest year first. What to expect of a year to
    come has columns of its own, so that nobody takes it for a figure."""
    heads: list[Cell] = [
        "Year",
        "Value",
        "Why there is no value",
        "Pupils",
        "England",
        "Place among schools in England (0 to 100, better at 100)",
        "Status",
        "Release",
        "Row in the file",
        "Column",
        "As printed",
    ]
    if full:
        heads += ["Underlying level", "Likely from", "Likely to"]
    ahead = one.ahead if full else None
    if ahead:
        heads += ["What to expect", "Expected from", "Expected to"]
    yield heads
    for p in one.points:
        cells: list[Cell] = [
            label(p.year),
            p.value,
            p.reason.words if p.reason else None,
            p.cohort,
            p.england,
            p.percentile,
            p.status,
            p.release,
            p.row,
            p.column,
            p.raw,
        ]
        if full:
            cells += [p.level, p.low, p.high]
        yield cells + [None] * (len(heads) - len(cells))
    if ahead:
        last: list[Cell] = [None] * len(heads)
        last[0], last[2] = label(ahead.year), "not published yet"
        last[-3:] = [ahead.value, ahead.low, ahead.high]
        yield last
