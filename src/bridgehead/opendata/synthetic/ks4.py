"""Key stage 4 performance tables in their publisher's layout."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from bridgehead.opendata.synthetic import history
from bridgehead.opendata.synthetic import pupils as drawing
from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.identity import identify
from bridgehead.opendata.synthetic.published import (
    KS4_SHIFT,
    KS4_WITHOUT_PROGRESS,
    KS4_YEARS,
    span,
    status,
)
from bridgehead.opendata.synthetic.pupils import Pupils, Rows
from bridgehead.opendata.synthetic.text import Flags, Floats, Ints, cells, layout, save, table

SIGMA = 1.25  # of one pupil's Progress 8
SUFFIX = {
    "_FSM6CLA1A": "disadvantaged",
    "_NFSM6CLA1A": "others",
    "_LO": "low",
    "_AV": "middle",
    "_HI": "high",
    "_EAL": "eal",
    "_GIRLS": "girls",
    "_BOYS": "boys",
    "_NMOB": "stable",
}
#: element: share of Attainment 8, highest score of a pupil
ELEMENTS = {"ENG": (0.212, 18), "MAT": (0.195, 18), "EBAC": (0.29, 27), "OPEN": (0.303, 27)}
BASICS = {
    "": ("PTL2BASICS_{}", "all"),
    "FSM": ("PTFSM6CLA1ABASICS_{}", "disadvantaged"),
    "NOTFSM": ("PTNOTFSM6CLA1ABASICS_{}", "others"),
    "LO": ("PTBASICSLO_{}", "low"),
    "AV": ("PTBASICSAV_{}", "middle"),
    "HI": ("PTBASICSHI_{}", "high"),
    "B": ("PBL2BASICS_{}", "boys"),
    "G": ("PGL2BASICS_{}", "girls"),
    "EAL": ("PTL2BASICSEAL_{}", "eal"),
    "NMOB": ("PTL2BASICSNMOB_{}", "stable"),
}
EBACC = {
    "": ("PTEBACC_{}", "all"),
    "FSM": ("PTEBACC_{}_FSM6CLA1A", "disadvantaged"),
    "NFSM": ("PTEBACC_{}_NFSM6CLA1A", "others"),
    "LO": ("PTEBACCLO_{}", "low"),
    "AV": ("PTEBACCAV_{}", "middle"),
    "HI": ("PTEBACCHI_{}", "high"),
    "B": ("PBEBACC_{}", "boys"),
    "G": ("PGEBACC_{}", "girls"),
}
SHORT_ROW = 27


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
    """How this year's file marks its history columns: ``_18``, or ``_PREV`` and ``_PREV2``."""
    if year >= 2024:
        return lambda past: "_PREV" if past == year - 1 else "_PREV2"
    return lambda past: f"_{(past + 1) % 100}"


def _columns(year: int) -> tuple[str, ...]:
    """The year's columns. ``_PREV`` always ends a name; a year's number may stand inside it."""
    mark = _mark(year)
    names = []
    for name in layout("ks4"):
        for back in (1, 2):
            place, to = f"_{{{back}}}", mark(year - back)
            if place in name:
                name = name.replace(place, "") + to if "PREV" in to else name.replace(place, to)
        names.append(name)
    return tuple(names)


