"""Files that come with the figures but hold none: recognised, so that a whole folder loads.

Descriptions of columns, lists of codes, the DfE's map of its own service and the inputs of its
similar-schools service, grants in the 360Giving standard, spreadsheets of abbreviations, notes.
"""

import json
from pathlib import Path

import fastexcel

from bridgehead.opendata.kind import normal

_NOTES = {".md", ".txt", ".rst", ".pdf", ".docx"}
#: What it is, and the columns (normalised) that all stand in its header; ``|`` separates choices.
_HEADERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "description of columns",
        (
            "fieldname|variable|metafileheading|fieldreference|columnname|columnheading",
            "labeldescription|description|label|metafiledescription|values|fielddescription",
        ),
    ),
    ("list of authority and region codes", ("lea|la|lacode", "laname", "region|regioncode")),
    ("map of the DfE's comparison service", ("range", "ref", "propertyname")),
    ("grants (360Giving)", ("identifier", "title", "currency", "amountawarded", "awarddate")),
    ("list of abbreviations", ("abbreviation|abbreviations|code", "meaning|description")),
    ("similar-schools groups", ("urn", "neighboururn")),
)
_JSON_KEYS: tuple[tuple[str, frozenset[str]], ...] = (
    ("similar-schools groups", frozenset({"URN", "NeighbourURN"})),
    ("similar-schools values", frozenset({"URN", "PPPerc"})),
    ("similar-schools deviations", frozenset({"RowCount", "PPPerc"})),
)


def header_says(columns: list[str]) -> str | None:
    """What a table without figures is, by its header; ``None`` when it is not known as one."""
    have = {normal(c) for c in columns}
    for what, marks in _HEADERS:
        if all(have & set(mark.split("|")) for mark in marks):
            return what
    return None


def file_says(path: Path, data: bytes) -> str | None:
    """What a file is that is no CSV table: JSON, a spreadsheet, notes. ``None`` when not known."""
    suffix = path.suffix.casefold()
    if suffix in _NOTES and data.strip() and data.lstrip()[:1] != b"<":
        return "notes"
    if suffix == ".json":
        return _json_says(data)
    if suffix == ".xlsx" and data.startswith(b"PK"):
        return _sheet_says(data)
    return None


def _json_says(data: bytes) -> str | None:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict) and ("grants" in value or "360" in str(value.get("title", ""))):
        return "grants (360Giving)"
    if isinstance(value, dict) and "$schema" in value:
        return "JSON schema"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return next((what for what, keys in _JSON_KEYS if keys <= value[0].keys()), None)
    return None


def _sheet_says(data: bytes) -> str | None:
    try:
        sheet = fastexcel.read_excel(data).load_sheet(0, header_row=None, n_rows=20).to_polars()
    except (fastexcel.FastExcelError, ValueError, OSError):
        return None
    words = " ".join(str(cell) for row in sheet.rows() for cell in row if cell is not None)
    return "list of abbreviations" if "abbreviation" in words.casefold() else None
