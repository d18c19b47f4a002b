"""Direction of travel: standing seen through the luck of one cohort. Arrays in, arrays out
(docs/explanation/how-direction-is-estimated.md gives the formulas and the reasons).

Several measures that are published of the same pupils share one state: ``z(t)``, a school's
standing on each of them, in units of the pool's spread. It moves a little every year and is drawn
back to what schools with such pupils have: ``z(t) = stay^(t−s) · z(s) + N(0, (1 − stay^2(t−s)) ·
between)``. A year's figures are ``z(t) + N(0, noise · (1/n + excess))``: the pupils of one cohort
make luck on all measures at once, hence the matrix. Years are true years, so that a gap of four is
four. A measure on its own is the same with one dimension, and is worked without matrices.

Every array is *time first*: (years, schools, measures).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Half the width of an 80 % interval, in standard deviations.
EIGHTY = 1.2815515655446004
#: Schools worked at once where there are matrices: bounds memory.
BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Hyper:
    """What the schools of a pool have in common.

    ``between`` (measures, measures) is the covariance of standing between schools, ``noise``
    (measures, measures) the covariance of one pupil's luck, both in squared units of the panel;
    ``stay`` the correlation of standing from one year to the next; ``excess`` the noise of a year
    beyond the sampling of pupils, as a share of one pupil's. ``first`` is how much of ``between``
    the schools differ by in the first year: below 1 they drift apart (with ``stay`` near 1 that is
    a plain local level), at 1 they differ as much in every year.
    """

    between: Floats
    noise: Floats
    stay: float
    excess: float
    first: float = 1.0

    @property
    def drift(self) -> Floats:
        """Variance of the change of standing in the first year, (measures,)."""
        moved: Floats = self.moved(np.array(1.0), np.array(0.0)) * np.diag(self.between)
        return moved

    def moved(self, years: Floats, since: Floats) -> Floats:
        """Variance of the change of standing over ``years``, as a share of ``between``, from a year
        that lies ``since`` years after the first: what is new, and what is drawn back of how much
        schools differ by then. Where they always differ as much that is 2 · (1 − stay^years)."""
        kept = self.stay**years
        differ = 1.0 - self.stay ** (2.0 * since) * (1.0 - self.first)
        share: Floats = (1.0 - kept) ** 2 * differ + 1.0 - kept * kept
        return share

    def over(self, years: float) -> tuple[float, Floats]:
        """How much of a standing stays over some years, and the covariance of what is new."""
        kept = self.stay**years
        return kept, (1.0 - kept * kept) * self.between


@dataclass(frozen=True, slots=True)
class Panel:
    """What was seen of some schools: ``seen`` (years, schools, measures) less what is expected, NaN
    where nothing; ``years`` the academic years, rising; ``share`` (years, schools) one over the
    pupils behind a year's figures; ``factor`` (schools, measures) scales the noise of a school that
    stands near 0 or 100 per cent."""

    years: Ints
    seen: Floats
    share: Floats
    factor: Floats

    def take(self, which: npt.NDArray[np.int64] | slice) -> "Panel":
        """The same panel for some of the schools."""
        return Panel(self.years, self.seen[:, which], self.share[:, which], self.factor[which])

    def less(self, offset: Floats) -> "Panel":
        """The same less what a year's figures have in common, (years, measures)."""
        return replace(self, seen=self.seen - offset[:, None, :])

    @property
    def schools(self) -> int:
        """How many schools there are."""
        return int(self.seen.shape[1])

    @property
    def measures(self) -> int:
        """How many measures there are."""
        return int(self.seen.shape[2])

    def gap(self, t: int) -> float:
        """Years from the one before to position ``t``."""
        return float(self.years[t] - self.years[t - 1]) if t else 0.0

    def luck(self, t: int, hyper: Hyper) -> Floats:
        """The covariance of the noise of one year, (schools, measures, measures)."""
        each = (self.share[t] + hyper.excess)[:, None, None]
        luck: Floats = each * hyper.noise * self.factor[:, :, None] * self.factor[:, None, :]
        return luck


