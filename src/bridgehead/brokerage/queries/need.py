"""What a school needs help with: a series of figures, or an area of its report card."""

from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from bridgehead.core.errors import Refused
from bridgehead.measures.loader import series
from bridgehead.measures.model import Group, High, Measure
from bridgehead.picture.model import Framework, Inspection, SchoolPicture, Series
from bridgehead.picture.ofsted_rows import AREAS
from bridgehead.picture.picture import Picture


class Kind(StrEnum):
    """What a need is measured by."""

    FIGURE = "figure"
    AREA = "report-card area"


@dataclass(frozen=True, slots=True)
class Need:
    """One need. ``key`` is a series key or the name of an area; ``chosen`` says how it came about
    when nobody named it, else it is empty."""

    key: str
    title: str
    kind: Kind
    chosen: str = ""


def find_need(picture: Picture, urn: int, text: str | None) -> Need:
    """The need that a person names, or the school's weakest headline figure when nobody names one.

    Raises ``Refused`` for a name that is neither a series with better and worse nor an area, and
    for a school of which nothing is known to start from.
    """
    if text:
        return named(text)
    return weakest(picture, picture.school(urn))


def named(text: str) -> Need:
    """``ks2.maths_average`` or ``Inclusion`` (any case) → the need."""
    wanted = text.strip()
    for area in AREAS:
        if wanted.casefold() == area.casefold():
            return Need(area, area, Kind.AREA)
    try:
        measure, group = series(wanted)
    except KeyError:
        near = get_close_matches(wanted.casefold(), [a.casefold() for a in AREAS], 1)
        hint = next((f" Did you mean {a}?" for a in AREAS if a.casefold() in near), "")
        raise Refused(
            f"{wanted!r} is neither a measure nor an area of a report card.{hint}",
            "Name a series such as ks2.maths_average, or an area such as Inclusion.",
        ) from None
    if measure.high is High.NEITHER:
        raise Refused(
            f"{measure.title} is neither good nor bad, so no school is strong or weak on it.",
            "Name a measure on which high is better or worse.",
        )
    return Need(wanted, _title(measure, group), Kind.FIGURE)


def _title(measure: Measure, group: Group) -> str:
    """A series in words."""
    return measure.title if group.key == "all" else f"{measure.title}: {group.label.lower()}"


def weakest(picture: Picture, school: SchoolPicture) -> Need:
    """The headline figure that lies furthest on the wrong side of England's, in spreads.

    Raises ``Refused`` when the school has no headline figure with a comparison.
    """
    placed = [
        (steps, one.key, one.measure.title)
        for one in headlines(school)
        if (steps := steps_from_england(picture, one)) is not None
    ]
    if not placed:
        raise Refused(
            f"{school.school.name} has no headline figure to start from.",
            "Name the need: a series such as ks2.maths_average, or an area such as Inclusion.",
        )
    _, key, title = min(placed)
    return Need(key, title, Kind.FIGURE, chosen="the headline figure furthest behind England's")


def headlines(school: SchoolPicture) -> list[Series]:
    """The school's headline series for all pupils that have a number and a better side."""
    return [
        one
        for one in school.series.values()
        if one.measure.headline
        and one.group == "all"
        and one.measure.high is not High.NEITHER
        and one.latest is not None
        and one.latest.value is not None
    ]


def steps_from_england(picture: Picture, one: Series) -> float | None:
    """How far the newest figure lies on the better side of England's, in standard deviations
    between schools (negative: behind); None without a comparison or a spread."""
    point = one.latest
    if point is None or point.difference is None:
        return None
    spread = picture.latest(one.key)["value"].std()
    if not isinstance(spread, float) or not spread > 0:
        return None
    return point.difference / spread * (1 if one.measure.high is High.BETTER else -1)


def newest_report_card(inspections: tuple[Inspection, ...]) -> Inspection | None:
    """The newest report card of inspections that stand newest first, if the school's newest graded
    inspection is one: an older framework since then would take its place. The card of a school that
    it replaced is not its own."""
    graded = (i for i in inspections if i.this_urn and i.framework is not Framework.UNGRADED)
    newest = next(graded, None)
    return newest if newest and newest.framework is Framework.REPORT_CARD else None


@dataclass(frozen=True, slots=True)
class Choice:
    """A need that can be chosen for a school."""

    key: str
    title: str


def choices(school: SchoolPicture) -> dict[str, list[Choice]]:
    """The needs that can be named for a school: its own series with a better side that stand for a
    measure's pupils or disadvantaged pupils, then the areas of the report card."""
    figures = [
        Choice(key, _title(one.measure, one.measure.groups[one.group]))
        for key, one in school.series.items()
        if (key.count(".") == 1 or one.group == "disadvantaged")
        and one.measure.high is not High.NEITHER
        and one.latest is not None
        and one.latest.value is not None
    ]
    return {"A measure": figures, "An area of the report card": [Choice(a, a) for a in AREAS]}
