"""What one chart says, in plain sentences for a parent: where the school stands, which way it is
going, and how sure that is.

Counts in place of percentages and chances in place of probabilities: "64 in 100 pupils", "7 chances
in 10". No word of statistics is used. What a reader may not see (a level, a direction) is left out
with ``full=False``; what nobody can know is said to be unknown.
"""

import re
from math import floor

from bridgehead.core.years import label
from bridgehead.measures.model import High, Law
from bridgehead.picture.beside_england import (
    figure_and_level,
    same_as_england,
    side_of_england,
)
from bridgehead.picture.model import Direction, Point, Series, Travel
from bridgehead.picture.words import gap_in_words, pupils_if_few

_WHO = {
    "all": "pupils",
    "disadvantaged": "disadvantaged pupils",
    "others": "pupils who are not disadvantaged",
    "boys": "boys",
    "girls": "girls",
    "eal": "pupils with English as an additional language",
    "prior_low": "pupils with low results before",
    "prior_middle": "pupils with middling results before",
    "prior_high": "pupils with high results before",
    "non_mobile": "pupils who did not change school late",
}
#: How the share of pupils in a title is said of pupils: pattern of the title → what they did.
_DID = (
    (re.compile(r"(?P<topic>.+): (?P<what>(?:expected|higher) standard)"), "reached the {what}"),
    (re.compile(r"(?P<topic>.+): (?P<what>greater depth)"), "worked at {what}"),
    (re.compile(r"(?P<topic>.+) at (?P<what>grade \d or above)"), "achieved {what}"),
    (re.compile(r"Persistent absence"), "missed a tenth or more of their sessions"),
)
#: Titles after which a figure can be told with "was"; the others are plural, or no noun at all.
_WAS = re.compile(
    r"(?:Overall|Severe) absence|(?:Attainment|Progress) 8|Prior attainment.*|.*score"
)
_WAYS = {
    Direction.IMPROVING: "has improved",
    Direction.PROBABLY_IMPROVING: "has probably improved",
    Direction.PROBABLY_DECLINING: "has probably got worse",
    Direction.DECLINING: "has got worse",
}
_SHARES = ((0.75, "most"), (0.45, "about half"), (0.29, "about a third"), (0.22, "about a quarter"))
#: Below this share nobody could tell the real part of a change from none.
_HARDLY = 0.005


def chart_sentence(one: Series, *, full: bool = True) -> str:
    """The chart of a series in a few sentences. Without ``full`` only what is published is told:
    no level, no direction."""
    point = one.latest
    if point is None:
        return "Nothing is published for this school."
    if point.value is None:
        return _no_figure(point)
    said = [f"{_stands(one, point, full=full)}{pupils_if_few(point)}"]
    if full:
        said += [_level(one, point), _way(one), _untold(one), _ahead(one)]
    said += [_since(one, point), _provisional(point)]
    return " ".join(part for part in said if part)


def chances(probability: float) -> str:
    """``about 7 chances in 10``; never none and never ten, which nothing is."""
    tenths = floor(probability * 10 + 0.5)
    if tenths >= 10:
        return "more than 9 chances in 10"
    return f"about {tenths} chances in 10" if tenths > 1 else "1 chance in 10 or less"


def share_in_words(share: float) -> str:
    """A share of a change: ``about 1 part in 30``, ``about half``, ``hardly any``."""
    if share < _HARDLY:
        return "hardly any"
    for least, words in _SHARES:
        if share >= least:
            return words
    parts = 1 / share
    nice = round(parts) if parts < 10 else round(parts / 5) * 5 if parts < 50 else round(parts, -1)
    return f"about 1 part in {nice:.0f}"


def _no_figure(point: Point) -> str:
    why = point.reason.words if point.reason else "nothing is published"
    return (
        f"No figure of this school can be shown for {label(point.year)}: {why}. So the chart "
        "cannot say where the school stands or which way it is going."
    )


def _stands(one: Series, point: Point, *, full: bool) -> str:
    """Where the school stands in its newest year, beside England."""
    value, england = point.value, point.england
    if value is None:
        return ""
    if one.group == "gap" and england is not None:
        return f"{gap_in_words(one, point, value, england)}."
    said = f"{_figure(one, value)} in {label(point.year)}"
    if england is not None and one.measure.england_compares:
        said += f"; {_beside(one, england, full=full)}"
    return f"{said}.{_sense(one)}"


def _figure(one: Series, value: float) -> str:
    """The figure as what pupils did, where it is a share of pupils, else under its title."""
    measure, who = one.measure, _WHO.get(one.group, one.measure.groups[one.group].label)
    if measure.stage == "ks5":
        who = who.replace("pupils", "students")
    if measure.unit == "percent" and measure.law is Law.PROPORTION:
        for pattern, did in _DID:
            if found := pattern.fullmatch(measure.title):
                parts = found.groupdict()
                topic = f" in {_inside(parts['topic'])}" if "topic" in parts else ""
                return f"{_in_hundred(value, who)} {did.format(**parts)}{topic}"
    title = measure.title if one.group == "all" else f"{measure.title}, {who}"
    figure = measure.format(value, one.group)
    was = one.group == "all" and ": " not in title and _WAS.fullmatch(title)
    return f"{title} was {figure}" if was else f"{title}: {figure}"


