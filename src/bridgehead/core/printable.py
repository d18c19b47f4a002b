"""Text from elsewhere that is shown or kept."""

from typing import Any


def printable(text: str) -> str:
    """The text with what cannot be seen written as an escape: line breaks, codes that command a
    terminal, marks that turn the direction of writing, bytes of a file's name that are no text."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text
    )


def place(request: Any) -> str:
    """Which page was asked for, by its route: an address may hold a word that opens a door."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else "no page"
