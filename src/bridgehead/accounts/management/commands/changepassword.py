"""``bridgehead manage changepassword``: a new password for somebody who has forgotten theirs.

It stands in for Django's command of this name, which would leave no line in the audit.
"""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from bridgehead.accounts.actions import set_password
from bridgehead.accounts.queries import person_at
from bridgehead.accounts.rules import COMMAND_LINE


class Command(BaseCommand):
    """Told of in the ledger of the installation, and to the person by e-mail."""

    help = (
        "Set a person's password; it is asked for twice and not shown. Every session of theirs "
        "ends at once, and a second factor is asked for as before. Make sure first that it is this "
        "person who asks."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the person's e-mail address")

    def handle(self, *args: Any, **options: Any) -> None:
        person = person_at(options["email"])
        if person is None:
            raise CommandError(f"nobody signs in with {options['email']}")
        password = getpass("New password: ")
        if getpass("New password again: ") != password:
            raise CommandError("the two are not the same; nothing was changed.")
        try:
            set_password(person=person, password=password, by=COMMAND_LINE)
        except ValidationError as error:
            raise CommandError(f"nothing was changed. {' '.join(error.messages)}") from error
        self.stdout.write(f"{person} has a new password; every session has ended.")
