"""One school, as the pages about it show it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bridgehead.core.years import label
from bridgehead.desk.queries.figures import Line, line, shown
from bridgehead.desk.queries.sight import Sight
from bridgehead.measures.loader import measures
from bridgehead.picture.model import Inspection, Neighbour, School, SchoolPicture, Series
from bridgehead.web import words

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
    headlines: tuple[Series, ...]
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
        headlines = tuple(
            s for s in series if s.measure.headline and s.group == "all" and _has_figure(s)
        )
        if any(_has_figure(s) for s in series):
            lines = tuple(line(s, full=full) for s in series)
            found.append(Stage(key, title, headlines, lines))
    return tuple(found)


def beside(pictured: SchoolPicture, one: Series, *, full: bool) -> tuple[Line, ...]:
    """The disadvantaged pupils' figure and gap that stand beside a headline, where published."""
    keys = (f"{one.measure.key}.{group}" for group in BESIDE)
    return tuple(line(pictured.series[k], full=full) for k in keys if k in pictured.series)


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
    measure = measures().get(key)
    return measure.short if measure else key.replace("_", " ")


def newest_inspection(inspections: tuple[Inspection, ...], today: date) -> tuple[Inspection, str]:
    """The newest inspection and its age in words. Raises ``IndexError`` where there is none."""
    newest = inspections[0]
    years = (today - newest.date).days // 365
    return newest, words.counted(years, "year") + " ago" if years else "within the last year"


def _has_figure(one: Series) -> bool:
    return one.latest is not None and one.latest.value is not None
