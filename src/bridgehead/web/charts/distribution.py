"""Where a school lies among all the others: how many schools have which figure."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bridgehead.web import words
from bridgehead.web.charts import svg


@dataclass(frozen=True, slots=True)
class Distribution:
    """The figures of all schools (any order, no gaps), and the one that is looked at."""

    title: str
    values: Sequence[float]
    unit: str
    decimals: int = 0
    own: float | None = None
    own_label: str = "This school"
    england: float | None = None
    missing: str = "The figures of other schools have not been loaded."
    key: str = ""


def draw(data: Distribution, width: int = svg.WIDE) -> str:
    """A histogram with the school's line and England's."""
    values = sorted(float(v) for v in data.values)
    if not values:
        return svg.no_figures(data.title, data.missing, width=width, key=data.key)
    marked = [v for v in (data.own, data.england) if v is not None]
    grid = svg.steps(min([*values, *marked]), max([*values, *marked]), 6 if width >= 480 else 4)
    low, high = grid[0], grid[-1]
    bins = 30 if width >= 480 else 20
    edges = [low + (high - low) * i / bins for i in range(1, bins + 1)]
    reached = [0, *(bisect_right(values, edge) for edge in edges[:-1]), len(values)]
    counts = [b - a for a, b in pairwise(reached)]
    across = svg.Scale(low, high, 10, width - 10)
    floor, top = 176.0, 46.0
    each = (across.end - across.start) / bins
    parts = [
        svg.rect(
            across.start + i * each,
            floor - (floor - top) * count / max(counts),
            each - 1,
            (floor - top) * count / max(counts),
            fill="#b9c4c9",
            css="bh-wash",
            title=f"{words.counted(count, 'school')} up to {words.number(edges[i], 1)}",
        )
        for i, count in enumerate(counts)
        if count
    ]
    parts.append(svg.line(across.start, floor, across.end, floor, stroke=svg.QUIET))
    for value in grid:
        label = words.figure(value, data.unit if data.unit == "percent" else "", _decimals(grid))
        x = min(max(across(value), svg.text_width(label) / 2), width - svg.text_width(label) / 2)
        parts.append(svg.text(x, floor + 17, label, anchor="middle", fill=svg.QUIET))
    if data.england is not None:
        parts += _flag(data, across, data.england, "England", 32, own=False, floor=floor)
    if data.own is not None:
        parts += _flag(data, across, data.own, data.own_label, 14, own=True, floor=floor)
    return svg.frame(
        parts, width=width, height=floor + 24, title=data.title, desc=described(data), key=data.key
    )


def described(data: Distribution) -> str:
    """The spread in words: the middle half, the school, England."""
    values = sorted(data.values)
    quarter, three = values[len(values) // 4], values[(3 * len(values)) // 4]

    def say(value: float) -> str:
        return words.figure(value, data.unit, data.decimals)

    said = (
        f"{words.counted(len(values), 'school')}; half lie between {say(quarter)} and {say(three)}."
    )
    if data.own is not None:
        said += f" {data.own_label}: {say(data.own)}."
    if data.england is not None:
        said += f" England: {say(data.england)}."
    return said


def _decimals(grid: Sequence[float]) -> int:
    return 0 if all(float(g).is_integer() for g in grid) else 1


def _flag(
    data: Distribution,
    across: svg.Scale,
    value: float,
    name: str,
    y: float,
    *,
    own: bool,
    floor: float,
) -> list[str]:
    """A line with its name and figure at the top."""
    x = across(value)
    label = f"{name} {words.figure(value, data.unit, data.decimals)}"
    half = svg.text_width(label, 13) / 2
    at = min(max(x, half), across.end + 10 - half)
    return [
        svg.line(
            x,
            y + 5,
            x,
            floor,
            stroke=svg.ACCENT if own else svg.INK,
            width=3 if own else 1.6,
            dash="" if own else "4 3",
            css="bh-own-line" if own else "bh-ink-line",
        ),
        svg.text(
            at,
            y,
            label,
            anchor="middle",
            size=13,
            bold=own,
            fill=svg.ACCENT if own else svg.INK,
            css="bh-own" if own else "",
        ),
    ]
