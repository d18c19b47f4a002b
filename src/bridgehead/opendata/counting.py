"""How many cells of a release hold a number, words or a code: codes by reason and as printed."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from bridgehead.core.figures import Reason
from bridgehead.opendata.codes import read, read_word


@dataclass
class Count:
    """Counts over columns of figures and of words. ``unreadable`` keeps some texts of figure
    columns that are no number or code."""

    values: int = 0
    words: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    printed: Counter[str] = field(default_factory=Counter)
    unreadable: list[tuple[str, str]] = field(default_factory=list)


_EXAMPLES = 5


def count(frame: pl.DataFrame, positions: dict[str, int], *, words: Collection[str] = ()) -> Count:
    """Count the columns named by ``positions`` (column → place in the row, from 0).

    They hold figures, but for those in ``words``.
    """
    result = Count()
    if not positions or not frame.height:
        return result
    ordered_widths = np.sort(frame["_width"].to_numpy())
    counted = frame.select(pl.col(c).value_counts(name="count").implode() for c in positions)
    # A few texts fill most of a table. ``None`` is an answer: words.
    figures: dict[str, float | Reason | None] = {}
    told: dict[str, float | Reason | None] = {}
    for column, position in positions.items():
        answers, ask = (told, read_word) if column in words else (figures, read)
        early = int(np.searchsorted(ordered_widths, position, side="right"))
        result.codes[Reason.ROW_ENDS_EARLY.value] += early
        result.codes[Reason.EMPTY.value] -= early
        for text, times in counted[column][0].struct.unnest().iter_rows():
            if text is None:
                result.codes[Reason.EMPTY.value] += times
                continue
            if text not in answers:
                answers[text] = ask(text)
            answer = answers[text]
            if answer is None:
                result.words += times
            elif isinstance(answer, float):
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
