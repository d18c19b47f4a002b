"""A school's picture in sentences that a parent understands, significant things first.

A school is called above or below England only where the 80 % interval of its level lies wholly on
one side, and compared with similar schools only where that interval clears their median. One
year's figure alone never makes a claim.
"""

from collections.abc import Collection
from dataclasses import dataclass
from math import floor

from bridgehead.core.years import label
from bridgehead.measures.model import High
from bridgehead.measures.wording import bare, with_unit
from bridgehead.picture.beside_england import (
    figure_and_level,
    prints_as_nought,
    same_as_england,
    side_of_england,
    strength,
)
from bridgehead.picture.model import Direction, Point, SchoolPicture, Series

#: A place among similar schools that is worth a sentence: the outer fifths.
OUTER = 20
DIALS = 5
#: A figure of no more pupils than this says how many they are.
FEW_PUPILS = 10

_RESULTS = {
    "ks2": "Results at the end of key stage 2",
    "ks4": "Results at the end of key stage 4",
    "ks5": "Results at the end of 16 to 18 study",
}
#: Which stages speak first for which phase; the others follow in reading order.
_FIRST = {"secondary": ("ks4", "ks5"), "all-through": ("ks4", "ks2"), "16-18": ("ks5",)}
_TENTHS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MOVING = (
    Direction.IMPROVING,
    Direction.PROBABLY_IMPROVING,
    Direction.PROBABLY_DECLINING,
    Direction.DECLINING,
)


