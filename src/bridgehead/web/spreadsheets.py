"""Text that leaves the site for a spreadsheet."""

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
