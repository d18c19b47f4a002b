"""Where the likelihood of a pool is highest, held by the priors: of one measure by its slope, of
several by expectation and maximisation (docs/explanation/how-direction-is-estimated.md)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.optimize import minimize

from bridgehead.picture.direction import Floats, Hyper, Panel, backward, forward, log_likelihood
from bridgehead.picture.likelihood import likelihood_one
from bridgehead.picture.priors import Prior, typical

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


def hold(hyper: Hyper, prior: Prior) -> float:
    """What leaving the likeliest values costs, in log-likelihood."""
    # Of drift as a share of how much schools differ at first, whichever of the two makes it up.
    moves = np.log1p(-hyper.stay) - np.log(hyper.first) - np.log1p(-prior.stay)
    stay = abs(float(moves))
    excess = abs(float(np.log(hyper.excess) - np.log(prior.excess)))
    first = abs(float(np.log(hyper.first)))
    return prior.stay_hold * stay + prior.excess_hold * excess + prior.first_hold * first


def search_one(panel: Panel, prior: Prior, start: Hyper, step: int) -> tuple[Hyper, Floats, bool]:
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


def search_several(
    panel: Panel, prior: Prior, start: Hyper, step: int
) -> tuple[Hyper, Floats, bool]:
    """Several measures: the matrices by expectation and maximisation, and between times how far
    standing stays and the excess by the likelihood. Gives what ``search_one`` does."""
    hyper, settled = start, True
    offset = np.zeros((len(panel.years), panel.measures))
    for turn in range(ROUNDS):
        for _ in range(STEPS):
            hyper, more = improved(panel.less(offset), prior, start, hyper, step)
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
        return hold(one, prior) - step * log_likelihood(panel, one)

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


def improved(
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
