"""Inspections in lanes, one lane for each framework, on one line of time.

Grades of different frameworks say different things, so there is a visible break between the lanes
and no line ever joins two grades.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bridgehead.web import words
from bridgehead.web.charts import svg

_ROW, _HEAD, _BREAK = 24, 24, 18


@dataclass(frozen=True, slots=True)
class Event:
    """One inspection: its date and its outcome as printed. ``this_school`` is False where it
    belongs to a predecessor, whose mark is hollow."""

    when: date
    words: str
    this_school: bool = True


@dataclass(frozen=True, slots=True)
class Lane:
    """One framework and what was inspected under it."""

    name: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Lanes:
    """All inspections of a school; lanes are drawn from top to bottom in the order given."""

    title: str
    lanes: tuple[Lane, ...]
    missing: str = "No inspection of this school has been loaded."
    key: str = ""


def draw(data: Lanes, width: int = svg.WIDE) -> str:
    """The lanes as SVG."""
    lanes = [lane for lane in data.lanes if lane.events]
    if not lanes:
        return svg.no_figures(data.title, data.missing, width=width, key=data.key)
    dates = [_decimal(e.when) for lane in lanes for e in lane.events]
    first, last = int(min(dates)), int(max(dates)) + 1
    across = svg.Scale(first, last, 18, width - 18)
    parts: list[str] = []
    y = 4.0
    for i, lane in enumerate(lanes):
        if i:
            y += _BREAK / 2
            parts.append(svg.line(0, y, width, y, stroke=svg.QUIET, dash="1 5", width=1.5))
            y += _BREAK / 2
        parts.append(svg.text(0, y + 14, lane.name, bold=True, size=13))
        y += _HEAD
        depth = _ROW * len(lane.events)
        parts.append(svg.rect(0, y, width, depth, fill=svg.WASH, css="bh-wash"))
        for year in range(first, last + 1):
            x = across(year)
            parts.append(svg.line(x, y, x, y + depth, stroke="#dbe1e4", css="bh-grid"))
        for row, event in enumerate(sorted(lane.events, key=lambda e: e.when)):
            parts += _event(event, across, y + _ROW * row + _ROW / 2, width)
        y += depth
    parts += _axis(first, last, across, y)
    return svg.frame(
        parts, width=width, height=y + 24, title=data.title, desc=described(lanes), key=data.key
    )


def described(lanes: Sequence[Lane]) -> str:
    """The inspections in words, lane by lane."""
    return " ".join(
        f"{lane.name}: "
        + "; ".join(
            f"{words.day(e.when)}, {e.words}{'' if e.this_school else ' (predecessor school)'}"
            for e in sorted(lane.events, key=lambda e: e.when)
        )
        + "."
        for lane in lanes
    )


def _event(event: Event, across: svg.Scale, y: float, width: float) -> Iterator[str]:
    x = across(_decimal(event.when))
    label = f"{event.words}, {event.when:%b %Y}"
    yield svg.dot(
        x,
        y,
        5,
        fill=svg.ACCENT if event.this_school else "#fff",
        stroke=svg.ACCENT,
        css="bh-own bh-own-line" if event.this_school else "bh-own-line",
        title=f"{words.day(event.when)}: {event.words}",
    )
    needed = svg.text_width(label, 13) + 12
    if x + needed <= width or x < needed:
        kept = _fitted(label, event.words, width - x - 12)
        yield svg.text(x + 10, y + 4.5, kept, size=13)
    else:
        yield svg.text(x - 10, y + 4.5, label, size=13, anchor="end")


def _fitted(label: str, short: str, room: float) -> str:
    """The label, or without its date where there is no room for it (the desc has it)."""
    return label if svg.text_width(label, 13) <= room else short


def _axis(first: int, last: int, across: svg.Scale, y: float) -> Iterator[str]:
    room = across(first + 1) - across(first)
    every = next(k for k in (1, 2, 5, 10, 20) if room * k >= 42 or k == 20)
    for year in range(last, first - 1, -every):
        yield svg.text(across(year), y + 18, str(year), anchor="middle", fill=svg.QUIET)


def _decimal(when: date) -> float:
    return when.year + (when.timetuple().tm_yday - 1) / 366
