"""One measure over the years: what was published, and the level that lies under it.

A year without a figure is a gap in the line. Years in which nothing was published for schools are
a grey region that says so. A change of definition is a marked break that no line crosses. What to
expect of a year to come stands in a panel of its own (``ahead``).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bridgehead.core.years import label as year_label
from bridgehead.web import words
from bridgehead.web.charts import ahead as foretold
from bridgehead.web.charts import svg


@dataclass(frozen=True, slots=True)
class Mark:
    """One year. ``value`` is as published; ``level``, ``low`` and ``high`` are the underlying level
    with its interval; ``england`` the national figure. ``provisional`` marks are hollow."""

    year: int
    value: float | None = None
    level: float | None = None
    low: float | None = None
    high: float | None = None
    england: float | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """A measure of one school. ``not_published`` holds (first year, last year, words) of years in
    which no school has a figure; ``breaks`` holds (first year of the new definition, words). The
    text alternative begins with ``says``, the chart in a sentence. ``ahead`` is what to expect of a
    year to come."""

    title: str
    name: str
    unit: str
    marks: tuple[Mark, ...]
    decimals: int = 0
    not_published: tuple[tuple[int, int, str], ...] = ()
    breaks: tuple[tuple[int, str], ...] = ()
    missing: str = "No figures have been published for this school."
    key: str = ""
    says: str = ""
    ahead: foretold.Ahead | None = None

    @property
    def levelled(self) -> bool:
        """Whether a line is drawn for the school, and not only dots."""
        return any(m.level is not None for m in self.marks)

    @property
    def compared(self) -> bool:
        """Whether England's line is drawn."""
        return any(m.england is not None for m in self.marks)


@dataclass(frozen=True, slots=True)
class _Plot:
    """The room that the marks have, and its two scales."""

    x: svg.Scale
    y: svg.Scale
    top: float
    bottom: float
    left: float
    right: float
    wide: bool


def draw(data: Series, width: int = svg.WIDE) -> str:
    """The series as SVG."""
    data = _possible(data)
    drawn = [v for m in data.marks for v in (m.value, m.level, m.low, m.high) if v is not None]
    if not drawn:
        return svg.no_figures(data.title, data.says or data.missing, width=width, key=data.key)
    drawn += [m.england for m in data.marks if m.england is not None]
    if data.ahead:
        drawn += [data.ahead.low, data.ahead.high]
    wide = width >= 480
    grid = svg.steps(*_range(data, drawn))
    if data.unit == "percent":
        grid = [g for g in grid if 0 <= g <= 100] if min(drawn) >= 0 else grid
    first, last = _span(data)
    height = 290 if wide else 260
    said = [
        words.figure(g, data.unit if data.unit == "percent" else "", _places(grid)) for g in grid
    ]
    left = max(svg.text_width(s) for s in said) + 14
    panel = width - foretold.breadth(wide) if data.ahead else float(width)
    edge = panel - foretold.GAP if data.ahead else panel - 14.0
    right = panel - _name_room(data) if wide else edge
    top, bottom = 14.0, height - 30.0
    plot = _Plot(
        svg.Scale(first, last, left + 14, right - 14)
        if last > first
        else svg.Scale(first - 0.5, first + 0.5, left, right),
        svg.Scale(grid[0], grid[-1], bottom, top),
        top,
        bottom,
        left,
        right,
        wide,
    )
    parts = [*_regions(data, plot)]
    for value, name in zip(grid, said, strict=True):
        y = plot.y(value)
        parts.append(svg.line(left, y, right, y, stroke=svg.PALE, css="bh-grid"))
        if data.ahead:
            parts.append(svg.line(panel, y, width, y, stroke=svg.PALE, css="bh-grid"))
        parts.append(svg.text(left - 6, y + 4, name, anchor="end", fill=svg.QUIET))
    parts += _years(first, last, plot)
    parts += _lines(data, plot)
    parts += _spoken(data, plot)
    parts += _breaks(data, plot)
    parts += _marks(data, plot)
    below = 0
    if data.ahead:
        parts += foretold.panel(
            data.ahead, plot.y, left=panel, wide=wide, unit=data.unit, decimals=data.decimals
        )
        below = 15 * (len(foretold.rows(data.ahead, wide)) - 1)
    if wide:
        parts += _names(data, plot)
    else:
        key = _key(data, edge, height)
        parts += key
        below = max(below, 22 * len(key))
    height += below
    return svg.frame(
        parts, width=width, height=height, title=data.title, desc=described(data), key=data.key
    )


def described(data: Series) -> str:
    """The series in words: what it says, every published figure with England's, and the gaps."""
    said = [data.says] if data.says else []
    for mark in sorted(data.marks, key=lambda m: m.year):
        if mark.value is None:
            continue
        england = (
            f" (England {words.figure(mark.england, data.unit, data.decimals)})"
            if mark.england is not None
            else ""
        )
        status = ", provisional" if mark.provisional else ""
        figure = words.figure(mark.value, data.unit, data.decimals)
        said.append(f"{year_label(mark.year)}: {figure}{england}{status}.")
    said += [f"{year_label(a)} to {year_label(b)}: {why}." for a, b, why in data.not_published]
    said += [f"From {year_label(year)}: {why}." for year, why in data.breaks]
    if data.ahead:
        said.append(foretold.described(data.ahead, data.unit, data.decimals))
    return " ".join(said) or data.missing


