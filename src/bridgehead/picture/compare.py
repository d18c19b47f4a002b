"""One series beside England, beside similar schools and against its own past, made into records.

Nothing here reads or writes a file or changes what it is given, so that series may be compared side
by side.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.measures.model import High, Measure
from bridgehead.picture import store as disk
from bridgehead.picture.estimate import Fit
from bridgehead.picture.roster import Roster
from bridgehead.picture.standing import among_similar, percentile, ranked
from bridgehead.picture.travel import Seen, Travels, travels
from bridgehead.picture.values import Cells, for_schools

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Around:
    """What is the same for every series: who the schools are, their ``context`` (schools, inputs)
    on the scales of distance, their pupils on ``roll``, and ``who`` (schools, 50) is similar."""

    roster: Roster
    context: npt.NDArray[np.float64]
    roll: npt.NDArray[np.float64]
    who: Ints


@dataclass(frozen=True, slots=True)
class Compared:
    """A series as stored: ``cells`` by school, then year, with the ``school`` of each; ``travels``
    with one record for each school of ``which``."""

    cells: disk.Records
    school: Ints
    travels: disk.Records
    which: Ints
    fits: dict[int, Fit]


def compare(around: Around, measure: Measure, cells: Cells, number: int) -> Compared:
    """The records of one series, whose number is ``number``."""
    which = np.flatnonzero(cells.there.any(axis=0))
    whole = len(which) == len(around.roster.urn)

    def part(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Of those schools that have the series (the last axis)."""
        return values if whole else values[..., which]

    pool, _ = around.roster.pools(measure.stage)
    seen = Seen(
        years=cells.years,
        value=part(cells.value),
        national=part(for_schools(cells.national, around.roster.compared)),
        cohort=part(cells.cohort).astype(np.float64),
        roll=part(around.roll),
        pool=part(pool),
        context=around.context if whole else around.context[which],
    )
    said = travels(seen, measure)
    records = np.zeros((len(which), len(cells.years)), dtype=disk.CELL)
    records["series"] = number
    records["year"] = cells.years
    records["phase"] = part(around.roster.compared)[:, None]
    for name in ("reason", "origin", "row", "raw", "value", "cohort"):
        records[name] = part(getattr(cells, name)).T
    records["level"], records["half"] = said.level.T, said.half.T
    _place(records, around, measure, cells, which)
    present = part(cells.there).T
    return Compared(
        cells=records.ravel().take(np.flatnonzero(present), mode="clip"),
        school=np.repeat(which, present.sum(axis=1)),
        travels=_travels(said, number),
        which=which,
        fits=said.fits,
    )


def _place(
    records: npt.NDArray[Any], around: Around, measure: Measure, cells: Cells, which: Ints
) -> None:
    """Write where each school stands in England and among similar schools, in every year."""
    worse = measure.high is High.WORSE
    pool, counts = around.roster.pools(measure.stage)
    whole = len(which) == len(around.who)
    figures = ranked(cells.value)
    share = percentile(figures, np.where(counts, pool, -1), worse=worse)
    share[~cells.england] = np.nan  # the whole of England is not loaded
    records["percentile"] = disk.hundredths(share if whole else share[:, which]).T
    similar = around.who if whole else around.who[which]
    place, records["median"] = among_similar(figures, similar.T, which, worse=worse)
    records["place"] = disk.hundredths(place)


def _travels(said: Travels, number: int) -> disk.Records:
    records = np.zeros(len(said.label), dtype=disk.TRAVEL)
    records["series"] = number
    for name in ("label", "why", "from_year", "to_year", "p_up", "p_down", "change", "share"):
        records[name] = getattr(said, name)
    return records
