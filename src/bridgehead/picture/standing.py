"""Where a school stands: among the schools of its phase in England, and among similar schools."""

from typing import cast

import numpy as np
import numpy.typing as npt

from bridgehead.picture.direction import Floats

Single = npt.NDArray[np.float32]

#: Fewer similar schools with a figure than this give no place among them.
FEWEST_SIMILAR = 10
#: Fewer schools with a figure than this are no national distribution.
FEWEST_RANKED = 20
#: Schools placed at once: bounds memory.
BLOCK = 4096


def percentile(values: Floats, pool: npt.NDArray[np.int64], *, worse: bool) -> Single:
    """Percentile by rank within each pool, better at 100 (the larger figure, unless ``worse``).

    ``values`` (schools,) with NaN where there is none; ``pool`` −1 for schools that are not
    ranked. A school stands above those below it and half of those level with it.
    """
    out = np.full(values.shape, np.nan, dtype=np.float32)
    for one in np.unique(pool[pool >= 0]):
        which = np.flatnonzero((pool == one) & ~np.isnan(values))
        if len(which) < FEWEST_RANKED:
            continue
        steps, count = np.unique(values[which], return_counts=True)
        upto = np.cumsum(count)
        share = (upto - count + upto) / 2 / len(which) * 100  # of each step: steps are few
        share = 100 - share if worse else share
        out[which] = share[np.searchsorted(steps, values[which])]
    return out


def among_similar(
    values: Floats, who: npt.NDArray[np.int64], schools: npt.NDArray[np.int64], *, worse: bool
) -> tuple[Single, Single]:
    """Place (0 to 100, better at 100) of each school among its similar schools, and their median.

    ``values`` over all schools of the picture; ``schools`` the positions to place; ``who``
    (schools to place, 50) their similar schools, −1 for none. NaN where fewer than ten similar
    schools have a figure; a school without a figure has a median but no place.
    """
    single = np.append(values, np.nan).astype(np.float32)  # position −1 reads NaN
    place = np.full(len(schools), np.nan, dtype=np.float32)
    median = np.full(len(schools), np.nan, dtype=np.float32)
    for start in range(0, len(schools), BLOCK):
        part = slice(start, start + BLOCK)
        own = single[schools[part]][:, None]
        others = single[who[part]]
        count = _how_many(~np.isnan(others))
        enough = count >= FEWEST_SIMILAR
        below = (_how_many(others < own) + _how_many(others <= own)) / 2
        share = below / np.maximum(count, 1) * 100
        share = np.where(enough & ~np.isnan(own[:, 0]), share, np.nan)
        place[part] = 100 - share if worse else share
        others.sort(axis=1)  # NaN last
        each = np.arange(len(count))
        middle = (
            others[each, np.maximum(count - 1, 0) // 2] + others[each, np.maximum(count, 1) // 2]
        ) / 2
        median[part] = np.where(enough, middle, np.nan)
    return cast(Single, place), cast(Single, median)


def _how_many(true: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """How many of each row are true. A row is 50 long, so that a byte holds the sum."""
    held: npt.NDArray[np.uint8] = np.add.reduce(true.view(np.uint8), axis=1, dtype=np.uint8)
    return held.astype(np.int64)
