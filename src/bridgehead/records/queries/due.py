"""Which records are over, and which of them other records still refer to."""

from datetime import date
from typing import Any

from django.db.models import PROTECT, RESTRICT, Exists, OuterRef, QuerySet

from bridgehead.records.queries.people import ERASED_AT
from bridgehead.records.queries.tables import all_of, table, until
from bridgehead.records.rules import End, Kind, Rows


def due(kind: Kind, rows: Rows, today: date) -> QuerySet[Any]:
    """The rows whose time is over today. Raises ``ValueError`` for a kind without a period."""
    if kind.period is None:
        raise ValueError(f"{kind.key} has no period")
    found = all_of(rows).filter(until(rows, rows.date, kind.period.before(today)))
    return found.exclude(email__endswith=ERASED_AT) if kind.end is End.ERASE else found


def free(found: QuerySet[Any], rows: Rows) -> QuerySet[Any]:
    """Those of them that nothing refers to which would have to go first."""
    for relation in table(rows)._meta.related_objects:
        if relation.on_delete in (PROTECT, RESTRICT):
            pointing = relation.related_model._base_manager.filter(
                **{relation.field.name: OuterRef("pk")}
            )
            found = found.exclude(Exists(pointing))
    return found
