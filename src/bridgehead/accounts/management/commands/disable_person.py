"""``bridgehead manage disable_person``: takes a person's sign-in away, at once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bridgehead.accounts.actions import disable_person
from bridgehead.accounts.queries import person_at
from bridgehead.accounts.rules import COMMAND_LINE


class Command(BaseCommand):
    """Told of in the ledger of the installation; doing it again changes nothing."""

    help = "Take a person's sign-in away. Every session of theirs ends at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the person's e-mail address")

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_at(options["email"])
        if person is None:
            raise CommandError(f"nobody signs in with {options['email']}")
        disable_person(person=person, by=COMMAND_LINE)
        self.stdout.write(f"{person} cannot sign in any more; every session has ended.")
