"""Direction of travel: a local level seen through noise. Arrays in, arrays out
(docs/explanation/direction-of-travel.md gives the reasons and the formulas).

A school's level relative to England moves a little every year and is seen through the luck of one
cohort: θ(t) = θ(s) + N(0, drift · (t − s)), y(t) = θ(t) + N(0, sampling noise + excess). Years are
true years, so that a gap of four is four. Every array here is *time first*: shape (years, schools).
What the noise is belongs to ``noise``, how much schools drift to ``estimate``, the words to
``labels``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Half the width of an 80 % interval, in standard deviations.
EIGHTY = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class Hyper:
    """What a phase has in common, as variances in the measure's units squared.

    ``drift`` is how far a level moves in one year; ``between`` how far schools differ once their
    context is known; ``excess`` the noise of a year beyond the sampling of pupils.
    """

    drift: float
    between: float
    excess: float


@dataclass(frozen=True, slots=True)
class Panel:
    """What was seen of some schools: ``seen`` (years, schools) relative to England, NaN where
    nothing; ``noise`` the sampling variance of each; ``years`` the academic years, rising;
    ``prior`` (schools,) the level that the school's context leads one to expect."""

    years: Ints
    seen: Floats
    noise: Floats
    prior: Floats

    def take(self, which: npt.NDArray[np.int64]) -> "Panel":
        """The same panel for some of the schools."""
        return Panel(self.years, self.seen[:, which], self.noise[:, which], self.prior[which])


@dataclass(frozen=True, slots=True)
class Filtered:
    """One forward pass. ``mean`` and ``variance`` are of the level given the years so far."""

    mean: Floats
    variance: Floats
    log_likelihood: Floats  # (schools,)


@dataclass(frozen=True, slots=True)
class Smoothed:
    """The level of every year given all years, and of the change between two of them."""

    mean: Floats
    variance: Floats
    change: Floats  # (schools,), NaN where there are no two years
    change_variance: Floats


def filtered(panel: Panel, hyper: Hyper) -> Filtered:
    """The Kalman filter, all schools at once."""
    times, schools = panel.seen.shape
    mean, variance = np.empty((times, schools)), np.empty((times, schools))
    likelihood = np.zeros(schools)
    m = panel.prior.astype(np.float64, copy=True)
    p = np.full(schools, hyper.between)
    for t in range(times):
        if t:
            p = p + hyper.drift * float(panel.years[t] - panel.years[t - 1])
        there = ~np.isnan(panel.seen[t])
        total = p + panel.noise[t] + hyper.excess
        surprise = np.where(there, panel.seen[t] - m, 0.0)
        gain = np.where(there, p / total, 0.0)
        likelihood -= np.where(
            there, 0.5 * (np.log(2 * np.pi * total) + surprise * surprise / total), 0.0
        )
        m = m + gain * surprise
        p = p * (1.0 - gain)
        mean[t], variance[t] = m, p
    return Filtered(mean, variance, likelihood)


def log_likelihood(panel: Panel) -> Callable[[Hyper], float]:
    """The log-likelihood of a panel as a function of the hyperparameters: what ``filtered`` gives,
    summed over schools, with all that does not depend on them worked out once."""
    there = (~np.isnan(panel.seen)).astype(np.float64)
    seen = np.where(there > 0, panel.seen, 0.0)
    noise = np.where(there > 0, panel.noise, 1.0)
    steps = np.diff(panel.years, prepend=panel.years[:1]).tolist()
    constant = 0.5 * float(np.log(2 * np.pi)) * float(there.sum())

    def of(hyper: Hyper) -> float:
        mean = panel.prior
        variance = np.full(len(mean), hyper.between)
        spread = noise + hyper.excess
        total = 0.0
        for t, step in enumerate(steps):
            variance += hyper.drift * step
            spread[t] += variance
            surprise = seen[t] - mean
            precision = there[t] / spread[t]  # 0 where nothing was seen
            weighted = surprise * precision
            total += float(surprise @ weighted)
            mean = mean + variance * weighted
            variance *= 1.0 - variance * precision
        total += float((there * np.log(spread)).sum())
        return -0.5 * total - constant

    return of


def smoothed(panel: Panel, hyper: Hyper, first: Ints, last: Ints) -> Smoothed:
    """The Rauch-Tung-Striebel smoother, and the exact law of level[last] − level[first].

    ``first`` and ``last`` are positions in ``years``, one pair a school; where ``first`` is not
    before ``last`` the change is NaN. The covariance of two smoothed levels of a Markov chain is
    the product of the smoother's gains between them, so one backward pass gives it.
    """
    forward = filtered(panel, hyper)
    mean, variance = forward.mean, forward.variance
    times, schools = mean.shape
    covariance = np.zeros(schools)  # of this year's level with the level of year `last`
    shared = np.zeros(schools)
    for t in range(times - 1, -1, -1):
        if t + 1 < times:
            ahead = variance[t] + hyper.drift * float(panel.years[t + 1] - panel.years[t])
            gain = variance[t] / ahead
            mean[t] += gain * (mean[t + 1] - mean[t])
            variance[t] += gain * gain * (variance[t + 1] - ahead)
            covariance *= gain
        covariance = np.where(last == t, variance[t], covariance)
        shared = np.where(first == t, covariance, shared)
    each = np.arange(schools)
    known = (first >= 0) & (first < last)
    a, b = np.where(known, first, 0), np.where(known, last, 0)
    change = np.where(known, mean[b, each] - mean[a, each], np.nan)
    spread = variance[a, each] + variance[b, each] - 2 * shared
    return Smoothed(mean, variance, change, np.where(known, np.maximum(spread, 0.0), np.nan))


def probabilities(change: Floats, variance: Floats, smallest: float) -> tuple[Floats, Floats]:
    """P(change > ``smallest``) and P(change < −``smallest``); NaN where the change is unknown."""
    with np.errstate(divide="ignore", invalid="ignore"):
        sd = np.sqrt(variance)
        up = ndtr((change - smallest) / sd)
        down = ndtr((-change - smallest) / sd)
    return up, down


def share_real(panel: Panel, hyper: Hyper, last: Ints, before: Ints) -> Floats:
    """Of the raw change from ``before`` to ``last``, the share that is likely to be real.

    The drift of the years between, over the drift and the noise of both ends; NaN without both.
    """
    known = (before >= 0) & (before < last)
    each = np.arange(panel.seen.shape[1])
    a, b = np.where(known, before, 0), np.where(known, last, 0)
    real = hyper.drift * (panel.years[b] - panel.years[a])
    luck = panel.noise[a, each] + panel.noise[b, each] + 2 * hyper.excess
    return np.where(known, real / np.maximum(real + luck, 1e-12), np.nan)
