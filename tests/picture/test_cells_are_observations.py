"""What a picture keeps of a cell is what the narrow waist reads there, cell for cell."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bridgehead.opendata.load import load
from bridgehead.opendata.observations import field, observations
from bridgehead.opendata.releases import Store
from bridgehead.opendata.sources import KINDS
from bridgehead.picture.picture import Picture, ensure


def kept(picture: Picture) -> pl.DataFrame:
    """Every cell of a picture as it lies on disk, with its release and column."""
    cells = np.load(picture.folder / "cells.npy")
    origins = picture.meta()["origins"]
    texts = json.loads((picture.folder / "texts.json").read_text("utf-8"))
    gaps = [key.endswith(".gap") for key in picture.meta()["series"]]
    return pl.DataFrame(
        {
            "release": [origins[o]["release"] for o in cells["origin"].tolist()],
            "column": [origins[o]["column"] for o in cells["origin"].tolist()],
            "row": cells["row"],
            "year": cells["year"].astype(np.int64),
            "raw": [texts[n] for n in cells["raw"].tolist()],
            "reason": cells["reason"],
            "value": cells["value"],
            "gap": [gaps[n] for n in cells["series"].tolist()],
        }
    ).with_columns(pl.col("value").fill_nan(None))


def differing(home: Path, picture: Picture) -> tuple[int, pl.DataFrame]:
    """How many cells there are, and those that are not what is read in their release."""
    store, cells, wrong = Store(home), kept(picture), []
    for (release, column), ours in cells.group_by("release", "column"):
        card = store.card(str(release))
        theirs = field(store, card.id, str(column)).select("_row", "raw", "reason", "value")
        both = ours.join(theirs, left_on="row", right_on="_row", how="left", suffix="_read")
        same = pl.col("raw").eq_missing(pl.col("raw_read"))
        # A gap is the difference of two cells: it keeps the text of one of them.
        same &= pl.col("gap") | pl.col("reason").eq_missing(pl.col("reason_read"))
        same &= pl.col("gap") | pl.col("value").eq_missing(pl.col("value_read"))
        same &= pl.col("year") == KINDS[card.kind].field(str(column), card.year).year
        wrong.append(both.filter(~same))
    return cells.height, pl.concat(wrong)


@pytest.mark.slow
def test_every_cell_of_a_picture_is_what_is_read_in_its_release(
    synthetic_home: Path, picture: Picture
) -> None:
    count, wrong = differing(synthetic_home, picture)
    assert count > 10_000
    assert wrong.is_empty(), wrong.head()


def test_a_point_of_a_school_is_an_observation(synthetic_home: Path, picture: Picture) -> None:
    one = picture.school(picture.latest("ks2.rwm_expected")["urn"][0])
    for series in one.series.values():
        point = series.points[-1]
        if series.group == "gap" or not point.release:
            continue
        there = observations(Store(synthetic_home), point.release, [point.column])
        (seen,) = [o for o in there if o.row == point.row]
        assert (seen.year, seen.value, seen.reason, seen.raw) == (
            *(point.year, point.value, point.reason, point.raw),
        )
        assert seen.urn in one.school.urns


@pytest.mark.real
def test_every_published_cell_of_a_picture_is_what_is_read_in_its_release(
    real_data: Path, tmp_path: Path
) -> None:
    load([real_data], store=Store(tmp_path))
    count, wrong = differing(tmp_path, ensure(tmp_path))
    assert count > 100_000
    assert wrong.is_empty(), wrong.head()
