"""Academic years.

An academic year is kept as the integer in which it starts (2018 for September 2018 to August
2019), shown as ``2018/19`` and written ``2018-19`` in addresses and file names.
"""

import re
from datetime import date

_PATTERN = re.compile(r"^\s*(?P<start>(?:19|20)\d\d)\s*[-/_]?\s*(?P<end>(?:19|20)?\d\d)\s*$")


def label(year: int) -> str:
    """``2018`` → ``"2018/19"``: how people read it."""
    return f"{year}/{(year + 1) % 100:02d}"


def slug(year: int) -> str:
    """``2018`` → ``"2018-19"``: how addresses and file names hold it."""
    return f"{year}-{(year + 1) % 100:02d}"


def year_of(day: date) -> int:
    """The academic year that a day falls in; the first is 1 September."""
    return day.year if day.month >= 9 else day.year - 1


def parse_year(text: str) -> int:
    """Read ``2018/19``, ``2018-19``, ``2018-2019`` or ``201819`` as the integer 2018.

    Raises ``ValueError`` in plain words when the text is not an academic year, or when its two
    halves are not one year apart.
    """
    match = _PATTERN.match(text)
    if not match:
        raise ValueError(f"{text!r} is not an academic year; write it like 2018-19")
    start = int(match["start"])
    if int(match["end"]) % 100 != (start + 1) % 100 or (
        len(match["end"]) == 4 and int(match["end"]) != start + 1
    ):
        raise ValueError(f"{text!r} does not span one academic year; write it like 2018-19")
    return start
