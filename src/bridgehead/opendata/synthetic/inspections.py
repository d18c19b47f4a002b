"""Inspections: what was found at each school and when, in whichever framework was in force.

Quality follows teaching with noise. Nothing is converted between frameworks: each inspection is
drawn under its own. The partnership's authority holds one school for every story in ``STORIES``, so
that every clause of a triage policy has a school to speak of.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.published import FIRST

GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")
AREAS = (
    "Inclusion",
    "Curriculum and teaching",
    "Achievement",
    "Attendance and behaviour",
    "Personal development and wellbeing",
    "Leadership and governance",
)
EARLY, POST16 = "Early years", "Post-16 provision"
SCALE = (
    "Exceptional",
    "Strong standard",
    "Expected standard",
    "Needs attention",
    "Urgent improvement",
)
SPECIAL_MEASURES = "Special measures"
SIGNIFICANT = "Requires significant improvement"


@dataclass(frozen=True)
class Graded:
    """A graded inspection to August 2024 (``overall`` 1 to 4) or of 2024/25 (``overall`` 0).

    ``judgements`` are quality, behaviour, personal development, leadership, 1 to 4.
    """

    on: date
    overall: int
    judgements: tuple[int, int, int, int]
    category: str = ""


@dataclass(frozen=True)
class ReportCard:
    """A report card: area → word, safeguarding ``Met`` or ``Not met``."""

    on: date
    areas: dict[str, str]
    safeguarding: str = "Met"
    category: str = ""


@dataclass(frozen=True)
class Record:
    """All that is known of one site's inspections; graded ones oldest first."""

    graded: tuple[Graded, ...] = ()
    ungraded: tuple[date, str] | None = None
    card: ReportCard | None = None


def _expected(**changes: str) -> dict[str, str]:
    areas = dict.fromkeys(AREAS, "Expected standard")
    return areas | {name.replace("_", " ").capitalize(): word for name, word in changes.items()}


def _old(overall: int, *on: int) -> Graded:
    day = date(*on)
    return Graded(day, overall, (overall,) * 4)


_CARD = date(2026, 3, 17)
_GOOD19 = _old(2, 2019, 5, 14)
_RI22 = _old(3, 2022, 6, 21)

