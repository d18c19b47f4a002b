"""One school, as the pages about it show it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bridgehead.core.years import label
from bridgehead.desk.queries import charts
from bridgehead.desk.queries.figures import Line, line, shown
from bridgehead.desk.queries.series import YearRow, year_rows
from bridgehead.desk.queries.sight import Sight
from bridgehead.picture.context import INPUTS
from bridgehead.picture.model import Inspection, Neighbour, School, SchoolPicture, Series
from bridgehead.schools.models import Group
from bridgehead.schools.rules import GroupKind
from bridgehead.web import words
from bridgehead.web.charts.series import Series as SeriesChart
from bridgehead.web.charts.strip import Strip

STAGES = {
    "ks2": "Key stage 2",
    "ks4": "Key stage 4",
    "ks5": "16 to 18",
    "absence": "Attendance",
    "census": "Who is in the school",
}
#: Groups that stand beside every headline, when they are published.
BESIDE = ("disadvantaged", "gap")


@dataclass(frozen=True, slots=True)
class Stage:
    """The measures of one stage: headlines, each with the groups beside it, and all the others."""

    key: str
    title: str
    charts: tuple[Chart, ...]
    lines: tuple[Line, ...]


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
        school.trust,
        *groups,
    ]
    return " · ".join(part for part in parts if part)


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


def beside(pictured: SchoolPicture, one: Series, *, full: bool) -> tuple[Line, ...]:
    """The disadvantaged pupils' figure and gap that stand beside a headline, where published."""
    keys = (f"{one.measure.key}.{group}" for group in BESIDE)
    return tuple(line(pictured.series[k], full=full) for k in keys if k in pictured.series)


def verdict(pictured: SchoolPicture, *, full: bool) -> str:
    """What the figures say, in words, before any figure."""
    return published_verdict(pictured)


def published_verdict(pictured: SchoolPicture) -> str:
    """The newest headline figures in one sentence each: for readers who see only those."""
    sentences = []
    for one in pictured.series.values():
        point = one.latest
        if not one.measure.headline or one.group != "all" or point is None or point.value is None:
            continue
        england = f" (England {shown(one, point.england)})" if point.england is not None else ""
        sentences.append(
            f"{one.measure.title}, {label(point.year)}: {shown(one, point.value)}{england}."
        )
    return " ".join(sentences[:2])


@dataclass(frozen=True, slots=True)
class Dial:
    """One dial: the newest figure in words, and its place among England's schools."""

    line: Line
    strip: Strip


def dials(seen: Sight, pictured: SchoolPicture) -> tuple[Dial, ...]:
    """Up to five dials, what stands out first. For readers of published figures the headlines, in
    reading order, since what stands out is a judgement on the school."""
    full = seen.full(pictured.school.urn)
    chosen = published_headlines(pictured)
    return tuple(
        Dial(line(one, full=full), charts.strip(seen.picture, one, full=full)) for one in chosen
    )


def published_headlines(pictured: SchoolPicture) -> list[Series]:
    """The first five headline series that have a figure."""
    return [
        one
        for one in pictured.series.values()
        if one.measure.headline and one.group == "all" and _has_figure(one)
    ][:5]


@dataclass(frozen=True, slots=True)
class Chart:
    """A series over the years with what stands around it: a title in words, the table, the gap."""

    series: Series
    line: Line
    chart: SeriesChart
    rows: tuple[YearRow, ...]
    beside: tuple[Line, ...]


def chart(pictured: SchoolPicture, one: Series, *, full: bool) -> Chart:
    """A series over the years, ready for a page."""
    return Chart(
        series=one,
        line=line(one, full=full),
        chart=charts.over_years(one, pictured.school.name, full=full),
        rows=year_rows(one, full=full),
        beside=beside(pictured, one, full=full),
    )


