"""What a kind of published file is: how it is known, what it must hold, what its columns are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

from bridgehead.opendata.people import names_people


def normal(name: str) -> str:
    """A column name without case, spaces and punctuation: how names are compared."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


class Role(StrEnum):
    """What a column is to its kind."""

    FIGURE = "figure"  # decoded to a number or a reason
    WORDS = "words"  # a result or a flag in words; a code among them is read as its reason
    TEXT = "text"  # says who, where or when; kept and read as it is printed
    PERSON = "person"  # dropped before anything is written
    UNKNOWN = "unknown"  # kept as raw text and listed


_HISTORY = re.compile(r"_(?P<end>\d\d)(?=$|_PTQ(?:_EE)?$)", re.IGNORECASE)
_PREVIOUS = re.compile(r"_PREV(?P<n>[2-9]?)$", re.IGNORECASE)
_REACH = 6  # years that a history column of these tables may look back


@dataclass(frozen=True, slots=True)
class Field:
    """A published column name taken apart: ``READPROG_B_LOWER_17`` in 2018/19 is the field
    ``READPROG_LOWER`` of ``boys`` in 2016/17. ``year`` is ``None`` where the file has no year."""

    column: str
    name: str
    group: str
    year: int | None
    history: bool


@dataclass(frozen=True, slots=True)
class Tidy:
    """How the rows of a tidy file are told apart: there is one for each year, place, group of
    pupils and thing measured. All names are normalised.

    ``items`` are the columns that say what is measured, ``filters`` those that say which pupils a
    row is about, ``types`` and ``phases`` those by which the rows of England are told apart.
    ``state_funded_only`` says that the file holds no other schools, so that a total of all schools
    is state-funded England.
    """

    items: tuple[str, ...]
    filters: tuple[str, ...]
    types: tuple[str, ...]
    phases: tuple[str, ...]
    state_funded_only: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of published file.

    ``required`` names the columns without which a file of this kind means nothing, as published,
    each with the other spellings that will do; ``signature`` names columns that no other kind has,
    ``|`` between two spellings.
    ``scopes`` maps the text of ``scope_column`` to a scope. Where England rows are marked instead,
    ``national_mark`` stands in the authority's column and ``national_phases`` reads the phase from
    the establishment's or the school's. ``national`` gives (scope, phase) pairs that every complete
    file of this kind holds. ``groups`` maps the part of a column name
    that says which pupils it is about to the group. ``figures``, ``words`` and ``texts`` hold
    normalised names, by which ``role`` goes; for performance tables without group and history
    parts. ``own_year`` holds the same of columns that end in the file's own year. ``tidy`` is set
    where a school has many rows. ``about_schools`` is False where no row names one; ``foreign``
    names columns that a file of this kind never has. ``family`` is the kind that holds the same
    figures in an older layout. ``spills`` says that rows of this kind have been published with more
    cells than their header has columns.
    """

    key: str
    title: str
    publisher: str
    required: tuple[tuple[str, ...], ...]
    signature: tuple[str, ...]
    texts: frozenset[str]
    figures: frozenset[str]
    timed_by_year: bool
    statuses: tuple[str, ...] = ("final",)
    figure_patterns: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    word_patterns: tuple[str, ...] = ()
    text_patterns: tuple[str, ...] = ()
    people: frozenset[str] = frozenset()
    groups: Mapping[str, str] = field(default_factory=dict)
    history: bool = False
    own_year: frozenset[str] = frozenset()
    scope_column: str | None = None
    scopes: Mapping[str, str] = field(default_factory=dict)
    national_mark: str = ""
    national_phases: Mapping[str, str] = field(default_factory=dict)
    national: tuple[tuple[str, str | None], ...] = ()
    urn: tuple[str, ...] = ("urn",)
    la: tuple[str, ...] = ()
    establishment: tuple[str, ...] = ()
    laestab: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    tidy: Tidy | None = None
    about_schools: bool = True
    foreign: tuple[str, ...] = ()
    family: str = ""
    spills: bool = False

    def missing(self, columns: list[str]) -> list[str]:
        """The required columns that a header lacks, by their published names."""
        have = {normal(c) for c in columns}
        return [names[0] for names in self.required if not have & {normal(n) for n in names}]

    def likeness(self, columns: list[str]) -> float:
        """How much of what marks this kind a header holds, 0 to 1."""
        have = {normal(c) for c in columns}
        marks = [{normal(n) for n in s.split("|")} for s in self.signature]
        marks += [{normal(n) for n in names} for names in self.required]
        if have & {normal(name) for name in self.foreign}:
            return 0.0
        return sum(bool(have & mark) for mark in marks) / len(marks)

    def tells(self, columns: list[str]) -> bool:
        """Whether a header holds a column that marks this kind alone. Every tidy file says when and
        where, so that by those alone it is like every other."""
        have = {normal(c) for c in columns}
        return any(normal(n) in have for s in self.signature for n in s.split("|"))

    def find(self, columns: list[str], names: tuple[str, ...]) -> str | None:
        """The column that goes by one of these normalised names, the first name first."""
        by_name = {normal(c): c for c in reversed(columns)}
        return next((by_name[n] for n in names if n in by_name), None)

    def field(self, column: str, year: int | None) -> Field:
        """Take a column name apart; ``year`` is the file's own."""
        name, when = self._own_year(column, year)
        group = "all"
        for part, label in self.groups.items():
            pattern = rf"_{part}(?=_|$)"
            if re.search(pattern, name, re.IGNORECASE):
                name, group = re.sub(pattern, "", name, count=1, flags=re.IGNORECASE), label
                break
        return Field(column, name, group, when, when != year)

    def named_year(self, column: str, year: int) -> int | None:
        """The academic year that a column names by its end (``_18``), at most a few years before
        ``year``; ``None`` where it names none."""
        match = _HISTORY.search(column) if self.history else None
        back = (year + 1 - int(match["end"])) % 100 if match else _REACH + 1
        return year - back if back <= _REACH else None

    def looked_back_on(self, column: str, year: int) -> int | None:
        """The year that a column looks back on by its end, though it be later than ``year``;
        ``None`` where it names none, or is known to name its file's own."""
        if normal(_HISTORY.sub("", column)) in self.own_year:
            return None
        return self.named_year(column, year + _REACH // 2)

    def _own_year(self, column: str, year: int | None) -> tuple[str, int | None]:
        if not self.history or year is None:
            return column, year
        if previous := _PREVIOUS.search(column):
            return _PREVIOUS.sub("", column), year - int(previous["n"] or 1)
        if (named := self.named_year(column, year)) is None:
            return column, year
        return _HISTORY.sub("", column), named

    def role(self, column: str, year: int | None) -> Role:
        """What a column is to this kind in a file of this year."""
        name = normal(column)
        if name in self.people or (names_people(column) and name not in self.texts):
            return Role.PERSON
        parts = self.field(column, year)
        stem, whole = normal(parts.name), normal(self._own_year(column, year)[0])
        if {name, stem, whole} & self.words or _any(self.word_patterns, column):
            return Role.WORDS
        if {name, stem, whole} & self.texts or _any(self.text_patterns, column):
            return Role.TEXT
        if {name, stem, whole} & self.figures or _any(self.figure_patterns, column):
            return Role.FIGURE
        return Role.UNKNOWN


def _any(patterns: tuple[str, ...], column: str) -> bool:
    return any(re.fullmatch(p, column, re.IGNORECASE) for p in patterns)


def digits(column: str | None) -> pl.Expr:
    """A column of whole numbers printed as text; null where it is absent or holds anything else."""
    if column is None:
        return pl.lit(None, pl.Int32)
    return pl.col(column).str.strip_chars().cast(pl.Int32, strict=False)
