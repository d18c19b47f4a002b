"""What is sent to see what it writes, and undone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def undone() -> Iterator[None]:
    """Undo at the end what is written in here, so that the next row has the number that it would
    have had: PostgreSQL alone does not give numbers back, and pages name their rows by them."""
    before = _numbers()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        for sequence, (last, first) in before.items() - _numbers().items():
            cursor.execute(
                "SELECT setval(%s, %s, %s)",
                [sequence, first if last is None else last, last is not None],
            )


def _numbers() -> dict[str, tuple[int | None, int]]:
    """By sequence, the last number that it gave and the first that it gives; none where a database
    keeps them with the rows."""
    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename), last_value, "
            "start_value FROM pg_sequences"
        )
        return {sequence: (last, first) for sequence, last, first in cursor.fetchall()}
