"""What direction of travel says of invented schools of which the truth is known.

Cohorts of 30 to 90 pupils around 65 per cent, binomial, with 18 squared points of luck beyond that,
and the years that key stage 2 has: 2015/16 to 2018/19, 2022/23 to 2024/25. Standing moves by one of
two laws: a *local level*, on which schools drift apart for ever, and a *stationary* one, on which
they are drawn back as fast as they move. The variance of a year's move is 8 squared points, or 0:
nothing but luck. Once with many schools and all years, and once with two hundred schools and three
years, where every run is fitted by itself and ``--runs`` of them are counted together.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from bridgehead.measures.loader import measures
from bridgehead.picture.direction import Floats
from bridgehead.picture.labels import DIRECTIONS, POINTS
from bridgehead.picture.model import Direction
from bridgehead.picture.noise import Seen
from bridgehead.picture.travel import travels

YEARS = (2015, 2016, 2017, 2018, 2022, 2023, 2024)
FEW_YEARS = (2016, 2017, 2018)
CENTRE, BETWEEN, EXCESS = 65.0, 81.0, 18.0
#: Variance of a year's move where schools move at all, and the gain that is looked for.
DRIFT, GAIN = 8.0, 8.0
#: A band of said probability is compared with what happened where it holds so many schools.
ENOUGH = 1000


def simulated(
    drift: float,
    *,
    schools: int = 3000,
    seed: int = 1,
    years: Sequence[int] = YEARS,
    stationary: bool = False,
) -> tuple[Seen, Floats]:
    """Schools as the model is given them, and the true relative level of each in every year."""
    draw = np.random.default_rng(seed)
    at = np.array(years)
    pupils = draw.integers(30, 90, schools).astype(float)
    context = draw.normal(size=(schools, 2))
    expected = 4 * context[:, 0]
    level = np.empty((len(at), schools))
    level[0] = expected + draw.normal(0, np.sqrt(BETWEEN), schools)
    for t in range(1, len(at)):
        gap = int(at[t] - at[t - 1])
        kept = (1 - drift / (2 * BETWEEN)) ** gap if stationary else 1.0
        new = (1 - kept * kept) * BETWEEN if stationary else drift * gap
        step = draw.normal(0, np.sqrt(new) or 1e-12, schools)
        level[t] = expected + kept * (level[t - 1] - expected) + step
    p = np.clip(CENTRE + level + draw.normal(0, np.sqrt(EXCESS), level.shape), 1, 99) / 100
    value = np.round(100 * draw.binomial(pupils.astype(int)[None, :], p) / pupils)
    seen = Seen(
        years=at,
        value=value,
        national=np.full(value.shape, CENTRE),
        cohort=np.broadcast_to(pupils, value.shape).copy(),
        roll=pupils * 7,
        pool=np.zeros(schools, dtype=np.int64),
        context=context,
    )
    return seen, level


@dataclass(frozen=True, slots=True)
class Outcome:
    """One school each: what was said, and what was true."""

    label: npt.NDArray[np.str_]
    p_up: Floats
    truth: Floats  # change of level over the window
    inside: Floats  # share of the years whose 80 % interval holds the level


@dataclass(frozen=True, slots=True)
class Band:
    """Schools of which a rise was about as likely, and how many of them rose."""

    schools: int
    said: float
    happened: float

    @property
    def miss(self) -> float:
        """In percentage points."""
        return 100 * abs(self.said - self.happened)


@dataclass(frozen=True, slots=True)
class Result:
    """Shares of schools; ``worst`` in percentage points, over ten bands of as many schools;
    ``gains`` counts those whose level truly rose by ``GAIN`` or more."""

    schools: int
    claimed: float
    claimed_probably: float
    gains: int
    called: float | None
    called_probably: float | None
    wrong: float | None
    worst: float
    coverage: float
    tenths: tuple[Band, ...]
    bands: tuple[Band, ...]


def outcome(seen: Seen, level: Floats) -> Outcome:
    """What the model says of them, beside the truth."""
    said = travels(seen, measures()["ks2.rwm_expected"])
    first = np.searchsorted(seen.years, said.from_year)
    each = np.arange(level.shape[1])
    names = np.array([one.value for one in DIRECTIONS])
    return Outcome(
        names[said.label],
        said.p_up,
        level[-1] - level[first, each],
        (np.abs(said.level - CENTRE - level) <= said.half).mean(axis=0),
    )


def measured(outcomes: Iterable[Outcome]) -> Result:
    """The figures over all that was said."""
    every = list(outcomes)
    label, p_up, truth, inside = (
        np.concatenate([getattr(one, name) for one in every])
        for name in ("label", "p_up", "truth", "inside")
    )
    sure = np.isin(label, [Direction.IMPROVING.value, Direction.DECLINING.value])
    probably = sure | np.isin(
        label, [Direction.PROBABLY_IMPROVING.value, Direction.PROBABLY_DECLINING.value]
    )
    better = np.isin(label, [Direction.IMPROVING.value, Direction.PROBABLY_IMPROVING.value])
    gained = truth >= GAIN

    def of_gains(which: npt.NDArray[np.bool_]) -> float | None:
        return float(which[gained].mean()) if gained.any() else None

    risen = truth > POINTS
    order = np.argsort(p_up, kind="stable")
    tenths = tuple(_band(p_up[part], risen[part]) for part in np.array_split(order, 10))
    at = np.minimum((p_up * 10).astype(int), 9)
    bands = [_band(p_up[at == n], risen[at == n]) for n in range(10) if (at == n).any()]
    return Result(
        schools=len(label),
        claimed=float(sure.mean()),
        claimed_probably=float(probably.mean()),
        gains=int(gained.sum()),
        called=of_gains(label == Direction.IMPROVING.value),
        called_probably=of_gains(better),
        wrong=of_gains(label == Direction.DECLINING.value),
        worst=max(band.miss for band in tenths),
        coverage=float(inside.mean()),
        tenths=tenths,
        bands=tuple(band for band in bands if band.schools >= ENOUGH),
    )


def _band(said: Floats, happened: npt.NDArray[np.bool_]) -> Band:
    return Band(len(said), float(said.mean()), float(happened.mean()))


def results(schools: int, runs: int) -> dict[str, Result]:
    """Every case by its name."""
    worlds = {
        "local level": (DRIFT, False),
        "stationary": (DRIFT, True),
        "nothing but luck": (0.0, False),
    }
    found = {}
    for name, (drift, stationary) in worlds.items():
        found[f"{name}, {schools:,} x {len(YEARS)}"] = measured(
            [outcome(*simulated(drift, schools=schools, stationary=stationary))]
        )
        found[f"{name}, 200 x {len(FEW_YEARS)}"] = measured(
            outcome(
                *simulated(drift, schools=200, years=FEW_YEARS, seed=seed, stationary=stationary)
            )
            for seed in range(1, runs + 1)
        )
    return found


def _share(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.2f}"


def main(argv: list[str] | None = None) -> None:
    """Print the table, or JSON with ``--json``."""
    parser = argparse.ArgumentParser(prog="benchmarks.simulate", description=__doc__)
    parser.add_argument("--schools", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=50, help="runs of 200 schools and three years")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    found = results(args.schools, args.runs)
    if args.json:
        print(json.dumps({"simulate": {name: asdict(one) for name, one in found.items()}}))
        return
    shown = ("claimed", "claimed_probably", "called", "called_probably", "wrong", "coverage")
    print(f"{'per cent of schools':<32}{'worst':>8}{'gains':>8}", *(f"{s:>17}" for s in shown))
    for name, one in found.items():
        cells = (f"{_share(getattr(one, s)):>17}" for s in shown)
        print(f"{name:<32}{one.worst:>8.1f}{one.gains:>8}", *cells)


if __name__ == "__main__":
    main()
