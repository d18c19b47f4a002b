"""One school, as the pages about it show it."""

from dataclasses import dataclass
from datetime import date

from bridgehead.core.years import label
from bridgehead.desk.queries import charts
from bridgehead.desk.queries.figures import (
    Line,
    direction_words,
    line,
    short_name,
    shown,
)
from bridgehead.desk.queries.inspections import Told, told
from bridgehead.desk.queries.series import Expected, YearRow, expected, year_rows
from bridgehead.desk.queries.sight import Sight
from bridgehead.picture.model import Direction, Inspection, School, SchoolPicture, Series
from bridgehead.picture.words import headline_series
from bridgehead.picture.words import verdict as said
from bridgehead.schools.models import Group, Partnership
from bridgehead.schools.rules import GroupKind
from bridgehead.web import words
from bridgehead.web.charts.series import Series as SeriesChart
from bridgehead.web.charts.strip import Strip

STAGES = {
    "ks2": "Key stage 2",
    "ks4": "Key stage 4",
    "ks5": "16 to 18",
    "absence": "Attendance",
    "suspensions": "Suspensions and exclusions",
    "workforce": "Teachers",
    "census": "Who is in the school",
}
#: Groups that stand beside every headline, when they are published.
BESIDE = ("disadvantaged", "gap")


def facts(school: School, groups: list[str]) -> str:
    """The line of facts under the name."""
    ages = (
        f"ages {school.low_age} to {school.high_age}"
        if school.low_age is not None and school.high_age is not None
        else ""
    )
    parts = [
        f"URN {school.urn}",
        school.type_name or school.type_group,
        ages,
        words.counted(school.pupils, "pupil") if school.pupils else "",
        words.named(school.trust),
        *groups,
    ]
    return " · ".join(part for part in parts if part)


def beside(pictured: SchoolPicture, one: Series, *, full: bool) -> tuple[Line, ...]:
    """The disadvantaged pupils' figure and gap that stand beside a headline, where published."""
    keys = (f"{one.measure.key}.{group}" for group in BESIDE)
    return tuple(line(pictured.series[k], full=full) for k in keys if k in pictured.series)


def verdict(pictured: SchoolPicture, *, full: bool) -> str:
    """What the figures say, in words, before any figure. Readers of published figures are told
    those figures and nothing that is worked out from them."""
    return said(pictured).text if full else published_verdict(pictured)


def published_verdict(pictured: SchoolPicture) -> str:
    """The first two headline figures with England's."""
    found = []
    for one in headline_series(pictured)[:2]:
        point = one.latest
        if point is None:
            continue
        england = f" (England {shown(one, point.england)})" if point.england is not None else ""
        figure = shown(one, point.value)
        found.append(f"{one.measure.title}, {label(point.year)}: {figure}{england}.")
    return " ".join(found) or "No headline figure of this school is loaded."


@dataclass(frozen=True, slots=True)
class Dial:
    """One dial: the newest figure in words, and its place among England's schools."""

    line: Line
    strip: Strip


def dials(seen: Sight, pictured: SchoolPicture) -> tuple[Dial, ...]:
    """Up to five dials: the headlines, shared fairly between the stages of the school."""
    urn = pictured.school.urn
    full = seen.full(urn)
    return tuple(
        Dial(line(one, full=full), charts.strip(seen.picture, urn, one, full=full))
        for one in headline_series(pictured)
    )


@dataclass(frozen=True, slots=True)
class Chart:
    """A series over the years with what stands around it: a title in words, the table, the gap."""

    series: Series
    line: Line
    chart: SeriesChart
    expected: Expected | None
    rows: tuple[YearRow, ...]
    beside: tuple[Line, ...]
    heading: str
    subtitle: str
    share: str
    source: str
    levelled: bool
    provisional: bool


