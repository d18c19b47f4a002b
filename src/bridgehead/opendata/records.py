"""Where the records of a delimited text end and how many fields each really has.

A parser that fills short rows up cannot tell an empty cell from one that is not there. This counts
delimiters outside quotes instead, on the bytes, a block at a time so that each stays in the cache.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

_QUOTE, _NEWLINE, _RETURN = b'"\n\r'
_BLOCK = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Records:
    """One entry a record: fields, bytes, and whether the line is blank."""

    widths: Ints
    lengths: Ints
    blank: npt.NDArray[np.bool_]


def find_records(body: memoryview, delimiter: str) -> Records | None:
    """The records of UTF-8 bytes; ``None`` where quotes stand out of place or one never closes."""
    data, mark = np.frombuffer(body, np.uint8), ord(delimiter)
    ends, quotes = _places(data, _NEWLINE), _places(data, _QUOTE)
    if quotes.size:
        if not _well_placed(data, quotes, mark):
            return None
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
    if data[-1] != _NEWLINE:
        ends = np.append(ends, data.size)
    lengths = np.diff(ends, prepend=-1) - 1
    returns = (lengths > 0) & (data[np.maximum(ends - 1, 0)] == _RETURN)
    widths = np.concatenate(
        [_widths(data, block, quotes, mark) for block in _blocks(ends, data.size)]
    )
    return Records(widths, lengths, lengths == returns)


def _places(data: Bytes, byte: int) -> Ints:
    found = [
        np.flatnonzero(data[at : at + _BLOCK] == byte) + at for at in range(0, data.size, _BLOCK)
    ]
    return np.concatenate(found)


def _blocks(ends: Ints, size: int) -> Iterator[tuple[int, Ints]]:
    """Runs of records of about a block each: where the first begins, and where each ends."""
    cuts = np.unique(np.searchsorted(ends, np.arange(_BLOCK, size + _BLOCK, _BLOCK)))
    start = 0
    for stop in np.append(cuts[cuts < ends.size], ends.size):
        if stop > start:
            yield (int(ends[start - 1]) + 1 if start else 0), ends[start:stop]
            start = int(stop)


def _widths(data: Bytes, block: tuple[int, Ints], quotes: Ints, mark: int) -> Ints:
    begin, ends = block
    marks = np.flatnonzero(data[begin : ends[-1]] == mark) + begin
    before = np.searchsorted(marks, ends)
    if quotes.size:
        low, high = np.searchsorted(quotes, (begin, ends[-1]))
        opens, closes = quotes[low:high:2], quotes[low + 1 : high : 2]
        inside = np.searchsorted(marks, closes) - np.searchsorted(marks, opens)
        before = before - np.append(0, np.cumsum(inside))[np.searchsorted(closes, ends)]
    return np.diff(before, prepend=0) + 1


def _well_placed(data: Bytes, quotes: Ints, mark: int) -> bool:
    """Whether every quoted cell opens after a delimiter or line end and closes before one."""
    if quotes.size % 2:
        return False
    opens, closes = quotes[::2], quotes[1::2]
    before = data[np.maximum(opens - 1, 0)]
    after = data[np.minimum(closes + 1, data.size - 1)]
    doubled = opens[1:] == closes[:-1] + 1  # "" within a cell closes and opens again
    good_open = (opens == 0) | np.isin(before, (mark, _NEWLINE)) | np.append(False, doubled)
    good_close = (
        (closes == data.size - 1)
        | np.isin(after, (mark, _NEWLINE, _RETURN))
        | np.append(doubled, False)
    )
    return bool(good_open.all() and good_close.all())
