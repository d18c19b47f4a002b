"""The layout on disk: records come in by series and go out by school, whatever the sizes."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.measures.loader import measures
from bridgehead.picture import store as disk
from bridgehead.picture.frozen import freeze, thaw
from bridgehead.picture.store import NONE, Spool, hundredths

RECORD = np.dtype([("series", "<u2"), ("school", "<i4"), ("n", "<i4")])


@settings(deadline=None, max_examples=40)
@given(
    counts=st.lists(st.lists(st.integers(0, 3), min_size=9, max_size=9), min_size=1, max_size=5),
    chunk=st.integers(1, 12),
    held=st.sampled_from([0, 300, 10_000]),
)
def test_the_spool_sorts_by_school_and_knows_where_each_series_went(
    tmp_path_factory, counts, chunk, held
):
    folder = tmp_path_factory.mktemp("spool")
    spool = Spool(folder, "cells", RECORD, 9)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disk, "CHUNK", chunk)
        patch.setattr(disk, "HELD", held)
        for series, each in enumerate(counts):
            school = np.repeat(np.arange(9), each)
            records = np.zeros(len(school), RECORD)
            records["series"], records["school"] = series, school
            records["n"] = np.arange(len(school))
            spool.add(records, school)
        spool.finish()
    found = np.load(folder / "cells.npy")
    offsets = np.load(folder / "cells_offsets.npy")
    by_series = np.load(folder / "cells_by_series.npy")
    series_offsets = np.load(folder / "cells_series_offsets.npy")
    keys = list(zip(found["school"], found["series"], found["n"], strict=True))
    assert keys == sorted(keys)
    for school in range(9):
        assert set(found["school"][offsets[school] : offsets[school + 1]]) <= {school}
    for series in range(len(counts)):
        mine = found[by_series[series_offsets[series] : series_offsets[series + 1]]]
        assert set(mine["series"]) <= {series}
        assert mine["n"].tolist() == list(range(sum(counts[series])))
    assert not list(folder.glob("spool-*"))


def test_shares_are_kept_to_the_hundredth_and_nothing_is_nothing():
    stored = hundredths(np.array([0.0, 33.333, 100.0, np.nan], dtype=np.float32))
    assert stored.tolist() == [0, 3333, 10000, NONE]


@pytest.mark.parametrize("key", sorted(measures()))
def test_a_definition_is_the_same_after_being_kept_in_a_picture(key):
    measure = measures()[key]
    assert thaw(json.loads(json.dumps(freeze(measure)))) == measure


@pytest.mark.parametrize("path", ["figures.py", "codes.py", "observations.py", "values.py"])
def test_a_picture_is_named_anew_when_the_code_that_reads_cells_changes(path, monkeypatch):
    named, as_it_is = disk.digest_of([], []), Path.read_bytes
    monkeypatch.setattr(
        Path, "read_bytes", lambda p: as_it_is(p) + (b"#" if p.name == path else b"")
    )
    disk.code.cache_clear()
    assert disk.digest_of([], []) != named
    monkeypatch.undo()
    disk.code.cache_clear()
    assert disk.digest_of([], []) == named
