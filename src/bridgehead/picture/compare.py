"""One series beside England, beside similar schools and against its own past, made into records.

Nothing here reads or writes a file or changes what it is given, so that series may be compared side
by side.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.measures.model import High, Measure
from bridgehead.picture import store as disk
from bridgehead.picture.estimate import Fit
from bridgehead.picture.noise import Seen, block
from bridgehead.picture.pool import Base, One
from bridgehead.picture.roster import Roster
from bridgehead.picture.standing import among_similar, percentile, ranked
from bridgehead.picture.travel import Travels, travels, travels_together
from bridgehead.picture.values import Cells, for_schools

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Around:
    """What is the same for every series: who the schools are, their ``context`` (schools, inputs)
    on the scales of distance, their pupils on ``roll``, and ``who`` (schools, 50) is similar."""

    roster: Roster
    context: npt.NDArray[np.float64]
    roll: npt.NDArray[np.float64]
    who: npt.NDArray[np.int32]

    def slim(self) -> "Around":
        """The same without what is not needed to compare."""
        return replace(self, roster=self.roster.slim())


@dataclass(frozen=True, slots=True)
class Compared:
    """A series as stored: ``cells`` by school, then year, with the ``school`` of each; ``travels``
    with one record for each school of ``which``."""

    cells: disk.Records
    school: Ints
    travels: disk.Records
    which: Ints
    fits: dict[int, Fit]


def compare_measure(
    around: Around,
    measure: Measure,
    series: Sequence[tuple[str, int, Cells]],
    said: Travels | None,
) -> list[Compared]:
    """The series (group, number, cells) of one measure. That of all pupils, if there is one, comes
    first: the groups are drawn to where their school stands. ``said`` is its direction where it was
    worked with others."""
    found, base = [], None
    for group, number, cells in series:
        one, own = compare(
            around, measure, cells, number, said=said if group == "all" else None, base=base
        )
        if group == "all" and len(series) > 1:
            base = own()
        found.append(one)
    return found


def together(around: Around, series: Sequence[tuple[Measure, Cells, bool]]) -> list[Travels]:
    """Direction of series of all pupils that inform one another (measure, cells, whether it is an
    outcome), over all schools."""
    everybody = np.arange(len(around.roster.urn))
    return travels_together(
        [
            One(_seen(around, measure, cells, everybody), measure, outcome)
            for measure, cells, outcome in series
        ]
    )


def compare(
    around: Around,
    measure: Measure,
    cells: Cells,
    number: int,
    *,
    said: Travels | None = None,
    base: Base | None = None,
) -> tuple[Compared, Callable[[], Base]]:
    """The records of one series, whose number is ``number``, and what its groups of pupils need of
    it. ``said`` is its direction where it was worked with others, ``base`` where its schools stand
    when it is of a group of pupils."""
    which = np.flatnonzero(cells.there.any(axis=0))
    if said is not None:
        said = said.take(which)
    else:
        own = None if base is None else base.take(which)
        said = travels(_seen(around, measure, cells, which), measure, own)

    def part(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Of those schools that have the series (the last axis)."""
        return values if len(which) == len(around.roster.urn) else values[..., which]

    records = np.zeros((len(which), len(cells.years)), dtype=disk.CELL)
    records["series"] = number
    records["year"] = cells.years
    records["phase"] = part(around.roster.compared)[:, None]
    for name in ("reason", "origin", "row", "raw", "value", "cohort"):
        records[name] = part(getattr(cells, name)).T
    records["level"], records["half"] = said.level.T, said.half.T
    _place(records, around, measure, cells, which)
    present, flat = part(cells.there).T, records.ravel()
    found = Compared(
        cells=flat if present.all() else flat.take(np.flatnonzero(present), mode="clip"),
        school=np.repeat(which, present.sum(axis=1)),
        travels=_travels(said, number),
        which=which,
        fits=said.fits,
    )
    own_base, everybody = said.base, len(around.roster.urn)
    return found, lambda: own_base.spread(which, everybody)


def _seen(around: Around, measure: Measure, cells: Cells, which: Ints) -> Seen:
    """The series of some schools as the model of direction takes it."""
    pool, _ = around.roster.pools(measure.stage)
    national = for_schools(cells.national, around.roster.compared)
    every = block(cells.value, None, which)
    return Seen(
        years=cells.years,
        value=cells.value[every],
        national=national[every],
        cohort=cells.cohort[every].astype(np.float64),
        roll=around.roll[which],
        pool=pool[which],
        context=around.context[which],
        less=None if cells.less is None else cells.less[every],
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
    for name in disk.TRAVEL.names or ():
        if name != "series":
            records[name] = getattr(said, name)
    return records
