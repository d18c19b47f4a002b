"""One pool of schools, fitted: series in their regimes become the dimensions of one panel."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bridgehead.measures.model import Measure
from bridgehead.picture.direction import Floats, Ints, Panel, Smoothed, ahead
from bridgehead.picture.estimate import Fit, common, fit
from bridgehead.picture.noise import Scaled, Seen, block, scaled
from bridgehead.picture.priors import prior_of, starting

#: Strength of the ridge on standardised context, in schools.
RIDGE = 5.0


@dataclass(frozen=True, slots=True)
class One:
    """A series and its measure. ``outcome`` is False for what is only known of the cohort."""

    seen: Seen
    measure: Measure
    outcome: bool = True


@dataclass(frozen=True, slots=True)
class Base:
    """Where the schools of a group of pupils stand with all their pupils: level relative to what it
    is compared with, and its variance, (years, schools), every year of the pool; the variance of
    the change of it over the window of direction; and where they are expected to stand in
    ``next_year`` (−1 where that is not foretold), with its variance, (schools,)."""

    years: Ints
    relative: Floats
    variance: Floats
    from_year: Ints
    to_year: Ints
    change_variance: Floats
    next_year: Ints
    next_relative: Floats
    next_variance: Floats

    @classmethod
    def unknown(cls, years: Ints, schools: int) -> "Base":
        """Of schools of which nothing is known."""
        shape, no_year = (len(years), schools), np.full(schools, -1, dtype=np.int64)
        return cls(
            years,
            relative=np.full(shape, np.nan),
            variance=np.full(shape, np.nan),
            from_year=no_year.copy(),
            to_year=no_year.copy(),
            change_variance=np.full(schools, np.nan),
            next_year=no_year.copy(),
            next_relative=np.full(schools, np.nan),
            next_variance=np.full(schools, np.nan),
        )

    def take(self, which: Ints) -> "Base":
        """The same for some of the schools."""
        return Base(
            self.years,
            self.relative[:, which],
            self.variance[:, which],
            self.from_year[which],
            self.to_year[which],
            self.change_variance[which],
            self.next_year[which],
            self.next_relative[which],
            self.next_variance[which],
        )

    def spread(self, which: Ints, schools: int) -> "Base":
        """The same over ``schools`` schools, of which these are at positions ``which``."""
        whole = Base.unknown(self.years, schools)
        for name in self.__dataclass_fields__:
            if name != "years":
                getattr(whole, name)[..., which] = getattr(self, name)
        return whole


@dataclass(frozen=True, slots=True)
class Dimension:
    """One measure in one regime within a panel: ``which`` of the series given, the positions
    ``regime`` in its own years and ``at`` in the panel's, ``expect`` (schools,) by context."""

    which: int
    newest: bool
    regime: Ints
    at: Ints
    scaled: Scaled
    expect: Floats


@dataclass(frozen=True, slots=True)
class Worked:
    """One pool, fitted: ``schools`` are positions in the series given."""

    schools: Ints
    panel: Panel
    dimensions: tuple[Dimension, ...]
    fit: Fit

    def position(self, which: int) -> int | None:
        """The dimension that is the newest regime of series ``which``."""
        return next(
            (d for d, one in enumerate(self.dimensions) if one.which == which and one.newest), None
        )


def regimes_with_figures(seen: Seen, measure: Measure, which: Ints) -> list[Ints]:
    """Newest first."""
    found = reversed(list(regimes(seen.years, measure)))
    return [one for one in found if not np.isnan(seen.value[block(seen.value, one, which)]).all()]


def regimes(years: Ints, measure: Measure) -> Iterator[npt.NDArray[np.int64]]:
    """Positions of years between the measure's breaks, oldest first."""
    starts = sorted({b.year for b in measure.breaks})
    number = np.searchsorted(np.array(starts, dtype=np.int64), years, side="right")
    for one in np.unique(number):
        yield np.flatnonzero(number == one)


def work(
    series: Sequence[One],
    schools: Ints,
    *,
    regimes_of: dict[int, list[Ints]] | None = None,
    base: Base | None = None,
) -> Worked | None:
    """Fit one pool: every series in every regime is a dimension of one panel. ``regimes_of`` names
    the regimes of some of the series, ``base`` where the schools of a group of pupils stand.
    ``None`` where nothing was seen."""
    parts: list[tuple[int, bool, Ints, Scaled]] = []
    seen_any = np.zeros(len(schools), dtype=np.bool_)
    for n, one in enumerate(series):
        found = (regimes_of or {}).get(n) or regimes_with_figures(one.seen, one.measure, schools)
        for order, regime in enumerate(found):
            value = one.seen.value[block(one.seen.value, regime, schools)]
            less = _less(base, one.seen, regime, schools)
            some = ~np.isnan(value if less is None else value + less).all(axis=1)
            if not some.any():
                continue
            held, less = regime[some], None if less is None else less[some]
            part = scaled(one.seen, one.measure, held, schools, less)
            parts.append((n, order == 0, held, part))
            if one.outcome:
                seen_any |= ~np.isnan(part.seen).all(axis=0)
    if not any(series[n].outcome for n, *_ in parts):
        return None
    years = np.unique(np.concatenate([part.years for *_, part in parts]))
    panel = _panel(years, [part for *_, part in parts], [series[n].outcome for n, *_ in parts])
    pupil = np.array([part.pupil for *_, part in parts])
    prior = prior_of(series[0].measure.stage)
    context = series[0].seen.context[schools]
    with_cohort = any(not series[n].outcome for n, *_ in parts)
    expect = np.zeros((len(schools), len(parts)))
    kept = np.flatnonzero(seen_any)  # of whom nothing was seen says nothing of the others
    if base is None and not with_cohort:
        guess = starting(panel.take(kept), prior, pupil)
        offset = common(panel, guess)
        expect = np.column_stack(
            [
                expected(
                    panel.seen[:, :, d] - offset[:, d, None],
                    guess.noise[d, d] * (panel.share + guess.excess) * panel.factor[:, d] ** 2,
                    context,
                    float(guess.between[d, d]),
                )
                for d in range(len(parts))
            ]
        )
        panel = Panel(panel.years, panel.seen - expect[None], panel.share, panel.factor)
    dimensions = tuple(
        Dimension(n, newest, regime, np.searchsorted(years, part.years), part, expect[:, d])
        for d, (n, newest, regime, part) in enumerate(parts)
    )
    return Worked(schools, panel, dimensions, fit(panel.take(kept), prior, pupil))


