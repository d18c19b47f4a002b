"""Inspections drawn for every school: what was found and when, under the framework in force.

Quality follows teaching with noise; each inspection is drawn under its own framework.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.published import FIRST
from bridgehead.opendata.synthetic.records import (
    SCALE,
    SIGNIFICANT,
    SPECIAL_MEASURES,
    Graded,
    Record,
    ReportCard,
    areas_of,
)
from bridgehead.opendata.synthetic.stories import told


@dataclass(frozen=True)
class _Drawing:
    """Days and grades from one generator."""

    rng: np.random.Generator

    def day(self, first: date, last: date) -> date:
        """A school day: no weekends, no August."""
        while True:
            day = first + timedelta(days=int(self.rng.integers(0, (last - first).days)))
            if day.weekday() < 5 and day.month != 8:
                return day

    def grade(self, quality: float) -> int:
        """1 to 4: higher quality is a lower number."""
        felt = quality + self.rng.normal(0, 0.22)
        return 1 if felt > 0.42 else 2 if felt > -0.36 else 3 if felt > -0.95 else 4


def make(england: England) -> list[Record]:
    """A record for every site; empty for those that are not state-funded."""
    schools = england.register
    drawing = _Drawing(england.rng(8, 0))
    records = [
        _record(england, site, drawing) if state else Record()
        for site, state in enumerate(schools.state.tolist())
    ]
    for site, record in told(england).items():
        records[site] = record
    return records


def _record(england: England, site: int, drawing: _Drawing) -> Record:
    rng, schools = drawing.rng, england.register
    opened = int(schools.opened[site])
    teaching = england.levels.teaching[site]
    graded: list[Graded] = []
    day = date(2005, 9, 1) + timedelta(days=int(rng.integers(0, 1400)))
    while day < date(2020, 3, 1):
        day = drawing.day(day, day + timedelta(days=120))
        if day >= date(2020, 3, 1):
            break
        quality = teaching[0] * 0.7 + rng.normal(0, 0.15)
        overall = drawing.grade(quality)
        if day.year > opened + 1:
            graded.append(Graded(day, overall, (overall,) * 4))
        day += timedelta(days=int(rng.integers(1000, 2200)) * (2 if overall == 1 else 1))
    if rng.random() < 0.5:
        graded.append(_graded(drawing, teaching, date(2021, 9, 10), date(2024, 7, 18), named=True))
    ungraded = None
    if graded and graded[-1].overall <= 2 and graded[-1].on.year < 2021 and rng.random() < 0.6:
        ungraded = _visit(drawing, teaching, graded[-1].overall)
    elif rng.random() < 0.22:
        graded.append(_graded(drawing, teaching, date(2024, 9, 10), date(2025, 7, 15), named=False))
    card = _card(england, site, drawing) if rng.random() < 0.24 else None
    if opened >= 2024:
        return Record()
    return Record(tuple(g for g in graded if g.on.year > opened), ungraded, card)


def _level(teaching: np.ndarray, on: date) -> float:
    return float(teaching[min(on.year, 2025) - FIRST])


def _graded(
    drawing: _Drawing, teaching: np.ndarray, first: date, last: date, *, named: bool
) -> Graded:
    on = drawing.day(first, last)
    quality = _level(teaching, on)
    parts = tuple(drawing.grade(quality + drawing.rng.normal(0.08, 0.08)) for _ in range(4))
    overall = max(parts[0], parts[3])
    category = ""
    if overall == 4:
        weak = "Serious weaknesses" if named else SIGNIFICANT
        category = SPECIAL_MEASURES if parts[3] == 4 else weak
    judgements = (parts[0], parts[1], parts[2], parts[3])
    return Graded(on, overall if named else 0, judgements, category)


def _visit(drawing: _Drawing, teaching: np.ndarray, overall: int) -> tuple[date, str]:
    before = drawing.rng.random() < 0.7
    first, last = (
        (date(2021, 9, 10), date(2024, 7, 18)) if before else (date(2024, 9, 10), date(2025, 7, 15))
    )
    on = drawing.day(first, last)
    felt = _level(teaching, on) + drawing.rng.normal(0, 0.2)
    if not before:
        words = ("Improved significantly", "Standards maintained", "Some aspects not as strong")
    elif overall == 1:
        words = ("School remains Outstanding",) * 2 + (
            "School remains Outstanding (Concerns) - S5 Next",
        )
    else:
        words = (
            "School remains Good (Improving) - S5 Next",
            "School remains Good",
            "School remains Good (Concerns) - S5 Next",
        )
    return on, words[0 if felt > 0.4 else 2 if felt < -0.4 else 1]


def _card(england: England, site: int, drawing: _Drawing) -> ReportCard:
    on = drawing.day(date(2025, 11, 11), date(2026, 10, 16))
    quality = _level(england.levels.teaching[site], on)
    areas: dict[str, str] = {}
    for area in areas_of(england, site):
        felt = quality + drawing.rng.normal(0, 0.3)
        step = int(np.searchsorted([-1.2, -0.45, 0.3, 0.8], felt))
        areas[area] = SCALE[4 - step]
    urgent = [a for a, word in areas.items() if word == SCALE[4]]
    unsafe = bool(urgent) and drawing.rng.random() < 0.2
    category = ""
    if "Leadership and governance" in urgent:
        category = SPECIAL_MEASURES
    elif len(urgent) > 1 or unsafe:
        category = SIGNIFICANT
    return ReportCard(on, areas, "Not met" if unsafe else "Met", category)
