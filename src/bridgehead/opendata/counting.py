"""How many cells of a release hold a number, and how many a code, by reason and as printed."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from bridgehead.core.figures import Reason
from bridgehead.opendata.codes import read


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
    counted = frame.select(pl.col(c).value_counts(name="count").implode() for c in positions)
    answers: dict[str, float | Reason] = {}  # a few texts fill most of a table
    for column, position in positions.items():
        early = int(np.searchsorted(ordered_widths, position, side="right"))
        result.codes[Reason.ROW_ENDS_EARLY.value] += early
        result.codes[Reason.EMPTY.value] -= early
        for text, times in counted[column][0].struct.unnest().iter_rows():
            if text is None:
                result.codes[Reason.EMPTY.value] += times
                continue
            if (answer := answers.get(text)) is None:
                answer = answers[text] = read(text)
            if isinstance(answer, float):
                result.values += times
            else:
                _count_code(result, column, text, answer, times)
    result.codes = Counter({reason: n for reason, n in sorted(result.codes.items()) if n})
    return result


def _count_code(result: Count, column: str, text: str, answer: Reason, times: int) -> None:
    result.codes[answer.value] += times
    if answer is Reason.UNREADABLE:
        if len(result.unreadable) < _EXAMPLES:
            result.unreadable.append((column, text))
    elif answer is not Reason.EMPTY:
        result.printed[text.strip()] += times
