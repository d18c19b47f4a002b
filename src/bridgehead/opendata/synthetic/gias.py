"""The register of schools (GIAS): establishments, links between them, and trusts."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from bridgehead.opendata.synthetic import names
from bridgehead.opendata.synthetic.census import roll
from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.fate import NEVER
from bridgehead.opendata.synthetic.identity import postcode, school_type
from bridgehead.opendata.synthetic.published import LAST
from bridgehead.opendata.synthetic.register import Register
from bridgehead.opendata.synthetic.text import layout, save, table

AS_AT = "20261101"
#: A name that belongs to nobody: if it is ever found in a release, names are not being dropped.
CANARY = "Zzcanary"

#: performance-table type → (code, type, group)
_TYPES = {
    "CY": ("01", "Community school", "Local authority maintained schools"),
    "VA": ("02", "Voluntary aided school", "Local authority maintained schools"),
    "VC": ("03", "Voluntary controlled school", "Local authority maintained schools"),
    "FD": ("05", "Foundation school", "Local authority maintained schools"),
    "CYS": ("07", "Community special school", "Special schools"),
    "IND": ("11", "Other independent school", "Independent schools"),
    "PRU": ("14", "Pupil referral unit", "Local authority maintained schools"),
    "NUR": ("15", "Local authority nursery school", "Local authority maintained schools"),
    "Sixth Form College": ("18", "Further education", "Colleges"),
    "AC": ("28", "Academy sponsor led", "Academies"),
    "ACC": ("34", "Academy converter", "Academies"),
    "F": ("35", "Free schools", "Free Schools"),
    "APC": ("42", "Academy alternative provision converter", "Academies"),
    "ACCS": ("44", "Academy special converter", "Academies"),
}
_PHASES = {
    "primary": ("2", "Primary"),
    "infant": ("2", "Primary"),
    "junior": ("2", "Primary"),
    "first": ("2", "Primary"),
    "middle": ("5", "Middle deemed secondary"),
    "secondary": ("4", "Secondary"),
    "all-through": ("7", "All-through"),
    "nursery": ("1", "Nursery"),
    "16-18": ("6", "16 plus"),
}


@dataclass(frozen=True)
class Establishment:
    """One URN: a site as it was from ``opened`` until ``closed`` (an academic year, or NEVER)."""

    site: int
    urn: int
    estab: int
    academy: bool
    opened: int
    closed: int
    successor: int


def establishments(schools: Register) -> list[Establishment]:
    """Every URN of every site, in URN order."""
    out = []
    for i in range(schools.count):
        old, new = int(schools.old_urn[i]), int(schools.urn[i])
        year, closed = int(schools.converted[i]), int(schools.closed[i])
        academy, opened = bool(schools.academy[i]), int(schools.opened[i])
        if old:
            out.append(Establishment(i, old, int(schools.old_estab[i]), False, opened, year, new))
        out.append(
            Establishment(
                i, new, int(schools.estab[i]), academy, year if old else opened, closed, 0
            )
        )
    return sorted(out, key=lambda e: e.urn)


def kind_of(schools: Register, one: Establishment) -> tuple[str, str, str]:
    """Code, type and group of an establishment as the register words them."""
    kind = schools.kind[one.site]
    if kind == "nursery":
        return _TYPES["NUR"]
    if kind == "alternative provision":
        return _TYPES["APC" if one.academy else "PRU"]
    if one.academy and schools.opened[one.site] > 2000 and kind != "special":
        return _TYPES["F"]
    return _TYPES[school_type(kind, schools.faith[one.site], one.academy, one.site)]


def write(england: England, folder: Path) -> list[Path]:
    """Write establishments, links (with an accented name, in cp1252) and trust links."""
    schools = england.register
    every = establishments(schools)
    pupils = roll(england, LAST).tolist()
    paths = [
        folder / f"edubasealldata{AS_AT}_synthetic.csv",
        folder / f"links_edubasealldata{AS_AT}_synthetic.csv",
        folder / f"grouplinks_edubaseallacademiesandfree{AS_AT}_synthetic.csv",
    ]
    _write(paths[0], "gias", [_row(schools, one, n, pupils) for n, one in enumerate(every)])
    _write(paths[1], "links", _links(schools))
    _write(paths[2], "grouplinks", _groups(schools))
    return paths


def _write(path: Path, name: str, rows: list[dict[str, str]]) -> None:
    columns = layout(name)
    used = {key for row in rows for key in row}
    given: dict[str, pl.Series | str] = {
        c: pl.Series([row.get(c, "") for row in rows], dtype=pl.String)
        for c in columns
        if c in used
    }
    save(path, table(columns, given, len(rows)), encoding="cp1252", quote=True)


def _date(year: int) -> str:
    return "01-01-1900" if year < 1990 else f"01-09-{year}"


def _row(schools: Register, one: Establishment, number: int, rolls: list[int]) -> dict[str, str]:
    i = one.site
    kind = schools.kind[i]
    code, type_name, group = kind_of(schools, one)
    phase = _PHASES.get(kind, ("0", "Not applicable"))
    shut = one.closed != NEVER
    status = ("2", "Closed") if shut else ("1", "Open")
    if not shut and number % 160 == 60:
        status = ("3", "Open, but proposed to close")
    if not shut and schools.opened[i] == LAST and number % 3 == 2:
        status = ("4", "Proposed to open")
    why = "Not applicable"
    if shut:
        why = "Academy Converter" if one.successor else "Closure"
        why = "Result of Amalgamation/Merger" if schools.merged_into[i] >= 0 else why
    trust = int(schools.trust[i]) if one.academy else -1
    pupils = rolls[i] if status[0] in {"1", "3"} else 0
    boys = round(pupils * float(schools.boys[i]))
    sixth = bool(schools.sixth_form[i])
    la = int(schools.la[i])
    faith = schools.faith[i] or "Does not apply"
    gender = {0.0: "Girls", 1.0: "Boys"}.get(float(schools.boys[i]), "Mixed")
    return {
        "URN": str(one.urn),
        "LA (code)": str(la),
        "LA (name)": schools.la_names[la],
        "EstablishmentNumber": str(one.estab),
        "EstablishmentName": schools.name[i],
        "TypeOfEstablishment (code)": code,
        "TypeOfEstablishment (name)": type_name,
        "EstablishmentTypeGroup (code)": str(
            1 + sorted({t[2] for t in _TYPES.values()}).index(group)
        ),
        "EstablishmentTypeGroup (name)": group,
        "EstablishmentStatus (code)": status[0],
        "EstablishmentStatus (name)": status[1],
        "ReasonEstablishmentOpened (name)": "Academy Converter"
        if one.academy
        else "Not applicable",
        "OpenDate": _date(one.opened),
        "ReasonEstablishmentClosed (name)": why,
        "CloseDate": f"31-08-{one.closed}" if shut else "",
        "PhaseOfEducation (code)": phase[0],
        "PhaseOfEducation (name)": phase[1],
        "StatutoryLowAge": str(schools.low_age[i]),
        "StatutoryHighAge": str(schools.high_age[i]),
        "Boarders (name)": "No boarders",
        "NurseryProvision (name)": (
            "Has Nursery Classes" if schools.low_age[i] <= 3 else "No Nursery Classes"
        ),
        "OfficialSixthForm (name)": "Has a sixth form" if sixth else "Does not have a sixth form",
        "Gender (name)": gender,
        "ReligiousCharacter (name)": faith,
        "AdmissionsPolicy (name)": "Non-selective",
        "SchoolCapacity": str(round(pupils * 1.08)),
        "CensusDate": "15-01-2026",
        "NumberOfPupils": str(pupils) if pupils else "",
        "NumberOfBoys": str(boys) if pupils else "",
        "NumberOfGirls": str(pupils - boys) if pupils else "",
        "PercentageFSM": f"{100 * schools.disadvantage[i]:.1f}" if pupils else "",
        "TrustSchoolFlag (name)": (
            "Supported by a multi-academy trust" if trust >= 0 else "Not applicable"
        ),
        "Trusts (code)": str(95000 + trust) if trust >= 0 else "",
        "Trusts (name)": schools.trusts[trust].upper() if trust >= 0 else "",
        "FederationFlag (name)": "Not applicable" if one.academy else "Not under a federation",
        "UKPRN": str(10900000 + number),
        "LastChangedDate": "30-10-2026",
        "Street": names.street(i),
        "Town": schools.town[i],
        "County (name)": schools.la_names[la],
        "Postcode": postcode(i),
        "SchoolWebsite": f"https://school-{one.urn}.example",
        "TelephoneNum": "01632960000",
        "HeadTitle (name)": "Mx",
        "HeadFirstName": "Invented",
        "HeadLastName": f"{CANARY}-{one.urn}",
        "HeadPreferredJobTitle": "Headteacher",
        "GOR (code)": "J",
        "GOR (name)": "Synthetic region",
        "DistrictAdministrative (name)": schools.town[i],
        "ParliamentaryConstituency (name)": schools.town[i],
        "UrbanRural (name)": "(England/Wales) Urban city and town",
        "GSSLACode (name)": f"E99000{la}",
        "Easting": str(schools.easting[i]),
        "Northing": str(schools.northing[i]),
        "OfstedLastInsp": "",
        "Country (name)": "England",
        "UPRN": str(990000000 + number),
    }


def _links(schools: Register) -> list[dict[str, str]]:
    rows = [
        {
            "URN": str(int(schools.urn[0])),
            "LinkURN": "999999",
            "LinkName": "Crèche Élan Children's Centre",
            "LinkType": "Other",
        }
    ]
    for i in np.flatnonzero(schools.old_urn > 0).tolist():
        # Most links carry a date, some do not, as in the real file.
        date = f"01-09-{schools.converted[i]}" if i % 3 else ""
        old, new = (
            (int(schools.old_urn[i]), schools.name[i]),
            (int(schools.urn[i]), schools.name[i]),
        )
        rows += _both_ways(old, new, "", date)
    for n, i in enumerate(np.flatnonzero(schools.merged_into >= 0).tolist()):
        into = int(schools.merged_into[i])
        how = " - merged" if n % 2 == 0 else " - amalgamated"
        old = (int(schools.urn[i]), schools.name[i])
        new = (int(schools.urn[into]), schools.name[into])
        rows += _both_ways(old, new, how, f"31-08-{schools.closed[i]}")
    return sorted(rows, key=lambda r: (r["URN"], r["LinkURN"]))


def _both_ways(
    old: tuple[int, str], new: tuple[int, str], how: str, date: str
) -> list[dict[str, str]]:
    """The two rows of a link between (URN, name) and (URN, name)."""
    return [
        {
            "URN": str(urn),
            "LinkURN": str(other),
            "LinkName": name,
            "LinkType": f"{word}{how}",
            "LinkEstablishedDate": date,
        }
        for (urn, _), (other, name), word in ((old, new, "Successor"), (new, old, "Predecessor"))
    ]


def _groups(schools: Register) -> list[dict[str, str]]:
    return [
        {
            "URN": str(schools.urn[i]),
            "Group UID": str(95000 + trust),
            "Group ID": f"TR{trust:05d}",
            "Group Name": schools.trusts[trust].upper(),
            "Companies House Number": f"99{trust:06d}",
            "Group Type": "Multi-academy trust",
            "Group Status": "Open",
            "Joined date": f"01/09/{max(2012, int(schools.converted[i]))}",
        }
        for i, trust in enumerate(schools.trust.tolist())
        if trust >= 0 and schools.closed[i] == NEVER
    ]
