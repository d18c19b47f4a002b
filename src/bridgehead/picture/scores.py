"""How right a back-test was: errors, intervals and probabilities beside what happened."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from bridgehead.picture.backtest import KNOWN, MODEL, Foretold
from bridgehead.picture.direction import Floats

#: Bands of pupils behind a figure: the largest cohort of each; the last is open.
BANDS = (20, 30, 45, 65)
#: Draws behind the interval of a ratio.
DRAWS = 2000
TENTHS = 10

Which = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Band:
    """The schools whose cohort lies between ``least`` and ``most`` pupils (``None`` where open)."""

    least: int
    most: int | None
    n: int
    rmse: dict[str, float]
    coverage80: float


@dataclass(frozen=True, slots=True)
class Tenth:
    """The schools that were told a chance of rising between two tenths: how many there are, what
    they were told on average, and how many in fact rose."""

    n: int
    told: float
    rose: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Errors by method, in the measure's units, of figures beside their year's mean (``rmse``,
    ``mae``) and as published (``rmse_published``). ``ratio`` is the model's ``rmse`` to that of
    last year's figure, ``ratio_interval`` its 80 % interval by drawing schools again; NaN where
    last year's figures were right to the last digit.

    ``coverage80`` is the share of figures within the model's 80 % interval, ``coverage80_error``
    its standard error were it right. ``brier`` is the mean squared error of the chance that a
    figure lies above last year's by more than ``smallest``, ``brier_base_rate`` of telling every
    school the share that rose.
    """

    n: int
    rmse: dict[str, float]
    mae: dict[str, float]
    rmse_published: dict[str, float]
    ratio: dict[str, float]
    ratio_interval: dict[str, tuple[float, float]]
    coverage80: float
    coverage80_cohort_known: float | None
    coverage80_error: float
    brier: float
    brier_base_rate: float
    smallest: float
    reliability: tuple[Tenth, ...]
    bands: tuple[Band, ...]

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return asdict(self)


def scores(foretold: Foretold) -> Scores:
    """Score a back-test."""
    errors = {name: _beside(foretold, values) for name, values in foretold.by.items()}
    inside = {name: np.abs(errors[name]) <= half for name, half in foretold.half.items()}
    rmse = {name: _root(error) for name, error in errors.items()}
    actual = foretold.actual - foretold.actual.mean()
    rose = actual - (foretold.last - foretold.last.mean()) > foretold.smallest
    return Scores(
        n=len(foretold.actual),
        rmse=rmse,
        mae={name: float(np.mean(np.abs(error))) for name, error in errors.items()},
        rmse_published={
            name: _root(foretold.actual - values) for name, values in foretold.by.items()
        },
        ratio={name: value / (rmse["last_year"] or np.nan) for name, value in rmse.items()},
        ratio_interval={name: _interval(errors, name) for name in foretold.half},
        coverage80=float(inside[MODEL].mean()),
        coverage80_cohort_known=float(inside[KNOWN].mean()) if KNOWN in inside else None,
        coverage80_error=float(np.sqrt(0.8 * 0.2 / len(actual))),
        brier=float(np.mean((foretold.rise - rose) ** 2)),
        brier_base_rate=float(np.mean((rose.mean() - rose) ** 2)),
        smallest=foretold.smallest,
        reliability=tuple(_tenths(foretold.rise, rose)),
        bands=tuple(_bands(foretold.pupils, errors, inside[MODEL])),
    )


def _beside(foretold: Foretold, values: Floats) -> Floats:
    """Errors once the mean of the year and of the forecasts over these schools are taken off."""
    actual = foretold.actual - foretold.actual.mean()
    error: Floats = actual - (values - np.nanmean(values) if np.isfinite(values).any() else values)
    return error


def _root(error: Floats) -> float:
    known = error[~np.isnan(error)]
    return float(np.sqrt(np.mean(known * known))) if len(known) else float("nan")


def _interval(errors: Mapping[str, Floats], name: str) -> tuple[float, float]:
    """80 % of the ratios that come of drawing the schools again, seeded."""
    draw = np.random.default_rng(20190401)
    ours, last = errors[name] ** 2, errors["last_year"] ** 2
    if not last.any():
        return float("nan"), float("nan")
    ratios = []
    for _ in range(DRAWS):  # one at a time: all at once would be thousands of times the schools
        some = draw.integers(0, len(ours), len(ours))
        ratios.append(np.sqrt(ours[some].mean() / max(float(last[some].mean()), 1e-24)))
    low, high = np.quantile(ratios, (0.1, 0.9))
    return float(low), float(high)


def _tenths(rise: Floats, rose: Which) -> list[Tenth]:
    place = np.minimum((rise * TENTHS).astype(int), TENTHS - 1)
    return [
        Tenth(int(here.sum()), float(rise[here].mean()), float(rose[here].mean()))
        for tenth in range(TENTHS)
        if (here := place == tenth).any()
    ]


def _bands(pupils: Floats, errors: Mapping[str, Floats], inside: Which) -> list[Band]:
    found = []
    for least, most in zip((1, *(b + 1 for b in BANDS)), (*BANDS, None), strict=True):
        here = (pupils >= least) & (pupils <= (np.inf if most is None else most))
        if here.any():
            found.append(
                Band(
                    least,
                    most,
                    int(here.sum()),
                    {name: _root(error[here]) for name, error in errors.items()},
                    float(inside[here].mean()),
                )
            )
    return found
