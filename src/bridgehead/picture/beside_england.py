"""On which side of England a school's newest figure and its level lie, as far as it is printed."""

from bridgehead.measures.model import High
from bridgehead.measures.wording import bare
from bridgehead.picture.direction import EIGHTY
from bridgehead.picture.model import Series


def side_of_england(one: Series) -> int:
    """+1 where the school's level is clearly better than England's, −1 where clearly worse, 0
    where the interval holds England's figure, nothing is known, the newest published figure lies
    on the other side (nobody believes "below" beside a figure that is above), or the two differ by
    less than is printed (nobody believes "0.00, below England's 0.00")."""
    steps, point = strength(one), one.latest
    if abs(steps) <= EIGHTY or point is None:
        return 0
    published, side = point.difference, 1 if steps > 0 else -1
    if published is None:
        return side
    if prints_as_nought(published, one) or same_as_england(one):
        return 0
    better = -published if one.measure.high is High.WORSE else published
    return side if better * side > 0 else 0


def same_as_england(one: Series) -> bool:
    """Whether the newest published figure is printed as England's is."""
    point = one.latest
    if point is None or point.value is None or point.england is None:
        return False
    here, there = (one.measure.format(v, one.group) for v in (point.value, point.england))
    return here == there


def figure_and_level(one: Series) -> tuple[str, str] | None:
    """``("below", "above")`` where the newest published figure lies below England's and the level
    under it clearly above, or the other way round; None where the two do not disagree in print."""
    point = one.latest
    if point is None or point.difference is None or point.low is None or point.high is None:
        return None
    if point.england is None or prints_as_nought(point.difference, one) or same_as_england(one):
        return None
    if point.difference < 0 and point.low > point.england:
        return "below", "above"
    if point.difference > 0 and point.high < point.england:
        return "above", "below"
    return None


def prints_as_nought(difference: float, one: Series) -> bool:
    """Whether a difference is printed as nought."""
    return not bare(difference, one.measure.decimals).strip("0.")


def strength(one: Series) -> float:
    """Level less England's in standard errors of the level, better positive; 0 where unknown."""
    point = one.latest
    if point is None or point.level is None or point.england is None or point.high is None:
        return 0.0
    error = max(point.high - point.level, point.level - (point.low or 0.0), 1e-9) / EIGHTY
    steps = (point.level - point.england) / error
    return -steps if one.measure.high is High.WORSE else steps
