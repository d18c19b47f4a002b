"""Arguments that several commands take, and what is said of one that is wrong."""

import argparse
from datetime import date


def urn(text: str) -> int:
    """A school's number. Raises argparse's error in plain words, never ``invalid int value``."""
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a URN: six digits, such as 142999")
    return int(text)


def day(text: str) -> date:
    """A date. Raises argparse's error in plain words, never ``invalid fromisoformat value``."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-11-22") from error
