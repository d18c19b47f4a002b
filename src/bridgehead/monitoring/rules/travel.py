"""Where the figures are going: the measures that may trigger, and what they say together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bridgehead.core.years import label, year_of
from bridgehead.measures.model import High
from bridgehead.monitoring.rules.model import Because, Trend
from bridgehead.monitoring.rules.policy import Policy
from bridgehead.picture.model import Direction, Point, SchoolPicture, Series, Travel
from bridgehead.web.words import percent

_WORSE = (Direction.DECLINING, Direction.PROBABLY_DECLINING)
_BETTER = (Direction.IMPROVING, Direction.PROBABLY_IMPROVING)
_CLEAR = (Direction.DECLINING, Direction.IMPROVING)
_UNTOLD = (Direction.TOO_FEW, Direction.NOT_GIVEN)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the figures say: the trend, its reasons, the series that are declining, and whether
    those that improve are all at least level with England."""

    trend: Trend
    because: tuple[Because, ...]
    declining: tuple[str, ...]
    reach_england: bool


def read_figures(school: SchoolPicture, policy: Policy, newest: Mapping[str, int]) -> Figures:
    """Read the triggers of a school's phase.

    ``newest`` holds the newest year loaded of each series anywhere: a direction that ended long
    before it decides nothing. Measures of one aspect move together and count once.
    """
    worse: dict[str, bool] = {}
    better: dict[str, bool] = {}
    declining, because = [], []
    known, reach = False, True
    for trigger in policy.triggers.get(school.school.phase, ()):
        series = school.series.get(trigger.series)
        if series is None:
            continue
        travel = series.travel
        stale = _stale(series, policy, newest)
        counts = not stale and travel.label not in _UNTOLD
        known = known or counts
        if counts and travel.label in _WORSE:
            worse[trigger.aspect] = worse.get(trigger.aspect, False) or travel.label in _CLEAR
            declining.append(series.key)
        if counts and travel.label in _BETTER:
            better[trigger.aspect] = better.get(trigger.aspect, False) or travel.label in _CLEAR
            reach = reach and _reaches_england(series)
        because.append(_because(series, stale, counts))
    trend = _trend(worse, better, known, policy)
    order = {"declining": 0, "worsening": 0, "improving": 1}
    because.sort(key=lambda b: (not b.decides, order.get(_word(b), 2)))
    named = tuple(declining) if trend is Trend.DECLINING else ()
    return Figures(trend, tuple(because), named, reach)


def old_figures(school: SchoolPicture, policy: Policy, today: date) -> Because | None:
    """A warning where even the newest of the figures that may decide are old. A newer one that has
    too few years to say anything makes the others no younger."""
    keys = [t.series for t in policy.triggers.get(school.school.phase, ())]
    travels = [school.series[k].travel for k in keys if k in school.series]
    telling = [t for t in travels if t.label not in _UNTOLD] or travels
    newest = max((t.to_year for t in telling if t.to_year is not None), default=None)
    this_year = year_of(today)
    if newest is None or this_year - newest < policy.old_after_years:
        return None
    words = (
        f"The newest of these figures are for {label(newest)}, {this_year - newest} academic years "
        "ago. Load newer ones before relying on this."
    )
    return Because(words, "age", decides=False)


def context(school: SchoolPicture, policy: Policy) -> tuple[Because, ...]:
    """Figures that stand beside the proposal and never decide it."""
    found = []
    for key in policy.context.get(school.school.phase, ()):
        series = school.series.get(key)
        point = series.latest if series else None
        if series and point and point.value is not None:
            words = (
                f"{_context_words(series, point)} in {label(point.year)}{_pupils(point.cohort)}."
            )
            found.append(Because(words, "context", key, point.year, _facts(series), decides=False))
    return tuple(found)


def _context_words(series: Series, point: Point) -> str:
    measure, value = series.measure, point.value or 0.0
    group = measure.groups.get(series.group)
    if group is None or not group.is_gap:
        return f"{title(series)}: {measure.format(value, series.group)}"
    size = measure.format_difference(abs(value)).lstrip("+")
    ahead = (value > 0) is (measure.high is not High.WORSE)
    side = "level with" if size.strip("0.") == "" else "ahead of" if ahead else "behind"
    points = "" if side == "level with" else f"{size} point{'' if size == '1' else 's'} "
    name = measure.title.replace(": ", ", ")
    return f"{name}: disadvantaged pupils here {points}{side} other pupils in England"


