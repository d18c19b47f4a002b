"""Key stage 2 performance tables in their publisher's layout."""

from pathlib import Path

import numpy as np
import polars as pl

from bridgehead.opendata.synthetic import history
from bridgehead.opendata.synthetic import pupils as drawing
from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.identity import identify
from bridgehead.opendata.synthetic.published import (
    KS2_SHIFT,
    KS2_WITHOUT_PROGRESS,
    KS2_YEARS,
    span,
    status,
)
from bridgehead.opendata.synthetic.pupils import Pupils, Rows
from bridgehead.opendata.synthetic.text import Flags, Floats, cells, layout, save, table

#: subject: mean and spread of the scaled score in 2018/19, pupil noise of progress in points
SUBJECTS = {"READ": (104.6, 8.2, 6.1), "MAT": (105.3, 7.3, 5.5), "GPS": (106.3, 8.4, 0.0)}
PROGRESS = {"READ": 6.1, "WRIT": 5.4, "MAT": 5.5}
#: suffix in the file → group of pupils
SUFFIX = {
    "_B": "boys",
    "_G": "girls",
    "_L": "low",
    "_M": "middle",
    "_H": "high",
    "_FSM6CLA1A": "disadvantaged",
    "_NotFSM6CLA1A": "others",
    "_EAL": "eal",
    "_MOBN": "stable",
}
SHORT_ROW = 26


def write(england: England, folder: Path) -> list[Path]:
    """Write one file a year, oldest first, each with the figures of the years before it."""
    written: list[Path] = []
    before: dict[int, pl.DataFrame] = {}
    for year in KS2_YEARS:
        path = folder / f"{span(year)}_england_ks2{status(year)}_synthetic.csv"
        before[year] = _write_year(england, year, before, path)
        written.append(path)
    return written


def _taking(england: England, year: int) -> tuple[Flags, Flags]:
    """Sites that have a row, and among them those with results."""
    schools = england.register
    age = (schools.low_age <= 9) & (schools.high_age >= 11) & schools.state
    listed = (age | schools.is_kind("first")) & schools.open_in(year)
    with_results = listed & age & (schools.opened < year - 1)
    # A few primary schools have no pupils at the end of the key stage, and their rows stop short.
    none = england.rng(2, year, 9).random(schools.count) < 0.012
    return listed, with_results & ~none


def _scores(
    pupils: Pupils, england: England, sites: np.ndarray, year: int, rng: np.random.Generator
) -> dict[str, Floats]:
    """Each pupil's standing in each subject, in pupil standard deviations, and value added."""
    teaching, _ = england.levels.at(year)
    subject = england.levels.subject[sites]
    shift = KS2_SHIFT[year]
    common = rng.normal(0, 0.47, len(pupils))
    out = {}
    girls_ahead = {"READ": 0.08, "MAT": -0.1, "WRIT": 0.2, "GPS": 0.12}
    for i, name in enumerate(("READ", "MAT", "WRIT", "GPS")):
        added = (
            teaching[sites][pupils.place]
            + subject[pupils.place, i]
            + common
            + rng.normal(0, 0.47, len(pupils))
            + np.where(pupils.boy, -1, 1) * girls_ahead[name]
            - 0.06 * pupils.disadvantaged
            + 0.12 * pupils.eal
        )
        out[f"{name}_ADDED"] = added
        out[name] = 0.72 * pupils.prior + added + shift[min(i, 2)]
    return out


