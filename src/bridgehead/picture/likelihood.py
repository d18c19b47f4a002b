"""How likely the figures of one measure are, and which way that rises: for the search of
``estimate``, which looks many times. Backwards through the Kalman filter (reverse differentiation),
so that the slope in all five hyperparameters costs about three times a look.
"""

from collections.abc import Callable

import numpy as np

from bridgehead.picture.direction import Floats, Hyper, Panel

#: Years whose variances are multiplied before the logarithm: the product stays in range.
TOGETHER = 8


def likelihood_one(panel: Panel) -> Callable[[Hyper], tuple[float, Floats]]:
    """The log-likelihood of a panel of one measure by hyperparameters, with its slope in
    ``(between, noise, stay, excess, first)``. What they have no part in is worked out once."""
    there = ~np.isnan(panel.seen[:, :, 0])
    seen = np.where(there, panel.seen[:, :, 0], 0.0)
    each = panel.factor[:, 0] ** 2
    share = panel.share * each
    gaps = [panel.gap(t) for t in range(len(panel.years))]
    constant = float(np.log(2 * np.pi)) * float(there.sum())
    told = there.astype(np.float64)  # 0 takes out what was not seen

    def look(hyper: Hyper) -> tuple[float, Floats]:
        between, luck = float(hyper.between[0, 0]), float(hyper.noise[0, 0])
        noise = luck * share + (luck * hyper.excess) * each
        kept = [hyper.stay**gap for gap in gaps]
        total, passed = _forwards(seen, told, noise, kept, hyper)
        to_between, to_noise, to_kept, start = _backwards(passed, noise, kept, between)
        slope = np.array(
            [
                to_between + start * hyper.first,
                float((to_noise * noise).sum()) / luck,
                sum(k * g * hyper.stay ** (g - 1.0) for k, g in zip(to_kept, gaps, strict=True)),
                luck * float((to_noise @ each).sum()),
                start * between,
            ]
        )
        return -0.5 * (total + constant), slope

    return look


#: By year: the variance of standing before its figure is known, mean and variance once it is, the
#: precision of the figure, and its surprise over its variance.
_Passed = list[tuple[Floats, Floats, Floats, Floats, Floats]]


def _forwards(
    seen: Floats, told: Floats, noise: Floats, kept: list[float], hyper: Hyper
) -> tuple[float, _Passed]:
    """Minus twice the log-likelihood but for its constant, and what the filter passed through."""
    schools, between = seen.shape[1], float(hyper.between[0, 0])
    mean, variance = np.zeros(schools), np.full(schools, between * hyper.first)
    total, product = 0.0, np.ones(schools)
    passed: _Passed = []
    for t, stays in enumerate(kept):
        if t:
            mean = mean * stays
            variance = variance * (stays * stays) + (1.0 - stays * stays) * between
        spread = variance + noise[t]
        precision = told[t] / spread
        surprise = seen[t] - mean
        weighted = surprise * precision
        total += float(surprise @ weighted)
        after = mean + variance * weighted
        left = variance * (1.0 - variance * precision)
        product *= np.where(told[t] > 0, spread, 1.0)
        if t % TOGETHER == TOGETHER - 1 or t == len(kept) - 1:
            total += float(np.log(product).sum())
            product = np.ones(schools)
        passed.append((variance, after, left, precision, weighted))
        mean, variance = after, left
    return total, passed


def _backwards(
    passed: _Passed, noise: Floats, kept: list[float], between: float
) -> tuple[float, Floats, list[float], float]:
    """The slope of the log-likelihood in ``between`` (by the moves), in the noise of each figure,
    in what stays from year to year, and in the variance of the first year."""
    schools = noise.shape[1]
    to_mean, to_variance = np.zeros(schools), np.zeros(schools)  # of standing after the year
    to_noise, to_kept, to_between = np.empty_like(noise), [0.0] * len(kept), 0.0
    for t in range(len(kept) - 1, -1, -1):
        variance, _, _, precision, weighted = passed[t]
        gain = variance * precision
        to_spread = 0.5 * (weighted * weighted - precision) + gain * (
            gain * to_variance - weighted * to_mean
        )
        to_noise[t] = to_spread
        # A figure that was not seen has neither gain nor weight: these leave things as they are.
        to_variance = to_spread + weighted * to_mean + to_variance * (1.0 - 2.0 * gain)
        to_mean = to_mean * (1.0 - gain) + weighted
        if t:
            _, before, left, _, _ = passed[t - 1]
            stays = kept[t]
            to_kept[t] = float(to_mean @ before + 2.0 * stays * (to_variance @ (left - between)))
            to_between += (1.0 - stays * stays) * float(to_variance.sum())
            to_mean, to_variance = stays * to_mean, stays * stays * to_variance
    return to_between, to_noise, to_kept, float(to_variance.sum())
