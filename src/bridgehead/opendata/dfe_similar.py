"""The file of inputs of the Department for Education's similar-schools service, as JSON (a list of
records) or CSV. Not a release: it is read for one question and not kept.

A fault is told by its row: in CSV as a spreadsheet counts them, the header being row 1; in JSON the
records, the first being 1.
"""

import csv
import io
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.core.errors import Refused
from bridgehead.core.fields import read_text
from bridgehead.core.figures import Reason
from bridgehead.opendata.codes import read
from bridgehead.opendata.kind import normal

_REMEDY = "Expected the DfE’s file of inputs, such as SimilarSchoolsPrimaryValuesEntry.json."
_SHOWN = 40  # characters of a cell

#: A record: its row, and its cells in order under the columns' own names.
Record = tuple[int, list[tuple[str, Any]]]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that is neither a number nor a code, nor empty."""

    row: int
    column: str
    value: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """``urns`` of the schools of a file, and its ``columns`` by normalised name: NaN where there
    is a code (``NA``) or nothing in place of a number. ``wrong`` holds the first cell of each
    column that is none of these: whoever reads that column refuses it with ``check``."""

    file: str
    urns: npt.NDArray[np.int64]
    columns: dict[str, npt.NDArray[np.float64]]
    wrong: dict[str, Wrong] = field(default_factory=dict)

    def check(self, column: str) -> None:
        """Refuse a column in which something else stands than numbers and codes."""
        if (one := self.wrong.get(column)) is not None:
            raise Refused(
                "Expected a number, or a code such as NA where it is not known.",
                "Correct the cell, or use the DfE’s own file, unchanged.",
                file=self.file,
                row=one.row,
                column=one.column,
                value=one.value,
            )


def read_inputs(path: Path) -> Inputs:
    """Read a file of inputs. Raises ``Refused`` with the row and the column."""
    file = str(path)
    if not path.is_file():
        raise Refused("There is no such file.", "Check its path.", file=file)
    text = read_text(path).removeprefix("\ufeff")
    try:
        records = _of_json(text, file) if text.lstrip()[:1] in ("[", "{") else _of_csv(text, file)
    except (ValueError, csv.Error, RecursionError) as error:
        raise Refused(f"The file cannot be read: {error}.", _REMEDY, file=file) from error
    if not records:
        raise Refused("The file holds no schools.", _REMEDY, file=file)
    rows = [(number, _once(number, cells, file)) for number, cells in records]
    urns = [_urn(row, number, file) for number, row in rows]
    _check_twice(urns, rows, file)
    columns, wrong = _columns(rows)
    return Inputs(file, np.array(urns, dtype=np.int64), columns, wrong)


def _of_json(text: str, file: str) -> list[Record]:
    # Numbers stay as they are printed; an object is a tuple of pairs, so that none is lost.
    whole = json.loads(
        text, object_pairs_hook=tuple, parse_int=str, parse_float=str, parse_constant=str
    )
    if not isinstance(whole, list):
        raise ValueError("it is one record, not a list of them")
    for number, record in enumerate(whole, 1):
        if not isinstance(record, tuple):
            raise Refused(
                "It is a list, but not of records.", _REMEDY, file, number, value=_shown(record)
            )
    return [(number, list(record)) for number, record in enumerate(whole, 1)]


def _of_csv(text: str, file: str) -> list[Record]:
    header, *lines = list(csv.reader(io.StringIO(text, newline=""), strict=True)) or [[]]
    records = []
    for number, cells in enumerate(lines, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise Refused(
                f"The row has {len(cells)} cells under {len(header)} columns.",
                "Save the file again, whole.",
                file,
                number,
            )
        records.append((number, list(zip(header, cells, strict=True))))
    return records


def _once(number: int, cells: list[tuple[str, Any]], file: str) -> dict[str, tuple[str, Any]]:
    """The cells of a record by normalised name, each with the column's own. None stands twice:
    which of the two is meant nobody can tell."""
    row: dict[str, tuple[str, Any]] = {}
    for column, cell in cells:
        if normal(column) in row:
            raise Refused("The column stands twice.", "Take one out.", file, number, column)
        row[normal(column)] = column, cell
    return row


def _urn(row: dict[str, tuple[str, Any]], number: int, file: str) -> int:
    column, cell = row.get("urn", ("URN", ""))
    text = _text(cell).strip()
    if not (text.isascii() and text.isdecimal()) or len(text) > 7:
        raise Refused("The row has no URN.", _REMEDY, file, number, column, _shown(cell))
    return int(text)


def _check_twice(urns: list[int], rows: list[tuple[int, Any]], file: str) -> None:
    first: dict[int, int] = {}
    for urn, (number, _) in zip(urns, rows, strict=True):
        if urn in first:
            raise Refused(
                f"URN {urn} stands in two rows, {first[urn]} and {number}.",
                "Take one of them out.",
                file,
                number,
                "URN",
                str(urn),
            )
        first[urn] = number


def _columns(
    rows: list[tuple[int, dict[str, tuple[str, Any]]]],
) -> tuple[dict[str, npt.NDArray[np.float64]], dict[str, Wrong]]:
    """Every column that any record names: its numbers, and its first cell that is none."""
    names = dict.fromkeys(name for _, row in rows for name in row if name != "urn")
    columns = {name: np.full(len(rows), np.nan) for name in names}
    wrong: dict[str, Wrong] = {}
    for at, (number, row) in enumerate(rows):
        for name in names.keys() & row.keys():
            column, cell = row[name]
            found = read(_text(cell))
            if not isinstance(found, Reason):
                columns[name][at] = found
            elif found is Reason.UNREADABLE:
                wrong.setdefault(name, Wrong(number, column, _shown(cell)))
    return columns, wrong


def _text(cell: Any) -> str:
    """A cell as text. What is neither text nor a number keeps a form that is no number."""
    return "" if cell is None else str(cell)


def _shown(cell: Any) -> str:
    return _text(cell)[:_SHOWN]
