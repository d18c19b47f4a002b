"""Ofsted's files: the rating history, and management information in its three layouts."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from bridgehead.core.years import year_of
from bridgehead.opendata.synthetic import inspections
from bridgehead.opendata.synthetic.census import roll
from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.gias import Establishment, establishments, kind_of
from bridgehead.opendata.synthetic.identity import postcode
from bridgehead.opendata.synthetic.records import (
    EARLY,
    GRADES,
    POST16,
    SPECIAL_MEASURES,
    Graded,
    Record,
)
from bridgehead.opendata.synthetic.register import Register
from bridgehead.opendata.synthetic.text import layout, save, table

NONE = "NULL"
#: As-at date of each file of management information → the layout of its day.
MONTHS = {
    date(2024, 8, 31): "ofsted_grades",
    date(2025, 6, 30): "ofsted_grades",
    date(2026, 5, 31): "ofsted_report_cards",
    date(2026, 10, 31): "ofsted_report_cards",
}
#: The layout to 2025 abbreviates the categories of concern.
_SHORT = {"Special measures": "SM", "Serious weaknesses": "SWK"}
_OFSTED_PHASE = {
    "nursery": "Nursery",
    "special": "Special",
    "alternative provision": "PRU",
    "secondary": "Secondary",
    "all-through": "Secondary",
    "middle": "Secondary",
    "16-18": "Secondary",
}


def write(england: England, folder: Path) -> list[Path]:
    """Write the history to 2020 and management information of four months."""
    records = inspections.make(england)
    paths = [folder / "ofsted_ratings_history_synthetic.csv"]
    save(paths[0], _history(england.register, records))
    for as_at, name in MONTHS.items():
        words = "latest_inspections_as_at" if name == "ofsted_report_cards" else "as_at"
        path = folder / (
            f"Management_information_-_state-funded_schools_-_{words}_{as_at:%d_%b_%Y}_synthetic.csv"
        )
        save(path, _information(england, records, as_at, name), encoding="cp1252")
        paths.append(path)
    return paths


def _history(schools: Register, records: list[Record]) -> pl.DataFrame:
    rows = sorted(
        (_urn_on(schools, site, event.on), GRADES[event.overall - 1], f"{event.on:%Y%m%d}")
        for site, record in enumerate(records)
        for event in record.graded
        if event.overall and event.on < date(2020, 4, 1)
    )
    return pl.DataFrame(
        rows, schema=dict.fromkeys(layout("ofsted_history"), pl.String), orient="row"
    )


def _urn_on(schools: Register, site: int, on: date) -> str:
    """The URN that a school had on a day: academies convert on 1 September."""
    year = year_of(on)
    old = int(schools.old_urn[site])
    return str(old if old and year < schools.converted[site] else int(schools.urn[site]))


def _information(england: England, records: list[Record], as_at: date, name: str) -> pl.DataFrame:
    schools = england.register
    year = year_of(as_at)
    rolls = roll(england, min(year, 2025)).tolist()
    state = schools.state
    rows = []
    for one in establishments(schools):
        site = one.site
        taught = one.opened <= year < one.closed and schools.closed[site] > year
        if taught and state[site]:
            row = _who(schools, one, rolls[site])
            fill = _report_cards if name == "ofsted_report_cards" else _grades
            row |= fill(schools, one, records[site], as_at)
            rows.append(row)
    columns = layout(name)
    given: dict[str, pl.Series | str] = {
        c: pl.Series([row.get(c, NONE) for row in rows], dtype=pl.String) for c in columns
    }
    return table(columns, given, len(rows))


def _who(schools: Register, one: Establishment, pupils: int) -> dict[str, str]:
    site = one.site
    trust = int(schools.trust[site]) if one.academy else -1
    kind = schools.kind[site]
    quintile = int(np.clip(np.ceil(5 * schools.disadvantage[site] / 0.55), 1, 5))
    return {
        "Web Link (opens in new window)": f"https://reports.example/provider/{one.urn}",
        "URN": str(one.urn),
        "LAESTAB": f"{schools.la[site]}{one.estab:04d}",
        "School name": schools.name[site],
        "Ofsted phase": _OFSTED_PHASE.get(kind, "Primary"),
        "Type of education": kind_of(schools, one)[1],
        "School open date": f"01/09/{one.opened}",
        "Admissions policy": "Non-selective",
        "Sixth form": "Has a sixth form"
        if schools.sixth_form[site]
        else "Does not have a sixth form",
        "Designated religious character": schools.faith[site] or "Does not apply",
        "Religious ethos": "Does not apply",
        "Faith grouping": "Christian" if schools.faith[site] else "Non-faith",
        "Ofsted region": "Synthetic region",
        "Region": "Synthetic region",
        "Local authority": schools.la_names[int(schools.la[site])],
        "Parliamentary constituency": schools.town[site],
        "Postcode": postcode(site),
        "Multi-academy trust UID": str(95000 + trust) if trust >= 0 else NONE,
        "Multi-academy trust name": schools.trusts[trust].upper() if trust >= 0 else NONE,
        "The income deprivation affecting children index (IDACI) quintile": str(quintile),
        "Total number of pupils": str(pupils),
        "Statutory lowest age": str(schools.low_age[site]),
        "Statutory highest age": str(schools.high_age[site]),
    }


def _day(on: date) -> str:
    return f"{on:%d/%m/%Y}"


def _then(schools: Register, one: Establishment, on: date, what: str) -> dict[str, str]:
    """Which school an inspection belongs to: itself, or the one that it was before."""
    urn = _urn_on(schools, one.site, on)
    here = urn == str(one.urn)
    old = int(schools.estab[one.site] if here else schools.old_estab[one.site])
    return {
        f"Does the {what} relate to the URN of the current school?": "Yes" if here else "No",
        f"URN at time of {what}": urn,
        f"LAESTAB at time of {what}": f"{schools.la[one.site]}{old:04d}",
        f"School name at time of {what}": schools.name[one.site],
        f"School type at time of {what}": kind_of(schools, one)[1] if here else "Community school",
    }


def _ungraded(schools: Register, one: Establishment, record: Record, as_at: date) -> dict[str, str]:
    if record.ungraded is None or record.ungraded[0] + timedelta(days=30) > as_at:
        return {}
    on, words = record.ungraded
    then = _then(schools, one, on, "ungraded inspection")
    return {
        key.replace("at time of ungraded", "at time of the ungraded"): value
        for key, value in then.items()
    } | {
        "Latest ungraded inspection number": f"1{one.urn}7",
        "Date of latest ungraded inspection": _day(on),
        "Ungraded inspection publication date": _day(on + timedelta(days=30)),
        "Ungraded inspection overall outcome": words,
    }


def _judged(schools: Register, one: Establishment, event: Graded, start: str) -> dict[str, str]:
    """The judgements of one graded inspection, each column opening with ``start``."""
    quality, behaviour, development, leadership = (str(j) for j in event.judgements)
    # Before September 2019 there were other judgements: only leadership has the same name.
    since = event.on >= date(2019, 9, 1)
    category = _SHORT.get(event.category, event.category) if not start else event.category
    named = {
        "overall effectiveness": str(event.overall) if event.overall else "Not judged",
        "category of concern": category or NONE,
        "quality of education": quality if since else NONE,
        "behaviour and attitudes": behaviour if since else NONE,
        "personal development": development if since else NONE,
        "effectiveness of leadership and management": leadership,
        "early years provision (where applicable)": (
            quality if schools.low_age[one.site] <= 4 else "9"
        ),
        "sixth form provision (where applicable)": (
            quality if schools.sixth_form[one.site] else "9"
        ),
    }
    safe = "No" if event.category == SPECIAL_MEASURES else "Yes"
    gap = "  " if start.startswith("Latest") else " "
    named_safe = (
        "Safeguarding is effective?" if not start else f"{start}{gap}safeguarding is effective?"
    )
    return {
        (f"{start} {key}" if start else key[0].upper() + key[1:]): v for key, v in named.items()
    } | {named_safe: safe}


def _grades(schools: Register, one: Establishment, record: Record, as_at: date) -> dict[str, str]:
    """A row of the layouts to the summer of 2025: the latest and the previous graded inspection."""
    known = [g for g in record.graded if g.on + timedelta(days=30) <= as_at]
    row = _ungraded(schools, one, record, as_at)
    if number := row.pop("Latest ungraded inspection number", ""):
        row["Latest ungraded inspection number since last graded inspection"] = number
    if not known:
        return row
    latest = known[-1]
    row |= _judged(schools, one, latest, "")
    row |= _then(schools, one, latest.on, "latest graded inspection")
    row |= {
        "Inspection number of latest graded inspection": f"1{one.urn}1",
        "Inspection type": "S5 Inspection",
        "Inspection type grouping": "Schools - S5",
        "Event type grouping": "Schools - S5",
        "Inspection start date": _day(latest.on),
        "Inspection end date": _day(latest.on + timedelta(days=1)),
        "Publication date": _day(latest.on + timedelta(days=30)),
    }
    if len(known) > 1:
        row |= _previous(schools, one, known[-2])
    return row


def _previous(schools: Register, one: Establishment, event: Graded) -> dict[str, str]:
    judged = _judged(schools, one, event, "Previous")
    judged["Previous graded inspection overall effectiveness"] = judged.pop(
        "Previous overall effectiveness"
    )
    return (
        judged
        | _then(schools, one, event.on, "previous graded inspection")
        | {
            "Previous graded inspection number": f"1{one.urn}0",
            "Previous inspection start date": _day(event.on),
            "Previous inspection end date": _day(event.on + timedelta(days=1)),
            "Previous publication date": _day(event.on + timedelta(days=30)),
        }
    )


def _report_cards(
    schools: Register, one: Establishment, record: Record, as_at: date
) -> dict[str, str]:
    """A row of the layout of 2026: report card, then the latest of the framework before it."""
    row = _ungraded(schools, one, record, as_at)
    card = record.card
    if card and card.on + timedelta(days=35) > as_at:
        card = None
    if card:
        row |= _then(schools, one, card.on, "latest full inspection") | {
            "Inspection number of latest full inspection": f"1{one.urn}2",
            "Inspection type": "Full inspection",
            "Inspection type grouping": "Schools - full",
            "Event type grouping": "Schools - full",
            "Inspection start date": _day(card.on),
            "Publication date": _day(card.on + timedelta(days=35)),
            "Category of concern": card.category or NONE,
            "Safeguarding standards": card.safeguarding,
            "Safeguarding standards - date of grade": _day(card.on),
        }
        for area, words in card.areas.items():
            column = f"{area} (where applicable)" if area in {EARLY, POST16} else area
            day, word = card.again.get(area, (card.on, words))
            if day + timedelta(days=35) > as_at:
                day, word = card.on, words
            row[column] = word
            row[f"{area} - date of grade"] = _day(day)
    if record.graded:
        latest = record.graded[-1]
        what = "latest OEIF graded inspection"
        row |= _judged(schools, one, latest, "Latest OEIF")
        row |= _then(schools, one, latest.on, what)
        row |= {
            f"Inspection number of {what}": f"1{one.urn}1",
            f"Inspection type of {what}": "S5 Inspection",
            f"Inspection type grouping of {what}": "Schools - S5",
            f"Event type grouping of {what}": "Schools - S5",
            f"Inspection start date of {what}": _day(latest.on),
            f"Publication date of {what}": _day(latest.on + timedelta(days=30)),
        }
    newest = card.category if card else record.graded[-1].category if record.graded else ""
    row["Most recent category of concern"] = newest or NONE
    return row
