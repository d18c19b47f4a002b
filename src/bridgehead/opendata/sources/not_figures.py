"""Files that come with the figures but hold none: recognised, so that a whole folder loads.

Descriptions of columns, lists of codes, the DfE's map of its own service and the inputs of its
similar-schools service, grants in the 360Giving standard, spreadsheets of abbreviations, notes.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from bridgehead.opendata.kind import normal

_ROWS_LOOKED_AT = 20
_UNPACKED = 2_000_000  # bytes of each part of a workbook that are looked at, however large it says
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
_BOUND = {".pdf", ".docx"}
_PROSE = {".md", ".txt", ".rst"}
#: What it is, and the columns (normalised) that all stand in its header; ``|`` separates choices.
_HEADERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "description of columns",
        (
            "fieldname|colname|variable|metafileheading|fieldreference|columnname|columnheading",
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
    if suffix in _BOUND:
        return "notes"
    if suffix == ".json":
        return _json_says(data)
    if suffix == ".xlsx" and data.startswith(b"PK"):
        return _sheet_says(data)
    return None


def is_prose(path: Path, data: bytes) -> bool:
    """Whether a file that no kind recognises is a page of notes. Ask last: a table may be saved
    as ``.txt``."""
    return (
        path.suffix.casefold() in _PROSE
        and bool(data.strip())
        and not data.lstrip().startswith(b"<")
    )


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
    """By the words of the first rows of the first sheet. Only so much is unpacked as those need: a
    workbook of two kilobytes can claim rows and columns that no machine has room for."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            texts = [_words(part) for part in _parts(book, "xl/sharedStrings.xml", "si")]
            rows = islice(_parts(book, "xl/worksheets/sheet1.xml", "row"), _ROWS_LOOKED_AT)
            words = " ".join(_cell(cell, texts) for row in rows for cell in row)
    except _BROKEN:
        return None
    return "list of abbreviations" if "abbreviation" in words.casefold() else None


def _parts(book: zipfile.ZipFile, name: str, tag: str) -> Iterator[ElementTree.Element]:
    """The elements of one tag at the beginning of a part of a workbook; none where it is absent."""
    info = book.NameToInfo.get(name)
    if info is None or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return
    parser: Any = ElementTree.XMLPullParser(["end"])
    with book.open(info) as part:
        parser.feed(part.read(_UNPACKED))
    for _, element in parser.read_events():
        if element.tag.rpartition("}")[2] == tag:
            yield element


def _cell(cell: ElementTree.Element, texts: list[str]) -> str:
    """The words of a cell, which a shared one gives as a number."""
    words = _words(cell)
    if cell.get("t") != "s":
        return words
    return texts[int(words)] if words.isdecimal() and int(words) < len(texts) else ""


def _words(element: ElementTree.Element) -> str:
    return "".join(element.itertext())
