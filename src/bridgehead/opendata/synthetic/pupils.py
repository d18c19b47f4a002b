"""One year group of every school, pupil by pupil, so that every group adds up to its total."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bridgehead.opendata.synthetic.text import Flags, Floats, Ints


@dataclass(frozen=True)
class Pupils:
    """Parallel arrays, one entry a pupil. ``place`` is the row of the pupil's school (0 …).

    ``prior`` is prior attainment in pupil standard deviations, ``band`` 0 low, 1 middle, 2 high,
    3 where it is not known.
    """

    place: Ints
    boy: Flags
    disadvantaged: Flags
    eal: Flags
    stable: Flags
    sen: npt.NDArray[np.int8]  # 0 none, 1 support, 2 education, health and care plan
    prior: Floats
    band: npt.NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.place)

    def groups(self) -> dict[str, Flags]:
        """Group → which pupils are in it; ``all`` first."""
        return {
            "all": np.ones(len(self), dtype=np.bool_),
            "boys": self.boy,
            "girls": ~self.boy,
            "low": self.band == 0,
            "middle": self.band == 1,
            "high": self.band == 2,
            "disadvantaged": self.disadvantaged,
            "others": ~self.disadvantaged,
            "eal": self.eal,
            "stable": self.stable,
        }


def draw(
    counts: Ints,
    *,
    boys: Floats,
    disadvantage: Floats,
    eal: Floats,
    special: Flags,
    intake: Floats,
    bands: tuple[float, float],
    rng: np.random.Generator,
) -> Pupils:
    """Draw ``counts[i]`` pupils for school ``i`` with the school's shares and intake.

    ``bands`` are the shares of pupils with low and with low or middle prior attainment.
    """
    place = np.repeat(np.arange(len(counts)), counts)
    n = len(place)
    boy = rng.random(n) < boys[place]
    disadvantaged = rng.random(n) < disadvantage[place]
    speaks = rng.random(n) < eal[place]
    stable = rng.random(n) > np.where(disadvantaged, 0.1, 0.05)
    chance = rng.random(n)
    plan = np.where(special[place], 0.98, 0.03)
    support = plan + np.where(special[place], 0.015, np.where(disadvantaged, 0.2, 0.11))
    sen = np.where(chance < plan, 2, np.where(chance < support, 1, 0)).astype(np.int8)
    prior = (
        0.32
        + intake[place]
        - 0.42 * disadvantaged
        - 0.85 * (sen == 1)
        - 1.7 * (sen == 2)
        - 0.05 * speaks
        + rng.normal(0, 0.86, n)
    )
    low, middle = np.quantile(prior, bands) if n else (0.0, 0.0)
    band = np.where(prior < low, 0, np.where(prior < middle, 1, 2)).astype(np.int8)
    unknown = rng.random(n) < np.where(speaks, 0.14, 0.03)
    band[unknown] = 3
    return Pupils(place, boy, disadvantaged, speaks, stable, sen, prior, band)
