"""``bridgehead audit``: is everything that was written down as it was written?"""

import argparse
import json
import os
from dataclasses import asdict
from importlib import import_module
from typing import Any

import django
from django.db import DatabaseError, transaction

from bridgehead.accounts.database import pending_migrations
from bridgehead.cli.terminal import inert
from bridgehead.core.errors import Refused

_HELP = """\
Check what people did and what they saw, as it was written down.

Every line of every ledger is checked against its seal and the line before, the end of each against
the copy outside the database, every sighting of a protected page against its seal and its batch,
and every pseudonym. The first thing of each ledger that is not as it was written is named.
"""
_ACCEPT = """\
Begin the copy of the ledgers' ends outside the database anew, where it does not agree with them.

For one case: an older copy of the database was put back, so that lines written since are gone. The
ledger gets a line that says so, with the reason and what was known before; the old file is kept.
"""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "audit", help="is everything as it was written down?", description=_HELP
    )
    parts = parser.add_subparsers(title="parts", metavar="PART", required=True)
    verify = parts.add_parser(
        "verify",
        help="check every line; exit code 1 where one is not as it was written",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verify.add_argument("--json", action="store_true", help="print the result as JSON")
    verify.set_defaults(run=run_verify)
    accept = parts.add_parser(
        "accept",
        help="after an older copy of the database was put back: begin the outside copy anew",
        description=_ACCEPT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    accept.add_argument("--why", required=True, metavar="REASON", help="kept in the ledger")
    accept.set_defaults(run=run_accept)


def run_verify(args: argparse.Namespace) -> int:
    """Check everything; 1 where something is not as it was written."""
    ledgers, people = _audit("verify").verify()
    whole = not people and not any(one.problem for one in ledgers)
    if args.json:
        found = {"whole": whole, "ledgers": [asdict(one) for one in ledgers], "people": people}
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return int(not whole)
    for one in ledgers:
        name = f"Ledger {one.ledger}" if one.ledger else "Ledger of the installation"
        print(
            f"{name}: {one.lines} lines, known outside the database to line {one.outside}; "
            f"{one.views} sightings, {one.unsealed} of them in no batch yet"
            f"{f'; {one.deleted} more were deleted on time' if one.deleted else ''}."
        )
        if one.problem:
            print(inert(f"  NOT AS WRITTEN: {one.problem}."))
        elif one.lines and not one.outside:
            print("  Nothing outside the database says where it ends; the next line will.")
    if people:
        print(inert(f"People: NOT AS WRITTEN: {people}."))
    print("Everything is as it was written." if whole else "Not everything is as it was written.")
    return int(not whole)


def run_accept(args: argparse.Namespace) -> int:
    """Begin the outside copy anew where the database is behind it; nothing elsewhere."""
    reason = str(args.why).strip()
    if not reason:
        raise Refused("no reason is given.", "Say with --why what happened.")
    ledger = _audit("ledger")
    with transaction.atomic():
        done = ledger.accept_ends(why=reason)
    for number, known in done.items():
        print(f"Ledger {number}: begun anew; line {known} had been known before.")
    if not done:
        print("Every ledger agrees with the copy outside the database: nothing was changed.")
    return 0


def _audit(part: str) -> Any:
    """A module of the audit, once Django is set up and the database answers."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgehead.config.settings")
    django.setup()
    try:
        waiting = pending_migrations()
    except DatabaseError as error:
        raise Refused(f"the database does not answer: {error}.", "Check DATABASE_URL.") from error
    if waiting:
        raise Refused(
            f"the database is not in step with the program: {len(waiting)} migrations are pending.",
            "Make a copy of the database, then run: bridgehead manage migrate",
        )
    return import_module(f"bridgehead.accounts.audit.{part}")
