"""A school's inspections as its pages and its download show them, each under its own framework."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bridgehead.picture.model import Framework, Inspection
from bridgehead.picture.ofsted_rows import OVERALL_AREA, SAFEGUARDING_AREA
from bridgehead.picture.regrades import as_inspected, given_later, safeguarding_as_inspected
from bridgehead.web import words
from bridgehead.web.charts.lanes import Event, Lane, Lanes

Cell = str | int | None

#: Oldest framework first, as the lanes run down the page.
LANES = {
    Framework.OVERALL: "Overall grade, to August 2024",
    Framework.UNGRADED: "Ungraded visits",
    Framework.KEY_JUDGEMENTS: "Four key judgements, 2024/25",
    Framework.REPORT_CARD: "Report card, from November 2025",
}

_UNSAFE = {"not met": "Safeguarding not met", "no": "Safeguarding not effective"}


def lanes(inspections: tuple[Inspection, ...], name: str) -> Lanes:
    """Every inspection in the lane of its framework. Nothing is set on a common scale."""
    return Lanes(
        title=f"Inspections of {name} by framework",
        lanes=tuple(
            Lane(
                title,
                tuple(
                    event
                    for one in reversed(inspections)
                    if one.framework is framework
                    for event in events(one)
                ),
            )
            for framework, title in LANES.items()
        ),
    )


def events(one: Inspection) -> Iterator[Event]:
    """An inspection as marks: what it found on its day, then each day on which an area of it was
    graded again."""
    yield Event(one.date, in_short(one), one.this_urn)
    for day, grades in given_later(one).items():
        few = ", ".join(f"{area} {grade}" for area, grade in grades.items())
        said = few if len(grades) <= 2 else _counts(grades)
        yield Event(day, f"Graded again: {said}", one.this_urn)


def in_short(one: Inspection) -> str:
    """An inspection in a few words, as printed: the category of concern, the overall grade, the
    outcome, or how many areas have which grade."""
    if one.category:
        return one.category
    if one.framework is Framework.OVERALL:
        return one.grades.get(OVERALL_AREA, "no overall grade stated")
    if one.framework is Framework.UNGRADED:
        return one.outcome or "no outcome stated"
    said = [_counts(as_inspected(one))]
    safe = safeguarding_as_inspected(one).casefold()
    said.insert(0, _UNSAFE.get(safe, ""))
    unknown = len(one.grades) - len(as_inspected(one))
    if unknown:
        said.append(f"{words.counted(unknown, 'area')} graded again since")
    return ", ".join(part for part in said if part) or "not stated"


def _counts(grades: dict[str, str]) -> str:
    return ", ".join(f"{grade} {n}" for grade, n in Counter(grades.values()).most_common())


@dataclass(frozen=True, slots=True)
class Told:
    """An inspection in words: its heading, whose it was, and a line for each thing printed."""

    heading: str
    day: date
    framework: str
    short: str
    whose: str
    published: date | None
    rows: tuple[tuple[str, str], ...]
    release: str
    row: int | None


def told(one: Inspection) -> Told:
    """An inspection as its own section, its own row of the table, or its own box shows it."""
    rows = [
        ("Category of concern", one.category or ""),
        ("Safeguarding", _graded(one, SAFEGUARDING_AREA, one.safeguarding or "")),
        ("Outcome", one.outcome),
        *((area, _graded(one, area, grade)) for area, grade in one.grades.items()),
    ]
    again = "; ".join(e.words for e in list(events(one))[1:])
    return Told(
        heading="ungraded visit" if one.framework is Framework.UNGRADED else one.framework.value,
        day=one.date,
        framework=LANES[one.framework],
        short="; ".join(part for part in (in_short(one), again) if part),
        whose=whose(one),
        published=one.published,
        rows=tuple((key, text) for key, text in rows if text),
        release=one.release,
        row=one.row,
    )


def whose(one: Inspection) -> str:
    """Which school was inspected."""
    if one.this_urn:
        return f"this school, URN {one.urn}"
    which = "whose URN the file does not give" if one.urn is None else f"URN {one.urn}"
    return f"a school that this one replaced, {which}"


def _graded(one: Inspection, area: str, grade: str) -> str:
    """A grade with its own date where that is not the day of the inspection, and what it was
    before it was given again."""
    day = one.area_dates.get(area, one.date)
    if not grade or day == one.date:
        return grade
    said = f"{grade}, graded on {words.day(day)}"
    if one.graded_later(area) is None:
        return said
    before = [f"{was.grade} on {words.day(was.date)}" for was in one.earlier if was.area == area]
    if not before:
        return f"{said}; the grade before that is in no file that is loaded"
    return f"{said}; before that {', then '.join(before)}"


def table(inspections: tuple[Inspection, ...]) -> Iterator[list[Cell]]:
    """The rows of the download, headings first: one for each thing that was printed, with its own
    date, the newest inspection first."""
    yield [
        "Inspected",
        "Framework",
        "What",
        "As printed",
        "Graded on",
        "Of this school as it is now",
        "URN at inspection",
        "Published",
        "Release",
        "Row in the file",
    ]
    for one in inspections:
        for what, printed, day in _printed(one):
            yield [
                one.date.isoformat(),
                one.framework.value,
                what,
                printed,
                day.isoformat(),
                "yes" if one.this_urn else "no: a school that it replaced",
                one.urn,
                one.published.isoformat() if one.published else None,
                one.release,
                one.row,
            ]


def _printed(one: Inspection) -> Iterator[tuple[str, str, date]]:
    newest = one.grades | ({SAFEGUARDING_AREA: one.safeguarding} if one.safeguarding else {})
    if one.category:
        yield "Category of concern", one.category, one.date
    if one.framework is Framework.UNGRADED:
        yield "Outcome", one.outcome or "no outcome stated", one.date
    for area, grade in newest.items():
        yield area, grade, one.area_dates.get(area, one.date)
    for was in one.earlier:
        yield was.area, was.grade, was.date
