"""Where a school stands: among the schools of its phase in England, and among similar schools.

Published figures are rounded, so that a series has few different ones. Each is replaced by its
number in their order (``Ranked``), a byte or two: to compare, count and find a median among fifty
similar schools is then work on bytes, done for all years at once.
"""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from bridgehead.picture.direction import Floats

Single = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

#: Fewer similar schools with a figure than this give no place among them.
FEWEST_SIMILAR = 10
#: Fewer schools with a figure than this are no national distribution.
FEWEST_RANKED = 20
#: Schools placed at once: what is read of their similar schools stays in a core's cache.
BLOCK = 1024
#: Intervals that different figures are told apart by.
INTERVALS = 1 << 16


@dataclass(frozen=True, slots=True)
class Ranked:
    """Figures by their order: ``steps`` the different ones, rising; ``rank`` (years, schools) the
    position of each figure among them, ``len(steps)`` where there is none."""

    steps: Floats
    rank: npt.NDArray[Any]  # unsigned, as narrow as will do


def ranked(values: Floats) -> Ranked:
    """The order of figures (years, schools), NaN where there is none, over all years together."""
    there = ~np.isnan(values)
    steps = np.unique(values[there])
    none, narrow = len(steps), np.min_scalar_type(len(steps))
    if none == 0:
        return Ranked(steps, np.zeros(values.shape, narrow))
    with np.errstate(over="ignore"):
        scale = (INTERVALS - 1) / (steps[-1] - steps[0]) if none > 1 else 0.0
    interval = ((steps - steps[0]) * scale).astype(np.int64)
    if (np.diff(interval) <= 0).any():  # two figures in one interval: look each up among the steps
        found = np.searchsorted(steps, values).astype(narrow)
        found[~there] = none
        return Ranked(steps, found)
    number = np.zeros(INTERVALS + 1, narrow)
    number[interval] = np.arange(none)
    number[INTERVALS] = none
    which = (values - steps[0]) * scale
    which[~there] = INTERVALS
    return Ranked(steps, number.take(which.astype(np.int64), mode="clip"))


def percentile(figures: Ranked, pool: Ints, *, worse: bool) -> Single:
    """Percentile by rank within each pool and year, better at 100 (the larger figure, unless
    ``worse``): (years, schools), NaN where there is none.

    ``pool`` (schools,) is −1 for schools that are not ranked. A school stands above those below it
    and half of those level with it.
    """
    years, schools = figures.rank.shape
    out = np.full((years, schools), np.nan, dtype=np.float32)
    places = len(figures.steps) + 1
    year = np.arange(years, dtype=np.int64)[:, None] * places
    for one in np.unique(pool[pool >= 0]):
        which = np.flatnonzero(pool == one)
        whole = len(which) == schools
        at = year + (figures.rank if whole else figures.rank[:, which])
        count = np.bincount(at.ravel(), minlength=years * places).reshape(years, places)
        count[:, -1] = 0  # those without a figure
        upto = np.cumsum(count, axis=1)
        total = upto[:, -1:]
        share = (upto - count + upto) / 2 / np.maximum(total, 1) * 100  # of each step
        share = 100 - share if worse else share
        share[:, -1] = np.nan
        share[total[:, 0] < FEWEST_RANKED] = np.nan
        out[:, slice(None) if whole else which] = share.astype(np.float32).take(at, mode="clip")
    return out


def among_similar(
    figures: Ranked, who: npt.NDArray[np.integer[Any]], schools: Ints, *, worse: bool
) -> tuple[Single, Single]:
    """Place (0 to 100, better at 100) of each school among its similar schools, and their median,
    in every year: both (schools to place, years).

    ``figures`` are of all schools of the picture; ``schools`` the positions to place; ``who``
    (similar, schools to place) the similar schools of each, at most 127, −1 for none. NaN where
    fewer than ten similar schools have a figure; a school without a figure has a median but no
    place.
    """
    similar, (years, everyone) = len(who), figures.rank.shape
    steps, rank = _as_single(figures)
    none = rank.dtype.type(len(steps))
    table = np.full((everyone + 1, years), none)  # position −1 reads nothing
    table[:-1] = rank.T
    numbers = np.append(steps, np.float32(np.nan))
    shares = _shares(similar, worse=worse)
    place = np.empty((len(schools), years), dtype=np.float32)
    median = np.empty((len(schools), years), dtype=np.float32)
    for start in range(0, len(schools), BLOCK):
        part = slice(start, start + BLOCK)
        near = np.ascontiguousarray(who[:, part], dtype=np.int64)
        others = table.take(near, axis=0, mode="wrap").reshape(similar, -1)
        own = table.take(schools[part], axis=0).ravel()
        count = _below(others, none)
        below, upto = _below(others, own), _below(others, own, level=True)
        at = np.where(own == none, 0, count) * np.int64(2 * similar + 1) + below + upto
        place[part] = shares.take(at).reshape(-1, years)
        low, high = _middle(others, count, len(steps))
        enough = count >= FEWEST_SIMILAR
        low, high = np.where(enough, low, none), np.where(enough, high, none)
        median[part] = ((numbers.take(low) + numbers.take(high)) / 2).reshape(-1, years)
    return cast(Single, place), cast(Single, median)


def _as_single(figures: Ranked) -> tuple[Single, npt.NDArray[Any]]:
    """Steps and ranks in single precision: figures that it does not tell apart are level."""
    steps = figures.steps.astype(np.float32)
    new = np.diff(steps, prepend=np.float32(-np.inf)) > 0
    if new.all():
        return steps, figures.rank
    position = np.append(np.cumsum(new) - 1, new.sum()).astype(figures.rank.dtype)
    return steps[new], position.take(figures.rank)


def _shares(similar: int, *, worse: bool) -> Single:
    """The place by how many similar schools have a figure, and how many of those lie below plus how
    many lie below or level: a flat table."""
    count, both = np.arange(similar + 1)[:, None], np.arange(2 * similar + 1)
    share = both / 2 / np.maximum(count, 1) * 100
    share = 100 - share if worse else share
    share[:FEWEST_SIMILAR] = np.nan
    return cast(Single, share.astype(np.float32).ravel())


def _below(others: npt.NDArray[Any], than: Any, *, level: bool = False) -> npt.NDArray[np.uint8]:
    """How many of each column of ``others`` are less than ``than`` (or ``level`` with it). There
    are fewer than 128 of them, so that a byte holds twice the sum."""
    true = np.less_equal(others, than) if level else np.less(others, than)
    held: npt.NDArray[np.uint8] = np.add.reduce(true.view(np.uint8), axis=0, dtype=np.uint8)
    return held


def _middle(
    others: npt.NDArray[Any], count: npt.NDArray[np.uint8], steps: int
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """The ranks of the two middle figures of each column (the same where ``count`` is odd); what
    has no figure is ``steps`` and lies above all of them. Changes ``others``.

    Not by sorting: the lower is the smallest rank that at least half of the figures do not exceed,
    found bit by bit; the upper is the same, or the next rank that is there.
    """
    rank = others.dtype.type
    half = (count + 1) // 2
    low = np.zeros(count.shape, rank)
    for bit in reversed(range(max(steps - 1, 0).bit_length())):
        step = rank(1 << bit)
        low += step * (_below(others, low + step) < half)
    onward = low + rank(1)
    two = (_below(others, onward) == half) & (count & 1 == 0)
    others -= onward  # unsigned: what does not exceed ``low`` becomes larger than all above it
    np.add(np.minimum.reduce(others, axis=0), onward, out=onward)
    return low, np.where(two, onward, low)
