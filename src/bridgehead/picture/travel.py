"""Direction of travel of series over all their schools: pools, regimes, families, verdicts
(docs/explanation/how-direction-is-estimated.md)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bridgehead.measures.model import High, Law, Measure
from bridgehead.picture import labels
from bridgehead.picture.direction import EIGHTY, Floats, Ints, Smoothed, probabilities, smoothed
from bridgehead.picture.estimate import Fit
from bridgehead.picture.model import Direction
from bridgehead.picture.noise import Seen, block
from bridgehead.picture.pool import (
    Base,
    One,
    Worked,
    figure_ahead,
    of_years,
    regimes_with_figures,
    work,
)


@dataclass
class Travels:
    """What the model says. ``level`` and ``half`` (half an 80 % interval) are NaN where there is
    no figure; the rest is one a school, as stored. ``forecast`` is of the figure of
    ``forecast_year``; ``told`` is 0 where so few years are loaded that drift is not told from
    luck. ``base`` is for the school's groups of pupils."""

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
    forecast_year: npt.NDArray[np.int16]
    forecast: Floats
    forecast_half: Floats
    told: npt.NDArray[np.uint8]
    base: Base
    fits: dict[int, Fit]

    def take(self, which: Ints) -> "Travels":
        """The same for some of the schools."""
        by_school = {
            name: getattr(self, name)[..., which]
            for name in self.__dataclass_fields__
            if name not in ("base", "fits")
        }
        return Travels(**by_school, base=self.base.take(which), fits=self.fits)


def travels(seen: Seen, measure: Measure, base: Base | None = None) -> Travels:
    """Levels and direction of one series, pool by pool; of a group of pupils with its school's
    ``base``. A break in the measure starts a new history: direction is of the newest regime that
    has figures in the pool, earlier regimes have levels only.

    A group's figure of a year for which ``base`` does not know where the school stands takes no
    part and gets no level; it stays as published.
    """
    out = blank(seen, measure)
    if _given(measure):
        if base is not None:  # until something can be said of them
            out.why[~np.isnan(seen.value).all(axis=0)] = labels.APART
        for pool in np.unique(seen.pool):
            which = np.flatnonzero(seen.pool == pool)
            for regime in regimes_with_figures(seen, measure, which):
                newest = int(pool) not in out.fits
                one = One(seen, measure)
                worked = work([one], which, regimes_of={0: [regime]}, base=base)
                if worked is not None:
                    _write(out, one, worked, 0, smooth=_smooth(worked), base=base, newest=newest)
                    out.fits.setdefault(int(pool), _alone(worked, 0))
    return out


def travels_together(series: Sequence[One]) -> list[Travels]:
    """The same of series of one stage that inform one another. Those that are not outcomes get
    nothing of their own. All are over the same schools."""
    outs = [blank(one.seen, one.measure) for one in series]
    for pool in np.unique(series[0].seen.pool):
        which = np.flatnonzero(series[0].seen.pool == pool)
        worked = work(series, which)
        if worked is None:
            continue
        smooth = _smooth(worked)
        for d, dimension in enumerate(worked.dimensions):
            one, out = series[dimension.which], outs[dimension.which]
            if one.outcome:
                _write(out, one, worked, d, smooth=smooth, base=None, newest=dimension.newest)
                if dimension.newest:
                    out.fits[int(pool)] = _alone(worked, d)
    return outs


def _given(measure: Measure) -> bool:
    return measure.law is not Law.CENSUS and measure.high is not High.NEITHER


def blank(seen: Seen, measure: Measure) -> Travels:
    """Nothing said of any school, and why."""
    shape, schools = seen.value.shape, seen.value.shape[1]
    nan = np.full(schools, np.nan)
    none = np.full(schools, -1, dtype=np.int16)
    label = Direction.TOO_FEW if _given(measure) else Direction.NOT_GIVEN
    why = labels.NOTHING if _given(measure) else labels.NEITHER
    why = labels.COUNT if measure.law is Law.CENSUS else why
    return Travels(
        level=np.full(shape, np.nan),
        half=np.full(shape, np.nan),
        label=np.full(schools, labels.DIRECTIONS.index(label), dtype=np.uint8),
        why=np.full(schools, why, dtype=np.uint8),
        from_year=none.copy(),
        to_year=none.copy(),
        p_up=nan.copy(),
        p_down=nan.copy(),
        change=nan.copy(),
        share=nan.copy(),
        forecast_year=none.copy(),
        forecast=nan.copy(),
        forecast_half=nan.copy(),
        told=np.ones(schools, dtype=np.uint8),
        base=Base.unknown(seen.years, schools),
        fits={},
    )


Believable = list[tuple[float, Smoothed]]


