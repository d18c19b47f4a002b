"""What is said of schools of which the truth is known, at the size at which it is promised."""

from benchmarks.simulate import measured, outcome, simulated


def test_probabilities_are_calibrated_in_every_tenth_and_large_gains_are_found():
    found = measured([outcome(*simulated(8.0, schools=20_000))])
    assert all(band.schools >= 1000 for band in found.tenths)
    assert found.worst <= 3
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
