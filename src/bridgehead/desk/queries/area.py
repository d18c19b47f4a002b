"""The area as a whole: the stock of schools, headlines with their gap, direction, report cards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl

from bridgehead.core.home import home
from bridgehead.core.years import label
from bridgehead.desk.queries.sight import Sight
from bridgehead.desk.rules import (
    Counted,
    Pooled,
    StockDay,
    large_enough,
    pooled,
    says_one_thing_of_all,
    standing_on,
    stock,
)
from bridgehead.measures.model import High, Measure
from bridgehead.picture.model import Direction, Framework, Inspection
from bridgehead.picture.picture import Picture

#: The first summer of which the stock is shown.
FIRST_SUMMER = 2016
#: Best first; "not clear" stands in the middle, "too few" at the end.
DIRECTIONS = (
    Direction.IMPROVING,
    Direction.PROBABLY_IMPROVING,
    Direction.NO_CLEAR_CHANGE,
    Direction.PROBABLY_DECLINING,
    Direction.DECLINING,
    Direction.TOO_FEW,
)
CARD_GRADES = (
    "Exceptional",
    "Strong standard",
    "Expected standard",
    "Needs attention",
    "Urgent improvement",
)


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline over the area's schools, with disadvantaged pupils beside it. ``gap`` is their
    pooled figure less that of other pupils in England (``others``)."""

    measure: Measure
    year: str
    everybody: Pooled
    england: float | None
    disadvantaged: Pooled | None
    others: float | None

    @property
    def gap(self) -> float | None:
        """Disadvantaged pupils here less other pupils in England."""
        if self.disadvantaged is None or self.disadvantaged.value is None or self.others is None:
            return None
        return self.disadvantaged.value - self.others


@dataclass(frozen=True, slots=True)
class Directions:
    """How many schools go which way on one measure, by phase. ``why_none`` says why no count is
    shown."""

    measure: Measure
    groups: tuple[Counted, ...]
    why_none: str = ""


def inspections_of(picture: Picture, urns: frozenset[int]) -> tuple[tuple[Inspection, ...], ...]:
    """The inspections of every school named, each newest first. Kept between requests: a picture
    never changes."""
    return _inspections(picture.digest, urns)


@lru_cache(maxsize=16)
def _inspections(digest: str, urns: frozenset[int]) -> tuple[tuple[Inspection, ...], ...]:
    picture = Picture.open(home(), digest)
    return tuple(picture.school(urn).inspections for urn in sorted(urns))


def summers(today: date) -> list[date]:
    """The last day of each school year since the first shown, and today."""
    ends = (date(year, 8, 31) for year in range(FIRST_SUMMER, today.year + 1))
    return [*(end for end in ends if end < today), today]


def stock_over_years(
    inspections: Iterable[tuple[Inspection, ...]], today: date
) -> tuple[StockDay, ...]:
    """The stock at the end of each school year of which anything is known, and today."""
    schools = list(inspections)
    return tuple(
        day for day in stock(schools, summers(today)) if day.none < len(schools) or day.day == today
    )


def headlines(seen: Sight, figures: Mapping[str, Measure]) -> tuple[Headline, ...]:
    """Each headline in its newest year in the area, worked out over the schools that publish it."""
    found = []
    for key, measure in figures.items():
        if measure.high is High.NEITHER:
            continue
        newest = _newest_year(seen, key)
        if newest is None:
            continue
        found.append(_headline(seen, key, measure, newest))
    return tuple(found)


def _newest_year(seen: Sight, key: str) -> int | None:
    latest = seen.picture.latest(key).filter(pl.col("urn").is_in(list(seen.urns)))
    newest = latest["year"].max()
    return newest if isinstance(newest, int) else None


def _headline(seen: Sight, key: str, measure: Measure, year: int) -> Headline:
    held = seen.picture.series_keys()
    poor, others = f"{key}.disadvantaged", f"{key}.others"
    return Headline(
        measure=measure,
        year=label(year),
        everybody=_pooled(seen, key, year),
        england=seen.picture.england(key).get(year),
        disadvantaged=_pooled(seen, poor, year) if poor in held else None,
        others=seen.picture.england(others).get(year) if others in held else None,
    )


def _pooled(seen: Sight, key: str, year: int) -> Pooled:
    frame = seen.picture.year(key, year).filter(pl.col("urn").is_in(list(seen.urns)))
    return pooled(zip(frame["value"], frame["cohort"], strict=True))


def directions(seen: Sight, measure: Measure) -> Directions:
    """How many schools go which way on a measure, by phase. A reader who may not see a named
    school's direction sees groups of at least ten, and none that says the same of every school."""
    frame = seen.picture.latest(measure.key).select("urn", "label")
    frame = seen.schools().select("urn", "phase").join(frame, on="urn", how="inner")
    groups = [
        Counted(str(phase), _by_direction(part["label"]))
        for (phase,), part in sorted(frame.group_by("phase"), key=lambda pair: str(pair[0]))
    ]
    groups = [group for group in groups if group.total]
    if seen.every:
        return Directions(measure, tuple(groups), "" if groups else "No school has a direction.")
    shown = tuple(g for g in large_enough(groups) if not says_one_thing_of_all(g))
    if not shown:
        return Directions(measure, (), "Fewer than ten schools: a count would name them.")
    return Directions(measure, shown)


def _by_direction(labels: pl.Series) -> dict[str, int]:
    counts = dict(labels.cast(pl.String).drop_nulls().value_counts().iter_rows())
    return {d.value: counts[d.value] for d in DIRECTIONS if counts.get(d.value)}


@dataclass(frozen=True, slots=True)
class CardArea:
    """One area of the report card over the schools that have one. Grades are counted, never
    averaged."""

    name: str
    grades: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """How many schools are graded in this area."""
        return sum(n for _, n in self.grades)


def report_cards(
    inspections: Iterable[tuple[Inspection, ...]], today: date
) -> tuple[tuple[CardArea, ...], int]:
    """Each area of the report card with how many schools have which grade, and how many schools'
    latest grades are a report card."""
    cards = [
        held
        for found in inspections
        if (held := standing_on(found, today)) and held.framework is Framework.REPORT_CARD
    ]
    areas: dict[str, dict[str, int]] = {}
    for card in cards:
        for area, grade in card.grades.items():
            counts = areas.setdefault(area, dict.fromkeys(CARD_GRADES, 0))
            counts[grade] = counts.get(grade, 0) + 1
    found_areas = (CardArea(name, tuple(counts.items())) for name, counts in areas.items())
    return tuple(found_areas), len(cards)