def _possible(data: Series) -> Series:
    """Percentages of pupils with their band kept between nought and a hundred."""
    if data.unit != "percent" or any(not 0 <= (m.value or 0) <= 100 for m in data.marks):
        return data

    def kept(value: float | None) -> float | None:
        return None if value is None else min(100.0, max(0.0, value))

    marks = [
        replace(m, level=kept(m.level), low=kept(m.low), high=kept(m.high)) for m in data.marks
    ]
    ahead = data.ahead
    if ahead:
        low, value, high = (min(100.0, max(0.0, v)) for v in (ahead.low, ahead.value, ahead.high))
        ahead = replace(ahead, low=low, value=value, high=high)
    return replace(data, marks=tuple(marks), ahead=ahead)


def _range(data: Series, drawn: Sequence[float]) -> tuple[float, float]:
    """What the axis must hold. Small differences are not blown up to fill it: at least 20
    percentage points, or a tenth of the figure itself."""
    low, high = min(drawn), max(drawn)
    least = 20.0 if data.unit == "percent" else abs(low + high) / 20
    short = max(0.0, max(least, 4 * 10.0**-data.decimals) - (high - low))
    return low - short / 2, high + short / 2


def _span(data: Series) -> tuple[int, int]:
    years = [m.year for m in data.marks]
    inner = [y for a, b, _ in data.not_published for y in (a, b)]
    return min(years + inner), max(years + inner)


def _places(grid: Sequence[float]) -> int:
    return 0 if all(float(g).is_integer() for g in grid) else 1


def _name_room(data: Series) -> float:
    return min(150.0, max(svg.text_width(data.name, 13), svg.text_width("England", 13)) + 16)


def _half(plot: _Plot) -> float:
    return abs(plot.x(plot.x.low + 1) - plot.x(plot.x.low)) / 2


def _regions(data: Series, plot: _Plot) -> Iterator[str]:
    for start, end, _ in data.not_published:
        x1, x2 = _edges(start, end, plot)
        yield svg.rect(x1, plot.top, x2 - x1, plot.bottom - plot.top, fill=svg.WASH, css="bh-wash")


def _edges(start: int, end: int, plot: _Plot) -> tuple[float, float]:
    """From half a year before to half a year after, within the plot."""
    half = _half(plot)
    return max(plot.left, plot.x(start) - half), min(plot.right, plot.x(end) + half)


def _spoken(data: Series, plot: _Plot) -> Iterator[str]:
    """Why a region is grey, over the grid; written upwards where a region is narrower than a
    word."""
    for start, end, why in data.not_published:
        x1, x2 = _edges(start, end, plot)
        if x2 - x1 < max(svg.text_width(word) for word in (why or " ").split(" ")) + 4:
            tall = svg.wrapped(why, plot.bottom - plot.top - 14)
            for i, row in enumerate(tall):
                x, y = (x1 + x2) / 2 + 4 + 14 * (i - (len(tall) - 1) / 2), plot.bottom - 10
                words_up = svg.text(0, 0, row, fill=svg.QUIET, halo=svg.WASH)
                yield f'<g transform="translate({svg.n(x)} {svg.n(y)}) rotate(-90)">{words_up}</g>'
            continue
        rows = svg.wrapped(why, x2 - x1 - 6)
        for i, row in enumerate(rows):
            yield svg.text(
                (x1 + x2) / 2,
                plot.top + 20 + 15 * i,
                row,
                anchor="middle",
                fill=svg.QUIET,
                halo=svg.WASH,
            )


def _years(first: int, last: int, plot: _Plot) -> Iterator[str]:
    room = 2 * _half(plot)
    every = next(
        k for k in (1, 2, 3, 4, 6, 12) if room * k >= svg.text_width("15/16") + 6 or k == 12
    )
    for year in range(first, last + 1):
        if (last - year) % every == 0:
            name = year_label(year)[2:]
            yield svg.text(plot.x(year), plot.bottom + 18, name, anchor="middle")


def _breaks(data: Series, plot: _Plot) -> Iterator[str]:
    for year, why in data.breaks:
        if not plot.x.low < year <= plot.x.high:
            continue
        x = plot.x(year) - _half(plot)
        yield svg.line(x, plot.top, x, plot.bottom, stroke=svg.QUIET, dash="2 3")
        room = max(70.0, plot.right - x - 6)
        for i, row in enumerate(svg.wrapped(why, min(room, 150))[:3]):
            yield svg.text(x + 4, plot.bottom - 34 + 14 * i, row, fill=svg.QUIET, halo="#fff")


def runs(data: Series, wanted: Callable[[Mark], bool]) -> Iterator[list[Mark]]:
    """Stretches of consecutive years that satisfy ``wanted`` and cross no break."""
    new = {year for year, _ in data.breaks}
    run: list[Mark] = []
    for mark in sorted(data.marks, key=lambda m: m.year):
        if run and (not wanted(mark) or mark.year != run[-1].year + 1 or mark.year in new):
            yield run
            run = []
        if wanted(mark):
            run.append(mark)
    if run:
        yield run


