"""What a figure is measured against: its centre, its scale, and how much luck is in it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.measures.model import Law, Measure
from bridgehead.picture.direction import Floats, Ints
from bridgehead.picture.priors import middle, pupil_sd

#: A school's own average counts like this many pupils of the average (percentages).
SHRINK = 60.0
#: A percentage is never taken as more certain than this far from 0 and 100.
EDGE = 3.0
#: By so much, as a logarithm, the spread between schools may differ from year to year.
YEARLY = 0.15


@dataclass(frozen=True, slots=True)
class Seen:
    """One series over the schools that have it. Arrays are (years, schools) or (schools,).

    ``national`` is England's figure for each school (NaN where none is loaded), ``pool`` the group
    of schools that are alike enough to share hyperparameters, ``context`` (schools, inputs) NaN
    where unknown, ``roll`` the pupils on roll, used where no cohort is published.

    ``less`` is what was taken off each figure where it is a difference (a gap: disadvantaged pupils
    in the school less other pupils in England), ``None`` where it is not. What is taken off is of
    half a million pupils, so that the luck of a gap is that of the school's own figure: one
    proportion's, near 0 or 100 as that figure is, over the cohort of the disadvantaged.
    """

    years: Ints
    value: Floats
    national: Floats
    cohort: Floats
    roll: Floats
    pool: Ints
    context: Floats
    less: Floats | None = None


@dataclass(frozen=True, slots=True)
class Scaled:
    """One series in one pool and regime, on a scale on which a step means the same in every year.

    ``value`` = ``centre`` + ``scale`` · ``seen``: ``centre`` (years, schools) is what the figure is
    compared with, ``scale`` (years,) the spread between schools (√(p(100−p)) for a percentage, so
    that ``pupil``, the variance of one pupil's luck, is 1). ``pupils`` (years, schools) are behind
    each figure; ``factor`` (schools,) scales luck for a school whose level is near 0 or 100.
    """

    years: Ints
    seen: Floats
    centre: Floats
    scale: Floats
    pupils: Floats
    factor: Floats
    pupil: float


def scaled(seen: Seen, measure: Measure, regime: Ints, which: Ints, less: Floats | None) -> Scaled:
    """The series at positions ``regime`` of its years and ``which`` of its schools. ``less``
    (years, schools) is what else is expected of a school beside the centre, in the figure's units
    (for a group of pupils, where its school stands)."""
    cells = block(seen.value, regime, which)
    value, years = seen.value[cells], seen.years[regime]
    every = block(seen.value, None, which)
    told = np.asarray(~np.isnan(seen.value[every]).all(axis=0))
    pupils = _pupils(seen.cohort[every], seen.roll[which], told)[regime]
    centre = _centre(value, seen.national[cells], seen.cohort[cells])
    relative = value - centre
    share = measure.law is Law.PROPORTION and measure.unit == "percent"
    if share:
        own = centre if seen.less is None else centre + seen.less[cells]
        middle = np.clip(_means(own, ~np.isnan(value)), 5.0, 95.0)
        scale = np.sqrt(middle * (100.0 - middle))
        factor = _near_the_edge(relative, middle, pupils)
        pupil = 1.0
    else:
        scale = _spread(relative if less is None else relative - less)
        factor = np.ones(len(which))
        sigma = pupil_sd(measure.law.value) if measure.sigma is None else measure.sigma
        known = measure.law in (Law.PROPORTION, Law.MEAN, Law.RATE)
        pupil = sigma * sigma / float(np.mean(scale**2)) if known else float("nan")
    if less is not None:
        relative = relative - less
        centre = centre + less
    return Scaled(years, relative / scale[:, None], centre, scale, pupils, factor, pupil)


def block(values: Floats, rows: Ints | None, columns: Ints) -> tuple[Any, ...]:
    """What picks these rows (all of them where ``None``) and these columns, both rising, of
    ``values``: slices where they are all that there is, which copies nothing."""
    every = rows is None or len(rows) == values.shape[0]
    if len(columns) == values.shape[1]:
        return (slice(None), slice(None)) if every else (rows, slice(None))
    return (slice(None), columns) if rows is None or every else np.ix_(rows, columns)


def _means(centre: Floats, there: npt.NDArray[np.bool_]) -> Floats:
    """The mean of every year over the cells that hold a figure; years without take the mean of the
    others."""
    count = there.sum(axis=1)
    means = np.where(there, centre, 0.0).sum(axis=1) / np.maximum(count, 1)
    usual = float(means[count > 0].mean()) if (count > 0).any() else 50.0
    found: Floats = np.where(count > 0, means, usual)
    return found


def _near_the_edge(relative: Floats, middle: Floats, pupils: Floats) -> Floats:
    """Luck of each school beside that of one at the centre, (schools,): a school near 100 per cent
    has less. Its level is taken from its own figures, shrunk: 100 % of nine pupils is not certain.
    """
    there = ~np.isnan(relative)
    weight = np.where(there, pupils, 0.0)
    own = np.where(there, relative * weight, 0.0).sum(axis=0) / (weight.sum(axis=0) + SHRINK)
    usual = float(np.mean(middle))
    p = np.clip(usual + own, EDGE, 100.0 - EDGE)
    found: Floats = np.sqrt(p * (100.0 - p) / (usual * (100.0 - usual)))
    return found


def _spread(relative: Floats) -> Floats:
    """The spread between schools in each year, drawn towards that of all years as far as few
    schools make it uncertain."""
    there = ~np.isnan(relative)
    count = there.sum(axis=1)
    filled = np.where(there, relative, 0.0)
    mean = filled.sum(axis=1) / np.maximum(count, 1)
    square = np.where(there, (relative - mean[:, None]) ** 2, 0.0).sum(axis=1)
    variance = np.maximum(square / np.maximum(count - 1, 1), 1e-12)
    whole = max(float(square.sum()) / max(float((count - 1).clip(0).sum()), 1.0), 1e-12)
    if whole <= 1e-12:
        return np.ones(len(count))
    trust = np.where(count > 5, YEARLY**2 / (YEARLY**2 + 0.75 / np.maximum(count, 1)), 0.0)
    found: Floats = np.exp(0.5 * (np.log(whole) + trust * (np.log(variance) - np.log(whole))))
    return found


def _centre(value: Floats, national: Floats, cohort: Floats) -> Floats:
    """What each figure is compared with: England's where it is loaded for every year with figures,
    else in every year the mean of the pool, so that years stay comparable."""
    there = ~np.isnan(value)
    if not (np.isnan(national) & there).any():
        return national
    weight = np.where(there, np.where(np.isnan(cohort), 1.0, np.maximum(cohort, 1.0)), 0.0)
    total = np.maximum(weight.sum(axis=1), 1e-12)
    mean = np.where(there, value * weight, 0.0).sum(axis=1) / total
    return np.broadcast_to(mean[:, None], value.shape).astype(np.float64)


def _pupils(cohort: Floats, roll: Floats, told: npt.NDArray[np.bool_]) -> Floats:
    """Pupils behind each figure, at least one: the published cohort, else the school's own in other
    years, else the median of the pool, else those on roll; 1 where nothing at all is known.
    ``told`` are the schools with figures: what is usual is usual among them."""
    there = ~np.isnan(cohort)
    count = there.sum(axis=0)
    whole = np.where(there, cohort, 0.0).sum(axis=0)
    own = np.where(count > 0, whole / np.maximum(count, 1), np.nan)
    known = cohort[there & told]
    if known.size:
        typical = middle(known)
    else:
        rolls = roll[~np.isnan(roll) & told]
        own, typical = roll, middle(rolls) if rolls.size else 1.0
    own = np.where(np.isnan(own), typical, own)
    filled: Floats = np.maximum(np.where(there, cohort, own[None, :]), 1.0)
    return filled
