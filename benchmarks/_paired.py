"""Two pieces of work by turns, so that whatever else the machine does weighs on both alike."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping

Work = Callable[[], object]


def timed(work: Work) -> float:
    """Seconds of wall clock."""
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def by_turns(rounds: int, works: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """The seconds that each piece of work says it took, round by round. The order turns about, so
    that none is always the one that finds the caches warm."""
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for n in range(rounds):
        for name in list(works) if n % 2 == 0 else reversed(list(works)):
            seconds[name].append(works[name]())
    return seconds


def ratio(ours: list[float], theirs: list[float]) -> float:
    """The median over rounds of ours to theirs."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def other(name: str) -> object:
    """A library that only benchmarks need, or words that say how to have it."""
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError:
        raise SystemExit(f"{name} is not installed: 'make bench' installs it.") from None
