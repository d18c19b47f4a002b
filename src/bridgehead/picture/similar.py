"""Schools in similar circumstances: the nearest in standardised context
(docs/explanation/similar-schools.md).

Never by the outcome compared, never by region. A school with some inputs unknown is compared on
those that are known, the distance scaled up to all of them, and says so; nothing is filled in.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Single = npt.NDArray[np.float32]
Positions = npt.NDArray[np.int32]

HOW_MANY = 50
#: Two schools are compared only on at least this share of the inputs that their kind has.
KNOWN_SHARE = 0.5
#: A band of ages with fewer schools than this looks at its whole phase instead, at those schools
#: there whose ages are comparable.
SMALL_BAND = 60
#: Of the years that the longer of two ranges of ages spans, the share that both have to teach.
SHARED_YEARS = 0.5
#: Nursery classes, and the years after a sixth form, make no school another.
FIRST_AGE, LAST_AGE = 4, 18
#: Schools worked at once: a few arrays of ``BLOCK`` × schools, which the processor keeps at hand.
BLOCK = 64
THREADS = 2
#: Columns looked at to find how near the nearest are.
SAMPLE = 1500


@dataclass(frozen=True, slots=True)
class Neighbours:
    """``who`` (schools, 50) positions of the nearest first, −1 where there are no more;
    ``distance`` (schools, 50) in standard deviations over all inputs, NaN likewise."""

    who: Positions
    distance: Single


def standardise(context: Floats) -> Single:
    """Each input in standard deviations from its mean over the schools given; NaN stays NaN.

    An input that is the same everywhere, or known of fewer than two schools, becomes NaN: it can
    tell no two schools apart.
    """
    there = ~np.isnan(context)
    count = there.sum(axis=0)
    filled = np.where(there, context, 0.0)
    mean = filled.sum(axis=0) / np.maximum(count, 1)
    deviation = np.where(there, context - mean, 0.0)
    sd = np.sqrt((deviation**2).sum(axis=0) / np.maximum(count, 1))
    useful = (count >= 2) & (sd > 1e-9)
    scaled = np.where(there & useful, deviation / np.where(useful, sd, 1.0), np.nan)
    return cast(Single, scaled.astype(np.float32))


def comparable(ages: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Which ranges of ages can be compared: the range that each school has, as a number, and
    whether two of them share at least half of the longer one's years. ``ages`` is (schools, 2),
    lowest and highest; a range that is not known is not told apart from any."""
    unknown = np.isnan(ages[:, :1]) | np.isnan(ages[:, 1:])
    taught = np.where(unknown, -1.0, np.clip(ages, FIRST_AGE, LAST_AGE))
    ranges, of = np.unique(taught, axis=0, return_inverse=True)
    low, high = ranges[:, 0], ranges[:, 1]
    shared = np.minimum(high, high[:, None]) - np.maximum(low, low[:, None])
    longest = np.maximum(high - low, (high - low)[:, None])
    either = (low < 0) | (low < 0)[:, None]
    return of.ravel(), either | (shared >= SHARED_YEARS * longest)


