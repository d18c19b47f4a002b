"""Writes of the accounts: people with a sign-in, and the lines of the audit ledger."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from bridgehead.accounts.models import AuditEntry, AuditHead, User, new_stamp, normalise_email
from bridgehead.accounts.rules import Reader


def record(
    *,
    verb: str,
    by: Reader,
    partnership: Model | int | None,
    about: Model | tuple[str, str] | None = None,
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """Add a line to the ledger, in the transaction of the write that it tells of.

    ``verb`` in the past tense ("judged a review"); ``about`` the object, or its kind and id;
    ``details`` plain values only. Raises ``RuntimeError`` outside a transaction, so that neither the
    write nor its line can be kept without the other.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs inside transaction.atomic(), beside what it records")
    AuditHead.objects.get_or_create(pk=1)
    head = AuditHead.objects.select_for_update().get(pk=1)
    kind, object_id = _named(about)
    entry = AuditEntry(
        number=head.count + 1,
        at=timezone.now(),
        partnership_id=partnership.pk if isinstance(partnership, Model) else partnership,
        actor_id=by.user_id,
        actor=by.name,
        role=by.role_label,
        verb=verb,
        object_kind=kind,
        object_id=object_id,
        details=json.loads(json.dumps(details or {}, default=str)),
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


def verify_chain() -> str | None:
    """What is wrong with the ledger, naming the first bad line; None when it is whole."""
    previous, count = "", 0
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        count += 1
        if entry.number != count:
            return f"line {count} is missing"
        if entry.previous != previous:
            return f"line {count} does not follow the line before it"
        if entry.digest != digest_of(entry):
            return f"line {count} has been changed"
        previous = entry.digest
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    if (head.count, head.digest) != (count, previous):
        return f"the ledger ends at line {count} but {head.count} were written"
    return None


@transaction.atomic
def create_person(*, email: str, name: str, password: str | None, by: Reader) -> User:
    """Make a person with a sign-in, or give back the one who has this e-mail address already.

    Raises ``ValidationError`` for a password that is too short or too common. Without a password the
    person cannot sign in yet.
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
    """Take a person's sign-in away. Every session ends at once and does not come back."""
    person.is_active = False
    person.session_stamp = new_stamp()
    person.save(update_fields=["is_active", "session_stamp"])
    record(verb="disabled a person", by=by, partnership=by.partnership_id, about=person)


@transaction.atomic
def enable_person(*, person: User, by: Reader) -> None:
    """Give a disabled person the sign-in back. Old sessions stay ended."""
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(verb="enabled a person", by=by, partnership=by.partnership_id, about=person)


def _named(about: Model | tuple[str, str] | None) -> tuple[str, str]:
    if about is None:
        return "", ""
    if isinstance(about, Model):
        return about._meta.label_lower, str(about.pk)
    return about


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
