"""What is said of schools of which the truth is known, at the size at which it is promised."""

import json

import numpy as np
import pytest

from benchmarks import simulate
from benchmarks.simulate import DRIFT, FEW_YEARS, Outcome, measured, outcome, simulated
from bridgehead.picture.model import Direction


def test_probabilities_are_calibrated_in_every_tenth_and_large_gains_are_found():
    found = measured([outcome(*simulated(8.0, schools=20_000))])
    assert all(band.schools >= 1000 for band in found.tenths)
    assert found.worst <= 3
    assert len(found.bands) >= 9
    assert max(band.miss for band in found.bands) <= 3
    assert found.called >= 0.39
    assert found.wrong <= 0.05
    assert 0.78 <= found.coverage <= 0.82


def test_where_schools_are_drawn_back_probabilities_are_calibrated_too():
    found = measured([outcome(*simulated(8.0, schools=20_000, stationary=True))])
    assert found.worst <= 3
    assert found.wrong <= 0.05


def test_luck_alone_makes_no_claims():
    found = measured([outcome(*simulated(0.0, schools=20_000))])
    assert found.claimed <= 0.01
    assert found.claimed_probably <= 0.03


def test_few_schools_and_years_claim_less_rather_than_more():
    for drift in (0.0, DRIFT):
        runs = [simulated(drift, schools=200, years=FEW_YEARS, seed=n) for n in range(10)]
        found = measured(outcome(*one) for one in runs)
        assert found.claimed <= 0.01
        assert found.claimed_probably <= 0.03
        assert 0.74 <= found.coverage <= 0.84


def test_stationary_schools_differ_as_much_in_every_year_and_others_ever_more():
    _, drawn_back = simulated(DRIFT, schools=20_000, stationary=True)
    _, apart = simulated(DRIFT, schools=20_000)
    assert drawn_back[-1].var() == pytest.approx(drawn_back[0].var(), rel=0.05)
    assert apart[-1].var() == pytest.approx(apart[0].var() + 9 * DRIFT, rel=0.05)


def test_a_model_that_is_too_sure_would_be_caught():
    """Half of the schools rise, whatever is said: the bands must show it."""
    draw = np.random.default_rng(4)
    p_up = draw.random(20_000)
    truth = np.where(draw.random(20_000) < 0.5, 10.0, -10.0)
    label = np.where(p_up > 0.8, Direction.IMPROVING.value, Direction.DECLINING.value)
    found = measured([Outcome(label, p_up, truth, np.ones(20_000))])
    assert found.worst > 40
    assert found.wrong == pytest.approx(0.8, abs=0.02)


def test_the_command_says_it_as_json(capsys):
    simulate.main(["--schools", "300", "--runs", "1", "--json"])
    found = json.loads(capsys.readouterr().out)["simulate"]
    assert set(found) == {
        f"{name}, {size}"
        for name in ("local level", "stationary", "nothing but luck")
        for size in ("300 x 7", "200 x 3")
    }
    simulate.main(["--schools", "300", "--runs", "1"])
    assert "stationary, 200 x 3" in capsys.readouterr().out
