"""What every chart is drawn with: text, numbers, scales and the frame with its text alternative.

Colours are presentation attributes, so that a chart stands alone in a page, a PDF or an e-mail;
classes let the site's style sheet give them the theme's colours. There is no inline style,
which the content security policy would refuse.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from html import escape
from math import ceil, floor, log10

INK = "#0b1f2a"
QUIET = "#4b5b64"
PALE = "#e3e8ea"
WASH = "#f1f4f5"
ACCENT = "#b33d0a"
BAND = "#f6e3da"
BLUE, GREEN, WINE, ORANGE, GREY, VIOLET = (
    "#12436D",
    "#28A197",
    "#801650",
    "#F46A25",
    "#3D3D3D",
    "#A285D1",
)
#: No text on a chart is smaller, at any width.
TEXT = 12
#: The widths at which charts are drawn, in CSS pixels: a phone's, half a page's, a page's column.
NARROW, MIDDLE, WIDE = 290, 480, 640
#: Mean width of a character at 1 px of size in our typeface, for laying out labels.
_ADVANCE = 0.54


def luminance(colour: str) -> float:
    """The relative luminance of ``#rrggbb`` (WCAG 2.2), 0 to 1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.2), 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def on(colour: str) -> str:
    """The colour of text on a colour: white or ink, whichever is read better."""
    return max("#ffffff", INK, key=lambda text: contrast(text, colour))


def n(value: float) -> str:
    """A coordinate with at most one decimal."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def text_width(words: str, size: float = TEXT) -> float:
    """About how many pixels wide a text is."""
    return len(words) * size * _ADVANCE


def text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    fill: str = INK,
    size: float = TEXT,
    bold: bool = False,
    css: str = "",
    halo: str = "",
) -> str:
    """A line of text; ``y`` is its baseline. ``halo`` is the colour that sets it off from lines
    behind it."""
    weight = ' font-weight="700"' if bold else ""
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    edge = f' stroke="{halo}" stroke-width="3" paint-order="stroke"' if halo else ""
    css = f"{css} bh-halo".strip() if halo else css
    classes = f' class="{css}"' if css else ""
    return (
        f'<text x="{n(x)}" y="{n(y)}" font-size="{n(size)}" fill="{fill}"'
        f"{place}{weight}{edge}{classes}>"
        f"{escape(words)}</text>"
    )


def line(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    *,
    stroke: str = INK,
    width: float = 1,
    dash: str = "",
    css: str = "bh-ink-line",
) -> str:
    """A straight line."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="M{n(x1)} {n(y1)}L{n(x2)} {n(y2)}" stroke="{stroke}" stroke-width="{n(width)}"'
        f'{dashes} class="{css}"/>'
    )


def rect(
    x: float, y: float, width: float, height: float, *, fill: str, css: str = "", title: str = ""
) -> str:
    """A filled rectangle; ``title`` is shown on hovering."""
    classes = f' class="{css}"' if css else ""
    inner = f"><title>{escape(title)}</title></rect>" if title else "/>"
    return (
        f'<rect x="{n(x)}" y="{n(y)}" width="{n(max(0, width))}" height="{n(height)}"'
        f' fill="{fill}"{classes}{inner}'
    )


def dot(
    x: float,
    y: float,
    radius: float,
    *,
    fill: str,
    stroke: str = "none",
    width: float = 2,
    css: str = "",
    title: str = "",
) -> str:
    """A circle; ``title`` is shown on hovering."""
    classes = f' class="{css}"' if css else ""
    edge = "" if stroke == "none" else f' stroke="{stroke}" stroke-width="{n(width)}"'
    inner = f"><title>{escape(title)}</title></circle>" if title else "/>"
    return f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(radius)}" fill="{fill}"{edge}{classes}{inner}'


def polyline(
    points: Sequence[tuple[float, float]],
    *,
    stroke: str,
    width: float = 2,
    dash: str = "",
    css: str = "",
) -> str:
    """A line through points."""
    path = "L".join(f"{n(x)} {n(y)}" for x, y in points)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    classes = f' class="{css}"' if css else ""
    return (
        f'<path d="M{path}" fill="none" stroke="{stroke}" stroke-width="{n(width)}"'
        f' stroke-linejoin="round" stroke-linecap="round"{dashes}{classes}/>'
    )


def frame(
    parts: Iterable[str],
    *,
    width: float,
    height: float,
    title: str,
    desc: str,
    key: str = "",
    links: bool = False,
) -> str:
    """The ``svg`` element with its text alternative. ``key`` tells two charts with the same words
    on one page apart. A chart with ``links`` in it is a group, whose parts can be reached."""
    mark = blake2s(f"{key}|{title}|{desc}|{width}".encode(), digest_size=5).hexdigest()
    role = "group" if links else "img"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {n(width)} {n(height)}"'
        f' width="{n(width)}" height="{n(height)}" role="{role}"'
        f' aria-labelledby="t{mark} d{mark}" focusable="false">'
        f'<title id="t{mark}">{escape(title)}</title><desc id="d{mark}">{escape(desc)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def no_figures(title: str, why: str, *, width: float, key: str = "") -> str:
    """An honest empty chart: it says that there is nothing to draw, and why."""
    rows = wrapped(why or "No figures to draw.", width - 24, 13)
    height = 24 + 18 * len(rows)
    body = [rect(0, 0, width, height, fill=WASH, css="bh-wash")]
    body += [text(12, 25 + 18 * i, row, fill=QUIET, size=13) for i, row in enumerate(rows)]
    return frame(body, width=width, height=height, title=title, desc=" ".join(rows), key=key)


def wrapped(words: str, width: float, size: float = TEXT) -> list[str]:
    """Break words into lines that fit a width."""
    lines: list[str] = []
    for word in words.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale from values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low or 1.0
        return self.start + (value - self.low) / span * (self.end - self.start)


def steps(low: float, high: float, most: int = 5) -> list[float]:
    """Round values that cover a range in at most ``most`` equal steps; negatives are welcome.

    A single value gets a step on either side of it.
    """
    if high - low < 1e-9:
        low, high = low - 1, high + 1
    rough = (high - low) / most
    magnitude = 10.0 ** floor(log10(rough))
    step = next(m * magnitude for m in (1, 2, 2.5, 5, 10, 20) if m * magnitude >= rough - 1e-12)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    while last - first > most:
        step *= 2
        first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]
