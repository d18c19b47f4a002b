"""Key stage 2 performance tables in their publisher's layout."""

from pathlib import Path

import numpy as np
import polars as pl

from bridgehead.opendata.synthetic import history, ks2_figures
from bridgehead.opendata.synthetic import pupils as drawing
from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.identity import identify
from bridgehead.opendata.synthetic.published import (
    KS2_WITHOUT_PROGRESS,
    KS2_YEARS,
    span,
    status,
)
from bridgehead.opendata.synthetic.sheet import Sheet
from bridgehead.opendata.synthetic.text import Flags, layout, save, table

#: Rows of schools without results stop after this many fields.
SHORT_ROW = 26


def write(england: England, folder: Path) -> list[Path]:
    """Write one file a year, oldest first, each with the figures of the years before it."""
    written: list[Path] = []
    before: dict[int, pl.DataFrame] = {}
    for year in KS2_YEARS:
        path = folder / f"{span(year)}_england_ks2{status(year)}_synthetic.csv"
        before[year] = write_year(england, year, before, path)
        written.append(path)
    return written


def _taking(england: England, year: int) -> tuple[Flags, Flags]:
    """Sites that have a row, and among them those with results."""
    schools = england.register
    age = (schools.low_age <= 9) & (schools.high_age >= 11) & schools.state
    listed = (age | schools.is_kind("first")) & schools.open_in(year)
    with_results = listed & age & (schools.opened < year - 1)
    # A few primary schools have no pupils at the end of the key stage.
    none = england.rng(2, year, 9).random(schools.count) < 0.012
    return listed, with_results & ~none


def write_year(
    england: England, year: int, before: dict[int, pl.DataFrame], path: Path
) -> pl.DataFrame:
    """Write one year and return it with ``_site``, for the history columns of later years."""
    schools = england.register
    rng = england.rng(2, year, 2)
    listed, taking = _taking(england, year)
    sites, without = np.flatnonzero(taking), np.flatnonzero(listed & ~taking)
    pupils = drawing.draw(
        england.cohort(year, 2)[sites],
        boys=schools.boys[sites],
        disadvantage=schools.disadvantage[sites],
        eal=schools.eal[sites],
        special=schools.is_kind("special")[sites],
        intake=england.levels.at(year)[1][sites],
        bands=(0.09, 0.66),
        rng=rng,
    )
    codes, las = np.unique(schools.la[sites], return_inverse=True)
    state = np.ones(len(sites), dtype=np.bool_)
    sheet = Sheet(pupils, las.reshape(-1), state, empty="", hide_all=True)
    ks2_figures.fill(sheet, england, sites, year, rng)

    identity = identify(england, year, np.concatenate([sites, without]), codes, stage=2)
    columns = _columns(year)
    given = identity.ks2()
    place = sheet.place(len(without))
    given |= history.spread(sheet.out, place, columns)
    national = np.arange(len(place)) >= len(place) - 2
    for name in columns:
        # England's own progress is nought by definition, and left empty.
        if name.removesuffix("_LOWER").removesuffix("_UPPER").endswith("PROG") and name in given:
            given[name] = history.put(given[name], national, " ")
    marks = history.suffixed(columns, year, lambda past: f"_{(past + 1) % 100}")
    history.add(given, identity, before, year, marks)
    frame = table(columns, given, len(place))
    widths = np.full(len(place), len(columns))
    widths[len(sites) : len(sites) + len(without)] = SHORT_ROW
    order = identity.order()
    save(path, frame[order], encoding="utf-8-sig", widths=widths[order])
    return frame.with_columns(pl.Series("_site", identity.site_rows()))


def _columns(year: int) -> tuple[str, ...]:
    """The year's columns: two years of history by their suffix; without progress, fewer."""
    names = [n.format(0, year % 100, (year - 1) % 100) for n in layout("ks2")]
    if year in KS2_WITHOUT_PROGRESS:
        names = [n for n in names if n[-2:].isdigit() or not ("PROG" in n or n.endswith("COV"))]
    return tuple(names)
