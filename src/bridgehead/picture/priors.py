"""What is known of schools before their figures are looked at (``priors.yaml``, with sources)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bridgehead.picture.direction import Floats, Hyper, Panel


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
    return middle(panel.share)


def middle(values: Floats) -> float:
    """The median of numbers, none of them NaN: a seventh of the time of numpy's, which looks for
    NaN and for both middles at once."""
    half = values.size // 2
    parted = np.partition(values.ravel(), half)
    upper = float(parted[half])
    return upper if values.size % 2 else (float(parted[:half].max()) + upper) / 2.0
