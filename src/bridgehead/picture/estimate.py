"""How much schools differ, move and are lucky: estimated by likelihood, held by priors.

The priors are data (``priors.yaml``, with their sources). With twenty thousand schools and seven
years the figures speak; with two hundred schools and three years the priors do, as they should.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.optimize import minimize

from bridgehead.picture.direction import (
    EIGHTY,
    Floats,
    Hyper,
    Panel,
    backward,
    forward,
    log_likelihood,
    so_far,
)
from bridgehead.picture.likelihood import likelihood_one

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
#: Standing is never taken to be forgotten within a year: the largest log(1 − stay).
LOOSEST = -1e-3
#: Between two looks at how far standing stays, the matrices are improved so many times.
ROUNDS, STEPS = 3, 6
#: A search for the likeliest figures is ended after so many steps (of one measure) or looks (at
#: what is looked for between two improvements: on the published files the longest took 36).
STEPS_OF_ONE, LOOKS_BETWEEN = 200, 60
#: No figure is looked for further than this from the likeliest beforehand, in its logarithm.
FAR = 12.0
#: The search begins a little within its bounds, where every slope means something.
NEARLY = 0.2
#: What a step beyond the loosest costs, for each school: more than any figure could gain by it.
WALL = 1e4
#: A year's mean over fewer schools than about this many is drawn to that of all years.
FEW_IN_A_YEAR = 10.0
#: So many figures' worth of trust in a width that is known beforehand.
TRUST = 100.0


@dataclass(frozen=True, slots=True)
class Prior:
    """What is known beforehand. ``stay`` and ``excess`` are the likeliest values, held by so much
    log-likelihood per unit of their logarithm (``stay_hold``, ``excess_hold``: a firm hand that
    gives way to strong evidence at once); ``noise_times`` is how much more one pupil's luck varies
    than sampling says; ``between_weight`` and ``noise_weight`` say how many school-years of
    evidence the variances are worth."""

    stay: float
    excess: float
    noise_times: float
    stay_hold: float
    excess_hold: float
    first_hold: float
    between_weight: float
    noise_weight: float
    most_noise: float


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


@cache
def _file() -> dict[str, Any]:
    path = Path(__file__).with_name("priors.yaml")
    loaded: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded


@cache
def prior_of(stage: str) -> Prior:
    """The shipped prior of a stage (``ks2``, ``absence`` …): its own entries, else the default."""
    known = {**_file()["stages"]["default"], **_file()["stages"].get(stage, {})}
    return Prior(**{name: float(known[name]) for name in Prior.__dataclass_fields__})


def pupil_sd(law: str) -> float:
    """The spread of one pupil's result where the measure's definition gives none."""
    return float(_file()["pupil_sd"].get(law, _file()["pupil_sd"]["mean"]))


def starting(panel: Panel, prior: Prior, pupil: Floats, *, middle: float | None = None) -> Hyper:
    """What is expected before the estimate: ``pupil`` (measures,) is the variance of one pupil's
    result by sampling alone, NaN where no law is known (then a share of what is seen). ``middle``
    is ``typical`` of the panel where it is known."""
    there = ~np.isnan(panel.seen)
    count = np.maximum(there.sum(axis=(0, 1)), 1)
    seen = np.where(there, panel.seen, 0.0)
    total = np.maximum(np.einsum("tsm,tsm->m", seen, seen) / count, 1e-9)
    share = (typical(panel) if middle is None else middle) + prior.excess
    noise = np.where(np.isnan(pupil), 0.3 * total, prior.noise_times * pupil * share)
    noise = np.minimum(noise, prior.most_noise * total)
    return Hyper(
        between=np.diag(total - noise),
        noise=np.diag(noise / share),
        stay=prior.stay,
        excess=prior.excess,
    )


def typical(panel: Panel) -> float:
    """One over the pupils of the middle school: a mean would be that of the smallest cohorts."""
    return float(np.median(panel.share))


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
    found, more, settled = (_one if panel.measures == 1 else _several)(some, prior, start, step)
    some = some.less(more)
    half, believed = _half(some, found), _believed(some, found, step)
    settings = (found, start, offset + more, half, len(twice), years, True, believed)
    return Fit(*settings, settled=settled)


def _alike() -> tuple[float, ...]:
    return tuple(1.0 / len(SLOWER) for _ in SLOWER)


def _believed(panel: Panel, hyper: Hyper, step: int) -> tuple[float, ...]:
    """How far each of ``SLOWER`` is believed, all alike beforehand."""
    moves = 1.0 - hyper.stay
    one = likelihood_one(panel) if panel.measures == 1 else None
    each = [replace(hyper, stay=1.0 - moves / by) for by in SLOWER]
    logs = np.array([one(h)[0] if one else log_likelihood(panel, h) for h in each]) * step
    weights = np.exp(logs - logs.max())
    weights = weights / weights.sum()
    weights = np.where(weights < RULED_OUT, 0.0, weights)
    return tuple((weights / weights.sum()).tolist())


def _hold(hyper: Hyper, prior: Prior) -> float:
    """What leaving the likeliest values costs, in log-likelihood."""
    # Of drift as a share of how much schools differ at first, whichever of the two makes it up.
    moves = np.log1p(-hyper.stay) - np.log(hyper.first) - np.log1p(-prior.stay)
    stay = abs(float(moves))
    excess = abs(float(np.log(hyper.excess) - np.log(prior.excess)))
    first = abs(float(np.log(hyper.first)))
    return prior.stay_hold * stay + prior.excess_hold * excess + prior.first_hold * first


def _one(panel: Panel, prior: Prior, start: Hyper, step: int) -> tuple[Hyper, Floats, bool]:
    """One measure: all five figures at once, by their logarithms. Also what the years have in
    common beyond what was taken off, and whether the search came to rest.

    A hand that holds a logarithm costs its distance, which has a corner where the search should
    often end: what lies above the likeliest value and what lies below are two unknowns, neither
    below 0, so that the cost is smooth in all of them.
    """
    held = np.log([start.between[0, 0], start.noise[0, 0]])
    weights = np.array([prior.between_weight, prior.noise_weight]) / 2
    # Before the first year's log: drift is held as a share of how much schools differ at first.
    moves, luck = float(np.log1p(-prior.stay)), float(np.log(prior.excess))
    holds = np.array([prior.stay_hold, prior.stay_hold, prior.excess_hold, prior.excess_hold])
    likelihood = likelihood_one(panel)

    def hyper(x: Floats) -> tuple[Hyper, float]:
        """And how far the move lies beyond the loosest."""
        moved = moves + x[2] - x[3] + x[6]
        one = Hyper(
            np.exp(x[:1]).reshape(1, 1),
            np.exp(x[1:2]).reshape(1, 1),
            stay=1.0 - float(np.exp(min(moved, LOOSEST))),
            excess=float(np.exp(luck + x[4] - x[5])),
            first=float(np.exp(x[6])),
        )
        return one, max(0.0, float(moved - LOOSEST))

    def cost(x: Floats) -> tuple[float, Floats]:
        one, beyond = hyper(x)
        value, slope = likelihood(one)
        by_log = slope * np.array(
            [*np.exp(x[:2]), 0.0 if beyond else one.stay - 1.0, one.excess, one.first]
        )
        known = weights * (x[:2] - held + np.exp(held - x[:2]))
        found = holds @ x[2:6] - prior.first_hold * x[6] + known.sum() + WALL * step * beyond**2
        to_moves = 2.0 * WALL * step * beyond - step * by_log[2]
        rises = np.array(
            [
                *(weights * (1.0 - np.exp(held - x[:2])) - step * by_log[:2]),
                *(holds[:2] + np.array([to_moves, -to_moves])),
                *(holds[2:] + step * np.array([-by_log[3], by_log[3]])),
                to_moves - prior.first_hold - step * by_log[4],
            ]
        )
        return (float(found) - step * value) / step, rises / step

    found = minimize(
        cost,
        np.array([*held, *([NEARLY] * 4), -NEARLY]),
        jac=True,
        method="L-BFGS-B",
        bounds=[*((one - FAR, one + FAR) for one in held), *([(0.0, FAR)] * 4), (-FAR, 0.0)],
        options={"ftol": 1e-8, "gtol": 1e-4, "maxiter": STEPS_OF_ONE},
    )
    return hyper(found.x)[0], np.zeros((len(panel.years), 1)), bool(found.success)


def _several(panel: Panel, prior: Prior, start: Hyper, step: int) -> tuple[Hyper, Floats, bool]:
    """Several measures: the matrices by expectation and maximisation, and between times how far
    standing stays and the excess by the likelihood. Gives what ``_one`` does."""
    hyper, settled = start, True
    offset = np.zeros((len(panel.years), panel.measures))
    for turn in range(ROUNDS):
        for _ in range(STEPS):
            hyper, more = _improved(panel.less(offset), prior, start, hyper, step)
            offset = offset + more
        if turn + 1 < ROUNDS:
            hyper, settled = _scalars(panel.less(offset), prior, hyper, step)
    return hyper, offset, settled


def _scalars(panel: Panel, prior: Prior, hyper: Hyper, step: int) -> tuple[Hyper, bool]:
    share = typical(panel)

    def moved(x: Floats) -> Hyper:
        excess = float(np.exp(x[1]))
        noise = hyper.noise * (share + hyper.excess) / (share + excess)
        return replace(hyper, noise=noise, stay=1.0 - float(np.exp(x[0])), excess=excess)

    def cost(x: Floats) -> float:
        if x[0] > LOOSEST:
            return float("inf")
        one = moved(x)
        return _hold(one, prior) - step * log_likelihood(panel, one)

    origin = np.array([np.log1p(-hyper.stay), np.log(hyper.excess)])
    simplex = origin + np.array([[0.0, 0.0], [0.3, 0.0], [0.0, 0.4]])
    found, settled = _lowest(cost, simplex, LOOKS_BETWEEN)
    return moved(found), settled


def _lowest(cost: Callable[[Floats], float], simplex: Floats, looks: int) -> tuple[Floats, bool]:
    """Where the cost is lowest, in so many looks from the corners of ``simplex``, and whether the
    search came to rest within them."""
    options: Any = {"initial_simplex": simplex, "xatol": 0.05, "fatol": 0.2, "maxfev": looks}
    found = minimize(cost, simplex[0], method="Nelder-Mead", options=options)
    return np.asarray(found.x), bool(found.success)


def _improved(
    panel: Panel, prior: Prior, start: Hyper, hyper: Hyper, step: int
) -> tuple[Hyper, Floats]:
    """One step of expectation and maximisation: better matrices, and what the years still have in
    common."""
    ahead_ = forward(panel, hyper)
    back = backward(panel, hyper, ahead_)
    between, count = _moves(panel, hyper, back.mean, back.covariance, back.gain)
    noise, seen = _lucks(panel, hyper, back.mean, back.covariance)
    weight_b, weight_n = prior.between_weight / step, prior.noise_weight / step
    better = replace(
        hyper,
        between=_symmetric((between + weight_b * start.between) / (count + weight_b)),
        noise=_symmetric((noise + weight_n * start.noise) / (seen + weight_n)),
    )
    there = ~np.isnan(panel.seen)
    each = np.where(there, 1.0 / (panel.share + hyper.excess)[:, :, None], 0.0) / panel.factor**2
    left = np.where(there, panel.seen - back.mean, 0.0) * each
    return better, left.sum(axis=1) / np.maximum(each.sum(axis=1), 1e-12)


def _symmetric(matrix: Floats) -> Floats:
    """The matrix without what rounding made of it."""
    return (matrix + matrix.T) / 2.0


def _moves(
    panel: Panel, hyper: Hyper, mean: Floats, covariance: Floats, gain: Floats
) -> tuple[Floats, float]:
    """What the expected moves of standing say of ``between``: sum of squares, and of how many."""
    total = np.einsum("sm,sn->mn", mean[0], mean[0]) + covariance[0].sum(axis=0)
    for t in range(1, len(panel.years)):
        kept, _ = hyper.over(panel.gap(t))
        new = max(1.0 - kept * kept, 1e-9)
        moved = mean[t] - kept * mean[t - 1]
        # Cov(z(t), z(t−1)) given all years is covariance[t] · gain[t−1]ᵀ.
        cross = (covariance[t] @ gain[t - 1].transpose(0, 2, 1)).sum(axis=0)
        spread = covariance[t].sum(axis=0) + kept * kept * covariance[t - 1].sum(axis=0)
        spread = spread - kept * (cross + cross.T)
        total += (np.einsum("sm,sn->mn", moved, moved) + spread) / new
    return total, float(panel.schools * len(panel.years))


def _lucks(panel: Panel, hyper: Hyper, mean: Floats, covariance: Floats) -> tuple[Floats, float]:
    """What the expected luck says of ``noise``. Of a year in which only some measures were seen,
    the others' luck is expected from theirs."""
    total, count = np.zeros_like(hyper.noise), 0.0
    unit = np.eye(panel.measures)
    for t in range(len(panel.years)):
        there = ~np.isnan(panel.seen[t])
        which = np.flatnonzero(there.any(axis=1))
        if not len(which):
            continue
        there = there[which]
        factor, each = panel.factor[which], panel.share[t, which] + hyper.excess
        left = np.where(there, panel.seen[t, which] - mean[t, which], 0.0) / factor
        held = covariance[t, which] / factor[:, :, None] / factor[:, None, :]
        both = there[:, :, None] & there[:, None, :]
        noise = np.broadcast_to(hyper.noise, both.shape)
        inverse = np.linalg.inv(np.where(both, noise, unit))
        # What is seen stands for itself; what is not, for its regression on what is.
        onto = np.where(there[:, None, :], noise, 0.0) @ inverse
        onto = np.where(there[:, :, None], np.where(both, unit, 0.0), onto)
        luck = np.einsum("smk,sk->sm", onto, left)
        held = onto @ np.where(both, held, 0.0) @ onto.transpose(0, 2, 1)
        total += np.einsum("s,sm,sn->mn", 1.0 / each, luck, luck)
        total += np.einsum("s,smn->mn", 1.0 / each, held)
        rest = noise - onto @ np.where(there[:, :, None], noise, 0.0)
        total += np.where(both, 0.0, rest).sum(axis=0)
        count += len(which)
    return total, max(count, 1.0)


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