def chart(pictured: SchoolPicture, one: Series, *, full: bool) -> Chart:
    """A series over the years, ready for a page."""
    return Chart(
        series=one,
        line=line(one, full=full),
        chart=charts.over_years(one, short_name(pictured.school.name), full=full),
        expected=expected(one, full=full),
        rows=year_rows(one, full=full),
        beside=beside(pictured, one, full=full),
        heading=heading(one, full=full),
        subtitle=f"{one.measure.title}, {pictured.school.name}, {span(one)}",
        # Where there is no clear change the chart's own sentences say it.
        share=share_real(one) if full and one.travel.label is not Direction.NO_CLEAR_CHANGE else "",
        source=source(one),
        levelled=full and any(p.level is not None for p in one.points),
        provisional=has_provisional(one),
    )


def has_provisional(one: Series) -> bool:
    """Whether a mark on the chart is of a figure that may still change."""
    return any(p.value is not None and p.status == "provisional" for p in one.points)


def heading(one: Series, *, full: bool) -> str:
    """At most ten words: the measure with its direction since when, else with its years."""
    travel = one.travel
    words_ = direction_words(travel, one.measure.high)
    if full and words_ and travel.from_year is not None and travel.label is not Direction.TOO_FEW:
        return f"{one.measure.short}: {words_.lower()} since {label(travel.from_year)}"
    return f"{one.measure.short}, {span(one)}"


def span(one: Series) -> str:
    """``2016/17 to 2024/25``: the years with a figure."""
    years = [p.year for p in one.points if p.value is not None]
    if not years:
        return "no year"
    first, last = label(years[0]), label(years[-1])
    return first if first == last else f"{first} to {last}"


def share_real(one: Series) -> str:
    """How much of the latest change is likely to be real, in words."""
    share = one.travel.share_real
    if share is None:
        return ""
    return f"about {words.percent(share)} of the latest year’s change is likely to be real"


def source(one: Series) -> str:
    """Publisher, status and release of the newest figure."""
    point = one.latest
    if point is None:
        return ""
    parts = (
        one.measure.publisher,
        f"{point.status} {label(point.year)}",
        f"release {point.release}",
    )
    return ", ".join(part for part in parts if part.strip())


def first_chart(pictured: SchoolPicture, *, full: bool) -> Chart | None:
    """The first headline that has figures in two years or more, over the years."""
    for one in headline_series(pictured):
        if sum(p.value is not None for p in one.points) > 1:
            return chart(pictured, one, full=full)
    return None


@dataclass(frozen=True, slots=True)
class Stage:
    """The measures of one stage: headlines, each with the groups beside it, and all the others."""

    key: str
    title: str
    charts: tuple[Chart, ...]
    lines: tuple[Line, ...]


def stages(pictured: SchoolPicture, *, full: bool) -> tuple[Stage, ...]:
    """Every series of a school by stage, in reading order. Stages without a figure are left out."""
    found = []
    for key, title in STAGES.items():
        series = [s for s in pictured.series.values() if s.measure.stage == key and s.points]
        charts_ = tuple(
            chart(pictured, s, full=full)
            for s in series
            if s.measure.headline and s.group == "all" and _has_figure(s)
        )
        if any(_has_figure(s) for s in series):
            lines = tuple(line(s, full=full) for s in series)
            found.append(Stage(key, title, charts_, lines))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Inspected:
    """The newest inspection in words, with its age."""

    inspection: Told
    age: str


def newest_inspection(inspections: tuple[Inspection, ...], today: date) -> Inspected | None:
    """The newest inspection and how long ago it was; None where there is none."""
    if not inspections:
        return None
    years = (today - inspections[0].date).days // 365
    age = f"{words.counted(years, 'year')} ago" if years else "within the last year"
    return Inspected(told(inspections[0]), age)


def groups_of(urn: int, partnership: Partnership) -> list[str]:
    """The names of the groups that a school belongs to today: one query."""
    found = Group.objects.filter(
        partnership=partnership, members__organisation__urn=urn, members__left=None
    ).exclude(kind=GroupKind.TRUST.value)
    return list(found.values_list("name", flat=True))


def parents_page(urn: int) -> str:
    """The address of the Department for Education's page about a school, made for parents."""
    return f"https://www.compare-school-performance.service.gov.uk/school/{urn}"


def _has_figure(one: Series) -> bool:
    return one.latest is not None and one.latest.value is not None
