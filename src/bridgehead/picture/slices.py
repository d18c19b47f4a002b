"""One school's slice of a picture: its series, each made when it is first asked for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, TypeVar, overload

import numpy as np
import numpy.typing as npt

from bridgehead.core.figures import reason_of
from bridgehead.measures.model import High, Measure
from bridgehead.picture.labels import DIRECTIONS, WHY
from bridgehead.picture.model import Point, Series, Travel
from bridgehead.picture.store import NONE

#: Single precision is rounded back to what people wrote.
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class About:
    """One series of the picture: ``england`` by the phase of England's row, then by year; ``clip``
    where levels cannot leave 0 to 100."""

    key: str
    measure: Measure
    group: str
    england: tuple[dict[int, float], ...]
    clip: bool

    @property
    def is_headline(self) -> bool:
        """Of a headline measure that has a better side, for all pupils."""
        one = self.measure
        return self.group == "all" and one.headline and one.high is not High.NEITHER


@dataclass(frozen=True, slots=True)
class Shared:
    """What all slices of a picture read from: its series, its raw texts, and its origins
    (release, column, status)."""

    about: tuple[About, ...]
    texts: list[str]
    origins: list[tuple[str, str, str]]


T = TypeVar("T")


class WhenRead(Sequence[T]):
    """A sequence that is made when it is first read. Its length is known before."""

    def __init__(self, length: int, make: Callable[[], tuple[T, ...]]) -> None:
        self._length, self._make = length, make

    @cached_property
    def _made(self) -> tuple[T, ...]:
        return self._make()

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[T]:
        return iter(self._made)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[T, ...]: ...
    def __getitem__(self, at: int | slice) -> T | tuple[T, ...]:
        return self._made[at]


class SeriesOfSchool(Mapping[str, Series]):
    """The series of one school by key. ``cells`` and ``travels`` are its records, by series."""

    def __init__(self, shared: Shared, cells: npt.NDArray[Any], travels: npt.NDArray[Any]) -> None:
        self._shared, self._cells, self._travels = shared, cells, travels
        numbers = travels["series"]
        starts = np.searchsorted(cells["series"], numbers).tolist()
        self._spans = {
            shared.about[number].key: (number, order, start, stop)
            for order, (number, start, stop) in enumerate(
                zip(numbers.tolist(), starts, [*starts, len(cells)][1:], strict=True)
            )
        }
        self._made: dict[str, Series] = {}

    @property
    def headlines(self) -> tuple[str, ...]:
        """See ``model.SchoolPicture``."""
        about = self._shared.about
        return tuple(key for key, span in self._spans.items() if about[span[0]].is_headline)

    @cached_property
    def _columns(self) -> list[list[Any]]:
        return _columns(self._cells)

    @cached_property
    def _travelled(self) -> list[tuple[Any, ...]]:
        return _travels(self._travels)

    def __getitem__(self, key: str) -> Series:
        if key not in self._made:
            number, order, start, stop = self._spans[key]
            about = self._shared.about[number]
            self._made[key] = Series(
                key,
                about.measure,
                about.group,
                WhenRead(stop - start, partial(self._points, about, start, stop)),
                travel_of(self._travelled[order], clip=about.clip),
            )
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._spans)

    def __len__(self) -> int:
        return len(self._spans)

    def __contains__(self, key: object) -> bool:
        return key in self._spans

    def _points(self, about: About, start: int, stop: int) -> tuple[Point, ...]:
        texts, origins, england = self._shared.texts, self._shared.origins, about.england
        points = []
        for (
            year,
            reason,
            phase,
            origin,
            row,
            raw,
            value,
            cohort,
            percentile,
            place,
            median,
            level,
            low,
            high,
        ) in zip(*(column[start:stop] for column in self._columns), strict=True):
            release, column, status = origins[origin]
            points.append(
                Point(
                    year=year,
                    value=value,
                    raw=texts[raw],
                    reason=reason_of(reason),
                    cohort=cohort,
                    england=england[phase].get(year, england[0].get(year)),
                    percentile=percentile,
                    similar_place=place,
                    similar_median=median,
                    level=level,
                    low=low if low is None or not about.clip else max(low, 0.0),
                    high=high if high is None or not about.clip else min(high, 100.0),
                    release=release,
                    row=row,
                    column=column,
                    status=status,
                )
            )
        return tuple(points)


def _columns(cells: npt.NDArray[Any]) -> list[list[Any]]:
    """The fields of ``Point`` that are stored, over a whole school at once."""
    level, half = cells["level"].astype(np.float64), cells["half"].astype(np.float64)
    plain = [cells[n].tolist() for n in ("year", "reason", "phase", "origin", "row", "raw")]
    return [
        *plain,
        nullable(cells["value"]),
        nullable(cells["cohort"]),
        nullable(shares(cells["percentile"])),
        nullable(shares(cells["place"])),
        nullable(cells["median"]),
        nullable(level),
        nullable(level - half),
        nullable(level + half),
    ]


def nullable(values: npt.NDArray[Any]) -> list[Any]:
    """Numbers as people wrote them, ``None`` for NaN."""
    exact = values.astype(np.float64).round(DECIMALS)
    found = exact.astype(object)
    found[np.isnan(exact)] = None
    return list(found.tolist())


def shares(stored: npt.NDArray[np.uint16]) -> npt.NDArray[np.float64]:
    """Stored hundredths as 0 to 100, NaN where there is none."""
    return np.where(stored == NONE, np.nan, stored / 100)


def _travels(records: npt.NDArray[Any]) -> list[tuple[Any, ...]]:
    """The records of a whole school at once: whole numbers as they are, the others ``nullable``."""
    names = records.dtype.names or ()
    fields = [
        nullable(records[name]) if records[name].dtype.kind == "f" else records[name].tolist()
        for name in names
    ]
    return list(zip(*fields, strict=True))


def travel_of(record: tuple[Any, ...], *, clip: bool = False) -> Travel:
    """A record of ``_travels`` as people read it; ``clip`` where figures cannot leave 0 to 100."""
    _, label, why, from_year, to_year, *numbers, forecast_year, told = record
    p_up, p_down, change, share, forecast, half = numbers
    low = high = None
    if forecast is not None and half is not None:
        low, high = round(forecast - half, DECIMALS), round(forecast + half, DECIMALS)
        if clip:
            forecast = min(max(forecast, 0.0), 100.0)
            low, high = max(low, 0.0), min(high, 100.0)
    return Travel(
        label=DIRECTIONS[label],
        p_up=p_up,
        p_down=p_down,
        from_year=None if from_year < 0 else from_year,
        to_year=None if to_year < 0 else to_year,
        change=change,
        share_real=share,
        why=WHY[why],
        forecast_year=None if forecast is None else forecast_year,
        forecast=forecast,
        forecast_low=low,
        forecast_high=high,
        drift_told=bool(told),
    )
