"""Reading a backup: nothing of it is believed before its digest has been compared."""

import errno
import hashlib
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from bridgehead.cli.archive.manifest import NAME, Manifest, from_json
from bridgehead.cli.archive.writing import Progress
from bridgehead.core.errors import Refused

_CHUNK = 1 << 20
_LONGEST_MANIFEST = 1 << 28
_NOT_WHOLE = "this is no whole backup of Bridgehead"
_REMEDY = "Take another backup; nothing has been changed."
#: What reading a damaged zip may raise.
_DAMAGE = (
    *(BadZipFile, zlib.error, EOFError, ValueError, KeyError, TypeError, IndexError),
    *(NotImplementedError, RuntimeError, AttributeError, OverflowError),
)


def manifest_of(file: Path) -> Manifest:
    """What a backup says of itself. Raises ``Refused`` where the file is no whole backup."""
    with _opened(file) as archive:
        return _manifest(archive)


def verify(file: Path, on_progress: Progress = lambda *_: None) -> Manifest:
    """Read all of a backup and compare every digest. Raises ``Refused`` with the damaged part."""
    return _read(file, None, on_progress)


def extract(file: Path, folder: Path, on_progress: Progress = lambda *_: None) -> Manifest:
    """Write every part of a backup below a folder, flushed to disk. Raises ``Refused`` as
    ``verify`` does; what has been written by then is for the caller to take away."""
    return _read(file, folder, on_progress)


def _read(file: Path, folder: Path | None, tell: Progress) -> Manifest:
    with _opened(file) as archive:
        manifest = _manifest(archive)
        held = sorted(name for name in archive.namelist() if name != NAME)
        if held != sorted(manifest.parts):
            raise Refused("the parts are not those of its list.", _REMEDY, file=str(file))
        for done, name in enumerate(manifest.parts):
            tell(name, done, len(manifest.parts))
            place = folder / name if folder is not None else None
            _part(archive, manifest, name, place)
    return manifest


def _manifest(archive: ZipFile) -> Manifest:
    if archive.getinfo(NAME).file_size > _LONGEST_MANIFEST:
        raise ValueError("the list of parts is too long")
    return from_json(archive.read(NAME))


def _part(archive: ZipFile, manifest: Manifest, name: str, place: Path | None) -> None:
    told, digest, size = manifest.parts[name], hashlib.sha256(), 0
    if place is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as part, (place or Path(os.devnull)).open("wb") as out:
        while chunk := part.read(_CHUNK):
            size += len(chunk)
            if size > told.bytes:  # before it fills the disk
                break
            digest.update(chunk)
            out.write(chunk)
        if place is not None:
            out.flush()
            os.fsync(out.fileno())
    if (size, digest.hexdigest()) != (told.bytes, told.sha256):
        raise ValueError(f"{name} is not as it was written")


@contextmanager
def _opened(file: Path) -> Iterator[ZipFile]:
    try:
        with ZipFile(file) as archive:
            yield archive
    except _DAMAGE as error:
        raise Refused(f"{_NOT_WHOLE} ({error}).", _REMEDY, file=str(file)) from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # a place before the file's beginning
            raise Refused(f"{_NOT_WHOLE} ({error}).", _REMEDY, file=str(file)) from error
        if not isinstance(error, FileNotFoundError | IsADirectoryError | PermissionError):
            raise
        if error.filename != str(file):
            raise
        raise Refused(
            f"the backup cannot be read: {error.strerror}.", "Check its path.", file=str(file)
        ) from error
