"""Every headline with its gap: all pupils, disadvantaged pupils, and others nationally."""

from collections.abc import Iterator
from dataclasses import dataclass

from bridgehead.web import words
from bridgehead.web.charts import svg

_ROW, _HEAD, _NOTE = 62, 28, 16


@dataclass(frozen=True, slots=True)
class Row:
    """One measure. ``headline`` is of all pupils here, ``group`` of the disadvantaged pupils here,
    ``others`` of other pupils nationally. ``missing`` says why the group has no figure."""

    label: str
    headline: float | None
    group: float | None
    others: float | None
    unit: str = "percent"
    decimals: int = 0
    missing: str = "too few pupils to publish"


@dataclass(frozen=True, slots=True)
class Gap:
    """Several measures below each other, those of one unit on one scale."""

    title: str
    rows: tuple[Row, ...]
    missing: str = "No figures have been published."
    key: str = ""


def draw(data: Gap, width: int = svg.WIDE) -> str:
    """The dumbbells as SVG."""
    if not any(_values(row) for row in data.rows):
        return svg.no_figures(data.title, data.missing, width=width, key=data.key)
    parts, y = _legend(width)
    for row in data.rows:
        parts += _row(row, _scale(data, row, width), y)
        y += _ROW + (0 if row.group is not None else _NOTE)
    return svg.frame(
        parts, width=width, height=y, title=data.title, desc=described(data), key=data.key
    )


def described(data: Gap) -> str:
    """Every row in words."""
    said = []
    for row in data.rows:
        parts = [
            f"{name} {words.figure(value, row.unit, row.decimals)}"
            for name, value in (
                ("all pupils", row.headline),
                ("disadvantaged pupils", row.group),
                ("others nationally", row.others),
            )
            if value is not None
        ]
        if row.group is None:
            parts.append(f"disadvantaged pupils: {row.missing}")
        said.append(f"{row.label}: {', '.join(parts)}.")
    return " ".join(said)


def _values(row: Row) -> list[float]:
    return [v for v in (row.headline, row.group, row.others) if v is not None]


def _scale(data: Gap, row: Row, width: float) -> svg.Scale:
    """The scale of all rows with the same unit."""
    values = [v for r in data.rows if r.unit == row.unit for v in _values(r)] or [0.0]
    low, high = min(values), max(values)
    if low == high:
        low, high = low - 1, high + 1
    room = 54
    return svg.Scale(low, high, room, width - room)


def _legend(width: float) -> tuple[list[str], float]:
    marks = (
        ("disadvantaged pupils", svg.WINE, "disc"),
        ("all pupils", svg.ACCENT, "bar"),
        ("others nationally", svg.BLUE, "ring"),
    )
    parts, x, y = [], 6.0, 10.0
    for label, _, shape in marks:
        needed = svg.text_width(label, 13) + 32
        if x > 6 and x + needed > width:
            x, y = 6.0, y + 20
        parts.append(_mark(shape, x, y, ""))
        parts.append(svg.text(x + 11, y + 4.5, label, size=13))
        x += needed
    return parts, y + _HEAD


def _mark(shape: str, x: float, y: float, title: str) -> str:
    if shape == "disc":
        return svg.dot(x, y, 6, fill=svg.WINE, css="bh-mark", title=title)
    if shape == "ring":
        return svg.dot(
            x, y, 5.2, fill="#fff", stroke=svg.BLUE, width=2.4, css="bh-mark", title=title
        )
    return svg.rect(x - 2, y - 9, 4, 18, fill=svg.ACCENT, css="bh-own", title=title)


def _row(row: Row, across: svg.Scale, y: float) -> Iterator[str]:
    yield svg.text(0, y + 12, row.label, size=13, bold=True)
    if row.group is None:
        y += _NOTE
        yield svg.text(0, y + 12, f"Disadvantaged: {row.missing}", fill=svg.QUIET)
    level = y + 36
    yield svg.line(0, level, across.end + 54, level, stroke=svg.PALE, css="bh-grid")
    if row.group is not None and row.others is not None:
        yield svg.line(
            across(row.group), level, across(row.others), level, stroke=svg.WINE, width=3
        )
    if row.others is not None:
        yield _mark(
            "ring", across(row.others), level, f"others nationally: {_said(row, row.others)}"
        )
    if row.headline is not None:
        yield _mark("bar", across(row.headline), level, f"all pupils: {_said(row, row.headline)}")
    if row.group is not None:
        yield _mark("disc", across(row.group), level, f"disadvantaged: {_said(row, row.group)}")
    yield from _labels(row, across, level)


def _said(row: Row, value: float) -> str:
    return words.figure(value, row.unit, row.decimals)


def _labels(row: Row, across: svg.Scale, level: float) -> Iterator[str]:
    """The outer two figures outside the dumbbell, the headline's below or beside it."""
    unit = row.unit if row.unit == "percent" else ""
    ends = sorted(
        (v, fill) for v, fill in ((row.group, svg.WINE), (row.others, svg.BLUE)) if v is not None
    )
    for i, (value, fill) in enumerate(ends):
        left = i == 0 and (len(ends) == 2 or value <= (row.headline or value))
        yield svg.text(
            across(value) + (-11 if left else 11),
            level + 4.5,
            words.figure(value, unit, row.decimals),
            anchor="end" if left else "start",
            fill=fill,
            size=13,
            halo="#fff",
        )
    if row.headline is not None:
        yield svg.text(
            across(row.headline),
            level + 22,
            words.figure(row.headline, unit, row.decimals),
            anchor="middle",
            fill=svg.ACCENT,
            css="bh-own",
        )
