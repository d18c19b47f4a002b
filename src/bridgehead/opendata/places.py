"""Whether cells stand under their names. What stands under another's is no figure, and is not
taken for one."""

from collections import Counter

import polars as pl

from bridgehead.core.errors import Refused
from bridgehead.core.figures import Reason
from bridgehead.opendata.codes import read
from bridgehead.opendata.describe import dates
from bridgehead.opendata.kind import Kind, Role, normal
from bridgehead.opendata.table import Header, Table

_ENOUGH_ROWS = 100
_COMPARE = "The header may name a column too many or too few; compare it with the first row."


def check_once(kind: Kind, header: Header, year: int | None) -> None:
    """Refuse a header in which a column that is read stands twice, in any case and spacing: which
    of the two is meant nobody can tell."""
    times = Counter(normal(name) for name in header.printed if normal(name))
    twice = [name for name in header.printed if times[normal(name)] > 1]
    for name in twice:
        if kind.role(name, year) not in (Role.UNKNOWN, Role.PERSON):
            raise Refused(
                f"The column stands {times[normal(name)]} times in the header.",
                "Take all but the true one out, or download the file again.",
                row=1,
                column=name,
            )


def check_widths(table: Table, header: Header, kind: Kind) -> None:
    """Refuse a row of figures or grades with more cells than the header has columns: after a comma
    too many, cells stand under another's name.

    Of a tidy file, whose rows are of one width as published, refuse too a row that is wider than
    others, and one of another width where quotes stand out of place.
    """
    if kind.spills:
        return  # ``spill`` sees to what may stand there
    columns = len(header.columns)
    astray = pl.Series([False]).new_from_index(0, len(table.widths))
    if beyond := table.columns[columns:]:
        filled = (pl.col(c).fill_null("").str.strip_chars() != "" for c in beyond)
        astray = table.cells.select(pl.any_horizontal(filled)).to_series()
    if kind.tidy is not None and table.quotes_astray:
        astray = astray | pl.Series(table.widths != columns)
    wide = table.widths > columns
    if kind.tidy is not None and not wide.all():  # a comma after every row is no harm
        astray = astray | pl.Series(wide)
    if astray.any():
        at = int(astray.arg_max() or 0)
        raise Refused(
            f"The row has {table.widths[at]} cells under {columns} columns, so that they do not "
            "stand under their names: a comma or a quote may stand in a cell that is not quoted.",
            "Correct the row, or download the file again.",
            row=int(table.numbers[at]),
        )


def one_short(table: Table, header: Header) -> str | None:
    """A note where every row is a field shorter than the header, as some extracts of the register
    are: the header then names one column too many, at its end. ``None`` otherwise."""
    if not table.widths.size or not (table.widths == len(header.columns) - 1).all():
        return None
    return (
        f"every row is one field shorter than the header: its last column, {header.columns[-1]}, "
        "holds nothing"
    )


def check_places(frame: pl.DataFrame, kind: Kind) -> None:
    """Refuse rows whose cells do not stand under their names, as when the header names a column too
    many in its midst: then a column of numbers or of dates holds hardly any."""
    numbers = [kind.find(frame.columns, names) for names in (kind.la, kind.establishment)]
    days = [kind.find(frame.columns, (name,)) for name in kind.dates]
    for column in [*numbers, *days]:
        if column is None:
            continue
        text = frame[column].drop_nulls()
        text = text.filter(text.str.strip_chars() != "").head(_ENOUGH_ROWS)
        read = (
            dates(text) if column in days else text.str.strip_chars().cast(pl.Int64, strict=False)
        )
        if read.count() * 2 < text.len():
            what = "dates" if column in days else "numbers"
            raise Refused(
                f"The cells do not stand under their names: a column of {what} holds other things.",
                _COMPARE,
                row=1,
                column=column,
                value=text[0],
            )


def check_figures(frame: pl.DataFrame, roles: dict[str, Role]) -> None:
    """Refuse rows of another width than the header where a column of figures holds hardly any."""
    for column in (c for c in frame.columns if roles.get(c) is Role.FIGURE):
        text = frame[column].drop_nulls().head(_ENOUGH_ROWS)
        astray = [one for one in text if read(one) is Reason.UNREADABLE]
        if len(astray) * 2 > text.len():
            raise Refused(
                "The cells do not stand under their names: a column of figures holds other things.",
                _COMPARE,
                row=1,
                column=column,
                value=astray[0],
            )
