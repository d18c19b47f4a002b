"""``bridgehead manage …``: Django's own commands, and ours for setting a site up."""

import argparse
import os

from django.core.management import execute_from_command_line
from django.db import DatabaseError, OperationalError, ProgrammingError, connection

from bridgehead.accounts.database import pending_migrations
from bridgehead.cli.archive import databases
from bridgehead.cli.backup import before_upgrade, start_django, unanswered
from bridgehead.core.errors import Refused
from bridgehead.core.home import home

_HELP = """\
Run a management command of the site.

  bridgehead manage migrate        bring the database into step with the program
  bridgehead manage set_up …       a partnership, its schools, its first administrator
  bridgehead manage changepassword E-MAIL
                                   set somebody's password, typed twice
  bridgehead manage remove_second_factor E-MAIL
                                   for somebody whose phone and codes are lost
  bridgehead manage forget_account_elsewhere E-MAIL
                                   for somebody with a new Microsoft, Google or DfE account
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
        help="set the site up, migrate its database, look after its people",
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
    try:
        execute_from_command_line(["bridgehead manage", *(args.words or ["help"])])
    except (OperationalError, ProgrammingError) as error:
        raise _not_the_one(error) from error
    return 0


def _not_the_one(error: DatabaseError) -> Refused:
    """The refusal where the database is not that of a site, or of a site of an earlier program."""
    try:
        if databases.begun(connection) and not pending_migrations():
            return unanswered(error)
    except DatabaseError:
        return unanswered(error)
    return Refused(
        f"the database is not in step with the program ({error}).",
        f"Is {home()} the home that you meant (BRIDGEHEAD_HOME), and are the settings those of the "
        "site (DATABASE_URL)? If they are, run: bridgehead manage migrate",
    )


def _keep_database() -> None:
    """Back the database up before it is migrated, forward or back."""
    start_django()
    try:
        kept = before_upgrade()
    except DatabaseError as error:
        raise unanswered(error) from error
    if kept:
        print(f"The database was backed up to {kept}", flush=True)
