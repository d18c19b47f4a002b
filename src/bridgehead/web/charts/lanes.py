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
        events = [_placed(e, across, width) for e in sorted(lane.events, key=lambda e: e.when)]
        depth = sum(event.height for event in events)
        parts.append(svg.rect(0, y, width, depth, fill=svg.WASH, css="bh-wash"))
        for year in range(first, last + 1):
            x = across(year)
            parts.append(svg.line(x, y, x, y + depth, stroke="#dbe1e4", css="bh-grid"))
        top = y
        for event in events:
            parts += _drawn(event, top)
            top += event.height
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


@dataclass(frozen=True, slots=True)
class _Placed:
    """An event with its words where there is room: right of its mark, left of it, or below."""

    event: Event
    x: float
    rows: tuple[str, ...]
    at: float
    anchor: str
    below: bool

    @property
    def height(self) -> float:
        return _ROW + (16 * len(self.rows) + 2 if self.below else 0)


def _placed(event: Event, across: svg.Scale, width: float) -> _Placed:
    x = across(_decimal(event.when))
    label = f"{event.words}, {event.when:%b %Y}{'' if event.this_school else ' (predecessor)'}"
    needed = svg.text_width(label, 13) + 12
    if x + needed <= width:
        return _Placed(event, x, (label,), x + 10, "start", below=False)
    if needed <= x:
        return _Placed(event, x, (label,), x - 10, "end", below=False)
    rows = tuple(svg.wrapped(label, width - 16, 13))
    right = x > width / 2
    return _Placed(event, x, rows, width - 8 if right else 8, "end" if right else "start", True)


def _drawn(placed: _Placed, top: float) -> Iterator[str]:
    event, middle = placed.event, top + _ROW / 2
    yield svg.dot(
        placed.x,
        middle,
        5,
        fill=svg.ACCENT if event.this_school else "#fff",
        stroke=svg.ACCENT,
        css="bh-own bh-own-line" if event.this_school else "bh-own-line",
        title=f"{words.day(event.when)}: {event.words}",
    )
    start = middle + (20 if placed.below else 4.5)
    for i, row in enumerate(placed.rows):
        yield svg.text(placed.at, start + 16 * i, row, size=13, anchor=placed.anchor)


def _axis(first: int, last: int, across: svg.Scale, y: float) -> Iterator[str]:
    room = across(first + 1) - across(first)
    every = next(k for k in (1, 2, 5, 10, 20) if room * k >= 42 or k == 20)
    for year in range(last, first - 1, -every):
        yield svg.text(across(year), y + 18, str(year), anchor="middle", fill=svg.QUIET)


def _decimal(when: date) -> float:
    return when.year + (when.timetuple().tm_yday - 1) / 366