def _write_year(
    england: England, year: int, before: dict[int, pl.DataFrame], path: Path
) -> pl.DataFrame:
    schools = england.register
    rng = england.rng(2, year, 2)
    listed, taking = _taking(england, year)
    sites = np.flatnonzero(taking)
    teaching_intake = england.levels.at(year)[1]
    counts = england.cohort(year, 2)[sites]
    special = schools.is_kind("special")[sites]
    pupils = drawing.draw(
        counts,
        boys=schools.boys[sites],
        disadvantage=schools.disadvantage[sites],
        eal=schools.eal[sites],
        special=special,
        intake=teaching_intake[sites],
        bands=(0.09, 0.66),
        rng=rng,
    )
    codes, las = np.unique(schools.la[sites], return_inverse=True)
    rows = Rows(len(sites), las.reshape(-1), len(codes))
    figures = _figures(pupils, _scores(pupils, england, sites, year, rng), rows, year)

    short = np.flatnonzero(listed & ~taking)
    identity = identify(england, year, np.concatenate([sites, short]), codes, stage=2)
    height = len(sites) + len(short) + len(codes) + 2
    # Rows in the file: schools by number, then authorities, then England twice (4 all, 5 state).
    blank = len(short)
    place = np.concatenate(
        [
            np.arange(len(sites)),
            np.full(blank, -1),
            np.arange(len(sites), rows.count),
            [rows.count - 1],
        ]
    )
    given = identity.ks2()
    columns = _columns(year)
    for name, series in figures.items():
        if name in columns:
            given[name] = history.spread(series, place)
    england_rows = np.arange(height) >= height - 2
    for name in ("READPROG", "WRITPROG", "MATPROG"):
        for part in ("", "_LOWER", "_UPPER", "_DESCR"):
            column = name + part
            if column in given:
                given[column] = history.put(given[column], england_rows, " ")
    marks = history.suffixed(columns, year, lambda past: f"_{(past + 1) % 100}")
    history.add(given, identity, before, year, marks)
    frame = table(columns, given, height)
    widths = np.full(height, len(columns))
    widths[len(sites) : len(sites) + blank] = SHORT_ROW
    order = identity.order()
    save(path, frame[order], encoding="utf-8-sig", widths=widths[order])
    return frame.with_columns(pl.Series("_site", identity.site_rows()))


def _columns(year: int) -> tuple[str, ...]:
    """The year's columns: two years of history by their suffix; without progress, fewer."""
    names = [n.format(0, (year) % 100, (year - 1) % 100) for n in layout("ks2")]
    if year in KS2_WITHOUT_PROGRESS:
        names = [
            n for n in names
            if not ("PROG" in n and not n[-2:].isdigit()) and not n.endswith("COV")
        ]  # fmt: skip
    return tuple(names)


def _figures(
    pupils: Pupils, score: dict[str, Floats], rows: Rows, year: int
) -> dict[str, pl.Series]:
    place = pupils.place
    groups = pupils.groups()
    number = {key: rows.total(place[where]) for key, where in groups.items()}
    whole = number["all"]
    school_row = np.arange(rows.count) < rows.schools
    tiny = school_row & (whole <= 5)
    out: dict[str, pl.Series] = {}

    def hidden(key: str) -> Flags:
        return tiny | (school_row & (number[key] > 0) & (number[key] <= 5))

    def count(name: str, key: str, share: str) -> None:
        out[name] = cells(number[key], hidden=tiny if key != "all" else None)
        if share:
            out[share] = cells(100 * number[key] / whole, suffix="%", hidden=tiny)

    count("TELIG", "all", "")
    count("BELIG", "boys", "PBELIG")
    count("GELIG", "girls", "PGELIG")
    count("TFSM6CLA1A", "disadvantaged", "PTFSM6CLA1A")
    count("TNotFSM6CLA1A", "others", "PTNotFSM6CLA1A")
    count("TEALGRP2", "eal", "PTEALGRP2")
    count("TMOBN", "stable", "PTMOBN")
    known = rows.total(place[pupils.band < 3])
    for letter, key in (("L", "low"), ("M", "middle"), ("H", "high")):
        out[f"TKS1GROUP_{letter}"] = cells(number[key], hidden=tiny)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(known > 0, 100 * number[key] / known, np.nan)
        out[f"PTKS1GROUP_{letter}"] = cells(share, suffix="%", hidden=tiny)
    out["TKS1GROUP_NA"] = cells(whole - known, hidden=tiny)
    out["PTKS1GROUP_NA"] = cells(100 * (whole - known) / whole, suffix="%", hidden=tiny)
    base = rows.mean(place, 16.2 + 2.9 * pupils.prior, pupils.band < 3)
    out["TKS1AVERAGE"] = cells(base, decimals=1, hidden=tiny)
    other_first = whole - number["eal"]
    out["TEALGRP1"] = cells(other_first, hidden=tiny)
    out["PTEALGRP1"] = cells(100 * other_first / whole, suffix="%", hidden=tiny)
    out["TEALGRP3"] = cells(0 * whole, hidden=tiny)
    out["PTEALGRP3"] = cells(0 * whole, suffix="%", hidden=tiny)
    plans, support = rows.total(place[pupils.sen == 2]), rows.total(place[pupils.sen == 1])
    for name, n in (("SENELE", plans), ("SENELK", support), ("SENELEK", plans + support)):
        out[f"T{name}"] = cells(n, hidden=tiny)
        out[f"P{name}"] = cells(100 * n / whole, suffix="%", hidden=tiny)

    scaled = {
        s: np.clip(np.round(mean + spread * score[s]), 80, 120)
        for s, (mean, spread, _) in SUBJECTS.items()
    }
    writing = score["WRIT"]
    passed = {s: value >= 100 for s, value in scaled.items()}
    high = {s: value >= 110 for s, value in scaled.items()}
    passed["WRITTA"], high["WRITTA"] = writing > -0.77, writing > 0.84
    passed["RWM"] = passed["READ"] & passed["MAT"] & passed["WRITTA"]
    high["RWM"] = high["READ"] & high["MAT"] & high["WRITTA"]

    for key, suffix in [("all", ""), *((group, s) for s, group in SUFFIX.items())]:
        where, cover = groups[key], hidden(key)
        for subject in passed:
            for level, flags in (("EXP", passed), ("HIGH", high)):
                share = 100 * rows.mean(place, flags[subject], where)
                out[f"PT{subject}_{level}{suffix}"] = cells(share, suffix="%", hidden=cover)
                if subject == "RWM" and key == "disadvantaged":
                    national = np.mean(100 * flags["RWM"][groups["others"]])
                    gap = np.round(share) - np.round(national)
                    gap[-1] = 0
                    out[f"DIFFN_RWM_{level}"] = cells(gap, hidden=cover)
        for subject, value in scaled.items():
            out[f"{subject}_AVERAGE{suffix}"] = cells(rows.mean(place, value, where), hidden=cover)
    if year not in KS2_WITHOUT_PROGRESS:
        _progress(out, pupils, score, rows, hidden)
    for subject in ("READ", "GPS", "MAT"):
        out[f"PT{subject}_AT"] = cells(0 * whole, suffix="%", hidden=tiny)
    behind = ~passed["WRITTA"] & (writing > -1.9)
    out["PTWRITTA_WTS"] = cells(
        100 * rows.mean(place, behind, groups["all"]), suffix="%", hidden=tiny
    )
    out["PTWRITTA_AD"] = cells(0 * whole, suffix="%", hidden=tiny)
    science = score["READ"] + score["MAT"] > -1.75
    out["PTSCITA_EXP"] = cells(
        100 * rows.mean(place, science, groups["all"]), suffix="%", hidden=tiny
    )
    out["PTSCITA_AD"] = cells(0 * whole, suffix="%", hidden=tiny)
    out["TPUPYEAR"] = cells(whole)
    return out


