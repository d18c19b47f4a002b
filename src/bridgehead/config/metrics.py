"""Figures for whoever watches the site, in the text format of Prometheus: counts by route, never by
person or school.

Each process of the server counts in a file of its own under ``.metrics`` of the home, which
``bridgehead serve`` makes anew when it starts; whichever process is asked adds them all up. Where
there is no such folder the process that is asked tells of itself alone.
"""

import hashlib
import mmap
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

FOLDER = ".metrics"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
#: Upper bounds of the classes of seconds that an answer took.
BOUNDS = (0.05, 0.1, 0.3, 1.0, 3.0, 10.0)
_OTHER = ("none", "static")
_CLASSES = (1, 2, 3, 4, 5)
#: For each route and class of status: how many, their seconds, how many within each bound.
_EACH = 2 + len(BOUNDS)
_DOUBLE = struct.Struct("d")


@cache
def routes() -> tuple[str, ...]:
    """The names of all routes, in order."""
    return tuple(sorted({*_names(get_resolver().url_patterns), *_OTHER}))


def _names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = f"{prefix}{one.namespace}:" if one.namespace else prefix
            yield from _names(one.url_patterns, inner)
        elif one.name:
            yield f"{prefix}{one.name}"


@dataclass
class Counter:
    """The figures of this process, kept in ``store``."""

    store: mmap.mmap
    lock: Lock
    pid: int

    def add(self, at: int, amount: float) -> None:
        """Add to a figure. Called with the lock held."""
        (now,) = _DOUBLE.unpack_from(self.store, at * _DOUBLE.size)
        _DOUBLE.pack_into(self.store, at * _DOUBLE.size, now + amount)


_lock = Lock()
_counter: Counter | None = None


def count(route: str, status: int, seconds: float) -> None:
    """Count one answer."""
    kind = status // 100
    if kind not in _CLASSES:
        return
    try:
        at = routes().index(route)
    except ValueError:
        at = routes().index("none")
    begin = (at * len(_CLASSES) + kind - 1) * _EACH
    counter = _mine()
    with counter.lock:
        counter.add(begin, 1)
        counter.add(begin + 1, seconds)
        for step, bound in enumerate(BOUNDS):
            if seconds <= bound:
                counter.add(begin + 2 + step, 1)


def totals() -> dict[tuple[str, int], tuple[float, ...]]:
    """Of each route and class of status that has been answered: how many, the sum of their seconds,
    how many within each bound; over all processes."""
    size = len(routes()) * len(_CLASSES) * _EACH
    sums = [0.0] * size
    for held in _stores(size * _DOUBLE.size):
        for at, (value,) in enumerate(_DOUBLE.iter_unpack(held)):
            sums[at] += value
    found = {}
    for at, route in enumerate(routes()):
        for kind in _CLASSES:
            begin = (at * len(_CLASSES) + kind - 1) * _EACH
            if sums[begin]:
                found[route, kind] = tuple(sums[begin : begin + _EACH])
    return found


def _stores(size: int) -> Iterator[bytes]:
    mine = _mine()
    folder = _folder()
    if folder is None:
        yield mine.store[:]
        return
    for path in sorted(folder.glob(f"{_layout()}-*")):
        held = path.read_bytes()
        if len(held) == size:
            yield held


def _mine() -> Counter:
    global _counter  # noqa: PLW0603 - one for each process, made when it first answers
    with _lock:
        if _counter is None or _counter.pid != os.getpid():
            _counter = Counter(_new_store(), Lock(), os.getpid())
        return _counter


def _new_store() -> mmap.mmap:
    size = len(routes()) * len(_CLASSES) * _EACH * _DOUBLE.size
    folder = _folder()
    if folder is None:
        return mmap.mmap(-1, size)
    with (folder / f"{_layout()}-{os.getpid()}").open("a+b") as file:
        file.truncate(size)  # a process that has the number of one that is gone counts on
        return mmap.mmap(file.fileno(), size)


def _folder() -> Path | None:
    folder = Path(settings.HOME) / FOLDER
    return folder if folder.is_dir() else None


@cache
def _layout() -> str:
    """Tells the files of this program from those of another with other routes."""
    return hashlib.sha256("\n".join(routes()).encode()).hexdigest()[:12]
