"""Tidy files, in which a school has many rows: what each row is about, and of which year.

Explore Education Statistics publishes so: one row for each time, place, group of pupils and
subject, several years in one file. Each year (and status) of a file becomes a release of its own.
Nothing is worked out for each row by itself: the few different texts of a column are read once.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from bridgehead.core.errors import Refused
from bridgehead.core.years import parse_year
from bridgehead.opendata.kind import Kind, digits, normal
from bridgehead.opendata.pupils import group_of

#: What ``geographic_level`` says, normalised, and the scope of the row.
LEVELS = {
    "school": "school",
    "institution": "school",
    "provider": "school",
    "national": "england",
    "country": "england",
    "localauthority": "la",
    "localauthorities": "la",
}
#: What ``time_identifier`` says of a whole school year; the school workforce is counted on one day.
WHOLE_YEAR = frozenset(
    (
        "",
        "academicyear",
        "fullacademicyear",
        "fullyear",
        "sixhalfterms",
        "threeterms",
        "reportingyear",
        "november",
        "january",
    )
)
#: Rows that are kept and from which no figure is read.
PART_YEAR, REPEATED, OTHER = "part year", "repeated", "other"
PERIOD, IDENTIFIER, LEVEL, VERSION = "timeperiod", "timeidentifier", "geographiclevel", "version"
_STATE_FUNDED = re.compile(r"(all|total)?statefunded(schools?)?(andcolleges)?")
_EVERY = re.compile(r"|all|total|allschools?(andcolleges)?|totalschools?|z")
_PHASES = {
    "primary": "primary",
    "nurseryandprimary": "primary",
    "secondary": "secondary",
    "special": "special",
    "specialschool": "special",
    "specialschools": "special",
    "specialorpru": "special",
    "specialandpru": "special",
}


@dataclass(slots=True)
class Part:
    """The rows of one year and status, and what to tell the person of them."""

    year: int
    status: str | None
    frame: pl.DataFrame
    notes: list[str] = field(default_factory=list)


def read_each_text_once(text: pl.Series, read: Callable[[str], object], kind: type) -> pl.Series:
    """``read`` of every cell of a column; null where the cell is or where ``read`` gives None."""
    coded = text.cast(pl.Categorical(pl.Categories.random()))
    each = coded.unique().drop_nulls()
    answers = dict(zip(each.to_physical(), map(read, each.cast(pl.String)), strict=True))
    dtype = {str: pl.String, int: pl.Int32, bool: pl.Boolean}[kind]
    table = pl.Series(text.name, [answers[n] for n in range(len(answers))], dtype=dtype)
    return table.gather(coded.to_physical())


def scope_and_phase(kind: Kind, cells: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """The ``_scope`` and ``_phase`` of every row."""
    tidy = kind.tidy
    assert tidy is not None
    columns = cells.columns
    level = cells[kind.find(columns, (LEVEL,)) or ""].fill_null("")
    scope = read_each_text_once(level, lambda text: LEVELS.get(normal(text), OTHER), str)
    if (urn := kind.find(columns, kind.urn)) is not None:
        # A row that names a school is of no authority and not of England, whatever it says.
        named = cells.select(digits(urn).is_not_null()).to_series()
        scope = scope.set(named & (scope != "school"), OTHER)
    when = kind.find(columns, (IDENTIFIER,))
    national = pl.DataFrame({"scope": scope}).with_columns(
        whole=pl.lit(value=True) if when is None else pl.lit(_whole(cells[when])),
        ok=_said(cells, kind.find(columns, tidy.types), _funding),
        phase=_said(cells, kind.find(columns, tidy.phases), _phase),
    )
    england = (
        pl.when(pl.col("ok").is_null() | pl.col("phase").is_null())
        .then(pl.lit(OTHER))
        .when((pl.col("ok") == "state") | pl.lit(tidy.state_funded_only))
        .then(pl.lit("england"))
        .otherwise(pl.lit("england_all"))
    )
    if kind.find(columns, tidy.types) is None:
        england = (
            pl.when(pl.col("phase").is_null()).then(pl.lit(OTHER)).otherwise(pl.lit("england"))
        )
    found = national.select(
        scope=pl.when((pl.col("scope") != OTHER) & ~pl.col("whole"))
        .then(pl.lit(PART_YEAR))
        .when(pl.col("scope") == "england")
        .then(england)
        .otherwise("scope"),
        phase=pl.when((pl.col("scope") == "england") & (pl.col("phase") != "")).then("phase"),
    )
    return found["scope"], found["phase"]


def _whole(text: pl.Series) -> pl.Series:
    return read_each_text_once(text.fill_null(""), lambda one: normal(one) in WHOLE_YEAR, bool)


def _said(cells: pl.DataFrame, column: str | None, read: Callable[[str], str | None]) -> pl.Expr:
    if column is None:
        return pl.lit("", pl.String)
    return pl.lit(read_each_text_once(cells[column].fill_null(""), read, str))


def _funding(text: str) -> str | None:
    """``state`` for all state-funded schools, ``every`` for all schools, None for some of them."""
    name = normal(text)
    if _STATE_FUNDED.fullmatch(name):
        return "state"
    return "every" if _EVERY.fullmatch(name) else None


def _phase(text: str) -> str | None:
    """The phase of a row of England, ``""`` for all phases together, None for what is neither."""
    name = normal(text)
    if _funding(text) is not None or name == "statefundedprimarysecondaryandspecial":
        return ""
    return _PHASES.get(name.removeprefix("statefunded").removesuffix("schools"))


def parts(kind: Kind, frame: pl.DataFrame) -> list[Part]:
    """The rows of each year and status, the oldest first. Raises ``Refused`` for a row whose year
    cannot be read, and where nothing speaks of a whole year."""
    period = kind.find(frame.columns, (PERIOD,)) or ""
    year = read_each_text_once(frame[period].fill_null(""), year_of_period, int)
    if year.null_count():
        at = int(year.is_null().arg_max() or 0)
        raise Refused(
            "The row does not say its academic year.",
            "Expected a period like 202425; download the file again.",
            row=frame["_row"][at],
            column=period,
            value=frame[period][at],
        )
    version = kind.find(frame.columns, (VERSION,))
    status = (
        pl.Series(np.zeros(frame.height, np.int8), dtype=pl.Int32)
        if version is None
        else read_each_text_once(frame[version].fill_null(""), _status_code, int)
    )
    both = year * len(_STATUSES) + status
    found = []
    for code in both.unique().sort():
        rows = frame if (both == code).all() else frame.filter(both == code)
        found.append(Part(code // len(_STATUSES), _STATUSES[code % len(_STATUSES)], rows))
    if not (frame["_scope"] != PART_YEAR).any():
        name = kind.find(frame.columns, (IDENTIFIER,)) or ""
        raise Refused(
            "Expected figures of a whole school year; these are of a part of one.",
            "Download the file of the full academic year.",
            row=frame["_row"][0],
            column=name,
            value=frame[name][0],
        )
    return found


_STATUSES = (None, "provisional", "revised", "final")


def _status_code(text: str) -> int:
    words = normal(text)
    return next((n for n, one in enumerate(_STATUSES) if one and words.startswith(one)), 0)


def year_of_period(text: str) -> int | None:
    """``202425``, ``2024/25``, ``2024-2025`` → 2024; None where it is no academic year."""
    try:
        return parse_year(text)
    except ValueError:
        return None


def filter_columns(kind: Kind, columns: list[str]) -> list[str]:
    """The columns of a file that say which pupils a row is about."""
    wanted = () if kind.tidy is None else kind.tidy.filters
    return [column for column in columns if normal(column) in wanted]


def item_columns(kind: Kind, columns: list[str]) -> list[str]:
    """The columns of a file that say what a row measures."""
    wanted = () if kind.tidy is None else kind.tidy.items
    return [column for column in columns if normal(column) in wanted]


def row_groups(filters: pl.DataFrame) -> tuple[list[str], npt.NDArray[np.int16]]:
    """Which group each row is about, from its filter columns: the groups, and for each row where
    in that list its own stands; −1 for pupils that no measure knows."""
    groups: list[str] = []
    first, which = distinct(filters, filters.columns)
    places = []
    for row in filters[first].iter_rows():
        group = group_of(row)
        if group is not None and group not in groups:
            groups.append(group)
        places.append(-1 if group is None else groups.index(group))
    return groups, np.array(places, np.int16)[which]


def distinct(
    frame: pl.DataFrame, columns: list[str]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where each row first stands that differs in these columns, and for every row which of them it
    is."""
    if not columns:
        return np.zeros(min(1, frame.height), np.int64), np.zeros(frame.height, np.int64)
    hashes = [pl.col(c).hash(seed=n) for n, c in enumerate(columns)]
    number = frame.select(pl.sum_horizontal(hashes)).to_series()
    first = number.arg_unique().cast(pl.Int64).to_numpy()
    few = number.to_numpy()[first]
    order = np.argsort(few)
    return first, order[np.searchsorted(few[order], number.to_numpy())]
