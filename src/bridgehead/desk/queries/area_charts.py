"""The area as the charts take it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from bridgehead.desk.queries.area import CARD_GRADES, FIFTHS, CardArea, Directions, Headline
from bridgehead.desk.rules import LEAST_SCHOOLS, OVERALL_GRADES, StockDay
from bridgehead.monitoring.rules import Outcome
from bridgehead.web import words
from bridgehead.web.addresses import school_page
from bridgehead.web.charts import counts as counts_chart
from bridgehead.web.charts import gap as gap_chart
from bridgehead.web.charts import map as map_chart
from bridgehead.web.charts import stock as stock_chart
from bridgehead.web.charts import svg
from bridgehead.web.charts.bars import Part, Row

OLD_COLOURS = (svg.BLUE, svg.GREEN, svg.ORANGE, svg.WINE)
#: Nothing is worked out for readers who may not know of a named school: one tone a phase.
PHASES = {
    "primary": map_chart.Tone("primary", svg.BLUE, "circle"),
    "secondary": map_chart.Tone("secondary", svg.WINE, "square"),
    "other": map_chart.Tone("other phases", svg.GREY, "triangle"),
}
PROPOSED = {
    Outcome.PRIORITY: map_chart.Tone("priority support", svg.WINE, "diamond"),
    Outcome.BROKER: map_chart.Tone("broker support", svg.ORANGE, "square"),
    Outcome.KEEP_IN_TOUCH: map_chart.Tone("keep in touch", "#8a99a1", "circle"),
    Outcome.CELEBRATE: map_chart.Tone("celebrate and draw on", svg.BLUE, "triangle"),
}
ELSE = map_chart.Tone("talk, or too little known", svg.VIOLET, "circle")


def when(day: date, *, last: bool) -> str:
    """The end of a school year by its name; today by its month."""
    return f"{day:%b %Y}" if last else f"Aug {day:%Y}"


def stock(days: Sequence[StockDay]) -> stock_chart.Stock:
    """The stock under each framework in a panel of its own."""
    named = [(when(day.day, last=day is days[-1]), day) for day in days]
    other = [g for day in days for g in day.grades if g not in OVERALL_GRADES]
    grades = (*OVERALL_GRADES, *dict.fromkeys(other))
    colours = (*OLD_COLOURS, *[svg.GREY] * len(grades))
    return stock_chart.Stock(
        title="Schools by latest judgement, each framework apart",
        frameworks=(
            stock_chart.Framework(
                "On old overall grades",
                tuple(Part(g, c) for g, c in zip(grades, colours, strict=False)),
                tuple(Row(w, tuple(d.grades.get(g, 0) for g in grades)) for w, d in named if d.old),
            ),
            stock_chart.Framework(
                "On the key judgements of 2024/25",
                (Part("key judgements", svg.GREY),),
                tuple(Row(w, (d.judgements,)) for w, d in named if d.judgements),
            ),
            stock_chart.Framework(
                "On report cards, from November 2025",
                (
                    Part("every area Expected or above", svg.BLUE),
                    Part("an area below Expected", svg.ORANGE),
                ),
                tuple(
                    Row(w, (d.expected_of_cards, d.cards - d.expected_of_cards))
                    for w, d in named
                    if d.cards
                ),
            ),
        ),
    )


def gaps(headlines: Sequence[Headline]) -> gap_chart.Gap:
    """The headlines in per cent, which share a scale, with disadvantaged pupils beside them."""
    return gap_chart.Gap(
        title="Headlines with disadvantaged pupils beside them",
        rows=tuple(
            gap_chart.Row(
                label=f"{h.title}, {h.year}",
                headline=h.everybody.value,
                group=h.disadvantaged.value if h.disadvantaged else None,
                others=h.others,
                unit=h.measure.unit,
                decimals=h.measure.decimals,
                missing="not published for disadvantaged pupils",
            )
            for h in headlines
            if h.disadvantaged is not None and h.measure.unit == "percent"
        ),
    )


def directions(found: Sequence[Directions]) -> counts_chart.Counts:
    """How many schools go which way, on each measure by phase."""
    return _counted(
        "Direction of travel by measure and phase", found, counts_chart.DIRECTIONS, "direction"
    )


#: One colour from dark to pale: a place is not a grade.
FIFTH_COLOURS = (svg.BLUE, "#4a78a5", "#9db8d0", "#d3dfe9", "#eef2f3")


def standing(found: Sequence[Directions]) -> counts_chart.Counts:
    """How many schools lie in each fifth of England's, on each measure by phase."""
    parts = tuple(Part(w, c) for w, c in zip(FIFTHS, FIFTH_COLOURS, strict=True))
    return _counted("Place among England’s schools by measure and phase", found, parts, "standing")


