"""A school's series as the charts take them."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from bridgehead.desk.queries.figures import shown
from bridgehead.measures.model import High
from bridgehead.picture.model import Point, Series
from bridgehead.picture.picture import Picture
from bridgehead.picture.sentences import chart_sentence
from bridgehead.web.charts import series as series_chart
from bridgehead.web.charts import strip as strip_chart
from bridgehead.web.charts.ahead import Ahead
from bridgehead.web.words import typeset

NOT_PUBLISHED = "not published for schools"


def strip(picture: Picture, urn: int, one: Series, *, full: bool) -> strip_chart.Strip:
    """The newest figure of a school as a dial. Without ``full`` there is no likely range and no
    mark for similar schools: the place of a published figure among published figures is all."""
    point = one.latest
    missing = picture.why_no_percentile(one.key) or "No place among England’s schools is known."
    title = f"{one.measure.title}: place among schools in England"
    if point is None or point.percentile is None:
        return strip_chart.Strip(title, None, missing=missing, key=one.key)
    places = _Places(picture, urn, one, point)
    return strip_chart.Strip(
        title=title,
        place=point.percentile,
        low=places.of(point.low) if full else None,
        high=places.of(point.high) if full else None,
        england=places.of(point.england),
        england_label="" if point.england is None else f"England {shown(one, point.england)}",
        similar=places.of(point.similar_median) if full else None,
        similar_label=""
        if point.similar_median is None
        else f"Similar schools {shown(one, point.similar_median)}",
        missing=missing,
        key=one.key,
    )


class _Places:
    """Where values of a series lie among the schools that its percentile is among, so that all
    marks of one dial lie on one scale."""

    def __init__(self, picture: Picture, urn: int, one: Series, point: Point) -> None:
        values: npt.NDArray[np.float64] = picture.values_among(one.key, point.year, urn)
        self.ordered = np.sort(values).tolist()
        self.high_is_better = one.measure.high is not High.WORSE

    def of(self, value: float | None) -> float | None:
        """The place of a value, 0 to 100 with better at 100; None for none."""
        if value is None or not self.ordered:
            return None
        return strip_chart.place(value, self.ordered, high_is_better=self.high_is_better)


def over_years(one: Series, name: str, *, full: bool) -> series_chart.Series:
    """A series over the years; the underlying level with its range, and what to expect next, only
    where they may be seen."""
    measure, ahead = one.measure, one.ahead
    gap = measure.groups[one.group].is_gap
    return series_chart.Series(
        title=f"{measure.title}, by year",
        name=name,
        unit="" if gap else measure.unit,
        decimals=measure.decimals,
        marks=tuple(
            series_chart.Mark(
                year=p.year,
                value=p.value,
                level=p.level if full else None,
                low=p.low if full else None,
                high=p.high if full else None,
                england=p.england,
                provisional=p.status == "provisional",
            )
            for p in one.points
        ),
        not_published=tuple(not_published(one)),
        breaks=tuple((b.year, b.why) for b in measure.breaks),
        key=one.key,
        says=typeset(chart_sentence(one, full=full)),
        ahead=Ahead(ahead.year, ahead.value, ahead.low, ahead.high, ahead.following)
        if full and ahead
        else None,
    )


def not_published(one: Series) -> Iterator[tuple[int, int, str]]:
    """Stretches of years, within those shown, in which no school has a figure."""
    years = [p.year for p in one.points if p.value is not None]
    if not years:
        return
    run: list[int] = []
    for year in range(min(years), max(years) + 2):
        if year <= max(years) and not one.measure.exists_in(year):
            run.append(year)
        elif run:
            yield run[0], run[-1], NOT_PUBLISHED
            run = []
