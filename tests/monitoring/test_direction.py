"""What the figures say together: aspects count once, a decline outweighs, stale ones are silent."""

from dataclasses import replace

import pytest

from bridgehead.core.figures import Reason
from bridgehead.monitoring.rules import Outcome, Trend, propose
from bridgehead.monitoring.rules.policy import Enough
from bridgehead.monitoring.rules.travel import read_figures
from bridgehead.picture.model import Direction, Point

RWM, READING, MATHS = "ks2.rwm_expected", "ks2.reading_average", "ks2.maths_average"
ABSENCE = "absence.persistent"
PD, PI = Direction.PROBABLY_DECLINING, Direction.PROBABLY_IMPROVING


def trend(a_school, policy, directions) -> Trend:
    return read_figures(a_school(directions=directions), policy, {}).trend


@pytest.mark.parametrize(
    ("directions", "expected"),
    [
        ({}, Trend.UNKNOWN),
        ({RWM: Direction.TOO_FEW}, Trend.UNKNOWN),
        ({RWM: Direction.NO_CLEAR_CHANGE}, Trend.STEADY),
        ({RWM: Direction.DECLINING}, Trend.DECLINING),
        ({RWM: Direction.IMPROVING}, Trend.IMPROVING),
        ({RWM: PD}, Trend.DECLINING),
        ({RWM: PI}, Trend.STEADY),
        ({RWM: PI, ABSENCE: PI}, Trend.IMPROVING),
        ({RWM: Direction.IMPROVING, ABSENCE: Direction.DECLINING}, Trend.DECLINING),
        ({RWM: Direction.IMPROVING, ABSENCE: PD}, Trend.DECLINING),
    ],
)
def test_trend(a_school, policy, directions, expected) -> None:
    assert trend(a_school, policy, directions) is expected


def test_measures_that_move_together_count_once(a_school, policy) -> None:
    assert trend(a_school, policy, {RWM: PI, READING: PI, MATHS: PI}) is Trend.STEADY
    patient = replace(policy, declining=Enough(clear=1, probable=2))
    assert trend(a_school, patient, {RWM: PD, READING: PD, MATHS: PD}) is Trend.STEADY
    assert trend(a_school, patient, {RWM: PD, ABSENCE: PD}) is Trend.DECLINING


def test_a_measure_that_is_no_trigger_decides_nothing(a_school, policy) -> None:
    assert trend(a_school, policy, {"ks2.writing_expected": Direction.DECLINING}) is Trend.UNKNOWN


def test_a_direction_that_ended_long_ago_decides_nothing(a_school, policy, today) -> None:
    school = a_school(directions={RWM: Direction.DECLINING})
    assert read_figures(school, policy, {RWM: 2026}).trend is Trend.DECLINING
    stale = read_figures(school, policy, {RWM: 2027})
    assert stale.trend is Trend.UNKNOWN
    assert "no figure since 2025/26" in stale.because[0].words
    assert propose(school, policy, today, {RWM: 2027}).outcome is Outcome.TOO_LITTLE


def test_a_reason_carries_the_figures_behind_it(a_school, policy) -> None:
    (reason,) = read_figures(a_school(directions={RWM: Direction.DECLINING}), policy, {}).because
    assert reason.words == (
        "Reading, writing and maths, expected standard: declining (84% likely) since 2022/23; "
        "52% in 2025/26, England 61%."
    )
    figures = dict(reason.figures)
    assert figures["This school"] == "52%"
    assert figures["England"] == "61%"
    assert figures["Pupils"] == "30"
    assert figures["Probability that the level fell"] == "84%"
    assert figures["Years"] == "2022/23 to 2025/26"
    assert figures["Release"] == "abc123abc123, row 7, PTRWM_EXP"
    assert (reason.series, reason.year) == (RWM, 2025)


def test_worsening_comes_first(a_school, policy) -> None:
    directions = {RWM: Direction.IMPROVING, ABSENCE: Direction.DECLINING}
    found = read_figures(a_school(directions=directions), policy, {}).because
    assert [b.series for b in found] == [ABSENCE, RWM]
    assert ": worsening (84% likely)" in found[0].words
    assert found[0].parts[1] == "worsening"


def test_the_gap_stands_beside_the_proposal_and_never_decides(a_school, a_series, proposal) -> None:
    gap = "ks2.rwm_expected.gap"
    plain = a_school()
    wide = replace(
        plain, series=plain.series | {gap: a_series(gap, Direction.DECLINING, value=-19.0)}
    )
    found = proposal(wide)
    assert found.outcome is proposal(plain).outcome
    (reason,) = [b for b in found.because if b.series == gap]
    assert not reason.decides
    assert reason.words == (
        "Reading, writing and maths, expected standard: disadvantaged pupils here 19 points behind "
        "other pupils in England in 2025/26, 30 pupils."
    )