def _counted(
    title: str, found: Sequence[Directions], parts: tuple[Part, ...], key: str
) -> counts_chart.Counts:
    """A bar for each measure and phase of ten schools or more, else for all that there are; the
    table beside the chart counts the small phases as well."""
    groups = [(one.measure, group) for one in found for group in one.groups]
    large = [(measure, group) for measure, group in groups if group.total >= LEAST_SCHOOLS]
    return counts_chart.Counts(
        title=title,
        rows=tuple(
            Row(
                f"{measure.short}, {words.within(group.name)}",
                tuple(group.counts.get(p.label, 0) for p in parts),
            )
            for measure, group in large or groups
        ),
        parts=parts,
        missing=next((one.why_none for one in found if one.why_none), "Nothing is published yet."),
        key=key,
        shares=True,
    )


#: The grades of a report card, best first: five names, and no scale between them.
CARD_COLOURS = (svg.BLUE, svg.GREEN, "#d3dade", svg.ORANGE, svg.WINE)


def cards(areas: Sequence[CardArea]) -> counts_chart.Counts:
    """How many schools have which grade in each area of the report card."""
    other = [grade for area in areas for grade, _ in area.grades if grade not in CARD_GRADES]
    grades = (*CARD_GRADES, *dict.fromkeys(other))
    colours = (*CARD_COLOURS, *[svg.GREY] * len(grades))
    rows = [(area.name, dict(area.grades)) for area in areas]
    return counts_chart.Counts(
        title="Grades of report cards, area by area",
        rows=tuple(Row(name, tuple(held.get(g, 0) for g in grades)) for name, held in rows),
        parts=tuple(Part(g, c) for g, c in zip(grades, colours, strict=False)),
        key="cards",
        shares=True,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """One school of the list that stands beside the map."""

    href: str
    name: str
    town: str


def places(schools: pl.DataFrame) -> tuple[Place, ...]:
    """The schools of the map by town and name: the way to them by keyboard."""
    rows = schools.sort("town", "name").select("urn", "name", "town").iter_rows()
    return tuple(
        Place(school_page(urn), name, town or "Place not known") for urn, name, town in rows
    )


def schools_map(
    schools: pl.DataFrame, own: frozenset[int], proposed: Mapping[int, Outcome], *, linked: bool
) -> map_chart.Map:
    """A dot for each school that has a position, a way to its page where ``linked``. The tones show
    proposals only to readers who may know them of every school, else phases."""
    tones = (*PROPOSED.values(), ELSE) if proposed else tuple(PHASES.values())
    rows = schools.filter(pl.col("easting").is_not_null() & pl.col("northing").is_not_null())

    def tone(row: dict[str, object]) -> int:
        if not proposed:
            return tones.index(PHASES.get(str(row["phase"]), PHASES["other"]))
        outcome = proposed.get(row["urn"]) if isinstance(row["urn"], int) else None
        return tones.index(PROPOSED.get(outcome, ELSE) if outcome else ELSE)

    return map_chart.Map(
        title="The partnership’s schools",
        dots=tuple(
            map_chart.Dot(
                easting=row["easting"],
                northing=row["northing"],
                label=row["name"],
                href=school_page(row["urn"]) if linked else "",
                tone=tone(row),
                own=row["urn"] in own,
            )
            for row in rows.iter_rows(named=True)
        ),
        tones=tones,
    )
