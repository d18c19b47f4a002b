"""How much schools drift and differ: estimated by likelihood, held by priors.

The priors are data (``priors.yaml``, with their sources). With twenty thousand schools and seven
years the figures speak; with two hundred schools and three years the priors do, as they should.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.optimize import minimize

from bridgehead.picture.direction import Floats, Hyper, Panel, log_likelihood

#: Schools used for the estimate: more would change the figures by less than their error.
ENOUGH = 3000
#: Fewer schools than this with two years say nothing: the priors stand alone.
FEWEST = 20


@dataclass(frozen=True, slots=True)
class Prior:
    """Lognormal priors of the three variances, as shares of the variance between schools."""

    shares: tuple[float, float, float]  # drift, between, excess
    sds: tuple[float, float, float]

    def centre(self, spread: float) -> Hyper:
        """The medians, in units squared, where schools vary by ``spread``."""
        drift, between, excess = (share * spread for share in self.shares)
        return Hyper(drift, between, excess)


@dataclass(frozen=True, slots=True)
class Fit:
    """Hyperparameters and where they come from, for the page that shows them."""

    hyper: Hyper
    prior: Hyper
    schools: int
    years: int
    estimated: bool
    spread: float  # the variance between schools that the shares refer to


@cache
def _file() -> dict[str, Any]:
    path = Path(__file__).with_name("priors.yaml")
    loaded: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded


def prior_of(law: str) -> Prior:
    """The shipped prior for ``proportion``, ``mean`` or ``rate``."""
    entry = _file()[law]
    names = ("drift", "between", "excess")
    shares = tuple(float(entry[name]["share"]) for name in names)
    sds = tuple(float(entry[name]["sd"]) for name in names)
    return Prior((shares[0], shares[1], shares[2]), (sds[0], sds[1], sds[2]))


def pupil_sd(law: str) -> float:
    """The spread of one pupil's result where the measure's definition gives none."""
    return float(_file()["pupil_sd"].get(law, _file()["pupil_sd"]["mean"]))


def spread_between(panel: Panel) -> float:
    """The variance between schools' means once sampling noise is taken off, never below a tenth
    of the raw variance (so that a pool of tiny cohorts keeps a scale)."""
    there = ~np.isnan(panel.seen)
    count = there.sum(axis=0)
    some = count > 0
    if int(some.sum()) < 2:
        return 1.0
    n = count[some]
    means = np.where(there, panel.seen, 0.0)[:, some].sum(axis=0) / n
    noise = np.where(there, panel.noise, 0.0)[:, some].sum(axis=0) / (n * n)
    raw = float(np.var(means - panel.prior[some]))
    return max(raw - float(np.median(noise)), 0.1 * raw, 1e-9)


def fit(panel: Panel, prior: Prior) -> Fit:
    """Penalised maximum likelihood of the three variances, deterministic.

    ``panel`` holds the schools of one phase. Fewer than ``FEWEST`` schools with two years, or a
    single year, leave the prior as it is.
    """
    spread = spread_between(panel)
    centre = prior.centre(spread)
    seen_twice = np.flatnonzero((~np.isnan(panel.seen)).sum(axis=0) >= 2)
    years = int((~np.isnan(panel.seen)).any(axis=1).sum())
    if len(seen_twice) < FEWEST:
        return Fit(centre, centre, len(seen_twice), years, estimated=False, spread=spread)
    step = max(1, -(-len(seen_twice) // ENOUGH))
    likelihood = log_likelihood(panel.take(seen_twice[::step]))
    start = np.log([centre.drift, centre.between, centre.excess])
    sds = np.array(prior.sds)

    def cost(x: Floats) -> float:
        hyper = Hyper(*(float(v) for v in np.exp(np.clip(x, start - 12, start + 12))))
        penalty = 0.5 * float((((x - start) / sds) ** 2).sum())
        return penalty - likelihood(hyper) * step

    best = minimize(
        cost, start, method="Nelder-Mead", options={"xatol": 0.02, "fatol": 0.05, "maxfev": 160}
    )
    hyper = Hyper(*(float(v) for v in np.exp(best.x)))
    return Fit(hyper, centre, len(seen_twice), years, estimated=True, spread=spread)
