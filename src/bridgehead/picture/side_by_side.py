"""Work on several things at once, and take what comes of it in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

#: Numpy lets go of Python's lock where the time goes, so that two threads are worth having.
THREADS = 2


def side_by_side(
    do: Callable[[T], R], things: Iterable[T], *, threads: int = THREADS
) -> Iterator[R]:
    """``do(thing)`` for each thing, in order. No more than ``threads`` are worked at once, or wait
    to be taken: that bounds memory. With fewer than two, one after another in this thread."""
    if threads < 2:
        yield from map(do, things)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from in_order(lambda thing: pool.submit(do, thing), things, at_once=threads)


def in_order(begin: Callable[[T], Future[R]], things: Iterable[T], *, at_once: int) -> Iterator[R]:
    """What comes of each thing that is begun, in order, with no more than ``at_once`` worked or
    waiting to be taken."""
    begun: deque[Future[R]] = deque()
    for thing in things:
        begun.append(begin(thing))
        if len(begun) > at_once:
            yield begun.popleft().result()
    while begun:
        yield begun.popleft().result()