def low_attainment(school: SchoolPicture, policy: Policy) -> Because | None:
    """The DfE's low-attainment rule, once it is published and switched on."""
    if not policy.low_attainment_on:
        return None
    for key, line in policy.low_attainment_below.items():
        series = school.series.get(key)
        point = series.latest if series else None
        if series and point and point.value is not None and point.value < line:
            words = (
                f"{title(series)}: {series.measure.format(point.value)} in {label(point.year)}, "
                f"below the low-attainment line of {series.measure.format(line)}."
            )
            return Because(words, "low attainment", key, point.year, _facts(series))
    return None


def title(series: Series) -> str:
    """The measure, and the group of pupils where it is not all of them, to stand before a colon."""
    name = series.measure.title
    if series.group != "all":
        group = series.measure.groups.get(series.group)
        words = group.label if group else series.group
        name = f"{name}, {words[0].lower()}{words[1:]}"
    return name.replace(": ", ", ")


def _trend(
    worse: Mapping[str, bool], better: Mapping[str, bool], known: bool, policy: Policy
) -> Trend:
    if not known:
        return Trend.UNKNOWN

    if policy.declining.met(worse):
        return Trend.DECLINING
    if policy.improving.met(better) and not worse:
        return Trend.IMPROVING
    return Trend.STEADY


def _reaches_england(series: Series) -> bool:
    point = series.latest
    difference = point.difference if point else None
    if difference is None:
        return False
    return difference <= 0 if series.measure.high is High.WORSE else difference >= 0


def _stale(series: Series, policy: Policy, newest: Mapping[str, int]) -> bool:
    end, last = series.travel.to_year, newest.get(series.key)
    return end is not None and last is not None and last - end >= policy.stale_after_years


def _because(series: Series, stale: bool, counts: bool) -> Because:
    travel = series.travel
    point = series.latest
    year = point.year if point else None
    if stale:
        words = (
            f"{title(series)}: no figure since {label(travel.to_year or 0)}, so it decides nothing."
        )
    elif travel.label is Direction.TOO_FEW:
        words = f"{title(series)}: too few data to give a direction."
    elif travel.label is Direction.NOT_GIVEN:
        words = f"{title(series)}: no direction is given for this measure."
    else:
        likely = f" ({percent(travel.p_label)} likely)" if _said(travel) else ""
        since = f" since {label(travel.from_year)}" if travel.from_year is not None else ""
        way = travel.label.words(series.measure.high)
        words = f"{title(series)}: {way}{likely}{since}{_standing(series)}."
    return Because(words, "direction", series.key, year, _facts(series), decides=counts)


def _said(travel: Travel) -> bool:
    return travel.p_label is not None and travel.label is not Direction.NO_CLEAR_CHANGE


def _standing(series: Series) -> str:
    point = series.latest
    if point is None or point.value is None:
        return ""
    shown = f"; {series.measure.format(point.value, series.group)} in {label(point.year)}"
    if point.england is None:
        return shown
    return f"{shown}, England {series.measure.format(point.england, series.group)}"


def _facts(series: Series) -> tuple[tuple[str, str], ...]:
    point, travel, measure = series.latest, series.travel, series.measure
    facts: list[tuple[str, str]] = []
    if point is not None:
        facts.append(("Year", label(point.year)))
        if point.value is not None:
            facts.append(("This school", measure.format(point.value, series.group)))
        elif point.reason is not None:
            facts.append(("This school", point.reason.words))
        if point.england is not None:
            facts.append(("England", measure.format(point.england, series.group)))
        if point.difference is not None:
            facts.append(("Difference", measure.format_difference(point.difference)))
        if point.cohort is not None:
            facts.append(("Pupils", f"{point.cohort:.0f}"))
        if point.status:
            facts.append(("Status", point.status))
    facts.append(("Direction", travel.label.words(measure.high)))
    if travel.p_up is not None and travel.p_down is not None:
        facts.append(("Probability that the level rose", percent(travel.p_up)))
        facts.append(("Probability that the level fell", percent(travel.p_down)))
    if travel.from_year is not None and travel.to_year is not None:
        facts.append(("Years", f"{label(travel.from_year)} to {label(travel.to_year)}"))
    if travel.why:
        facts.append(("Why", travel.why))
    if point is not None and point.release:
        row = f", row {point.row}" if point.row is not None else ""
        facts.append(("Release", f"{point.release}{row}, {point.column}"))
        facts.append(("As published", point.raw))
    return tuple(facts)


def _pupils(cohort: float | None) -> str:
    return f", {cohort:.0f} pupil{'' if cohort == 1 else 's'}" if cohort is not None else ""


def _word(because: Because) -> str:
    direction = dict(because.figures).get("Direction", "")
    return direction.removeprefix("probably ")