def _in_hundred(value: float, who: str) -> str:
    if value <= 0:
        return f"None of the {who}"
    if value >= 100:
        return f"All the {who}"
    whole = floor(value + 0.5)
    if whole in (0, 100):
        return f"{'Fewer than 1' if whole == 0 else 'More than 99'} in 100 {who}"
    return f"About {whole} in 100 {who}"


def _inside(topic: str) -> str:
    """A subject within a sentence: names of languages and of the Baccalaureate keep capitals."""
    if topic.startswith("English Baccalaureate"):
        return f"the {topic}"
    return topic if topic.startswith("English") else f"{topic[:1].lower()}{topic[1:]}"


def _beside(one: Series, england: float, *, full: bool) -> str:
    figure = one.measure.format(england, one.group)
    level = None if one.latest is None else one.latest.level
    if not full or level is None:
        return f"England’s figure was {figure}"
    side, apart = side_of_england(one), figure_and_level(one)
    if side == 0 and same_as_england(one):
        return f"that is the same as England’s ({figure})"
    if side == 0 and apart:
        return f"that is {apart[0]} England’s ({figure}), though the level under it is {apart[1]}"
    if side == 0:
        return f"that is not clearly different from England’s ({figure})"
    higher = (side > 0) == (one.measure.high is not High.WORSE)
    return f"that is clearly {'above' if higher else 'below'} England’s ({figure})"


def _sense(one: Series) -> str:
    if one.measure.high is High.WORSE:
        return " Lower is better."
    if one.measure.high is High.NEITHER:
        return " A high figure is neither good nor bad."
    if one.measure.signed and one.measure.england_for(one.group) is not None:
        return " 0 is the average in England."
    return ""


def _level(one: Series, point: Point) -> str:
    """The range of the level under the figure, which a year's luck does not move."""
    if point.low is None or point.high is None or one.measure.high is High.NEITHER:
        return ""
    low, high = point.low, point.high
    if one.measure.unit == "percent" and one.group != "gap":
        low, high = max(0.0, low), min(100.0, high)
    first, last = one.measure.format(low, one.group), one.measure.format(high, one.group)
    what = "the gap" if one.group == "gap" else "the school’s level"
    where = f"about {first}" if first == last else f"between {first} and {last}"
    said = f"Allowing for luck, {what} is likely (8 chances in 10) to be {where}"
    return f"{said}{_out_of_line(one, point)}."


def _out_of_line(one: Series, point: Point) -> str:
    """That the newest figure lies outside the range of the level, where the two are printed apart:
    nobody should take that for the way the school is going."""
    if point.value is None or point.low is None or point.high is None:
        return ""
    if point.low <= point.value <= point.high:
        return ""
    side, edge = ("below", point.low) if point.value < point.low else ("above", point.high)
    if one.measure.format(point.value, one.group) == one.measure.format(edge, one.group):
        return ""
    share = one.travel.share_real
    luck = ", and the part beyond it is more likely luck than change"
    return f": this figure lies {side} that{luck if share is not None and share < 0.5 else ''}"


def _way(one: Series) -> str:
    """Which way the school is going, set against England, and how sure that is."""
    travel = one.travel
    if travel.label is Direction.NOT_GIVEN:
        return ""
    if travel.label is Direction.TOO_FEW or travel.from_year is None:
        why = f": {travel.why}" if travel.why else ""
        return f"It is too early to say which way it is going{why}."
    since = f"since {label(travel.from_year)}"
    if travel.label is Direction.NO_CLEAR_CHANGE:
        return f"The figures cannot tell whether it has changed {since}{_real(one)}."
    way = _WAYS[travel.label]
    if one.measure.high is High.WORSE:
        way += " (fallen)" if "improved" in way else " (risen)"
    sure = "" if travel.p_label is None else f": {chances(travel.p_label)}"
    return f"Compared with England, it {way} {since}{sure}."


def _untold(one: Series) -> str:
    """That too few years are loaded to tell how fast schools really move, where that matters."""
    if one.travel.drift_told or one.travel.label in (Direction.NOT_GIVEN, Direction.TOO_FEW):
        return ""
    return (
        "So few years are loaded that they cannot tell how fast schools like this one really move; "
        "what is known of schools elsewhere stands in."
    )


def _ahead(one: Series) -> str:
    """What next year's figure will probably be, so that nobody takes it for a change."""
    ahead = one.ahead
    if ahead is None:
        return ""
    low, high = (one.measure.format(edge, one.group) for edge in (ahead.low, ahead.high))
    where = f"about {low}" if low == high else f"between {low} and {high}"
    return (
        f"As things stand, the figure of {label(ahead.year)} will probably "
        f"(8 chances in 10) be {where}: a figure in that range is no news."
    )


def _real(one: Series) -> str:
    """How much of the latest change is likely to be real, where the figure changed at all."""
    share = one.travel.share_real
    if share is None or not _changed(one, one.travel):
        return ""
    return f"; {share_in_words(share)} of the latest change is likely to be real"


def _changed(one: Series, travel: Travel) -> bool:
    known = [p for p in one.points if p.value is not None]
    return len(known) > 1 and known[-1].value != known[-2].value


def _since(one: Series, point: Point) -> str:
    """That a newer year has no figure, so that nobody takes an older one for the newest."""
    newest = one.points[-1]
    if newest.year <= point.year or newest.value is not None:
        return ""
    why = f": {newest.reason.words}" if newest.reason else ""
    return f"For {label(newest.year)} no figure is shown{why}."


def _provisional(point: Point) -> str:
    return "The figure is provisional and may change." if point.status == "provisional" else ""
