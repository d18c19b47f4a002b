"""Schools on the ground: dots at their eastings and northings, without anybody's map tiles.

Each dot leads to its school. The dots are for the pointer; the list beside the map is for the
keyboard and the screen reader, which is why the links take no stop of the Tab key.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import hypot

from bridgehead.web.charts import svg

_PAD = 16


@dataclass(frozen=True, slots=True)
class Tone:
    """A kind of dot: its name in the key, its colour and its shape (``circle``, ``square``,
    ``triangle`` or ``diamond``), since colour alone would not be told apart by everybody."""

    label: str
    colour: str = svg.BLUE
    shape: str = "circle"


@dataclass(frozen=True, slots=True)
class Dot:
    """A school: British National Grid metres, its name, where its page is, and which tone."""

    easting: float
    northing: float
    label: str
    href: str = ""
    tone: int = 0
    own: bool = False


@dataclass(frozen=True, slots=True)
class Map:
    """The schools of an area. ``hull`` draws a line round all of them."""

    title: str
    dots: tuple[Dot, ...]
    tones: tuple[Tone, ...] = (Tone("school"),)
    hull: bool = True
    missing: str = "No school here has a place on the map."
    key: str = ""


def draw(data: Map, width: int = svg.WIDE) -> str:
    """The map as SVG, as high as its area is, within reason."""
    if not data.dots:
        return svg.no_figures(data.title, data.missing, width=width, key=data.key)
    east = [d.easting for d in data.dots]
    north = [d.northing for d in data.dots]
    across = max(max(east) - min(east), 4000.0)
    up = max(max(north) - min(north), 1500.0)
    deepest = width * 1.1
    metres = max(across / (width - 2 * _PAD), up / (deepest - 2 * _PAD))
    height = up / metres + 2 * _PAD
    middle = (max(east) + min(east)) / 2
    centre = (max(north) + min(north)) / 2

    def at(dot: Dot) -> tuple[float, float]:
        return (
            width / 2 + (dot.easting - middle) / metres,
            height / 2 - (dot.northing - centre) / metres,
        )

    places = [at(dot) for dot in data.dots]
    parts: list[str] = []
    if data.hull and len(places) > 2:
        parts.append(_outline(places))
    radius = 3.0 if len(places) > 400 else 3.8 if width < 480 else 5.0
    shapes = [_shape(tone, radius) for tone in data.tones]
    for i in sorted(range(len(places)), key=lambda i: data.dots[i].own):
        dot = data.dots[i]
        shape = shapes[dot.tone] + (_ring(radius * 2.1) if dot.own else "")
        parts.append(_dot(data, dot, places[i], shape))
    parts += _furniture(metres, width, height)
    key, depth = _legend(data, height + 34, width)
    return svg.frame(
        parts + key,
        width=width,
        height=depth,
        title=data.title,
        desc=described(data),
        key=data.key,
        links=any(dot.href for dot in data.dots),
    )


def described(data: Map) -> str:
    """How many dots of each kind, and that the list beside it says the rest."""
    counts = [
        f"{sum(d.tone == i for d in data.dots)} {tone.label}"
        for i, tone in enumerate(data.tones)
        if any(d.tone == i for d in data.dots)
    ]
    own = [d.label for d in data.dots if d.own]
    said = f"A map of {len(data.dots)} schools: {', '.join(counts)}."
    if own:
        said += f" Your own: {', '.join(own)}."
    return f"{said} The list of schools holds the same."


def hull(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The convex hull of points, counter-clockwise (Andrew's monotone chain)."""
    points = sorted(set(places))
    if len(points) < 3:
        return points

    def half(ordered: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        chain: list[tuple[float, float]] = []
        for p in ordered:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], p) <= 0:
                chain.pop()
            chain.append(p)
        return chain[:-1]

    return half(points) + half(points[::-1])


def _turn(o: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])


