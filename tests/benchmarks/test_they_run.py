"""Every benchmark runs on something tiny and says what it measured. No time is asserted."""

import json
import subprocess
import sys
import types

import numpy as np
import pytest

from benchmarks import neighbours, picture, scale
from benchmarks._paired import by_turns, other, ratio

pytestmark = pytest.mark.slow


def said(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out)


def test_loading_is_measured() -> None:
    words = [sys.executable, "-m", "benchmarks.load", "--schools", "30", "--rounds", "1", "--json"]
    found = json.loads(subprocess.check_output(words, text=True))
    assert found["load"]["load_to_polars"] > 0


def test_growth_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    scale.main(["--sizes", "60", "120", "--series", "2", "--json"])
    found = said(capsys)["scale"]
    assert [one["schools"] for one in found["sizes"]] == [60, 120]
    assert all(one["cells"] > 0 and one["peak_gb"] > 0 for one in found["sizes"])


def test_the_exponent_is_that_of_the_growth() -> None:
    assert scale.exponent([10, 100, 1000], [1, 100, 10_000]) == pytest.approx(2)


class Indexes:
    """Stands in for scikit-learn, which is no dependency of the product."""

    def __init__(self, **how: object) -> None:
        self.how = how

    def fit(self, points: np.ndarray) -> "Indexes":
        assert not np.isnan(points).any()
        return self

    def kneighbors(self, points: np.ndarray) -> None:
        """Find nothing."""


def test_similar_schools_are_measured_beside_the_fastest_index(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = types.ModuleType("sklearn.neighbors")
    module.NearestNeighbors = Indexes  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sklearn", types.ModuleType("sklearn"))
    monkeypatch.setitem(sys.modules, "sklearn.neighbors", module)
    neighbours.main(["--schools", "120", "--rounds", "1", "--json"])
    found = said(capsys)["neighbours"]
    assert found["best"] in neighbours.INDEXES
    assert found["ratio"] > 0


def test_a_picture_asks_for_the_library_it_stands_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(SystemExit, match="make bench"):
        picture.main(["--schools", "30"])
    with pytest.raises(SystemExit, match="make bench"):
        other("pandas")


def test_turns_alternate_and_ratios_are_of_one_round() -> None:
    order = []

    def work(name: str, seconds: float):
        return lambda: order.append(name) or seconds

    seconds = by_turns(3, {"a": work("a", 2.0), "b": work("b", 1.0)})
    assert order == ["a", "b", "b", "a", "a", "b"]
    assert ratio(seconds["a"], seconds["b"]) == 2
