"""What leaves the site for a spreadsheet."""

import csv
from collections.abc import Iterable

from django.http import HttpResponse

#: What begins a formula, also as Excel reads it in East Asian settings.
_LIVE = frozenset(
    "=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
_BREAKS = frozenset("\t\r\n")


def inert(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it: where it begins with
    a tab, a line break or the sign of a formula. Spaces and marks that nobody sees, such as a
    byte order mark, do not hide the sign, because a spreadsheet may pass over them."""
    first = next((c for c in text if c.isprintable() and not c.isspace()), "")
    return f"'{text}" if first in _LIVE or text[:1] in _BREAKS else text


def csv_response(name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    """Rows as a CSV download for spreadsheets: UTF-8 with BOM, CRLF, and no live formula."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    csv.writer(response).writerows([_cell(value) for value in row] for row in rows)
    return response


def _cell(value: object) -> str:
    """One field. Nothing is nothing, a number stays a number, and other text is inert."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return repr(round(value, 6)) if isinstance(value, float) else str(value)
    return inert(str(value))