@pytest.mark.parametrize(
    ("value", "said"), [(-1.0, "1 point behind"), (-2.0, "2 points behind"), (0.2, "level with")]
)
def test_a_gap_of_one_point_is_one_point(a_school, a_series, proposal, value, said) -> None:
    gap = "ks2.rwm_expected.gap"
    plain = a_school()
    found = proposal(
        replace(plain, series=plain.series | {gap: a_series(gap, Direction.DECLINING, value=value)})
    )
    (reason,) = [b for b in found.because if b.series == gap]
    assert f"pupils here {said} other pupils" in reason.words


def test_the_low_attainment_rule_is_off_until_it_is_published(a_school, policy, today) -> None:
    assert not policy.low_attainment_on
    low = a_school()
    assert propose(low, policy, today).outcome is Outcome.KEEP_IN_TOUCH
    on = replace(policy, low_attainment_on=True, low_attainment_below={RWM: 55.0})
    found = propose(low, on, today)
    assert found.outcome is Outcome.BROKER
    assert RWM in found.needs
    above = replace(on, low_attainment_below={RWM: 50.0})
    assert propose(low, above, today).outcome is Outcome.KEEP_IN_TOUCH


def test_a_hidden_figure_is_said_to_be_hidden_and_is_not_zero(a_school, a_series, policy) -> None:
    series = a_series(RWM, Direction.TOO_FEW, value=1.0)
    point: Point = replace(series.points[0], value=None, reason=Reason.SUPPRESSED, raw="SUPP")
    school = replace(a_school(), series={RWM: replace(series, points=(point,))})
    (reason,) = read_figures(school, policy, {}).because
    assert dict(reason.figures)["This school"] == Reason.SUPPRESSED.words
    assert dict(reason.figures)["As published"] == "SUPP"


@pytest.mark.parametrize(
    ("value", "outcome"), [(52.0, Outcome.KEEP_IN_TOUCH), (61.0, Outcome.CELEBRATE)]
)
def test_without_an_inspection_only_figures_level_with_england_are_celebrated(
    a_school, a_series, proposal, value, outcome
) -> None:
    rising = a_series(RWM, Direction.IMPROVING, value=value)
    assert proposal(replace(a_school(), series={RWM: rising})).outcome is outcome


def test_after_a_secure_inspection_a_rise_is_celebrated_wherever_it_began(
    a_school, a_series, card, proposal
) -> None:
    rising = a_series(RWM, Direction.IMPROVING, value=30.0)
    assert proposal(replace(a_school(card()), series={RWM: rising})).outcome is Outcome.CELEBRATE


def test_for_absence_low_is_level_with_england(a_school, a_series, proposal) -> None:
    rising = a_series(ABSENCE, Direction.IMPROVING, value=62.0)
    assert proposal(replace(a_school(), series={ABSENCE: rising})).outcome is Outcome.KEEP_IN_TOUCH


def test_old_figures_are_said_to_be_old(a_school, a_series, proposal) -> None:
    old = a_series(RWM, Direction.NO_CLEAR_CHANGE, to_year=2018)
    found = proposal(replace(a_school(), series={RWM: old}))
    (warning,) = [b for b in found.because if b.clause == "age"]
    assert "2018/19, 8 academic years ago" in warning.words
    assert not any(b.clause == "age" for b in proposal(a_school()).because)


def test_a_newer_figure_that_says_nothing_makes_the_others_no_younger(
    a_school, a_series, proposal
) -> None:
    old = a_series(RWM, Direction.DECLINING, to_year=2018)
    newer = a_series(ABSENCE, Direction.TOO_FEW, to_year=2025)
    found = proposal(replace(a_school(), series={RWM: old, ABSENCE: newer}))
    (warning,) = [b for b in found.because if b.clause == "age"]
    assert "2018/19, 8 academic years ago" in warning.words
    telling = a_series(ABSENCE, Direction.NO_CLEAR_CHANGE, to_year=2025)
    found = proposal(replace(a_school(), series={RWM: old, ABSENCE: telling}))
    assert not any(b.clause == "age" for b in found.because)


def test_the_reason_that_chose_comes_first(a_school, card, proposal) -> None:
    """Secure at inspection, a clear decline: the decline is what a box and a list begin with."""
    directions = {ABSENCE: Direction.NO_CLEAR_CHANGE, READING: PD, RWM: Direction.DECLINING}
    made = proposal(a_school(card(), directions=directions))
    assert made.outcome is Outcome.BROKER
    assert [b.series for b in made.leading] == [RWM, READING]
    assert any("Secure at inspection" in b.words for b in made.others)


def test_where_the_inspection_chose_it_comes_first(a_school, card, proposal) -> None:
    weak = card(grades={"Inclusion": "Needs attention", "Achievement": "Needs attention"})
    made = proposal(a_school(weak, directions={RWM: Direction.DECLINING}))
    assert [b.words.partition(":")[0] for b in made.leading] == ["Inclusion", "Achievement"]
    one = proposal(a_school(card(grades={"Inclusion": "Needs attention"})))
    assert [b.words.partition(":")[0] for b in one.leading] == ["Inclusion"]
    assert {*one.leading, *one.others} == {*one.because}
