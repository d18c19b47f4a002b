"""Charts as SVG: plain dataclasses in, a string out. No Django and no JavaScript.

Each module holds one kind of chart: its data, and ``draw(data, width)`` in CSS pixels. What cannot
be drawn is said: every chart has a sentence for "no figures", and every chart has its text
alternative inside. ``draw`` here gives a chart at every width that a page needs.
"""

from collections.abc import Callable
from typing import Any

from bridgehead.web.charts import (
    counts,
    distribution,
    gap,
    lanes,
    map,  # noqa: A004  (it is a map)
    series,
    stock,
    strip,
    svg,
)

BOTH = (svg.NARROW, svg.WIDE)
ALL = (svg.NARROW, svg.MIDDLE, svg.WIDE)

#: Which module draws which data, and at which widths.
KINDS: dict[type, tuple[Callable[[Any, int], str], tuple[int, ...]]] = {
    strip.Strip: (strip.draw, (strip.WIDTH,)),
    series.Series: (series.draw, BOTH),
    lanes.Lanes: (lanes.draw, BOTH),
    stock.Stock: (stock.draw, ALL),
    counts.Counts: (counts.draw, ALL),
    gap.Gap: (gap.draw, BOTH),
    map.Map: (map.draw, BOTH),
    distribution.Distribution: (distribution.draw, BOTH),
}


def draw(data: Any) -> tuple[str, ...]:
    """A chart at each of its widths, the narrowest first."""
    try:
        drawer, widths = KINDS[type(data)]
    except KeyError:
        raise TypeError(
            f"{type(data).__name__} is not a chart; see bridgehead.web.charts"
        ) from None
    return tuple(drawer(data, width) for width in widths)
