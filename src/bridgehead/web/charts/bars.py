"""Counts as bars made of labelled parts: what ``stock`` and ``counts`` are drawn with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridgehead.web.charts import svg

_BAR, _ROW = 20, 26
#: Labels stand above their bars where they would take more of the width than this.
_MOST_LABEL = 0.42


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing that is counted, and its colour."""

    label: str
    colour: str


@dataclass(frozen=True, slots=True)
class Row:
    """One bar: as many counts as there are parts."""

    label: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All that the bar holds."""
        return sum(self.counts)


def legend(parts: Sequence[Part], y: float, width: float) -> tuple[list[str], float]:
    """A swatch and a name for each part, in as many lines as they need; and the next free y."""
    drawn, x = [], 0.0
    for part in parts:
        needed = 18 + svg.text_width(part.label, 13) + 14
        if x and x + needed > width + 14:
            x, y = 0.0, y + 20
        drawn.append(_segment(part, x, y, width=12, height=12))
        drawn.append(svg.text(x + 18, y + 11, part.label, size=13))
        x += needed
    return drawn, y + 26


def stacked(
    rows: Sequence[Row], parts: Sequence[Part], y: float, width: float, most: int | None
) -> tuple[list[str], float]:
    """The bars one below the other, ``most`` being what the full width stands for; without it each
    bar has the full width, and its parts are shares of it."""
    room = max(svg.text_width(row.label, 13) for row in rows) + 12
    beside = room <= _MOST_LABEL * width
    room = room if beside else 0
    right = max(svg.text_width(f"{most or row.total:,}", 13) for row in rows) + 10
    drawn = []
    for row in rows:
        if beside:
            drawn.append(svg.text(0, y + 14.5, row.label, size=13))
        else:
            drawn.append(svg.text(0, y + 13, row.label, size=13))
            y += 18
        across = svg.Scale(0, most or row.total, room, width - right)
        drawn += _bar(row, parts, across, y)
        end = across(row.total)
        drawn.append(svg.text(end + 7, y + 14.5, f"{row.total:,}", size=13, fill=svg.QUIET))
        y += _ROW
    return drawn, y


def _bar(row: Row, parts: Sequence[Part], across: svg.Scale, y: float) -> Iterator[str]:
    before = 0
    for part, count in zip(parts, row.counts, strict=True):
        if not count:
            continue
        x, end = across(before), across(before + count)
        title = f"{row.label}, {part.label}: {count:,}"
        yield _segment(part, x, y, width=max(end - x, 1.5), height=_BAR, title=title)
        label = f"{count:,}"
        if svg.text_width(label) + 6 <= end - x:
            fill = svg.on(part.colour)
            yield svg.text(
                (x + end) / 2, y + 14.5, label, anchor="middle", fill=fill, css="bh-part-label"
            )
        before += count


def _segment(
    part: Part, x: float, y: float, *, width: float, height: float, title: str = ""
) -> str:
    """A part's rectangle, set off from its neighbours by its edge."""
    edge = svg.QUIET if part.colour == "#ffffff" else "#ffffff"
    drawn = svg.rect(x, y, width, height, fill=part.colour, css="bh-part", title=title)
    return drawn.replace("<rect ", f'<rect stroke="{edge}" stroke-width="1" ', 1)


def described(rows: Sequence[Row], parts: Sequence[Part]) -> str:
    """The counts in words."""
    said = []
    for row in rows:
        counts = ", ".join(
            f"{part.label} {count:,}"
            for part, count in zip(parts, row.counts, strict=True)
            if count
        )
        said.append(f"{row.label}: {counts or 'none'}.")
    return " ".join(said)
