"""Which year, status and date a file is of: from its name, from what was said, or from its rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from bridgehead.core.errors import Refused
from bridgehead.core.years import label
from bridgehead.core.years import year_of as year_of_day
from bridgehead.opendata import naming
from bridgehead.opendata.kind import Kind

_DATE_FORMATS = ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d", "%Y%m%d", "%d %B %Y", "%d %b %Y")


@dataclass(frozen=True, slots=True)
class Told:
    """What the person said of the files in this call; a file's own name may say it too."""

    year: int | None = None
    status: str | None = None
    as_at: date | None = None


def year_of(path: Path, kind: Kind, told: Told) -> int | None:
    """The academic year; ``None`` for registers. Raises ``Refused`` when nobody says it, or when
    the name and the person say different things."""
    if not kind.timed_by_year:
        return None
    named = naming.year_in(path)
    if named is not None and told.year is not None and named != told.year:
        raise Refused(
            f"The file's name says {label(named)}, but --year says {label(told.year)}.",
            "Rename the file or leave --year out.",
        )
    year = named if named is not None else told.year
    if year is None:
        raise Refused(
            "The file does not say its academic year, and its name does not either.",
            "Name it like 2018-2019_england_ks2final.csv, or load it with --year 2018-19.",
        )
    return year


def status_of(path: Path, kind: Kind, told: Told) -> str:
    """``final``, ``revised`` or ``provisional``. Raises ``Refused`` as ``year_of`` does."""
    if len(kind.statuses) == 1:
        return kind.statuses[0]
    named = naming.status_in(path)
    if named is not None and told.status is not None and named != told.status:
        raise Refused(
            f"The file's name says {named}, but --status says {told.status}.",
            "Rename the file or leave --status out.",
        )
    status = named or told.status
    if status is None:
        raise Refused(
            "The file does not say whether it is provisional, revised or final, nor does its name.",
            "Name it like 2018-2019_england_ks2final.csv, or load it with --status final.",
        )
    return status


def status_of_rows(path: Path, kind: Kind, told: Told, said: str | None) -> tuple[str, str | None]:
    """The status of a year of a tidy file, whose rows mostly say it, and a note where nothing does.
    Raises ``Refused`` where the rows and the person say different things."""
    if said is not None:
        if told.status is not None and told.status != said and len(kind.statuses) > 1:
            raise Refused(
                f"The rows say {said}, but --status says {told.status}.", "Leave --status out."
            )
        return said, None
    if len(kind.statuses) == 1:
        return kind.statuses[0], None
    if known := naming.status_in(path) or told.status:
        return known, None
    return "final", "nothing says whether it is provisional, revised or final: taken as final"


def check_told(told: Told, years: Iterable[int | None]) -> None:
    """Refuse a ``--year`` of which no row of a tidy file speaks."""
    found = sorted({year for year in years if year is not None})
    if told.year is not None and told.year not in found:
        raise Refused(
            f"The rows are of {', '.join(label(y) for y in found)}, but --year says "
            f"{label(told.year)}.",
            "Leave --year out: the rows of this kind say their year.",
        )


def check_begun(year: int | None, *, today: date) -> None:
    """Refuse figures of a year that lies ahead; one year is allowed for a clock that is behind."""
    if year is not None and year > year_of_day(today) + 1:
        raise Refused(
            f"The figures are said to be of {label(year)}, a year that has not begun.",
            "Correct the year in the rows, in the file's name or in --year.",
        )


def as_at_of(
    path: Path, kind: Kind, told: Told, frame: pl.DataFrame, *, today: date
) -> tuple[date | None, str | None]:
    """The date that a register speaks of, and where it was taken from; nothing for a file of a
    year. What the person says goes before the name, and the name before the rows, where planned
    dates after ``today`` do not count."""
    if kind.timed_by_year:
        return None, None
    if told.as_at is not None:
        return told.as_at, "--as-at"
    if (named := naming.date_in(path)) is not None:
        return named, "the file's name"
    for wanted in kind.dates:
        column = kind.find(frame.columns, (wanted,))
        if column is None:
            continue
        found = dates(frame[column])
        latest = found.filter(found <= today).max()
        if isinstance(latest, date):
            return latest, f"the latest date in {column}"
    return None, None


def dates(text: pl.Series) -> pl.Series:
    """Read a column of dates in any of the published forms; null where there is none."""
    bare = text.str.strip_chars().str.replace(r"[ T]00:00(:00)?$", "")
    frame = pl.DataFrame({"text": bare})
    forms = [pl.col("text").str.to_date(form, strict=False) for form in _DATE_FORMATS]
    return frame.select(pl.coalesce(forms).alias("date"))["date"]
