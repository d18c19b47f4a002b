"""What is not text is refused by saying what it is."""

import pytest

from bridgehead.core.errors import Refused
from bridgehead.opendata.text import open_text


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"\x89PNG\r\n\x1a\n0000", "PNG"),
        (b"PK\x03\x04rest", "zip"),
        (b"%PDF-1.7", "PDF"),
        (b"<!DOCTYPE html><html><body>503</body></html>", "web page"),
        (b"\n <html><head><title>Sorry</title>", "web page"),
        (b"URN,NAME\n1,a\x00b\n", "NUL"),
        (b"URN,NAME\n1,caf\x81\n", "neither UTF-8 nor Windows-1252"),
    ],
)
def test_a_refusal_names_what_was_found(data: bytes, what: str) -> None:
    with pytest.raises(Refused, match=what):
        open_text(data)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("﻿A,B\n1,é\n".encode(), "utf-8"),
        ("A,B\n1,é\n".encode("cp1252"), "cp1252"),
        ("A,B\n1,é\n".encode("utf-16"), "utf-16"),
    ],
)
def test_encodings_are_found_out(data: bytes, encoding: str) -> None:
    text = open_text(data)
    assert text.encoding == encoding
    assert text.data.decode() == "A,B\n1,é\n"


def test_old_line_ends_become_new_ones() -> None:
    assert open_text(b"A,B\r1,2\r").data == b"A,B\n1,2\n"


def test_the_row_of_a_bad_byte_is_named() -> None:
    with pytest.raises(Refused) as refused:
        open_text(b"A\nb\nc\x00\n")
    assert refused.value.row == 3
