"""Bytes → text that can be read as a table, or a plain refusal.

Nothing here knows schools: only what a file is made of, be it text, a picture or a web page.
"""

import codecs
import re
from dataclasses import dataclass

from bridgehead.core.errors import Refused

MOST_BYTES = 2_000_000_000
_EXPECTED = "Expected a table as text (CSV)"
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or a spreadsheet"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"PAR1", "a Parquet file"),
)
_HTML = re.compile(rb"\s*<(!doctype|html|head|body|\?xml|div|title)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Text:
    """The whole file as UTF-8 bytes without a byte order mark, with ``\\n`` ending its lines."""

    data: bytes
    encoding: str


def open_text(data: bytes) -> Text:
    """Find out the encoding. Raises ``Refused`` for what is not text, saying what it is."""
    if not data[:1000].strip() and not data.strip():
        raise Refused(f"{_EXPECTED}, found an empty file.", "Download it again.")
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise Refused(f"{_EXPECTED}, found {what}.", "Unpack it, or save the sheet as CSV.")
    if len(data) > MOST_BYTES:
        raise Refused(f"The file is larger than {MOST_BYTES:,} bytes.", "Load it in parts.")
    text = _decode(data)
    if _HTML.match(text.data[:1000]):
        raise Refused(
            f"{_EXPECTED}, found a web page (HTML), perhaps an error page under the file's name.",
            "Download the file again and look at it before loading.",
        )
    if (at := text.data.find(b"\0")) >= 0:
        row = text.data.count(b"\n", 0, at) + 1
        raise Refused(f"{_EXPECTED}, found NUL bytes.", "Download it again.", row=row)
    if b"\n" not in text.data and b"\r" in text.data:
        return Text(text.data.replace(b"\r", b"\n"), text.encoding)
    return text


def _decode(data: bytes) -> Text:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return Text(data.decode("utf-16").encode(), "utf-16")
        except UnicodeDecodeError as error:
            raise Refused(
                "The file begins as UTF-16 but is broken.", "Download it again."
            ) from error
    data = data.removeprefix(codecs.BOM_UTF8)
    if data.isascii():
        return Text(data, "utf-8")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as bad_utf8:
        try:
            return Text(data.decode("cp1252").encode(), "cp1252")
        except UnicodeDecodeError as error:
            row = data.count(b"\n", 0, bad_utf8.start) + 1
            raise Refused(
                "The text is neither UTF-8 nor Windows-1252.",
                "Save it again as 'CSV UTF-8'.",
                row=row,
            ) from error
    return Text(data, "utf-8")
