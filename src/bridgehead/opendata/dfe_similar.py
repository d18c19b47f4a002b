"""The file of inputs of the Department for Education's similar-schools service, as JSON (a list of
records) or CSV. Not a release: it is read for one question and not kept."""

import csv
import io
import json
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Inputs:
    """``urns`` of the schools of a file, and its ``columns`` by normalised name: NaN where there
    is a code (``NA``) or nothing in place of a number."""

    file: str
    urns: npt.NDArray[np.int64]
    columns: dict[str, npt.NDArray[np.float64]]


def read_inputs(path: Path) -> Inputs:
    """Read a file of inputs. Raises ``Refused`` with the row and the column."""
    if not path.is_file():
        raise Refused("There is no such file.", "Check its path.", file=str(path))
    text = read_text(path).removeprefix("\ufeff")
    try:
        rows = _rows(text)
    except (ValueError, csv.Error, RecursionError) as error:
        raise Refused(f"The file cannot be read: {error}.", _REMEDY, file=str(path)) from error
    if not rows:
        raise Refused("The file holds no schools.", _REMEDY, file=str(path))
    by_name = [{normal(str(key)): cell for key, cell in row.items()} for row in rows]
    urns = np.array([_urn(row, n, path) for n, row in enumerate(by_name, 1)], dtype=np.int64)
    if len(np.unique(urns)) < len(urns):
        ordered, counts = np.unique(urns, return_counts=True)
        twice = int(ordered[counts > 1][0])
        raise Refused(f"URN {twice} stands in two rows.", _REMEDY, file=str(path))
    names = [name for name in by_name[0] if name != "urn"]
    return Inputs(
        str(path),
        urns,
        {name: np.array([_number(row.get(name)) for row in by_name]) for name in names},
    )


def _rows(text: str) -> list[dict[str, Any]]:
    if not text.lstrip().startswith("["):
        header, *lines = list(csv.reader(io.StringIO(text))) or [[]]
        rows = []
        for number, cells in enumerate(lines, 2):
            if any(cells):
                if len(cells) != len(header):
                    raise ValueError(
                        f"line {number} has {len(cells)} cells under {len(header)} columns"
                    )
                rows.append(_once(list(zip(header, cells, strict=True))))
        return rows
    rows = json.loads(text, object_pairs_hook=_once)
    if not all(isinstance(row, dict) for row in rows):
        raise ValueError("it is a list, but not of records")
    return list(rows)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A record, no column of which stands twice: which of the two is meant nobody can tell."""
    names = [normal(name) for name, _ in pairs]
    for n, name in enumerate(names):
        if name in names[:n]:
            raise ValueError(f"column {pairs[n][0]!r} stands twice")
    return dict(pairs)


def _urn(row: dict[str, Any], number: int, path: Path) -> int:
    text = str(row.get("urn", "")).strip()
    if not text.isdecimal() or len(text) > 7:
        raise Refused(
            "A row has no URN.", _REMEDY, file=str(path), row=number, column="URN", value=text[:40]
        )
    return int(text)


def _number(cell: Any) -> float:
    found = read("" if cell is None else str(cell))
    return float("nan") if isinstance(found, Reason) else found