def _write_year(
    england: England, year: int, before: dict[int, pl.DataFrame], path: Path
) -> pl.DataFrame:
    schools = england.register
    rng = england.rng(4, year, 2)
    listed = (schools.high_age >= 16) & (schools.low_age < 16) & schools.open_in(year)
    fresh = listed & (schools.opened >= year - 3)
    sites, blank = np.flatnonzero(listed & ~fresh), np.flatnonzero(fresh)
    special = schools.is_kind("special", "alternative provision")[sites]
    pupils = drawing.draw(
        england.cohort(year, 4)[sites],
        boys=schools.boys[sites],
        disadvantage=schools.disadvantage[sites],
        eal=schools.eal[sites],
        special=special,
        intake=england.levels.at(year)[1][sites],
        bands=(0.12, 0.57),
        rng=rng,
    )
    codes, las = np.unique(schools.la[sites], return_inverse=True)
    rows = Rows(len(sites), las.reshape(-1), len(codes))
    independent = schools.is_kind("independent")[sites]
    figures = _figures(pupils, england, sites, rows, year, independent, rng)

    identity = identify(england, year, np.concatenate([sites, blank]), codes, stage=4)
    height, first = len(identity.rectype), len(sites)
    empty = np.full(len(blank), -1)
    # England is written twice: row 5 holds every school, row 7 the state-funded ones.
    tail = [rows.count, rows.count - 1]
    place = np.concatenate([np.arange(first), empty, np.arange(first, rows.count - 1), tail])
    given = identity.ks4()
    columns = _columns(year)
    for name, series in figures.items():
        if name in columns:
            given[name] = history.spread(series, place)
    history.add(given, identity, before, year, history.suffixed(columns, year, _mark(year)))
    frame = table(columns, given, height)
    widths = np.full(height, len(columns))
    # Half of the rows are one field short, as in the real files: those without a P8 banding.
    widths[:first:2] = len(columns) - 1
    widths[first : first + len(blank)] = SHORT_ROW
    order = identity.order()
    save(path, frame[order], encoding="utf-8-sig", widths=widths[order])
    return frame.with_columns(pl.Series("_site", identity.site_rows()))


def _figures(
    pupils: Pupils,
    england: England,
    sites: Ints,
    rows: Rows,
    year: int,
    independent: Flags,
    rng: np.random.Generator,
) -> dict[str, pl.Series]:
    teaching = england.levels.at(year)[0][sites]
    place, n = pupils.place, len(pupils)
    state = ~independent[place]
    girls = np.where(pupils.boy, -0.09, 0.09)
    common = 0.8 * teaching[place] + girls - 0.16 * pupils.disadvantaged + 0.2 * pupils.eal
    added = common + rng.normal(0, 0.66, n)
    # GCSEs that independent schools enter do not count, so their Attainment 8 is low or nothing.
    worth = np.where(independent[place], 0.35, 1.0)
    score = np.clip(45.6 + KS4_SHIFT[year] + 18.5 * (0.68 * pupils.prior + added), 0, 88) * worth
    base = added[state].mean() if n else 0.0
    progress = np.clip((added - base) / 0.72 * SIGMA, -4, 4)
    groups = pupils.groups()
    measured = (pupils.band < 3) & state

    out: dict[str, pl.Series] = {}
    school_row = np.arange(rows.count + 1) < rows.schools
    alone = np.concatenate([independent, np.zeros(rows.count + 1 - rows.schools, dtype=bool)])

    def both(value: Floats, where: Flags) -> Floats:
        """Schools, authorities and England over state-funded schools, then over every school."""
        own = rows.mean(place, value, where)
        own[rows.schools :] = rows.mean(place, value, where & state)[rows.schools :]
        everyone = value[where].mean() if where.any() else np.nan
        return np.append(own, everyone)

    def count(where: Flags) -> Floats:
        own = rows.total(place[where])
        own[rows.schools :] = rows.total(place[where & state])[rows.schools :]
        return np.append(own, where.sum())

    number = {key: count(where) for key, where in groups.items()}
    whole = number["all"]

    def cover(key: str) -> Flags:
        return school_row & (number[key] > 0) & (number[key] <= 5)

    def show(name: str, value: Floats, key: str, **how: int | str) -> None:
        """``NE`` where the group is empty, ``NP`` for an independent school's groups."""
        text = cells(value, hidden=cover(key), missing="NE", **how)  # type: ignore[arg-type]
        out[name] = history.put(text, alone, "NP") if key != "all" else text

    out["TPUP"] = cells(whole)
    for key, counted, share in (
        ("boys", "BPUP", "PBPUP"),
        ("girls", "GPUP", "PGPUP"),
        ("low", "TPRIORLO", "PTPRIORLO"),
        ("middle", "TPRIORAV", "PTPRIORAV"),
        ("high", "TPRIORHI", "PTPRIORHI"),
        ("disadvantaged", "TFSM6CLA1A", "PTFSM6CLA1A"),
        ("others", "TNOTFSM6CLA1A", "PTNOTFSM6CLA1A"),
        ("eal", "TEALGRP2", "PTEALGRP2"),
        ("stable", "TNMOB", "PTNMOB"),
    ):
        tiny = school_row & (whole <= 5)
        out[counted] = history.put(cells(number[key], hidden=tiny), alone, "NP")
        out[share] = history.put(
            cells(100 * number[key] / whole, suffix="%", hidden=tiny), alone, "NP"
        )
    out["KS2APS"] = history.put(
        cells(both(28.6 + 3.6 * pupils.prior, measured), decimals=1, hidden=cover("all")),
        alone,
        "NP",
    )
    for name, level in (("SENSE4", 2), ("SENAPK4", 1)):
        some = count(pupils.sen == level)
        out[name] = cells(some)
        out[f"P{name}"] = cells(100 * some / whole, suffix="%")

    for suffix, key in {"": "all", **SUFFIX}.items():
        where = groups[key]
        show(f"ATT8SCR{suffix}", both(score, where), key, decimals=1)
        for element, (part, most) in ELEMENTS.items():
            value = np.minimum(score * part, most)
            if f"ATT8SCR{element}{suffix}" in layout("ks4"):
                show(f"ATT8SCR{element}{suffix}", both(value, where), key, decimals=1)
        show(f"EBACCAPS{suffix}", both(score * 0.087, where), key, decimals=2)
        if key == "disadvantaged":
            national = score[groups["others"] & state].mean()
            show("DIFFN_ATT8", both(score, where) - national, key, decimals=1)
    points = 0.097 * score + rng.normal(0, 0.85, (2, n))  # English and maths grades
    for grade in (4, 5):
        both_passed = (points[0] >= grade - 0.65) & (points[1] >= grade - 0.25)
        for template, key in BASICS.values():
            show(
                template.format(f"9{grade}"), 100 * both(both_passed, groups[key]), key, suffix="%"
            )
        entered = rng.random(n) < np.clip(0.08 + 0.0068 * score, 0, 0.8)
        passed = both_passed & entered & (score > 42 + 3 * grade)
        for template, key in EBACC.values():
            show(template.format(f"9{grade}"), 100 * both(passed, groups[key]), key, suffix="%")
        if grade == 4:
            for name, key in (
                ("PTEBACC_E_PTQ_EE", "all"),
                ("PTEBACC_EFSM6CLA1A_PTQ_EE", "disadvantaged"),
                ("PTEBACC_ENFSM6CLA1A_PTQ_EE", "others"),
            ):
                show(name, 100 * both(entered, groups[key]), key, suffix="%")
    _progress(out, both, count, progress, groups, measured, state, school_row, alone, year)
    return out


