"""A school of the partnership for every story, so that each clause of a triage policy has one."""

from dataclasses import replace
from datetime import date

import numpy as np

from bridgehead.opendata.synthetic.england import England
from bridgehead.opendata.synthetic.fate import LONG_AGO, NEVER
from bridgehead.opendata.synthetic.records import (
    AREAS,
    SCALE,
    SIGNIFICANT,
    SPECIAL_MEASURES,
    Graded,
    Record,
    ReportCard,
    areas_of,
)
from bridgehead.opendata.synthetic.text import Flags


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
    "an area graded again": ("primary", False, Record(
        (_GOOD19,), None, ReportCard(
            _CARD, _expected(achievement="Needs attention"),
            again={"Achievement": (date(2026, 9, 15), "Expected standard")}))),
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


def told(england: England) -> dict[int, Record]:
    """The partnership's told schools. Secure report cards go to rising, falling and level ones."""
    schools = england.register
    lasting = schools.ours & (schools.closed == NEVER) & (schools.opened == LONG_AGO)
    travel = np.sign(england.trend)
    out: dict[int, Record] = {}

    def first(kind: str, where: Flags) -> int | None:
        found = np.flatnonzero(lasting & schools.is_kind(kind) & where)
        return next((int(i) for i in found if int(i) not in out), None)

    for words in SECURE.values():
        for way in (1, -1, 0):
            site = first("primary", np.asarray(travel == way))
            if site is not None:
                here = {a: words.get(a, SCALE[2]) for a in areas_of(england, site)}
                out[site] = Record((_GOOD19,), None, ReportCard(_CARD, here))
    for kind, academy, record in STORIES.values():
        site = first(kind, np.asarray(schools.academy == academy))
        if site is None:
            site = first(kind, lasting)
        if site is not None:
            out[site] = _with_every_area(record, areas_of(england, site))
    return out


def _with_every_area(record: Record, areas: list[str]) -> Record:
    """The record with the areas that its story does not speak of at Expected standard."""
    if record.card is None:
        return record
    others = {area: SCALE[2] for area in areas if area not in record.card.areas}
    return replace(record, card=replace(record.card, areas=record.card.areas | others))
