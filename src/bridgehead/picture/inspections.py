"""Every inspection of every school, as printed, from all of Ofsted's loaded releases.

One event that stands in several monthly files is kept once, from the newest of them; what an area
of a report card was graded before it was graded again is kept beside it. What the columns of a row
mean belongs to ``ofsted_rows``.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from bridgehead.opendata.kind import normal
from bridgehead.picture.model import ONE_VISIT, Framework
from bridgehead.picture.ofsted_rows import (
    BLOCKS,
    ELSEWHERE,
    OVERALL_AREA,
    SAFEGUARDING_AREA,
    Found,
    first,
    grade,
    read_block,
    read_date,
)
from bridgehead.picture.tables import Table

_URN = re.compile(r"\d{1,6}", re.ASCII)
SCHEMA = {
    "school": pl.Int64,
    "urn": pl.Int64,
    "framework": pl.String,
    "date": pl.Date,
    "published": pl.Date,
    "grades": pl.String,
    "category": pl.String,
    "safeguarding": pl.String,
    "outcome": pl.String,
    "this_urn": pl.Boolean,
    "release": pl.String,
    "row": pl.Int64,
    "area_dates": pl.String,
    "earlier": pl.String,
}


@dataclass(frozen=True, slots=True)
class Told:
    """An inspection as one release tells it of one school. ``urn`` is that of the school that was
    inspected, ``None`` where the file says only that it was another; ``earlier`` holds (area, day,
    grade) of grades that have been given again since."""

    school: int
    urn: int | None
    this_urn: bool
    release: str
    row: int
    found: Found
    earlier: tuple[tuple[str, date, str], ...] = ()


def inspections(
    tables: list[Table], school_of: Mapping[int, int], newest_urn: list[int]
) -> pl.DataFrame:
    """All inspections, one row each in the columns of ``SCHEMA``, by school and then newest first.

    ``school_of`` gives the position of the school by any URN of its chain, ``newest_urn`` the
    newest URN by position.
    """
    kept: dict[tuple[int, date, Framework], Told] = {}
    ranked = sorted(
        (t for t in tables if t.card.kind in ("ofsted_history", "ofsted_mi")),
        key=lambda t: (t.card.kind == "ofsted_mi", t.card.as_at or date(1900, 1, 1)),
    )
    for table in ranked:
        read = _history if table.card.kind == "ofsted_history" else _monthly
        for told in read(table, school_of, newest_urn):
            key = (told.school, told.found.day, told.found.framework)
            kept[key] = _newer(kept[key], told) if key in kept else told
    frame = pl.DataFrame([_row(told) for told in kept.values()], schema=SCHEMA, orient="row")
    return frame.sort(["school", "date", "framework"], descending=[False, True, False])


def _row(told: Told) -> tuple[object, ...]:
    found = told.found
    return (
        told.school,
        told.urn,
        found.framework.value,
        found.day,
        found.published,
        json.dumps(found.grades, ensure_ascii=False),
        found.category,
        found.safeguarding,
        found.outcome,
        told.this_urn,
        told.release,
        told.row,
        json.dumps({area: day.isoformat() for area, day in found.area_dates.items()}),
        json.dumps([(area, day.isoformat(), was) for area, day, was in told.earlier]),
    )


def _newer(old: Told, new: Told) -> Told:
    """The newer telling of one event. Two things of the older are kept: the URN of a predecessor
    that the newer file does not name, and the grades that it has given again."""
    urn = old.urn if new.urn is None and not old.this_urn else new.urn
    return replace(new, urn=urn, earlier=(*old.earlier, *_given_again(old.found, new.found)))


def _given_again(old: Found, new: Found) -> Iterator[tuple[str, date, str]]:
    """The older grades of areas that have a later date of grade now. One that changed under the
    same date was a mistake that Ofsted has put right."""
    was = dict(old.grades) | ({SAFEGUARDING_AREA: old.safeguarding} if old.safeguarding else {})
    for area, word in was.items():
        before, now = old.area_dates.get(area, old.day), new.area_dates.get(area, new.day)
        if now > (before if area in old.area_dates else before + ONE_VISIT):
            yield area, before, word


def _history(table: Table, school_of: Mapping[int, int], newest_urn: list[int]) -> Iterator[Told]:
    text = table.text("Rating", "Inspection Date")
    rows = zip(table.urn.tolist(), table.row.tolist(), *text.get_columns(), strict=True)
    for urn, row, rating, when in rows:
        school, day = school_of.get(urn), read_date(when)
        if school is None or day is None:
            continue
        word = grade(rating, day)
        if word is not None:
            found = Found(Framework.OVERALL, day, grades={OVERALL_AREA: word})
            yield Told(school, urn, urn == newest_urn[school], table.card.id, row, found)


def _monthly(table: Table, school_of: Mapping[int, int], newest_urn: list[int]) -> Iterator[Told]:
    names = {normal(name): name for name in reversed(table.card.columns)}
    blocks = [b for b in BLOCKS if any(normal(name) in names for name in b.start)]
    frame = table.store.frame(table.card.id, list(names.values())).select(
        pl.col(published).alias(ours) for ours, published in names.items()
    )
    rows = zip(table.urn.tolist(), table.row.tolist(), frame.iter_rows(named=True), strict=True)
    for urn, row, cells in rows:
        for block in blocks:
            found = read_block(block, cells)
            if found is not None:
                of = inspected_urn(urn, first(cells, block.urn), first(cells, block.relates))
                for school, this_urn in _schools(urn, of, school_of, newest_urn):
                    yield Told(school, of, this_urn, table.card.id, row, found)


def inspected_urn(urn: int, at: str | None, relates: str | None) -> int | None:
    """The URN of the school that was inspected, by a row of ``urn``: the URN at the time where
    there is one, else the row's own. ``None`` where the file says that it was another school and
    names none, or names this one."""
    elsewhere = (relates or "").casefold() in ELSEWHERE
    named = int(at) if at and _URN.fullmatch(at) else None
    if elsewhere and named == urn:
        return None
    return named if named or elsewhere else urn


def _schools(
    urn: int, of: int | None, school_of: Mapping[int, int], newest_urn: list[int]
) -> Iterator[tuple[int, bool]]:
    """The schools whose timeline an inspection belongs to, each with whether it was of the school
    as it is now: the school of the row, to which a predecessor's is told as a predecessor's; and
    the school that was inspected, where that is another (the chain is cut between them)."""
    here = school_of.get(urn)
    if here is not None:
        yield here, of == newest_urn[here]
    there = None if of is None else school_of.get(of)
    if there is not None and there != here:
        yield there, of == newest_urn[there]
