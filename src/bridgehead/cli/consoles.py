"""Where the tables of the terminal are printed."""

from rich.console import Console

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
