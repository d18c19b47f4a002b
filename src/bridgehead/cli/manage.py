"""``bridgehead manage …``: Django's own commands, and ours for setting a site up."""

import argparse
import os

from django.core.management import execute_from_command_line
from django.db import DatabaseError

from bridgehead.cli.backup import before_upgrade, start_django, unanswered
from bridgehead.core.home import home

_HELP = """\
Run a management command of the site.

  bridgehead manage migrate        bring the database into step with the program
  bridgehead manage set_up …       a partnership, its schools, its first administrator
  bridgehead manage disable_person E-MAIL
                                   take a person's sign-in away; enable_person gives it back
  bridgehead manage seal_views     seal who saw what; a timer runs it every few minutes
  bridgehead manage delete_due     delete what has had its time; a timer runs it once a day
  bridgehead manage export_person E-MAIL --to FILE
                                   all that is held about a person, in a file
  bridgehead manage erase_person E-MAIL --why REASON
                                   take a person's name out of everything that lives
  bridgehead manage help           all the others
"""

#: Words with which ``migrate`` changes nothing.
_ONLY_LOOK = {"--check", "--plan", "--help", "-h"}


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "manage",
        help="set the site up, migrate its database, check its ledger",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND …")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Hand the words over to Django, which exits with 1 where its command fails."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgehead.config.settings")
    home()
    if args.words[:1] == ["migrate"] and not _ONLY_LOOK & set(args.words):
        _keep_database()
    execute_from_command_line(["bridgehead manage", *(args.words or ["help"])])
    return 0


def _keep_database() -> None:
    """Back the database up before it is migrated, forward or back."""
    start_django()
    try:
        kept = before_upgrade()
    except DatabaseError as error:
        raise unanswered(error) from error
    if kept:
        print(f"The database was backed up to {kept}", flush=True)