def first_chart(pictured: SchoolPicture, *, full: bool) -> Chart | None:
    """The first headline that has figures in two years or more, over the years."""
    for one in pictured.series.values():
        years = [p for p in one.points if p.value is not None]
        if one.measure.headline and one.group == "all" and len(years) > 1:
            return chart(pictured, one, full=full)
    return None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one figure of one year comes from, down to row, column and raw text."""

    key: str
    title: str
    group: str
    value: str
    reason: str
    raw: str
    release: str
    row: int | None
    column: str
    status: str
    history: bool


def years_held(pictured: SchoolPicture) -> tuple[int, ...]:
    """Every year of which the picture says something about the school, newest first."""
    years = {p.year for s in pictured.series.values() for p in s.points if p.release}
    return tuple(sorted(years, reverse=True))


def provenance(pictured: SchoolPicture, year: int) -> Iterator[Provenance]:
    """Where each figure of one year comes from, in reading order."""
    for one in pictured.series.values():
        point = one.at(year)
        if point is None or not (point.release or point.raw):
            continue
        yield Provenance(
            key=one.key,
            title=one.measure.title,
            group="" if one.group == "all" else one.measure.groups[one.group].label,
            value=shown(one, point.value),
            reason=point.reason.words if point.reason else "",
            raw=point.raw,
            release=point.release,
            row=point.row,
            column=point.column,
            status=point.status,
            history=False,
        )


@dataclass(frozen=True, slots=True)
class Alike:
    """A similar school: how good the match is, and on what the two differ."""

    urn: int
    name: str
    facts: str
    here: bool
    distance: str
    quality: str
    differences: tuple[tuple[str, str], ...]


def similar(seen: Sight, pictured: SchoolPicture) -> tuple[Alike, ...]:
    """The similar schools, closest first, with the differences of each."""
    wanted = [n.urn for n in pictured.similar]
    frame = seen.picture.schools
    frame = frame.filter(frame["urn"].is_in(wanted)) if wanted else frame.head(0)
    known = {row["urn"]: row for row in frame.iter_rows(named=True)}
    return tuple(_alike(n, known[n.urn], seen) for n in pictured.similar if n.urn in known)


def _alike(one: Neighbour, row: dict[str, object], seen: Sight) -> Alike:
    about = [row["la_name"], row["phase_detail"] or row["phase"]]
    return Alike(
        urn=one.urn,
        name=str(row["name"]),
        facts=" · ".join(str(part) for part in about if part),
        here=one.urn in seen.urns,
        distance=words.number(one.distance, 2),
        quality=quality(one.distance),
        differences=tuple(
            (input_title(key), "not known" if value is None else words.signed(value, 1))
            for key, value in one.differences.items()
        ),
    )


def quality(distance: float) -> str:
    """How good a match is, in words, from its distance in standardised units."""
    if distance < 1.0:
        return "close"
    return "fair" if distance < 2.0 else "loose"


def input_title(key: str) -> str:
    """What people call an input of context."""
    return next((one.title for one in INPUTS if one.key == key), key.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Inspected:
    """The newest inspection, with its age in words."""

    inspection: Inspection
    age: str


def newest_inspection(inspections: tuple[Inspection, ...], today: date) -> Inspected | None:
    """The newest inspection and how long ago it was; None where there is none."""
    if not inspections:
        return None
    years = (today - inspections[0].date).days // 365
    age = f"{words.counted(years, 'year')} ago" if years else "within the last year"
    return Inspected(inspections[0], age)


def groups_of(urn: int, partnership_id: int | None) -> list[str]:
    """The names of the groups that a school belongs to today: one query."""
    found = Group.objects.filter(
        partnership_id=partnership_id, members__organisation__urn=urn, members__left=None
    ).exclude(kind=GroupKind.TRUST.value)
    return list(found.values_list("name", flat=True))


def parents_page(urn: int) -> str:
    """The address of the Department for Education's page about a school, made for parents."""
    return f"https://www.compare-school-performance.service.gov.uk/school/{urn}"


def _has_figure(one: Series) -> bool:
    return one.latest is not None and one.latest.value is not None