def _outline(places: Sequence[tuple[float, float]]) -> str:
    """The hull, a little larger than the dots, with rounded corners."""
    points = hull(places)
    cx = sum(x for x, _ in points) / len(points)
    cy = sum(y for _, y in points) / len(points)
    grown = []
    for x, y in points:
        far = hypot(x - cx, y - cy) or 1.0
        grown.append((x + (x - cx) / far * 10, y + (y - cy) / far * 10))
    path = "L".join(f"{svg.n(x)} {svg.n(y)}" for x, y in grown)
    return (
        f'<path d="M{path}z" fill="{svg.WASH}" stroke="{svg.WASH}" stroke-width="14"'
        ' stroke-linejoin="round" class="bh-wash"/>'
    )


def _dot(data: Map, dot: Dot, place: tuple[float, float], shape: str) -> str:
    """A dot at its place; ``shape`` is drawn about the origin."""
    tone = data.tones[dot.tone].label if len(data.tones) > 1 else ""
    title = escape(f"{dot.label}: {tone}" if tone else dot.label)
    at = f'transform="translate({svg.n(place[0])} {svg.n(place[1])})"'
    if not dot.href:
        return f"<g {at}><title>{title}</title>{shape}</g>"
    return f'<a href="{escape(dot.href)}" tabindex="-1" {at}><title>{title}</title>{shape}</a>'


def _ring(radius: float) -> str:
    """What sets the reader's own school off, whatever its tone."""
    return svg.dot(0, 0, radius, fill="none", stroke=svg.ACCENT, width=3, css="bh-own-line")


def _shape(tone: Tone, r: float) -> str:
    """A tone's mark about the origin."""
    edge = f'fill="{tone.colour}" stroke="#fff" stroke-width="1" class="bh-mark"'
    if tone.shape == "square":
        side = svg.n(2 * r)
        return f'<path d="M{svg.n(-r)} {svg.n(-r)}h{side}v{side}h-{side}z" {edge}/>'
    if tone.shape == "triangle":
        return (
            f'<path d="M0 {svg.n(-1.2 * r)}l{svg.n(1.15 * r)} {svg.n(2.1 * r)}'
            f'h{svg.n(-2.3 * r)}z" {edge}/>'
        )
    if tone.shape == "diamond":
        d = svg.n(1.35 * r)
        return f'<path d="M0 -{d}l{d} {d}l-{d} {d}l-{d} -{d}z" {edge}/>'
    return f'<circle r="{svg.n(r)}" {edge}/>'


def _furniture(metres: float, width: float, height: float) -> Iterator[str]:
    """The scale bar and north."""
    km = max(
        (k for k in (0.5, 1, 2, 5, 10, 20, 50, 100) if k * 1000 / metres <= width * 0.3),
        default=0.5,
    )
    length = km * 1000 / metres
    y = height + 10
    yield svg.polyline([(2, y - 4), (2, y), (2 + length, y), (2 + length, y - 4)], stroke=svg.QUIET)
    yield svg.text(length + 10, y + 3, f"{km:g} km", fill=svg.QUIET)
    x = width - 40
    yield (
        f'<path d="M{svg.n(x)} {svg.n(y + 2)}v-14m-4 5l4-5l4 5" fill="none"'
        f' stroke="{svg.QUIET}" stroke-width="1.6"/>'
    )
    yield svg.text(x + 8, y + 3, "north", fill=svg.QUIET, size=12)


def _legend(data: Map, y: float, width: float) -> tuple[list[str], float]:
    marks = [
        (tone.label, _shape(tone, 5))
        for i, tone in enumerate(data.tones)
        if len(data.tones) > 1 and any(d.tone == i for d in data.dots)
    ]
    if any(d.own for d in data.dots):
        marks.append(("your school", _ring(6)))
    parts, x = [], 7.0
    for label, mark in marks:
        needed = svg.text_width(label, 13) + 34
        if x > 7 and x + needed > width:
            x, y = 7.0, y + 20
        parts.append(f'<g transform="translate({svg.n(x)} {svg.n(y - 4.5)})">{mark}</g>')
        parts.append(svg.text(x + 12, y, label, size=13))
        x += needed
    return parts, y + 8 if marks else y - 14
