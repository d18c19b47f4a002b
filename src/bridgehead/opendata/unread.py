"""What to tell the person of the rows of a file from which no figure is read.

Of rows that speak of the same nobody chooses in silence: they are set aside and named.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from bridgehead.opendata.codes import read_word
from bridgehead.opendata.describe import dates
from bridgehead.opendata.kind import Kind, Role, normal
from bridgehead.opendata.pupils import group_of, in_words
from bridgehead.opendata.releases import MARKS
from bridgehead.opendata.tidy import (
    LEVEL,
    LEVELS,
    OTHER,
    PART_YEAR,
    REPEATED,
    Part,
    distinct,
    filter_columns,
    item_columns,
)

Ints = npt.NDArray[np.int64]

_EXAMPLES = 5
_MOST_GROUPS = 12


def tell_twice(kind: Kind, part: Part, roles: dict[str, Role]) -> None:
    """Of a file with one row a school: set repeated rows of figures aside and note them; of the
    register, which holds facts rather than figures, only note them."""
    if kind.tidy is None and kind.timed_by_year:
        _set_aside(part, np.zeros(part.frame.height, np.int64), [], roles)
    elif kind.key == "gias":
        named = part.frame.filter(pl.col("_urn").is_not_null())
        again = named.group_by("_urn", maintain_order=True).agg("_row")
        for urn, rows in again.filter(pl.col("_row").list.len() > 1).head(_EXAMPLES).rows():
            part.notes.append(f"rows {_listed(rows)} are both of URN {urn}: the first is believed")


def tell(kind: Kind, part: Part, roles: dict[str, Role]) -> None:
    """Set repeated rows of a part aside, and note them, rows of part of a year and the groups of
    pupils from which no figure is read."""
    columns = part.frame.columns
    filters, items = filter_columns(kind, columns), item_columns(kind, columns)
    about = [*filters, *items]
    first, which = distinct(part.frame, about)
    _set_aside(part, _meanings(part.frame, first, filters, items)[which], about, roles)
    short = int((part.frame["_scope"] == PART_YEAR).sum())
    if short:
        part.notes.append(
            f"{short:,} rows are of part of a year: kept, and no figure read from them"
        )
    part.notes += _unread_places(kind, part.frame)
    said = part.frame[first].select(filters).iter_rows()
    part.notes += _unknown_groups(said, np.bincount(which))


def numberless(kind: Kind, frame: pl.DataFrame) -> Iterator[str]:
    """Of rows of schools, those whose number (URN) cannot be read: no figure is read from them."""
    urn = kind.find([c for c in frame.columns if c not in MARKS], kind.urn)
    if not kind.about_schools or urn is None:
        return
    lost = frame.filter((pl.col("_scope") == "school") & pl.col("_urn").is_null())
    if lost.height:
        shown = (
            f"row {row} ({text!r})"
            for row, text in lost.select("_row", pl.col(urn).fill_null("")).head(_EXAMPLES).rows()
        )
        yield (
            f"{lost.height:,} rows of schools have no number (URN) that can be read: kept, and no "
            f"figure read from them: {', '.join(shown)}"
            + (" and more" if lost.height > _EXAMPLES else "")
        )


def dateless(kind: Kind, frame: pl.DataFrame) -> Iterator[str]:
    """Of columns of dates, the cells that hold something which is no date."""
    columns = [c for c in frame.columns if c not in MARKS]
    for name in kind.dates:
        column = kind.find(columns, (name,))
        if column is None:
            continue
        texts = frame[column].drop_nulls().unique()
        others = texts.filter(dates(texts).is_null() & (texts.str.strip_chars() != ""))
        none = [text for text in others if read_word(text) is None]
        astray = frame.select("_row", column).filter(pl.col(column).is_in(none))
        if astray.height:
            shown = (f"row {row} ({text!r})" for row, text in astray.head(_EXAMPLES).rows())
            more = " and more" if astray.height > _EXAMPLES else ""
            yield (
                f"{column} holds {astray.height:,} texts that are no date, from which none is "
                f"read: {', '.join(shown)}{more}"
            )


def _unread_places(kind: Kind, frame: pl.DataFrame) -> Iterator[str]:
    """Of rows that are of no school, authority or England, or that contradict themselves in it."""
    level = kind.find(frame.columns, (LEVEL,)) or ""
    other = frame.filter(pl.col("_scope") == OTHER).select(
        pl.col(level).fill_null("").alias("level"), pl.col("_urn").is_not_null().alias("school")
    )
    counted = other.group_by("level", "school", maintain_order=True).len()
    for text, school, rows in counted.iter_rows():
        if normal(text) not in LEVELS:
            yield (
                f"{rows:,} rows whose {level} is {text!r}, which is not read: kept, and no figure "
                "read from them"
            )
        elif school:
            yield (
                f"{rows:,} rows whose {level} is {text!r} name a school: kept, and no figure read "
                "from them"
            )


def _unknown_groups(
    filters: Iterable[tuple[str | None, ...]], times: npt.NDArray[np.int64]
) -> Iterator[str]:
    """Of what the filters say, each with how many rows say it, what no measure reads."""
    unread: dict[str, int] = {}
    for said, count in zip(filters, times.tolist(), strict=False):
        if group_of(said) is None:
            unread[in_words(said)] = unread.get(in_words(said), 0) + count
    if unread:
        most = sorted(unread, key=lambda words: (-unread[words], words))
        listed = "; ".join(f"{words} ({unread[words]:,} rows)" for words in most[:_MOST_GROUPS])
        more = f"; and {len(most) - _MOST_GROUPS} more" if len(most) > _MOST_GROUPS else ""
        yield f"groups of pupils that are kept and that no measure reads: {listed}{more}"


def _set_aside(part: Part, which: Ints, about: list[str], roles: dict[str, Role]) -> None:
    """Set aside those of the rows about one thing (``which``) that do not stand, and note them."""
    figures = [c for c in part.frame.columns if roles.get(c) is Role.FIGURE]
    repeats = _repeats(part.frame, which, about, figures)
    if repeats is not None:
        rows, notes = _aside(repeats, about, figures)
        part.frame = part.frame.with_columns(
            pl.when(pl.col("_row").is_in(rows.implode()))
            .then(pl.lit(REPEATED))
            .otherwise("_scope")
            .alias("_scope")
        )
        part.notes += notes


def _meanings(
    frame: pl.DataFrame, first: Ints, filters: list[str], items: list[str]
) -> npt.NDArray[np.int64]:
    """What each different text of the filters and items means, as a number: two spellings of one
    group or of one subject mean the same."""
    if not filters and not items:
        return np.zeros(len(first), np.int64)
    numbers: dict[object, int] = {}
    found = []
    for row in frame[first].select(*filters, *items).iter_rows():
        said, measured = row[: len(filters)], row[len(filters) :]
        group = group_of(said) or tuple(normal(one or "") for one in said)
        meaning = group, tuple(normal(one or "") for one in measured)
        found.append(numbers.setdefault(meaning, len(numbers)))
    return np.array(found, np.int64)


def _repeats(
    frame: pl.DataFrame, which: Ints, about: list[str], figures: list[str]
) -> pl.DataFrame | None:
    """The rows that speak of the same school (or of England), pupils and thing (``which``), one
    line for each such set: ``_row`` lists the rows, ``about`` what the first says, each column of
    figures how many texts stand there."""
    scope = frame["_scope"]
    school = ((scope == "school") & frame["_urn"].is_not_null()).to_numpy()
    urn = frame["_urn"].fill_null(-1).cast(pl.Int64).to_numpy()
    number = urn * (int(which.max(initial=0)) + 1) + which
    ordered = np.sort(number[school])
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    suspects = (scope == "england") | pl.Series(school & np.isin(number, twice))
    keys = frame.select("_urn", "_scope", "_phase", _meaning=pl.Series(which)).filter(suspects)
    again = keys.is_duplicated()
    if not again.any():
        return None
    return (
        frame.with_columns(_meaning=which)
        .filter(suspects)
        .filter(again)
        .group_by("_urn", "_scope", "_phase", "_meaning", maintain_order=True)
        .agg(
            "_row",
            *(pl.col(c).first() for c in about),
            *(pl.col(c).fill_null("").n_unique() for c in figures),
        )
    )


def _aside(
    repeats: pl.DataFrame, about: list[str], figures: list[str]
) -> tuple[pl.Series, list[str]]:
    """The rows to set aside, and what to say of them. Of rows that say the same the first stands;
    where they do not, nobody can tell which is true and none of them stands."""
    at_odds = pl.any_horizontal(pl.col(c) > 1 for c in figures) if figures else pl.lit(value=False)
    rows = repeats.select(
        pl.when(at_odds).then("_row").otherwise(pl.col("_row").list.slice(1)).explode()
    )
    notes = []
    for one in repeats.head(_EXAMPLES).iter_rows(named=True):
        who = "England" if one["_urn"] is None else f"URN {one['_urn']}"
        pupils = in_words(one[c] for c in about)
        subject = f"{who} ({pupils})" if pupils else who
        differing = next((c for c in figures if one[c] > 1), None)
        if differing is None:
            notes.append(f"rows {_listed(one['_row'])} repeat one another, of {subject}")
        else:
            notes.append(
                f"rows {_listed(one['_row'])} contradict one another in {differing}, of {subject}: "
                "none of them is used"
            )
    if repeats.height > _EXAMPLES:
        notes.append(f"{repeats.height - _EXAMPLES:,} more sets of such rows were set aside")
    return rows.to_series(), notes


def _listed(numbers: Iterable[int]) -> str:
    words = [f"{n}" for n in numbers]
    return f"{', '.join(words[:-1])} and {words[-1]}"
