"""``bridgehead manage export_person``: everything held about a person, in a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bridgehead.accounts.queries import person_at
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.records.actions import make_person_file
from bridgehead.records.queries.addresses import somebody_at


class Command(BaseCommand):
    """Of every partnership; told of in the ledger of the installation."""

    help = "Write everything that is held about a person into a ZIP; names of others are roles."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the person's e-mail address")
        parser.add_argument("--to", required=True, metavar="FILE", help="where to write it")

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_at(options["email"]) or somebody_at(options["email"], None)
        if person is None:
            raise CommandError(
                f"nobody signs in with {options['email']}, and nothing else is held under it"
            )
        target = Path(options["to"])
        if target.exists():
            raise CommandError(f"{target} is there already: name another file")
        content, _ = make_person_file(person=person, by=COMMAND_LINE)
        target.touch(mode=0o600)
        target.write_bytes(content)
        self.stdout.write(f"{target}: what is held about {person}.")
