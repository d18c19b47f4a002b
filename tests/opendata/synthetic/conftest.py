from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from bridgehead.opendata.synthetic import Written, england, write
from bridgehead.opendata.synthetic.england import England

SEED = 7


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A small England on disk, with a seed of its own."""
    return write(tmp_path_factory.mktemp("england"), schools=200, seed=SEED)


@pytest.fixture(scope="session")
def drawn() -> England:
    """The same England in memory."""
    return england.make(200, SEED)


@pytest.fixture(scope="session")
def read(written: Written) -> Callable[..., pl.DataFrame]:
    """Read one of the files as raw text by a part of its name, ragged rows padded with null."""

    def frame(part: str, encoding: str = "utf8") -> pl.DataFrame:
        (path,) = [f for f in written.files if f.name.startswith(part) or f"_{part}" in f.name]
        return pl.read_csv(path, infer_schema=False, truncate_ragged_lines=True, encoding=encoding)

    return frame


@pytest.fixture(scope="session")
def folder(written: Written) -> Path:
    return written.folder
