"""The dial: where a school lies among others, as a dot on a strip of tenths.

Everything is placed by rank with better to the right, so that no reader has to remember whether a
high figure is good.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from bridgehead.web.charts import svg

WIDTH = 290
_LEFT, _RIGHT, _TOP, _DEEP = 8, 282, 18, 13


@dataclass(frozen=True, slots=True)
class Strip:
    """One dial. Places run 0 to 100 by rank with better at 100; ``None`` where not known.

    ``low`` and ``high`` are the places of the interval's ends, in either order. ``missing`` says
    in words why there is no dot.
    """

    title: str
    place: float | None
    low: float | None = None
    high: float | None = None
    england: float | None = None
    england_label: str = ""
    similar: float | None = None
    similar_label: str = ""
    missing: str = "No place is known."
    key: str = ""


def place(value: float, ordered: Sequence[float], *, high_is_better: bool) -> float:
    """The place of a value among ascending values: how many in a hundred are worse, ties halved."""
    if not len(ordered):
        raise ValueError("there is nothing to be placed among")
    below = (bisect_left(ordered, value) + bisect_right(ordered, value)) / 2
    rank = 100 * below / len(ordered)
    return rank if high_is_better else 100 - rank


def draw(data: Strip, width: int = WIDTH) -> str:
    """The strip as SVG; 290 pixels wide fits a phone and a table's column alike."""
    if data.place is None and data.england is None and data.similar is None:
        return svg.no_figures(data.title, data.missing, width=width, key=data.key)
    across = svg.Scale(0, 100, _LEFT, _RIGHT)
    middle = _TOP + _DEEP / 2
    tenth = (_RIGHT - _LEFT) / 10
    parts = [
        svg.rect(
            _LEFT + i * tenth,
            _TOP,
            tenth,
            _DEEP,
            fill="#dfe5e7" if i % 2 else "#edf1f2",
            css="bh-wash",
        )
        for i in range(10)
    ]
    if data.england is not None:
        x = across(_clamp(data.england))
        parts.append(svg.line(x, _TOP - 4, x, _TOP + _DEEP + 4, width=2))
        if data.england_label:
            half = svg.text_width(data.england_label) / 2
            at = min(max(x, half), width - half)
            parts.append(svg.text(at, 11, data.england_label, anchor="middle"))
    if data.similar is not None:
        x = across(_clamp(data.similar))
        y = _TOP + _DEEP + 3
        parts.append(
            f'<path d="M{svg.n(x)} {y}l5.5 9h-11z" fill="#fff" stroke="{svg.BLUE}"'
            ' stroke-width="1.6" class="bh-similar"/>'
        )
    if data.low is not None and data.high is not None:
        parts.append(
            svg.line(
                across(_clamp(data.low)),
                middle,
                across(_clamp(data.high)),
                middle,
                stroke=svg.ACCENT,
                width=3,
                css="bh-own-line",
            )
        )
    if data.place is not None:
        parts.append(
            svg.dot(
                across(_clamp(data.place)),
                middle,
                6.5,
                fill=svg.ACCENT,
                stroke="#fff",
                width=1.5,
                css="bh-own bh-mark",
            )
        )
    return svg.frame(
        parts, width=width, height=46, title=data.title, desc=described(data), key=data.key
    )


def described(data: Strip) -> str:
    """The dial in words, for those who do not see it."""
    said = []
    if data.place is None:
        said.append(data.missing)
    else:
        said.append(f"Better than {_hundredths(data.place)} of schools")
        if data.low is not None and data.high is not None:
            low, high = sorted((data.low, data.high))
            said[-1] += f", very likely between {_hundredths(low)} and {_hundredths(high)}"
        said[-1] += "."
    if data.england is not None:
        label = data.england_label or "England"
        said.append(f"{label} stands at {_hundredths(data.england)}.")
    if data.similar is not None:
        label = data.similar_label or "Similar schools"
        said.append(f"{label}: {_hundredths(data.similar)}.")
    return " ".join(said)


def _clamp(value: float) -> float:
    return min(100.0, max(0.0, value))


def _hundredths(value: float) -> str:
    return f"{_clamp(value):.0f}%"
