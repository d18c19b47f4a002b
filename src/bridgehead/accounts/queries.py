"""Reads of the accounts."""

from django.contrib.auth.tokens import default_token_generator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from bridgehead.accounts.models import AuditEntry, User


def ledger(partnership_id: int, *, verb: str = "") -> QuerySet[AuditEntry]:
    """The lines of a partnership's ledger, newest first."""
    lines = AuditEntry.objects.filter(partnership_id=partnership_id)
    return lines.filter(verb=verb) if verb else lines


def verbs(partnership_id: int) -> list[str]:
    """What is told of in a partnership's ledger, in alphabetical order."""
    lines = AuditEntry.objects.filter(partnership_id=partnership_id).order_by("verb")
    return list(lines.values_list("verb", flat=True).distinct())


def first_password_address(person: User) -> str:
    """Where a person without a password may set one, once, within ``PASSWORD_RESET_TIMEOUT``."""
    return reverse(
        "accounts:set-password",
        args=[
            urlsafe_base64_encode(force_bytes(person.pk)),
            default_token_generator.make_token(person),
        ],
    )
