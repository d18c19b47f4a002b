"""Schools in similar circumstances: the nearest in standardised context
(docs/explanation/similar-schools.md).

Never by the outcome compared, never by region. A school with some inputs unknown is compared on
those that are known, the distance scaled up to all of them, and says so; nothing is filled in.
"""

from collections.abc import Callable, Iterator
from typing import cast

import numpy as np
import numpy.typing as npt

from bridgehead.picture.nearest import HOW_MANY, Neighbours, Positions, Single, nearest

Floats = npt.NDArray[np.float64]

#: A band of ages with fewer schools than this looks at its whole phase instead, at those schools
#: there whose ages are comparable.
SMALL_BAND = 60
#: Of the years that the longer of two ranges of ages spans, the share that both have to teach.
SHARED_YEARS = 0.5
#: Nursery classes, and the years after a sixth form, make no school another.
FIRST_AGE, LAST_AGE = 4, 18


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
        ranges = None if ages is None or not mixed else comparable(ages[among])
        found = nearest(standardise(context[among]), rows, ranges)
        who[match] = np.where(found.who >= 0, among[np.maximum(found.who, 0)], -1)
        distance[match] = found.distance
        tell(len(match))
    return Neighbours(who, distance)
