"""Key stage 4 performance tables in their publisher's layout."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from bridgehead.opendata.synthetic import history, ks4_figures
from bridgehead.opendata.synthetic import pupils as drawing
from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.identity import identify
from bridgehead.opendata.synthetic.published import KS4_YEARS, span, status
from bridgehead.opendata.synthetic.sheet import Sheet
from bridgehead.opendata.synthetic.text import layout, save, table

#: Rows of schools without results stop after this many fields.
SHORT_ROW = 27
#: From this year the files call the years before ``_PREV`` and ``_PREV2``.
PREVIOUS_FROM = 2024


def write(england: England, folder: Path) -> list[Path]:
    """Write one file a year, oldest first, each with the figures of the years before it."""
    written: list[Path] = []
    before: dict[int, pl.DataFrame] = {}
    for year in KS4_YEARS:
        path = folder / f"{span(year)}_england_ks4{status(year)}_synthetic.csv"
        before[year] = _write_year(england, year, before, path)
        written.append(path)
    return written


def _mark(year: int) -> Callable[[int], str]:
    """How this year's file marks a history column: ``_18``, or ``_PREV`` and ``_PREV2``."""
    if year >= PREVIOUS_FROM:
        return lambda past: "_PREV" if past == year - 1 else "_PREV2"
    return lambda past: f"_{(past + 1) % 100}"


def _columns(year: int) -> tuple[str, ...]:
    """The year's columns. ``_PREV`` always ends a name; a year's number may stand inside it."""
    mark = _mark(year)
    columns = []
    for name in layout("ks4"):
        column = name
        for back in (1, 2):
            place, to = f"_{{{back}}}", mark(year - back)
            if place in name:
                ends = to if year >= PREVIOUS_FROM else ""
                column = name.replace(place, "" if ends else to) + ends
        columns.append(column)
    return tuple(columns)


def _write_year(
    england: England, year: int, before: dict[int, pl.DataFrame], path: Path
) -> pl.DataFrame:
    schools = england.register
    rng = england.rng(4, year, 2)
    listed = (schools.high_age >= 16) & (schools.low_age < 16) & schools.open_in(year)
    fresh = listed & (schools.opened >= year - 3)
    sites, without = np.flatnonzero(listed & ~fresh), np.flatnonzero(fresh)
    pupils = drawing.draw(
        england.cohort(year, 4)[sites],
        boys=schools.boys[sites],
        disadvantage=schools.disadvantage[sites],
        eal=schools.eal[sites],
        special=schools.is_kind("special", "alternative provision")[sites],
        intake=england.levels.at(year)[1][sites],
        bands=(0.12, 0.57),
        rng=rng,
    )
    codes, las = np.unique(schools.la[sites], return_inverse=True)
    sheet = Sheet(pupils, las.reshape(-1), schools.state[sites], empty="NE", hide_all=False)
    ks4_figures.fill(sheet, england.levels.at(year)[0][sites], year, rng)

    identity = identify(england, year, np.concatenate([sites, without]), codes, stage=4)
    columns = _columns(year)
    given = identity.ks4()
    place = sheet.place(len(without))
    given |= history.spread(sheet.out, place, columns)
    history.add(given, identity, before, year, history.suffixed(columns, year, _mark(year)))
    frame = table(columns, given, len(place))
    widths = np.full(len(place), len(columns))
    # Half of the publisher's rows are a field short: the last, which bands Progress 8.
    widths[: len(sites) : 2] = len(columns) - 1
    widths[len(sites) : len(sites) + len(without)] = SHORT_ROW
    order = identity.order()
    save(path, frame[order], encoding="utf-8-sig", widths=widths[order])
    return frame.with_columns(pl.Series("_site", identity.site_rows()))
