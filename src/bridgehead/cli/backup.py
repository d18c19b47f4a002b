"""``bridgehead backup``: the database and the files of a home in one file."""

import argparse
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import django
from django.db import DatabaseError, connection

from bridgehead.cli.archive import databases, reading, staging
from bridgehead.cli.archive.manifest import DATABASE, Manifest
from bridgehead.cli.archive.places import BACKUPS, KEYS
from bridgehead.cli.archive.writing import write
from bridgehead.cli.consoles import steps
from bridgehead.core.errors import Refused
from bridgehead.core.home import home

_HELP = f"""\
Write everything that the site keeps into one file: the database (SQLite or PostgreSQL), releases,
pictures, and whatever else lies in the home folder. The site may go on running meanwhile.

Left out are what the program makes again, and the keys ({", ".join(KEYS)}): keep those apart from
backups, in the authority's safe for passwords. Without them a restored site works; people sign in
again. The file holds what schools said in confidence: keep it as you would keep the site.
"""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "backup",
        help="everything that the site keeps, in one file",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="FILE",
        help="where to, a name that is free; without it, a name with the time in it, in the "
        "folder backups of the home",
    )
    parser.add_argument(
        "--verify", action="store_true", help="read the file again and compare every digest"
    )
    parser.add_argument("--json", action="store_true", help="what was written, as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the backup. Refused (exit code 1) where the database does not answer or the file cannot
    be written; no half of one is left."""
    start_django()
    now, place = datetime.now(UTC), home()
    target = args.file or named(place, "bridgehead", now)
    staging.settled(place, connection)
    with staging.unmoved(place):
        try:
            made = write(target, home=place, connection=connection, now=now, on_progress=steps())
        except DatabaseError as error:
            raise unanswered(error) from error
    if args.verify:
        reading.verify(target, steps())
    if args.json:
        about = made.as_dict() | {"file": str(target), "size": target.stat().st_size}
        print(json.dumps(about | {"verified": args.verify}, ensure_ascii=False, indent=1))
    else:
        print(f"Backed up to {target}: {told(made)}, {target.stat().st_size:,} bytes.")
        for name in made.left_out:
            print(f"Not in it: {name}. Keep a copy of it elsewhere.")
    return 0


def start_django() -> None:
    """The site's settings and models."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgehead.config.settings")
    django.setup()


def named(place: Path, what: str, now: datetime) -> Path:
    """A free name for a backup in the home's own folder of them."""
    return place / BACKUPS / f"{what}-{now:%Y%m%dT%H%M%S%fZ}.zip"


def told(manifest: Manifest) -> str:
    """What a backup holds, in words."""
    rows = sum(manifest.rows.values())
    files = sum(name.startswith("files/") for name in manifest.parts)
    return f"{rows:,} rows of {len(manifest.rows)} tables, {files:,} files"


def unanswered(error: DatabaseError) -> Refused:
    """The refusal where the database does not answer."""
    return Refused(f"the database does not answer: {error}.", "Check DATABASE_URL.")


def before_upgrade() -> Path | None:
    """A backup of the database alone, which an upgrade is about to change; None where it holds
    nothing that somebody has put there. Raises ``Refused`` where it cannot be written."""
    if not databases.holds_rows(connection):
        return None
    now, place = datetime.now(UTC), home()
    target = named(place, "before-upgrade", now)
    write(target, home=place, connection=connection, now=now, holds=(DATABASE,))
    reading.verify(target)
    return target
