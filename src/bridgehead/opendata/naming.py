"""What a file's name says: academic year, status, as-at date."""

import re
from datetime import date
from pathlib import Path

from bridgehead.core.years import parse_year

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_/]?((?:19|20)?\d\d)(?!\d)(?!-\d)")
_STATUS = (
    ("provisional", re.compile(r"prov(?:isional)?(?![a-z])")),
    ("provisional", re.compile(r"unamended")),
    ("revised", re.compile(r"revised|(?<![a-z])rev(?![a-z])")),
    ("final", re.compile(r"final")),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[-_. ]([a-z]{3,9}|\d{1,2})[-_. ](20\d\d)(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")


def year_in(path: Path) -> int | None:
    """The academic year in the file's name, else in its folder's (``2018-2019/ks2final.csv``)."""
    for name in (path.stem, path.parent.name):
        years = set()
        for match in _YEAR.finditer(name):
            try:
                years.add(parse_year(f"{match[1]}-{match[2]}"))
            except ValueError:
                continue
        if len(years) == 1:
            return years.pop()
    return None


def status_in(path: Path) -> str | None:
    """``final``, ``revised`` or ``provisional`` where the name says so."""
    name = path.stem.casefold()
    return next((status for status, pattern in _STATUS if pattern.search(name)), None)


def date_in(path: Path) -> date | None:
    """A full date in the name: ``20240430``, ``2024-04-30``, ``30-04-2024``, ``30_Apr_2024``."""
    name = path.stem.casefold()
    for match in _YEAR_FIRST.finditer(name):
        if found := _date(match[1], match[2], match[3]):
            return found
    for match in _DAY_FIRST.finditer(name):
        if found := _date(match[3], match[2], match[1]):
            return found
    return None


def _date(year: str, month: str, day: str) -> date | None:
    if not month.isdigit():
        if month[:3] not in _MONTHS:
            return None
        month = str(_MONTHS.index(month[:3]) + 1)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def synthetic_in(path: Path) -> bool:
    """Whether the name says that the file is made up."""
    return "synthetic" in path.name.casefold()
