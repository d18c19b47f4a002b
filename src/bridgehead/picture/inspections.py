"""Every inspection of every school, as printed, from all of Ofsted's loaded releases.

Nothing is converted between frameworks and nothing is derived: a category of concern is read or is
absent. One event that stands in several monthly files is kept once, from the newest of them.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

import polars as pl

from bridgehead.opendata.kind import normal
from bridgehead.picture.model import Framework
from bridgehead.picture.tables import Table

OVERALL_AREA = "Overall effectiveness"
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
    "Effectiveness of leadership and management",
    "Early years provision",
    "Sixth form provision",
)
#: Ofsted prints the four grades of the old framework as numbers.
GRADES = {"1": "Outstanding", "2": "Good", "3": "Requires improvement", "4": "Inadequate"}
CATEGORIES = {"sm": "Special measures", "swk": "Serious weaknesses", "sw": "Serious weaknesses"}
#: What Ofsted prints where an inspection was of another URN. ``NULL`` says nothing either way.
ELSEWHERE = ("no", "n", "false")
NOTHING = {"", "null", "9", "0", "not judged", "none", "not applicable", "n/a", "na", "no", "-"}
SCHEMA = {
    "school": pl.Int64,
    "urn": pl.Int64,
    "framework": pl.String,
    "date": pl.Date,
    "published": pl.Date,
    "grades": pl.String,
    "category": pl.String,
    "safeguarding": pl.String,
    "outcome": pl.String,
    "this_urn": pl.Boolean,
    "release": pl.String,
    "row": pl.Int64,
    "area_dates": pl.String,
}
_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d", "%Y%m%d", "%d %B %Y", "%d-%b-%Y")


@dataclass(frozen=True, slots=True)
class Block:
    """Where one of the inspections of a row stands: normalised column names, the first that is
    there counts. ``prefix`` stands before the names of judgements."""

    start: tuple[str, ...]
    published: tuple[str, ...]
    urn: tuple[str, ...]
    relates: tuple[str, ...]
    prefix: str = ""
    outcome: tuple[str, ...] = ()


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
    area_dates: Mapping[str, str] = field(default_factory=dict)


BLOCKS = (
    Block(
        ("Inspection start date",),
        ("Publication date",),
        ("URN at time of latest full inspection", "URN at time of inspection"),
        ("Does the latest full inspection relate to the URN of the current school?",),
    ),
    Block(
        (
            "Inspection start date of latest OEIF graded inspection",
            "Latest OEIF inspection start date",
        ),
        ("Publication date of latest OEIF graded inspection", "Latest OEIF publication date"),
        ("URN at time of latest OEIF graded inspection",),
        ("Does the latest OEIF graded inspection relate to the URN of the current school?",),
        prefix="Latest OEIF ",
    ),
    Block(
        ("Previous inspection start date",),
        ("Previous publication date",),
        ("URN at time of previous full inspection",),
        ("Does the previous full inspection relate to the URN of the current school?",),
        prefix="Previous ",
    ),
    Block(
        ("Date of latest ungraded inspection",),
        ("Ungraded inspection publication date",),
        ("URN at time of the ungraded inspection",),
        ("Does the ungraded inspection relate to the URN of the current school?",),
        outcome=("Ungraded inspection overall outcome",),
    ),
    Block(
        ("Date of latest section 8 inspection",),
        ("Section 8 inspection publication date",),
        ("URN at time of the section 8 inspection",),
        ("Does the section 8 inspection relate to the URN of the current school?",),
        outcome=("Section 8 inspection overall outcome",),
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


Row = tuple[object, ...]


def inspections(
    tables: list[Table], school_of: Mapping[int, int], newest_urn: list[int]
) -> pl.DataFrame:
    """All inspections, one row each in the columns of ``SCHEMA``, by school and then newest first.

    ``school_of`` gives the position of the school by any URN of its chain, ``newest_urn`` the
    newest URN by position.
    """
    kept: dict[tuple[int, date, Framework], Row] = {}
    ranked = sorted(
        (t for t in tables if t.card.kind in ("ofsted_history", "ofsted_mi")),
        key=lambda t: (t.card.kind == "ofsted_mi", t.card.as_at or date(1900, 1, 1)),
    )
    for table in ranked:
        read = _history if table.card.kind == "ofsted_history" else _monthly
        for school, urn, this_urn, row, found in read(table, school_of, newest_urn):
            kept[(school, found.day, found.framework)] = (
                school,
                urn,
                found.framework.value,
                found.day,
                found.published,
                json.dumps(found.grades, ensure_ascii=False),
                found.category,
                found.safeguarding,
                found.outcome,
                this_urn,
                table.card.id,
                row,
                json.dumps(found.area_dates),
            )
    frame = pl.DataFrame(list(kept.values()), schema=SCHEMA, orient="row")
    return frame.sort(["school", "date", "framework"], descending=[False, True, False])


def _history(
    table: Table, school_of: Mapping[int, int], newest_urn: list[int]
) -> Iterator[tuple[int, int, bool, int, Found]]:
    text = table.text("Rating", "Inspection Date")
    rows = zip(table.urn.tolist(), table.row.tolist(), *text.get_columns(), strict=True)
    for urn, row, rating, when in rows:
        school = school_of.get(urn)
        if school is None:
            continue
        day, grade = read_date(when), _grade(rating)
        if day is not None and grade is not None:
            found = Found(Framework.OVERALL, day, grades={OVERALL_AREA: grade})
            yield school, urn, urn == newest_urn[school], row, found


def _monthly(
    table: Table, school_of: Mapping[int, int], newest_urn: list[int]
) -> Iterator[tuple[int, int, bool, int, Found]]:
    names = {normal(name): name for name in reversed(table.card.columns)}
    blocks = [b for b in BLOCKS if any(normal(name) in names for name in b.start)]
    frame = table.store.frame(table.card.id, list(names.values())).select(
        pl.col(published).alias(ours) for ours, published in names.items()
    )
    rows = zip(table.urn.tolist(), table.row.tolist(), frame.iter_rows(named=True), strict=True)
    for urn, row, cells in rows:
        school = school_of.get(urn)
        if school is None:
            continue
        for block in blocks:
            found = _read_block(block, cells)
            if found is not None:
                at = _first(cells, block.urn)
                elsewhere = (_first(cells, block.relates) or "").casefold() in ELSEWHERE
                own = int(at) if at and at.isdigit() else urn
                yield school, own, not elsewhere and own == newest_urn[school], row, found


def _read_block(block: Block, cells: Mapping[str, str | None]) -> Found | None:
    """What a row says of one of its inspections; ``None`` where it says nothing."""
    day = read_date(_first(cells, block.start))
    if day is None:
        return None
    published = read_date(_first(cells, block.published))
    if block.outcome:
        outcome = _words(_first(cells, block.outcome))
        return Found(Framework.UNGRADED, day, published, outcome=outcome or "")
    category = _category(_first(cells, (block.prefix + "Category of concern",)))
    if not block.prefix and (card := _report_card(cells, day, published, category)):
        return card
    grades = {
        area: grade for area in JUDGEMENTS if (grade := _grade(_area(cells, block.prefix + area)))
    }
    safe = _first(cells, (block.prefix + "safeguarding is effective?",))
    safe = safe if (safe or "").casefold() in ("yes", "no") else None
    overall = _grade(
        _first(
            cells,
            (block.prefix + OVERALL_AREA, block.prefix + "full inspection " + OVERALL_AREA),
        )
    )
    if overall:
        whole = {OVERALL_AREA: overall} | grades
        return Found(Framework.OVERALL, day, published, whole, category, safe)
    if grades:
        return Found(Framework.KEY_JUDGEMENTS, day, published, grades, category, safe)
    return None


def _report_card(
    cells: Mapping[str, str | None], day: date, published: date | None, category: str | None
) -> Found | None:
    grades = {area: grade for area in AREAS if (grade := _words(_area(cells, area)))}
    safeguarding = _words(_first(cells, ("Safeguarding standards",)))
    if not grades and not safeguarding:
        return None
    dates = {
        area: when.isoformat()
        for area in (*AREAS, "Safeguarding standards")
        if (when := read_date(_first(cells, (f"{area} - date of grade",))))
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


def _first(cells: Mapping[str, str | None], names: tuple[str, ...]) -> str | None:
    for name in names:
        text = (cells.get(normal(name)) or "").strip()
        if text:
            return text
    return None


def _area(cells: Mapping[str, str | None], area: str) -> str | None:
    """An area's cell under its plain name, with ``(where applicable)``, or ``well-being``
    (``normal`` takes the hyphen out)."""
    return _first(cells, (area, f"{area} (where applicable)"))


def _words(text: str | None) -> str | None:
    return None if text is None or text.casefold() in NOTHING else text


def _grade(text: str | None) -> str | None:
    bare = (text or "").strip()
    if bare in GRADES:
        return GRADES[bare]
    return None if bare.casefold() in NOTHING else bare.capitalize()


def _category(text: str | None) -> str | None:
    bare = (text or "").strip()
    if bare.casefold() in NOTHING or bare.casefold().startswith("not in"):
        return None
    return CATEGORIES.get(bare.casefold(), bare)
