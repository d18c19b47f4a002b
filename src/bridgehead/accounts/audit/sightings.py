"""Who was shown protected data: one row a page, sealed by itself, and later sealed in batches."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from bridgehead.accounts.audit import keys
from bridgehead.accounts.audit.ledger import instant, locked_head, record
from bridgehead.accounts.audit.models import AuditEntry, AuditView
from bridgehead.accounts.audit.people import pseudonym_of
from bridgehead.accounts.rules import COMMAND_LINE, Reader

#: The line of the ledger that seals a batch. Verifying looks for it.
SEALED = "sealed who saw what"
KIND = "accounts.auditview"

#: The line that tells that sightings were deleted when their time was over: those of the batch that
#: it is about, and of every batch before. The database lets no other sighting be deleted
#: (``migrations/0005_sightings_end.py``).
DELETED = "deleted who saw what, on time"
#: Whatever period is chosen, nothing is on time before this: verifying complains of it.
LEAST_KEPT = timedelta(days=365)


def saw(*, by: Reader, what: str, urns: Iterable[int]) -> None:
    """Keep that a reader was shown protected data of these schools. Waits for no ledger."""
    assert by.user_id is not None, "a page is shown to a person"
    assert by.partnership_id is not None, "a page is shown in a partnership"
    row = AuditView(
        partnership_id=by.partnership_id,
        at=timezone.now(),
        actor=pseudonym_of(by.user_id),
        role=by.role_label,
        what=what,
        urns=f" {' '.join(str(urn) for urn in sorted(set(urns)))} ",
        key=keys.newest(),
    )
    row.digest = digest_of_view(row)
    row.save(force_insert=True)


def digest_of_view(row: AuditView) -> str:
    """The seal over everything that a sighting says but its batch. Raises ``LookupError`` where
    the key that it names is not here."""
    said = [
        row.id.hex,
        row.partnership_id,
        instant(row.at),
        row.actor,
        row.role,
        row.what,
        row.urns,
        row.key,
    ]
    return keys.seal(row.key, said)


def digest_of_batch(key: str, digests: Iterable[str]) -> str:
    """The seal over the seals of a batch, in whatever order they are read."""
    return keys.seal(key, sorted(digests))


def sighted(
    partnership_id: int, urns: Iterable[int], *, since: datetime, before: datetime
) -> QuerySet[AuditView]:
    """Who was shown protected data of a school, by any of its URNs, newest first. Of a span of
    time, because the URNs in a row are looked through and not looked up."""
    any_of = Q(pk__in=())
    for urn in urns:
        any_of |= Q(urns__contains=f" {urn} ")
    return AuditView.objects.filter(
        any_of, partnership_id=partnership_id, at__gte=since, at__lt=before
    )


def first_sighting(partnership_id: int) -> datetime | None:
    """When the oldest sighting of a partnership was kept."""
    rows = AuditView.objects.filter(partnership_id=partnership_id).order_by("at")
    return rows.values_list("at", flat=True).first()


def partnerships_to_seal() -> list[int]:
    """The partnerships with sightings that stand in no batch yet."""
    rows = AuditView.objects.filter(batch=None).order_by("partnership_id")
    return list(rows.values_list("partnership_id", flat=True).distinct())


@transaction.atomic
def seal_views(partnership_id: int, *, by: Reader = COMMAND_LINE) -> int:
    """Seal the sightings that are in no batch yet, and say so in the ledger. Gives their number.

    Only rows that are kept already are taken: one whose transaction ends later comes into the next
    batch, so nobody who reads a page waits for this.
    """
    batch = locked_head(partnership_id).count + 1
    count = AuditView.objects.filter(partnership_id=partnership_id, batch=None).update(batch=batch)
    if not count:
        return 0
    sealed = AuditView.objects.filter(partnership_id=partnership_id, batch=batch)
    key = keys.newest()
    digest = digest_of_batch(key, sealed.values_list("digest", flat=True))
    record(
        verb=SEALED,
        by=by,
        partnership=partnership_id,
        about=(KIND, str(batch)),
        details={"views": count, "seal": digest, "key": key},
    )
    return count


@transaction.atomic
def delete_views(partnership_id: int, *, keep: timedelta, by: Reader = COMMAND_LINE) -> int:
    """Delete the sightings whose batch was sealed longer ago than ``keep``; a line of the ledger
    says how many and of which batches. Gives their number; where none is due it writes nothing.

    The lines that sealed them stay: they still tell how many sightings there were, and when. Raises
    ``ValueError`` for less than ``LEAST_KEPT``.
    """
    if keep < LEAST_KEPT:
        raise ValueError(f"sightings are kept for {LEAST_KEPT.days} days at least")
    locked_head(partnership_id)
    sealed = AuditEntry.objects.filter(
        partnership_id=partnership_id,
        verb=SEALED,
        object_kind=KIND,
        at__lt=timezone.now() - keep,
    )
    last = sealed.order_by("-number").values_list("number", flat=True).first()
    due = AuditView.objects.filter(partnership_id=partnership_id, batch__lte=last or 0)
    count = due.count()
    if not count:
        return 0
    record(
        verb=DELETED,
        by=by,
        partnership=partnership_id,
        about=(KIND, str(last)),
        details={"views": count, "kept_days": keep.days},
    )
    due.delete()
    return count
