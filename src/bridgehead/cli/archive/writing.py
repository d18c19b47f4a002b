"""Writing a backup: beside its place, flushed to disk, then renamed into it."""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bridgehead import __version__
from bridgehead.cli.archive import databases, models, places, rows
from bridgehead.cli.archive.manifest import DATABASE, FILES, NAME, Manifest, Part, rows_of, to_json
from bridgehead.core.errors import Refused

#: Told (what, how many are done, how many there are) before each step.
Progress = Callable[[str, int, int], None]
_CHUNK = 1 << 20
_DRAFT = ".part-"


def write(
    target: Path,
    *,
    home: Path,
    connection: Any,
    now: datetime,
    holds: tuple[str, ...] = (DATABASE, FILES),
    on_progress: Progress = lambda *_: None,
) -> Manifest:
    """Write a backup of a home and its database to a file that is not there yet. Raises ``Refused``
    where it cannot; nothing is left then."""
    if target.exists():
        raise Refused("there is a file of this name already.", "Name another.", file=str(target))
    manifest = Manifest(bridgehead=__version__, made_at=now, holds=holds)
    manifest = replace(manifest, left_out=tuple(k for k in places.KEYS if (home / k).exists()))
    with _draft(target) as file, ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        if DATABASE in holds:
            manifest = _database(archive, manifest, connection, on_progress)
        if FILES in holds:
            _files(archive, manifest, home, databases.sqlite_file(connection), on_progress)
        if not manifest.parts:
            raise Refused(f"there is nothing to back up in {home}.", "Is BRIDGEHEAD_HOME right?")
        archive.writestr(ZipInfo(NAME), to_json(manifest), ZIP_DEFLATED)
    return manifest


@contextmanager
def _draft(target: Path) -> Iterator[Any]:
    """A file that only its owner may read, which takes its place when all of it is on the disk."""
    folder = target.parent
    draft = folder / f".{target.name}{_DRAFT}{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sweep(folder)
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Refused(
            f"the backup cannot be written there: {error.strerror}.",
            "Name a file in a folder that you may write to.",
            file=str(target),
        ) from error
    try:
        with os.fdopen(descriptor, "w+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
            file.flush()
            os.fsync(file.fileno())
            draft.rename(target)
        sync(folder)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _sweep(folder: Path) -> None:
    """Remove the drafts of backups that were stopped by force: nobody holds their locks."""
    for left in folder.glob(f".*{_DRAFT}*"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


def _database(archive: ZipFile, manifest: Manifest, connection: Any, tell: Progress) -> Manifest:
    file = databases.sqlite_file(connection)
    if file is not None and not file.is_file():  # looking into it would make it
        return replace(manifest, vendor=connection.vendor)
    with databases.one_moment(connection):
        nodes = models.applied(connection)
        found = models.at(connection, nodes)
        for done, model in enumerate(found):
            label = model._meta.label_lower
            tell(f"rows of {label}", done, len(found))
            text = (line.encode() for line in rows.lines(model, connection))
            manifest.rows[label] = _add(archive, manifest, rows_of(label), text) - 1
        last = databases.last_ids(connection, found)
    return replace(
        manifest,
        vendor=connection.vendor,
        migrations=tuple(".".join(node) for node in nodes),
        last_ids=last,
    )


def _files(
    archive: ZipFile, manifest: Manifest, home: Path, database: Path | None, tell: Progress
) -> None:
    with _no_load(home):
        found = list(places.files(home, database))
        for done, (name, path) in enumerate(found):
            tell(name, done, len(found))
            try:
                _add(archive, manifest, name, _chunks(path))
            except FileNotFoundError as error:
                raise Refused(
                    "the file went away while it was being copied.",
                    "Run the backup again.",
                    file=str(path),
                ) from error


@contextmanager
def _no_load(home: Path) -> Iterator[None]:
    """While releases are read none is being replaced: loads wait, and this waits for a load."""
    folder = home / "releases"
    if not folder.is_dir():
        yield
        return
    with (folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _add(archive: ZipFile, manifest: Manifest, name: str, content: Iterable[bytes]) -> int:
    """Write one part, note its size and digest, and return of how many pieces it was made."""
    digest, size, pieces = hashlib.sha256(), 0, 0
    about = ZipInfo(name)  # without a time: the same content makes the same bytes
    about.compress_type = ZIP_DEFLATED
    with archive.open(about, "w", force_zip64=True) as part:
        for piece in content:
            part.write(piece)
            digest.update(piece)
            size += len(piece)
            pieces += 1
    manifest.parts[name] = Part(size, digest.hexdigest())
    return pieces


def sync(folder: Path) -> None:
    """Flush the names in a folder to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
