"""What a picture says of a school. Plain frozen values, made from slices of arrays on demand."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bridgehead.core.errors import Refused
from bridgehead.core.figures import Reason
from bridgehead.measures.model import High, Measure


class NoPicture(Refused):
    """There is no picture yet: nothing has been loaded, or ``bridgehead picture`` has not run."""


class Direction(StrEnum):
    """Direction of travel in words. Always 'improving is better', whatever high means."""

    IMPROVING = "improving"
    PROBABLY_IMPROVING = "probably improving"
    NO_CLEAR_CHANGE = "no clear change"
    PROBABLY_DECLINING = "probably declining"
    DECLINING = "declining"
    TOO_FEW = "too few data"
    NOT_GIVEN = "not given"  # measures without better or worse

    def words(self, high: High) -> str:
        """The direction as it is said of a figure. Where high is worse a decline of the school is a
        rise of its figure, which nobody would understand as "declining": it is worsening."""
        return self.value.replace("declining", "worsening") if high is High.WORSE else self.value


@dataclass(frozen=True, slots=True)
class Travel:
    """Direction of one series. ``p_up`` is the probability that the underlying *level of the
    figure* rose by more than the smallest change that matters, ``p_down`` that it fell by more than
    it; ``label`` translates that into better or worse. ``change`` is the estimated change of level
    in the measure's units relative to England. ``share_real`` is the share of the latest raw
    change that is likely to be real (0 to 1)."""

    label: Direction
    p_up: float | None
    p_down: float | None
    from_year: int | None
    to_year: int | None
    change: float | None = None
    share_real: float | None = None
    why: str = ""

    @property
    def p_label(self) -> float | None:
        """The probability to print beside the label (of the more likely of the two directions)."""
        if self.p_up is None or self.p_down is None:
            return None
        return max(self.p_up, self.p_down)


@dataclass(frozen=True, slots=True)
class Point:
    """One series in one year. ``percentile`` and ``similar_place`` run 0 to 100 by *rank with
    better at 100* (by size of figure where high is neither); ``None`` where no distribution is
    loaded. ``level``, ``low`` and ``high`` are the smoothed level with its 80 % interval in the
    measure's units. ``column`` and ``row`` say where the raw text stands in the release."""

    year: int
    value: float | None
    raw: str
    reason: Reason | None
    cohort: float | None
    england: float | None
    percentile: float | None
    similar_place: float | None
    similar_median: float | None
    level: float | None
    low: float | None
    high: float | None
    release: str
    row: int | None
    column: str
    status: str  # provisional, revised, final

    @property
    def difference(self) -> float | None:
        """School less England, in the measure's units."""
        if self.value is None or self.england is None:
            return None
        return self.value - self.england


@dataclass(frozen=True, slots=True)
class Series:
    """A measure for one group of pupils in one school, over the years."""

    key: str
    measure: Measure
    group: str
    points: tuple[Point, ...]
    travel: Travel

    @property
    def latest(self) -> Point | None:
        """The newest year with a number, else the newest year at all."""
        return next(
            (p for p in reversed(self.points) if p.value is not None),
            self.points[-1] if self.points else None,
        )

    def at(self, year: int) -> Point | None:
        """The point of one year."""
        return next((p for p in self.points if p.year == year), None)


@dataclass(frozen=True, slots=True)
class School:
    """The register's facts of a school, by its newest URN. ``urns`` is the chain, oldest first."""

    urn: int
    urns: tuple[int, ...]
    name: str
    laestab: int | None
    la: str
    la_name: str
    phase: str  # primary, secondary, all-through, special, alternative provision, nursery, 16-18, …
    phase_detail: str  # as published: "Primary", "Middle deemed secondary" …
    type_name: str
    type_group: str  # maintained, academy, independent, college, other
    status: str  # open, closed, proposed
    low_age: int | None
    high_age: int | None
    gender: str
    religious_character: str
    trust: str
    pupils: int | None
    easting: int | None
    northing: int | None
    postcode: str
    town: str
    website: str

    @property
    def maintained(self) -> bool:
        """Whether the authority's powers of intervention can apply."""
        return self.type_group == "maintained"


class Framework(StrEnum):
    """Which rules an inspection was made under. Nothing is ever converted between them."""

    OVERALL = "overall grade"  # to August 2024: overall effectiveness 1 to 4
    KEY_JUDGEMENTS = "key judgements"  # 2024/25: four judgements, no overall grade
    REPORT_CARD = "report card"  # from 10 November 2025
    UNGRADED = "ungraded"  # an ungraded visit, with an outcome of its own


@dataclass(frozen=True, slots=True)
class Inspection:
    """One inspection, as printed. ``grades`` keeps area → words as published (``Overall
    effectiveness`` → ``Good``). ``category`` is read from the data or ``None``: never derived.
    ``safeguarding`` is ``Met``/``Not met``/``Yes``/``No``/None as published. ``outcome`` holds an
    ungraded visit's own words. ``this_urn`` is False where the file says that the inspection
    belongs to a predecessor."""

    urn: int
    framework: Framework
    date: datetime.date
    published: datetime.date | None
    grades: dict[str, str]
    category: str | None
    safeguarding: str | None
    outcome: str
    this_urn: bool
    release: str
    row: int | None = None
    area_dates: dict[str, datetime.date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A similar school: how far away in context (standardised units) and on which inputs."""

    urn: int
    distance: float
    differences: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class SchoolPicture:
    """Everything a picture says of one school."""

    school: School
    series: Mapping[str, Series]  # each made when it is first asked for
    similar: Sequence[Neighbour]  # all of them made when one is first asked for
    similar_note: str
    inspections: tuple[Inspection, ...]  # newest first
    context: dict[str, float | None]
