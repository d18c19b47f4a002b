"""Report cards of which an area was graded again: what was said when.

Since November 2025 an area may be graded again without a new full inspection. The newest file then
prints the newest grade beside the date of the inspection, so that the row alone would have the
inspection say what was found months later.
"""

from datetime import date

from bridgehead.picture.model import ONE_VISIT, Inspection
from bridgehead.picture.ofsted_rows import SAFEGUARDING_AREA


def as_inspected(one: Inspection) -> dict[str, str]:
    """Area → grade as given at the inspection itself. An area that was graded later is here with
    what an older release said of it, and is not here where no such release is loaded."""
    before = {was.area: was.grade for was in reversed(one.earlier)}
    found = {
        area: before.get(area, "") if one.graded_later(area) else grade
        for area, grade in one.grades.items()
    }
    return {area: grade for area, grade in found.items() if grade}


def safeguarding_as_inspected(one: Inspection) -> str:
    """Safeguarding as judged at the inspection itself; empty where it is not known."""
    if one.graded_later(SAFEGUARDING_AREA) is None:
        return one.safeguarding or ""
    return next((was.grade for was in one.earlier if was.area == SAFEGUARDING_AREA), "")


def given_later(one: Inspection) -> dict[date, dict[str, str]]:
    """Day → area → grade of what was graded after the inspection, oldest day first."""
    found: dict[date, dict[str, str]] = {}
    for was in one.earlier:
        if was.date > one.date + ONE_VISIT:
            found.setdefault(was.date, {})[was.area] = was.grade
    newest = one.grades | ({SAFEGUARDING_AREA: one.safeguarding} if one.safeguarding else {})
    for area, grade in newest.items():
        if day := one.graded_later(area):
            found.setdefault(day, {})[area] = grade
    return dict(sorted(found.items()))
