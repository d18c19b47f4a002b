"""What one row of Ofsted's monthly files says of each inspection that it names.

A row of *latest inspections* names up to three inspections of one school: the newest graded one,
the one before it, and a visit without grades. What they are called has changed five times: short
inspections to 2019, section 8 inspections to 2022/23, ungraded inspections since; *full* to
2022/23 and again on report cards, *graded* between. Every name is listed here with its inspection,
and nothing else in Bridgehead knows them.

Nothing is converted between frameworks and nothing is derived: a category of concern is read from
the column beside its inspection or is absent. ``Most recent category of concern`` names no
inspection, so it is kept in the release and says nothing here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from bridgehead.opendata.kind import normal
from bridgehead.picture.model import Framework

OVERALL_AREA = "Overall effectiveness"
SAFEGUARDING_AREA = "Safeguarding standards"
AREAS = (
    "Inclusion",
    "Curriculum and teaching",
    "Achievement",
    "Attendance and behaviour",
    "Personal development and wellbeing",
    "Leadership and governance",
    "Early years",
    "Post-16 provision",
)
JUDGEMENTS = (
    "Quality of education",
    "Behaviour and attitudes",
    "Personal development",
    # To the summer of 2019 the judgements were these, and leadership.
    "Outcomes for pupils",
    "Quality of teaching, learning and assessment",
    "Personal development, behaviour and welfare",
    "Effectiveness of leadership and management",
    "Early years provision",
    "Sixth form provision",
    "16-19 study programmes",
)
#: Ofsted prints the four grades of the old framework as numbers.
GRADES = {"1": "Outstanding", "2": "Good", "3": "Requires improvement", "4": "Inadequate"}
#: Until this day a 3 was called Satisfactory, as the rating history prints it.
SATISFACTORY_UNTIL = date(2012, 9, 1)
#: From this day there is no overall grade. One that is missing before it was not printed.
NO_OVERALL_SINCE = date(2024, 9, 1)
REPORT_CARDS_SINCE = date(2025, 11, 10)
CATEGORIES = {
    "sm": "Special measures",
    "rsi": "Requires significant improvement",
    "swk": "Serious weaknesses",
    "sw": "Serious weaknesses",
}
#: What Ofsted prints where an inspection was of another URN. ``NULL`` says nothing either way.
ELSEWHERE = ("no", "n", "false")
NOTHING = {"", "null", "9", "0", "not judged", "none", "not applicable", "n/a", "na", "no", "-"}
_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d", "%Y%m%d", "%d %B %Y", "%d-%b-%Y")
_OVERALL = (OVERALL_AREA, f"full inspection {OVERALL_AREA}", f"graded inspection {OVERALL_AREA}")

Cells = Mapping[str, str | None]  # normalised column name → text


@dataclass(frozen=True, slots=True)
class Block:
    """Where one of the inspections of a row stands: column names, the first that is there counts.
    ``prefix`` stands before the names of judgements; a block without ``graded`` is of visits."""

    start: tuple[str, ...]
    published: tuple[str, ...]
    urn: tuple[str, ...] = ()
    relates: tuple[str, ...] = ()
    prefix: str = ""
    outcome: tuple[str, ...] = ()
    converted: str = ""
    graded: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What one block of a row says of one inspection."""

    framework: Framework
    day: date
    published: date | None = None
    grades: Mapping[str, str] = field(default_factory=dict)
    category: str | None = None
    safeguarding: str | None = None
    outcome: str = ""
    area_dates: Mapping[str, date] = field(default_factory=dict)


def _relates(*what: str) -> tuple[str, ...]:
    return tuple(f"Does the {one} relate to the URN of the current school?" for one in what)


BLOCKS = (
    Block(
        ("Inspection start date",),
        ("Publication date",),
        (
            "URN at time of latest full inspection",
            "URN at time of latest graded inspection",
            "URN at time of inspection",
        ),
        _relates("latest full inspection", "latest graded inspection", "inspection"),
        # Files of all inspections of a year have a row for each, visits among them.
        outcome=(
            "Outcomes for ungraded and monitoring inspections",
            "Outcomes for section 8 inspections and short inspections that did not convert",
            "Outcomes for short inspections that did not convert",
        ),
    ),
    Block(
        (
            "Inspection start date of latest OEIF graded inspection",
            "Latest OEIF inspection start date",
        ),
        ("Publication date of latest OEIF graded inspection", "Latest OEIF publication date"),
        ("URN at time of latest OEIF graded inspection",),
        _relates("latest OEIF graded inspection"),
        prefix="Latest OEIF ",
    ),
    Block(
        ("Previous inspection start date",),
        ("Previous publication date",),
        (
            "URN at time of previous full inspection",
            "URN at time of previous graded inspection",
            "URN at time of previous inspection",
        ),
        (
            *_relates("previous full inspection", "previous graded inspection"),
            "Does the previous inspection relate to the school in its current form?",
        ),
        prefix="Previous ",
    ),
    Block(
        ("Date of latest ungraded inspection",),
        ("Ungraded inspection publication date",),
        ("URN at time of the ungraded inspection",),
        _relates("ungraded inspection"),
        outcome=("Ungraded inspection overall outcome",),
        converted="Did the latest ungraded inspection convert to a graded inspection?",
        graded=False,
    ),
    Block(
        ("Date of latest section 8 inspection",),
        ("Section 8 inspection publication date",),
        ("URN at time of the section 8 inspection",),
        _relates("section 8 inspection"),
        outcome=("Section 8 inspection overall outcome",),
        converted="Did the latest section 8 inspection convert to a full inspection?",
        graded=False,
    ),
    Block(
        ("Date of latest short inspection",),
        ("Short inspection publication date",),
        outcome=("Short inspection overall outcome",),
        converted="Did the latest short inspection convert to a full inspection?",
        graded=False,
    ),
)