@dataclass(frozen=True, slots=True)
class Smoothed:
    """Standing in every year given all years, the change of it between two of them, and where it
    ended. ``mean`` and ``variance`` are (years, schools, measures); ``change`` and
    ``change_variance`` (schools, measures), NaN where there are no two years; ``end`` and
    ``end_covariance`` the standing of the last year, (schools, measures[, measures])."""

    mean: Floats
    variance: Floats
    change: Floats
    change_variance: Floats
    end: Floats
    end_covariance: Floats


def smoothed(panel: Panel, hyper: Hyper, first: Ints, last: Ints) -> Smoothed:
    """The Kalman filter and Rauch-Tung-Striebel smoother, and the exact law of standing[last] −
    standing[first].

    ``first`` and ``last`` (schools, measures) are positions in ``years``; where ``first`` is not
    before ``last`` the change is NaN. The covariance of two smoothed states of a Markov chain is
    the product of the smoother's gains between them, so one backward pass gives it.
    """
    if panel.measures == 1:
        return _smoothed_one(panel, hyper, first[:, 0], last[:, 0])
    parts = [
        _smoothed_several(panel.take(block), hyper, first[block], last[block])
        for block in blocks(panel.schools)
    ]
    return Smoothed(
        *(np.concatenate([getattr(p, name) for p in parts], axis=1) for name in _BY_YEAR),
        *(np.concatenate([getattr(p, name) for p in parts], axis=0) for name in _BY_SCHOOL),
    )


_BY_YEAR = ("mean", "variance")
_BY_SCHOOL = ("change", "change_variance", "end", "end_covariance")


def blocks(schools: int) -> Iterator[slice]:
    """The schools in blocks that bound memory; one empty block where there are none."""
    for start in range(0, max(schools, 1), BLOCK):
        yield slice(start, min(start + BLOCK, schools))


def log_likelihood(panel: Panel, hyper: Hyper) -> float:
    """The log-likelihood of a panel, summed over schools (of one measure ``likelihood`` has it,
    with its slope, for less)."""
    return sum(
        forward(panel.take(b), hyper, likelihood=True).log_likelihood for b in blocks(panel.schools)
    )


def probabilities(change: Floats, variance: Floats, smallest: float) -> tuple[Floats, Floats]:
    """P(change > ``smallest``) and P(change < −``smallest``); NaN where the change is unknown."""
    with np.errstate(divide="ignore", invalid="ignore"):
        sd = np.sqrt(variance)
        up = ndtr((change - smallest) / sd)
        down = ndtr((-change - smallest) / sd)
    return up, down


def ahead(
    panel: Panel, hyper: Hyper, done: Smoothed, *, year: int, share: Floats, known: Floats
) -> tuple[Floats, Floats]:
    """The figures of a later year: mean and variance, (schools, measures), less what is expected.

    ``share`` (schools,) is one over the pupils it will have; ``known`` (schools, measures) holds
    what is known of the cohort already (its prior attainment, say), NaN where nothing.
    """
    kept, new = hyper.over(float(year - panel.years[-1]))
    mean = kept * done.end
    spread = kept * kept * done.end_covariance + new
    each = (share + hyper.excess)[:, None, None]
    spread = spread + each * hyper.noise * panel.factor[:, :, None] * panel.factor[:, None, :]
    there = ~np.isnan(known)
    if not there.any():
        return mean, np.einsum("smm->sm", spread).copy()
    weights = _weights(spread, spread, there)
    mean = mean + np.einsum("smk,sk->sm", weights, np.where(there, known - mean, 0.0))
    spread = spread - weights @ spread
    return mean, np.einsum("smm->sm", spread).copy()


# One measure: no matrices, all schools at once.


