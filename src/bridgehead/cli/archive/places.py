"""What of a home belongs into a backup."""

import os
from collections.abc import Iterator
from pathlib import Path

#: Made again by the program, or told by the rows of the database.
_MADE_AGAIN = {"static", "backups"}
#: Kept apart from backups: whoever finds one of those must not be able to sign in the site's name.
KEYS = ("secret-key", "audit-key")
#: Stays where it is, whatever comes and goes: the ends of the ledgers vouch against an older
#: database that is put in the place of a newer one, so a restore must not make them fit.
_VOUCHES = "audit"
#: Where backups go that nobody has named.
BACKUPS = "backups"


def entries(home: Path, database: Path | None) -> list[Path]:
    """The files and folders at the top of a home that a backup keeps and a restore replaces. Names
    with a dot in front are half-made things, locks and the like. Whatever else is there is kept, so
    that what a later version puts there is not forgotten."""
    if not home.is_dir():
        return []
    rows = {path.name for path in database_files(database)} if database is not None else set()
    return sorted(p for p in home.iterdir() if p.name not in rows and belongs(p.name))


def belongs(name: str) -> bool:
    """Whether something of this name at the top of a home belongs into a backup."""
    return (
        name not in {*_MADE_AGAIN, *KEYS, _VOUCHES} and ".sqlite3" not in name and not _hidden(name)
    )


def database_files(database: Path) -> list[Path]:
    """The embedded database and what SQLite keeps beside it, whether or not they are there."""
    return [database, *(Path(f"{database}{end}") for end in ("-wal", "-shm", "-journal"))]


def files(home: Path, database: Path | None) -> Iterator[tuple[str, Path]]:
    """Every file to keep, with its name in the backup, such as ``files/releases/…``. A folder at
    the top may be a link to another disk; a link further down to a folder is not followed."""
    for entry in entries(home, database):
        if entry.is_file():
            yield f"files/{entry.name}", entry
        for folder, inner, names in os.walk(entry):
            inner[:] = sorted(name for name in inner if not _hidden(name))
            for name in sorted(names):
                path = Path(folder, name)
                if not _hidden(name) and path.is_file():
                    yield f"files/{path.relative_to(home).as_posix()}", path


def _hidden(name: str) -> bool:
    return name.startswith(".")