#: story → (kind, academy or not, what the record holds). Told of the partnership's schools in turn.
STORIES: dict[str, tuple[str, bool, Record]] = {
    "special measures, maintained": ("primary", False, Record(
        (_RI22,), None,
        ReportCard(_CARD, _expected(leadership_and_governance="Urgent improvement",
                                    achievement="Urgent improvement"), "Met", SPECIAL_MEASURES))),
    "significant improvement, academy": ("primary", True, Record(
        (_GOOD19,), None,
        ReportCard(_CARD, _expected(curriculum_and_teaching="Urgent improvement"), "Met",
                   SIGNIFICANT))),
    "special measures on the old framework, academy": ("secondary", True, Record(
        (_GOOD19, Graded(date(2024, 2, 6), 4, (4, 4, 3, 4), SPECIAL_MEASURES)))),
    "urgent improvement": ("primary", False, Record(
        (_GOOD19,), None, ReportCard(_CARD, _expected(achievement="Urgent improvement")))),
    "safeguarding not met": ("primary", True, Record(
        (_GOOD19,), None, ReportCard(_CARD, _expected(), "Not met"))),
    "needs attention in one area": ("primary", False, Record(
        (_GOOD19,), None, ReportCard(_CARD, _expected(inclusion="Needs attention")))),
    "leadership needs attention after below Good": ("primary", True, Record(
        (_RI22,), None,
        ReportCard(_CARD, _expected(leadership_and_governance="Needs attention")))),
    "attendance needs attention": ("secondary", True, Record(
        (_GOOD19,), None,
        ReportCard(_CARD, _expected(attendance_and_behaviour="Needs attention")))),
    "judged in 2024/25, secure": ("primary", False, Record(
        (_GOOD19, Graded(date(2025, 1, 21), 0, (2, 2, 1, 2))))),
    "judged in 2024/25, leadership requires improvement": ("primary", False, Record(
        (_RI22, Graded(date(2025, 3, 11), 0, (2, 2, 2, 3))))),
    "judged in 2024/25, quality requires improvement": ("secondary", True, Record(
        (_GOOD19, Graded(date(2024, 11, 5), 0, (3, 2, 2, 2))))),
    "Good in 2019 and nothing since": ("primary", False, Record((_GOOD19,))),
    "Outstanding in 2012 and nothing since": ("primary", True, Record((_old(1, 2012, 3, 8),))),
    "requires improvement, 2022": ("primary", False, Record((_GOOD19, _RI22))),
    "ungraded: remains Good": ("primary", False, Record(
        (_old(2, 2017, 2, 1),), (date(2023, 3, 7), "School remains Good"))),
    "ungraded: Good, improving": ("primary", True, Record(
        (_old(2, 2018, 2, 6),), (date(2024, 1, 16), "School remains Good (Improving) - S5 Next"))),
    "ungraded: Good, concerns": ("primary", False, Record(
        (_old(2, 2018, 3, 6),), (date(2024, 5, 21), "School remains Good (Concerns) - S5 Next"))),
    "ungraded: Outstanding": ("primary", True, Record(
        (_old(1, 2013, 6, 4),), (date(2023, 10, 10), "School remains Outstanding"))),
    "ungraded 2024/25: standards maintained": ("primary", False, Record(
        (_old(2, 2019, 10, 1),), (date(2025, 2, 4), "Standards maintained"))),
    "ungraded 2024/25: improved significantly": ("primary", False, Record(
        (_old(2, 2019, 11, 5),), (date(2025, 4, 29), "Improved significantly"))),
    "ungraded 2024/25: some aspects not as strong": ("secondary", True, Record(
        (_old(2, 2020, 1, 14),), (date(2025, 6, 10), "Some aspects not as strong"))),
    "never inspected": ("primary", True, Record()),
}  # fmt: skip
#: Stories told of several schools, so that each direction of travel occurs among them.
SECURE = {
    "every area at Expected standard": _expected(),
    "every area Expected, one Strong": _expected(inclusion="Strong standard"),
    "Strong and Exceptional": _expected(
        achievement="Exceptional",
        curriculum_and_teaching="Strong standard",
        leadership_and_governance="Strong standard",
    ),
}


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
    for site, record in _stories(england).items():
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
    for area in _areas(england, site):
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


def _areas(england: England, site: int) -> list[str]:
    schools = england.register
    areas = list(AREAS)
    if schools.low_age[site] <= 4:
        areas.append(EARLY)
    if schools.sixth_form[site]:
        areas.append(POST16)
    return areas


def _stories(england: England) -> dict[int, Record]:
    """The partnership's told schools. Secure report cards go to rising, falling and level ones."""
    schools = england.register
    lasting = schools.ours & (schools.closed > 2026) & (schools.opened < 2016)
    out: dict[int, Record] = {}

    def first(kind: str, wanted: Callable[[int], bool]) -> int | None:
        found = np.flatnonzero(lasting & schools.is_kind(kind))
        return next((int(i) for i in found if int(i) not in out and wanted(int(i))), None)

    for words in SECURE.values():
        for sign in (1, -1, 0):
            site = first("primary", lambda i, s=sign: np.sign(england.trend[i]) == s)  # type: ignore[misc]
            if site is not None:
                words_here = {a: words.get(a, SCALE[2]) for a in _areas(england, site)}
                out[site] = Record((_GOOD19,), None, ReportCard(_CARD, words_here))
    for kind, academy, record in STORIES.values():
        site = first(kind, lambda i, a=academy: bool(schools.academy[i]) == a)  # type: ignore[misc]
        if site is None:
            site = first(kind, lambda i: True)
        if site is None:
            continue
        if record.card:
            extra = {a: SCALE[2] for a in _areas(england, site) if a not in record.card.areas}
            card = replace(record.card, areas=record.card.areas | extra)
            out[site] = replace(record, card=card)
        else:
            out[site] = record
    return out
