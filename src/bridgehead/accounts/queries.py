"""Reads of the accounts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.contrib.auth.tokens import default_token_generator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from bridgehead.accounts.audit.people import named, names_of
from bridgehead.accounts.models import (
    AccountElsewhere,
    AuditEntry,
    AuditView,
    User,
    normalise_email,
)
from bridgehead.accounts.rules import Permission, Reader

#: Stands where a line's details are not the reader's to see.
NOT_SHOWN = "Shown only to those who work on the support review"


def ledger(partnership_id: int, *, verb: str = "") -> QuerySet[AuditEntry]:
    """The lines of a partnership's ledger, newest first."""
    lines = AuditEntry.objects.filter(partnership_id=partnership_id)
    return lines.filter(verb=verb) if verb else lines


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger in words. ``about`` names what was written, such as "appointment 12"."""

    number: int
    at: datetime
    who: str
    did: str
    about: str
    details: str


#: Kinds that no model names, in words; of each there is one, so it has no number.
_KINDS = {"monitoring.board": "board of the support review"}

#: A seal: nobody reads it here, and whole it is wider than a page.
_SEAL = re.compile(r"[0-9a-f]{64}")

#: Kinds of object whose lines tell what is held of a school in confidence.
_ABOUT_SCHOOLS = ("monitoring.", "schools.keptset")


def in_words(entries: Iterable[AuditEntry], reader: Reader) -> list[Line]:
    """Lines for people to read, in at most one query: pseudonyms are replaced by names, where those
    people are still known.

    Of the support review and of kept sets, readers who may not see them learn who did what and
    when, but not of which school nor to what effect: that would tell a neighbour's proposal
    through the ledger.
    """
    kept = list(entries)
    names = names_of(
        str(word) for e in kept for word in (e.actor, e.object_id, e.details.get("person", ""))
    )
    return [
        Line(
            number=entry.number,
            at=entry.at,
            who=_who(entry, names),
            did=entry.verb,
            about=_kind(entry.object_kind)
            if _kept_from(reader, entry) or entry.object_kind in _KINDS
            else f"{_kind(entry.object_kind)} {named(entry.object_id, names)}".strip(),
            details=NOT_SHOWN
            if _kept_from(reader, entry)
            else "; ".join(
                _said(key, value, names) for key, value in sorted(entry.details.items())
            ),
        )
        for entry in kept
    ]


def _who(entry: AuditEntry, names: dict[str, str]) -> str:
    who = named(entry.actor, names)
    return f"{who}, {entry.role}" if entry.role and who != entry.actor else who


def _kept_from(reader: Reader, entry: AuditEntry) -> bool:
    of_schools = entry.object_kind.startswith(_ABOUT_SCHOOLS)
    return of_schools and not reader.can(Permission.SEE_SUPPORT_REVIEW)


def person_at(email: str) -> User | None:
    """The person who signs in with an e-mail address, in whatever case it is written."""
    return User.objects.filter(email=normalise_email(email)).first()


@dataclass(frozen=True, slots=True)
class Sighting:
    """That somebody was shown a school's protected data, in words."""

    at: datetime
    who: str
    role: str
    what: str


def sightings_in_words(rows: Iterable[AuditView]) -> list[Sighting]:
    """Sightings for people to read, in at most one query."""
    kept = list(rows)
    names = names_of(row.actor for row in kept)
    return [Sighting(row.at, named(row.actor, names), row.role, row.what) for row in kept]


def verbs(partnership_id: int) -> list[str]:
    """What is told of in a partnership's ledger, in alphabetical order."""
    lines = AuditEntry.objects.filter(partnership_id=partnership_id).order_by("verb")
    return list(lines.values_list("verb", flat=True).distinct())


def waits_for_password(person: User) -> bool:
    """Whether a first password is to be set: there is none, and the person has never signed in, nor
    has an account elsewhere. Whoever signs in without a password needs none of somebody's making.
    """
    return (
        not person.has_usable_password()
        and person.last_login is None
        and not AccountElsewhere.objects.filter(person=person).exists()
    )


def first_password_address(person: User) -> str:
    """Where a person who ``waits_for_password`` may set one, once, within
    ``PASSWORD_RESET_TIMEOUT``, and no more once that person has signed in in whatever way; "" for
    everybody else."""
    if not waits_for_password(person):
        return ""
    return reverse(
        "accounts:set-password",
        args=[
            urlsafe_base64_encode(force_bytes(person.pk)),
            default_token_generator.make_token(person),
        ],
    )


def _kind(label: str) -> str:
    if label in _KINDS:
        return _KINDS[label]
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label


def _said(key: str, value: object, names: dict[str, str]) -> str:
    words = key.replace("_", " ")
    if value is None:
        return f"{words}: none"
    if key == "person":
        return f"{words}: {named(str(value), names)}"
    if isinstance(value, list):
        return f"{words}: {', '.join(map(str, value))}"
    if isinstance(value, str) and _SEAL.fullmatch(value):
        return f"{words}: {value[:12]}…"
    return f"{words}: {value}"
