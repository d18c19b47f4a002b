"""The typed, frozen form of a measure definition."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from bridgehead.measures.wording import bare, signed, with_unit


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

    ``value`` and ``cohort`` are column names as published; the publisher changes their case from
    year to year, so match without regard to case. A file may lack ``cohort``, ``lower`` or
    ``upper``: then that part is unknown, and the figure stands.

    ``first_year`` and ``last_year`` are years of the *file*. ``offset`` says of which year a column
    speaks, relative to the file's own (0 its own year, -1 the year before): a 2018/19 file's
    ``PTRWM_EXP_17`` has offset -2 and is read from 2018/19 files only. ``lower`` and ``upper``
    name published 95 % confidence limits. ``england_value`` names the column to read on the
    England row for the comparison, where it is not ``value`` itself.

    A group lists its sources in order of preference: where a file has several, the first counts.

    In a tidy file a school has many rows. The group chooses among them, and so does ``where``:
    pairs of a column and the texts, any of which will do, that must stand in it. ``cohort_file``
    names the kind of file that counts the pupils where the figures' own does not.
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
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    cohort_file: str | None = None

    def reads(self, kind: str, file_year: int) -> bool:
        """Whether this column is to be looked for in a file of this kind and year."""
        return (
            self.kind == kind
            and (self.first_year is None or self.first_year <= file_year)
            and (self.last_year is None or file_year <= self.last_year)
        )


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

    @property
    def rows(self) -> str:
        """What rows of a tidy file about this group are called (``opendata.pupils``)."""
        return {"non_mobile": "non-mobile"}.get(self.key, self.key.replace("_", " "))

    def sources_for(self, kind: str, file_year: int) -> Iterator[Source]:
        """The sources to look for in one file, in order of preference."""
        return (source for source in self.sources if source.reads(kind, file_year))


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. ``key`` reads ``ks2.rwm_expected``; units are ``percent``, ``points``,
    ``score``, ``pupils`` or ``per 100 pupils``; ``sigma`` is the pupil-level standard deviation in
    those units for a mean, and ``sigma_source`` says where it comes from.

    ``england_by_definition`` is the comparison *for all pupils* where the measure itself fixes it
    (KS2 progress is 0 for England by construction, and the file leaves England's cell empty; other
    groups have England figures of their own in the file): read it through ``england_for``. Where
    ``england_compares`` is False, England's row holds a total, not a comparison (pupils on roll).
    ``signed`` measures are centred on zero and always shown with their sign. ``order`` places a
    measure within its stage. ``minimum_cohort`` is the publisher's: below it a figure is hidden in
    the file itself; 0 where nothing is hidden for size.
    """

    key: str
    title: str
    short: str
    stage: str  # ks2, ks4, ks5, absence, suspensions, workforce, census
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
    why_missing: dict[int, str] = field(default_factory=dict)
    sigma_source: str = ""
    england_by_definition: float | None = None
    signed: bool = False
    england_compares: bool = True
    order: int = 50

    def series_keys(self) -> list[str]:
        """``ks2.rwm_expected`` for all pupils, ``ks2.rwm_expected.disadvantaged`` for a group."""
        return [self.key if g == "all" else f"{self.key}.{g}" for g in self.groups]

    def exists_in(self, year: int) -> bool:
        """Whether figures of this measure were published by school for an academic year."""
        return (
            year >= self.first_year
            and (self.last_year is None or year <= self.last_year)
            and year not in self.missing_years
        )

    def england_for(self, group: str) -> float | None:
        """England's figure where the measure fixes it: for all pupils only, ``None`` otherwise.

        Disadvantaged pupils' progress in England is below 0 and that of other pupils above it; both
        are published, and the gap is measured against the latter.
        """
        return self.england_by_definition if group == "all" else None

    def format(self, value: float, group: str = "all") -> str:
        """A figure as people read it: ``64%``, ``104.3``, ``+1.2``, ``1,204``, with a true minus.

        A gap is a difference, so it is shown with its sign and without a per cent sign.
        """
        if group in self.groups and self.groups[group].is_gap:
            return self.format_difference(value)
        text = (signed if self.signed else bare)(value, self.decimals)
        return f"{text}%" if self.unit == "percent" else text

    def format_difference(self, value: float, *, words: bool = False) -> str:
        """A difference between two figures, always signed: ``+3``, ``−0.4``; with ``words``,
        ``+3 percentage points``."""
        text = signed(value, self.decimals)
        return with_unit(text, self.unit) if words else text

    @property
    def unit_words(self) -> str:
        """The unit of a figure in words, for axes and table headings."""
        if self.unit == "percent" and self.law is Law.RATE:
            return "per cent of sessions"
        return {"percent": "per cent of pupils", "score": "scaled score"}.get(self.unit, self.unit)
