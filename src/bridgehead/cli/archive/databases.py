"""A database as a whole: one moment of it to read from, and one made anew to write into."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import AutoField, Model

from bridgehead.cli.archive.models import Node, applied, at, last_of_each_app

#: Made by migrating, whatever the site holds.
_ALWAYS_THERE = {"contenttypes.contenttype", "auth.permission"}
_BESIDE = "restored"


def sqlite_file(connection: Any) -> Path | None:
    """Where the embedded database is; None for PostgreSQL."""
    return Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None


def begun(connection: Any) -> bool:
    """Whether the database has had a migration. Makes no file to find out."""
    file = sqlite_file(connection)
    return (file is None or file.is_file()) and bool(applied(connection))


def holds_rows(connection: Any) -> bool:
    """Whether the database holds anything that somebody has put there."""
    if not begun(connection):
        return False
    return any(
        model._base_manager.using(connection.alias).exists()
        for model in at(connection, applied(connection))
        if model._meta.label_lower not in _ALWAYS_THERE
    )


@contextmanager
def one_moment(connection: Any) -> Iterator[None]:
    """Everything that is read inside is of one moment, while others go on writing."""
    if connection.vendor == "postgresql":
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    connection.ensure_connection()
    mode = connection.transaction_mode
    connection.transaction_mode = "DEFERRED"  # the site's own mode would keep every writer waiting
    try:
        with transaction.atomic(using=connection.alias):
            yield
    finally:
        connection.transaction_mode = mode


@contextmanager
def at_file(file: Path) -> Iterator[Any]:
    """A connection to another SQLite file, set like the site's own; on leaving all of it is in that
    one file."""
    own = connections["default"]
    settings = own.settings_dict | {"NAME": str(file)}
    beside = type(own)(settings, alias=_BESIDE)
    connections[_BESIDE] = beside
    try:
        yield beside
    finally:
        beside.close()
        del connections[_BESIDE]


def make_tables(connection: Any, nodes: list[Node]) -> list[type[Model]]:
    """Migrate an empty database to exactly these migrations; its models, their tables empty."""
    executor = MigrationExecutor(connection)
    executor.migrate(last_of_each_app(connection, nodes))
    made = at(connection, nodes)
    with connection.cursor() as cursor:
        for model in made:  # what a migration may have put there; a ledger refuses even to be asked
            if model._base_manager.using(connection.alias).exists():
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own name
        if connection.vendor == "postgresql":  # some migrations ask for checks at each row
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return made


def drop_tables(connection: Any) -> None:
    """Take away the tables that migrations have made on PostgreSQL, with the functions of their
    triggers. Tables that are not ours stay."""
    with connection.cursor() as cursor:
        ours = {model._meta.db_table for model in at(connection, applied(connection))}
        there = set(connection.introspection.table_names(cursor))
        tables = sorted((ours | {"django_migrations"}) & there)
        cursor.execute(
            "SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger "
            "WHERE NOT tgisinternal AND tgrelid = ANY("
            "SELECT oid FROM pg_class WHERE relname = ANY(%s) AND pg_table_is_visible(oid))",
            [tables],
        )
        functions = [name for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")
        for name in functions:
            cursor.execute(f"DROP FUNCTION {name}")


def last_ids(connection: Any, models: list[type[Model]]) -> dict[str, int]:
    """The last number that each table has given to a row, by model: a row that is gone has had its
    number, and the ledger still speaks of it."""
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for model in models:
            if not isinstance(model._meta.pk, AutoField):
                continue
            number = _last_id(connection, cursor, model)
            if number:
                found[model._meta.label_lower] = number
    return found


def _last_id(connection: Any, cursor: Any, model: type[Model]) -> int:
    table = model._meta.db_table
    if connection.vendor == "sqlite":
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        return row[0] if row else 0
    sequence = _sequence(connection, cursor, model)
    cursor.execute(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608 - our own name
    last, called = cursor.fetchone()
    return last if called else 0


def _sequence(connection: Any, cursor: Any, model: type[Model]) -> str:
    table = connection.ops.quote_name(model._meta.db_table)
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, model._meta.pk.column])
    return str(cursor.fetchone()[0])


def set_last_ids(connection: Any, models: list[type[Model]], last: dict[str, int]) -> None:
    """Let the next row of each table have the next number."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)
        for model in models:
            number = last.get(model._meta.label_lower, 0)
            if not number or number <= _last_id(connection, cursor, model):
                continue
            if connection.vendor == "postgresql":
                sequence = _sequence(connection, cursor, model)
                cursor.execute("SELECT setval(%s, %s)", [sequence, number])
            else:
                table = model._meta.db_table
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number]
                )
