"""``bridgehead manage remove_second_factor``: for somebody whose phone and codes are lost."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bridgehead.accounts.queries import person_at
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.accounts.sign_in.factor import remove_second_factor


class Command(BaseCommand):
    """Told of in the ledger of the installation; doing it again changes nothing."""

    help = (
        "Take a person's second factor away, so that a new one can be set up. Every session of "
        "theirs ends at once. Make sure first that it is this person who asks."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the person's e-mail address")

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_at(options["email"])
        if person is None:
            raise CommandError(f"nobody signs in with {options['email']}")
        if not remove_second_factor(person=person, by=COMMAND_LINE):
            self.stdout.write(f"{person} has no second factor.")
            return
        self.stdout.write(
            f"The second factor of {person} is gone; every session has ended. The password stays: "
            "after it, a new second factor can be set up."
        )
