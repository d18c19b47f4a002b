"""How figures, places and dates are said on a page. Pure Python."""

import math
import re
from collections.abc import Sequence
from datetime import date

from bridgehead.measures.wording import bare

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
#: After a letter or a figure; an opening quotation mark stands after a space.
_APOSTROPHE = re.compile(r"(?<=\w)'")
_UNITS = {"percent": "%", "points": " points", "score": "", "pupils": ""}


def number(value: float | None, decimals: int = 0) -> str:
    """``-4.25, 1`` → ``−4.3`` with a true minus and commas; an em dash for nothing.

    Halves are rounded away from zero, as published tables do; a figure that rounds to zero has no
    sign.
    """
    if value is None or not math.isfinite(value):
        return "—"
    return bare(value, decimals)


def signed(value: float | None, decimals: int = 0) -> str:
    """As ``number``, with a plus before what is above zero."""
    text = number(value, decimals)
    return f"+{text}" if value is not None and value > 0 and text.strip("0.,") else text


def figure(value: float | None, unit: str, decimals: int = 0) -> str:
    """A figure with its unit (``percent``, ``points``, ``score`` or ``pupils``): ``68%``."""
    text = number(value, decimals)
    return text if text == "—" else text + _UNITS.get(unit, f" {unit}")


def percent(probability: float | None) -> str:
    """A probability or share from 0 to 1 as ``72%``; never 0% or 100%, which nothing is."""
    if probability is None:
        return "—"
    whole = math.floor(probability * 100 + 0.5)
    if whole <= 0:
        return "under 1%"
    return "over 99%" if whole >= 100 else f"{whole}%"


def place(rank: float | None, among: str = "similar schools", *, high: str = "higher") -> str:
    """A rank of 0 to 100 among others in words: ``higher than in eight of ten similar schools``.

    ``rank`` says how many in a hundred lie below. In the middle fifth it is "in the middle of".
    """
    if rank is None:
        return f"place among {among} not known"
    tenths = min(10, max(0, math.floor(rank / 10 + 0.5)))
    if tenths == 5:
        return f"in the middle of {among}"
    low = {"higher": "lower", "better": "worse", "worse": "better", "lower": "higher"}[high]
    word, count = (high, tenths) if tenths > 5 else (low, 10 - tenths)
    if count == 10:
        return f"{word} than in nearly all {among}"
    return f"{word} than in {_SMALL[count]} of ten {among}"


def day(value: date | None) -> str:
    """``6 February 2027``."""
    return "" if value is None else f"{value.day} {value:%B %Y}"


def named(text: str) -> str:
    """A name as people write it: registers print many in capitals, which are tiring to read, and
    the phase 16 to 18 with a hyphen."""
    return text.title() if text.isupper() else text.replace("16-18", "16 to 18")


def within(text: str) -> str:
    """A heading inside a sentence: ``Girls`` → ``girls``; names and ``EAL`` stay."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def typeset(text: str) -> str:
    """Text for a page: an apostrophe within or after a word is curved. Sources and the terminal
    keep the plain one."""
    return _APOSTROPHE.sub("’", text)


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def counted(count: int, one: str, many: str = "") -> str:
    """``1 school``, ``34 schools``, ``no schools``."""
    noun = one if count == 1 else many or f"{one}s"
    return f"{count:,} {noun}" if count else f"no {noun}"
