"""Where each figure of a school comes from, down to the cell in the file."""

from collections.abc import Iterator
from dataclasses import dataclass

from bridgehead.desk.queries.figures import shown
from bridgehead.picture.model import SchoolPicture


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
