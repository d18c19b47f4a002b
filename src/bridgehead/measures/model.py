"""The typed, frozen form of a measure definition."""

from dataclasses import dataclass
from enum import StrEnum


class High(StrEnum):
    """What a high value means for the pupils."""

    BETTER = "better"
    WORSE = "worse"
    NEITHER = "neither"


class Law(StrEnum):
    """How one pupil's result varies, which fixes the noise of a school's figure."""

    PROPORTION = "proportion"  # a percentage of a cohort: p(1-p)/n
    MEAN = "mean"  # a mean over pupils: sigma squared / n
    RATE = "rate"  # sessions missed and the like: sigma squared / n, clustered by pupil
    CENSUS = "census"  # a count of who is there: known exactly, no sampling noise


@dataclass(frozen=True, slots=True)
class Source:
    """Where one kind of file holds a figure.

    ``value`` and ``cohort`` are column names as published. ``offset`` says which year a history
    column speaks of, relative to the file's own (0 its own year, -1 the year before).
    ``lower`` and ``upper`` name published confidence limits. ``england_value`` names the column to
    read on the England row for the comparison, where it is not ``value`` itself.
    """

    kind: str
    value: str
    cohort: str | None = None
    offset: int = 0
    lower: str | None = None
    upper: str | None = None
    england_value: str | None = None
    first_year: int | None = None
    last_year: int | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """From ``year`` on, figures are not comparable with those before, and why."""

    year: int
    why: str


@dataclass(frozen=True, slots=True)
class Group:
    """One group of pupils within a measure (``all``, ``disadvantaged``, ``others``, ``gap``, …).

    A gap has no sources of its own: it is ``disadvantaged`` in the school less ``others`` in
    England (national others), and exists only where both do.
    """

    key: str
    label: str
    sources: tuple[Source, ...]
    is_gap: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. ``key`` reads ``ks2.rwm_expected``; units are ``percent``, ``points``, ``score``
    or ``pupils``; ``sigma`` is the pupil-level standard deviation in those units for a mean."""

    key: str
    title: str
    short: str
    stage: str  # ks2, ks4, ks5, absence, census
    phases: tuple[str, ...]  # primary, secondary, 16-18, special …
    unit: str
    decimals: int
    high: High
    law: Law
    sigma: float | None
    first_year: int
    last_year: int | None
    missing_years: tuple[int, ...]
    breaks: tuple[Break, ...]
    minimum_cohort: int
    headline: bool
    why_it_matters: str
    how: str
    example: str
    publisher: str
    groups: dict[str, Group]
    version: int
    status: str  # draft, approved
    author: str
    checker: str
    review_by: str
    marked_years: dict[int, str]  # years that exist but need a word, such as the COVID years

    def series_keys(self) -> list[str]:
        """``ks2.rwm_expected`` for all pupils, ``ks2.rwm_expected.disadvantaged`` for a group."""
        return [self.key if g == "all" else f"{self.key}.{g}" for g in self.groups]
