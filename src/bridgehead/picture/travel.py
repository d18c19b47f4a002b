"""Direction of travel of one series over all its schools: pools, prior means, regimes, verdicts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bridgehead.measures.model import High, Law, Measure
from bridgehead.picture import labels
from bridgehead.picture.direction import (
    EIGHTY,
    Floats,
    Ints,
    Panel,
    probabilities,
    share_real,
    smoothed,
)
from bridgehead.picture.estimate import Fit, fit, prior_of, spread_between
from bridgehead.picture.model import Direction
from bridgehead.picture.noise import sampling_variance

#: Strength of the ridge on standardised context, in schools.
RIDGE = 5.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One series over the schools that have it. Arrays are (years, schools) or (schools,).

    ``national`` is England's figure for each school (NaN where none is loaded), ``pool`` the group
    of schools that are alike enough to share hyperparameters, ``context`` (schools, inputs) NaN
    where unknown, ``roll`` the pupils on roll, used where no cohort is published.
    """

    years: Ints
    value: Floats
    national: Floats
    cohort: Floats
    roll: Floats
    pool: Ints
    context: Floats


@dataclass
class Travels:
    """What the model says. ``level`` and ``half`` (half an 80 % interval) are NaN where there is
    no figure; the rest is one a school, as stored."""

    level: Floats
    half: Floats
    label: npt.NDArray[np.uint8]
    why: npt.NDArray[np.uint8]
    from_year: npt.NDArray[np.int16]
    to_year: npt.NDArray[np.int16]
    p_up: Floats
    p_down: Floats
    change: Floats
    share: Floats
    fits: dict[int, Fit]


def travels(seen: Seen, measure: Measure) -> Travels:
    """Levels and direction of one series, pool by pool
    (docs/explanation/direction-of-travel.md).

    A break in the measure starts a new history: direction is of the newest regime that has
    figures in the pool, earlier regimes have levels only.
    """
    out = _blank(seen)
    if measure.law is Law.CENSUS or measure.high is High.NEITHER:
        out.why[:] = labels.COUNT if measure.law is Law.CENSUS else labels.NEITHER
        return out
    out.label[:] = labels.DIRECTIONS.index(Direction.TOO_FEW)
    out.why[:] = labels.NOTHING
    for pool in np.unique(seen.pool):
        which = np.flatnonzero(seen.pool == pool)
        held: Fit | None = None
        for regime in reversed(list(regimes(seen.years, measure))):
            if np.isnan(seen.value[np.ix_(regime, which)]).all():
                continue
            held = _regime(seen, measure, regime, which, out=out, held=held)
            out.fits.setdefault(int(pool), held)
    return out


def regimes(years: Ints, measure: Measure) -> Iterator[npt.NDArray[np.int64]]:
    """Positions of years between the measure's breaks, oldest first."""
    starts = sorted({b.year for b in measure.breaks})
    number = np.searchsorted(np.array(starts, dtype=np.int64), years, side="right")
    for one in np.unique(number):
        yield np.flatnonzero(number == one)


def expected(panel: Panel, context: Floats, between: float, excess: float) -> Floats:
    """The level that each school's context leads one to expect: ridge regression of what was seen
    on standardised context, each school weighted by how much was seen of it. An input that is not
    known of a school counts as average."""
    there = ~np.isnan(panel.seen)
    precision = np.where(there, 1.0 / (panel.noise + excess), 0.0)
    known = precision.sum(axis=0)
    some = known > 0
    mean = np.where(there, panel.seen * precision, 0.0).sum(axis=0) / np.where(some, known, 1.0)
    weight = np.where(some, 1.0 / (between + 1.0 / np.where(some, known, 1.0)), 0.0)
    weight = weight / max(float(weight[some].mean()), 1e-12)
    centre = np.nanmean(np.where(np.isnan(context).all(axis=0), 0.0, context), axis=0)
    spread = np.nanstd(np.where(np.isnan(context).all(axis=0), 0.0, context), axis=0)
    useful = spread > 1e-9
    scaled = np.nan_to_num((context[:, useful] - centre[useful]) / spread[useful])
    design = np.column_stack([np.ones(len(mean)), scaled])
    penalty = np.diag([1e-6] + [RIDGE] * int(useful.sum()))
    # Not as matrix products: many are worked side by side, and each would start threads of its own.
    left = np.einsum("si,s,sj->ij", design, weight, design) + penalty
    right = np.einsum("si,s,s->i", design, weight, mean)
    return np.asarray(np.einsum("si,i->s", design, np.linalg.solve(left, right)))


