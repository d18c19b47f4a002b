"""The area as a whole: the stock of schools, headlines with their gap, direction, report cards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import polars as pl

from bridgehead.core.home import home
from bridgehead.core.years import label
from bridgehead.desk.queries.schools import headline_figures
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
from bridgehead.web import words

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
#: Absence is compared phase by phase, as England's figures are.
PHASED = ("primary", "secondary")
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
    title: str
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

    @property
    def worse(self) -> bool:
        """Whether a high figure is worse."""
        return self.measure.high is High.WORSE

    @property
    def here(self) -> str:
        """The area's figure as people read it."""
        return self._shown(self.everybody.value)

    @property
    def in_england(self) -> str:
        """England's figure as people read it."""
        return self._shown(self.england)

    @property
    def poor(self) -> str:
        """Disadvantaged pupils' figure as people read it."""
        return self._shown(self.disadvantaged.value if self.disadvantaged else None)

    @property
    def others_words(self) -> str:
        """Other pupils' figure in England as people read it."""
        return self._shown(self.others)

    @property
    def gap_words(self) -> str:
        """The gap with its sign."""
        return "" if self.gap is None else self.measure.format_difference(self.gap)

    def _shown(self, value: float | None) -> str:
        return "" if value is None else self.measure.format(value)


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


def stock_over_years(picture: Picture, urns: frozenset[int], today: date) -> tuple[StockDay, ...]:
    """The stock at the end of each school year of which anything is known, and today. Kept between
    requests."""
    return _stock_over_years(picture.digest, urns, today)


@lru_cache(maxsize=16)
def _stock_over_years(digest: str, urns: frozenset[int], today: date) -> tuple[StockDay, ...]:
    schools = _inspections(digest, urns)
    return tuple(
        day for day in stock(schools, summers(today)) if day.none < len(schools) or day.day == today
    )


def headlines(picture: Picture, urns: frozenset[int]) -> tuple[Headline, ...]:
    """Each headline in its newest year in the area, worked out over the schools that publish it.
    Where England's figure is by phase, so is the area's. Kept between requests."""
    return _headlines(picture.digest, urns)


@lru_cache(maxsize=16)
def _headlines(digest: str, urns: frozenset[int]) -> tuple[Headline, ...]:
    picture = Picture.open(home(), digest)
    schools = picture.schools.filter(pl.col("urn").is_in(list(urns)))
    schools = schools.select("urn", "phase", "pupils")
    found = []
    for key, measure in headline_figures(picture, schools["phase"].unique()).items():
        if measure.high is High.NEITHER:
            continue
        for phase in PHASED if measure.stage == "absence" else ("",):
            among = schools.filter(pl.col("phase") == phase) if phase else schools
            newest = picture.latest(key).join(among, on="urn", how="semi")["year"].max()
            if isinstance(newest, int):
                found.append(_headline(picture, measure, newest, among, phase))
    return tuple(found)


def _headline(
    picture: Picture, measure: Measure, year: int, schools: pl.DataFrame, phase: str
) -> Headline:
    held = picture.series_keys()
    poor, others = f"{measure.key}.disadvantaged", f"{measure.key}.others"
    return Headline(
        measure=measure,
        title=f"{measure.title}, {phase} schools" if phase else measure.title,
        year=label(year),
        everybody=_pooled(picture, measure.key, year, schools),
        england=picture.england(measure.key, phase).get(year),
        disadvantaged=_pooled(picture, poor, year, schools) if poor in held else None,
        others=picture.england(others, phase).get(year) if others in held else None,
    )


def _pooled(picture: Picture, key: str, year: int, schools: pl.DataFrame) -> Pooled:
    """Weighted by the pupils behind each figure; where the file does not say how many those are
    (absence), by the pupils of the school."""
    frame = picture.year(key, year).join(schools, on="urn")
    weights = frame.select(pl.coalesce("cohort", "pupils")).to_series()
    return pooled(zip(frame["value"], weights, strict=True))


def phases(schools: pl.DataFrame) -> str:
    """How many schools of each phase, in words, most first: ``16 to 18: 2``. A school whose phase
    the register leaves out is counted too."""
    counts = schools["phase"].fill_null("").value_counts(sort=True).iter_rows()
    return " · ".join(f"{words.named(phase) or 'no phase stated'}: {n}" for phase, n in counts)


def leading(figures: Mapping[str, Measure]) -> list[Measure]:
    """The measures by which direction is counted: the first headline of each stage that has a
    better side."""
    found: dict[str, Measure] = {}
    for measure in figures.values():
        if measure.high is not High.NEITHER:
            found.setdefault(measure.stage, measure)
    return list(found.values())


def directions(
    picture: Picture, schools: pl.DataFrame, measure: Measure, *, every: bool
) -> Directions:
    """How many schools go which way on a measure, by phase. Unless ``every`` school's direction may
    be seen: groups of at least ten, and none that says the same of every school."""
    frame = picture.latest(measure.key).select("urn", "label")
    frame = schools.select("urn", "phase").join(frame, on="urn", how="inner")
    groups = [
        Counted(str(phase), _by_direction(part["label"]))
        for (phase,), part in sorted(frame.group_by("phase"), key=lambda pair: str(pair[0]))
    ]
    groups = [group for group in groups if group.total]
    if every:
        return Directions(measure, tuple(groups), "" if groups else "No school has a direction.")
    shown = tuple(g for g in large_enough(groups) if not says_one_thing_of_all(g))
    if not shown:
        return Directions(measure, (), "Fewer than ten schools: a count would name them.")
    return Directions(measure, shown)


#: Fifths of England's schools, best first; the words name the place, never a grade.
FIFTHS = ("highest fifth", "second fifth", "middle fifth", "fourth fifth", "lowest fifth")


def standing(picture: Picture, schools: pl.DataFrame, measure: Measure) -> Directions:
    """How many schools lie in each fifth of England's on a measure's newest published figures, by
    phase; better is higher. Published figures, so every reader may see it."""
    frame = picture.latest(measure.key).select("urn", "percentile").drop_nulls()
    frame = schools.select("urn", "phase").join(frame, on="urn")
    groups = tuple(
        Counted(str(phase), _by_fifth(part["percentile"]))
        for (phase,), part in sorted(frame.group_by("phase"), key=lambda pair: str(pair[0]))
    )
    return Directions(measure, groups, picture.why_no_percentile(measure.key))


def _by_fifth(percentiles: pl.Series) -> dict[str, int]:
    places = [4 - min(4, int(place // 20)) for place in percentiles]
    return {words: places.count(at) for at, words in enumerate(FIFTHS) if at in places}


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
