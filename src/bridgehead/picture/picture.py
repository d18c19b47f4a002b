"""Open a built picture and read slices of it.

The web and the terminal read pictures through this class alone; they never recompute.
"""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from bridgehead.core.figures import REASONS
from bridgehead.measures.model import Measure
from bridgehead.opendata.releases import Store
from bridgehead.picture import build, context
from bridgehead.picture import store as disk
from bridgehead.picture.alike import Alike
from bridgehead.picture.columns import Columns
from bridgehead.picture.frozen import thaw
from bridgehead.picture.model import (
    Expectation,
    Framework,
    Inspection,
    Match,
    Neighbour,
    NoPicture,
    Regraded,
    School,
    SchoolPicture,
)
from bridgehead.picture.roster import pools
from bridgehead.picture.slices import DECIMALS, About, SeriesOfSchool, Shared, WhenRead, nullable
from bridgehead.picture.tables import NATIONAL_PHASES

__all__ = ["NoPicture", "Picture", "ensure"]

_SCHOOL_FIELDS = tuple(School.__dataclass_fields__)
_NO_PICTURE = NoPicture(
    "There is no picture yet.", "Run: bridgehead load FILES…, then: bridgehead picture"
)

_NOT_RANKED = (
    "Only state-funded mainstream schools and colleges are ranked against one another; this one is "
    "not among them, so it has no place. England’s own figure is shown where it is published."
)