def _blank(seen: Seen) -> Travels:
    schools = seen.value.shape[1]
    nan = np.full(schools, np.nan)
    return Travels(
        level=np.full(seen.value.shape, np.nan),
        half=np.full(seen.value.shape, np.nan),
        label=np.full(schools, labels.DIRECTIONS.index(Direction.NOT_GIVEN), dtype=np.uint8),
        why=np.zeros(schools, dtype=np.uint8),
        from_year=np.full(schools, -1, dtype=np.int16),
        to_year=np.full(schools, -1, dtype=np.int16),
        p_up=nan.copy(),
        p_down=nan.copy(),
        change=nan.copy(),
        share=nan.copy(),
        fits={},
    )


def _regime(
    seen: Seen,
    measure: Measure,
    regime: npt.NDArray[np.int64],
    which: npt.NDArray[np.int64],
    *,
    out: Travels,
    held: Fit | None,
) -> Fit:
    """One pool in one regime. ``held`` is the fit of the newer regime, kept for the older."""
    cells = np.ix_(regime, which)
    value, years = seen.value[cells], seen.years[regime]
    centre = _centre(value, seen.national[cells], seen.cohort[cells])
    pupils = _pupils(seen.cohort[cells], seen.roll[which])
    relative = value - centre
    noise = sampling_variance(relative, centre, pupils, measure.law, measure.sigma)
    noise = np.where(np.isnan(noise), 0.0, noise)
    panel = Panel(years, relative, noise, np.zeros(len(which)))
    prior = prior_of(measure.law.value)
    guess = prior.centre(spread_between(panel))
    level = expected(panel, seen.context[which], guess.between, guess.excess)
    panel = Panel(years, relative, noise, level)
    newest = held is None
    held = held or fit(panel, prior)
    span = labels.window(relative, years)
    done = smoothed(panel, held.hyper, span.first, span.last)
    out.level[cells] = np.where(np.isnan(value), np.nan, centre + done.mean)
    out.half[cells] = np.where(np.isnan(value), np.nan, EIGHTY * np.sqrt(done.variance))
    if newest:
        between_sd = float(np.sqrt(held.hyper.between + np.var(level)))
        smallest = labels.smallest_change(measure, between_sd)
        up, down = probabilities(done.change, done.change_variance, smallest)
        total = np.where(np.isnan(value), 0.0, pupils).sum(axis=0)
        label, why = labels.verdicts(measure, up, down, span.count, total)
        few = why != labels.FINE
        out.label[which], out.why[which] = label, why
        out.p_up[which] = np.where(few, np.nan, up)
        out.p_down[which] = np.where(few, np.nan, down)
        out.change[which] = np.where(few, np.nan, done.change)
        out.share[which] = share_real(panel, held.hyper, span.last, span.before)
        out.from_year[which] = np.where(span.first >= 0, years[span.first], -1)
        out.to_year[which] = np.where(span.last >= 0, years[span.last], -1)
    return held


def _centre(value: Floats, national: Floats, cohort: Floats) -> Floats:
    """What each figure is compared with: England's where it is loaded for every year with figures,
    else in every year the mean of the pool, so that years stay comparable."""
    there = ~np.isnan(value)
    if not (np.isnan(national) & there).any():
        return np.where(np.isnan(national), 0.0, national)
    weight = np.where(there, np.where(np.isnan(cohort), 1.0, np.maximum(cohort, 1.0)), 0.0)
    total = np.maximum(weight.sum(axis=1), 1e-12)
    mean = np.where(there, value * weight, 0.0).sum(axis=1) / total
    return np.broadcast_to(mean[:, None], value.shape).astype(np.float64)


def _pupils(cohort: Floats, roll: Floats) -> Floats:
    """Pupils behind each figure: the published cohort, else the school's own in other years, else
    those on roll, else the median of the pool; NaN where nothing at all is known."""
    with np.errstate(all="ignore"):
        count = (~np.isnan(cohort)).sum(axis=0)
        own = np.where(count > 0, np.nansum(cohort, axis=0) / np.maximum(count, 1), np.nan)
    known = cohort[~np.isnan(cohort)]
    typical = float(np.median(known)) if known.size else float("nan")
    if np.isnan(typical):
        rolls = roll[~np.isnan(roll)]
        own = roll
        typical = float(np.median(rolls)) if rolls.size else float("nan")
    else:
        own = np.where(np.isnan(own), typical, own)
    filled = np.where(np.isnan(own), typical, own)
    return np.where(np.isnan(cohort), filled[None, :], cohort)
