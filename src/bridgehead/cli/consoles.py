"""Where the tables of the terminal are printed, and where long work is told of."""

import sys
from collections.abc import Callable

from rich.console import Console

from bridgehead.core.printable import printable

_WIDE = 120


class Pipe(Console):
    """A console whose reader may go: ``bridgehead show URN | head`` has done what was asked. Rich
    would end the program with exit code 1, as though it had failed; the door ends it with 0."""

    def on_broken_pipe(self) -> None:
        """Tell the door."""
        raise BrokenPipeError


def wide() -> Console:
    """A console that gives tables room where nobody's window cuts them off."""
    console = Pipe()
    return console if console.is_terminal else Pipe(width=max(console.width, _WIDE))


def steps() -> Callable[[str, int, int], None]:
    """Tells of long work on the error stream: on a terminal one line that changes; elsewhere one
    line for each tenth of it."""
    terminal = sys.stderr.isatty()

    def tell(what: str, done: int, total: int) -> None:
        if terminal:
            last = "\r\x1b[K" if done + 1 == total else ""
            line = printable(f"{done + 1} of {total}: {what}")[:79]
            print(f"\r\x1b[K{line}{last}", end="", file=sys.stderr, flush=True)
        elif done % max(1, total // 10) == 0:
            print(f"{done + 1} of {total}: {printable(what)}", file=sys.stderr, flush=True)

    return tell
