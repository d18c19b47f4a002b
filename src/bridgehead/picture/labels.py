"""Direction in words: thresholds, the window looked at, and what is too little to say anything."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bridgehead.measures.model import High, Law, Measure
from bridgehead.picture.direction import Floats, Ints
from bridgehead.picture.model import Direction

LIKELY = 0.80
PROBABLE = 0.65
#: The window runs over the newest years that have figures, this many of them. Five years of a
#: primary school hold about three hundred pupils: enough to tell drift from luck now and then,
#: recent enough to be about the school as it is. Gaps count as the years that they are …
FIGURES = 5
#: … but nothing older than this many years before the newest is looked at.
REACH = 10
FEWEST_YEARS = 3
FEWEST_PUPILS = 30
#: The smallest change that matters: points of a percentage, or a share of the between-school SD.
POINTS = 2.5
SHARE_OF_SD = 0.1

#: Stored as a small integer, so the order is part of the format.
DIRECTIONS: tuple[Direction, ...] = tuple(Direction)

WHY = (
    "",
    f"fewer than {FEWEST_YEARS} years of figures",
    f"fewer than {FEWEST_PUPILS} pupils in all the years together",
    "this measure has no better or worse",
    "a count of who is at the school, not of how well it does",
    "no figures",
    "too few figures of all the school’s pupils in the same years to compare with",
)
FINE, FEW_YEARS, FEW_PUPILS, NEITHER, COUNT, NOTHING, APART = range(len(WHY))


@dataclass(frozen=True, slots=True)
class Window:
    """Positions in the years of a panel, one a school; −1 where there is none."""

    first: Ints
    last: Ints
    before: Ints  # the year with a figure before the last
    count: Ints  # years with figures in the window


def window(seen: Floats, years: Ints) -> Window:
    """Which years direction looks from and to, school by school. ``seen`` is (years, schools)."""
    there = ~np.isnan(seen)
    times, schools = there.shape
    last = np.full(schools, -1, dtype=np.int64)
    before, first = last.copy(), last.copy()
    newest = np.zeros(schools, dtype=np.int64)
    held = np.zeros(schools, dtype=np.int64)
    count = np.zeros(schools, dtype=np.int64)
    for t in range(times - 1, -1, -1):
        held += there[t]
        last = np.where(there[t] & (held == 1), t, last)
        newest = np.where(last == t, years[t], newest)
        before = np.where(there[t] & (held == 2), t, before)
        inside = there[t] & (held <= FIGURES) & (years[t] >= newest - REACH)
        first = np.where(inside, t, first)
        count += inside
    return Window(first, last, before, count)


def smallest_change(measure: Measure, between_sd: float) -> float:
    """The change of level that counts as one: 2.5 points of a percentage of pupils, a tenth of the
    between-school standard deviation of everything else."""
    if measure.law is Law.PROPORTION and measure.unit == "percent":
        return POINTS
    return SHARE_OF_SD * between_sd


def verdicts(
    measure: Measure, up: Floats, down: Floats, count: Ints, pupils: Floats
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Labels (positions in ``DIRECTIONS``) and reasons (in ``WHY``) of many schools.

    ``pupils`` is the sum over years, NaN where the publisher gives no cohort.
    """
    better, worse = (down, up) if measure.high is High.WORSE else (up, down)
    label = np.full(up.shape, DIRECTIONS.index(Direction.NO_CLEAR_CHANGE), dtype=np.uint8)
    for words, chance, least in (
        (Direction.PROBABLY_IMPROVING, better, PROBABLE),
        (Direction.PROBABLY_DECLINING, worse, PROBABLE),
        (Direction.IMPROVING, better, LIKELY),
        (Direction.DECLINING, worse, LIKELY),
    ):
        label[np.nan_to_num(chance) >= least] = DIRECTIONS.index(words)
    why = np.full(up.shape, FINE, dtype=np.uint8)
    why[pupils < FEWEST_PUPILS] = FEW_PUPILS
    why[count < FEWEST_YEARS] = FEW_YEARS
    why[count == 0] = NOTHING
    label[why != FINE] = DIRECTIONS.index(Direction.TOO_FEW)
    return label, why