@dataclass(frozen=True, slots=True)
class Smooth:
    """A worked pool, smoothed once for all its dimensions: ``span`` the windows of direction
    (schools, dimensions), ``estimate`` under the estimate itself, ``believable`` under all that is
    believed with how far it is; ``level`` and ``change`` the mean and variance over that."""

    span: labels.Window
    estimate: Smoothed
    believable: Believable
    level: tuple[Floats, Floats]
    change: tuple[Floats, Floats]


def _smooth(worked: Worked) -> Smooth:
    panel, fit_ = worked.panel, worked.fit
    found = [labels.window(panel.seen[:, :, d], panel.years) for d in range(panel.measures)]
    names = ("first", "last", "before", "count")
    span = labels.Window(*(np.column_stack([getattr(w, name) for w in found]) for name in names))
    own = panel.less(fit_.offset)
    estimate = smoothed(own, fit_.hyper, span.first, span.last)
    believable = [
        (
            weight,
            estimate
            if hyper.stay == fit_.hyper.stay
            else smoothed(own, hyper, span.first, span.last),
        )
        for weight, hyper in fit_.believable()
    ]
    return Smooth(
        span, estimate, believable, _mixed(believable, "mean"), _mixed(believable, "change")
    )


def _mixed(believable: Believable, what: str) -> tuple[Floats, Floats]:
    """Mean and variance over what is believed, of ``mean`` or ``change``: that of each, and how far
    they lie apart."""
    spread = {"mean": "variance", "change": "change_variance"}[what]
    mean = sum(weight * getattr(done, what) for weight, done in believable)
    variance = sum(
        weight * (getattr(done, spread) + (getattr(done, what) - mean) ** 2)
        for weight, done in believable
    )
    return np.asarray(mean), np.asarray(variance)


def _write(
    out: Travels,
    one: One,
    worked: Worked,
    d: int,
    *,
    smooth: Smooth,
    base: Base | None,
    newest: bool,
) -> None:
    """What a worked pool says of dimension ``d``, in the figure's own units."""
    dimension, fit_ = worked.dimensions[d], worked.fit
    which, part = worked.schools, dimension.scaled
    cells = block(one.seen.value, dimension.regime, which)
    mean, variance = smooth.level
    standing = mean[dimension.at, :, d] + dimension.expect + fit_.offset[dimension.at, d, None]
    relative = part.scale[:, None] * standing
    # What is known to the last digit may come out below nought by rounding.
    variance = part.scale[:, None] ** 2 * np.maximum(variance[dimension.at, :, d], 0.0)
    if base is not None:
        variance = variance + of_years(base, base.variance, part.years)[:, which]
    there = ~np.isnan(one.seen.value[cells])
    out.level[cells] = np.where(there, part.centre + relative, np.nan)
    out.half[cells] = np.where(there, EIGHTY * np.sqrt(variance), np.nan)
    out.base.relative[cells], out.base.variance[cells] = relative, variance
    if newest:
        _say(out, one, worked, d, smooth=smooth, base=base)


def _say(
    out: Travels,
    one: One,
    worked: Worked,
    d: int,
    *,
    smooth: Smooth,
    base: Base | None,
) -> None:
    """Direction, its probabilities, and the forecast."""
    span, believable = smooth.span, smooth.believable
    dimension, panel, fit_ = worked.dimensions[d], worked.panel, worked.fit
    which, part, years = worked.schools, dimension.scaled, panel.years
    first, last, before = span.first[:, d], span.last[:, d], span.before[:, d]
    offset = np.zeros(len(years))
    offset[dimension.at] = part.scale * fit_.offset[dimension.at, d]
    scale = float(part.scale[-1])
    start, end = np.maximum(first, 0), np.maximum(last, 0)
    moved, spread = np.zeros(len(which)), np.zeros(len(which))
    if base is not None:
        moved, spread = _moved(base, years[start], years[end], which)
    moved = moved + offset[end] - offset[start]
    change, variance = (one[:, d] for one in smooth.change)
    change, variance = scale * change + moved, scale**2 * variance + spread
    told = ~np.isnan(panel.seen[:, :, d]).all(axis=0)
    apart = fit_.hyper.between[d, d] * fit_.hyper.first + np.var(dimension.expect[told])
    between = scale * float(np.sqrt(apart))
    smallest = labels.smallest_change(one.measure, between)
    up, down = np.zeros(len(which)), np.zeros(len(which))
    for weight, done in believable:
        ways = probabilities(
            scale * done.change[:, d] + moved,
            scale**2 * done.change_variance[:, d] + spread,
            smallest,
        )
        up, down = up + weight * ways[0], down + weight * ways[1]
    value = one.seen.value[block(one.seen.value, dimension.regime, which)]
    aside = np.isnan(part.seen)
    pupils = np.where(aside, 0.0, part.pupils).sum(axis=0)
    label, why = labels.verdicts(one.measure, up, down, span.count[:, d], pupils)
    lost = (aside & ~np.isnan(value)).any(axis=0)
    why[lost & (why != labels.FINE)] = labels.APART
    few = why != labels.FINE
    out.label[which], out.why[which] = label, why
    out.p_up[which] = np.where(few, np.nan, up)
    out.p_down[which] = np.where(few, np.nan, down)
    out.change[which] = np.where(few, np.nan, change)
    out.share[which] = _share_real(worked, d, last, before)
    out.from_year[which] = np.where(first >= 0, years[start], -1)
    out.to_year[which] = np.where(last >= 0, years[end], -1)
    out.base.from_year[which], out.base.to_year[which] = out.from_year[which], out.to_year[which]
    out.base.change_variance[which] = variance
    out.told[which] = _alone(worked, d).drift_told
    _foretell(out, one, worked, d, done=smooth.estimate, base=base)