@dataclass(frozen=True, slots=True)
class Standout:
    """A figure that lies clearly on one side of England's. ``strength`` counts standard errors,
    ``better`` says on which side; ``words`` is the sentence."""

    key: str
    better: bool
    strength: float
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Sentences, the most telling first. ``provisional`` where a figure behind them is."""

    sentences: tuple[str, ...]
    provisional: bool = False
    keys: tuple[str, ...] = ()  # the series that the sentences speak of

    @property
    def text(self) -> str:
        """All sentences as one paragraph."""
        return " ".join(self.sentences)


def headline_series(school: SchoolPicture) -> list[Series]:
    """Up to five series for dials: headline measures of all pupils with a number and a better side,
    shared fairly between the stages that the school has."""
    by_stage: dict[str, list[Series]] = {}
    for key in school.headlines:
        one = school.series[key]
        newest = one.latest
        if newest is not None and newest.value is not None:
            by_stage.setdefault(one.measure.stage, []).append(one)
    first = _FIRST.get(school.school.phase, ())
    stages = sorted(by_stage, key=lambda s: first.index(s) if s in first else len(first))
    chosen: list[Series] = []
    for depth in range(DIALS):
        for stage in stages:
            if depth < len(by_stage[stage]) and len(chosen) < DIALS:
                chosen.append(by_stage[stage][depth])
    return sorted(chosen, key=lambda one: stages.index(one.measure.stage))


def what_stands_out(
    school: SchoolPicture, most: int = 5, *, without: Collection[str] = ()
) -> list[Standout]:
    """The figures that lie clearly on one side of England's, headline measures first, then the
    strongest; the gap for disadvantaged pupils is among them. ``without`` names series of which
    enough has been said."""
    found = []
    for key in school.series:
        one = school.series[key]
        if key in without:
            continue
        if one.group in ("all", "gap") and (side := side_of_england(one)):
            found.append((one, side))
    found.sort(key=lambda pair: (not pair[0].measure.headline, -abs(strength(pair[0]))))
    return [
        Standout(one.key, side > 0, abs(strength(one)), _stands(one, side))
        for one, side in found[:most]
    ]


def verdict(school: SchoolPicture, *, direction: bool = True) -> Verdict:
    """The school in a few sentences. Without ``direction`` nothing is said of direction of travel
    (a reader from another school sees published figures only)."""
    dials = headline_series(school)
    if not dials:
        return Verdict((_nothing(school),))
    spoken = _one_a_stage(dials)
    sentences = [_sentence(one, direction=direction) for one in spoken]
    sentences += _beside_similar(dials)
    newest = [one.latest for one in spoken]
    provisional = any(point is not None and point.status == "provisional" for point in newest)
    if provisional:
        sentences.append("The newest figures are provisional and may change.")
    return Verdict(tuple(sentences), provisional, tuple(one.key for one in spoken))


def _one_a_stage(dials: list[Series]) -> list[Series]:
    """The first series of each stage; of absence the one that says most."""
    chosen: dict[str, Series] = {}
    for one in dials:
        held = chosen.get(one.measure.stage)
        stronger = held is not None and abs(strength(one)) > abs(strength(held))
        if held is None or (one.measure.stage not in _RESULTS and stronger):
            chosen[one.measure.stage] = one
    return list(chosen.values())


def _subject(one: Series) -> tuple[str, str]:
    """The figure in words and its verb."""
    if one.group == "all" and one.measure.stage in _RESULTS:
        return _RESULTS[one.measure.stage], "are"
    title = one.measure.title if one.group == "all" else f"{one.measure.title}, {one.group}"
    return title, "is"


def _sentence(one: Series, *, direction: bool) -> str:
    subject, be = _subject(one)
    point = one.latest
    if point is None:
        return ""
    text = f"{subject} in {label(point.year)} {_were(be)} {_standing(one)}"
    return f"{text}{_travelling(one, be) if direction else ''}.{pupils_if_few(point)}"


def _were(be: str) -> str:
    return "were" if be == "are" else "was"


def _standing(one: Series) -> str:
    point, side = one.latest, side_of_england(one)
    if point is None or point.value is None:
        return "not published"
    figure = one.measure.format(point.value, one.group)
    if point.england is None:
        return f"{figure}; England’s figure is not loaded"
    apart = figure_and_level(one)
    if side == 0 and same_as_england(one):
        words = "the same as England’s"
    elif side == 0 and apart:
        it = "them" if _subject(one)[1] == "are" else "it"
        words = f"{apart[0]} England’s, though the level under {it} is {apart[1]}"
    elif side == 0:
        words = "not clearly different from England’s"
    else:
        higher = (side > 0) == (one.measure.high is High.BETTER)
        words = "above England’s" if higher else "below England’s"
    england = one.measure.format(point.england, one.group)
    if one.measure.stage in _RESULTS:
        return f"{words} ({one.measure.short}: {figure}; England {england})"
    return f"{words} ({figure}; England {england})"


def _travelling(one: Series, be: str) -> str:
    travel = one.travel
    if travel.label in _MOVING and travel.from_year is not None:
        way = travel.label.words(one.measure.high)
        return f", and {be} {way} (compared with England, since {label(travel.from_year)})"
    if travel.label is Direction.NO_CLEAR_CHANGE and travel.from_year is not None:
        return f", with no clear change since {label(travel.from_year)}"
    if travel.label is Direction.TOO_FEW:
        return "; there are too few data to say which way it is going"
    return ""


def pupils_if_few(point: Point) -> str:
    """How many pupils a figure is of, where that is so few that each of them moves it."""
    if point.cohort is None or not 0 < point.cohort <= FEW_PUPILS:
        return ""
    pupils = round(point.cohort)
    return f" It is a figure of {pupils} pupil{'' if pupils == 1 else 's'} only."


def _stands(one: Series, side: int) -> str:
    point = one.latest
    if point is None:
        return ""
    if one.group == "gap" and point.value is not None and point.england is not None:
        return f"{gap_in_words(one, point, point.value, point.england)}.{pupils_if_few(point)}"
    subject = one.measure.title if one.group == "all" else f"{one.measure.title}, {one.group}"
    which = "better" if side > 0 else "worse"
    said = f"{subject} in {label(point.year)}: {_standing(one)}, which is {which}."
    return f"{said}{pupils_if_few(point)}"


def gap_in_words(one: Series, point: Point, value: float, england: float) -> str:
    """How far disadvantaged pupils here are from other pupils in England."""
    measure, when = one.measure, f"In {label(point.year)}"
    far = with_unit(bare(abs(value), measure.decimals), measure.unit)
    way = f"{far} {'below' if value < 0 else 'above'}"
    level = prints_as_nought(value, one)
    nationally = f"nationally the gap is {bare(abs(england), measure.decimals)}"
    if england > 0:
        nationally = f"nationally they are {bare(england, measure.decimals)} above"
    topic, _, what = measure.title.partition(": ")
    if measure.stage == "ks2" and what:
        in_topic = f"in {topic[0].lower()}{topic[1:]}"
        if measure.unit == "percent":
            standard = what if what.startswith("greater") else f"the {what}"
            subject = f"the share of disadvantaged pupils at {standard} {in_topic}"
        else:
            subject = f"disadvantaged pupils’ {what} {in_topic}"
        than = f"{'the same as' if level else way} that of other pupils in England"
        return f"{when} {subject} was {than} ({nationally})"
    return (
        f"{when} disadvantaged pupils were {'level with' if level else way} other pupils in "
        f"England on {measure.title} ({nationally})"
    )


def _beside_similar(dials: list[Series]) -> list[str]:
    """At most one sentence: the figure that stands furthest out among similar schools."""
    told = []
    for one in dials:
        point = one.latest
        if point is not None and _clears_median(point) and point.similar_place is not None:
            told.append((abs(point.similar_place - 50), one, point))
    if not told:
        return []
    _, one, point = max(told, key=lambda item: item[0])
    place = point.similar_place or 0.0
    better = place >= 50
    tenths = min(10, floor((place if better else 100 - place) / 10 + 0.5))
    many = "nearly all" if tenths == 10 else f"{_TENTHS[tenths]} of ten"
    higher = better == (one.measure.high is High.BETTER)
    title = one.measure.title
    return [f"{title} is {'higher' if higher else 'lower'} than in {many} similar schools."]


def _clears_median(point: Point) -> bool:
    """In an outer fifth of similar schools, with an interval that does not hold their median."""
    if point.similar_place is None or point.similar_median is None:
        return False
    if point.low is None or point.high is None or OUTER < point.similar_place < 100 - OUTER:
        return False
    return not point.low <= point.similar_median <= point.high


def _nothing(school: SchoolPicture) -> str:
    detail = school.school.phase_detail.casefold()
    if any(word in detail for word in ("infant", "first", "nursery")):
        return "Pupils leave before the national tests that are published, so there are no results."
    return "No published results are loaded for this school."
