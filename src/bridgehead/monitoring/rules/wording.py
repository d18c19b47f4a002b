"""An inspection in words, as printed."""

from collections.abc import Mapping
from datetime import date

from bridgehead.picture.model import Framework, Inspection

#: The secure words of a report card, lowest first, as Ofsted orders them.
_CARD_ORDER = ("expected standard", "strong standard", "exceptional")


def plain(text: str) -> str:
    """For comparing: lower case, single spaces."""
    return " ".join(text.casefold().split())


def kind(inspection: Inspection) -> str:
    """What sort of inspection it was."""
    return {
        Framework.KEY_JUDGEMENTS: "inspection without an overall grade",
        Framework.UNGRADED: "ungraded visit",
    }.get(inspection.framework, inspection.framework.value)


def month(inspection: Inspection) -> str:
    """``November 2019``."""
    return f"{inspection.date:%B %Y}"


def again(inspection: Inspection, area: str) -> str:
    """``; graded again in June 2026``, where the grade of an area is of a later day."""
    later = inspection.graded_later(area)
    return "" if later is None else f"; graded again in {later:%B %Y}"


def years(count: int) -> str:
    """``6 years``."""
    return "less than a year" if count == 0 else f"{count} year{'' if count == 1 else 's'}"


def years_between(earlier: date, later: date) -> int:
    """Completed years."""
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))


def least(inspection: Inspection) -> str:
    """The words of a report card that stand lowest on it, where all are secure."""
    words = {plain(g): g for g in inspection.grades.values()}
    lowest = next((w for w in _CARD_ORDER if w in words), None)
    if lowest is None:
        return "secure"
    return words[lowest] if lowest == _CARD_ORDER[-1] else f"{words[lowest]} or above"


def printed(inspection: Inspection, judged: Mapping[str, str], unsafe: bool) -> str:
    """The inspection in a few words. ``judged`` maps area to how the policy reads its words."""
    what = kind(inspection)
    if inspection.framework is Framework.UNGRADED:
        return f"{what}: {inspection.outcome or 'no outcome printed'}"
    weak = [
        f"{a} {inspection.grades[a]}" for a, r in judged.items() if r in ("urgent", "attention")
    ]
    if unsafe:
        weak.insert(0, f"Safeguarding {inspection.safeguarding}")
    if inspection.framework is Framework.OVERALL:
        grades = ", ".join(inspection.grades[a] for a in judged)
        return f"{what}: {grades or 'none printed'}"
    if weak:
        return f"{what}: {', '.join(weak)}"
    if (
        inspection.framework is Framework.REPORT_CARD
        and judged
        and all(reading == "secure" for reading in judged.values())
    ):
        return f"{what}: every area {least(inspection)}"
    if judged and all(reading == "secure" for reading in judged.values()):
        words = dict.fromkeys(inspection.grades[a] for a in judged)
        return f"{what}: every judgement {' or '.join(words)}"
    every = ", ".join(f"{a} {inspection.grades[a]}" for a in judged)
    return f"{what}: {every or 'none printed'}"


def facts(inspection: Inspection, *more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """What stands behind a reason that rests on an inspection."""
    found = [
        ("Framework", inspection.framework.value),
        ("Inspected", f"{inspection.date:%-d %B %Y}"),
        ("URN at inspection", "not given" if inspection.urn is None else str(inspection.urn)),
        *more,
    ]
    if inspection.release:
        row = f", row {inspection.row}" if inspection.row is not None else ""
        found.append(("Release", f"{inspection.release}{row}"))
    return tuple(found)
