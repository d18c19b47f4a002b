"""``bridgehead restore FILE``: a home and its database as they were when a backup was made."""

import argparse
import json
from pathlib import Path

from django.db import DatabaseError, connection

from bridgehead.accounts.database import pending_migrations
from bridgehead.cli.archive import reading
from bridgehead.cli.archive.manifest import Manifest
from bridgehead.cli.archive.restoring import restore
from bridgehead.cli.backup import start_django, told, unanswered
from bridgehead.cli.consoles import steps
from bridgehead.core.home import home

_HELP = """\
Put BRIDGEHEAD_HOME and its database into the state of a backup: all of it or nothing.

The database may be another than the backup's: SQLite where DATABASE_URL is empty, else PostgreSQL.
Every digest is compared before anything is changed. A home that holds something is refused unless
you say --replace. Stop the site first; a restore does not stop it for you.
"""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "restore",
        help="the home and database of a backup",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a file that backup has written")
    parser.add_argument(
        "--verify", action="store_true", help="compare every digest and restore nothing"
    )
    parser.add_argument(
        "--replace", action="store_true", help="give up what the home and database hold now"
    )
    parser.add_argument("--json", action="store_true", help="what was restored, as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Restore. Refused (exit code 1) with nothing changed; see ``archive.restoring``."""
    if args.verify:
        _tell(args, reading.verify(args.file, steps()), restored=False)
        return 0
    start_django()
    try:
        done = restore(
            args.file,
            home=home(),
            connection=connection,
            replace=args.replace,
            on_progress=steps(),
        )
        behind = bool(pending_migrations()) if done.migrations else False
    except DatabaseError as error:
        raise unanswered(error) from error
    _tell(args, done, restored=True)
    if behind and not args.json:
        print("The program is newer than the backup. Next: bridgehead serve --migrate")
    return 0


def _tell(args: argparse.Namespace, manifest: Manifest, *, restored: bool) -> None:
    if args.json:
        about = manifest.as_dict() | {"file": str(args.file), "restored": restored}
        print(json.dumps(about, ensure_ascii=False, indent=1))
        return
    what = f"Restored to {home()}" if restored else "The backup is whole"
    made = f"{manifest.made_at:%-d %B %Y, %H:%M} UTC"
    print(f"{what}: {told(manifest)}, of {made} by version {manifest.bridgehead}.")
