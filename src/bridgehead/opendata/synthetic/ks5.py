"""16 to 18 performance tables in their publisher's layout."""

from pathlib import Path

import numpy as np
import polars as pl

from bridgehead.opendata.synthetic import history
from bridgehead.opendata.synthetic import pupils as drawing
from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.identity import identify
from bridgehead.opendata.synthetic.published import KS5_YEARS, span, status
from bridgehead.opendata.synthetic.pupils import Pupils, Rows
from bridgehead.opendata.synthetic.text import Flags, Floats, cells, layout, save, table

SHORT_ROW = 31
#: average points per entry → the grade that the table prints beside it
GRADES = (
    (8, "E-"), (10, "E"), (13, "E+"), (17, "D-"), (20, "D"), (23, "D+"), (27, "C-"), (30, "C"),
    (33, "C+"), (37, "B-"), (40, "B"), (43, "B+"), (47, "A-"), (50, "A"), (99, "A*"),
)  # fmt: skip


def write(england: England, folder: Path) -> list[Path]:
    """Write one file a year."""
    written = []
    for year in KS5_YEARS:
        path = folder / f"{span(year)}_england_ks5{status(year)}_synthetic.csv"
        _write_year(england, year, path)
        written.append(path)
    return written


def _write_year(england: England, year: int, path: Path) -> None:
    schools = england.register
    listed = schools.sixth_form & schools.open_in(year)
    fresh = listed & (schools.opened >= year - 3)
    sites, blank = np.flatnonzero(listed & ~fresh), np.flatnonzero(fresh)
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
    rows = Rows(len(sites), las.reshape(-1), len(codes))
    teaching = england.levels.at(year)[0][sites]
    state = ~schools.is_kind("independent")[sites][pupils.place]
    figures = _figures(pupils, teaching, rows, state, rng)

    identity = identify(england, year, np.concatenate([sites, blank]), codes, stage=5)
    height, first = len(identity.rectype), len(sites)
    tail = [rows.count, rows.count - 1]
    place = np.concatenate(
        [np.arange(first), np.full(len(blank), -1), np.arange(first, rows.count - 1), tail]
    )
    columns = tuple(
        n.format(0, *(f"{(year + 1 - back) % 100:02d}" for back in (1, 2, 3)))
        for n in layout("ks5")
    )
    given = identity.ks5()
    roll = schools.size[identity.sites] * 1.1
    given["TPUP1618"] = pl.concat(
        [cells(roll), pl.Series([" "] * (height - len(identity.sites)), dtype=pl.String)]
    )
    given.update({n: history.spread(s, place) for n, s in figures.items() if n in columns})
    # Nearly every row of the publisher's 2022/23 table is two fields short.
    widths = np.full(height, len(columns) - (2 if year == 2022 else 0))
    widths[first : first + len(blank)] = SHORT_ROW
    order = identity.order()
    save(path, table(columns, given, height)[order], encoding="utf-8-sig", widths=widths[order])


def _figures(
    pupils: Pupils, teaching: Floats, rows: Rows, state: Flags, rng: np.random.Generator
) -> dict[str, pl.Series]:
    n, place = len(pupils), pupils.place
    academic = rng.random(n) < np.clip(0.55 + 0.15 * pupils.prior, 0.05, 0.95)
    ability = 0.55 * pupils.prior + 0.7 * teaching[place] + rng.normal(0, 0.8, n)
    points = {
        "ALEV": np.clip(33.5 + 10 * ability, 0, 60),
        "AGEN": np.clip(29.0 + 7 * ability, 0, 50),
    }
    points["ACAD"] = points["ALEV"]
    taking = {"ALEV": academic, "ACAD": academic, "AGEN": ~academic}
    school_row = np.arange(rows.count + 1) < rows.schools
    groups = {
        "": pupils.groups()["all"],
        "_DIS": pupils.disadvantaged,
        "_NOTDIS": ~pupils.disadvantaged,
    }
    out: dict[str, pl.Series] = {}

    def over(value: Floats | Flags, where: Flags) -> Floats:
        own = rows.mean(place, value, where)
        own[rows.schools :] = rows.mean(place, value, where & state)[rows.schools :]
        return np.append(own, value[where].mean() if where.any() else np.nan)

    def count(where: Flags) -> Floats:
        own = rows.total(place[where])
        own[rows.schools :] = rows.total(place[where & state])[rows.schools :]
        return np.append(own, where.sum())

    for suffix, group in groups.items():
        out[f"TALLPUP_1618{suffix}"] = cells(count(group))
        for kind, took in taking.items():
            where = took & group
            number = count(where)
            hidden = school_row & (number > 0) & (number <= 5)
            years = "" if kind == "AGEN" else "_1618"
            value = over(points[kind], where)
            # The table leaves out "_1618" from the grade of a group.
            letter = f"TALLPPEGRD_{kind}" + (suffix or years)
            shown = np.where(number == 0, np.nan, number)
            out[f"TALLPUP_{kind}{years}{suffix}"] = cells(
                shown, missing="NE", hidden=hidden if suffix else None
            )
            out[f"TALLPPE_{kind}{years}{suffix}"] = cells(
                value, decimals=2, hidden=hidden, missing="NE"
            )
            if kind != "AGEN":
                out[letter] = _graded(value, hidden)
            stayed = rng.random(n) < 0.93 + 0.02 * pupils.prior
            out[f"T_InScope_{kind}_Ret{suffix}"] = cells(shown, missing="NE")
            out[f"PT_Retained_{kind}_Ret{suffix}"] = cells(
                100 * over(stayed, where), decimals=1, suffix="%", fixed=True,
                hidden=hidden, missing="NE",
            )  # fmt: skip
    best = academic & (pupils.prior > -0.5)
    number = count(best)
    hidden = school_row & (number > 0) & (number <= 5)
    value = over(points["ALEV"] + 0.6, best)
    out["TINCLUDE_B3"] = out["TINCLUDE_AAB_2FAC"] = cells(number)
    out["TB3PTSE"] = cells(value, decimals=2, hidden=hidden, missing="NE")
    out["TB3PTSE_GRD"] = _graded(value, hidden)
    top = points["ALEV"] > 45
    out["PTAAB_2FAC"] = cells(
        100 * over(top, best), decimals=1, suffix="%", fixed=True, hidden=hidden, missing="NE"
    )
    return out


def _graded(value: Floats, hidden: Flags) -> pl.Series:
    """The letter beside an average of points per entry."""
    edges = np.array([edge for edge, _ in GRADES[:-1]], dtype=np.float64)
    letters = [letter for _, letter in GRADES]
    words = [letters[i] for i in np.searchsorted(edges, np.nan_to_num(value), side="right")]
    return pl.Series(
        [
            "SUPP" if h else "NE" if np.isnan(v) else w
            for w, v, h in zip(words, value.tolist(), hidden.tolist(), strict=True)
        ],
        dtype=pl.String,
    )
