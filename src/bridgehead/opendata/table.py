"""Text → rows of raw cells, with the row's number and real width, fast.

polars splits the cells; ``records`` finds where each row ends and how many fields it really has.
A file whose quotes stand where RFC 4180 has no place for them goes through the slower ``csv``
module, which reads it as a spreadsheet would.
"""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl

from bridgehead.core.errors import Refused
from bridgehead.opendata.records import Ints, Records, find_records
from bridgehead.opendata.text import Text

MOST_COLUMNS = 5_000
MOST_CELL_BYTES = 1_000_000
#: Fewer delimiters than this may stand in an honest cell of several lines, such as an address.
_MANY = 20
_NONE: Ints = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Header:
    """The first record. ``columns`` are unique: a name's second use becomes ``NAME (2)``, an
    unnamed column ``unnamed 7``. ``end`` is where the second record begins, in bytes. ``printed``
    holds the names as they stand."""

    columns: list[str]
    unnamed: frozenset[str]
    delimiter: str
    end: int
    printed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The records below the header.

    ``cells`` holds raw text under every column of ``columns`` that was asked for; a cell is null
    where it is empty or the row ends before it, which ``widths`` tells apart. ``numbers`` counts
    records as a spreadsheet does: the header is row 1, a blank line counts, a line break inside
    quotes does not. ``columns`` may go on beyond the header where rows spill over.
    ``quotes_astray`` says that quotes stand where they have no place.
    """

    columns: list[str]
    cells: pl.DataFrame
    numbers: Ints
    widths: Ints
    quotes_astray: bool = False


def read_header(text: Text) -> Header:
    """The header and the delimiter. Raises ``Refused`` for absurd ones."""
    end = _first_record_end(text.data)
    line = text.data[:end]
    if len(line) > MOST_CELL_BYTES:
        raise Refused("The first row is longer than a million bytes.", "Is this a table?", row=1)
    delimiter = max(",;\t", key=lambda mark: line.count(mark.encode()))
    try:
        record = next(csv.reader(io.StringIO(line.decode(), newline="\n"), delimiter=delimiter), [])
    except csv.Error as error:
        if b"\r" in line.strip(b"\r\n"):
            raise Refused(
                "Some lines end with CR alone and others with LF, so that the rows cannot be told "
                "apart.",
                "Download it again, or save it as 'CSV UTF-8'.",
                row=1,
            ) from error
        raise Refused(f"The first row is no header of a table: {error}.", row=1) from error
    if len(record) > MOST_COLUMNS:
        raise Refused(
            f"The first row has {len(record):,} columns; at most {MOST_COLUMNS:,} are read.", row=1
        )
    printed = tuple(name.strip() for name in record)
    columns, unnamed = _unique(list(printed))
    return Header(columns, unnamed, delimiter, end, printed)


def _first_record_end(data: bytes) -> int:
    at, quotes = 0, 0
    while at < len(data):
        line_end = data.find(b"\n", at)
        if line_end < 0:
            break
        quotes += data.count(b'"', at, line_end)
        at = line_end + 1
        if quotes % 2 == 0:
            return at
    if quotes % 2:
        raise Refused(
            "The file ends inside a quoted cell: it is cut short, or a quote is never closed.",
            "Download it again.",
            row=1,
        )
    return len(data)


def _unique(names: list[str]) -> tuple[list[str], frozenset[str]]:
    columns: list[str] = []
    unnamed: set[str] = set()
    taken: set[str] = set()
    for position, name in enumerate(names, start=1):
        wanted = name or f"unnamed {position}"
        column, again = wanted, 2
        while column in taken or column.startswith("_"):
            column, again = f"{wanted.lstrip('_')} ({again})", again + 1
        taken.add(column)
        columns.append(column)
        if not name:
            unnamed.add(column)
    return columns, frozenset(unnamed)


def read_table(text: Text, header: Header, wanted: list[str] | None = None) -> Table:
    """Read every record below the header, keeping the ``wanted`` columns (all by default).

    Columns of spilled cells are always kept, for the caller to judge. Raises ``Refused`` for an
    open quote, a cell of more than a million bytes, or absurdly wide rows.
    """
    body = memoryview(text.data)[header.end :]
    if not body.nbytes:
        return _no_rows(header, wanted)
    with ThreadPoolExecutor(1) as thread:
        # Meant for rows no wider than the header, as nearly all are; what the records say decides.
        hopeful = thread.submit(_split, text, header, header.columns, wanted)
        records = find_records(body, header.delimiter)
    if records is None:
        return _read_slowly(body.tobytes(), header, wanted)
    if records.blank.all():
        return _no_rows(header, wanted)
    _check_sizes(int(records.widths.max()), int(records.lengths.max()), records)
    columns = _spilled(header.columns, int(records.widths[~records.blank].max()))
    if len(columns) > len(header.columns):
        cells = _split(text, header, columns, wanted)
    else:
        cells = hopeful.result()
    if cells.height != records.widths.size:
        return _read_slowly(body.tobytes(), header, wanted)
    numbers = np.arange(2, cells.height + 2)
    if records.blank.any():
        full = ~records.blank
        cells = cells.filter(pl.Series(full))
        return Table(columns, cells, numbers[full], records.widths[full])
    return Table(columns, cells, numbers, records.widths)


def _no_rows(header: Header, wanted: list[str] | None) -> Table:
    schema = dict.fromkeys(header.columns if wanted is None else wanted, pl.String)
    return Table(header.columns, pl.DataFrame(schema=schema), _NONE, _NONE)


def _split(
    text: Text, header: Header, columns: list[str], wanted: list[str] | None
) -> pl.DataFrame:
    """The wanted of these columns as polars splits them. It is given names of ours where it could
    read the header otherwise than we do; elsewhere the bytes as they are, since to copy a national
    file takes a tenth of the time of reading it."""
    line = memoryview(text.data)[: header.end].tobytes()
    source = text.data
    if len(columns) > len(header.columns) or b'"' in line:
        plain = header.delimiter.join(f"c{n}" for n in range(len(columns)))
        source = b"\n".join((plain.encode(), memoryview(text.data)[header.end :]))
    keep = _positions(columns, header.columns, wanted)
    cells = pl.read_csv(
        source,
        columns=keep,
        separator=header.delimiter,
        infer_schema=False,
        truncate_ragged_lines=True,
    )
    cells.columns = [columns[n] for n in keep]
    return cells


def _check_sizes(widest: int, longest: int, records: Records) -> None:
    if widest > MOST_COLUMNS:
        row = int(records.widths.argmax()) + 2
        raise Refused(f"A row has {widest:,} fields; at most {MOST_COLUMNS:,} are read.", row=row)
    if longest > MOST_CELL_BYTES:
        row = int(records.lengths.argmax()) + 2
        raise Refused(
            f"A row is {longest:,} bytes long; at most {MOST_CELL_BYTES:,} are read: perhaps a "
            "quote is never closed.",
            "Download it again.",
            row=row,
        )


def _spilled(columns: list[str], widest: int) -> list[str]:
    return columns + [f"unnamed {n + 1}" for n in range(len(columns), widest)]


def _positions(columns: list[str], named: list[str], wanted: list[str] | None) -> list[int]:
    keep = set(columns if wanted is None else [*wanted, *columns[len(named) :]])
    return [n for n, column in enumerate(columns) if column in keep]


def _check_swallowed(row: list[str], header: Header, number: int) -> None:
    """Refuse a cell that runs over a line's end and holds as many delimiters as a whole row: a
    quote was opened in it and never closed, so that the rows after it would be lost in silence."""
    marks = max(len(header.columns) - 1, _MANY)
    if any("\n" in cell and cell.count(header.delimiter) >= marks for cell in row):
        raise Refused(
            "A quote is opened and not closed, so the cell runs on over the rows below it.",
            "Download it again.",
            row=number,
        )


def _read_slowly(body: bytes, header: Header, wanted: list[str] | None) -> Table:
    end = "\x00end"  # open_text has refused NUL, so no file holds this
    lines = io.StringIO(body.decode() + f"\n{end}\n", newline="\n")
    try:
        rows = list(csv.reader(lines, delimiter=header.delimiter))
    except csv.Error as error:
        raise Refused(f"The rows cannot be told apart: {error}.", "Download it again.") from error
    if rows.pop() != [end]:
        raise Refused(
            "The file ends inside a quoted cell: it is cut short, or a quote is never closed.",
            "Download it again.",
        )
    numbers = np.array([n for n, row in enumerate(rows, start=2) if row], int)
    rows = [row for row in rows if row]
    for number, row in zip(numbers.tolist(), rows, strict=True):
        _check_swallowed(row, header, number)
    widths = np.array([len(row) for row in rows], int)
    columns = _spilled(header.columns, int(widths.max(initial=0)))
    if len(columns) > MOST_COLUMNS:
        raise Refused(f"A row has {len(columns):,} fields; at most {MOST_COLUMNS:,} are read.")
    keep = _positions(columns, header.columns, wanted)
    cells = {
        columns[n]: pl.Series(
            [(row[n] or None) if n < len(row) else None for row in rows], dtype=pl.String
        )
        for n in keep
    }
    return Table(columns, pl.DataFrame(cells), numbers, widths, quotes_astray=True)
