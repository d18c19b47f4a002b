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
    change that is likely to be real (0 to 1). ``forecast`` is what the figure of ``forecast_year``
    will probably be, in 8 of 10 cases between ``forecast_low`` and ``forecast_high``. Where
    ``drift_told`` is False too few years are loaded to tell drift from luck: how fast schools move
    is then what was known beforehand."""

    label: Direction
    p_up: float | None
    p_down: float | None
    from_year: int | None
    to_year: int | None
    change: float | None = None
    share_real: float | None = None
    why: str = ""
    forecast_year: int | None = None
    forecast: float | None = None
    forecast_low: float | None = None
    forecast_high: float | None = None
    drift_told: bool = True

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
class Ahead:
    """What to expect of a figure that is not published yet, in 8 of 10 cases between ``low`` and
    ``high``, in the measure's units. ``following`` where its year is the one after the newest
    figure of the school."""

    year: int
    value: float
    low: float
    high: float
    following: bool


@dataclass(frozen=True, slots=True)
class Series:
    """A measure for one group of pupils in one school, over the years."""

    key: str
    measure: Measure
    group: str
    points: Sequence[Point]  # all of them made when one is first asked for
    travel: Travel

    @property
    def latest(self) -> Point | None:
        """The newest year with a number, else the newest year at all."""
        return next(
            (p for p in reversed(self.points) if p.value is not None),
            self.points[-1] if self.points else None,
        )

    @property
    def ahead(self) -> Ahead | None:
        """What to expect next; ``None`` where nothing is foretold, where the school has no figure,
        and where the figure would be one of another definition than the newest."""
        travel, newest = self.travel, self.latest
        year, value = travel.forecast_year, travel.forecast
        low, high = travel.forecast_low, travel.forecast_high
        if newest is None or newest.value is None:
            return None
        if year is None or value is None or low is None or high is None or year <= newest.year:
            return None
        if any(newest.year < broken.year <= year for broken in self.measure.breaks):
            return None
        return Ahead(year, value, low, high, following=year == newest.year + 1)

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


#: An inspection lasts two days. A grade with a date this much later was given at another visit.
ONE_VISIT = datetime.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Regraded:
    """What an area of a report card was graded, and when, before it was graded again."""

    area: str
    date: datetime.date
    grade: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """One inspection, as printed. ``grades`` keeps area → words as published (``Overall
    effectiveness`` → ``Good``). ``category`` is read from the data or ``None``: never derived.
    ``safeguarding`` is ``Met``/``Not met``/``Yes``/``No``/None as published. ``outcome`` holds an
    ungraded visit's own words.

    ``urn`` is of the school that was inspected, ``None`` where the file says that it was another
    school and does not say which. ``this_urn`` is False where it was not this school under its
    newest URN, but one that it replaced. On a report card an area may be graded again later:
    ``grades`` then holds the newest grade, ``area_dates`` its date, and ``earlier`` what an older
    release said (nothing where none is loaded)."""

    urn: int | None
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
    earlier: tuple[Regraded, ...] = ()

    def graded_later(self, area: str) -> datetime.date | None:
        """When an area was graded after the inspection; ``None`` where it was graded at it."""
        day = self.area_dates.get(area, self.date)
        return day if day > self.date + ONE_VISIT else None


class Standing(StrEnum):
    """A school's figure beside what schools like it reach. Says nothing of good or bad."""

    ABOVE = "above what is expected"
    IN_LINE = "in line with what is expected"
    BELOW = "below what is expected"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A similar school: how far away in context (standardised units) and on which inputs."""

    urn: int
    distance: float
    differences: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Apart:
    """One input of a school beside its similar schools: their mean, and on how many it rests.
    ``mean`` is ``None`` where the input is not known of any."""

    own: float | None
    mean: float | None
    known: int

    @property
    def difference(self) -> float | None:
        """School less the mean of its similar schools, in the input's units."""
        return None if self.own is None or self.mean is None else self.own - self.mean


@dataclass(frozen=True, slots=True)
class Match:
    """How well a school is matched: ``distance`` is the mean over its similar schools, ``usual``
    the median of the same over the schools of its kind, ``looser`` how many in a hundred of those
    are matched less closely. ``known`` of ``inputs`` are known of the school."""

    found: int
    known: int
    inputs: int
    distance: float
    usual: float
    looser: float
    apart: dict[str, Apart]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What schools in the circumstances of this one reach on a series in a year: four in five of
    them between ``low`` and ``high``. ``value`` is the school's own figure, which has no part in
    it. ``schools`` of its kind have a figure, and ``near`` of the schools that it rests on: its
    similar schools, or where too few of those have one the nearest schools that ``stand_in``."""

    key: str
    year: int
    value: float | None
    expected: float
    low: float
    high: float
    near: int
    schools: int
    stand_in: bool

    @property
    def standing(self) -> Standing | None:
        """Where the school's figure is; ``None`` where it has none."""
        if self.value is None:
            return None
        if self.low <= self.value <= self.high:
            return Standing.IN_LINE
        return Standing.ABOVE if self.value > self.high else Standing.BELOW


@dataclass(frozen=True, slots=True)
class SchoolPicture:
    """Everything a picture says of one school."""

    school: School
    series: Mapping[str, Series]  # each made when it is first asked for
    headlines: tuple[str, ...]  # of headline measures that have a better side, for all pupils
    similar: Sequence[Neighbour]  # all of them made when one is first asked for
    similar_note: str
    inspections: tuple[Inspection, ...]  # newest first
    context: dict[str, float | None]