def _progress(
    out: dict[str, pl.Series], pupils: Pupils, score: dict[str, Floats], rows: Rows, hidden
) -> None:
    """Progress: value added against pupils with the same prior attainment, England at nought."""
    measured = pupils.band < 3
    cover_all = hidden("all")
    for name, sigma in PROGRESS.items():
        added = score[f"{name}_ADDED"]
        points = (added - added[measured].mean()) / added[measured].std() * sigma
        for key, suffix in [("all", ""), *((g, s) for s, g in SUFFIX.items())]:
            where = pupils.groups()[key] & measured
            n = rows.total(pupils.place[where])
            value = rows.mean(pupils.place, points, where)
            with np.errstate(divide="ignore"):
                margin = np.where(n > 0, 1.96 * sigma / np.sqrt(n), np.nan)
            cover = hidden(key) | ((np.arange(rows.count) < rows.schools) & (n > 0) & (n <= 5))
            stem = f"{name}PROG{suffix}"
            out[stem] = cells(value, decimals=1, hidden=cover)
            out[f"{stem}_LOWER"] = cells(value - margin, decimals=1, hidden=cover)
            out[f"{stem}_UPPER"] = cells(value + margin, decimals=1, hidden=cover)
            if key == "all":
                out[f"{name}COV"] = cells(
                    100 * n / rows.total(pupils.place), suffix="%", hidden=cover_all
                )
                out[f"{stem}_UNADJUSTED"] = out[stem]
                out[f"{stem}_DESCR"] = _described(value, margin, cover)
            if key == "disadvantaged":
                national = points[pupils.groups()["others"] & measured].mean()
                out[f"DIFFN_{name}PROG"] = cells(value - national, decimals=1, hidden=cover)


def _described(value: Floats, margin: Floats, cover: Flags) -> pl.Series:
    """1 well above average … 5 well below, as the publisher bands it."""
    above, below = value - margin > 0, value + margin < 0
    top, low = np.nanpercentile(value, 90), np.nanpercentile(value, 10)
    band = np.select(
        [above & (value >= top), above, below & (value <= low), below], [1, 2, 5, 4], 3
    ).astype(np.float64)
    band[np.isnan(value)] = np.nan
    return cells(band, hidden=cover, missing="NA")
