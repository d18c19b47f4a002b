"""One series of a picture over all its schools, as a frame."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from bridgehead.picture.labels import DIRECTIONS
from bridgehead.picture.slices import About, shares

Numbers = npt.NDArray[Any]
#: Schools × series that are kept: some 200 MB with ten years of each.
_KEPT = 200_000


class Columns:
    """Reads series by their number; keeps the last few that were asked for."""

    def __init__(self, folder: Path, about: tuple[About, ...], newest: Numbers) -> None:
        """``newest`` holds the newest URN of every school by position."""
        self._about, self._newest = about, newest
        self._cells = _BySeries(folder, "cells")
        self._travels = _BySeries(folder, "travels")
        self.series = lru_cache(maxsize=max(4, _KEPT // max(1, len(newest))))(self._series)
        self.latest = lru_cache(maxsize=64)(self._latest)

    def _series(self, number: int) -> pl.DataFrame:
        """Every cell of a series: urn, year, value, reason as stored, cohort, england, percentile,
        similar_place, low, high; by school, then year."""
        about = self._about[number]
        records, school = self._cells.read(number)
        level = records["level"].astype(np.float64)
        low, high = level - records["half"], level + records["half"]
        return pl.DataFrame(
            {
                "urn": self._newest[school],
                "year": records["year"],
                "value": records["value"],
                "reason": records["reason"],
                "cohort": records["cohort"],
                "england": _england(about, records),
                "percentile": shares(records["percentile"]),
                "similar_place": shares(records["place"]),
                "low": np.clip(low, 0, 100) if about.clip else low,
                "high": np.clip(high, 0, 100) if about.clip else high,
            }
        ).with_columns(pl.selectors.float().fill_nan(None))

    def clips(self, number: int) -> bool:
        """Whether the figures of a series cannot leave 0 to 100."""
        return self._about[number].clip

    def _latest(self, number: int) -> pl.DataFrame:
        """See ``Picture.latest``."""
        cells = self.series(number).filter(pl.col("value").is_not_null())
        newest = cells.group_by("urn", maintain_order=True).last()
        records, school = self._travels.read(number)
        travel = pl.DataFrame(
            {
                "urn": self._newest[school],
                "label": [DIRECTIONS[n].value for n in records["label"].tolist()],
                "p_up": records["p_up"],
                "p_down": records["p_down"],
                "change": records["change"],
            },
            schema_overrides={"label": pl.String},
        ).with_columns(pl.selectors.float().fill_nan(None))
        return newest.join(travel, on="urn", how="left", maintain_order="left").select(
            *("urn", "year", "value", "cohort", "england", "percentile", "similar_place"),
            *("label", "p_up", "p_down", "change", "low", "high"),
        )


class _BySeries:
    """Records stored by school, read by series."""

    def __init__(self, folder: Path, name: str) -> None:
        self._records = np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray)
        self._starts = np.load(folder / f"{name}_offsets.npy")
        self._where = np.load(folder / f"{name}_by_series.npy", mmap_mode="r").view(np.ndarray)
        self._series = np.load(folder / f"{name}_series_offsets.npy")

    def read(self, number: int) -> tuple[Numbers, Numbers]:
        """All records of one series, and the position of the school of each."""
        at = self._where[self._series[number] : self._series[number + 1]]
        return self._records[at], np.searchsorted(self._starts, at, side="right") - 1


def _england(about: About, records: Numbers) -> Numbers:
    """England's figure beside each cell: of the school's phase, else of all phases."""
    found = np.full(len(records), np.nan)
    for phase, by_year in enumerate(about.england):
        for year, value in by_year.items():
            found[(records["year"] == year) & (records["phase"] == phase)] = value
    for year, value in about.england[0].items():
        found[(records["year"] == year) & np.isnan(found)] = value
    return found
