"""16 to 18 performance tables in their publisher's layout."""

from pathlib import Path

import numpy as np
import polars as pl

from bridgehead.opendata.synthetic import history
from bridgehead.opendata.synthetic import pupils as drawing
from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.identity import identify
from bridgehead.opendata.synthetic.published import KS5_YEARS, span, status
from bridgehead.opendata.synthetic.sheet import Sheet
from bridgehead.opendata.synthetic.text import Flags, Floats, cells, layout, save, table

#: Rows of schools without results stop after this many fields.
SHORT_ROW = 31
#: average points per entry → the grade that the table prints beside it
GRADES = (
    (8, "E-"), (10, "E"), (13, "E+"), (17, "D-"), (20, "D"), (23, "D+"), (27, "C-"), (30, "C"),
    (33, "C+"), (37, "B-"), (40, "B"), (43, "B+"), (47, "A-"), (50, "A"), (99, "A*"),
)  # fmt: skip
ACADEMIC = ("ALEV", "ACAD")
GROUPS = {"": "all", "_DIS": "disadvantaged", "_NOTDIS": "others"}


def write(england: England, folder: Path) -> list[Path]:
    """Write one file a year, oldest first, each with the figures of the years before it."""
    written = []
    before: dict[int, pl.DataFrame] = {}
    for year in KS5_YEARS:
        path = folder / f"{span(year)}_england_ks5{status(year)}_synthetic.csv"
        before[year] = _write_year(england, year, before, path)
        written.append(path)
    return written


def _columns(year: int) -> tuple[str, ...]:
    """The year's columns; those of the three years before end with their year."""
    before = [f"{(year + 1 - back) % 100:02d}" for back in (1, 2, 3)]
    return tuple(name.format(0, *before) for name in layout("ks5"))


def _write_year(
    england: England, year: int, before: dict[int, pl.DataFrame], path: Path
) -> pl.DataFrame:
    schools = england.register
    listed = schools.sixth_form & schools.open_in(year)
    fresh = listed & (schools.opened >= year - 3)
    sites, without = np.flatnonzero(listed & ~fresh), np.flatnonzero(fresh)
    rng = england.rng(5, year, 2)
    pupils = drawing.draw(
        england.cohort(year, 5)[sites],
        boys=schools.boys[sites],
        disadvantage=schools.disadvantage[sites] * 0.7,
        eal=schools.eal[sites],
        special=np.zeros(len(sites), dtype=np.bool_),
        intake=england.levels.at(year)[1][sites],
        bands=(0.2, 0.7),
        rng=rng,
    )
    codes, las = np.unique(schools.la[sites], return_inverse=True)
    sheet = Sheet(pupils, las.reshape(-1), schools.state[sites], empty="NE", hide_all=False)
    _fill(sheet, england.levels.at(year)[0][sites], rng)

    identity = identify(england, year, np.concatenate([sites, without]), codes, stage=5)
    place = sheet.place(len(without))
    columns = _columns(year)
    given = identity.ks5()
    tail = pl.Series([" "] * (len(place) - len(identity.sites)), dtype=pl.String)
    given["TPUP1618"] = pl.concat(
        [cells(np.round(1.1 * schools.size[identity.sites].astype(np.float64))), tail]
    )
    given |= history.spread(sheet.out, place, columns)
    marks = history.suffixed(columns, year, lambda past: f"_{(past + 1) % 100}")
    history.add(given, identity, before, year, marks)
    # Nearly every row of the publisher's 2022/23 table is two fields short.
    widths = np.full(len(place), len(columns) - (2 if year == 2022 else 0))
    widths[len(sites) : len(sites) + len(without)] = SHORT_ROW
    order = identity.order()
    frame = table(columns, given, len(place))
    save(path, frame[order], encoding="utf-8-sig", widths=widths[order])
    return frame.with_columns(pl.Series("_site", identity.site_rows()))