def _noise_one(panel: Panel, hyper: Hyper) -> Floats:
    factor = panel.factor[:, 0]
    noise: Floats = hyper.noise[0, 0] * factor * factor * (panel.share + hyper.excess)
    return noise


def _filtered_one(panel: Panel, hyper: Hyper) -> tuple[Floats, Floats]:
    """Standing given the years so far: mean and variance, (years, schools)."""
    seen, noise = panel.seen[:, :, 0], _noise_one(panel, hyper)
    between = float(hyper.between[0, 0])
    times, schools = seen.shape
    mean, variance = np.empty((times, schools)), np.empty((times, schools))
    m, p = np.zeros(schools), np.full(schools, between * hyper.first)
    for t in range(times):
        if t:
            kept = hyper.stay ** panel.gap(t)
            m = m * kept
            p = p * (kept * kept) + (1.0 - kept * kept) * between
        there = ~np.isnan(seen[t])
        gain = np.where(there, p / (p + noise[t]), 0.0)
        m = m + gain * np.where(there, seen[t] - m, 0.0)
        p = p * (1.0 - gain)
        mean[t], variance[t] = m, p
    return mean, variance


def _smoothed_one(panel: Panel, hyper: Hyper, first: Ints, last: Ints) -> Smoothed:
    between = float(hyper.between[0, 0])
    mean, variance = _filtered_one(panel, hyper)
    times, schools = mean.shape
    end, end_variance = mean[-1].copy(), variance[-1].copy()
    covariance = np.zeros(schools)  # of this year's standing with that of year `last`
    shared = np.zeros(schools)
    for t in range(times - 1, -1, -1):
        if t + 1 < times:
            kept = hyper.stay ** panel.gap(t + 1)
            forward = variance[t] * (kept * kept) + (1.0 - kept * kept) * between
            gain = kept * variance[t] / forward
            mean[t] += gain * (mean[t + 1] - kept * mean[t])
            variance[t] += gain * gain * (variance[t + 1] - forward)
            covariance *= gain
        covariance = np.where(last == t, variance[t], covariance)
        shared = np.where(first == t, covariance, shared)
    each = np.arange(schools)
    known = (first >= 0) & (first < last)
    a, b = np.where(known, first, 0), np.where(known, last, 0)
    change = np.where(known, mean[b, each] - mean[a, each], np.nan)
    spread = np.maximum(variance[a, each] + variance[b, each] - 2 * shared, 0.0)
    return Smoothed(
        mean[:, :, None],
        variance[:, :, None],
        change[:, None],
        np.where(known, spread, np.nan)[:, None],
        end[:, None],
        end_variance[:, None, None],
    )


# Several measures: matrices, a block of schools at once.


@dataclass(frozen=True, slots=True)
class Forward:
    """One forward pass: standing given the years so far, (years, schools, measures[, measures])."""

    mean: Floats
    covariance: Floats
    log_likelihood: float


def _weights(across: Floats, spread: Floats, there: npt.NDArray[np.bool_]) -> Floats:
    """``across`` · (the part of ``spread`` that is there)⁻¹, 0 for what is not there."""
    both = there[:, :, None] & there[:, None, :]
    inverse = np.linalg.inv(np.where(both, spread, np.eye(there.shape[1])))
    weights: Floats = np.where(there[:, None, :], across, 0.0) @ inverse
    return weights


