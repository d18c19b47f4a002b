"""A synthetic England in memory: who its schools are, and the levels beneath their figures."""

from dataclasses import dataclass

import numpy as np

from bridgehead.opendata.synthetic import drift, register
from bridgehead.opendata.synthetic.register import Register
from bridgehead.opendata.synthetic.text import Floats, Ints

#: Yearly change of teaching, in pupil standard deviations: told of the partnership's schools in
#: turn, and large, since small cohorts hide anything less.
STORIES_OF_TRAVEL = (0.0, 0.1, 0.0, -0.1, 0.0, 0.0, 0.05, 0.0, -0.05, 0.0, 0.0)


@dataclass(frozen=True)
class England:
    """Everything that the writers of files need. ``seed`` fixes every draw."""

    seed: int
    register: Register
    levels: drift.Levels
    trend: Floats

    def rng(self, *purpose: int) -> np.random.Generator:
        """A generator for one purpose, so that files do not depend on the order of writing."""
        return np.random.default_rng([self.seed, *purpose])

    def cohort(self, year: int, stage: int) -> Ints:
        """Pupils in the year group of a stage (2, 4 or 5) of every site in one year."""
        schools = self.register
        rng = self.rng(stage, year, 1)
        n = np.round(schools.size * rng.normal(1.0, 0.08, schools.count))
        if stage == 5:
            college = schools.is_kind("16-18")
            n = np.where(college, n, n * 0.55)
        return np.maximum(1, n).astype(np.int64)


def make(schools: int, seed: int) -> England:
    """Draw an England of about ``schools`` schools."""
    rng = np.random.default_rng([seed, 0])
    drawn = register.make(schools, rng)
    n = drawn.count
    trend = np.where(rng.random(n) < 0.12, rng.normal(0, 0.03, n), 0.0)
    # Half of the partnership's schools have a story: steadily rising or falling, fast or slowly.
    ours = np.flatnonzero(drawn.ours & drawn.is_kind("primary", "junior", "secondary"))
    trend[ours] = np.resize(STORIES_OF_TRAVEL, len(ours))
    small = np.where(drawn.is_kind("primary") & (drawn.size < 21), 1.0, 0.0)
    return England(seed, drawn, drift.draw(small, drawn.disadvantage, trend, rng), trend)
