"""How much schools differ, move and are lucky: estimated by likelihood, held by priors.

With twenty thousand schools and seven years the figures speak; with two hundred schools and three
years the priors do, as they should.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from bridgehead.picture.direction import EIGHTY, Floats, Hyper, Panel, log_likelihood, so_far
from bridgehead.picture.likelihood import likelihood_one
from bridgehead.picture.priors import Prior, starting, typical
from bridgehead.picture.search import search_one, search_several

#: Schools used for the estimate: more would change the figures by less than their error.
ENOUGH = 1000
ENOUGH_TOGETHER = 300
#: Fewer schools than this with two years say nothing: the priors stand alone.
FEWEST = 20
#: Schools may move so many times less than is likeliest beforehand …
SLOWER = (1.0, 2.0, 4.0, 8.0)
#: … which is ruled out where the figures make it less believable than this, and told where they
#: leave so much to one of them.
RULED_OUT, TOLD = 0.05, 0.8
#: With fewer years of figures than this nothing tells drift from luck.
FEWEST_FOR_DRIFT = 4
#: A year's mean over fewer schools than about this many is drawn to that of all years.
FEW_IN_A_YEAR = 10.0
#: So many figures' worth of trust in a width that is known beforehand.
TRUST = 100.0


@dataclass(frozen=True, slots=True)
class Fit:
    """Hyperparameters and where they come from.

    ``offset`` (years, measures) is what the pool has in common in each year; ``prior`` is what was
    known beforehand; ``half`` (measures,) is half an 80 % interval for a new figure, in standard
    deviations (cohorts have rarer extremes and a fuller middle than the normal law); ``believed``
    says how far each of ``SLOWER`` is believed; ``scale`` is the newest year's, in the measure's
    units; ``settled`` is False where the search for the likeliest figures was ended before it came
    to rest.
    """

    hyper: Hyper
    prior: Hyper
    offset: Floats
    half: Floats
    schools: int
    years: int
    estimated: bool
    believed: tuple[float, ...]
    scale: float = 1.0
    settled: bool = True

    @property
    def drift_told(self) -> bool:
        """Whether the loaded years can tell drift from luck."""
        enough = self.estimated and self.years >= FEWEST_FOR_DRIFT
        return enough and max(self.believed) >= TOLD

    def believable(self) -> Iterator[tuple[float, Hyper]]:
        """The hyperparameters with their weight, and those under which schools move a half, a
        quarter or an eighth as much, as far as the loaded years cannot rule them out: a claim of
        direction should hold over all that may be believed."""
        moves = 1.0 - self.hyper.stay
        for weight, by in zip(self.believed, SLOWER, strict=True):
            if weight > 0:
                yield weight, replace(self.hyper, stay=1.0 - moves / by)

    @property
    def figures(self) -> dict[str, float]:
        """What schools have in common, of one measure, as people read it: ``in_units``."""
        return in_units(self.hyper, self.scale)

    @property
    def prior_figures(self) -> dict[str, float]:
        """The same as it was known beforehand."""
        return in_units(self.prior, self.scale)


def in_units(hyper: Hyper, scale: float) -> dict[str, float]:
    """The figures of one measure: ``drift`` (variance of a year's move), ``between`` (variance
    between schools once their context is known), ``excess`` (variance of a year's luck beyond the
    pupils') in squared units of the measure, ``noise`` (variance of one pupil's luck, likewise) and
    ``stay``."""
    square = scale * scale
    noise = float(hyper.noise[0, 0]) * square
    return {
        "drift": float(hyper.drift[0]) * square,
        "between": float(hyper.between[0, 0]) * hyper.first * square,
        "excess": noise * hyper.excess,
        "noise": noise,
        "stay": hyper.stay,
    }


def common(panel: Panel, hyper: Hyper) -> Floats:
    """What the figures of each year have in common, (years, measures): their mean, weighted by what
    each school tells; where few schools speak, drawn towards the mean of all years."""
    there = ~np.isnan(panel.seen)
    between, noise = np.diag(hyper.between), np.diag(hyper.noise)
    luck = noise * (panel.factor**2) * (panel.share + hyper.excess)[:, :, None]
    weight = np.where(there, 1.0 / (between + luck), 0.0)
    sums = np.einsum("tsm,tsm->tm", np.where(there, panel.seen, 0.0), weight)
    weights = np.einsum("tsm->tm", weight)
    whole = sums.sum(axis=0) / np.maximum(weights.sum(axis=0), 1e-12)
    count = there.sum(axis=1)
    own = np.where(weights > 0, sums / np.maximum(weights, 1e-12), whole)
    trust = count / (count + FEW_IN_A_YEAR)
    drawn: Floats = whole + trust * (own - whole)
    return drawn


def fit(panel: Panel, prior: Prior, pupil: Floats) -> Fit:
    """Penalised maximum likelihood, deterministic. ``panel`` holds the schools of one pool.

    Fewer than ``FEWEST`` schools with two years, or a single year, leave the prior as it is.
    """
    middle = typical(panel)
    guess = starting(panel, prior, pupil, middle=middle)
    start = starting(panel.less(common(panel, guess)), prior, pupil, middle=middle)
    offset = common(panel, start)
    panel = panel.less(offset)
    there = ~np.isnan(panel.seen)
    twice = np.flatnonzero((there.sum(axis=0) >= 2).any(axis=1))
    years = int(there.any(axis=(1, 2)).sum())
    if len(twice) < FEWEST:
        half = np.full(panel.measures, EIGHTY)
        return Fit(start, start, offset, half, len(twice), years, False, _alike())
    enough = ENOUGH if panel.measures == 1 else ENOUGH_TOGETHER
    step = max(1, -(-len(twice) // enough))
    some = panel.take(twice[::step])
    found, more, settled = (search_one if panel.measures == 1 else search_several)(
        some, prior, start, step
    )
    some = some.less(more)
    half, believed = _half(some, found), _believed(some, found, step)
    settings = (found, start, offset + more, half, len(twice), years, True, believed)
    return Fit(*settings, settled=settled)


def _alike() -> tuple[float, ...]:
    return tuple(1.0 / len(SLOWER) for _ in SLOWER)


def _believed(panel: Panel, hyper: Hyper, step: int) -> tuple[float, ...]:
    """How far each of ``SLOWER`` is believed, all alike beforehand."""
    moves = 1.0 - hyper.stay
    look = likelihood_one(panel) if panel.measures == 1 else None
    each = [replace(hyper, stay=1.0 - moves / by) for by in SLOWER]
    logs = np.array([look(h)[0] if look else log_likelihood(panel, h) for h in each]) * step
    weights = np.exp(logs - logs.max())
    weights = weights / weights.sum()
    weights = np.where(weights < RULED_OUT, 0.0, weights)
    return tuple((weights / weights.sum()).tolist())


def _half(panel: Panel, hyper: Hyper) -> Floats:
    """Half the width, in standard deviations, that holds 80 % of the figures of each measure that
    came next: as it was in these years, each foretold from those before, drawn towards that of all
    measures, and that towards the normal law's."""
    surprises = np.full(panel.seen.shape, np.nan)
    mean, variance = so_far(panel, hyper)
    known = np.zeros((panel.schools, panel.measures), dtype=np.bool_)
    for t in range(1, len(panel.years)):
        known |= ~np.isnan(panel.seen[t - 1])
        kept, new = hyper.over(panel.gap(t))
        spread = kept * kept * variance[t - 1] + np.diag(new)
        spread = spread + np.einsum("smm->sm", panel.luck(t, hyper))
        found = np.abs(panel.seen[t] - kept * mean[t - 1]) / np.sqrt(spread)
        surprises[t] = np.where(known, found, np.nan)
    together = _width(surprises, EIGHTY)
    return np.array([_width(surprises[:, :, m], together) for m in range(panel.measures)])


def _width(surprises: Floats, otherwise: float) -> float:
    """What holds 80 % of some surprises, drawn towards ``otherwise``."""
    seen = surprises[~np.isnan(surprises)]
    if not len(seen):
        return otherwise
    own = float(np.quantile(seen, 0.8))
    return (len(seen) * own + TRUST * otherwise) / (len(seen) + TRUST)