def _progress(
    out: dict[str, pl.Series],
    both: Callable[[Floats, Flags], Floats],
    count: Callable[[Flags], Floats],
    progress: Floats,
    groups: dict[str, Flags],
    measured: Flags,
    state: Flags,
    school_row: Flags,
    alone: Flags,
    year: int,
) -> None:
    """Progress 8, or ``NP`` in the years for which none was worked out."""
    for suffix, key in {"": "all", **SUFFIX}.items():
        where = groups[key] & measured
        n, value = count(where), both(progress, where)
        with np.errstate(divide="ignore"):
            margin = np.where(n > 0, 1.96 * SIGMA / np.sqrt(n), np.nan)
        hidden = school_row & (n > 0) & (n <= 5)
        made = {
            f"P8PUP{suffix}": cells(n, hidden=hidden),
            f"P8MEA{suffix}": cells(value, decimals=2, hidden=hidden, missing="NE"),
            f"P8CILOW{suffix}": cells(value - margin, decimals=2, hidden=hidden, missing="NE"),
            f"P8CIUPP{suffix}": cells(value + margin, decimals=2, hidden=hidden, missing="NE"),
        }
        if key == "all":
            share = 100 * n / np.maximum(1, count(groups["all"]))
            made["P8MEACOV"] = cells(share, suffix="%", hidden=hidden)
            band = np.select([value > 0.5, value - margin > 0, value < -0.5, value + margin < 0],
                             [1, 2, 5, 4], 3).astype(np.float64)  # fmt: skip
            made["P8_BANDING"] = cells(band, hidden=hidden)
        if key == "disadvantaged":
            national = progress[groups["others"] & measured].mean()
            made["DIFFN_P8MEA"] = cells(value - national, decimals=2, hidden=hidden, missing="NE")
        none = np.ones(len(alone), dtype=bool) if year in KS4_WITHOUT_PROGRESS else alone
        out.update({name: history.put(series, none, "NP") for name, series in made.items()})
