"""Where the records of a delimited text end and how many fields each really has.

A parser that fills short rows up cannot tell an empty cell from one that is not there. This counts
delimiters outside quotes instead, on the bytes, a block at a time so that each stays in the cache.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

_QUOTE, _NEWLINE, _RETURN = b'"\n\r'
_BLOCK = 1 << 15  # times eight bytes, as a byte holds eight bits


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
    cells_before = np.zeros(ends.size, np.int64)  # that are quoted
    if quotes.size:
        if not _well_placed(data, quotes, mark):
            return None
        quotes_before = _counter(data, _QUOTE)(ends)
        outside = quotes_before % 2 == 0
        ends, cells_before = ends[outside], quotes_before[outside] // 2
    if data[-1] != _NEWLINE:
        ends, cells_before = np.append(ends, data.size), np.append(cells_before, quotes.size // 2)
    lengths = np.diff(ends, prepend=-1) - 1
    returns = (lengths > 0) & (data[np.maximum(ends - 1, 0)] == _RETURN)
    marks_before = _counter(data, mark)
    marks = marks_before(ends)
    if quotes.size:
        inside = marks_before(quotes[1::2]) - marks_before(quotes[::2])
        marks -= np.append(0, np.cumsum(inside))[cells_before]
    return Records(np.diff(marks, prepend=0) + 1, lengths, lengths == returns)


def _places(data: Bytes, byte: int) -> Ints:
    size = 8 * _BLOCK
    found = [np.flatnonzero(data[at : at + size] == byte) + at for at in range(0, data.size, size)]
    return np.concatenate(found)


def _counter(data: Bytes, byte: int) -> Callable[[Ints], Ints]:
    """A function that says how often a byte stands before each of some places.

    One bit a byte, 64 to a whole number, and how many are set before each of these: far less to
    write down than where every one stands.
    """
    size = 8 * _BLOCK
    packed = np.zeros(data.size // 64 * 8 + 8, np.uint8)
    for at in range(0, data.size, size):
        bits = np.packbits(data[at : at + size] == byte, bitorder="little")
        packed[at // 8 : at // 8 + bits.size] = bits
    words = packed.view("<u8")
    before = np.append(0, np.cumsum(np.bitwise_count(words), dtype=np.int64))

    def count(places: Ints) -> Ints:
        word, bit = places >> 6, (places & 63).astype(np.uint64)
        lower = words[word] & ((np.uint64(1) << bit) - np.uint64(1))
        return cast(Ints, before[word] + np.bitwise_count(lower))

    return count


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
