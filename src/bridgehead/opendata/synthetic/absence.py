"""Absence by school: in the older layout, and the newest year in today's, as the publisher does.

Today's layout is a row for each school and one for each phase in England, with pupils enrolled.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from bridgehead.opendata.synthetic.census import PHASES, roll, school_types
from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.published import ABSENCE_LEVEL, ABSENCE_YEARS, span
from bridgehead.opendata.synthetic.text import Floats, Ints, cells, layout, save, table

#: Sessions in a school year, of which each pupil has two a day.
SESSIONS = 380
#: Of the persistently absent, the share that misses half of its sessions or more.
SEVERE = 0.11


@dataclass(frozen=True, slots=True)
class _Absent:
    """One year: sites in the order of the file, then England by phase. ``overall`` is in per cent,
    the others count pupils."""

    sites: Ints
    types: list[str]
    pupils: Floats
    overall: Floats
    persistent: Floats
    severe: Floats


def write(england: England, folder: Path) -> list[Path]:
    """Write absence for the years that have it."""
    written = []
    for year in ABSENCE_YEARS:
        drawn = _drawn(england, year)
        if year == ABSENCE_YEARS[-1]:
            path = folder / f"absence_school_{span(year)}_synthetic.csv"
            _todays(england, year, drawn, path)
        else:
            path = folder / f"{span(year)}_england_abs_synthetic.csv"
            _older(england, year, drawn, path)
        written.append(path)
    return written


def _drawn(england: England, year: int) -> _Absent:
    """Overall and persistent absence. More stable than attainment, and bound to disadvantage."""
    schools = england.register
    rng = england.rng(7, year, 1)
    words = np.array(school_types(schools))
    taking = schools.open_in(year) & schools.state & (schools.opened < year)
    taking &= ~schools.is_kind("nursery", "16-18")
    sites = np.flatnonzero(taking)
    sites = sites[np.lexsort((schools.estab_in(year)[sites], schools.la[sites]))]
    pupils = roll(england, year)[sites]
    share, level = _rates(england, year, sites)
    persistent = rng.binomial(pupils, share)
    overall = level + rng.normal(0, 1.6, len(sites)) / np.sqrt(pupils)
    severe = rng.binomial(persistent, SEVERE)
    types = words[sites]
    phases = [types == word for word in PHASES.values()]

    def with_england(counted: Ints) -> Floats:
        return np.append(counted, [counted[of].sum() for of in phases]).astype(np.float64)

    means = [np.average(overall[of], weights=pupils[of]) if of.any() else np.nan for of in phases]
    return _Absent(
        sites,
        types.tolist(),
        with_england(pupils),
        np.append(overall, means),
        with_england(persistent),
        with_england(severe),
    )


def _of(counted: Floats, drawn: _Absent) -> Floats:
    """Pupils as a percentage; NaN where there are none."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(drawn.pupils > 0, 100 * counted / drawn.pupils, np.nan)


def _older(england: England, year: int, drawn: _Absent, path: Path) -> None:
    schools, sites = england.register, drawn.sites
    given: dict[str, pl.Series | str] = {
        "LA": pl.Series([*map(str, schools.la[sites].tolist()), *["NAT"] * len(PHASES)]),
        "ESTAB": pl.Series([*map(str, schools.estab_in(year)[sites].tolist()), *PHASES]),
        "URN": pl.Series([*map(str, schools.urn_in(year)[sites].tolist()), *[""] * len(PHASES)]),
        "PERCTOT": cells(drawn.overall, decimals=1),
        "PPERSABS10": cells(_of(drawn.persistent, drawn), decimals=1),
    }
    newline = "\n" if year == 2018 else "\r\n"
    frame = table(layout("absence"), given, len(drawn.pupils))
    save(path, frame, encoding="utf-8-sig", newline=newline)


def _todays(england: England, year: int, drawn: _Absent, path: Path) -> None:
    """Figures with four decimals, and ``x`` for the reasons of absence, which nobody draws."""
    schools, sites = england.register, drawn.sites
    las, estabs = schools.la[sites], schools.estab_in(year)[sites]
    nobody, names = [""] * len(PHASES), schools.la_names
    possible = SESSIONS * drawn.pupils
    national = ["National"] * len(PHASES)
    given: dict[str, pl.Series | str] = dict.fromkeys(
        (name for name in layout("absence_tidy") if name.startswith("sess_")), "x"
    )
    given |= {
        "time_period": f"{year}{(year + 1) % 100:02}",
        "time_identifier": "Academic year",
        "geographic_level": pl.Series([*["School"] * len(sites), *national]),
        "country_code": "E92000001",
        "country_name": "England",
        "old_la_code": pl.Series([*map(str, las.tolist()), *nobody]),
        "la_name": pl.Series([*(names[la] for la in las.tolist()), *nobody]),
        "education_phase": pl.Series([*drawn.types, *PHASES.values()]),
        "school_name": pl.Series([*(schools.name[site] for site in sites.tolist()), *nobody]),
        "school_laestab": pl.Series([*map(str, (las * 10_000 + estabs).tolist()), *nobody]),
        "school_urn": pl.Series([*map(str, schools.urn_in(year)[sites].tolist()), *nobody]),
        "enrolments": cells(drawn.pupils),
        "sess_possible": cells(possible),
        "sess_overall": cells(possible * drawn.overall / 100),
        "sess_overall_percent": cells(drawn.overall, decimals=4),
        "enrolments_pa_10_exact": cells(drawn.persistent),
        "enrolments_pa_10_exact_percent": cells(_of(drawn.persistent, drawn), decimals=4),
        "enrolments_pa_50_exact": cells(drawn.severe),
        "enrolments_pa_50_exact_percent": cells(_of(drawn.severe, drawn), decimals=4),
    }
    frame = table(layout("absence_tidy"), given, len(drawn.pupils))
    save(path, frame, encoding="utf-8-sig")


def _rates(england: England, year: int, sites: Ints) -> tuple[Floats, Floats]:
    """The chance that a pupil is persistently absent, and the overall rate in per cent."""
    schools = england.register
    level = ABSENCE_LEVEL[year]
    base = np.where(schools.is_kind("secondary", "all-through"), -2.0, -2.62)
    base = np.where(schools.is_kind("special"), -1.1, base)
    base = np.where(schools.is_kind("alternative provision"), 1.0, base)
    logit = (
        base[sites]
        + 2.8 * (schools.disadvantage[sites] - 0.25)
        + england.levels.attendance[sites, year - 2016]
        + 1.75 * np.log(level)
    )
    persistent = 1 / (1 + np.exp(-logit))
    overall = 1.9 + 24 * persistent + 8 * persistent**2
    return persistent, overall