def nearest(
    scaled: Single,
    which: Positions | None = None,
    ages: Floats | None = None,
    among: Positions | None = None,
) -> Neighbours:
    """The nearest schools of one kind, for every school or for those at positions ``which``.

    ``scaled`` is (schools, inputs), NaN where unknown. Where ``ages`` are given (see
    ``comparable``), only schools of comparable ages are near. ``among`` holds the positions,
    rising, of those that may be chosen; without it all may.

    distance² = Σ over inputs known of both (difference²) × inputs / number known of both. Ties go
    to the school that comes first. A school never neighbours itself.
    """
    schools = scaled.shape[0]
    wanted = np.arange(schools, dtype=np.int32) if which is None else which
    who = np.full((len(wanted), HOW_MANY), -1, dtype=np.int32)
    distance = np.full((len(wanted), HOW_MANY), np.nan, dtype=np.float32)
    used = (~np.isnan(scaled)).any(axis=0)
    inputs = int(used.sum())
    if schools < 2 or not inputs or (among is not None and not len(among)):
        return Neighbours(who, distance)
    part = scaled[:, used]
    there = (~np.isnan(part)).astype(np.float32)
    value = np.where(there > 0, part, 0.0).astype(np.float32)
    square = value * value
    # Σ (a − b)² over inputs known of both = Σ −2·a·b + a²·(b known) + (a known)·b²: one product.
    one = np.hstack([value, square, there])
    other = np.hstack([-2.0 * value, there, square])
    chosen = np.arange(schools, dtype=np.int32) if among is None else among
    known = there
    if among is not None:
        other, known = other[among], there[among]
    complete = bool(there.all())
    least = max(1.0, np.ceil(KNOWN_SHARE * inputs))
    keep = min(HOW_MANY, len(chosen))

    of, alike = (None, None) if ages is None else comparable(ages)

    def block(start: int) -> None:
        out = slice(start, min(start + BLOCK, len(wanted)))
        rows = wanted[out]
        d2 = one[rows] @ other.T
        np.maximum(d2, 0.0, out=d2)
        if not complete:
            both = there[rows] @ known.T
            too_few = both < least
            d2 *= inputs / np.maximum(both, 1.0, out=both)
            np.copyto(d2, np.inf, where=too_few)
        if of is not None and alike is not None:
            d2[~alike[of[rows]][:, of[chosen]]] = np.inf
        own = np.minimum(np.searchsorted(chosen, rows), len(chosen) - 1)
        itself = np.flatnonzero(chosen[own] == rows)
        d2[itself, own[itself]] = np.inf
        row, column, far = _closest(d2, keep)
        first = np.searchsorted(row, np.arange(len(rows) + 1))
        place = np.arange(len(row)) - first[row]
        kept = place < keep
        who[out][row[kept], place[kept]] = chosen[column[kept]]
        distance[out][row[kept], place[kept]] = np.sqrt(far[kept])

    with ThreadPoolExecutor(THREADS) as threads:
        for _ in threads.map(block, range(0, len(wanted), BLOCK)):
            pass
    return Neighbours(who, distance)


def _closest(d2: Single, keep: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any], Single]:
    """At least the ``keep`` smallest finite entries of every row, as (row, column, entry) sorted by
    row, entry and column.

    A sample of the columns gives each row a bound that a few times ``keep`` entries lie under, so
    that only those are sorted; a row that the bound leaves short is taken whole.
    """
    step = max(1, d2.shape[1] // SAMPLE)
    sample = d2[:, ::step]
    nth = min(sample.shape[1] - 1, -(-3 * keep // step))
    bound = np.sort(sample, axis=1)[:, nth]
    under = d2 <= bound[:, None]
    short = (np.count_nonzero(under, axis=1) < keep) | np.isinf(bound)
    under[short] = np.isfinite(d2[short])
    at = np.flatnonzero(under)
    row, column = np.divmod(at, d2.shape[1])
    entry = d2.ravel()[at]
    order = np.lexsort((column, entry, row))
    return row[order], column[order], entry[order]


def bands(
    kind: npt.NDArray[np.int64], band: npt.NDArray[np.int64]
) -> Iterator[tuple[Positions, Positions]]:
    """Whom to match and among whom: pairs of positions (schools to match, schools to choose from).

    ``kind`` is −1 for a school that is not matched at all. A small band of ages is matched within
    its whole kind.
    """
    for one in np.unique(kind[kind >= 0]):
        whole = np.flatnonzero(kind == one).astype(np.int32)
        small = []
        for ages in np.unique(band[whole]):
            part = whole[band[whole] == ages]
            if len(part) >= SMALL_BAND:
                yield part, part
            else:
                small.append(part)
        if small:
            yield np.sort(np.concatenate(small)).astype(np.int32), whole


def similar_schools(
    context: Floats,
    kind: npt.NDArray[np.int64],
    band: npt.NDArray[np.int64],
    *,
    ages: Floats | None = None,
    tell: Callable[[int], None] = lambda done: None,
) -> Neighbours:
    """The 50 similar schools of every school.

    ``context`` (schools, inputs) on scales where a step means the same throughout (pupils as a
    logarithm); ``kind`` is the phase to stay within, ``band`` the pupils' ages as one of a few
    kinds of school, ``ages`` (schools, 2) the lowest and the highest, NaN where not known: where a
    band is too small, schools of other bands stand in only if their ages are comparable.
    """
    schools = context.shape[0]
    who = np.full((schools, HOW_MANY), -1, dtype=np.int32)
    distance = np.full((schools, HOW_MANY), np.nan, dtype=np.float32)
    for match, among in bands(kind, band):
        rows = np.searchsorted(among, match).astype(np.int32)
        mixed = bool((band[among] != band[among[0]]).any())
        found = nearest(
            standardise(context[among]), rows, None if ages is None or not mixed else ages[among]
        )
        who[match] = np.where(found.who >= 0, among[np.maximum(found.who, 0)], -1)
        distance[match] = found.distance
        tell(len(match))
    return Neighbours(who, distance)
