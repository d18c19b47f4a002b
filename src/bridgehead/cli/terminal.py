"""Text from files and arguments, made fit for a terminal."""

from rich.markup import escape

from bridgehead.core.printable import printable


def inert(text: str) -> str:
    """The text with its line breaks, and with every code that would command a terminal (colours, a
    title, the direction of writing) written as an escape."""
    return "\n".join(printable(line) for line in text.split("\n"))


def plain(text: str) -> str:
    """The same for a rich console, which would also take ``[red]`` in a school's name for its own
    mark-up."""
    return escape(inert(text))