def _lines(data: Series, plot: _Plot) -> Iterator[str]:
    x, y = plot.x, plot.y
    for run in runs(data, lambda m: m.low is not None and m.high is not None):
        edge = [(x(m.year), y(m.high)) for m in run if m.high is not None]
        edge += [(x(m.year), y(m.low)) for m in reversed(run) if m.low is not None]
        if len(run) == 1:
            (at, up), (_, down) = edge
            edge = [(at - 5, up), (at + 5, up), (at + 5, down), (at - 5, down)]
        path = "L".join(f"{svg.n(a)} {svg.n(b)}" for a, b in edge)
        yield f'<path d="M{path}z" fill="{svg.BAND}" class="bh-band"/>'
    for run in runs(data, lambda m: m.england is not None):
        points = [(x(m.year), y(m.england)) for m in run if m.england is not None]
        if len(points) == 1:
            (a, b) = points[0]
            points = [(a - 5, b), (a + 5, b)]
        yield svg.polyline(points, stroke=svg.INK, width=1.6, dash="4 3", css="bh-ink-line")
    for run in runs(data, lambda m: m.level is not None):
        points = [(x(m.year), y(m.level)) for m in run if m.level is not None]
        if len(points) > 1:
            yield svg.polyline(points, stroke=svg.ACCENT, width=2.6, css="bh-own-line")


def _marks(data: Series, plot: _Plot) -> Iterator[str]:
    shown = [m for m in data.marks if m.value is not None]
    labelled = _labelled(data, shown, plot)
    for mark in shown:
        if mark.value is None:
            continue
        x, y = plot.x(mark.year), plot.y(mark.value)
        title = f"{year_label(mark.year)}: {words.figure(mark.value, data.unit, data.decimals)}"
        if mark.provisional:
            title += ", provisional"
            yield svg.dot(x, y, 4.2, fill="#fff", stroke=svg.ACCENT, css="bh-own-line", title=title)
        else:
            yield svg.dot(x, y, 4.8, fill=svg.ACCENT, css="bh-own", title=title)
        if mark.year not in labelled:
            continue
        below = mark.level is not None and mark.value < mark.level
        at = y + 17 if below and y + 20 < plot.bottom else y - 9
        label = words.number(mark.value, data.decimals)
        yield svg.text(x, at, label, anchor="middle", fill=svg.ACCENT, css="bh-own", halo="#fff")


def _labelled(data: Series, shown: Sequence[Mark], plot: _Plot) -> set[int]:
    """The years whose figure stands beside its mark: the newest, and before it as many as have
    room."""
    labelled: set[int] = set()
    edge = float("inf")
    for mark in reversed(shown):
        half = svg.text_width(words.number(mark.value, data.decimals)) / 2
        if plot.x(mark.year) + half + 3 <= edge:
            labelled.add(mark.year)
            edge = plot.x(mark.year) - half
    return labelled


def _names(data: Series, plot: _Plot) -> Iterator[str]:
    """The names beside the ends of their lines, kept apart."""
    own = next((v for m in reversed(data.marks) for v in (m.level, m.value) if v is not None), None)
    england = next((m.england for m in reversed(data.marks) if m.england is not None), None)
    places = {
        name: plot.y(value) + 4
        for name, value in ((data.name, own), ("England", england))
        if value is not None
    }
    if len(places) == 2 and abs(places[data.name] - places["England"]) < 16:
        middle = sum(places.values()) / 2
        up = data.name if places[data.name] <= places["England"] else "England"
        places = {name: middle - 8 if name == up else middle + 8 for name in places}
    for name, y in places.items():
        own_name = name == data.name
        rows = svg.wrapped(name, 140, 13)
        for i, row in enumerate(rows):
            yield svg.text(
                plot.right + 4,
                y + 15 * i,
                row,
                size=13,
                fill=svg.ACCENT if own_name else svg.INK,
                bold=own_name,
                css="bh-own" if own_name else "",
            )


def _key(data: Series, room: float, top: float) -> list[str]:
    """Below a narrow chart: which line is which, in as many rows as the room needs."""
    name = data.name if len(data.name) <= 24 else "This school"
    own = (
        svg.line(2, top + 8, 18, top + 8, stroke=svg.ACCENT, width=2.6, css="bh-own-line")
        if data.levelled
        else svg.dot(10, top + 8, 4.8, fill=svg.ACCENT, css="bh-own")
    )
    own += svg.text(24, top + 12, name, size=13, fill=svg.ACCENT, bold=True, css="bh-own")
    if not data.compared:
        return [own]
    x, y = 24 + svg.text_width(name, 13) + 16, top + 12
    fits = x + 22 + svg.text_width("England", 13) <= room
    if not fits:
        x, y = 2, y + 22
    england = svg.line(x, y - 4, x + 16, y - 4, width=1.6, dash="4 3")
    england += svg.text(x + 22, y, "England", size=13)
    return [own + england] if fits else [own, england]
