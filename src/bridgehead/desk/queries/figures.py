"""One series of a school in words: its newest figure, what it is set against, where it is going."""

import re
from dataclasses import dataclass

from bridgehead.core.years import label
from bridgehead.measures.model import High
from bridgehead.picture.model import Direction, Point, Series, Travel
from bridgehead.web import words

_NO_DIRECTION = (Direction.NOT_GIVEN, Direction.TOO_FEW)


@dataclass(frozen=True, slots=True)
class Line:
    """A series as a page shows it. ``direction`` and ``chance`` are empty for readers who see only
    published figures, ``reason`` says why there is no number, ``note`` whether high is good."""

    key: str
    title: str
    group: str
    year: str
    status: str
    note: str
    value: str
    behind: str
    reason: str
    england: str
    difference: str
    place: str
    direction: str = ""
    chance: str = ""

    @property
    def when(self) -> str:
        """Year, status and sense of the figure: ``2024/25 · revised · high is worse``."""
        return " · ".join(part for part in (self.year, self.status, self.note) if part)


def line(one: Series, *, full: bool) -> Line:
    """A series in words, with direction only where it may be seen in full."""
    point, measure, group = one.latest, one.measure, one.measure.groups[one.group]
    words_of_group = "" if one.group == "all" else group.label
    note = {High.WORSE: "high is worse", High.NEITHER: "neither good nor bad"}.get(measure.high, "")
    if point is None:
        return Line(
            one.key,
            measure.title,
            words_of_group,
            "",
            "",
            note,
            "",
            "",
            "never published",
            "",
            "",
            "",
        )
    return Line(
        key=one.key,
        title=measure.title,
        group=words_of_group,
        year=label(point.year),
        status=point.status,
        note=note,
        value=shown(one, point.value),
        behind=words.counted(round(point.cohort), "pupil") if point.cohort else "",
        reason=point.reason.words if point.reason else "",
        england=shown(one, point.england),
        difference=""
        if point.difference is None or group.is_gap
        else measure.format_difference(point.difference),
        place=place(point, one),
        direction=direction_words(one.travel, measure.high) if full else "",
        chance=chance_words(one.travel) if full else "",
    )


def shown(one: Series, value: float | None) -> str:
    """A value of a series as people read it; empty for none."""
    return "" if value is None else one.measure.format(value, one.group)


def place(point: Point, one: Series) -> str:
    """The rank among England's schools in words; empty where no distribution is loaded."""
    if point.percentile is None:
        return ""
    high = "better" if one.measure.high is not High.NEITHER else "higher"
    return words.place(point.percentile, "schools in England", high=high)


def direction_words(travel: Travel, high: High) -> str:
    """``Probably improving``; where high is worse a decline is called worsening."""
    if travel.label is Direction.NOT_GIVEN:
        return ""
    text = travel.label.words(high)
    return text[0].upper() + text[1:]


def chance_words(travel: Travel) -> str:
    """How likely, and since when: ``72% likely to be higher than in 2022/23, set against
    England``. Where there is no direction, why not."""
    if travel.label in _NO_DIRECTION or travel.p_up is None or travel.p_down is None:
        return travel.why
    up = travel.p_up >= travel.p_down
    since = "" if travel.from_year is None else f" than in {label(travel.from_year)}"
    chance = words.percent(travel.p_up if up else travel.p_down)
    return f"{chance} likely to be {'higher' if up else 'lower'}{since}, against England"


#: Where a school's name turns from its own into its kind.
_KINDS = re.compile(
    r"[( ]*\b(Academy|Alternative|C\.?E\.?|Church|Catholic|CofE|College|Community|Free|Grammar|High"
    r"|Infants?|Juniors?|Lower|Middle|Nursery|Primary|Pupil|R\.?C\.?|Roman|School|Secondary|Sixth"
    r"|Special|Technical|Upper|Voluntary)\b.*",
    re.IGNORECASE,
)


def short_name(name: str) -> str:
    """A school's own name without its kind, for the end of a line on a chart: ``Willow Lane``."""
    first, _, others = name.partition(" ")
    return f"{first} {_KINDS.sub('', f' {others}').strip()}".strip()
