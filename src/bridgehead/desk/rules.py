"""What the desk's pages may say, worked out on plain values: the stock of schools, groups large
enough to be counted, figures pooled over an area.

Pure Python. A figure is never worked out here: it comes from the picture. These are counts and
cohort-weighted means of published figures.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bridgehead.picture.model import Framework, Inspection
from bridgehead.picture.ofsted_rows import OVERALL_AREA

#: Readers who may not see a named school's direction see counts over at least so many schools.
LEAST_SCHOOLS = 10
OTHERS = "other schools"

#: In the order in which the old framework lists them, best first.
OVERALL_GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")
EXPECTED_OR_ABOVE = frozenset({"Exceptional", "Strong standard", "Expected standard"})


@dataclass(frozen=True, slots=True)
class StockDay:
    """The latest graded inspection of every school on one day, by framework.

    The frameworks stand side by side and are never added up: ``good_of_old`` of ``old`` schools
    hold Good or Outstanding as an overall grade; ``expected_of_cards`` of ``cards`` have every area
    of a report card at Expected standard or above; ``judgements`` schools have key judgements and
    no overall grade; ``none`` have no graded inspection on record. Of ``replaced`` schools only one
    that they replaced has been graded, which is no judgement of them: they are counted here and in
    no framework. When a school took another's place is not known, so that holds on every day.
    """

    day: date
    grades: Mapping[str, int]
    judgements: int
    cards: int
    expected_of_cards: int
    replaced: int
    none: int

    @property
    def old(self) -> int:
        """Schools whose latest judgement is an overall grade."""
        return sum(self.grades.values())

    @property
    def good_of_old(self) -> int:
        """Of those, the schools graded Good or Outstanding."""
        return self.grades.get("Outstanding", 0) + self.grades.get("Good", 0)


def standing_on(inspections: Iterable[Inspection], day: date) -> Inspection | None:
    """The newest inspection of the school itself with grades on or before a day. An ungraded visit
    leaves the grades of the inspection before it standing, so it is passed over; an inspection of a
    school that this one replaced is no judgement of it."""
    made = (i for i in _graded(inspections, day) if i.this_urn)
    return max(made, key=lambda i: i.date, default=None)


def _graded(inspections: Iterable[Inspection], day: date) -> Iterator[Inspection]:
    return (i for i in inspections if i.framework is not Framework.UNGRADED and i.date <= day)


def all_expected(card: Inspection) -> bool:
    """Whether every area of a report card is at Expected standard or above."""
    return bool(card.grades) and all(g in EXPECTED_OR_ABOVE for g in card.grades.values())


def stock(schools: Sequence[Sequence[Inspection]], days: Iterable[date]) -> tuple[StockDay, ...]:
    """The stock of schools on each day, from the inspections of every school."""
    return tuple(_stock_on(schools, day) for day in days)


def _stock_on(schools: Sequence[Sequence[Inspection]], day: date) -> StockDay:
    grades: dict[str, int] = {}
    judgements = cards = expected = replaced = none = 0
    for inspections in schools:
        held = standing_on(inspections, day)
        if held is None:
            theirs = any(_graded(inspections, day))
            replaced += theirs
            none += not theirs
        elif held.framework is Framework.OVERALL:
            grade = held.grades.get(OVERALL_AREA) or "Not stated"
            grades[grade] = grades.get(grade, 0) + 1
        elif held.framework is Framework.KEY_JUDGEMENTS:
            judgements += 1
        else:
            cards += 1
            expected += all_expected(held)
    return StockDay(day, grades, judgements, cards, expected, replaced, none)


@dataclass(frozen=True, slots=True)
class Counted:
    """A group of schools and how many of them have each answer."""

    name: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many schools the group has."""
        return sum(self.counts.values())


def large_enough(groups: Sequence[Counted], least: int = LEAST_SCHOOLS) -> tuple[Counted, ...]:
    """Join groups until each has at least ``least`` schools, so that no group can be worked out
    from the total and the others. Empty when all together are too few.

    Small groups are joined as "other schools"; if those are still too few, the smallest group that
    stood alone joins them. Groups without schools are left out.
    """
    groups = [group for group in groups if group.total]
    alone = [group for group in groups if group.total >= least]
    small = [group for group in groups if group.total < least]
    while alone and small and sum(g.total for g in small) < least:
        smallest = min(alone, key=lambda g: (g.total, g.name))
        alone.remove(smallest)
        small.append(smallest)
    if not small:
        return tuple(alone)
    joined = _join(small)
    return (*alone, joined) if joined.total >= least else ()


def _join(groups: Sequence[Counted]) -> Counted:
    counts: dict[str, int] = {}
    for group in groups:
        for answer, n in group.counts.items():
            counts[answer] = counts.get(answer, 0) + n
    return Counted(OTHERS, counts)


def says_one_thing_of_all(group: Counted) -> bool:
    """Whether every school of the group has the same answer, so that the count names each."""
    return sum(n > 0 for n in group.counts.values()) == 1


@dataclass(frozen=True, slots=True)
class Pooled:
    """A figure over several schools, weighted by cohort: ``schools`` publish it, ``hidden`` have no
    number (suppressed or none), ``pupils`` stand behind it."""

    value: float | None
    schools: int
    hidden: int
    pupils: float


def pooled(rows: Iterable[tuple[float | None, float | None]]) -> Pooled:
    """The cohort-weighted mean of (value, cohort). A school without a number is counted as hidden,
    never as zero; one without a cohort counts as having no number, because it has no weight."""
    total = pupils = 0.0
    schools = hidden = 0
    for value, cohort in rows:
        if value is None or not cohort or math.isnan(value):
            hidden += 1
        else:
            schools += 1
            pupils += cohort
            total += value * cohort
    return Pooled(total / pupils if pupils else None, schools, hidden, pupils)