def _moved(base: Base, start: Ints, end: Ints, which: Ints) -> tuple[Floats, Floats]:
    """How far the schools themselves moved between two years, and the variance of that: exact where
    the schools' own window is the same, else as if the two ends were uncertain each by itself,
    which is never too little. Both years hold figures of the group that were not set aside, so that
    the base knows them; NaN where there is no window."""
    at = [np.searchsorted(base.years, year).clip(0, len(base.years) - 1) for year in (start, end)]
    relative = [base.relative[a, which] for a in at]
    variance = [base.variance[a, which] for a in at]
    same = (base.from_year[which] == start) & (base.to_year[which] == end)
    spread = np.where(same, base.change_variance[which], variance[0] + variance[1])
    return relative[1] - relative[0], spread


def _share_real(worked: Worked, d: int, last: Ints, before: Ints) -> Floats:
    """Of the raw change from ``before`` to ``last``, the share that is likely to be real: the moves
    of the years between, over those and the luck of both ends; NaN without both."""
    panel, hyper = worked.panel, worked.fit.hyper
    known = (before >= 0) & (before < last)
    each = np.arange(panel.schools)
    a, b = np.where(known, before, 0), np.where(known, last, 0)
    years = (panel.years[b] - panel.years[a]).astype(np.float64)
    since = (panel.years[a] - panel.years[0]).astype(np.float64)
    luck = panel.share[a, each] + panel.share[b, each] + 2.0 * hyper.excess
    luck = hyper.noise[d, d] * panel.factor[:, d] ** 2 * luck
    found = np.zeros(panel.schools)
    for weight, one in worked.fit.believable():
        real = one.moved(years, since) * one.between[d, d]
        found += weight * real / np.maximum(real + luck, 1e-12)
    return np.where(known, found, np.nan)


def _foretell(
    out: Travels, one: One, worked: Worked, d: int, *, done: Smoothed, base: Base | None
) -> None:
    """The figure of the year after the last, with its 80 % interval, where there will be one, of
    schools that have a figure in the last.

    Of a group of pupils: where the school is expected to stand in that year, which is drawn back
    and uncertain as all standing is, and the group's departure from it. Where the school's standing
    is not foretold for the same year, neither is the group's.
    """
    panel, part, which = worked.panel, worked.dimensions[d].scaled, worked.schools
    year = int(panel.years[-1]) + 1
    if not one.measure.exists_in(year) or year in {b.year for b in one.measure.breaks}:
        return
    known = ~np.isnan(part.seen[-1])
    nothing = np.full(panel.seen.shape[1:], np.nan)
    mean, variance = figure_ahead(worked, d, done, year=year, share=panel.share[-1], known=nothing)
    if base is None:
        hyper, own = worked.fit.hyper, part.scale[-1] * panel.factor[:, d]
        luck = own * own * hyper.noise[d, d] * (panel.share[-1] + hyper.excess)
        out.base.next_year[which] = year
        out.base.next_relative[which] = mean - part.centre[-1]
        out.base.next_variance[which] = variance - luck
    else:
        known &= base.next_year[which] == year
        last = of_years(base, base.relative, part.years[-1:])[0, which]
        mean = mean - last + base.next_relative[which]
        variance = variance + base.next_variance[which]
    out.forecast[which] = np.where(known, mean, np.nan)
    out.forecast_half[which] = np.where(known, worked.fit.half[d] * np.sqrt(variance), np.nan)
    out.forecast_year[which] = np.where(known, year, -1)


def _alone(worked: Worked, d: int) -> Fit:
    """The fit of one dimension, for those who show it."""
    fit_, one = worked.fit, slice(d, d + 1)
    hyper, prior = (
        replace(h, between=h.between[one, one], noise=h.noise[one, one])
        for h in (fit_.hyper, fit_.prior)
    )
    return replace(
        fit_,
        hyper=hyper,
        prior=prior,
        offset=fit_.offset[:, one],
        half=fit_.half[one],
        years=int((~np.isnan(worked.panel.seen[:, :, d])).any(axis=1).sum()),
        scale=float(worked.dimensions[d].scaled.scale[-1]),
    )
