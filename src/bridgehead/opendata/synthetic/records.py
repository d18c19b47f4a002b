"""What an inspection found, under the framework of its day. Nothing is converted between them."""

from dataclasses import dataclass, field
from datetime import date

from bridgehead.opendata.synthetic.england import England

GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")
AREAS = (
    "Inclusion",
    "Curriculum and teaching",
    "Achievement",
    "Attendance and behaviour",
    "Personal development and wellbeing",
    "Leadership and governance",
)
EARLY, POST16 = "Early years", "Post-16 provision"
SCALE = (
    "Exceptional",
    "Strong standard",
    "Expected standard",
    "Needs attention",
    "Urgent improvement",
)
SPECIAL_MEASURES = "Special measures"
SIGNIFICANT = "Requires significant improvement"


@dataclass(frozen=True)
class Graded:
    """A graded inspection to August 2024 (``overall`` 1 to 4) or of 2024/25 (``overall`` 0).

    ``judgements`` are quality, behaviour, personal development, leadership, 1 to 4.
    """

    on: date
    overall: int
    judgements: tuple[int, int, int, int]
    category: str = ""


@dataclass(frozen=True)
class ReportCard:
    """A report card: area → word, safeguarding ``Met`` or ``Not met``; ``again`` holds the day and
    the word of areas that were graded again later."""

    on: date
    areas: dict[str, str]
    safeguarding: str = "Met"
    category: str = ""
    again: dict[str, tuple[date, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """All that is known of one site's inspections; graded ones oldest first."""

    graded: tuple[Graded, ...] = ()
    ungraded: tuple[date, str] | None = None
    card: ReportCard | None = None


def areas_of(england: England, site: int) -> list[str]:
    """The areas that a report card on this school has."""
    schools = england.register
    areas = list(AREAS)
    if schools.low_age[site] <= 4:
        areas.append(EARLY)
    if schools.sixth_form[site]:
        areas.append(POST16)
    return areas
