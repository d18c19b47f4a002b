"""How a restore takes effect: all of it is made ready in a folder of the home, a mark says that it
is, and then names are changed. Whoever finds the mark finishes the work; without it nothing has
happened, and the folder goes.

PostgreSQL is changed by one transaction. The mark is then made before it is committed and counts
only if it was, which a word that the transaction leaves in the database tells.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bridgehead.cli.archive.writing import sync
from bridgehead.core.errors import Refused

_FOLDER, _LOCK, _SERVING = ".restore", ".restore-lock", ".serving-lock"
_MARK = "ready.json"
#: What is in the way of a lock, and what to do.
_UNDER_WAY = (
    "a restore is under way here, or a backup that it must not disturb.",
    "Wait until it is done.",
)
_RUNNING = ("the site is running.", "Stop it, then restore.")


def folder(home: Path) -> Path:
    """Where a restore is made ready."""
    return home / _FOLDER


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """One restore of a home at a time, and no backup meanwhile. Raises ``Refused`` while another
    restore or a backup is under way."""
    with _locked(home / _LOCK, fcntl.LOCK_EX, _UNDER_WAY):
        yield


@contextmanager
def unmoved(home: Path) -> Iterator[None]:
    """No restore meanwhile; other backups and the site do not mind. Raises ``Refused`` while one is
    under way."""
    with _locked(home / _LOCK, fcntl.LOCK_SH, _UNDER_WAY):
        yield


def hold_for_serving(home: Path) -> None:
    """Say for as long as this process lives, and whatever it becomes or begins, that the site is
    served from here: ``unserved`` refuses meanwhile."""
    lock = os.open(home / _SERVING, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_SH)
    os.set_inheritable(lock, True)  # not closed: it goes with the last process that has it


def unserved(home: Path) -> None:
    """Raises ``Refused`` while the site is served from this home on this machine: what it writes
    after a restore would go nowhere."""
    if (home / _SERVING).exists():
        with _locked(home / _SERVING, fcntl.LOCK_EX, _RUNNING):
            pass


def settled(home: Path, connection: Any) -> None:
    """Settle what a restore left, before the site starts or a backup begins. Raises ``Refused``
    while a restore is under way; a backup that is under way has settled it."""
    try:
        with alone(home):
            settle(home, connection)
    except Refused:
        with unmoved(home):
            pass


@contextmanager
def _locked(file: Path, how: int, refusal: tuple[str, str]) -> Iterator[None]:
    with file.open("a") as lock:
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(*refusal) from None
        yield


def mark(home: Path, *, out: list[str], new: list[str], word: str) -> None:
    """Say that everything is ready: ``out`` are the names in the home that make way, ``new`` those
    that come from the folder ``new``. ``word`` is empty, or what PostgreSQL must know for the mark
    to count."""
    place = folder(home)
    os.sync()  # everything that the mark speaks for
    draft = place / f".{_MARK}"
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"out": out, "new": new, "word": word}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(place / _MARK)
    sync(place)


def settle(home: Path, connection: Any) -> bool:
    """Finish a restore that was stopped on its way, or clear up after one that had not been ready;
    whether there was one to finish. Call it inside ``alone``."""
    place = folder(home)
    if not place.is_dir():
        return False
    ready = place / _MARK
    counts = False
    if ready.is_file():
        plan = json.loads(ready.read_text(encoding="utf-8"))
        counts = not plan["word"] or word_in(connection) == plan["word"]
        if counts:
            _change_names(home, out=plan["out"], new=plan["new"])
        ready.unlink()
        sync(place)
    shutil.rmtree(place)
    return counts


def _change_names(home: Path, *, out: list[str], new: list[str]) -> None:
    """Each step is done once, however often this is begun."""
    place = folder(home)
    old = place / "old"
    old.mkdir(exist_ok=True)
    for name in out:
        if not os.path.lexists(old / name) and os.path.lexists(home / name):
            (home / name).rename(old / name)
    sync(old)
    for name in new:
        if os.path.lexists(place / "new" / name):
            (place / "new" / name).rename(home / name)
    sync(home)


def leave_word(connection: Any, word: str) -> None:
    """Leave a word in PostgreSQL, to be kept only if the transaction is."""
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON TABLE django_migrations IS 'restored {word}'")


def word_in(connection: Any) -> str:
    """The word that the last restore left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass('django_migrations'))")
        found = cursor.fetchone()[0]
    return str(found or "").removeprefix("restored ")
