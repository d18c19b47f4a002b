"""Other processes that compare series for this one.

Much of the work is many short steps of numpy, between which threads only wait for one another;
processes do not. They are started anew (never forked: this one has threads of its own), which takes
about a second, so that they are for large pictures and are started before the files are read.
"""

import ctypes
import multiprocessing
import os
import pickle
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from bridgehead.picture.compare import Around
from bridgehead.picture.side_by_side import in_order

R = TypeVar("R")
#: ``do(around, *thing)``, a function of a module: other processes find it by its name.
Do = Callable[..., R]
Each = Callable[[Do[Any], Iterable[tuple[Any, ...]]], Iterator[Any]]

#: How many processes work beside this one.
HANDS = 2
#: glibc's names for: give memory back to the system beyond, ask for it in pieces of its own beyond.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_NEVER = 2**31 - 1


@contextmanager
def crew(folder: Path, hands: int) -> Iterator[Callable[[Around], Each]]:
    """``with crew(…) as share: each = share(around)``; then ``each(do, things)`` gives
    ``do(around, *thing)`` for each thing, in order. ``hands`` 0 does it in this process. What is
    shared waits in ``folder`` meanwhile."""
    keep_memory()
    if not hands:
        yield lambda around: lambda do, things: (do(around, *thing) for thing in things)
        return
    shared = folder / "around.pickle"
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(hands, mp_context=context, initializer=_begin) as pool:
        for _ in range(hands):
            pool.submit(_begun)

        def share(around: Around) -> Each:
            shared.write_bytes(pickle.dumps(around.slim(), protocol=5))
            return lambda do, things: in_order(
                lambda thing: pool.submit(_do, shared, do, thing), things, at_once=hands + 1
            )

        try:
            yield share
        finally:
            pool.shutdown(cancel_futures=True)
            shared.unlink(missing_ok=True)


def keep_memory() -> None:
    """Let this process keep what it has freed: asking the system for the same two megabytes a
    hundred times a second costs an eighth of the time. Does nothing where the C library is
    another."""
    try:
        library = ctypes.CDLL(None)
        library.mallopt(_TRIM_THRESHOLD, _NEVER)
        library.mallopt(_MMAP_THRESHOLD, 1 << 25)
    except (OSError, AttributeError):
        return


def _begin() -> None:
    keep_memory()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """One whose parent was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _begun() -> None:
    """Wakes a process, which then imports what it needs while this one reads the files."""


@cache
def _around(path: Path) -> Around:
    around: Around = pickle.loads(path.read_bytes())  # noqa: S301 written by the parent just now
    return around


def _do(path: Path, do: Do[R], thing: tuple[Any, ...]) -> R:
    return do(_around(path), *thing)