class Picture:
    """One immutable, memory-mapped picture. Open one per request and keep it to the end."""

    digest: str
    built_at: datetime
    synthetic: bool
    releases: tuple[str, ...]

    def __init__(self, folder: Path) -> None:
        """Use ``open``; this maps the files of one folder."""
        self.folder = folder
        self._meta: dict[str, Any] = json.loads((folder / "meta.json").read_text("utf-8"))
        self.digest = self._meta["digest"]
        self.built_at = datetime.fromisoformat(self._meta["built_at"])
        self.synthetic = self._meta["synthetic"]
        self.releases = tuple(self._meta["releases"])
        self._keys: tuple[str, ...] = tuple(self._meta["series"])
        self._number = {key: i for i, key in enumerate(self._keys)}
        self._cells = self._map("cells")
        self._cell_offsets = np.load(folder / "cells_offsets.npy")
        self._travels = self._map("travels")
        self._travel_offsets = np.load(folder / "travels_offsets.npy")
        self._urns = np.load(folder / "urns.npy")
        self._school_of = np.load(folder / "school_of.npy")

    def _map(self, name: str) -> npt.NDArray[Any]:
        array: npt.NDArray[Any] = np.load(self.folder / f"{name}.npy", mmap_mode="r")
        return array.view(np.ndarray)  # indexing a memmap object costs more than the read

    @classmethod
    def open(cls, home: Path, digest: str | None = None) -> "Picture":
        """The current picture of a home, or the one named. Raises ``NoPicture``."""
        wanted = digest or disk.current(home)
        folder = disk.pictures(home) / wanted if wanted else None
        if folder is None or not (folder / "meta.json").is_file():
            if digest:
                raise NoPicture(f"There is no picture {digest}.", "bridgehead picture builds one.")
            raise NoPicture(_NO_PICTURE.problem, _NO_PICTURE.remedy)
        return _opened(folder, (folder / "meta.json").stat().st_mtime_ns)

    @cached_property
    def _frame(self) -> pl.DataFrame:
        return pl.read_parquet(self.folder / "schools.parquet")

    @cached_property
    def schools(self) -> pl.DataFrame:
        """One row a school (the fields of ``model.School`` as columns), sorted by URN."""
        return self._frame.select(_SCHOOL_FIELDS)

    @cached_property
    def _newest(self) -> npt.NDArray[np.int64]:
        return self._frame["urn"].to_numpy()

    @cached_property
    def _measures(self) -> dict[str, Measure]:
        content = json.loads((self.folder / "measures.json").read_text("utf-8"))
        return {key: thaw(one) for key, one in content.items()}

    @cached_property
    def _shared(self) -> Shared:
        about = tuple(self._about_series(key) for key in self._keys)
        texts = json.loads((self.folder / "texts.json").read_text("utf-8"))
        origins = [(o["release"], o["column"], o["status"]) for o in self._meta["origins"]]
        return Shared(about, texts, origins)

    @cached_property
    def _columns(self) -> Columns:
        return Columns(self.folder, self._shared.about, self._newest)

    def _about_series(self, key: str) -> About:
        known = self._meta["about"][key]
        measure = self._measures[known["measure"]]
        group = key[len(measure.key) + 1 :] or "all"
        england = tuple(
            {int(year): value for year, value in known["england"].get(phase, {}).items()}
            for phase in NATIONAL_PHASES
        )
        clip = measure.unit == "percent" and not measure.groups[group].is_gap
        return About(key, measure, group, england, clip)

    def _position(self, urn: int) -> int | None:
        at = int(np.searchsorted(self._urns, urn))
        if at == len(self._urns) or int(self._urns[at]) != urn:
            return None
        return int(self._school_of[at])

    def resolve(self, urn: int) -> int | None:
        """The newest URN of the chain that holds this URN, or None."""
        at = self._position(urn)
        return None if at is None else int(self._newest[at])

    def newest(self, urns: Iterable[int]) -> dict[int, int]:
        """URN → the newest URN of its chain, of those that the picture holds; many at once."""
        asked = np.fromiter(urns, np.int64)
        at = np.searchsorted(self._urns, asked).clip(max=max(0, len(self._urns) - 1))
        held = self._urns[at] == asked if len(self._urns) else np.zeros(len(asked), bool)
        newest = self._newest[self._school_of[at[held]]]
        return dict(zip(asked[held].tolist(), newest.tolist(), strict=True))

    def newest_urns(self, urns: Iterable[int]) -> frozenset[int]:
        """The newest URNs of the chains of these, of those that the picture holds."""
        return frozenset(self.newest(urns).values())

    def school(self, urn: int) -> SchoolPicture:
        """Everything about one school, by any URN of its chain. Raises ``KeyError``."""
        at = self._position(urn)
        if at is None:
            raise KeyError(urn)
        inputs = dict(zip(context.KEYS, nullable(self._context[at]), strict=True))
        near, facts, series = self._near(at), self._school(at), self._series(at)
        return SchoolPicture(
            school=facts,
            series=series,
            headlines=series.headlines,
            similar=WhenRead(len(near), lambda: self._neighbours(at, near)),
            similar_note=context.note(
                facts.phase,
                inputs,
                len(near),
                state_funded=self._funded[at],
                ages_known=bool(self._ages_known[at]),
                without_ages=int(np.count_nonzero(~self._ages_known[near])),
            ),
            inspections=self._inspections_of(at),
            context=inputs,
        )

    def register(self, urn: int) -> School:
        """The register's facts of one school, by any URN of its chain. Raises ``KeyError``."""
        at = self._position(urn)
        if at is None:
            raise KeyError(urn)
        return self._school(at)

    def _school(self, at: int) -> School:
        row = self.schools.row(at)
        facts = dict(zip(_SCHOOL_FIELDS, row, strict=True))
        return School(**{**facts, "urns": tuple(facts["urns"])})

    @cached_property
    def _context(self) -> npt.NDArray[np.float64]:
        return self._map("context")

    @cached_property
    def _similar(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        return self._map("similar"), self._map("distance")

    def _series(self, at: int) -> SeriesOfSchool:
        cells = slice(*self._cell_offsets[at : at + 2].tolist())
        travels = slice(*self._travel_offsets[at : at + 2].tolist())
        return SeriesOfSchool(self._shared, self._cells[cells], self._travels[travels])

    def _neighbours(self, at: int, near: npt.NDArray[np.int32]) -> tuple[Neighbour, ...]:
        _, distance = self._similar
        own = self._context[at]
        differences = (self._context[near] - own).round(DECIMALS)
        by_input = differences.astype(object)
        by_input[np.isnan(differences)] = None
        return tuple(
            Neighbour(urn, round(far, DECIMALS), dict(zip(context.KEYS, by, strict=True)))
            for urn, far, by in zip(
                self._newest[near].tolist(),
                distance[at][: len(near)].tolist(),
                by_input.tolist(),
                strict=True,
            )
        )

    @cached_property
    def _alike(self) -> Alike:
        return Alike(self._frame, self._context, *self._similar, self._columns)

    def match(self, urn: int) -> Match | None:
        """How well a school is matched with its similar schools, by any URN of its chain; ``None``
        where it has none. Raises ``KeyError``."""
        at = self._position(urn)
        if at is None:
            raise KeyError(urn)
        return self._alike.match(at)

    def expected(self, key: str, urn: int, year: int | None = None) -> Expectation | None:
        """What to expect on a series of schools in the circumstances of this one: in the year
        asked, else the newest in which it has a figure. ``None`` where too little is known, and
        for what schools are matched on. Raises ``KeyError`` for a series or a school that the
        picture does not hold."""
        at, number = self._position(urn), self._index(key)
        if at is None:
            raise KeyError(urn)
        return self._alike.expected(at, key, number, year)

    @cached_property
    def _ages_known(self) -> npt.NDArray[np.bool_]:
        both = pl.col("low_age").is_not_null() & pl.col("high_age").is_not_null()
        return self._frame.select(known=both)["known"].to_numpy()

    def _near(self, at: int) -> npt.NDArray[np.int32]:
        """Positions of the similar schools of a school."""
        who: npt.NDArray[np.int32] = self._similar[0][at]
        return np.asarray(who[who >= 0])

    @cached_property
    def _funded(self) -> list[bool]:
        return self._frame["state_funded"].to_list()

    @cached_property
    def _visits(self) -> tuple[pl.DataFrame, npt.NDArray[np.int64]]:
        frame = pl.read_parquet(self.folder / "inspections.parquet")
        starts = np.searchsorted(frame["school"].to_numpy(), np.arange(len(self._newest) + 1))
        return frame.drop("school"), starts

    def _inspections_of(self, at: int) -> tuple[Inspection, ...]:
        frame, starts = self._visits
        a, b = int(starts[at]), int(starts[at + 1])
        if a == b:
            return ()
        return tuple(_inspection(row) for row in frame[a:b].iter_rows(named=True))

    def series_keys(self) -> tuple[str, ...]:
        """Every series that the picture holds, in reading order."""
        return self._keys

    def measure(self, key: str) -> Measure:
        """The measure of a series as it was defined when the picture was made."""
        return self._shared.about[self._index(key)].measure

    def _index(self, key: str) -> int:
        try:
            return self._number[key]
        except KeyError:
            raise KeyError(f"the picture holds no series {key!r}") from None

    def latest(self, key: str) -> pl.DataFrame:
        """The newest figure of one series for every school that has one, with a number.

        Columns: urn, year, value, cohort, england, percentile, similar_place, label, p_up, p_down,
        change, low, high. Raises ``KeyError`` for a series that the picture does not hold.
        """
        return self._columns.latest(self._index(key))

    def year(self, key: str, year: int) -> pl.DataFrame:
        """One series in one year for every school: urn, value, reason (in the words of
        ``core.figures.Reason``, null where there is a number), cohort, england, percentile."""
        words = {i + 1: reason.value for i, reason in enumerate(REASONS)}
        return (
            self._columns.series(self._index(key))
            .filter(pl.col("year") == year)
            .with_columns(
                pl.col("reason").replace_strict(words, default=None, return_dtype=pl.String)
            )
            .select("urn", "value", "reason", "cohort", "england", "percentile")
        )

    def england(self, key: str, phase: str = "") -> dict[int, float]:
        """England's (state-funded) figure by year. Where England's figures are by phase (absence,
        census) ``phase`` chooses; without it the first phase that there is."""
        by_phase = self._shared.about[self._index(key)].england
        if phase in NATIONAL_PHASES and by_phase[NATIONAL_PHASES.index(phase)]:
            return dict(by_phase[NATIONAL_PHASES.index(phase)])
        return dict(next((found for found in by_phase if found), {}))

    def why_no_percentile(self, key: str, urn: int | None = None) -> str:
        """In words, why no percentile is shown for a series, and with ``urn`` (of any in its
        chain) why for this school; empty when one is."""
        self._index(key)
        about = self._meta["about"][key]
        if about["ranked_years"]:
            newest = None if urn is None else self.resolve(urn)
            return "" if newest is None or self._is_ranked(newest) else _NOT_RANKED
        areas = about["areas"]
        of = "local authority" if len(areas) == 1 else "local authorities"
        return (
            f"Only figures of {of} {', '.join(areas)} are loaded, not of all of England, so there "
            "is no national distribution to place a school in. England’s own figure is shown."
        )

    def values(self, key: str, year: int) -> npt.NDArray[np.float64]:
        """All numbers of a series in a year over the schools loaded, for drawing a distribution."""
        whole = self._columns.series(self._index(key))
        found = whole.filter(pl.col("year") == year)["value"]
        return found.drop_nulls().to_numpy()

    def values_among(self, key: str, year: int, urn: int) -> npt.NDArray[np.float64]:
        """The numbers among which the percentile of this school is: those of the schools that are
        ranked with it. Empty for a school that is not ranked. ``urn`` is the newest of its chain.
        """
        pool, ranked = self._pools(self.measure(key).stage)
        at = int(np.searchsorted(self._newest, urn))
        if not ranked[at]:
            return np.array([], dtype=np.float64)
        among = self._newest[ranked & (pool == pool[at])]
        whole = self._columns.series(self._index(key)).filter(pl.col("year") == year)
        whole = whole.filter(pl.col("urn").is_in(among.tolist()))
        return whole["value"].drop_nulls().to_numpy()

    def _pools(self, stage: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """See ``roster.pools``."""
        kind = self._frame["phase"].replace_strict(context.KIND_OF_PHASE, default=-1)
        return pools(kind.to_numpy(), self._frame["state_funded"].to_numpy(), stage)

    def _is_ranked(self, newest: int) -> bool:
        """Whether a school has a place among others in any series. A stage changes only among
        whom."""
        _, ranked = self._pools("")
        return bool(ranked[int(np.searchsorted(self._newest, newest))])

    def meta(self) -> dict[str, Any]:
        """Digest, when built, from which releases, seconds, hyperparameters and versions."""
        return self._meta


def _inspection(row: dict[str, Any]) -> Inspection:
    return Inspection(
        **{
            **row,
            "framework": Framework(row["framework"]),
            "grades": json.loads(row["grades"]),
            "area_dates": {
                area: date.fromisoformat(when)
                for area, when in json.loads(row["area_dates"]).items()
            },
            "earlier": tuple(
                Regraded(area, date.fromisoformat(when), grade)
                for area, when, grade in json.loads(row["earlier"])
            ),
        }
    )


@lru_cache(maxsize=4)
def _opened(folder: Path, stamp: int) -> Picture:
    """One object a picture and process; ``stamp`` changes when it was built again by force."""
    return Picture(folder)


def ensure(home: Path, note: Callable[[str], None] | None = None) -> Picture:
    """The current picture of a home, built first when it is missing or when the loaded releases or
    the definitions have changed. ``note`` hears in words that it is being built, and when it is
    done. Raises ``NoPicture`` when nothing is loaded."""
    say = note or (lambda words: None)
    digest = build.expected_digest(home)
    if disk.current(home) != digest:
        if not Store(home).cards():
            raise NoPicture(_NO_PICTURE.problem, _NO_PICTURE.remedy)
        say("Building the picture of the loaded releases …")
        built = build.build(home)
        if built.fresh:
            say(f"Built picture {digest} in {built.meta['seconds']} seconds.")
    return Picture.open(home, digest)
