"""How well each school of a picture is matched, and what is to be expected of schools like it.

Worked out when it is asked for, from what the picture stores, and kept for a while: one series of
one kind of school in one year is asked once (``local``), and then any of its schools at once.

Where a series is loaded for a part of England only, few of a school's similar schools have a
figure. The nearest of those that have one then stand in for them, for all schools of the kind.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from bridgehead.picture import context, local
from bridgehead.picture.columns import Columns
from bridgehead.picture.model import Apart, Expectation, Match
from bridgehead.picture.nearest import HOW_MANY, Single, nearest
from bridgehead.picture.similar import bands, comparable, standardise

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: No school is measured against what it was matched on.
INPUT_SERIES = frozenset(key for one in context.INPUTS for key in one.series)


@dataclass(frozen=True)
class Kind:
    """Schools that are matched among one another: their positions in the picture, rising; their
    inputs in standard deviations, ``wide`` with twice the digits; their neighbours as positions
    among them; the mean distance of those; and their ages where these rule some of them out."""

    schools: Ints
    scaled: Single
    wide: Floats
    who: Ints
    distance: Floats
    ages: Floats | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A kind of school asked about one series in one year: how many ``schools`` have a figure, and
    whether others ``stand_in`` for the similar schools, few of which have one."""

    phase: local.Phase | None
    schools: int
    stand_in: bool