def _panel(years: Ints, parts: list[Scaled], outcomes: list[bool]) -> Panel:
    shape = (len(years), parts[0].seen.shape[1])
    seen = np.full((*shape, len(parts)), np.nan)
    pupils = np.full(shape, np.nan)
    for d, part in enumerate(parts):
        at = np.searchsorted(years, part.years)
        seen[at, :, d] = part.seen
        if outcomes[d]:
            pupils[at] = np.where(np.isnan(pupils[at]), part.pupils, pupils[at])
    count = np.maximum((~np.isnan(pupils)).sum(axis=0), 1)
    own = np.where(np.isnan(pupils), 0.0, pupils).sum(axis=0) / count
    pupils = np.where(np.isnan(pupils), np.maximum(own, 1.0), pupils)
    factor = np.column_stack([part.factor for part in parts])
    return Panel(years, seen, 1.0 / pupils, factor)


def _less(base: Base | None, seen: Seen, regime: Ints, schools: Ints) -> Floats | None:
    """Where the school stands, in the years of a group's regime. NaN where that is not known: the
    group's figure of such a year is set aside. To take 0 off it would set a group beside England in
    one year and beside its school in the next, and call the difference a change."""
    if base is None:
        return None
    return of_years(base, base.relative, seen.years[regime])[:, schools]


def of_years(base: Base, values: Floats, years: Ints) -> Floats:
    """Some years of ``values`` (the base's years, schools); NaN for a year that the base lacks."""
    at = np.minimum(np.searchsorted(base.years, years), max(len(base.years) - 1, 0))
    same = base.years[at] == years
    found: Floats = np.where(same[:, None], values[at], np.nan)
    return found


def expected(seen: Floats, luck: Floats, context: Floats, between: float) -> Floats:
    """The standing that each school's context leads one to expect: ridge regression of what was
    seen on standardised context, each school weighted by how much was seen of it. An input that is
    not known of a school counts as average."""
    there = ~np.isnan(seen)
    precision = np.where(there, 1.0 / luck, 0.0)
    known = precision.sum(axis=0)
    some = known > 0
    mean = np.where(there, seen * precision, 0.0).sum(axis=0) / np.where(some, known, 1.0)
    weight = np.where(some, 1.0 / (between + 1.0 / np.where(some, known, 1.0)), 0.0)
    weight = weight / max(float(weight[some].mean()) if some.any() else 0.0, 1e-12)
    if not some.any():
        return np.zeros(len(mean))
    inputs = np.ascontiguousarray(context.T)  # inputs first, so that each sum runs along memory
    told = ~np.isnan(inputs) & some
    count = np.maximum(told.sum(axis=1), 1)[:, None]
    away = inputs - np.where(told, inputs, 0.0).sum(axis=1, keepdims=True) / count
    spread = np.sqrt((np.where(told, away, 0.0) ** 2).sum(axis=1, keepdims=True) / count)
    useful = spread[:, 0] > 1e-9
    standard = np.nan_to_num(away[useful] / spread[useful])
    rows = np.concatenate([np.ones((1, len(mean))), standard])
    penalty = np.diag([1e-6] + [RIDGE] * int(useful.sum()))
    # Not as matrix products: many are worked side by side, and each would start threads of its own.
    weighted = rows * weight
    left = np.einsum("is,js->ij", weighted, rows) + penalty
    right = np.einsum("is,s->i", weighted, mean)
    return np.asarray(np.einsum("is,i->s", rows, np.linalg.solve(left, right)))


def figure_ahead(
    worked: Worked, d: int, done: Smoothed, *, year: int, share: Floats, known: Floats
) -> tuple[Floats, Floats]:
    """The figure of a later year of dimension ``d`` in its own units: mean and variance,
    (schools,). ``share`` and ``known`` are as ``direction.ahead`` takes them. What the year's
    figures will have in common is taken from the last year."""
    dimension, panel, fit_ = worked.dimensions[d], worked.panel, worked.fit
    part = dimension.scaled
    mean, variance = ahead(panel, fit_.hyper, done, year=year, share=share, known=known)
    newest = int(dimension.at[-1])
    standing = mean[:, d] + dimension.expect + fit_.offset[newest, d]
    scale = float(part.scale[-1])
    return part.centre[-1] + scale * standing, scale**2 * variance[:, d]
