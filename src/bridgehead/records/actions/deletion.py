"""The job that deletes on time and says so."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.timezone import localdate

from bridgehead.accounts.actions import record
from bridgehead.accounts.audit.sightings import delete_views
from bridgehead.accounts.models import INSTALLATION, AuditView
from bridgehead.accounts.rules import COMMAND_LINE, Reader
from bridgehead.records.actions.erasure import erase_person
from bridgehead.records.queries.due import due, free
from bridgehead.records.queries.tables import is_owned, table
from bridgehead.records.rules import End, Kind, Rows, kinds

ON_TIME = "deleted records on time"
_AT_ONCE = 500  # rows a statement


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one kind: how many rows went, and how many stay because another record still
    refers to them."""

    kind: Kind
    gone: int
    held: int


@transaction.atomic
def delete_due(*, by: Reader = COMMAND_LINE) -> list[Done]:
    """Delete, or erase, whatever has had its time: all of it or nothing. Each ledger concerned gets
    one line with the counts, in the same transaction; where nothing is due, none. Sightings have a
    line of their own, which verifying reads."""
    day, told, done = localdate(), dict[int, Counter[str]](), []
    for kind in kinds().values():
        if kind.period is None:
            continue
        gone = held = 0
        for rows in kind.rows:
            counts, stay = _of_table(kind, rows, day, by)
            gone, held = gone + sum(counts.values()), held + stay
            if rows.model != AuditView._meta.label:
                for ledger, count in counts.items():
                    told.setdefault(ledger, Counter())[kind.key] += count
        done.append(Done(kind, gone, held))
    for ledger, by_kind in sorted(told.items()):
        if kept := {key: count for key, count in by_kind.items() if count}:
            record(verb=ON_TIME, by=by, partnership=ledger or None, details=kept)
    return done


def _of_table(kind: Kind, rows: Rows, day: date, by: Reader) -> tuple[dict[int, int], int]:
    """Ledger → how many rows went, and how many stay."""
    assert kind.period is not None
    if rows.model == AuditView._meta.label:
        homes = AuditView.objects.order_by("partnership_id").values_list(
            "partnership_id", flat=True
        )
        keep = day - kind.period.before(day)
        return {home: delete_views(home, keep=keep, by=by) for home in homes.distinct()}, 0
    over = due(kind, rows, day)
    if kind.end is End.ERASE:
        people = list(over)
        for person in people:
            erase_person(person=person, why="the time for keeping the account is over", by=by)
        return {INSTALLATION: len(people)}, 0
    pks = list(free(over, rows).values_list("pk", flat=True))
    held = over.count() - len(pks)
    counts: Counter[int] = Counter()
    for first in range(0, len(pks), _AT_ONCE):
        some = table(rows)._base_manager.filter(pk__in=pks[first : first + _AT_ONCE])
        counts.update(_by_ledger(some, rows))
        some.delete()
    return counts, held


def _by_ledger(found: QuerySet[Any], rows: Rows) -> dict[int, int]:
    if not is_owned(rows):
        return {INSTALLATION: found.count()}
    counted = found.order_by().values_list("partnership_id").annotate(n=Count("pk"))
    return {ledger or INSTALLATION: n for ledger, n in counted}
