"""Restoring a backup: all of it or nothing."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.db import IntegrityError, transaction
from django.db.migrations.loader import MigrationLoader

from bridgehead.cli.archive import databases, places, reading, rows, staging
from bridgehead.cli.archive.manifest import DATABASE, FILES, Manifest, rows_of
from bridgehead.cli.archive.writing import Progress
from bridgehead.core.errors import Refused


def restore(
    file: Path,
    *,
    home: Path,
    connection: Any,
    replace: bool,
    on_progress: Progress = lambda *_: None,
) -> Manifest:
    """Put a home and its database into the state of a backup. Raises ``Refused``, and has then
    changed nothing, where the site is running, where the file is damaged or of a newer program, or
    where there is something already and ``replace`` is not said."""
    staging.unserved(home)
    with staging.alone(home):
        staging.settle(home, connection)
        manifest = reading.manifest_of(file)
        _check_known(manifest, file)
        if not replace:
            _check_empty(manifest, home, connection)
        _check_room(manifest, home)
        folder = staging.folder(home)
        folder.mkdir(mode=0o700)
        try:
            reading.extract(file, folder / "parts", on_progress)
            _take_effect(manifest, home, connection, on_progress)
        finally:
            staging.settle(home, connection)
    return manifest


def _check_known(manifest: Manifest, file: Path) -> None:
    if strange := [name for name in manifest.entries if not places.belongs(name)]:
        raise Refused(f"no backup holds a file called {strange[0]!r}.", file=str(file))
    known = set(MigrationLoader(None).disk_migrations or {})
    if ahead := [node for node in manifest.nodes if node not in known]:
        raise Refused(
            f"the backup is of a newer program ({manifest.bridgehead}): this one does not know "
            f"{'.'.join(ahead[0])}.",
            "Install that program, or a newer one, and restore with it.",
            file=str(file),
        )


def _check_empty(manifest: Manifest, home: Path, connection: Any) -> None:
    found = []
    if DATABASE in manifest.holds and databases.holds_rows(connection):
        found.append("rows in the database")
    if FILES in manifest.holds:
        there = places.entries(home, databases.sqlite_file(connection))
        found += [path.name for path in there]
    if found:
        raise Refused(
            f"{home} is not empty: it holds {', '.join(found)}.",
            "Restore into an empty home, or say --replace to give up what is there. "
            "Nothing has been changed.",
        )


def _check_room(manifest: Manifest, home: Path) -> None:
    free = shutil.disk_usage(home).free
    if free < manifest.bytes * 2:
        raise Refused(
            f"the backup needs {manifest.bytes * 2:,} bytes while it is being restored; the disk "
            f"of {home} has {free:,}.",
            "Make room and run it again. Nothing has been changed.",
        )


def _take_effect(manifest: Manifest, home: Path, connection: Any, tell: Progress) -> None:
    folder = staging.folder(home)
    parts, new = folder / "parts", folder / "new"
    out: list[str] = []
    if FILES in manifest.holds:
        out += [path.name for path in places.entries(home, databases.sqlite_file(connection))]
    if (parts / FILES).is_dir():
        (parts / FILES).rename(new)
    new.mkdir(exist_ok=True)
    database = databases.sqlite_file(connection)
    if DATABASE not in manifest.holds:
        _mark(home, out)
    elif database is not None:
        connection.close()
        _check_inside(database, home)
        out += [path.name for path in places.database_files(database) if path.exists()]
        if manifest.migrations:
            with databases.at_file(new / database.name) as beside:
                _fill(manifest, parts, beside, tell)
        _mark(home, out)
    else:
        word = token_hex(16)
        with transaction.atomic(using=connection.alias):
            databases.drop_tables(connection)
            if manifest.migrations:
                _fill(manifest, parts, connection, tell)
                staging.leave_word(connection, word)
                _mark(home, out, word)
        if not manifest.migrations:  # no table is left that could hold the word
            _mark(home, out)


def _mark(home: Path, out: list[str], word: str = "") -> None:
    new = sorted(path.name for path in (staging.folder(home) / "new").iterdir())
    staging.mark(home, out=out, new=new, word=word)


def _check_inside(database: Path, home: Path) -> None:
    if database.parent != home:
        raise Refused(f"the database {database} is not in {home}.")


def _fill(manifest: Manifest, parts: Path, connection: Any, tell: Progress) -> None:
    """Tables, rows and the numbers given last."""
    made = databases.make_tables(connection, manifest.nodes)
    there = {model._meta.label_lower for model in made}
    if strange := there ^ set(manifest.rows):
        raise Refused(f"the backup and this program differ about {', '.join(sorted(strange))}.")
    try:
        with transaction.atomic(using=connection.alias):
            for done, model in enumerate(made):
                label = model._meta.label_lower
                tell(f"rows of {label}", done, len(made))
                with (parts / rows_of(label)).open(encoding="utf-8", newline="\n") as text:
                    count = rows.read(model, text, connection)
                if count != manifest.rows[label]:
                    raise ValueError(f"{label}: {count} rows of {manifest.rows[label]}")
            databases.set_last_ids(connection, made, manifest.last_ids)
            connection.check_constraints()
    except (ValueError, IntegrityError) as error:
        raise Refused(f"the rows of the backup do not fit: {error}.") from error
    if [".".join(n) for n in sorted(_had(connection))] != sorted(manifest.migrations):
        raise Refused("the tables of the backup cannot be made by this program.")


def _had(connection: Any) -> Iterator[tuple[str, str]]:
    yield from MigrationLoader(connection).applied_migrations
