"""Open a built picture and read slices of it.

The web and the terminal read pictures through this class alone; they never recompute.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from bridgehead.picture.model import SchoolPicture


class NoPicture(Exception):
    """There is no picture yet: nothing has been loaded, or ``bridgehead picture`` has not run."""


class Picture:
    """One immutable, memory-mapped picture. Open one per request and keep it to the end."""

    digest: str
    built_at: datetime
    synthetic: bool
    releases: tuple[str, ...]

    @classmethod
    def open(cls, home: Path, digest: str | None = None) -> "Picture":
        """The current picture of a home, or the one named. Raises ``NoPicture``."""
        raise NotImplementedError

    @property
    def schools(self) -> pl.DataFrame:
        """One row a school (the fields of ``model.School`` as columns), sorted by URN."""
        raise NotImplementedError

    def resolve(self, urn: int) -> int | None:
        """The newest URN of the chain that holds this URN, or None."""
        raise NotImplementedError

    def school(self, urn: int) -> SchoolPicture:
        """Everything about one school, by any URN of its chain. Raises ``KeyError``."""
        raise NotImplementedError

    def series_keys(self) -> tuple[str, ...]:
        """Every series that the picture holds, in reading order."""
        raise NotImplementedError

    def latest(self, key: str) -> pl.DataFrame:
        """The newest figure of one series for every school that has one, with a number.

        Columns: urn, year, value, cohort, england, percentile, similar_place, label, p_up, p_down,
        change, low, high.
        """
        raise NotImplementedError

    def year(self, key: str, year: int) -> pl.DataFrame:
        """One series in one year for every school: urn, value, reason, cohort, england, percentile."""
        raise NotImplementedError

    def england(self, key: str) -> dict[int, float]:
        """England's (state-funded) figure by year."""
        raise NotImplementedError

    def why_no_percentile(self, key: str) -> str:
        """In words, why no percentile is shown for a series; empty when one is."""
        raise NotImplementedError

    def values(self, key: str, year: int) -> npt.NDArray[np.float64]:
        """All numbers of a series in a year over the schools loaded, for drawing a distribution."""
        raise NotImplementedError

    def meta(self) -> dict[str, Any]:
        """Digest, when built, from which releases, seconds, hyperparameters and versions."""
        raise NotImplementedError
