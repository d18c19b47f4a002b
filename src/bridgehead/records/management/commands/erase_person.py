"""``bridgehead manage erase_person``: takes a person's name out of everything that lives."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bridgehead.accounts.queries import person_at
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.records.actions import erase_address, erase_person
from bridgehead.records.queries.addresses import somebody_at


class Command(BaseCommand):
    """In every partnership; told of in the ledger of the installation."""

    help = "Erase a person: appointments and sessions end, name and address go, decisions stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the person's e-mail address")
        parser.add_argument("--why", required=True, help="kept in the audit; name nobody")

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_at(options["email"])
        if person is None and somebody_at(options["email"], None) is None:
            raise CommandError(
                f"nobody signs in with {options['email']}, and nothing else is held under it"
            )
        why = options["why"].strip()
        if not why:
            raise CommandError("say with --why what for")
        if person is None:
            done = erase_address(address=options["email"], why=why, by=COMMAND_LINE)
        else:
            done = erase_person(person=person, why=why, by=COMMAND_LINE)
        self.stdout.write(f"Erased; {done.ended} appointments ended.")
        for name, count in done.replaced.items():
            self.stdout.write(f"Name taken out: {name}, {count}")
        for name, count in done.left.items():
            self.stdout.write(f"Still named, since it never changes: {name}, {count}")
