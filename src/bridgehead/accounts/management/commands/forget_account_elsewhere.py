"""``bridgehead manage forget_account_elsewhere``: when a person, or everybody, has new accounts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bridgehead.accounts.models import AccountElsewhere, User
from bridgehead.accounts.queries import person_at
from bridgehead.accounts.rules import COMMAND_LINE
from bridgehead.accounts.sign_in.bound import unbind


class Command(BaseCommand):
    """Told of in the ledger of the installation; doing it again changes nothing."""

    help = (
        "Let the next account that signs in at a person's e-mail address be the person's, or with "
        "--issuer at the address of everybody who signed in there. Make sure first that the "
        "address is still theirs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("email", nargs="?", help="the person's e-mail address")
        whose.add_argument("--issuer", help="the issuer as it was set: OIDC_MICROSOFT_ISSUER, say")

    def handle(self, *args: Any, **options: Any) -> None:
        people = _bound_at(options["issuer"]) if options["issuer"] else [_at(options["email"])]
        gone = [person for person in people if unbind(person=person, by=COMMAND_LINE)]
        self.stdout.write(
            f"{len(gone)} account{'' if len(gone) == 1 else 's'} elsewhere forgotten. The next one "
            "that signs in with the address is taken for the person's."
        )


def _at(email: str) -> User:
    person = person_at(email)
    if person is None:
        raise CommandError(f"nobody signs in with {email}")
    return person


def _bound_at(issuer: str) -> list[User]:
    found = AccountElsewhere.objects.filter(issuer=issuer).select_related("person").order_by("pk")
    people = [kept.person for kept in found]
    if not people:
        held = sorted(set(AccountElsewhere.objects.values_list("issuer", flat=True)))
        raise CommandError(
            f"nobody has signed in with an account at {issuer}; there are accounts at "
            f"{', '.join(held) or 'no issuer'}"
        )
    return people
