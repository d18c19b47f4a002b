"""The end of every ledger, written down outside the database: ``audit/ledger-7.heads`` in the home
folder has a line ``NUMBER DIGEST`` for every line of ledger 7.

Appended only after the database has kept the line. Where the machine stops between the two, the
database is ahead of the file, which is no alarm; the file is never ahead of the database unless
lines were cut off. It only grows: a ledger that was cut off and went on under other lines does not
agree with the file either.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

_WHOLE = re.compile(r"([0-9]+) ([0-9a-f]{64})")
#: What a machine that stopped in the middle of a line leaves of it.
_TORN = re.compile(r"[0-9]*( [0-9a-f]{0,63})?")


@dataclass(frozen=True, slots=True)
class Heads:
    """Line numbers and digests that the file of one ledger vouches for. ``unreadable`` is the
    number of the file's first line that Bridgehead did not write, 0 where there is none."""

    digests: dict[int, str]
    unreadable: int = 0

    @property
    def newest(self) -> int:
        """The highest line that the file knows of; 0 without a file."""
        return max(self.digests, default=0)


def folder() -> Path:
    """Where the files are."""
    return Path(settings.HOME) / "audit"


def write(ledger: int, number: int, digest: str) -> None:
    """Add a line, in one write that several processes may make at once, and flush it to disk."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    # It begins on a line of its own even where an earlier one was torn.
    text = f"\n{number} {digest}\n".encode()
    handle = os.open(_file(ledger), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, text)
        os.fsync(handle)
    finally:
        os.close(handle)


def read(ledger: int) -> Heads:
    """What the file of a ledger says; nothing where there is none."""
    try:
        text = _file(ledger).read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return Heads({})
    digests: dict[int, str] = {}
    for n, line in enumerate(text.splitlines(), 1):
        if match := _WHOLE.fullmatch(line):
            number, digest = int(match[1]), match[2]
            if digests.setdefault(number, digest) != digest:
                return Heads(digests, n)
        elif not _TORN.fullmatch(line):
            return Heads(digests, n)
    return Heads(digests)


def ledgers() -> set[int]:
    """The ledgers that have a file."""
    found = (re.fullmatch(r"ledger-([0-9]+)", path.stem) for path in folder().glob("*.heads"))
    return {int(match[1]) for match in found if match}


def set_aside(ledger: int, mark: str) -> None:
    """Keep the file of a ledger under another name, which is no longer read."""
    file = _file(ledger)
    if file.exists():
        file.rename(file.with_name(f"{file.stem}.heads-until-{mark}"))


def _file(ledger: int) -> Path:
    return folder() / f"ledger-{ledger}.heads"