class Alike:
    """Reads the similar schools of a picture. ``frame`` holds the register's facts, ``inputs``
    (schools, inputs) the circumstances, ``who`` and ``distance`` (schools, 50) the neighbours, all
    by position; ``newest`` the newest URN of each school."""

    def __init__(
        self,
        frame: pl.DataFrame,
        inputs: Floats,
        who: npt.NDArray[np.int32],
        distance: npt.NDArray[np.float32],
        columns: Columns,
    ) -> None:
        self._frame, self._inputs, self._who, self._distance = frame, inputs, who, distance
        self._columns = columns
        self._newest = frame["urn"].to_numpy()
        self._kind = lru_cache(maxsize=12)(self._kind_of)
        # Each headline figure of each kind, and some of other years. They share the inputs, so
        # that each is little more than the outcomes; making one takes as long as two pages.
        self._phase = lru_cache(maxsize=64)(self._asked)

    @cached_property
    def _groups(self) -> tuple[Ints, list[Ints], list[Floats | None]]:
        """The kind that each school is matched in (−1 for none); the schools of each kind, and
        their ages where it holds schools of several bands."""
        whole = self._frame.select(
            kind=pl.col("phase").replace_strict(context.KIND_OF_PHASE, default=-1),
            low=pl.col("low_age").cast(pl.Float64).fill_null(np.nan),
            high=pl.col("high_age").cast(pl.Float64).fill_null(np.nan),
        )
        kind = whole["kind"].to_numpy().astype(np.int64)
        band = context.age_bands(whole["low"].to_numpy(), whole["high"].to_numpy(), kind)
        funded = self._frame["state_funded"].to_numpy()
        of = np.full(len(kind), -1, dtype=np.int64)
        among: list[Ints] = []
        ages: list[Floats | None] = []
        for match, schools in bands(np.where(funded, kind, -1), band):
            of[match] = len(among)
            mixed = bool((band[schools] != band[schools[0]]).any())
            among.append(schools.astype(np.int64))
            ages.append(whole[schools]["low", "high"].to_numpy() if mixed else None)
        return of, among, ages

    def _kind_of(self, group: int) -> Kind:
        schools = self._groups[1][group]
        found = self._who[schools].astype(np.int64)
        place = np.minimum(np.searchsorted(schools, found), len(schools) - 1)
        inside = (found >= 0) & (schools[place] == found)
        counts = (found >= 0).sum(axis=1)
        total = np.nansum(self._distance[schools].astype(np.float64), axis=1)
        scaled = standardise(context.scaled_for_distance(self._inputs[schools]))
        return Kind(
            schools,
            scaled,
            scaled.astype(np.float64),
            np.where(inside, place, -1),
            np.where(counts > 0, total / np.maximum(counts, 1), np.nan),
            self._groups[2][group],
        )

    def match(self, at: int) -> Match | None:
        """How well the school at a position is matched; ``None`` where it has nobody similar."""
        near = self._who[at][self._who[at] >= 0]
        group = int(self._groups[0][at])
        if group < 0 or not len(near):
            return None
        kind = self._kind(group)
        own = float(kind.distance[np.searchsorted(kind.schools, at)])
        others = kind.distance[~np.isnan(kind.distance)]
        phase = context.KIND_OF_PHASE[self._frame["phase"][at]]
        wanted = [k for k, one in enumerate(context.INPUTS) if phase in one.kinds]
        apart = {context.INPUTS[k].key: self._apart(at, near, k) for k in wanted}
        return Match(
            found=len(near),
            known=sum(one.own is not None for one in apart.values()),
            inputs=len(wanted),
            distance=own,
            usual=float(np.median(others)),
            looser=100 * float(np.mean(others > own)),
            apart=apart,
        )

    def _apart(self, at: int, near: Ints, k: int) -> Apart:
        own, others = float(self._inputs[at, k]), self._inputs[near, k]
        others = others[~np.isnan(others)]
        return Apart(
            own=None if np.isnan(own) else own,
            mean=float(others.mean()) if len(others) else None,
            known=len(others),
        )

    def _asked(self, group: int, number: int, year: int) -> _Asked:
        kind = self._kind(group)
        cells = self._columns.series(number).filter(
            (pl.col("year") == year) & pl.col("value").is_not_null()
        )
        outcome = np.full(len(self._newest), np.nan)
        outcome[np.searchsorted(self._newest, cells["urn"].to_numpy())] = cells["value"].to_numpy()
        outcome = outcome[kind.schools]
        there = np.flatnonzero(~np.isnan(outcome))
        who, stand_in = kind.who, False
        if len(there):
            have = ((who[there] >= 0) & ~np.isnan(outcome[who[there]])).sum(axis=1)
            stand_in = bool(np.median(have) < HOW_MANY / 2)
        if stand_in:
            alike = None if kind.ages is None else comparable(kind.ages)
            who = nearest(kind.scaled, None, alike, there.astype(np.int32)).who.astype(np.int64)
        of = local.phase(kind.wide, outcome, who)
        return _Asked(of, len(there), stand_in)

    def expected(self, at: int, key: str, number: int, year: int | None) -> Expectation | None:
        """What to expect of the school at a position on the series of this key and number, in the
        year asked, else the newest in which it has a figure. ``None`` where too little is known,
        and for what schools are matched on."""
        group = int(self._groups[0][at])
        if group < 0 or key in INPUT_SERIES:
            return None
        cells = self._columns.series(number)
        own = cells.filter((pl.col("urn") == self._newest[at]) & pl.col("value").is_not_null())
        if year is None:
            newest = own["year"].max() if own.height else cells["year"].max()
            year = int(str(newest))
        values = own.filter(pl.col("year") == year)["value"]
        asked = self._phase(group, number, year)
        if asked.phase is None:
            return None
        found = local.expect(asked.phase, np.searchsorted(self._kind(group).schools, [at]))
        if np.isnan(found.value[0]):
            return None
        low, high = float(found.low[0]), float(found.high[0])
        middle = float(found.value[0])
        if self._columns.clips(number):
            low, middle, high = (min(max(one, 0.0), 100.0) for one in (low, middle, high))
        return Expectation(
            key=key,
            year=year,
            value=float(values[0]) if len(values) else None,
            expected=middle,
            low=low,
            high=high,
            near=int(found.near[0]),
            schools=asked.schools,
            stand_in=asked.stand_in,
        )
