"""What key stage 4 says of a school: pupils' results, added up by group."""

import numpy as np

from bridgehead.opendata.synthetic.published import KS4_SHIFT, KS4_WITHOUT_PROGRESS
from bridgehead.opendata.synthetic.sheet import Sheet
from bridgehead.opendata.synthetic.text import Flags, Floats, cells, layout

SIGMA = 1.25  # standard deviation of one pupil's Progress 8
#: What independent schools enter often does not count, so that their Attainment 8 is low.
WORTH_OF_INDEPENDENT = 0.35
#: suffix in the file → group of pupils
SUFFIX = {
    "": "all",
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
#: element: share of Attainment 8, most points that a pupil can have in it
ELEMENTS = {"ENG": (0.212, 18), "MAT": (0.195, 18), "EBAC": (0.29, 27), "OPEN": (0.303, 27)}
#: column (``{}`` is 94 or 95) → group: English and maths at grade 4 or 5
BASICS = {
    "PTL2BASICS_{}": "all",
    "PTFSM6CLA1ABASICS_{}": "disadvantaged",
    "PTNOTFSM6CLA1ABASICS_{}": "others",
    "PTBASICSLO_{}": "low",
    "PTBASICSAV_{}": "middle",
    "PTBASICSHI_{}": "high",
    "PBL2BASICS_{}": "boys",
    "PGL2BASICS_{}": "girls",
    "PTL2BASICSEAL_{}": "eal",
    "PTL2BASICSNMOB_{}": "stable",
}
#: column → group: the English Baccalaureate at grade 4 or 5
EBACC = {
    "PTEBACC_{}": "all",
    "PTEBACC_{}_FSM6CLA1A": "disadvantaged",
    "PTEBACC_{}_NFSM6CLA1A": "others",
    "PTEBACCLO_{}": "low",
    "PTEBACCAV_{}": "middle",
    "PTEBACCHI_{}": "high",
    "PBEBACC_{}": "boys",
    "PGEBACC_{}": "girls",
    "PTEBACCEAL_{}": "eal",
    "PTEBACCNMOB_{}": "stable",
}
#: column → share of pupils who enter it apart from the English Baccalaureate
SUBJECT_ENTRY = {
    "PTEBACENG_E_PTQ_EE": 0.94,
    "PTEBACMAT_E_PTQ_EE": 0.95,
    "PTEBAC2SCI_E_PTQ_EE": 0.93,
    "PTEBACHUM_E_PTQ_EE": 0.7,
    "PTEBACLAN_E_PTQ_EE": 0.1,
    "PTtripleSci_E": 0.25,
    "PTmultiLan_E": 0.03,
}
#: What entry for the English Baccalaureate does not bring with it.
ALONE = ("PTtripleSci_E", "PTmultiLan_E")
#: column → group: entered for the English Baccalaureate
ENTERED = {
    "PTEBACC_E_PTQ_EE": "all",
    "PTEBACC_EFSM6CLA1A_PTQ_EE": "disadvantaged",
    "PTEBACC_ENFSM6CLA1A_PTQ_EE": "others",
    "PTEBACC_ELO_PTQ_EE": "low",
    "PTEBACC_EAV_PTQ_EE": "middle",
    "PTEBACC_EHI_PTQ_EE": "high",
    "PBEBACC_E_PTQ_EE": "boys",
    "PGEBACC_E_PTQ_EE": "girls",
    "PTEBACC_EEAL_PTQ_EE": "eal",
    "PTEBACC_ENMOB_PTQ_EE": "stable",
}


def fill(sheet: Sheet, teaching: Floats, year: int, rng: np.random.Generator) -> None:
    """Fill every column that a key stage 4 table of this year has. ``teaching`` is by school."""
    pupils = sheet.pupils
    n = len(pupils)
    girls = np.where(pupils.boy, -0.09, 0.09)
    added = (
        0.8 * teaching[pupils.place]
        + girls
        - 0.16 * pupils.disadvantaged
        + 0.2 * pupils.eal
        + rng.normal(0, 0.66, n)
    )
    worth = np.where(sheet.counted, 1.0, WORTH_OF_INDEPENDENT)
    score = np.clip(46.9 + KS4_SHIFT[year] + 18.5 * (0.68 * pupils.prior + added), 0, 88) * worth
    _cohort(sheet)
    _attainment(sheet, score)
    _thresholds(sheet, score, rng)
    _progress(sheet, added, rng, exists=year not in KS4_WITHOUT_PROGRESS)


def _cohort(sheet: Sheet) -> None:
    pupils, number = sheet.pupils, sheet.number
    for key, name, share in (
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
        sheet.count(name, number[key], share)
    sheet.out["TPUP"] = cells(number["all"])
    sheet.count("TEALGRP1", number["all"] - number["eal"], "PTEALGRP1")
    plans, support = sheet.total(pupils.sen == 2), sheet.total(pupils.sen == 1)
    sheet.count("SENSE4", plans, "PSENSE4")
    sheet.count("SENAPK4", support, "PSENAPK4")
    sheet.count("SEN_ALL", plans + support, "PSEN_ALL")
    prior = sheet.mean(28.6 + 3.6 * pupils.prior, "all", among=pupils.band < 3)
    sheet.show("KS2APS", prior, decimals=1)
    sheet.out["KS2APS"] = sheet.withheld(sheet.out["KS2APS"])


def _attainment(sheet: Sheet, score: Floats) -> None:
    for suffix, key in SUFFIX.items():
        sheet.show(f"ATT8SCR{suffix}", sheet.mean(score, key), key, decimals=1)
        sheet.show(f"EBACCAPS{suffix}", sheet.mean(score * 0.087, key), key, decimals=2)
        for element, (part, most) in ELEMENTS.items():
            column = f"ATT8SCR{element}{suffix}"
            if column in layout("ks4"):
                value = sheet.mean(np.minimum(score * part, most), key)
                sheet.show(column, value, key, decimals=1)
    gap = sheet.mean(score, "disadvantaged") - sheet.national(score, "others")
    sheet.show("DIFFN_ATT8", gap, "disadvantaged", decimals=1)


def _thresholds(sheet: Sheet, score: Floats, rng: np.random.Generator) -> None:
    english, maths = 0.097 * score + rng.normal(0, 0.85, (2, len(score)))
    entered = rng.random(len(score)) < np.clip(0.08 + 0.0068 * score, 0, 0.8)

    def share(flags: Flags, columns: dict[str, str], grade: str = "") -> None:
        for template, key in columns.items():
            name = template.format(grade)
            sheet.show(name, 100 * sheet.mean(flags, key), key, suffix="%")

    share(entered, ENTERED)
    for name, chance in SUBJECT_ENTRY.items():
        also = rng.random(len(score)) < chance
        share(also if name in ALONE else entered | also, {name: "all"})
    for grade in (4, 5):
        passed = (english >= grade - 0.65) & (maths >= grade - 0.25)
        share(passed, BASICS, f"9{grade}")
        share(english >= grade - 0.65, {"PTEBACENG_{}": "all"}, f"9{grade}")
        share(maths >= grade - 0.25, {"PTEBACMAT_{}": "all"}, f"9{grade}")
        share(passed & entered & (score > 42 + 3 * grade), EBACC, f"9{grade}")


def _progress(sheet: Sheet, added: Floats, rng: np.random.Generator, *, exists: bool) -> None:
    """Progress 8 and its elements, or ``NP`` in the years for which none was worked out."""
    measured = (sheet.pupils.band < 3) & sheet.counted
    before = set(sheet.out)
    progress = np.clip((added - added[sheet.counted].mean()) / 0.72 * SIGMA, -4, 4)
    for suffix, key in SUFFIX.items():
        n = sheet.total(sheet.groups[key] & measured)
        value, margin = _interval(sheet, progress, key, measured, n)
        sheet.show(f"P8PUP{suffix}", n, key, number=n)
        for name, figure in (
            (f"P8MEA{suffix}", value),
            (f"P8CILOW{suffix}", value - margin),
            (f"P8CIUPP{suffix}", value + margin),
        ):
            sheet.show(name, figure, key, number=n, decimals=2)
        if key == "all":
            sheet.count("P8TOLD", n, "P8MEACOV")
            bands = [value > 0.5, value - margin > 0, value < -0.5, value + margin < 0]
            sheet.show("P8_BANDING", np.select(bands, [1, 2, 5, 4], 3.0), number=n)
    gap = sheet.mean(progress, "disadvantaged", among=measured)
    gap = gap - sheet.national(progress, "others", among=measured)
    sheet.show("DIFFN_P8MEA", gap, "disadvantaged", decimals=2)
    for element in ELEMENTS:
        own = 0.9 * progress + rng.normal(0, 0.7, len(progress))
        for suffix in ("", "_FSM6CLA1A", "_NFSM6CLA1A"):
            key = SUFFIX[suffix]
            n = sheet.total(sheet.groups[key] & measured)
            value, margin = _interval(sheet, own, key, measured, n)
            for part, figure in (
                ("", value),
                ("_CILOW", value - margin),
                ("_CIUPP", value + margin),
            ):
                name = f"P8MEA{element}{part}{suffix}"
                sheet.show(name, figure, key, number=n, decimals=2)
    for name in set(sheet.out) - before:
        text = sheet.out[name]
        none = cells(np.full(len(text), np.nan), missing="NP")
        sheet.out[name] = sheet.withheld(text) if exists else none


def _interval(
    sheet: Sheet, value: Floats, key: str, measured: Flags, n: Floats
) -> tuple[Floats, Floats]:
    """A group's mean in every row, and half the width of its 95 % interval."""
    with np.errstate(divide="ignore"):
        margin = np.where(n > 0, 1.96 * SIGMA / np.sqrt(n), np.nan)
    return sheet.mean(value, key, among=measured), margin