def forward(panel: Panel, hyper: Hyper, *, likelihood: bool = False) -> Forward:
    """The filter with matrices; ``likelihood`` works that out too, which costs as much again."""
    times, schools, measures = panel.seen.shape
    mean = np.zeros((times, schools, measures))
    covariance = np.empty((times, schools, measures, measures))
    m = np.zeros((schools, measures))
    start = hyper.between * hyper.first
    p = np.broadcast_to(start, (schools, measures, measures)).copy()
    total = 0.0
    for t in range(times):
        if t:
            kept, new = hyper.over(panel.gap(t))
            m, p = m * kept, p * (kept * kept) + new
        there = ~np.isnan(panel.seen[t])
        if there.any():
            spread = p + panel.luck(t, hyper)
            surprise = np.where(there, panel.seen[t] - m, 0.0)
            gain = _weights(p, spread, there)
            if likelihood:
                total += _density(spread, surprise, there)
            m = m + np.einsum("smk,sk->sm", gain, surprise)
            p = p - gain @ np.where(there[:, :, None], p, 0.0)
            p = (p + p.transpose(0, 2, 1)) / 2.0
        mean[t], covariance[t] = m, p
    return Forward(mean, covariance, total)


def _density(spread: Floats, surprise: Floats, there: npt.NDArray[np.bool_]) -> float:
    both = there[:, :, None] & there[:, None, :]
    whole = np.where(both, spread, np.eye(there.shape[1]))
    factor = np.linalg.cholesky(whole)
    scaled = np.linalg.solve(factor, surprise[:, :, None])
    logs = 2.0 * np.log(np.einsum("smm->sm", factor)).sum()
    return -0.5 * float((scaled * scaled).sum() + logs + there.sum() * np.log(2 * np.pi))


@dataclass(frozen=True, slots=True)
class Backward:
    """One backward pass: standing given all years, and the gains from each year to the next."""

    mean: Floats
    covariance: Floats
    gain: Floats


def backward(panel: Panel, hyper: Hyper, passed: Forward) -> Backward:
    """The smoother over what ``forward`` gave. The last year's gain is unused."""
    mean, covariance = passed.mean.copy(), passed.covariance.copy()
    gains = np.zeros_like(covariance)
    for t in range(len(panel.years) - 2, -1, -1):
        kept, new = hyper.over(panel.gap(t + 1))
        p = passed.covariance[t]
        further = p * (kept * kept) + new
        gain = kept * p @ np.linalg.inv(further)
        mean[t] += np.einsum("smk,sk->sm", gain, mean[t + 1] - kept * mean[t])
        covariance[t] += gain @ (covariance[t + 1] - further) @ gain.transpose(0, 2, 1)
        gains[t] = gain
    return Backward(mean, covariance, gains)


def so_far(panel: Panel, hyper: Hyper) -> tuple[Floats, Floats]:
    """Standing given the years so far: mean and variance, (years, schools, measures)."""
    if panel.measures == 1:
        mean, variance = _filtered_one(panel, hyper)
        return mean[:, :, None], variance[:, :, None]
    done = forward(panel, hyper)
    return done.mean, np.einsum("tsmm->tsm", done.covariance)


def _smoothed_several(panel: Panel, hyper: Hyper, first: Ints, last: Ints) -> Smoothed:
    done = forward(panel, hyper)
    back = backward(panel, hyper, done)
    times, schools, measures = panel.seen.shape
    with_last = np.zeros((schools, measures, measures))  # of this year's state with year `last`'s
    shared = np.zeros((schools, measures))
    for t in range(times - 1, -1, -1):
        if t + 1 < times:
            with_last = back.gain[t] @ with_last
        here = last == t
        if here.any():
            with_last = np.where(here[:, None, :], back.covariance[t], with_last)
        shared = np.where(first == t, np.einsum("smm->sm", with_last), shared)
    variance = np.einsum("tsmm->tsm", back.covariance).copy()
    known = (first >= 0) & (first < last)
    rows, columns = np.indices(known.shape)
    a, b = np.where(known, first, 0), np.where(known, last, 0)
    change = back.mean[b, rows, columns] - back.mean[a, rows, columns]
    spread = variance[a, rows, columns] + variance[b, rows, columns] - 2 * shared
    return Smoothed(
        back.mean,
        variance,
        np.where(known, change, np.nan),
        np.where(known, np.maximum(spread, 0.0), np.nan),
        done.mean[-1],
        done.covariance[-1],
    )
