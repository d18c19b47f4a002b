"""What to expect of a figure that is not published yet, in a panel of its own beside a series.

Nobody should take it for a figure: it stands apart from the years, no line leads to it, its range
is hatched within a dashed edge, its middle is a diamond and not a dot, and words say what it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from bridgehead.core.years import label
from bridgehead.web import words
from bridgehead.web.charts import svg

#: Between the years and the panel, in pixels.
GAP = 12.0
#: The range is drawn this far from the panel's edge, and this wide.
_INSET, _BROAD = 6.0, 22.0
_ROW = 15.0


@dataclass(frozen=True, slots=True)
class Ahead:
    """The year that is foretold, the middle of its range, and the range that holds 8 in 10.
    ``following`` where it is the year after the newest figure."""

    year: int
    value: float
    low: float
    high: float
    following: bool = True

    @property
    def name(self) -> str:
        """What is drawn, in words."""
        return f"What to expect {'next year' if self.following else f'in {label(self.year)}'}"


def breadth(wide: bool) -> float:
    """How wide the panel is."""
    return 100.0 if wide else 78.0


def rows(ahead: Ahead, wide: bool) -> list[str]:
    """The lines under the panel: the year as on the axis, and what the panel is."""
    return [label(ahead.year)[2:], *svg.wrapped(ahead.name, breadth(wide))]


def described(ahead: Ahead, unit: str, decimals: int) -> str:
    """The panel in words, for those who do not see it."""
    low, high = (words.figure(edge, unit, decimals) for edge in (ahead.low, ahead.high))
    when = f", {label(ahead.year)}" if ahead.following else ""
    return f"{ahead.name}{when}, not published yet: {low} to {high}, 8 chances in 10."


def panel(
    ahead: Ahead, y: svg.Scale, *, left: float, wide: bool, unit: str, decimals: int
) -> Iterator[str]:
    """The panel from ``left``; ``y`` runs from the bottom of the plot to its top."""
    bottom, top = y.start, y.end
    high, low = y(ahead.high), y(ahead.low)
    x = left + _INSET
    yield svg.line(left, top, left, bottom, stroke=svg.QUIET)
    yield f"<g><title>{escape(described(ahead, unit, decimals))}</title>"
    yield (
        f'<path d="M{svg.n(x)} {svg.n(high)}h{svg.n(_BROAD)}V{svg.n(low)}h{svg.n(-_BROAD)}z"'
        f' fill="#fff" stroke="{svg.ACCENT}" stroke-width="1.4" stroke-dasharray="4 3"'
        ' class="bh-ahead"/>'
    )
    yield (
        f'<path d="{_hatched(x, high, _BROAD, low - high)}" fill="none" stroke="{svg.ACCENT}"'
        ' class="bh-own-line"/>'
    )
    middle, at = x + _BROAD / 2, y(ahead.value)
    yield (
        f'<path d="M{svg.n(middle)} {svg.n(at - 6.5)}l6.5 6.5l-6.5 6.5l-6.5 -6.5z" fill="#fff"'
        f' stroke="{svg.ACCENT}" stroke-width="2" class="bh-ahead"/></g>'
    )
    up, down = high + 9, low
    if down - up < _ROW:
        up, down = (high + low) / 2 - 2, (high + low) / 2 + _ROW - 2
    for edge, where in ((ahead.high, up), (ahead.low, down)):
        said = words.figure(edge, unit if unit == "percent" else "", decimals)
        yield svg.text(x + _BROAD + 6, where, said, fill=svg.ACCENT, css="bh-own", halo="#fff")
    for i, row in enumerate(rows(ahead, wide)):
        yield svg.text(left, bottom + 18 + _ROW * i, row)


def _hatched(x: float, y: float, width: float, height: float, every: float = 5.0) -> str:
    """Slanting strokes within a rectangle. A pattern would need an id, of which two charts on one
    page must not share any."""
    strokes = []
    for i in range(1, int((width + height) / every) + 1):
        k = i * every
        start = (x, y + k) if k <= height else (x + k - height, y + height)
        end = (x + k, y) if k <= width else (x + width, y + k - width)
        strokes.append(f"M{svg.n(start[0])} {svg.n(start[1])}L{svg.n(end[0])} {svg.n(end[1])}")
    return "".join(strokes) or f"M{svg.n(x)} {svg.n(y)}h{svg.n(width)}"