def _fill(sheet: Sheet, teaching: Floats, rng: np.random.Generator) -> None:
    pupils = sheet.pupils
    n = len(pupils)
    academic = rng.random(n) < np.clip(0.55 + 0.15 * pupils.prior, 0.05, 0.95)
    technical = ~academic & (rng.random(n) < 0.25)
    ability = 0.55 * pupils.prior + 0.7 * teaching[pupils.place] + rng.normal(0, 0.8, n)
    points = np.clip(33.5 + 10 * ability, 0, 60)
    applied = np.clip(29.0 + 7 * ability, 0, 50)
    stayed = rng.random(n) < 0.93 + 0.02 * pupils.prior
    for suffix, key in GROUPS.items():
        sheet.out[f"TALLPUP_1618{suffix}"] = sheet.withheld(cells(sheet.number[key]))
        for kind, value, took in (
            ("ALEV", points, academic),
            ("ACAD", points, academic),
            ("AGEN", applied, ~academic & ~technical),
            ("TLEV", applied - 1, technical),
        ):
            number = sheet.total(sheet.groups[key] & took)
            entered = np.where(number > 0, number, np.nan)
            # The publisher leaves "_1618" out of other courses and out of a group's grade.
            span_of = "_1618" if kind in ACADEMIC else ""
            average = sheet.mean(value, key, among=took)
            sheet.show(f"TALLPUP_{kind}{span_of}{suffix}", entered, key, number=number)
            sheet.show(f"TALLPPE_{kind}{span_of}{suffix}", average, key, number=number, decimals=2)
            if kind in ACADEMIC:
                _grade(sheet, f"TALLPPEGRD_{kind}{suffix or span_of}", average, number)
            kept = 100 * sheet.mean(stayed, key, among=took)
            sheet.show(f"T_InScope_{kind}_Ret{suffix}", entered, key, number=number)
            sheet.show(
                f"PT_Retained_{kind}_Ret{suffix}", kept, key,
                number=number, decimals=1, suffix="%", fixed=True,
            )  # fmt: skip
    _best(sheet, points, academic & (pupils.prior > -0.5))
    _english_and_maths(sheet, ability, rng)


def _best(sheet: Sheet, points: Floats, taking: Flags) -> None:
    """The best three A levels, and AAB with two facilitating subjects."""
    number = sheet.total(taking)
    sheet.out["TINCLUDE_B3"] = sheet.out["TINCLUDE_AAB_2FAC"] = cells(number)
    average = sheet.mean(points + 0.6, "all", among=taking)
    sheet.show("TB3PTSE", average, number=number, decimals=2)
    _grade(sheet, "TB3PTSE_GRD", average, number)
    top = 100 * sheet.mean(points > 45, "all", among=taking)
    sheet.show("PTAAB_2FAC", top, number=number, decimals=1, suffix="%", fixed=True)


def _english_and_maths(sheet: Sheet, ability: Floats, rng: np.random.Generator) -> None:
    """Progress of those who come without a good grade in English or maths."""
    without = (sheet.pupils.prior < -0.6) & sheet.counted
    for letter in ("E", "M"):
        gained = 0.3 * ability + 0.3 + rng.normal(0, 0.8, len(ability))
        for suffix, key in GROUPS.items():
            number = sheet.total(sheet.groups[key] & without)
            value = sheet.mean(gained, key, among=without)
            scope = np.where(number > 0, number, np.nan)
            sheet.show(f"T_SCOPEEX_{letter}{suffix}", scope, key, number=number)
            sheet.show(f"PROGEX_{letter}{suffix}", value, key, number=number, decimals=2)


def _grade(sheet: Sheet, name: str, average: Floats, number: Floats) -> None:
    """The letter beside an average of points per entry."""
    edges = np.array([edge for edge, _ in GRADES[:-1]], dtype=np.float64)
    letters = np.array([letter for _, letter in GRADES])
    words = letters[np.searchsorted(edges, np.nan_to_num(average), side="right")]
    words = np.where(sheet.hidden(number), "SUPP", np.where(np.isnan(average), "NE", words))
    sheet.out[name] = pl.Series(words.tolist(), dtype=pl.String)
