"""The stock of schools by their latest judgement, year by year, each framework by itself.

The frameworks are never summed and share no scale of grades: each has its own panel and its own
key.
"""

from dataclasses import dataclass

from bridgehead.web.charts import svg
from bridgehead.web.charts.bars import Part, Row, described, legend, stacked


@dataclass(frozen=True, slots=True)
class Framework:
    """One framework: its grades, and for each year how many schools hold which."""

    name: str
    grades: tuple[Part, ...]
    years: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Stock:
    """The stock of an area under every framework."""

    title: str
    frameworks: tuple[Framework, ...]
    missing: str = "No inspection of a school in this area has been loaded."
    key: str = ""


def draw(data: Stock, width: int = svg.WIDE) -> str:
    """One panel a framework, all on one scale of schools."""
    shown = [f for f in data.frameworks if any(row.total for row in f.years)]
    if not shown:
        return svg.no_figures(data.title, data.missing, width=width, key=data.key)
    most = max(row.total for f in shown for row in f.years)
    parts: list[str] = []
    y = 0.0
    for i, framework in enumerate(shown):
        if i:
            y += 8
            parts.append(svg.line(0, y, width, y, stroke=svg.QUIET, dash="1 5", width=1.5))
            y += 14
        for row in svg.wrapped(framework.name, width, 14):  # bold is wider than its size
            parts.append(svg.text(0, y + 14, row, bold=True, size=13))
            y += 17
        key, y = legend(framework.grades, y + 7, width)
        bars, y = stacked(framework.years, framework.grades, y, width, most)
        parts += key + bars
    said = " ".join(f"{f.name}. {described(f.years, f.grades)}" for f in shown)
    return svg.frame(parts, width=width, height=y, title=data.title, desc=said, key=data.key)
