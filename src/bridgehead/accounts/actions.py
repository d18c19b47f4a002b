"""Writes of the accounts: people with a sign-in, and the lines of the audit ledger."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from bridgehead.accounts.models import (
    INSTALLATION,
    AuditEntry,
    AuditHead,
    User,
    new_stamp,
    normalise_email,
)
from bridgehead.accounts.rules import Reader


def record(
    *,
    verb: str,
    by: Reader,
    partnership: Model | int | None,
    about: Model | tuple[str, str] | None = None,
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """Add a line to a partnership's ledger, in the transaction of the write that it tells of.

    ``verb`` in the past tense ("judged a review"); ``partnership`` None where it concerns the whole
    installation; ``about`` the object, or its kind and id; ``details`` plain values. Raises
    ``RuntimeError`` outside a transaction: the write and its line are kept together or not at all.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs inside transaction.atomic(), beside what it records")
    ledger = partnership.pk if isinstance(partnership, Model) else partnership or INSTALLATION
    AuditHead.objects.get_or_create(partnership_id=ledger)
    head = AuditHead.objects.select_for_update().get(partnership_id=ledger)
    kind, object_id = _named(about)
    entry = AuditEntry(
        partnership_id=ledger,
        number=head.count + 1,
        at=timezone.now(),
        actor_id=by.user_id,
        actor=by.name,
        role=by.role_label,
        verb=verb,
        object_kind=kind,
        object_id=object_id,
        details=_plain(details or {}),
        previous=head.digest,
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    head.count, head.digest = entry.number, entry.digest
    head.save()
    return entry


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over everything that a line says, and over the line before it."""
    said = {
        "number": entry.number,
        "at": _instant(entry.at),
        "partnership": entry.partnership_id,
        "actor": [entry.actor_id, entry.actor, entry.role],
        "verb": entry.verb,
        "about": [entry.object_kind, entry.object_id],
        "details": entry.details,
        "previous": entry.previous,
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def verify_chain() -> list[str]:
    """What is wrong with the ledgers: the first bad line of each; nothing when all are whole."""
    heads = {head.partnership_id: head for head in AuditHead.objects.all()}
    written = set(AuditEntry.objects.order_by().values_list("partnership_id", flat=True).distinct())
    found = []
    for ledger in sorted(written | heads.keys()):
        head = heads.get(ledger) or AuditHead(partnership_id=ledger)
        if problem := _first_problem(ledger, head):
            found.append(f"ledger {ledger}: {problem}")
    return found


def _first_problem(ledger: int, head: AuditHead) -> str:
    previous, count = "", 0
    lines = AuditEntry.objects.filter(partnership_id=ledger).order_by("number")
    for entry in lines.iterator(chunk_size=2000):
        count += 1
        if entry.number != count:
            return f"line {count} is missing"
        if entry.previous != previous:
            return f"line {count} does not follow the line before it"
        if entry.digest != digest_of(entry):
            return f"line {count} has been changed"
        previous = entry.digest
    if (head.count, head.digest) != (count, previous):
        return f"it ends at line {count} but {head.count} were written"
    return ""


@transaction.atomic
def create_person(*, email: str, name: str, password: str | None, by: Reader) -> User:
    """Make a person with a sign-in, or give back the one who has this e-mail address already.

    Raises ``ValidationError`` for a password that is too short or too common. Without a password
    the person cannot sign in yet.
    """
    if found := User.objects.filter(email=normalise_email(email)).first():
        return found
    person = User(email=normalise_email(email), name=name.strip())
    if password is None:
        person.set_unusable_password()
    else:
        validate_password(password, person)
        person.set_password(password)
    person.full_clean(exclude=["password"])
    person.save()
    record(
        verb="created a person",
        by=by,
        partnership=by.partnership_id,
        about=person,
        details={"name": person.name},
    )
    return person


@transaction.atomic
def disable_person(*, person: User, by: Reader) -> None:
    """Take a person's sign-in away. Every session ends at once and does not come back. Doing it
    again changes nothing."""
    person = User.objects.select_for_update().get(pk=person.pk)
    if not person.is_active:
        return
    person.is_active = False
    person.session_stamp = new_stamp()
    person.save(update_fields=["is_active", "session_stamp"])
    record(verb="disabled a person", by=by, partnership=by.partnership_id, about=person)


@transaction.atomic
def enable_person(*, person: User, by: Reader) -> None:
    """Give a disabled person the sign-in back. Old sessions stay ended. Doing it again changes
    nothing."""
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.is_active:
        return
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(verb="enabled a person", by=by, partnership=by.partnership_id, about=person)


def _plain(details: dict[str, Any]) -> dict[str, Any]:
    """Values that every database gives back as they were written; a fraction becomes text, since
    PostgreSQL keeps numbers by value and not by spelling."""
    text = json.dumps(details, default=str)
    return dict(json.loads(text, parse_float=str, parse_constant=str))


def _named(about: Model | tuple[str, str] | None) -> tuple[str, str]:
    if about is None:
        return "", ""
    if isinstance(about, Model):
        return about._meta.label_lower, str(about.pk)
    return about


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
