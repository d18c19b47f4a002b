"""The school census, by school, in its publisher's layout."""

from pathlib import Path

import numpy as np
import polars as pl

from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.published import CENSUS_YEARS, span
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
    """Write a census for every year."""
    written = []
    for year in CENSUS_YEARS:
        path = folder / f"{span(year)}_england_census_synthetic.csv"
        _census(england, year, path)
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
