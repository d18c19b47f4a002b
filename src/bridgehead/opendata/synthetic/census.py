"""The school census and absence, by school, in their publisher's layouts."""

from pathlib import Path

import numpy as np
import polars as pl

from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.published import ABSENCE_LEVEL, ABSENCE_YEARS, CENSUS_YEARS, span
from bridgehead.opendata.synthetic.register import Register
from bridgehead.opendata.synthetic.text import Floats, Ints, cells, layout, save, table

PHASES = {
    "PRI": "State-funded primary",
    "SEC": "State-funded secondary",
    "SPE": "State-funded special school",
}
_TYPES = {
    "special": "State-funded special school",
    "nursery": "State-funded nursery",
    "alternative provision": "Pupil referral unit",
    "independent": "Independent school",
    "secondary": "State-funded secondary",
    "all-through": "State-funded secondary",
    "middle": "State-funded secondary",
}


def school_types(schools: Register) -> list[str]:
    """The census's own word for each site's type."""
    return [_TYPES.get(kind, "State-funded primary") for kind in schools.kind]


def roll(england: England, year: int) -> Ints:
    """Pupils on roll of every site in one year."""
    schools = england.register
    years = np.maximum(1, schools.high_age - schools.low_age)
    swing = england.rng(6, 0, 1).normal(0, 0.006, schools.count) * (year - 2016)
    jitter = england.rng(6, year, 2).normal(0, 0.015, schools.count)
    pupils = np.round(schools.size * years * (1 + swing + jitter))
    return np.asarray(np.maximum(5, pupils), dtype=np.int64)


def write(england: England, folder: Path) -> list[Path]:
    """Write a census for every year and absence for the years that have it."""
    written = []
    for year in CENSUS_YEARS:
        path = folder / f"{span(year)}_england_census_synthetic.csv"
        _census(england, year, path)
        written.append(path)
    for year in ABSENCE_YEARS:
        path = folder / f"{span(year)}_england_abs_synthetic.csv"
        _absence(england, year, path)
        written.append(path)
    return written


def _census(england: England, year: int, path: Path) -> None:
    schools = england.register
    rng = england.rng(6, year, 3)
    sites = np.flatnonzero(schools.open_in(year) & ~schools.is_kind("16-18"))
    sites = sites[np.argsort(schools.urn_in(year)[sites])]
    n = roll(england, year)[sites]
    types = np.array(school_types(schools))[sites]
    special = np.isin(types, ["State-funded special school", "Pupil referral unit"])

    def some(share: Floats | float) -> Ints:
        return rng.binomial(n, np.clip(share, 0, 1))

    girls = some(1 - schools.boys[sites])
    plans = some(np.where(special, 0.97, 0.035))
    support = np.minimum(
        n - plans, some(np.where(special, 0.02, 0.1 + 0.15 * schools.disadvantage[sites]))
    )
    speaks = some(schools.eal[sites])
    unclassified = some(0.003)
    ever = some(schools.disadvantage[sites] * (0.9 + 0.012 * (year - 2016)))
    now = rng.binomial(ever, 0.72 + 0.015 * (year - 2016))
    counted = {
        "NOR": n, "NORG": girls, "NORB": n - girls, "TSENELSE": plans, "TSENELK": support,
        "NUMEAL": speaks, "NUMENGFL": np.maximum(0, n - speaks - unclassified),
        "NUMUNCFL": unclassified, "NUMFSM": now, "NUMFSMEVER": ever,
    }  # fmt: skip
    shares = {
        "PNORG": "NORG", "PNORB": "NORB", "PSENELSE": "TSENELSE", "PSENELK": "TSENELK",
        "PNUMEAL": "NUMEAL", "PNUMENGFL": "NUMENGFL", "PNUMUNCFL": "NUMUNCFL",
        "PNUMFSMEVER": "NUMFSMEVER",
    }  # fmt: skip
    totals = [[int(v[types == t].sum()) for t in PHASES.values()] for v in counted.values()]
    wide = {
        k: np.append(v, t).astype(np.float64)
        for (k, v), t in zip(counted.items(), totals, strict=True)
    }
    given: dict[str, pl.Series | str] = {k: cells(v) for k, v in wide.items()}
    with np.errstate(invalid="ignore", divide="ignore"):
        given |= {k: cells(100 * wide[v] / wide["NOR"], decimals=1) for k, v in shares.items()}
    tail = ["NAT"] * len(PHASES)
    given["URN"] = pl.Series([*map(str, schools.urn_in(year)[sites].tolist()), *tail])
    given["LA"] = pl.Series([*map(str, schools.la[sites].tolist()), *[""] * len(PHASES)])
    given["ESTAB"] = pl.Series([*map(str, schools.estab_in(year)[sites].tolist()), *PHASES])
    given["SCHOOLTYPE"] = pl.Series([*types.tolist(), *PHASES.values()])
    independent = np.append(types == "Independent school", [False] * len(PHASES))
    for name in layout("census")[13:]:
        held = given[name]
        assert isinstance(held, pl.Series)
        given[name] = held.set(pl.Series(independent), "NA")
    save(path, table(layout("census"), given, len(independent)), encoding="utf-8-sig", newline="\n")


def _absence(england: England, year: int, path: Path) -> None:
    """Overall and persistent absence. More stable than attainment, and bound to disadvantage."""
    schools = england.register
    rng = england.rng(7, year, 1)
    types = np.array(school_types(schools))
    taking = schools.open_in(year) & schools.state & (schools.opened < year)
    taking &= ~schools.is_kind("nursery", "16-18")
    sites = np.flatnonzero(taking)
    sites = sites[np.lexsort((schools.estab_in(year)[sites], schools.la[sites]))]
    pupils = roll(england, year)[sites]
    persistent, overall = _rates(england, year, sites)
    hit = rng.binomial(pupils, persistent)
    share = 100 * hit / pupils
    rate = overall + rng.normal(0, 1.6, len(sites)) / np.sqrt(pupils)
    england_rows = []
    for word in PHASES.values():
        of = types[sites] == word
        held = pupils[of]
        england_rows.append(
            (np.average(rate[of], weights=held), 100 * hit[of].sum() / held.sum())
            if of.any()
            else (np.nan, np.nan)
        )
    ends = np.array(england_rows).T
    given: dict[str, pl.Series | str] = {
        "LA": pl.Series([*map(str, schools.la[sites].tolist()), *["NAT"] * len(PHASES)]),
        "ESTAB": pl.Series([*map(str, schools.estab_in(year)[sites].tolist()), *PHASES]),
        "URN": pl.Series([*map(str, schools.urn_in(year)[sites].tolist()), *[""] * len(PHASES)]),
        "PERCTOT": cells(np.append(rate, ends[0]), decimals=1),
        "PPERSABS10": cells(np.append(share, ends[1]), decimals=1),
    }
    newline = "\n" if year == 2018 else "\r\n"
    save(
        path, table(layout("absence"), given, len(sites) + 3), encoding="utf-8-sig", newline=newline
    )


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