@lru_cache(maxsize=1 << 16)
def read_date(text: str | None) -> date | None:
    """A date in any of the forms that Ofsted prints, ``None`` where there is none."""
    bare = re.sub(r"[T ]00:00.*$", "", (text or "").strip())
    if bare.casefold() in NOTHING:
        return None
    for form in _FORMATS:
        try:
            return datetime.strptime(bare, form).date()
        except ValueError:
            continue
    return None


def read_block(block: Block, cells: Cells) -> Found | None:
    """What a row says of one of its inspections; ``None`` where it says nothing."""
    day = read_date(first(cells, block.start))
    if day is None:
        return None
    published = read_date(first(cells, block.published))
    outcome = _words(first(cells, block.outcome))
    if not block.graded:
        return Found(Framework.UNGRADED, day, published, outcome=outcome or _turned(block, cells))
    category = _category(first(cells, (block.prefix + "Category of concern",)))
    if not block.prefix and (card := _report_card(cells, day, published, category)):
        return card
    grades = {
        area: word
        for area in JUDGEMENTS
        if (word := grade(_area(cells, block.prefix + area), day)) is not None
    }
    safe = first(cells, tuple(block.prefix + name for name in _SAFE))
    safe = safe if (safe or "").casefold() in ("yes", "no") else None
    overall = grade(first(cells, tuple(block.prefix + name for name in _OVERALL)), day)
    if overall:
        grades = {OVERALL_AREA: overall} | grades
    if not grades and outcome:
        return Found(Framework.UNGRADED, day, published, outcome=outcome)
    if not (grades or category or safe):
        return None
    return Found(_framework(day, overall), day, published, grades, category, safe)


def first(cells: Cells, names: tuple[str, ...]) -> str | None:
    """The text of the first of these columns that has any."""
    for name in names:
        text = (cells.get(_key(name)) or "").strip()
        if text:
            return text
    return None


def grade(text: str | None, day: date) -> str | None:
    """A grade of the old frameworks in the word that it had on a day, ``None`` for none."""
    bare = (text or "").strip()
    if bare == "3" and day < SATISFACTORY_UNTIL:
        return "Satisfactory"
    if bare in GRADES:
        return GRADES[bare]
    return None if bare.casefold() in NOTHING else bare.capitalize()


_SAFE = ("Safeguarding is effective?", "Is safeguarding effective?")
_key = lru_cache(maxsize=1024)(normal)


def _framework(day: date, overall: str | None) -> Framework:
    """Under which framework grades were given. A column that is empty does not move an inspection
    of 2019 into the year without overall grades."""
    if overall or day < NO_OVERALL_SINCE:
        return Framework.OVERALL
    return Framework.KEY_JUDGEMENTS if day < REPORT_CARDS_SINCE else Framework.REPORT_CARD


def _turned(block: Block, cells: Cells) -> str:
    """A visit without an outcome, of which the file says that it became a graded inspection."""
    said = (first(cells, (block.converted,)) or "").casefold()
    return "Converted to a graded inspection" if said in ("yes", "y", "true") else ""


def _report_card(
    cells: Cells, day: date, published: date | None, category: str | None
) -> Found | None:
    grades = {area: word for area in AREAS if (word := _words(_area(cells, area)))}
    safeguarding = _words(first(cells, (SAFEGUARDING_AREA,)))
    if not grades and not safeguarding:
        return None
    dates = {
        area: when
        for area in (*AREAS, SAFEGUARDING_AREA)
        if (when := read_date(first(cells, (f"{area} - date of grade",))))
    }
    return Found(
        Framework.REPORT_CARD,
        day,
        published,
        grades,
        category,
        safeguarding,
        area_dates=dates,
    )


def _area(cells: Cells, area: str) -> str | None:
    """An area's cell under its plain name, with ``(where applicable)``, or ``well-being``
    (``normal`` takes the hyphen out)."""
    return first(cells, (area, f"{area} (where applicable)"))


def _words(text: str | None) -> str | None:
    return None if text is None or text.casefold() in NOTHING else text


def _category(text: str | None) -> str | None:
    bare = (text or "").strip()
    if bare.casefold() in NOTHING or bare.casefold().startswith("not in"):
        return None
    return CATEGORIES.get(bare.casefold(), bare)
