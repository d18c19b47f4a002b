"""Where each figure of a school comes from, down to the cell in the file."""

from collections.abc import Iterator
from dataclasses import dataclass

from bridgehead.desk.queries.figures import shown
from bridgehead.desk.queries.school import STAGES
from bridgehead.picture.model import SchoolPicture


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one figure of one year comes from, down to row, column and raw text."""

    key: str
    stage: str
    title: str
    group: str
    value: str
    reason: str
    raw: str
    release: str
    row: int | None
    column: str
    status: str


def years_held(pictured: SchoolPicture) -> tuple[int, ...]:
    """Every year of which the picture says something about the school, newest first."""
    years = {p.year for s in pictured.series.values() for p in s.points if p.release}
    return tuple(sorted(years, reverse=True))


def by_stage(pictured: SchoolPicture, year: int) -> dict[str, tuple[Provenance, ...]]:
    """The same by the title of the stage; stages of which the year has nothing are left out."""
    rows = tuple(provenance(pictured, year))
    found = {title: tuple(r for r in rows if r.stage == key) for key, title in STAGES.items()}
    return {title: of_stage for title, of_stage in found.items() if of_stage}


def provenance(pictured: SchoolPicture, year: int) -> Iterator[Provenance]:
    """Where each figure of one year comes from, in reading order."""
    for one in pictured.series.values():
        point = one.at(year)
        if point is None or not (point.release or point.raw):
            continue
        yield Provenance(
            key=one.key,
            stage=one.measure.stage,
            title=one.measure.title,
            group="" if one.group == "all" else one.measure.groups[one.group].label,
            value=shown(one, point.value),
            reason=point.reason.words if point.reason else "",
            raw=point.raw,
            release=point.release,
            row=point.row,
            column=point.column,
            status=point.status,
        )
