"""How many cells of a release hold a number, and how many a code, by reason and as printed."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from bridgehead.core.figures import Reason
from bridgehead.opendata.codes import numbers, read


@dataclass
class Count:
    """Counts over figure columns. ``unreadable`` keeps some texts that are no number or code."""

    values: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    printed: Counter[str] = field(default_factory=Counter)
    unreadable: list[tuple[str, str]] = field(default_factory=list)


_EXAMPLES = 5


def count(frame: pl.DataFrame, positions: dict[str, int]) -> Count:
    """Count the figure columns named by ``positions`` (column → place in the row, from 0)."""
    result = Count()
    if not positions or not frame.height:
        return result
    ordered_widths = np.sort(frame["_width"].to_numpy())
    rest = frame.select(
        pl.col(c).filter(numbers(pl.col(c)).is_null() & pl.col(c).is_not_null()).implode()
        for c in positions
    )
    nulls = frame.select(pl.col(c).null_count() for c in positions).row(0)
    for (column, position), empty in zip(positions.items(), nulls, strict=True):
        texts = rest[column][0]
        early = int(np.searchsorted(ordered_widths, position, side="right"))
        result.values += frame.height - empty - len(texts)
        result.codes[Reason.ROW_ENDS_EARLY.value] += early
        result.codes[Reason.EMPTY.value] += empty - early
        if len(texts):
            _count_texts(result, column, texts)
    result.codes = Counter({reason: n for reason, n in sorted(result.codes.items()) if n})
    return result


def _count_texts(result: Count, column: str, texts: pl.Series) -> None:
    for text, times in texts.value_counts().iter_rows():
        answer = read(text)
        if isinstance(answer, float):
            result.values += times
            continue
        result.codes[answer.value] += times
        if answer is Reason.UNREADABLE:
            if len(result.unreadable) < _EXAMPLES:
                result.unreadable.append((column, text))
        elif answer is not Reason.EMPTY:
            result.printed[text.strip()] += times
