"""The search for similar schools by leaves against a slow plain one."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.picture import nearest as search
from bridgehead.picture import similar
from bridgehead.picture.context import note
from bridgehead.picture.nearest import nearest
from bridgehead.picture.similar import comparable, similar_schools, standardise


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
    gaps=st.sampled_from([0.0, 0.02, 0.2, 0.6]),
    spread=st.sampled_from([0.01, 1.0, 100.0]),
    whole=st.booleans(),
    sizes=st.sampled_from([(256, 64, 2048, 4096), (4, 2, 8, 4), (8, 2, 60, 10), (6, 3, 3, 3)]),
)
def test_leaves_find_what_loops_find(seed, schools, gaps, spread, whole, sizes):
    rng = random.Random(seed)
    rows = [
        [math.nan if rng.random() < gaps else spread * rng.gauss(0, 1) for _ in range(5)]
        for _ in range(schools)
    ]
    if whole:  # whole numbers make many distances the same
        rows = [[x if math.isnan(x) else float(round(x)) for x in row] for row in rows]
    scaled = np.array(rows, dtype=np.float32)
    which = np.array(sorted(rng.sample(range(schools), rng.randint(1, schools))), dtype=np.int32)
    with pytest.MonkeyPatch.context() as patch:
        for name, size in zip(("TOGETHER", "LEAF", "FIRST", "PIECE"), sizes, strict=True):
            patch.setattr(search, name, size)
        got, some = nearest(scaled), nearest(scaled, which)
    assert (some.who == got.who[which]).all()
    for i, expected in enumerate(plain(scaled.tolist())):
        distances = got.distance[i][got.who[i] >= 0]
        assert len(distances) == len(expected)
        assert distances == pytest.approx([d for d, _ in expected], rel=1e-5)
        if whole:  # in the order of distance, then of position
            near = sorted((round(d, 4), j) for d, j in expected)
            assert got.who[i][: len(near)].tolist() == [j for _, j in near]
        assert i not in got.who[i]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), share=st.sampled_from([0.0, 0.1, 0.7]))
def test_only_schools_that_may_be_chosen_are_and_in_the_order_of_all(seed, share):
    rng = np.random.default_rng(seed)
    scaled = rng.normal(size=(45, 3)).astype(np.float32)
    among = np.flatnonzero(rng.random(45) < share).astype(np.int32)
    got, whole = nearest(scaled, among=among), nearest(scaled)
    for i in range(45):
        expected = [j for j in whole.who[i] if j in set(among.tolist())]
        assert [j for j in got.who[i] if j >= 0] == expected
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


RANGES = [(4, 7), (3, 7), (5, 9), (7, 11), (4, 11), (9, 13), (11, 16), (11, 18), (13, 18), (4, 18)]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), schools=st.integers(2, 80))
def test_a_small_band_meets_only_schools_of_comparable_ages(seed, schools):
    rng = np.random.default_rng(seed)
    band = rng.integers(0, len(RANGES) + 1, schools)  # all of them too small
    ages = np.array([*RANGES, (np.nan, np.nan)], dtype=float)[band]
    got = similar_schools(rng.normal(size=(schools, 3)), np.zeros(schools, int), band, ages=ages)
    for i, (low, high) in enumerate(ages):
        for a, b in ages[got.who[i][got.who[i] >= 0]]:
            if not math.isnan(low + a):
                shared = min(high, b) - max(low, a, 4)
                assert shared >= 0.5 * max(high - max(low, 4), b - max(a, 4))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((4, 7), (7, 11), False),  # infant and junior
        ((4, 7), (3, 7), True),  # a nursery class makes no other school
        ((4, 7), (4, 11), False),  # infant and primary: no test is sat in an infant school
        ((7, 11), (4, 11), True),  # junior and primary: both sit key stage 2
        ((5, 9), (4, 11), True),  # first and primary
        ((9, 13), (11, 18), False),  # middle and secondary
        ((11, 16), (11, 19), True),
        ((11, 18), (13, 18), True),  # secondary and upper
        ((4, 7), (np.nan, np.nan), True),
        ((4, 7), (7, np.nan), True),
    ],
)
def test_which_ages_are_comparable(one, other, expected):
    of, alike = comparable(np.array([one, other], dtype=float))
    assert alike[of[0], of[1]] == alike[of[1], of[0]] == expected


def test_the_note_says_where_ages_are_not_known():
    inputs = dict.fromkeys(
        ("disadvantage", "eal", "sen_support", "ehcp", "pupils", "prior_primary", "stability"), 1.0
    )
    known = note("primary", inputs, 50, state_funded=True, ages_known=True, without_ages=0)
    assert "not" not in known.replace("nothing", "")
    some = note("primary", inputs, 50, state_funded=True, ages_known=True, without_ages=12)
    assert "The ages of the pupils of 12 of them are not known." in some
    none = note("primary", inputs, 50, state_funded=True, ages_known=False, without_ages=50)
    assert "ages of this school’s pupils are not known" in none
