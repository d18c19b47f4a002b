"""How many schools of each phase (or cluster) go which way."""

from dataclasses import dataclass

from bridgehead.web.charts import svg
from bridgehead.web.charts.bars import Part, Row, described, legend, stacked

#: Direction of travel from better to worse; greys stand for what is not known to move.
DIRECTIONS = (
    Part("improving", svg.BLUE),
    Part("probably improving", svg.GREEN),
    Part("no clear change", "#d3dade"),
    Part("probably declining", svg.ORANGE),
    Part("declining", svg.WINE),
    Part("too few data", "#ffffff"),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """Bars of counts: one row each, every row made of the same parts. With ``shares`` every bar has
    the full width, so that a small phase can be read beside a large one."""

    title: str
    rows: tuple[Row, ...]
    parts: tuple[Part, ...] = DIRECTIONS
    missing: str = "There is nothing to count yet."
    key: str = ""
    shares: bool = False


def draw(data: Counts, width: int = svg.WIDE) -> str:
    """The key and the bars."""
    rows = [row for row in data.rows if row.total]
    if not rows:
        return svg.no_figures(data.title, data.missing, width=width, key=data.key)
    held = [i for i in range(len(data.parts)) if any(row.counts[i] for row in rows)]
    parts = [data.parts[i] for i in held]
    rows = [Row(row.label, tuple(row.counts[i] for i in held)) for row in rows]
    key, y = legend(parts, 2, width)
    most = None if data.shares else max(row.total for row in rows)
    bars, y = stacked(rows, parts, y, width, most)
    return svg.frame(
        key + bars,
        width=width,
        height=y,
        title=data.title,
        desc=described(rows, parts),
        key=data.key,
    )
