"""The blocked search for similar schools against a slow plain one."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.picture import similar
from bridgehead.picture.similar import nearest, similar_schools, standardise


def plain(rows):
    """All distances by loops: (distance, position) of the others, nearest first."""
    inputs = sum(any(not math.isnan(row[k]) for row in rows) for k in range(len(rows[0])))
    found = []
    for i, a in enumerate(rows):
        others = []
        for j, b in enumerate(rows):
            shared = [
                (x - y) ** 2
                for x, y in zip(a, b, strict=True)
                if not (math.isnan(x) or math.isnan(y))
            ]
            if i != j and inputs and len(shared) >= max(1, math.ceil(0.5 * inputs)):
                others.append((math.sqrt(sum(shared) * inputs / len(shared)), j))
        found.append(sorted(others)[:50])
    return found


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    schools=st.integers(2, 70),
    gaps=st.sampled_from([0.0, 0.2, 0.6]),
)
def test_blocks_find_what_loops_find(seed, schools, gaps):
    rng = random.Random(seed)
    rows = [
        [math.nan if rng.random() < gaps else rng.gauss(0, 1) for _ in range(5)]
        for _ in range(schools)
    ]
    got = nearest(np.array(rows, dtype=np.float32))
    for i, expected in enumerate(plain(rows)):
        distances = got.distance[i][got.who[i] >= 0]
        assert len(distances) == len(expected)
        assert distances == pytest.approx([d for d, _ in expected], abs=2e-3)
        assert i not in got.who[i]


def test_missing_inputs_are_left_out_not_filled():
    base = np.zeros((4, 4), dtype=np.float32)
    base[1] = [1, 0, 0, 0]
    base[2] = [np.nan, 0, 0, 0]
    base[3] = [np.nan, np.nan, np.nan, 1]
    got = nearest(base)
    by = dict(zip(got.who[0].tolist(), got.distance[0].tolist(), strict=True))
    assert by[2] == pytest.approx(0.0)
    assert by[1] == pytest.approx(1.0)
    assert 3 not in by  # known on one input of four: not compared


def test_an_input_that_is_the_same_everywhere_says_nothing():
    scaled = standardise(np.array([[5.0, 1.0], [5.0, 2.0], [5.0, 3.0]]))
    assert np.isnan(scaled[:, 0]).all()
    assert not np.isnan(scaled[:, 1]).any()


def test_schools_stay_within_their_kind_and_age_band(monkeypatch):
    monkeypatch.setattr(similar, "SMALL_BAND", 5)
    rng = np.random.default_rng(1)
    context = rng.normal(size=(40, 3))
    kind = np.array([0] * 20 + [1] * 19 + [-1])
    band = np.array([0] * 10 + [1] * 8 + [2] * 2 + [0] * 20)
    got = similar_schools(context, kind, band)

    def near(i):
        return {int(j) for j in got.who[i] if j >= 0}

    assert near(0) == set(range(10)) - {0}
    assert near(12) == set(range(10, 18)) - {12}
    assert near(18) == set(range(20)) - {18}  # a small band looks at its whole kind
    assert near(25) == set(range(20, 39)) - {25}
    assert near(39) == set()
