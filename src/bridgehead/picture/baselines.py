"""What simpler methods would have foretold. Each sees the same past figures as the model and
nothing else; each is what somebody really does."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bridgehead.picture.direction import Floats, Ints


@dataclass(frozen=True, slots=True)
class Past:
    """The figures before the target: ``value`` (years, schools), NaN where none, of every school of
    the pool; ``luck`` (years, schools) the variance of each by the pupils behind it; ``england``
    England's last figure, NaN where none is loaded."""

    years: Ints
    value: Floats
    luck: Floats
    england: float


def newest(values: Floats, count: int) -> Floats:
    """The newest ``count`` figures of each school, newest first, (count, schools)."""
    found = np.full((count, values.shape[1]), np.nan)
    filled = np.zeros(values.shape[1], dtype=np.int64)
    for row in values[::-1]:
        here = np.flatnonzero(~np.isnan(row) & (filled < count))
        found[filled[here], here] = row[here]
        filled[here] += 1
    return found


def baselines(past: Past, target: int) -> Mapping[str, Floats]:
    """Forecasts by method, (schools,), NaN where a method has too little to go by."""
    last, second = newest(past.value, 2)
    years = np.broadcast_to(past.years[:, None].astype(np.float64), past.value.shape)
    when, before = newest(np.where(np.isnan(past.value), np.nan, years), 2)
    step = np.where(when > before, when - before, np.nan)
    return {
        "last_year": last,
        "two_year_mean": (last + second) / 2,
        "straight_line": last + (last - second) / step * (target - when),
        "england_mean": np.where(np.isnan(last), np.nan, past.england),
        "shrunk_last": _shrunk(last, second),
        "eb": _empirical_bayes(past),
    }


def _shrunk(last: Floats, second: Floats) -> Floats:
    """Last year's figure drawn to the mean as far as last year's was from the year before's."""
    both = ~(np.isnan(last) | np.isnan(second))
    if both.sum() < 3:
        return last
    x, y = second[both] - second[both].mean(), last[both] - last[both].mean()
    slope = float((x * y).sum() / max(float((x * x).sum()), 1e-12))
    centre = float(np.nanmean(last))
    return centre + min(max(slope, 0.0), 1.0) * (last - centre)


def _empirical_bayes(past: Past) -> Floats:
    """Every school's mean of its years less the years' means, weighted and shrunk by its pupils:
    no drift, no context, nothing borrowed from other measures."""
    there = ~np.isnan(past.value)
    if not there.any():
        return np.full(past.value.shape[1], np.nan)
    count = np.maximum(there.sum(axis=1), 1)
    middle = np.where(there, past.value, 0.0).sum(axis=1) / count
    left = np.where(there, past.value - middle[:, None], 0.0)
    excess, between = _variances(past, left, there)
    precision = np.where(there, 1.0 / (past.luck + excess), 0.0)
    weight = precision.sum(axis=0)
    known = weight > 0
    mean = (left * precision).sum(axis=0) / np.where(known, weight, 1.0)
    shrunk = between / (between + 1.0 / np.where(known, weight, 1.0)) * mean
    newest_year = int(np.flatnonzero(there.any(axis=1))[-1])
    return np.where(known, middle[newest_year] + shrunk, np.nan)


def _variances(past: Past, left: Floats, there: Floats) -> tuple[float, float]:
    """Excess noise and the variance between schools, by moments of two successive years."""
    rows = np.flatnonzero(there.any(axis=1))
    if len(rows) < 2:
        total = float((left[rows[-1]] ** 2).sum() / max(int(there[rows[-1]].sum()), 1))
        return 0.0, max(total - float(past.luck[rows[-1]][there[rows[-1]]].mean()), 1e-6)
    a, b = rows[-2], rows[-1]
    both = there[a] & there[b]
    x, y = left[a, both], left[b, both]
    between = max(float((x * y).mean()), 1e-6)
    within = float(((x - y) ** 2).mean()) / 2
    sampling = float((past.luck[a, both] + past.luck[b, both]).mean()) / 2
    return max(within - sampling, 0.0), between
