"""A sample of the kills, and that a fault would be seen."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from proofs import kills

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kills")
    kills.make_base(folder / "base")
    return folder


@pytest.mark.parametrize("number", [0, 1, 8, 9, 10, 5])
def test_a_kill_loses_nothing(base: Path, number: int, postgres: Callable[[], str]) -> None:
    """Writes, a load and judgements on SQLite; a backup, a restore and invitations on PostgreSQL.
    How soon the site is ready again is a figure of the campaign; here it has to become so."""
    done = kills.run_point(number, 20261125, base / "base", base, postgres)
    assert [fault for fault in done.faults if not fault.startswith("ready only")] == []


def test_a_lost_write_and_a_half_load_would_be_seen(base: Path) -> None:
    ground = kills.Ground(base / "control", "")
    ground.home.mkdir()
    ground.do("restore", str(base / "base" / "base.zip"))
    result = kills.Result(0, "write", "sqlite")
    kills._look_at_writes(ground, ["1"], result)
    assert any("lost people" in fault for fault in result.faults)
    whole = kills._releases(base / "base" / "loaded")
    cells = next((base / "base" / "loaded" / "releases").glob("*/cells.parquet"))
    content = cells.read_bytes()
    cells.write_bytes(content[:-1])
    assert kills._releases(base / "base" / "loaded") != whole
    cells.write_bytes(content)


def test_points_that_are_done_are_not_done_again(tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    kept.write_text(json.dumps({"number": 3, "scene": "load", "database": "sqlite"}) + "\n")

    def no_database() -> str:
        raise AssertionError("a point was done again")

    done = kills.campaign(numbers=[3], seed=1, kept=kept, folder=tmp_path, new=no_database)
    assert [result.number for result in done] == [3]
    assert kills.summary(done)["faults"] == []
