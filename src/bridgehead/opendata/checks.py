"""Whether a file is whole. A file that was cut short is refused rather than half loaded."""

import numpy as np
import polars as pl

from bridgehead.core.errors import Refused
from bridgehead.opendata.kind import Kind
from bridgehead.opendata.releases import MARKS
from bridgehead.opendata.rows import school_urns
from bridgehead.opendata.table import Header, Table

#: England rows have been seen a few columns short of the header, never more than 1 in 30.
_NATIONAL_SHARE = 0.75
_ENOUGH_ROWS = 100
_AGAIN = "The file is cut short: download it again."


def check_last_row(table: Table, header: Header) -> None:
    """Refuse a last row that is shorter than the header and as long as no other row."""
    if not table.widths.size:
        raise Refused("Expected rows below the header, found none.", "Download the file again.")
    last, expected = int(table.widths[-1]), len(header.columns)
    if last < expected and np.count_nonzero(table.widths == last) == 1:
        raise Refused(
            f"The last row has {last} fields, as no other row has; the header has {expected}.",
            _AGAIN,
            row=int(table.numbers[-1]),
        )
    _check_last_date(table, header)


def _check_last_date(table: Table, header: Header) -> None:
    """Refuse a file that ends within a date: a last cell shorter than every other in its column.
    Of other cells nobody can tell; of a few rows neither, as days may lack their nought."""
    column = header.columns[-1]
    if "date" not in column.casefold() or column not in table.cells.columns:
        return
    lengths = table.cells[column].str.len_chars().fill_null(0).to_numpy()
    if len(lengths) >= _ENOUGH_ROWS and 0 < lengths[-1] < lengths[:-1].min():
        raise Refused(
            f"The last date has {lengths[-1]} characters, every other at least "
            f"{lengths[:-1].min()}.",
            _AGAIN,
            row=int(table.numbers[-1]),
            column=column,
            value=table.cells[column][-1],
        )


def check_national(frame: pl.DataFrame, kind: Kind, header: Header, area: str) -> None:
    """Refuse a file that lacks the England rows which every whole file of its kind holds, or in
    which one of them stops so early that it must have been cut (schools' rows may; these do not).
    Absence and census of one authority may come without any; a file of many never does.
    """
    scopes = {scope for scope, _ in kind.national}
    rows = frame.select("_scope", "_phase", "_row", "_width")
    national = rows.filter(pl.col("_scope").is_in(scopes))
    found = set(national.select("_scope", "_phase").rows())
    if kind.national_mark and area != "england" and not found:
        return
    missing = [pair for pair in kind.national if pair not in found]
    if missing:
        names = " and ".join(_name(kind, scope, phase) for scope, phase in missing)
        raise Refused(
            f"Expected {names}, which every whole file of this kind holds; found none.", _AGAIN
        )
    for row, width in national.select("_row", "_width").iter_rows():
        if width < _NATIONAL_SHARE * len(header.columns):
            raise Refused(
                f"England's row has {width} fields; the header has {len(header.columns)}.",
                _AGAIN,
                row=row,
            )


def _name(kind: Kind, scope: str, phase: str | None) -> str:
    if phase is not None:
        return f"England's row for {phase} schools ({kind.national_mark})"
    mark = next(text for text, named in kind.scopes.items() if named == scope)
    what = "state-funded" if scope == "england" else "all schools"
    return f"England's row for {what} ({(kind.scope_column or '').upper()} {mark})"


def check_schools(frame: pl.DataFrame, kind: Kind) -> None:
    """Refuse a file none of whose rows names a school, where rows of its kind do. A tidy file may
    hold authorities and England alone; one of schools must have the column of their numbers."""
    if not kind.about_schools:
        return
    if kind.tidy is not None:
        _check_places(frame, kind)
    elif not school_urns(frame).len():
        raise Refused(
            "Expected a school's number (URN) in the rows, found none that is a number.",
            "Check that the columns are in their published order.",
            column="URN",
        )


def _check_places(frame: pl.DataFrame, kind: Kind) -> None:
    scope = frame["_scope"]
    school = scope == "school"
    first = int(frame["_row"][school.arg_max() or 0])
    urn = kind.find([c for c in frame.columns if c not in MARKS], kind.urn)
    if school.any() and urn is None:
        raise Refused(
            f"This looks like '{kind.title}' ({kind.key}), but a required column is missing: "
            "school_urn.",
            "Download the whole file again, or check that its header was not changed.",
            row=first,
        )
    if school.any() and not school_urns(frame).len():
        raise Refused(
            "Expected a school's number (URN) in the rows of schools, found none that is a number.",
            "Check that the columns are in their published order.",
            row=first,
            column=urn,
        )
    if (scope == "other").all():
        raise Refused(
            "Expected rows of schools, authorities or England, found none.",
            "Look at the column geographic_level: it says of what each row speaks.",
            row=int(frame["_row"][0]),
        )
