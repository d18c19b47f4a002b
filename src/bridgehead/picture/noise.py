"""How much luck is in one year's figure: the sampling variance of a cohort."""

import numpy as np

from bridgehead.measures.model import Law
from bridgehead.picture.direction import Floats
from bridgehead.picture.estimate import pupil_sd

#: A school's own average counts like this many pupils of England's average (percentages).
SHRINK = 30.0
#: A percentage is never taken as more certain than this far from 0 and 100.
EDGE = 2.0


def sampling_variance(
    seen: Floats, national: Floats, pupils: Floats, law: Law, sigma: float | None
) -> Floats:
    """Variance of each figure by chance alone, in the measure's units squared.

    ``seen`` and ``pupils`` are (years, schools), ``seen`` relative to ``national`` (years, schools
    or broadcastable). For a percentage p(1−p)/n, with p England's figure moved by the school's own
    average, shrunk towards none: a school at 100 % of nine pupils is not certain. Otherwise
    sigma squared over n.
    """
    n = np.maximum(pupils, 1.0)
    if law is not Law.PROPORTION:
        spread = pupil_sd(law.value) if sigma is None else sigma
        return np.asarray(spread * spread / n, dtype=np.float64)
    there = ~np.isnan(seen)
    weight = np.where(there, n, 0.0).sum(axis=0)
    own = np.where(there, seen * n, 0.0).sum(axis=0) / (weight + SHRINK)
    p: Floats = np.clip(national + own, EDGE, 100.0 - EDGE)
    variance: Floats = p * (100.0 - p) / n
    return variance
