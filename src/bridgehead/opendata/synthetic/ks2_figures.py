"""What key stage 2 says of a school: pupils' results, added up by group."""

import numpy as np

from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.published import KS2_SHIFT, KS2_WITHOUT_PROGRESS
from bridgehead.opendata.synthetic.pupils import Pupils
from bridgehead.opendata.synthetic.sheet import Sheet
from bridgehead.opendata.synthetic.text import Flags, Floats, Ints, cells

#: subject: mean and spread of the scaled score in 2018/19
SCALED = {"READ": (104.6, 8.2), "MAT": (105.3, 7.3), "GPS": (106.3, 8.4)}
#: subject: standard deviation of one pupil's progress, in scaled-score points
PROGRESS = {"READ": 6.1, "WRIT": 5.4, "MAT": 5.5}
GIRLS_AHEAD = {"READ": 0.08, "MAT": -0.1, "WRIT": 0.2, "GPS": 0.12}
#: where the expected and the higher standard in writing lie, in pupil standard deviations
WRITING = (-0.77, 0.84)
#: suffix in the file → group of pupils
SUFFIX = {
    "": "all",
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


def fill(sheet: Sheet, england: England, sites: Ints, year: int, rng: np.random.Generator) -> None:
    """Fill every column that a key stage 2 table of this year has."""
    added = _added(sheet.pupils, england, sites, year, rng)
    shift = dict(zip(("READ", "MAT", "WRIT"), KS2_SHIFT[year], strict=True))
    standing = {
        subject: 0.72 * sheet.pupils.prior + value + shift.get(subject, shift["WRIT"])
        for subject, value in added.items()
    }
    _cohort(sheet)
    _attainment(sheet, standing)
    if year not in KS2_WITHOUT_PROGRESS:
        _progress(sheet, added)


def _added(
    pupils: Pupils, england: England, sites: Ints, year: int, rng: np.random.Generator
) -> dict[str, Floats]:
    """What each pupil gained beyond prior attainment, in pupil standard deviations."""
    teaching = england.levels.at(year)[0][sites][pupils.place]
    subject = england.levels.subject[sites]
    common = teaching + rng.normal(0, 0.47, len(pupils))
    common = common - 0.06 * pupils.disadvantaged + 0.12 * pupils.eal
    return {
        name: common
        + subject[pupils.place, i]
        + np.where(pupils.boy, -1, 1) * ahead
        + rng.normal(0, 0.47, len(pupils))
        for i, (name, ahead) in enumerate(GIRLS_AHEAD.items())
    }


def _cohort(sheet: Sheet) -> None:
    pupils, number = sheet.pupils, sheet.number
    whole = number["all"]
    sheet.out["TELIG"] = sheet.out["TPUPYEAR"] = cells(whole)
    for key, name, share in (
        ("boys", "BELIG", "PBELIG"),
        ("girls", "GELIG", "PGELIG"),
        ("disadvantaged", "TFSM6CLA1A", "PTFSM6CLA1A"),
        ("others", "TNotFSM6CLA1A", "PTNotFSM6CLA1A"),
        ("eal", "TEALGRP2", "PTEALGRP2"),
        ("stable", "TMOBN", "PTMOBN"),
    ):
        sheet.count(name, number[key], share)
    known = sheet.total(pupils.band < 3)
    for letter, key in (("L", "low"), ("M", "middle"), ("H", "high")):
        sheet.count(f"TKS1GROUP_{letter}", number[key], f"PTKS1GROUP_{letter}", of=known)
    sheet.count("TKS1GROUP_NA", whole - known, "PTKS1GROUP_NA")
    prior = sheet.mean(16.2 + 2.9 * pupils.prior, "all", among=pupils.band < 3)
    sheet.show("TKS1AVERAGE", prior, decimals=1)
    sheet.count("TEALGRP1", whole - number["eal"], "PTEALGRP1")
    sheet.count("TEALGRP3", 0 * whole, "PTEALGRP3")
    plans, support = sheet.total(pupils.sen == 2), sheet.total(pupils.sen == 1)
    sheet.count("TSENELE", plans, "PSENELE")
    sheet.count("TSENELK", support, "PSENELK")
    sheet.count("TSENELEK", plans + support, "PSENELEK")


def _attainment(sheet: Sheet, standing: dict[str, Floats]) -> None:
    scaled = {
        subject: np.clip(np.round(mean + spread * standing[subject]), 80, 120)
        for subject, (mean, spread) in SCALED.items()
    }
    writing = standing["WRIT"]
    passed: dict[str, Flags] = {s: v >= 100 for s, v in scaled.items()}
    higher: dict[str, Flags] = {s: v >= 110 for s, v in scaled.items()}
    passed["WRITTA"], higher["WRITTA"] = writing > WRITING[0], writing > WRITING[1]
    for level in (passed, higher):
        level["RWM"] = level["READ"] & level["MAT"] & level["WRITTA"]
    for suffix, key in SUFFIX.items():
        for word, level in (("EXP", passed), ("HIGH", higher)):
            for subject, flags in level.items():
                share = 100 * sheet.mean(flags, key)
                sheet.show(f"PT{subject}_{word}{suffix}", share, key, suffix="%")
        for subject, value in scaled.items():
            sheet.show(f"{subject}_AVERAGE{suffix}", sheet.mean(value, key), key)
    for word, level in (("EXP", passed), ("HIGH", higher)):
        _gap(sheet, f"DIFFN_RWM_{word}", 100 * level["RWM"].astype(np.float64))
    nobody = 0 * sheet.number["all"]
    for subject in ("READ", "GPS", "MAT"):
        sheet.show(f"PT{subject}_AT", nobody, suffix="%")
    behind = ~passed["WRITTA"] & (writing > -1.9)
    sheet.show("PTWRITTA_WTS", 100 * sheet.mean(behind, "all"), suffix="%")
    science = standing["READ"] + standing["MAT"] > -1.75
    sheet.show("PTSCITA_EXP", 100 * sheet.mean(science, "all"), suffix="%")
    sheet.show("PTWRITTA_AD", nobody, suffix="%")
    sheet.show("PTSCITA_AD", nobody, suffix="%")


def _gap(
    sheet: Sheet, name: str, value: Floats, *, decimals: int = 0, among: Flags | None = None
) -> None:
    """Disadvantaged pupils here less other pupils in England, of the figures as printed."""
    here = sheet.mean(value, "disadvantaged", among=among)
    gap = np.round(here, decimals) - round(sheet.national(value, "others", among=among), decimals)
    gap[-2:] = 0
    sheet.show(name, gap, "disadvantaged", decimals=decimals)


def _progress(sheet: Sheet, added: dict[str, Floats]) -> None:
    """Value added against pupils with the same prior attainment: England is at nought."""
    measured = sheet.pupils.band < 3
    for name, sigma in PROGRESS.items():
        gained = added[name]
        points = (gained - gained[measured].mean()) / gained[measured].std() * sigma
        for suffix, key in SUFFIX.items():
            n = sheet.total(sheet.groups[key] & measured)
            value = sheet.mean(points, key, among=measured)
            with np.errstate(divide="ignore"):
                margin = np.where(n > 0, 1.96 * sigma / np.sqrt(n), np.nan)
            stem = f"{name}PROG{suffix}"
            sheet.show(stem, value, key, number=n, decimals=1)
            sheet.show(f"{stem}_LOWER", value - margin, key, number=n, decimals=1)
            sheet.show(f"{stem}_UPPER", value + margin, key, number=n, decimals=1)
            if key == "all":
                sheet.count(f"{name}TOLD", n, f"{name}COV")
                sheet.out[f"{stem}_UNADJUSTED"] = sheet.out[stem]
                sheet.show(f"{stem}_DESCR", _described(value, margin), number=n)
        _gap(sheet, f"DIFFN_{name}PROG", points, decimals=1, among=measured)


def _described(value: Floats, margin: Floats) -> Floats:
    """1 well above average … 5 well below, as the publisher bands it; NaN without a figure."""
    above, below = value - margin > 0, value + margin < 0
    top, low = np.nanpercentile(value, 90), np.nanpercentile(value, 10)
    chosen = [above & (value >= top), above, below & (value <= low), below, np.isnan(value)]
    return np.select(chosen, [1, 2, 5, 4, np.nan], 3.0)
