"""Writing lines of the ledger."""

import json
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from bridgehead.accounts.audit import heads, keys
from bridgehead.accounts.audit.models import INSTALLATION, AuditEntry, AuditHead
from bridgehead.accounts.audit.people import by_pseudonym, pseudonym_of
from bridgehead.accounts.rules import COMMAND_LINE, NAMELESS, Reader

#: The line that tells that a ledger is shorter than it was, because an older copy was put back.
ACCEPTED = "accepted where the ledger ends"


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
    installation; ``about`` the object, or its kind and id; ``details`` plain values. People are
    kept by pseudonym: the actor, ``about`` where it is a person, and the id under ``person`` in the
    details; put no names into details. Raises ``RuntimeError`` outside a transaction: the write and
    its line are kept together or not at all; ``ValueError`` for an actor who is neither a person
    nor one of ``NAMELESS``: a name that somebody typed could be anybody's, and for ever.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs inside transaction.atomic(), beside what it records")
    ledger = partnership.pk if isinstance(partnership, Model) else partnership or INSTALLATION
    kind, object_id = _named(about)
    actor = _actor(by)
    object_id = by_pseudonym(object_id, kind=kind)
    told = plain(by_pseudonym(details or {}))
    head = locked_head(ledger)
    entry = AuditEntry(
        partnership_id=ledger,
        number=head.count + 1,
        at=timezone.now(),
        actor=actor,
        role=by.role_label,
        verb=verb,
        object_kind=kind,
        object_id=object_id,
        details=told,
        previous=head.digest,
        key=keys.newest(),
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    head.count, head.digest = entry.number, entry.digest
    head.save()
    # Robust: the line is kept already, so a full disk must not tell the person that it is not.
    transaction.on_commit(partial(heads.write, ledger, entry.number, entry.digest), robust=True)
    return entry


def accept_ends(*, why: str) -> dict[int, int]:
    """Set aside the files outside the database that do not agree with their ledgers, after an older
    database was put back; a line of each ledger says so. Gives, by ledger, up to which line the
    file knew. What a line says is still checked by its seal."""
    done = {}
    for ledger in sorted(heads.ledgers()):
        known = heads.read(ledger)
        lines = AuditEntry.objects.filter(partnership_id=ledger)
        kept = dict(lines.values_list("number", "digest"))
        if not known.unreadable and known.digests.items() <= kept.items():
            continue
        heads.set_aside(ledger, timezone.now().strftime("%Y-%m-%dT%H%M%S"))
        record(
            verb=ACCEPTED,
            by=COMMAND_LINE,
            partnership=ledger,
            details={"why": why, "line known before": known.newest},
        )
        done[ledger] = known.newest
    return done


def locked_head(ledger: int) -> AuditHead:
    """The head of a ledger, locked until the transaction ends: writers stand in a queue."""
    AuditHead.objects.get_or_create(partnership_id=ledger)
    return AuditHead.objects.select_for_update().get(partnership_id=ledger)


def digest_of(entry: AuditEntry) -> str:
    """The seal over everything that a line says, and over the line before it, under the key that
    the line names. Raises ``LookupError`` where that key is not here."""
    said = {
        "number": entry.number,
        "at": instant(entry.at),
        "partnership": entry.partnership_id,
        "actor": [entry.actor, entry.role],
        "verb": entry.verb,
        "about": [entry.object_kind, entry.object_id],
        "details": entry.details,
        "previous": entry.previous,
        "key": entry.key,
    }
    return keys.seal(entry.key, said)


def plain(details: dict[str, Any]) -> dict[str, Any]:
    """Values that every database gives back as they were written; a fraction becomes text, since
    PostgreSQL keeps numbers by value and not by spelling."""
    text = json.dumps(details, default=str)
    return dict(json.loads(text, parse_float=str, parse_constant=str))


def instant(at: datetime) -> str:
    """A moment as it is sealed, whatever the zone that a database gives it back in."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _actor(by: Reader) -> str:
    if by.user_id is not None:
        return pseudonym_of(by.user_id)
    if by.name not in NAMELESS:
        raise ValueError(f"{by.name!r} is no actor: a person, or {' or '.join(sorted(NAMELESS))}")
    return by.name


def _named(about: Model | tuple[str, str] | None) -> tuple[str, str]:
    if about is None:
        return "", ""
    if isinstance(about, Model):
        return about._meta.label_lower, str(about.pk)
    return about
